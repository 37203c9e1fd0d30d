// Loadtest measures a running Balie as a whole: from a resident's message, over
// the server's 200, to the reply on the resident's screen.
//
// It plays both ends. It delivers messages as Twilio, Telegram or the chat page
// do, and it is the provider to which the server sends its replies, so it knows of
// every reply when it came, and whether it came once, in order, and at all.
//
// Start the server under test with the stand-in as its provider:
//
//	export BALIE_PUBLIC_URL=https://gw.example.nl
//	export BALIE_TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001
//	export BALIE_TWILIO_AUTH_TOKEN=12345 BALIE_TWILIO_NUMBER=+3197010240000
//	export BALIE_TWILIO_API_BASE=http://127.0.0.1:9900
//	export BALIE_TELEGRAM_TOKEN=123456:ABC BALIE_TELEGRAM_SECRET=a-secret
//	export BALIE_TELEGRAM_API_BASE=http://127.0.0.1:9900
//	balie serve --data "$(mktemp -d)"
//
// and, with the same variables, measure it:
//
//	loadtest --kind twilio --pid "$(pgrep -x balie)"
//
// For more load take more residents, not more messages of each: the server limits
// what one sender may send. To Telegram it sends about 25 messages a second,
// because Telegram takes no more, so that is what a run of that kind comes to. CPU
// time and memory are read from /proc, so it runs on Linux.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options are the flags. Those that describe the server can also be given by the
// variables that the server itself reads.
type options struct {
	Kind      string `help:"How residents reach the server: ${enum}." enum:"twilio,telegram,webchat" required:"" placeholder:"KIND"`
	URL       string `name:"url" help:"Where the server under test listens. Loopback only." default:"http://127.0.0.1:8080"`
	PublicURL string `name:"public-url" help:"The address that the server was configured with. It is signed, never called." default:"https://gw.example.nl" env:"BALIE_PUBLIC_URL"`
	Provider  string `help:"Host and port where the stand-in of the provider listens: what the server has as BALIE_TWILIO_API_BASE or BALIE_TELEGRAM_API_BASE. Loopback only." default:"127.0.0.1:9900"`

	Account  string `help:"Twilio: account SID." env:"BALIE_TWILIO_ACCOUNT_SID" placeholder:"AC..."`
	Token    string `help:"Twilio: auth token." env:"BALIE_TWILIO_AUTH_TOKEN"`
	Number   string `help:"Twilio: the municipality's number." env:"BALIE_TWILIO_NUMBER" default:"+3197010240000"`
	BotToken string `help:"Telegram: the bot's token." env:"BALIE_TELEGRAM_TOKEN" placeholder:"123456:ABC..."`
	Secret   string `help:"Telegram: the secret of the webhook." env:"BALIE_TELEGRAM_SECRET"`

	Residents   int     `help:"How many residents write. More of them, not more messages each, make more load: the server limits what one sender may send." default:"200"`
	Messages    int     `help:"Questions per resident." default:"20"`
	Rate        float64 `help:"Messages per second over all residents, sent whether or not replies come; latency counts from the moment that a message was due. 0: each resident waits for the reply before the next message." default:"0"`
	Pipeline    bool    `help:"With rate 0: each resident sends the next message as soon as the last got its 200."`
	Connections int     `help:"Connections to the server that carry messages." default:"32"`
	Duplicates  float64 `help:"Share of the messages, 0 to 1, that is delivered a second time, half of them together with the first." default:"0.05"`

	Callbacks []string      `help:"Twilio: status callbacks for each accepted message, in this order. Empty: none." default:"sent,delivered"`
	Latency   time.Duration `help:"How long the stand-in takes to answer a send." default:"0s"`
	Patience  time.Duration `help:"How long nothing at all may happen before what is missing counts as lost." default:"30s"`
	Settle    time.Duration `help:"How long to watch for doubled replies after the last one." default:"1s"`

	PID  []int `name:"pid" help:"Processes whose CPU time and memory to report, with commas." placeholder:"N,..."`
	JSON bool  `name:"json" help:"Report as one JSON object."`
}

// Validate lists all that cannot be right; kong calls it.
func (o *options) Validate() error {
	var problems []error
	add := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Scheme != "http" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "":
		add("--url must look like http://127.0.0.1:8080")
	case !loopback(u.Hostname()):
		add("--url %s is not this machine: only loopback addresses are put under load", o.URL)
	}
	if host, _, err := net.SplitHostPort(o.Provider); err != nil || !loopback(host) {
		add("--provider %s is not this machine: the stand-in listens on a loopback address only, such as 127.0.0.1:9900", o.Provider)
	}
	switch {
	case o.Kind == "twilio" && (o.Account == "" || o.Token == "" || o.Number == ""):
		add("--kind twilio needs --account, --token and --number, as the server has them")
	case o.Kind == "telegram" && (o.BotToken == "" || o.Secret == ""):
		add("--kind telegram needs --bot-token and --secret, as the server has them")
	}
	if o.Residents < 1 || o.Messages < 1 || o.Connections < 1 {
		add("--residents, --messages and --connections must be 1 or more")
	}
	if o.Rate < 0 || o.Duplicates < 0 || o.Duplicates > 1 {
		add("--rate must not be negative and --duplicates must be from 0 to 1")
	}
	if o.Rate > 0 && o.Pipeline {
		add("--rate and --pipeline exclude each other")
	}
	return errors.Join(problems...)
}

// host is where the server listens, as host and port.
func (o *options) host() string { return strings.Trim(strings.TrimPrefix(o.URL, "http:"), "/") }

// loopback reports whether a host is this machine without asking anybody.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func main() {
	var o options
	kong.Parse(&o,
		kong.Name("loadtest"),
		kong.Description("Puts a running Balie under load, plays its provider, and reports whether every message got its reply once, in order, and how fast. "+
			"Exit status: 0 when all is well, 1 when replies or messages went wrong, 2 when it could not be measured."),
		kong.ShortUsageOnError(),
		kong.Exit(func(status int) {
			if status != 0 {
				status = 2 // kong's own is another for each kind of mistake
			}
			os.Exit(status)
		}),
	)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := measureAndPrint(ctx, &o)
	stop()
	os.Exit(status)
}

// measureAndPrint returns the exit status.
func measureAndPrint(ctx context.Context, o *options) int {
	r, err := listenAndMeasure(ctx, o)
	if err == nil {
		err = r.write(os.Stdout, o.JSON)
	}
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "loadtest:", err)
		return 2
	case !r.clean():
		return 1
	}
	return 0
}

// listenAndMeasure opens the provider's socket; the chat page has no provider.
func listenAndMeasure(ctx context.Context, o *options) (report, error) {
	if o.Kind == "webchat" {
		return measure(ctx, o, nil)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Provider)
	if err != nil {
		return report{}, fmt.Errorf("listen as the provider: %w", err)
	}
	return measure(ctx, o, l)
}

package twilio

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
)

var (
	accountPattern = regexp.MustCompile(`^AC[0-9A-Za-z]+$`)
	tokenPattern   = regexp.MustCompile(`^[0-9A-Za-z]+$`)
	sidPattern     = regexp.MustCompile(`^[A-Z]{2}[0-9A-Za-z]{1,62}$`)
)

// OptedOut is Twilio's error code for a resident who has said STOP.
const OptedOut = 21610

// listSize is how many messages to one resident are looked through, newest
// first. It is one page, so that asking is one request.
const listSize = 200

// configurationDelay is the wait when Twilio does not accept our own account:
// the messages are in order, somebody must correct the configuration.
const configurationDelay = 5 * time.Minute

// ValidAccount reports whether s looks like an account SID.
func ValidAccount(s string) bool { return accountPattern.MatchString(s) }

// ValidToken reports whether s looks like an auth token.
func ValidToken(s string) bool { return tokenPattern.MatchString(s) }

// ValidSID reports whether s looks like an identifier of Twilio.
func ValidSID(s string) bool { return sidPattern.MatchString(s) }

// Config is an account at Twilio. All but APIBase are required.
type Config struct {
	AccountSID string
	AuthToken  string
	// APIBase replaces https://api.twilio.com, for tests and gateways.
	APIBase string
	Now     func() time.Time
	Log     *slog.Logger
}

// Client sends through the REST API. It is safe for concurrent use.
type Client struct {
	account   string
	token     string
	now       func() time.Time
	log       *slog.Logger
	transport *channels.Transport
}

// NewClient checks the configuration; it makes no request.
func NewClient(cfg Config) (*Client, error) {
	switch {
	case !ValidAccount(cfg.AccountSID):
		return nil, errors.New("twilio: the account SID must be AC followed by letters and digits")
	case !ValidToken(cfg.AuthToken):
		return nil, errors.New("twilio: the auth token must be letters and digits")
	case cfg.Now == nil || cfg.Log == nil:
		return nil, errors.New("twilio: a clock and a log are needed")
	}
	transport, err := channels.NewTransport(cfg.APIBase)
	if err != nil {
		return nil, err
	}
	return &Client{account: cfg.AccountSID, token: cfg.AuthToken, now: cfg.Now, log: cfg.Log, transport: transport}, nil
}

// Message is what is sent to a resident.
type Message struct {
	From, To, Body string
	StatusCallback string // where Twilio reports how the message fares
}

// Record is a message that Twilio has accepted earlier.
type Record struct {
	SID, Body, Status string
	CreatedAt         time.Time // whole seconds
}

// Send hands a message to Twilio and returns its SID. Errors are *bot.SendError.
func (c *Client) Send(ctx context.Context, m Message) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	service, exchange := c.service(ctx)
	created, err := service.CreateMessage((&api.CreateMessageParams{}).
		SetFrom(m.From).SetTo(m.To).SetBody(m.Body).SetStatusCallback(m.StatusCallback))
	if err != nil {
		return "", c.refusal(err, exchange)
	}
	if created.Sid == nil || *created.Sid == "" {
		return "", &bot.SendError{
			Code: "twilio.no_sid", Doubtful: true,
			Err: errors.New("twilio accepted a message without naming it"),
		}
	}
	return *created.Sid, nil
}

// Sent returns the newest messages from one number to another, newest first.
//
// It asks for no period: Twilio filters by the time of sending, which a message
// that still waits there does not have.
func (c *Client) Sent(ctx context.Context, from, to string) ([]Record, error) {
	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	service, exchange := c.service(ctx)
	page, err := service.PageMessage((&api.ListMessageParams{}).SetFrom(from).SetTo(to).SetPageSize(listSize), "", "")
	if err != nil {
		return nil, c.refusal(err, exchange)
	}
	records := make([]Record, 0, len(page.Messages))
	for _, m := range page.Messages {
		r := Record{SID: value(m.Sid), Body: value(m.Body), Status: value(m.Status)}
		if at, err := time.Parse(time.RFC1123Z, value(m.DateCreated)); err == nil {
			r.CreatedAt = at
		}
		records = append(records, r)
	}
	return records, nil
}

// service makes Twilio's client for one request. Theirs has neither a context
// nor access to the answer's headers; a client of its own for each request
// brings both in. The connections are shared.
func (c *Client) service(ctx context.Context) (*api.ApiService, *channels.Exchange) {
	ctx, exchange := channels.Watch(ctx)
	carrier := roundTripper(func(r *http.Request) (*http.Response, error) {
		return c.transport.RoundTrip(r.WithContext(ctx))
	})
	base := &client.Client{
		Credentials: client.NewCredentials(c.account, c.token),
		HTTPClient: &http.Client{
			Transport:     carrier,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	base.SetAccountSid(c.account)
	return api.NewApiServiceWithClient(base), exchange
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// refusal says what an error means for the message. Twilio's own words are left
// out: they can repeat the phone number.
func (c *Client) refusal(err error, exchange *channels.Exchange) *bot.SendError {
	status := exchange.Status()
	if status == 0 {
		return &bot.SendError{Code: "twilio.unreachable", Doubtful: exchange.Written(), Err: channels.Redacted(err)}
	}
	code := 0
	var rest *client.TwilioRestError
	if errors.As(err, &rest) {
		code = rest.Code
	}
	refusal := &bot.SendError{
		Code:       "twilio." + strconv.Itoa(status),
		RetryAfter: exchange.RetryAfter(c.now()),
		Err:        fmt.Errorf("twilio answered with status %d and code %d", status, code),
	}
	if code != 0 {
		refusal.Code = "twilio." + strconv.Itoa(code)
	}
	switch {
	case status < 300:
		// Twilio said yes, but the rest of the answer was lost or unreadable.
		refusal.Code, refusal.Doubtful = "twilio.no_sid", true
	case status == http.StatusUnauthorized:
		c.log.Error("twilio does not accept the account SID and auth token", "code", refusal.Code)
		refusal.RetryAfter = max(refusal.RetryAfter, configurationDelay)
	case status < 400, status >= 500, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, busy(code):
		// To be tried again.
	default:
		refusal.Permanent, refusal.Unreachable = true, code == OptedOut
	}
	return refusal
}

// busy reports whether an error code of Twilio's asks for patience.
func busy(code int) bool {
	switch code {
	case 14107, // too many messages to or from a number
		20429, // too many requests
		21611, // the sender's queue is full
		63018: // WhatsApp's limit
		return true
	}
	return false
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

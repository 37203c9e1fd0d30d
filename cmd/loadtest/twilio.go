package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	inboundPath     = "/webhooks/twilio/sms"
	signatureHeader = "X-Twilio-Signature"
)

// twilio plays Twilio: residents with mobile phones, and the API that messages
// are sent through.
type twilio struct {
	*options
	*standIn
	town      *town
	callbacks *callbacks
	path      string // of the API
	login     string // that the API expects

	first   int    // phone number; each run has its own residents
	prefix  string // of this run's SIDs
	inbound atomic.Uint64
	sent    atomic.Uint64
}

func newTwilio(o *options, l net.Listener) *twilio {
	return &twilio{
		options: o, standIn: &standIn{listener: l}, callbacks: newCallbacks(o),
		path:  "/2010-04-01/Accounts/" + o.Account + "/Messages.json",
		login: "Basic " + base64.StdEncoding.EncodeToString([]byte(o.Account+":"+o.Token)),
		first: rand.IntN(100_000_000), prefix: fmt.Sprintf("%016x", rand.Uint64()),
	}
}

func (s *twilio) address(n int) string { return fmt.Sprintf("+316%08d", (s.first+n)%100_000_000) }

func (s *twilio) hint() string {
	return "see that --public-url, --account, --token and --number are the server's, and that it has BALIE_TWILIO_API_BASE=http://" + s.Provider
}

func (s *twilio) start(ctx context.Context, t *town) {
	s.town = t
	s.callbacks.start(ctx)
	s.serve(s.handle)
}

func (s *twilio) stop() error {
	if err := s.standIn.stop(); err != nil {
		return err
	}
	s.callbacks.stop()
	return nil
}

// write makes the request by which Twilio brings an SMS.
func (s *twilio) write(req *fasthttp.Request, r *resident, text string) {
	sid := fmt.Sprintf("SM%s%016x", s.prefix, s.inbound.Add(1))
	req.Reset()
	form := req.PostArgs()
	for _, field := range [...][2]string{ // in the order of their names, as they are signed
		{"AccountSid", s.Account},
		{"ApiVersion", "2010-04-01"},
		{"Body", text},
		{"From", r.address},
		{"FromCity", ""},
		{"FromCountry", "NL"},
		{"MessageSid", sid},
		{"NumMedia", "0"},
		{"NumSegments", "1"},
		{"SmsMessageSid", sid},
		{"SmsSid", sid},
		{"SmsStatus", "received"},
		{"To", s.Number},
		{"ToCountry", "NL"},
	} {
		form.Add(field[0], field[1])
	}
	post(req, "http://"+s.host()+inboundPath)
	req.Header.Set(signatureHeader, sign(s.Token, strings.TrimRight(s.PublicURL, "/")+inboundPath, form))
}

// post makes a request of the form in it.
func post(req *fasthttp.Request, address string) {
	req.Header.SetMethod(fasthttp.MethodPost)
	req.SetRequestURI(address)
	req.Header.SetContentType("application/x-www-form-urlencoded; charset=UTF-8")
}

// sign makes Twilio's signature of an address and a form in the order of its
// names. It is written apart from the server's own, so that both being wrong in
// the same way is unlikely.
func sign(token, address string, form *fasthttp.Args) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	form.VisitAll(func(name, value []byte) {
		mac.Write(name)
		mac.Write(value)
	})
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s *twilio) accepted(*resident, *fasthttp.Response) error { return nil }

// handle is the API.
func (s *twilio) handle(ctx *fasthttp.RequestCtx) {
	at := time.Now()
	switch {
	case string(ctx.Request.Header.Peek(fasthttp.HeaderAuthorization)) != s.login, string(ctx.Path()) != s.path:
		respond(ctx, fasthttp.StatusUnauthorized, []byte(`{"code":20003,"status":401}`))
	case ctx.IsPost():
		s.create(ctx, at)
	default:
		s.list(ctx)
	}
}

// create accepts a message.
func (s *twilio) create(ctx *fasthttp.RequestCtx, at time.Time) {
	form := ctx.PostArgs()
	to, body := form.Peek("To"), form.Peek("Body")
	if len(to) == 0 || len(body) == 0 {
		respond(ctx, fasthttp.StatusBadRequest, []byte(`{"code":21604,"status":400}`))
		return
	}
	sid := fmt.Sprintf("SM%s%016x", s.prefix, 1<<63|s.sent.Add(1)) // unlike those of inbound messages
	s.town.deliver(to, body, sid, at)
	s.callbacks.report(string(form.Peek("StatusCallback")), sid, string(to))
	time.Sleep(s.Latency)
	respond(ctx, fasthttp.StatusCreated, fmt.Appendf(nil, `{"sid":%q,"status":"queued","direction":"outbound-api"}`, sid))
}

// list tells what was accepted for a number. A server that was cut off asks it
// before it sends a message again.
func (s *twilio) list(ctx *fasthttp.RequestCtx) {
	type message struct {
		SID     string `json:"sid"`
		Body    string `json:"body"`
		Status  string `json:"status"`
		Created string `json:"date_created"`
	}
	messages := []message{}
	if r, ok := s.town.byAddress[string(ctx.QueryArgs().Peek("To"))]; ok {
		for i := range r.received() {
			m := r.reply(i)
			messages = append(messages, message{m.id, m.text, "delivered", m.at.UTC().Format(time.RFC1123Z)})
		}
	}
	slices.Reverse(messages) // the newest first
	if size := ctx.QueryArgs().GetUintOrZero("PageSize"); size > 0 && len(messages) > size {
		messages = messages[:size]
	}
	body, err := json.Marshal(map[string]any{"messages": messages})
	if err != nil {
		ctx.Error(err.Error(), fasthttp.StatusInternalServerError)
		return
	}
	respond(ctx, fasthttp.StatusOK, body)
}

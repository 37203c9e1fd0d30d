package sms_test

import (
	"errors"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/sms"
)

const (
	public   = "https://gw.example.nl"
	number   = "+3197010240000"
	resident = "+31612345678"
	sid      = "SM10000000000000000000000000000001"
	incoming = "/webhooks/twilio/sms"
	status   = "/webhooks/twilio/status"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// gateway is an SMS channel behind a real listener.
type gateway struct {
	channel *sms.Channel
	twilio  *channeltest.Twilio
	inbox   *channeltest.Inbox
	base    string
}

func start(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{twilio: channeltest.NewTwilio(t), inbox: channeltest.NewInbox()}
	log := slog.New(slog.DiscardHandler)
	channel, err := sms.New(sms.Config{
		AccountSID: g.twilio.AccountSID, AuthToken: g.twilio.AuthToken, Number: number, APIBase: g.twilio.URL(),
		PublicURL: public, Now: func() time.Time { return now }, Log: log,
	}, g.inbox, g.inbox)
	if err != nil {
		t.Fatal(err)
	}
	app, err := channels.New(channels.Config{PublicURL: public, Log: log, Registry: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	channel.Routes(app)
	g.channel, g.base = channel, channeltest.Serve(t, app)
	return g
}

// post sends a signed request.
func (g *gateway) post(t *testing.T, path string, form url.Values) (int, string) {
	t.Helper()
	code, body, err := channeltest.PostTwilio(t.Context(), g.base, public, path, g.twilio.AuthToken, form)
	if err != nil {
		t.Fatal(err)
	}
	return code, body
}

// with changes parameters; an empty value removes one.
func with(form url.Values, pairs ...string) url.Values {
	form = maps.Clone(form)
	for i := 0; i < len(pairs); i += 2 {
		if form.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			form.Del(pairs[i])
		}
	}
	return form
}

func TestInbound(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("paspoort ", 500)
	text := func(s string) bot.Inbound { return bot.Inbound{Kind: bot.KindText, Text: s} }
	for _, tc := range []struct {
		name   string
		change []string
		want   bot.Inbound
	}{
		{"text", nil, text("Ik wil een paspoort")},
		{"no body", []string{"Body", ""}, text("")},
		{"emoji only", []string{"Body", "👋🏽🙏"}, text("👋🏽🙏")},
		{"right to left", []string{"Body", "أريد جواز سفر"}, text("أريد جواز سفر")},
		{"over 4,000 characters", []string{"Body", long}, text(long[:bot.MaxText])},
		{"binary", []string{"Body", "a\x00b\xff\xfec\x1b"}, text("abc")},
		{"escaped plus and ampersand", []string{"Body", "1+1=2 & <b>"}, text("1+1=2 & <b>")},
		{"number of a messaging service", []string{"To", "+3197010249999"}, text("Ik wil een paspoort")},
		{"to is absent", []string{"To", ""}, text("Ik wil een paspoort")},
		{"older SID only", []string{"MessageSid", "", "SmsMessageSid", ""}, text("Ik wil een paspoort")},
		{"unknown parameter", []string{"AddOns", `{"status":"ok"}`}, text("Ik wil een paspoort")},
		{"photo", []string{"Body", "", "NumMedia", "1", "MediaUrl0", "http://169.254.169.254/", "MediaContentType0", "image/jpeg"}, bot.Inbound{Kind: bot.KindMedia}},
		{"voice", []string{"Body", "", "NumMedia", "1", "MediaContentType0", "audio/ogg"}, bot.Inbound{Kind: bot.KindMedia}},
		{"photo with text", []string{"Body", "deze lantaarn", "NumMedia", "1"}, text("deze lantaarn")},
		{"odd number of media", []string{"NumMedia", "veel"}, text("Ik wil een paspoort")},
		{"stop, answered by Twilio", []string{"Body", "STOP", "OptOutType", "STOP"}, bot.Inbound{Kind: bot.KindOptOut, Text: "STOP"}},
		{"start, answered by Twilio", []string{"Body", "start", "OptOutType", "START"}, bot.Inbound{Kind: bot.KindOptIn, Text: "start"}},
		{"help, answered by Twilio", []string{"Body", "help", "OptOutType", "HELP"}, bot.Inbound{Kind: bot.KindHelp, Text: "help"}},
		{"stop, for us to answer", []string{"Body", "stop"}, text("stop")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := start(t)
			code, body := g.post(t, incoming, with(g.twilio.Inbound(sid, resident, number, "Ik wil een paspoort"), tc.change...))
			if code != 200 || body != "<Response/>" {
				t.Fatalf("got %d %q", code, body)
			}
			want := tc.want
			want.Address = bot.Address{Channel: bot.SMS, Account: number, User: resident}
			want.ProviderID, want.ReceivedAt = sid, now
			if got := g.inbox.Messages(); len(got) != 1 || got[0] != want {
				t.Errorf("stored %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestInboundRefused(t *testing.T) {
	t.Parallel()
	g := start(t)
	form := g.twilio.Inbound(sid, resident, number, "hallo")
	for _, tc := range []struct {
		name   string
		path   string
		token  string
		public string
		form   url.Values
		status int
	}{
		{"wrong token", incoming, "54321", public, form, 403},
		{"wrong address", incoming, "12345", "https://evil.example", form, 403},
		{"other account", incoming, "12345", public, with(form, "AccountSid", "AC00000000000000000000000000000002"), 403},
		{"no account", incoming, "12345", public, with(form, "AccountSid", ""), 403},
		{"no SID", incoming, "12345", public, with(form, "MessageSid", "", "SmsSid", "", "SmsMessageSid", ""), 400},
		{"SID of another form", incoming, "12345", public, with(form, "MessageSid", "'; DROP TABLE"), 400},
		{"no sender", incoming, "12345", public, with(form, "From", ""), 400},
		{"sender of another channel", incoming, "12345", public, with(form, "From", "whatsapp:+31612345678"), 400},
		{"sender too long", incoming, "12345", public, with(form, "From", strings.Repeat("1", 33)), 400},
		{"empty body", incoming, "12345", public, url.Values{}, 403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			code, body, err := channeltest.PostTwilio(t.Context(), g.base, tc.public, tc.path, tc.token, tc.form)
			if err != nil || code != tc.status {
				t.Errorf("got %d %q %v, want %d", code, body, err, tc.status)
			}
			if strings.Contains(body, "Internal") || body == "" {
				t.Errorf("no clear reason: %q", body)
			}
		})
	}
	t.Run("raw", func(t *testing.T) {
		t.Parallel()
		for name, tc := range map[string]struct {
			body, kind, signature string
			status                int
		}{
			"unsigned":              {form.Encode(), "application/x-www-form-urlencoded", "", 403},
			"JSON":                  {`{"Body":"x"}`, "application/json", "", 403},
			"binary":                {"\x00\xff\xfe", "application/octet-stream", "AAAA", 403},
			"malformed, signed":     {form.Encode() + "&x=%zz", "application/x-www-form-urlencoded", channeltest.SignTwilio("12345", public+incoming, form), 400},
			"over 64 KB":            {strings.Repeat("x", 65<<10), "application/x-www-form-urlencoded", "", 413},
			"signature of garbage":  {form.Encode(), "application/x-www-form-urlencoded", "\"><script>", 403},
			"signature of a prefix": {form.Encode(), "application/x-www-form-urlencoded", channeltest.SignTwilio("12345", public+incoming, form)[:10], 403},
		} {
			header := map[string]string{"Content-Type": tc.kind, "X-Twilio-Signature": tc.signature}
			code, body, err := channeltest.Post(t.Context(), g.base+incoming, tc.body, header)
			if tc.status == 413 && err != nil {
				continue // the connection may be cut before the whole body was sent
			}
			if err != nil || code != tc.status {
				t.Errorf("%s: got %d %q %v, want %d", name, code, body, err, tc.status)
			}
		}
	})
	t.Cleanup(func() {
		if got := g.inbox.Messages(); len(got) != 0 {
			t.Errorf("stored %+v", got)
		}
	})
}

func TestDuplicateIsAcknowledged(t *testing.T) {
	t.Parallel()
	g := start(t)
	for range 3 {
		if code, body := g.post(t, incoming, g.twilio.Inbound(sid, resident, number, "hallo")); code != 200 || body != "<Response/>" {
			t.Errorf("got %d %q", code, body)
		}
	}
	if got := g.inbox.Messages(); len(got) != 1 {
		t.Errorf("stored %d", len(got))
	}
}

func TestStoreFailure(t *testing.T) {
	t.Parallel()
	g := start(t)
	form := g.twilio.Inbound(sid, resident, number, "hallo")
	g.inbox.SetError(errors.New("disk full at /var/lib/balie"))
	for _, path := range []string{incoming, status + "?message=7"} {
		if code, body := g.post(t, path, with(form, "MessageStatus", "sent")); code != 503 || strings.Contains(body, "disk") {
			t.Errorf("%s: got %d %q", path, code, body)
		}
	}
	g.inbox.SetError(nil)
	if code, _ := g.post(t, incoming, form); code != 200 || len(g.inbox.Messages()) != 1 {
		t.Errorf("after the repair: %d, stored %d", code, len(g.inbox.Messages()))
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	const query = status + "?message=7"
	for _, tc := range []struct {
		name   string
		path   string
		change []string
		code   int
		want   []bot.Receipt
	}{
		{"queued", query, []string{"MessageStatus", "queued"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Queued}}},
		{"accepted", query, []string{"MessageStatus", "accepted"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Queued}}},
		{"sending", query, []string{"MessageStatus", "sending"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Sending}}},
		{"sent", query, []string{"MessageStatus", "sent"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Sent}}},
		{"delivered", query, []string{"MessageStatus", "delivered"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Delivered}}},
		{"read", query, []string{"MessageStatus", "read"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Read}}},
		{"failed", query, []string{"MessageStatus", "failed", "ErrorCode", "30008"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Failed, Code: "twilio.30008"}}},
		{"undelivered", query, []string{"MessageStatus", "undelivered", "ErrorCode", "21610"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Failed, Code: "twilio.21610", Unreachable: true}}},
		{"failed without a code", query, []string{"MessageStatus", "failed"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Failed}}},
		{"older names", query, []string{"MessageSid", "", "SmsStatus", "sent"}, 200, []bot.Receipt{{Outbound: 7, ProviderID: sid, Status: bot.Sent}}},
		{"not sent by Balie", status, []string{"MessageStatus", "sent"}, 200, []bot.Receipt{{ProviderID: sid, Status: bot.Sent}}},
		{"says nothing about delivery", query, []string{"MessageStatus", "pondering"}, 204, nil},
		{"no status", query, []string{"MessageStatus", "", "SmsStatus", ""}, 400, nil},
		{"no SID", query, []string{"MessageStatus", "sent", "MessageSid", "", "SmsSid", ""}, 400, nil},
		{"message is not a number", status + "?message=x", []string{"MessageStatus", "sent"}, 400, nil},
		{"message is negative", status + "?message=-7", []string{"MessageStatus", "sent"}, 400, nil},
		{"message is huge", status + "?message=99999999999999999999", []string{"MessageStatus", "sent"}, 400, nil},
		{"other account", query, []string{"MessageStatus", "sent", "AccountSid", "AC00000000000000000000000000000002"}, 403, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := start(t)
			form := url.Values{"MessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {g.twilio.AccountSID}, "From": {number}, "To": {resident}}
			if code, body := g.post(t, tc.path, with(form, tc.change...)); code != tc.code {
				t.Errorf("got %d %q, want %d", code, body, tc.code)
			}
			if got := g.inbox.Receipts(); !slices.Equal(got, tc.want) {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

func TestReceiptForAnUnknownMessage(t *testing.T) {
	t.Parallel()
	g := start(t)
	g.inbox.SetError(bot.ErrNotFound)
	form := url.Values{"MessageSid": {sid}, "AccountSid": {g.twilio.AccountSID}, "MessageStatus": {"sent"}}
	if code, _ := g.post(t, status+"?message=7", form); code != 200 {
		t.Errorf("got %d: telling it again would not help", code)
	}
}

func TestStatusOfAnotherMessageIsRefused(t *testing.T) {
	t.Parallel()
	g := start(t)
	form := url.Values{"MessageSid": {sid}, "AccountSid": {g.twilio.AccountSID}, "MessageStatus": {"failed"}}
	signature := channeltest.SignTwilio(g.twilio.AuthToken, public+status+"?message=7", form)
	code, _, err := channeltest.Post(t.Context(), g.base+status+"?message=8", form.Encode(), map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature,
	})
	if err != nil || code != 403 || len(g.inbox.Receipts()) != 0 {
		t.Errorf("got %d %v, stored %v", code, err, g.inbox.Receipts())
	}
}

// TestCases sends requests of Twilio that nobody here wrote, byte for byte.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, provider := range []string{"twilio-sms", "twilio-status"} {
		for _, c := range channeltest.CasesOf(t, provider) {
			t.Run(c.File, func(t *testing.T) {
				t.Parallel()
				g := start(t)
				code, body, err := channeltest.Post(t.Context(), g.base+c.Target, c.Body, c.Headers)
				if err != nil || !slices.Contains(c.Expectation.HTTP, code) {
					t.Fatalf("got %d %q %v, want %v", code, body, err, c.Expectation.HTTP)
				}
				messages := g.inbox.Messages()
				if c.Expectation.Stored == true && len(messages) != 1 {
					t.Fatalf("stored %+v", messages)
				}
				if c.Expectation.Text != nil && messages[0].Text != *c.Expectation.Text {
					t.Errorf("text %q, want %q", messages[0].Text, *c.Expectation.Text)
				}
				if c.Expectation.Status != "" {
					receipts := g.inbox.Receipts()
					if len(receipts) != 1 || string(receipts[0].Status) != c.Expectation.Status || (c.Expectation.Code != 0) != (receipts[0].Code == "twilio.30008") {
						t.Errorf("receipts %+v", receipts)
					}
				}
			})
		}
	}
}

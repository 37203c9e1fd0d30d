package twilio_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/twilio"
)

func connect(t *testing.T, server *channeltest.Twilio, base string) *twilio.Client {
	t.Helper()
	client, err := twilio.NewClient(twilio.Config{
		AccountSID: server.AccountSID, AuthToken: server.AuthToken, APIBase: base,
		Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

var message = twilio.Message{
	From: "+3197010240000", To: "+31612345678", Body: "Goedemiddag 👋 & tot ziens",
	StatusCallback: "https://gw.example.nl/webhooks/twilio/status?message=7",
}

func TestSend(t *testing.T) {
	t.Parallel()
	server := channeltest.NewTwilio(t)
	client := connect(t, server, server.URL())
	sid, err := client.Send(t.Context(), message)
	if err != nil {
		t.Fatal(err)
	}
	got := server.Messages()
	if len(got) != 1 || got[0].SID != sid || got[0].From != message.From || got[0].To != message.To ||
		got[0].Body != message.Body || got[0].StatusCallback != message.StatusCallback {
		t.Errorf("sent %+v", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	type want struct {
		code                string
		permanent, doubtful bool
		wish                time.Duration
	}
	answer := func(status int, body string) channeltest.Failure {
		return channeltest.Failure{Status: status, Body: body}
	}
	for _, tc := range []struct {
		name    string
		failure channeltest.Failure
		want    want
	}{
		{"opted out", channeltest.OptedOut, want{code: "twilio.21610", permanent: true}},
		{"not a mobile number", channeltest.Failure{Status: 400, Code: 21614}, want{code: "twilio.21614", permanent: true}},
		{"too many requests", channeltest.TooMany("3"), want{code: "twilio.20429", wish: 3 * time.Second}},
		{"too many requests without a wish", channeltest.Failure{Status: 429, Code: 20429}, want{code: "twilio.20429"}},
		{"too many requests, odd status", channeltest.Failure{Status: 400, Code: 20429}, want{code: "twilio.20429"}},
		{"queue full", channeltest.Failure{Status: 400, Code: 21611}, want{code: "twilio.21611"}},
		{"account not accepted", channeltest.Failure{Status: 401, Code: 20003}, want{code: "twilio.20003", wish: 5 * time.Minute}},
		{"server error", channeltest.ServerError, want{code: "twilio.20500"}},
		{"server asks to wait", channeltest.Failure{Status: 503, Code: 20503, RetryAfter: "30"}, want{code: "twilio.20503", wish: 30 * time.Second}},
		{"page of a proxy", answer(502, "<html>Bad Gateway</html>"), want{code: "twilio.502"}},
		{"page instead of an error", answer(400, "<html>"), want{code: "twilio.400", permanent: true}},
		{"redirect", answer(307, ""), want{code: "twilio.307"}},
		{"accepted without a name", answer(200, "{}"), want{code: "twilio.no_sid", doubtful: true}},
		{"accepted, unreadable", answer(201, "<html>"), want{code: "twilio.no_sid", doubtful: true}},
		{"cut off", channeltest.Dropped, want{code: "twilio.unreachable", doubtful: true}},
		{"cut off after acceptance", channeltest.DroppedAccepted, want{code: "twilio.unreachable", doubtful: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := channeltest.NewTwilio(t)
			server.Fail(tc.failure)
			client := connect(t, server, server.URL())
			_, err := client.Send(t.Context(), message)
			var refusal *bot.SendError
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			got := want{refusal.Code, refusal.Permanent, refusal.Doubtful, refusal.RetryAfter}
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if strings.Contains(err.Error(), "612345678") || strings.Contains(err.Error(), server.AuthToken) {
				t.Errorf("the error tells too much: %v", err)
			}
			if _, err := client.Send(t.Context(), message); err != nil {
				t.Errorf("the next send: %v", err)
			}
		})
	}
}

func TestTimeoutIsDoubtful(t *testing.T) {
	t.Parallel()
	server := channeltest.NewTwilio(t)
	server.Fail(channeltest.HangingAccepted)
	client := connect(t, server, server.URL())
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		server.WaitForRefused(t, 1)
	}()
	_, err := client.Send(ctx, message)
	var refusal *bot.SendError
	if !errors.As(err, &refusal) || !refusal.Doubtful || refusal.Permanent {
		t.Errorf("error %+v", err)
	}
}

func TestRefusedConnectionIsNotDoubtful(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	client := connect(t, channeltest.NewTwilio(t), "http://"+listener.Addr().String())
	_, err = client.Send(t.Context(), message)
	var refusal *bot.SendError
	if !errors.As(err, &refusal) || refusal.Doubtful || refusal.Permanent || refusal.Code != "twilio.unreachable" {
		t.Errorf("error %+v", err)
	}
}

// TestRecordedAnswers takes answers of Twilio that nobody here wrote.
func TestRecordedAnswers(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(channeltest.Cases(t), "twilio-rest", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no answers", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var answer struct {
				Status int
				Body   json.RawMessage
			}
			if err := json.Unmarshal(raw, &answer); err != nil {
				t.Fatal(err)
			}
			server := channeltest.NewTwilio(t)
			server.Fail(channeltest.Failure{Status: answer.Status, Body: string(answer.Body)})
			sid, err := connect(t, server, server.URL()).Send(t.Context(), message)
			var refusal *bot.SendError
			errors.As(err, &refusal)
			switch answer.Status {
			case 201:
				if err != nil || !twilio.ValidSID(sid) {
					t.Errorf("sid %q, error %v", sid, err)
				}
			case 429:
				if refusal == nil || refusal.Permanent || refusal.Doubtful {
					t.Errorf("error %+v", err)
				}
			default:
				if refusal == nil || !refusal.Permanent {
					t.Errorf("error %+v", err)
				}
			}
		})
	}
}

func TestSent(t *testing.T) {
	t.Parallel()
	server := channeltest.NewTwilio(t)
	client := connect(t, server, server.URL())
	for _, body := range []string{"een", "twee"} {
		m := message
		m.Body = body
		if _, err := client.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	other := message
	other.To = "+31687654321"
	if _, err := client.Send(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	got, err := client.Sent(t.Context(), message.From, message.To)
	if err != nil || len(got) != 2 || got[0].Body != "twee" || got[1].Body != "een" || got[0].Status != "queued" || got[0].CreatedAt.IsZero() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestClientConfigIsChecked(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	account := "AC" + strings.Repeat("0", 32)
	for _, tc := range []struct {
		name string
		cfg  twilio.Config
	}{
		{"no account", twilio.Config{AuthToken: "12345", Now: time.Now, Log: log}},
		{"account is an API key", twilio.Config{AccountSID: "SK" + account[2:], AuthToken: "12345", Now: time.Now, Log: log}},
		{"no token", twilio.Config{AccountSID: account, Now: time.Now, Log: log}},
		{"token with a space", twilio.Config{AccountSID: account, AuthToken: "12345 ", Now: time.Now, Log: log}},
		{"address without a scheme", twilio.Config{AccountSID: account, AuthToken: "12345", APIBase: "localhost:1", Now: time.Now, Log: log}},
		{"no clock", twilio.Config{AccountSID: account, AuthToken: "12345", Log: log}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := twilio.NewClient(tc.cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}

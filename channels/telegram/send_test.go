package telegram_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/telegram"
)

func outbound(text string, choices ...bot.Choice) bot.Outbound {
	return bot.Outbound{
		ID: 7, Address: bot.Address{Channel: bot.Telegram, Account: botID, User: "4503599627370495"},
		Message: bot.Message{Text: text, Choices: choices}, CreatedAt: now,
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	const text = "Kosten: *€ 10* <b> _x_\nTot [ziens](http://x)"
	id, err := g.channel.Send(t.Context(), outbound(text,
		bot.Choice{ID: "intent:paspoort", Label: "Paspoort"}, bot.Choice{ID: bot.ChooseHuman, Label: "Medewerker"},
		bot.Choice{ID: bot.ChoiceID("intent:" + strings.Repeat("ë", 29)), Label: "Te lang"}, bot.Choice{ID: "human"}))
	if err != nil {
		t.Fatal(err)
	}
	got := g.telegram.Messages()
	if len(got) != 1 || strconv.Itoa(got[0].ID) != id || got[0].Chat != 4503599627370495 || got[0].Text != text || got[0].ParseMode != "" {
		t.Fatalf("sent %+v", got)
	}
	want := []channeltest.TelegramButton{{Text: "Paspoort", Data: "intent:paspoort"}, {Text: "Medewerker", Data: "human"}}
	if !slices.Equal(got[0].Buttons, want) {
		t.Errorf("buttons %+v", got[0].Buttons)
	}
}

func TestSendLimits(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	nowhere := outbound("hallo")
	nowhere.User = "+31612345678"
	for _, tc := range []struct {
		name string
		m    bot.Outbound
		code string
	}{
		{"most", outbound(strings.Repeat("é", 4096)), ""},
		{"most in UTF-16", outbound(strings.Repeat("👋", 2048)), ""},
		{"too long", outbound(strings.Repeat("e", 4097)), "too_long"},
		{"too long in UTF-16", outbound(strings.Repeat("👋", 2049)), "too_long"},
		{"empty", outbound(" \n"), "empty"},
		{"not a chat", nowhere, "address"},
	} {
		_, err := g.channel.Send(t.Context(), tc.m)
		var refusal *bot.SendError
		if tc.code == "" && err != nil || tc.code != "" && (!errors.As(err, &refusal) || refusal.Code != tc.code || !refusal.Permanent) {
			t.Errorf("%s: %v", tc.name, err)
		}
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
		{"blocked", channeltest.Blocked, want{code: "telegram.blocked", permanent: true}},
		{"bad request", channeltest.Failure{Status: 400}, want{code: "telegram.400", permanent: true}},
		{"moved", answer(400, `{"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-100}}`), want{code: "telegram.400", permanent: true}},
		{"too many requests", channeltest.TooMany("3"), want{code: "telegram.429", wish: 3 * time.Second}},
		{"too many, wish as words", channeltest.TooMany(`"3"`), want{code: "telegram.429", wish: 5 * time.Second}},
		{"too many, no error code", answer(429, `{"ok":false}`), want{code: "telegram.429", wish: 5 * time.Second}},
		{"token not accepted", channeltest.Failure{Status: 401}, want{code: "telegram.401", wish: 5 * time.Minute}},
		{"server error", channeltest.Failure{Status: 500}, want{code: "telegram.500"}},
		{"page of a proxy", answer(502, "<html>"), want{code: "telegram.502"}},
		{"unreadable yes", answer(200, "<html>"), want{code: "telegram.200", doubtful: true}},
		{"cut off", channeltest.Dropped, want{code: "telegram.unreachable", doubtful: true}},
		{"cut off after acceptance", channeltest.DroppedAccepted, want{code: "telegram.unreachable", doubtful: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := start(t, secret, fixed)
			g.telegram.Fail(tc.failure)
			_, err := g.channel.Send(t.Context(), outbound("hallo"))
			var refusal *bot.SendError
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			if got := (want{refusal.Code, refusal.Permanent, refusal.Doubtful, refusal.RetryAfter}); got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if strings.Contains(err.Error(), g.telegram.Token) {
				t.Errorf("the error shows the token: %v", err)
			}
		})
	}
}

// TestAcceptedButOdd has Telegram accept a message and describe it in a form
// that the library cannot read. Sending it again would repeat it for a day.
func TestAcceptedButOdd(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	g.telegram.Fail(channeltest.Failure{Status: 200, Body: `{"ok":true,"result":{"message_id":"x"}}`})
	if id, err := g.channel.Send(t.Context(), outbound("hallo")); err != nil || id != "" {
		t.Errorf("id %q, error %v", id, err)
	}
}

func TestTimeoutIsDoubtful(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	g.telegram.Fail(channeltest.HangingAccepted)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		g.telegram.WaitForMessages(t, 1)
	}()
	_, err := g.channel.Send(ctx, outbound("hallo"))
	var refusal *bot.SendError
	if !errors.As(err, &refusal) || !refusal.Doubtful || refusal.Permanent {
		t.Errorf("error %+v", err)
	}
}

func TestTooManyRequestsPausesTheWholeBot(t *testing.T) {
	t.Parallel()
	var offset atomic.Int64
	g := start(t, secret, func() time.Time { return now.Add(time.Duration(offset.Load())) })
	g.telegram.Fail(channeltest.TooMany("30"))
	other := outbound("een ander")
	other.User = "99"
	for i, m := range []bot.Outbound{outbound("hallo"), other} {
		_, err := g.channel.Send(t.Context(), m)
		var refusal *bot.SendError
		if !errors.As(err, &refusal) || refusal.RetryAfter != 30*time.Second || refusal.Permanent || refusal.Doubtful {
			t.Errorf("send %d: %+v", i, err)
		}
	}
	if n := g.telegram.Refused(); n != 1 {
		t.Errorf("Telegram was asked %d times", n)
	}
	offset.Store(int64(31 * time.Second))
	if _, err := g.channel.Send(t.Context(), other); err != nil {
		t.Errorf("after the pause: %v", err)
	}
}

func TestSetWebhook(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	if err := g.channel.SetWebhook(t.Context(), public+"/"); err != nil {
		t.Fatal(err)
	}
	got := g.telegram.Webhook()
	if got.URL != public+path || got.Secret != secret || !slices.Equal(got.AllowedUpdates, []string{"message", "callback_query", "my_chat_member"}) {
		t.Errorf("set %+v", got)
	}
	if err := g.channel.SetWebhook(t.Context(), "gw.example.nl"); err == nil {
		t.Error("an address without a scheme was accepted")
	}
	open := start(t, "", fixed)
	if err := open.channel.SetWebhook(t.Context(), public); err == nil {
		t.Error("a webhook without a secret was set")
	}
}

func TestPoll(t *testing.T) {
	t.Parallel()
	server, inbox := channeltest.NewTelegram(t), channeltest.NewInbox()
	server.SetWebhook(channeltest.TelegramWebhook{URL: "https://elsewhere.example"})
	channel, err := telegram.New(telegram.Config{
		Token: server.Token, APIBase: server.URL(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}, inbox)
	if err != nil {
		t.Fatal(err)
	}
	telegram.SetBackoff(channel, time.Millisecond)
	server.FailPolls(channeltest.ServerError, channeltest.Dropped, channeltest.TooMany("1"), channeltest.Failure{Status: 200, Body: "<html>"})
	server.Push(t, channeltest.TextUpdate(900, 23, "een"))
	server.Push(t, `{"update_id":901,"message":7}`) // never understood, must not block
	server.Push(t, `{"update_id":902,"new_kind":{}}`)
	server.Push(t, channeltest.ChoiceUpdate(903, 23, "q1", "human"))

	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- channel.Poll(ctx) }()
	server.WaitForPoll(t, 904)
	got := inbox.Messages()
	if len(got) != 2 || got[0].Text != "een" || got[1].Choice != "human" {
		t.Errorf("stored %+v", got)
	}
	if !slices.Contains(server.Answered(), "q1") {
		t.Error("the press was not answered")
	}

	// While the store is down nothing is confirmed; afterwards nothing is lost.
	inbox.SetError(errors.New("disk full"))
	server.Push(t, channeltest.TextUpdate(904, 23, "twee"))
	server.Push(t, channeltest.TextUpdate(3, 23, "na een week stilte een willekeurig nummer"))
	inbox.WaitForFailures(t, 3)
	inbox.SetError(nil)
	server.WaitForPoll(t, 905)
	if got := inbox.Messages(); len(got) != 3 || got[2].Text != "twee" {
		t.Errorf("stored %+v", got)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if server.Webhook().URL != "" {
		t.Error("the webhook is still set")
	}
}

func TestPollStopsWhileTelegramIsDown(t *testing.T) {
	t.Parallel()
	server := channeltest.NewTelegram(t)
	channel, err := telegram.New(telegram.Config{
		Token: "1:wrong", APIBase: server.URL(), Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}, channeltest.NewInbox())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := channel.Poll(ctx); err != nil {
		t.Error(err)
	}
}

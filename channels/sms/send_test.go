package sms_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/sms"
)

func outbound(text string) bot.Outbound {
	return bot.Outbound{
		ID: 7, Conversation: 3, Address: bot.Address{Channel: bot.SMS, Account: number, User: resident},
		Message: bot.Message{Text: text}, CreatedAt: now,
	}
}

func TestSend(t *testing.T) {
	t.Parallel()
	g := start(t)
	id, err := g.channel.Send(t.Context(), outbound("Wij zijn open van 9 – 17 uur, ‘s avonds niet…"))
	if err != nil {
		t.Fatal(err)
	}
	got := g.twilio.Messages()
	want := channeltest.TwilioMessage{
		SID: id, From: number, To: resident, Body: "Wij zijn open van 9 - 17 uur, 's avonds niet...",
		StatusCallback: public + status + "?message=7", Status: "queued", CreatedAt: got[0].CreatedAt,
	}
	if len(got) != 1 || got[0] != want {
		t.Errorf("sent %+v\nwant %+v", got, want)
	}
}

func TestSendTooMuch(t *testing.T) {
	t.Parallel()
	g := start(t)
	for _, tc := range []struct {
		name, text, code string
	}{
		{"most", strings.Repeat("é", 1600), ""},
		{"most in UTF-16", strings.Repeat("👋", 800), ""},
		{"too long", strings.Repeat("e", 1601), "too_long"},
		{"too long in UTF-16", strings.Repeat("👋", 801), "too_long"},
		{"empty", " \n\u200b", "empty"},
	} {
		_, err := g.channel.Send(t.Context(), outbound(tc.text))
		var refusal *bot.SendError
		if tc.code == "" && err != nil || tc.code != "" && (!errors.As(err, &refusal) || refusal.Code != tc.code || !refusal.Permanent) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if n := len(g.twilio.Messages()); n != 2 {
		t.Errorf("%d sent", n)
	}
}

func TestEncodable(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "Hallo, hoe gaat het?", "Hallo, hoe gaat het?"},
		{"quotes", "‘a’ “b” „c” ´d` «e»", `'a' "b" "c" 'd' "e"`},
		{"dashes", "a–b—c−d‑e", "a-b-c-d-e"},
		{"spaces", "1\u00a0000\u202f€\tja", "1 000 € ja"},
		{"invisible", "ge\u00admeente\u200b\ufeff", "gemeente"},
		{"decomposed", "cafe\u0301 geïnformeerd", "café geïnformeerd"},
		{"letters that people need", "Zoë Ûnîç ‘t Hart", "Zoë Ûnîç 't Hart"},
		{"accents that cost no SMS", "Teşekkür ederiz. Dziękujemy.", "Teşekkür ederiz. Dziękujemy."},
		{"accents that would make two of one", "Pasaport için randevu alın. Kendiniz gelin. Yeni vesikalık fotoğraf getirin.", "Pasaport icin randevu alin. Kendiniz gelin. Yeni vesikalik fotograf getirin."},
		{"accents beside letters that stay wide", "Привіт. Zażółć gęślą jaźń. Zażółć gęślą jaźń. Zażółć gęślą jaźń. Zażółć", "Привіт. Zażółć gęślą jaźń. Zażółć gęślą jaźń. Zażółć gęślą jaźń. Zażółć"},
		{"ligature", "bĳ het Ĳ", "bij het IJ"},
		{"lines", "a\r\nb\rc\n", "a\nb\nc"},
		{"joined emoji", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := sms.Encodable(tc.in)
			if got != tc.want || sms.Encodable(got) != got {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	g := start(t)
	clock := now.Add(-2 * time.Minute)
	g.twilio.SetClock(func() time.Time { return clock })
	send := func(m bot.Outbound) string {
		t.Helper()
		id, err := g.channel.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	asked := outbound("Het kost “iets”")
	asked.FirstTry = now.Add(time.Second)

	send(asked) // long before the first try: another message with the same text
	clock = now
	first := send(asked)
	send(outbound("een andere tekst"))
	other := outbound(asked.Text)
	other.User = "+31687654321"
	send(other)
	failed := send(asked)
	g.twilio.SetStatus(failed, "failed")
	g.twilio.SetStatus(first, "undelivered")
	g.twilio.Fail(channeltest.DroppedAccepted)
	if _, err := g.channel.Send(t.Context(), asked); err == nil {
		t.Error("no error")
	}
	all := g.twilio.Messages()
	last := all[len(all)-1].SID

	got, err := g.channel.Accepted(t.Context(), asked)
	if err != nil || len(got) != 2 || got[0] != first || got[1] != last {
		t.Errorf("got %v %v, want %s %s", got, err, first, last)
	}
}

func TestAcceptedOnATrialAccount(t *testing.T) {
	t.Parallel()
	g := start(t)
	g.twilio.SetClock(func() time.Time { return now })
	trial, err := g.channel.Send(t.Context(), outbound("Sent from your Twilio trial account - hallo"))
	if err != nil {
		t.Fatal(err)
	}
	asked := outbound("hallo") // no first try known: its creation counts
	if got, err := g.channel.Accepted(t.Context(), asked); err != nil || len(got) != 1 || got[0] != trial {
		t.Errorf("got %v %v", got, err)
	}
}

func TestAcceptedFails(t *testing.T) {
	t.Parallel()
	g := start(t)
	channel, err := sms.New(sms.Config{
		AccountSID: g.twilio.AccountSID, AuthToken: "wrong", Number: number, APIBase: g.twilio.URL(),
		PublicURL: public, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}, g.inbox, g.inbox)
	if err != nil {
		t.Fatal(err)
	}
	_, err = channel.Accepted(t.Context(), outbound("hallo"))
	if err == nil || strings.Contains(err.Error(), "612345678") {
		t.Errorf("error %v", err)
	}
}

// TestReceiptsComeBack has Twilio report on messages by itself.
func TestReceiptsComeBack(t *testing.T) {
	t.Parallel()
	g := start(t)
	g.twilio.ReportTo(g.base, "sent", "delivered")
	if _, err := g.channel.Send(t.Context(), outbound("hallo")); err != nil {
		t.Fatal(err)
	}
	got := g.inbox.WaitForReceipts(t, 2)
	if got[0].Outbound != 7 || got[0].Status != bot.Sent || got[1].Status != bot.Delivered {
		t.Errorf("got %+v", got)
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	inbox := channeltest.NewInbox()
	good := sms.Config{
		AccountSID: "AC" + strings.Repeat("0", 32), AuthToken: "12345", Number: number,
		PublicURL: public, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	}
	if _, err := sms.New(good, inbox, inbox); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*sms.Config){
		"national number": func(c *sms.Config) { c.Number = "0612345678" },
		"number of words": func(c *sms.Config) { c.Number = "Gemeente" },
		"no account":      func(c *sms.Config) { c.AccountSID = "" },
		"no token":        func(c *sms.Config) { c.AuthToken = "" },
		"no address":      func(c *sms.Config) { c.PublicURL = "" },
		"no clock":        func(c *sms.Config) { c.Now = nil },
		"bad API address": func(c *sms.Config) { c.APIBase = "localhost" },
	} {
		cfg := good
		change(&cfg)
		if _, err := sms.New(cfg, inbox, inbox); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := sms.New(good, nil, inbox); err == nil {
		t.Error("no receiver: accepted")
	}
}

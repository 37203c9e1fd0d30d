package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
)

// TestOddMessagesGetAnAnswer sends what no form designer thinks of: each gets
// one reply, and the server goes on.
func TestOddMessagesGetAnAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	for i, tt := range []struct{ name, text, want string }{
		{"empty", "", "Ik zie geen tekst"},
		{"spaces", "  \n ", "Ik zie geen tekst"},
		{"very long", strings.Repeat("ik wil graag een nieuw paspoort want de oude is verlopen ", 90), ""},
		{"long without spaces", strings.Repeat("a", 5000), ""},
		{"binary", "\x00\x01\xff\xfe\x80", "Ik zie geen tekst"},
		{"emoji only", "🙂🙃😀", ""},
		{"right to left", "أريد تجديد جواز السفر", ""},
		{"a number", "2", ""},
		{"a question mark", "?", ""},
		{"markup", "<script>alert(1)</script>", ""},
		{"a placeholder", "{telefoon} {name}", ""},
		{"fire", "help er is brand in me huis", "Bel nu 112"},
		{"suicide", "ik wil nie meer leve", "113"},
		{"violence at home", "me man slaat me elke dag", "0800-2000"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			from := fmt.Sprintf("+31620%06d", i)
			if status, err := w.sms(t.Context(), server.base, fmt.Sprintf("SM%032x", i), from, tt.text); err != nil || status != 200 {
				t.Fatalf("webhook: %d, %v", status, err)
			}
			reply := w.twilio.WaitForText(t, from, tt.want).Body
			if !strings.Contains(reply, "MEDEWERKER") && !strings.Contains(reply, "medewerker") {
				t.Errorf("the first reply has no way to a person: %q", reply)
			}
			if strings.Contains(reply, "{") && !strings.Contains(reply, tt.text) {
				t.Errorf("a hole in the reply: %q", reply)
			}
			if n := w.twilio.Count(from, reply); n != 1 {
				t.Errorf("%d replies", n)
			}
		})
	}
}

// TestSafetyComesFirst checks that the fixed message stands before all else, also
// in the very first reply and while the resident waits for a person.
func TestSafetyComesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	const from = "+31630000000"
	send := func(n int, text string) {
		t.Helper()
		if status, err := w.sms(t.Context(), server.base, fmt.Sprintf("SM%032x", n), from, text); err != nil || status != 200 {
			t.Fatalf("webhook: %d, %v", status, err)
		}
	}
	send(1, "er is brand help")
	if first := w.twilio.WaitForMessages(t, 1)[0].Body; !strings.HasPrefix(first, "Bel nu 112") {
		t.Errorf("first reply: %q", first)
	}
	send(2, "medewerker")
	send(3, "ik wil dood")
	if third := w.twilio.WaitForMessages(t, 3)[2].Body; !strings.HasPrefix(third, "Wat goed dat u dit zegt. Is er nu gevaar? Bel 112.") {
		t.Errorf("reply while waiting: %q", third)
	}
}

// TestMediaGetsAFriendlySentence sends what residents who find typing hard send.
func TestMediaGetsAFriendlySentence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	for i, media := range []string{`"sticker":{"file_id":"a","file_unique_id":"a"}`, `"photo":[{"file_id":"a","file_unique_id":"a"}]`, `"voice":{"file_id":"a","file_unique_id":"a"}`} {
		chat := int64(500 + i)
		update := fmt.Sprintf(`{"update_id":%d,"message":{"message_id":1,"date":1700000000,"chat":{"id":%d,"type":"private"},"from":{"id":%d,"is_bot":false,"first_name":"N"},%s}}`,
			i+1, chat, chat, media)
		if status, err := channeltest.PostTelegram(t.Context(), server.base, "/webhooks/telegram", webhookSecret, update); err != nil || status != 200 {
			t.Fatalf("webhook: %d, %v", status, err)
		}
		m := w.telegram.WaitForText(t, chat, "Ik kan alleen tekst lezen")
		offers := 1
		if strings.Contains(media, "photo") { // of something broken, perhaps
			offers = 2
		}
		if len(m.Buttons) != offers || m.Buttons[offers-1].Data != string(bot.ChooseHuman) {
			t.Errorf("buttons %+v, want the offer of a person", m.Buttons)
		}
	}
}

// TestForgedWebhooksStoreNothing sends what does not come from the providers.
func TestForgedWebhooksStoreNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	form := w.twilio.Inbound("SM00000000000000000000000000000001", "+31612345678", smsNumber, "hoi")
	post := func(path, body string, header map[string]string) int {
		t.Helper()
		status, _, err := channeltest.Post(t.Context(), server.base+path, body, header)
		if err != nil {
			t.Fatal(err)
		}
		return status
	}
	formType := "application/x-www-form-urlencoded"
	wrong := channeltest.SignTwilio("other", publicURL+"/webhooks/twilio/sms", form)
	forHost := channeltest.SignTwilio(w.twilio.AuthToken, server.base+"/webhooks/twilio/sms", form)
	for _, tt := range []struct {
		name, path, body string
		header           map[string]string
		want             int
	}{
		{"unsigned SMS", "/webhooks/twilio/sms", form.Encode(), map[string]string{"Content-Type": formType}, http.StatusForbidden},
		{"wrongly signed SMS", "/webhooks/twilio/sms", form.Encode(), map[string]string{"Content-Type": formType, "X-Twilio-Signature": wrong}, http.StatusForbidden},
		{"signed for the address of the request", "/webhooks/twilio/sms", form.Encode(), map[string]string{"Content-Type": formType, "X-Twilio-Signature": forHost}, http.StatusForbidden},
		{"unsigned status", "/webhooks/twilio/status?message=1", "MessageStatus=delivered", map[string]string{"Content-Type": formType}, http.StatusForbidden},
		{"Telegram without secret", "/webhooks/telegram", channeltest.TextUpdate(1, 1, "hoi"), nil, http.StatusForbidden},
		{"Telegram with another secret", "/webhooks/telegram", channeltest.TextUpdate(1, 1, "hoi"), map[string]string{"X-Telegram-Bot-Api-Secret-Token": "x"}, http.StatusForbidden},
		{"Telegram that is not JSON", "/webhooks/telegram", "{", map[string]string{"X-Telegram-Bot-Api-Secret-Token": webhookSecret}, http.StatusBadRequest},
		{"WhatsApp is off", "/webhooks/twilio/whatsapp", form.Encode(), map[string]string{"Content-Type": formType}, http.StatusNotFound},
		{"voice is off", "/webhooks/twilio/voice", form.Encode(), map[string]string{"Content-Type": formType}, http.StatusNotFound},
	} {
		if got := post(tt.path, tt.body, tt.header); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
		}
	}
	counts, err := server.db.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []bot.Address{{Channel: bot.SMS, Account: smsNumber, User: "+31612345678"}, {Channel: bot.Telegram, Account: "123456", User: "1"}} {
		if _, err := server.db.Conversation(t.Context(), address); err == nil || counts.Inbox > 0 {
			t.Error("a forged message was stored")
		}
	}
}

func TestChannelsWithoutCredentialsAreNotThere(t *testing.T) {
	t.Parallel()
	server := start(t)
	for _, path := range []string{"/webhooks/twilio/sms", "/webhooks/twilio/status", "/webhooks/twilio/whatsapp", "/webhooks/twilio/voice", "/webhooks/telegram"} {
		status, _, err := channeltest.Post(t.Context(), server.base+path, "x=1", map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
		if err != nil || status != http.StatusNotFound {
			t.Errorf("%s: %d, %v; want 404", path, status, err)
		}
	}
}

// TestMetricsShowWhatWaits asks what an operator's monitoring asks.
func TestMetricsShowWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	if status, err := w.sms(t.Context(), server.base, "SM00000000000000000000000000000001", "+31612345678", "medewerker"); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	w.twilio.WaitForMessages(t, 1)
	answer, err := http.Get(server.base + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"balie_queue_waiting 1", "balie_inbox_waiting 0", "balie_outbox_failed 0", "balie_queue_oldest_seconds ", "balie_http_requests_total"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("metrics lack %q:\n%s", want, body)
		}
	}
	if strings.Contains(string(body), "31612345678") {
		t.Error("metrics hold a phone number")
	}
}

// TestTelegramByLongPolling serves a laptop without a public address.
func TestTelegramByLongPolling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	start(t, "BALIE_TELEGRAM_TOKEN", w.telegram.Token, "BALIE_TELEGRAM_API_BASE", w.telegram.URL())
	w.telegram.Push(t, channeltest.TextUpdate(10, 77, "kwil me paspoort verlenge"))
	w.telegram.Push(t, channeltest.ChoiceUpdate(11, 77, "query", string(bot.ChooseHuman)))
	w.telegram.WaitForText(t, 77, "Maak een afspraak")
	w.telegram.WaitForText(t, 77, "Ik vraag een medewerker")
}

// TestDeliveryReportsReachTheDesk follows a reply to the resident's phone.
func TestDeliveryReportsReachTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	w.twilio.ReportTo(server.base, "sent", "delivered", "sent")
	if status, err := w.sms(t.Context(), server.base, "SM00000000000000000000000000000001", "+31612345678", "hallo"); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	w.twilio.WaitForMessages(t, 1)
	hint, stop := server.hub.Subscribe("desk")
	defer stop()
	for {
		entries, err := server.db.Entries(t.Context(), 1, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		if last := entries[len(entries)-1]; last.Kind == bot.EntryReceipt && last.Status == bot.Delivered {
			return
		}
		select {
		case <-hint:
		case <-t.Context().Done():
			t.Fatal("the delivery report did not arrive")
		}
	}
}

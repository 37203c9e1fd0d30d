package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
)

// questions are asked in this order; no two answers in a row are alike, so that
// a doubled reply can be told from a second question.
var questions = []string{
	"kwil me paspoort verlenge", "wat zijn de openingstijden", "me rijbewijs is kwijt", "grofvuil ophalen", "hoe vraag ik een uittreksel aan",
	"ik ga verhuizen", "wat kost een parkeervergunning", "wanneer is de milieustraat open", "ik wil trouwen", "mijn kind is geboren",
}

// TestKillLosesNothing kills the program at random moments during 500 webhooks.
// The sender delivers again what was not answered with 200, as the providers do.
// Afterwards every message has its reply, in order; Twilio, which can be asked,
// got none twice; those that Telegram got twice are counted.
func TestKillLosesNothing(t *testing.T) {
	t.Parallel()
	const senders, kills = 25, 6 // of each channel; each asks all the questions
	w := newWorld(t)
	config, data := alwaysOpen(t), t.TempDir()
	listen := "127.0.0.1:0"
	server := spawn(t, config, data, listen, w.environ())
	listen = server.base[len("http://"):]
	var mu sync.RWMutex // held for writing while the server is replaced

	base := func() string {
		mu.RLock()
		defer mu.RUnlock()
		return server.base
	}
	deliver := func(post func(context.Context, string) (int, error)) {
		for t.Context().Err() == nil {
			if status, err := post(t.Context(), base()); err == nil && status == 200 {
				return
			}
			// A provider waits before it tries again; the pause also spreads the
			// messages over the kills.
			select {
			case <-time.After(20 * time.Millisecond):
			case <-t.Context().Done():
			}
		}
	}
	paused := func() { time.Sleep(time.Duration(rand.IntN(60)) * time.Millisecond) }

	var senderGroup sync.WaitGroup
	for i := range senders {
		senderGroup.Go(func() {
			for j, q := range questions {
				deliver(func(ctx context.Context, base string) (int, error) {
					return w.sms(ctx, base, fmt.Sprintf("SM%032x", i*100+j), fmt.Sprintf("+31611%06d", i), q)
				})
				paused()
			}
		})
		senderGroup.Go(func() {
			for j, q := range questions {
				update := channeltest.TextUpdate(int64(i*100+j+1), int64(1000+i), q)
				deliver(func(ctx context.Context, base string) (int, error) {
					return channeltest.PostTelegram(ctx, base, "/webhooks/telegram", webhookSecret, update)
				})
				paused()
			}
		})
	}
	for range kills {
		time.Sleep(time.Duration(50+rand.IntN(250)) * time.Millisecond)
		server.kill()
		next := spawn(t, config, data, listen, w.environ())
		mu.Lock()
		server = next
		mu.Unlock()
	}
	senderGroup.Wait()
	defer server.kill()

	wantSMS, wantTelegram := expected(t, bot.SMS, questions), expected(t, bot.Telegram, questions)
	for i := 1; i < len(questions); i++ {
		if wantSMS[i] == wantSMS[i-1] || wantTelegram[i] == wantTelegram[i-1] {
			t.Fatalf("two answers in a row are alike: %q", wantSMS[i])
		}
	}
	last := len(questions) - 1
	for i := range senders {
		w.twilio.WaitForText(t, fmt.Sprintf("+31611%06d", i), wantSMS[last])
		w.telegram.WaitForText(t, int64(1000+i), wantTelegram[last])
	}
	doubled := 0
	for i := range senders {
		number, chat := fmt.Sprintf("+31611%06d", i), int64(1000+i)
		var sms, telegram []string
		for _, m := range w.twilio.Messages() {
			if m.To == number {
				sms = append(sms, m.Body)
			}
		}
		for _, m := range w.telegram.Messages() {
			if m.Chat == chat {
				telegram = append(telegram, m.Text)
			}
		}
		if !slices.Equal(sms, wantSMS) {
			t.Errorf("%s got %d SMS, want the %d answers once each and in order:\n%q", number, len(sms), len(wantSMS), sms)
		}
		once := slices.Compact(slices.Clone(telegram))
		if !slices.Equal(once, wantTelegram) {
			t.Errorf("chat %d got %d messages, want the %d answers in order:\n%q", chat, len(telegram), len(wantTelegram), telegram)
		}
		doubled += len(telegram) - len(once)
	}
	const inFlight = 16 // sends under way at once
	if doubled > kills*inFlight {
		t.Errorf("%d replies were sent twice by Telegram, more than were under way at the kills", doubled)
	}
	t.Logf("%d messages, %d kills: 0 lost, 0 out of order, 0 SMS sent twice, %d Telegram messages sent twice",
		2*senders*len(questions), kills, doubled)
}

package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
)

func deadLetters(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31611111111", "twee"), b.message("+31622222222", "uno"))
	b.work(t, func(m bot.Received, s bot.State) (bot.Turn, error) {
		return bot.Turn{State: s, Dead: m.Text == "uno"}, map[bool]error{true: errors.New("boom")}[m.Text == "een"]
	})
	must(t, b.Bury(t.Context(), b.ready(t)[0], b.now, "boom"))
	equal(t, b.ready(t)[0].Text, "twee", "the one behind it goes on")
	letters, err := b.DeadLetters(t.Context())
	must(t, err)
	equal(t, len(letters), 2, "dead letters")
	equal(t, letters[0].Error, "boom", "error")
	counts, err := b.Counts(t.Context())
	must(t, err)
	equal(t, counts.Dead, 2, "counted")

	n, err := b.Replay(t.Context(), []int64{letters[0].ID, 999})
	must(t, err)
	equal(t, n, 1, "replayed")
	b.answer(t)
	var said []string
	for _, e := range b.entries(t, letters[0].Conversation, 0) {
		if e.Kind == bot.EntrySaid {
			said = append(said, e.Text)
		}
	}
	equal(t, said, []string{"een", "twee"}, "each stands in the record once")
	letters, err = b.DeadLetters(t.Context())
	must(t, err)
	equal(t, len(letters), 1, "dead letters after the replay")
}

func quietStaysQuiet(t *testing.T, b *bench) {
	m := b.message("+31611111111", "hoi")
	m.Quiet = true
	b.accept(t, m, b.message("+31611111111", "dag"))
	ready := b.ready(t)
	equal(t, []bool{ready[0].Quiet, ready[1].Quiet}, []bool{true, false}, "quiet")
}

func timersFireOnce(t *testing.T, b *bench) {
	due := b.now.Add(time.Minute)
	for _, user := range []string{"+31611111111", "+31622222222"} {
		b.accept(t, b.message(user, "hoi"))
	}
	b.work(t, func(_ bot.Received, s bot.State) (bot.Turn, error) {
		s.Due = due
		return bot.Turn{State: s}, nil
	})
	b.accept(t, b.message("+31633333333", "zonder"))
	b.answer(t)
	tick := func(s *store.Store, fn func(bot.State) (bot.Turn, error)) int {
		n, err := s.Tick(context.Background(), b.now, b.now.Add(time.Hour), 10, func(_ int64, s bot.State, channel bot.Channel) (bot.Turn, error) {
			equal(t, channel, bot.SMS, "channel")
			return fn(s)
		})
		must(t, err)
		return n
	}
	done := func(s bot.State) (bot.Turn, error) {
		s.Due = time.Time{}
		return bot.Turn{State: s, Messages: []bot.Message{{Text: "tijd"}}}, nil
	}
	equal(t, tick(b.Store, done), 0, "before the moment")
	b.now = due
	boom := 0
	tick(b.Store, func(bot.State) (bot.Turn, error) { boom++; return bot.Turn{}, errors.New("boom") })
	equal(t, boom, 2, "timers that failed")
	equal(t, tick(b.Store, done), 0, "at once after a failure")
	b.now = b.now.Add(time.Hour)

	stores := []*store.Store{b.Store}
	if b.Shared() {
		stores = append(stores, b.reopen(), b.reopen())
	}
	var wg sync.WaitGroup
	for _, s := range stores {
		wg.Go(func() { tick(s, done) })
	}
	wg.Wait()
	tick(b.Store, done)
	equal(t, texts(b.claim(t)), []string{"re: zonder", "tijd", "tijd"}, "messages")
}

func tasksBeginOnce(t *testing.T, b *bench) {
	stores := []*store.Store{b.Store, b.Store}
	if b.Shared() {
		stores = append(stores, b.reopen(), b.reopen())
	}
	for round := range 2 {
		began := make(chan bool, len(stores))
		var wg sync.WaitGroup
		for _, s := range stores {
			wg.Go(func() {
				ok, err := s.Begin(context.Background(), "erase", b.now, b.now.Add(time.Hour))
				if err != nil {
					t.Error(err)
				}
				began <- ok
			})
		}
		wg.Wait()
		close(began)
		n := 0
		for ok := range began {
			if ok {
				n++
			}
		}
		equal(t, n, 1, fmt.Sprint("who began in round ", round))
		b.now = b.now.Add(time.Hour)
	}
}

func resendIsANewMessage(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"))
	b.answer(t)
	m := b.claim(t)[0]
	anna := bot.Staff{ID: 1, Name: "Anna"}
	resend := func(key string) error { return b.Resend(t.Context(), m.Conversation, m.ID, key, anna, b.now) }
	if err := resend("early"); !errors.Is(err, bot.ErrNotFailed) {
		t.Fatalf("Resend of a message under way = %v", err)
	}
	b.end(t, m, bot.Delivery{Status: bot.Failed, Code: "twilio.30003"})
	found, err := b.Undelivered(t.Context())
	must(t, err)
	equal(t, len(found), 1, "undelivered")
	must(t, resend("form"))
	must(t, resend("form"))
	if err := b.Dismiss(t.Context(), m.Conversation, m.ID, "other", anna, b.now); !errors.Is(err, bot.ErrNotFailed) {
		t.Fatalf("Dismiss after Resend = %v", err)
	}
	again := b.claim(t)
	equal(t, texts(again), []string{"re: hoi"}, "sent again")
	equal(t, again[0].Attempts, 0, "tries of the new message")
	found, err = b.Undelivered(t.Context())
	must(t, err)
	equal(t, len(found), 0, "undelivered after it was sent again")
	entries := b.entries(t, m.Conversation, 0)
	equal(t, entries[1].Resolved, true, "the first one is dealt with")
	equal(t, entries[1].Code, "twilio.30003", "and keeps its error")
}

func segmentsOfToday(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "gisteren"))
	b.answer(t)
	b.now = b.now.Add(24 * time.Hour)
	b.accept(t, b.message("+31611111111", "een"), b.message("+31622222222", "twee"))
	b.answer(t)
	n, last, err := b.Segments(t.Context(), b.now.Add(-time.Hour), 0)
	must(t, err)
	equal(t, n, 2, "segments")
	b.accept(t, b.message("+31611111111", "drie"))
	b.answer(t)
	n, newest, err := b.Segments(t.Context(), b.now.Add(-time.Hour), last)
	must(t, err)
	equal(t, n, 1, "segments since then")
	n, same, err := b.Segments(t.Context(), b.now.Add(-time.Hour), newest)
	must(t, err)
	equal(t, n, 0, "segments when there are no more")
	equal(t, same, newest, "the last")
}

// listenersHear changes a conversation through one store and listens at another
// one, where the engine is for several processes.
func listenersHear(t *testing.T, b *bench) {
	listener := b.Store
	if b.Shared() {
		listener = b.reopen()
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	heard := make(chan int64, 1000)
	var wg sync.WaitGroup
	wg.Go(func() { _ = listener.Listen(ctx, func(conversation int64) { heard <- conversation }) })
	patience := time.After(20 * time.Second)
	m := b.message("+31611111111", "hoi")
	b.accept(t, m)
	b.answer(t)
	want := b.conversation(t, m.User)
	for {
		// Whether it listens already cannot be seen, so there is something to hear
		// until it does.
		select {
		case got := <-heard:
			if got == want {
				cancel()
				wg.Wait()
				return
			}
		case <-patience:
			t.Fatal("nothing was heard")
		case <-time.After(50 * time.Millisecond):
			b.accept(t, b.message(m.User, "hoi"))
			b.answer(t)
		}
	}
}

// deliverFromManySides takes and ends the messages of many conversations from
// several stores at once: each is taken once, and in order.
func deliverFromManySides(t *testing.T, b *bench) {
	const users, each = 15, 4
	for i := range each {
		for u := range users {
			b.accept(t, b.message(fmt.Sprintf("+316000000%02d", u), fmt.Sprint(i)))
		}
	}
	b.answer(t)
	stores := []*store.Store{b.Store, b.Store}
	if b.Shared() {
		stores = append(stores, b.reopen(), b.reopen())
	}
	var mu sync.Mutex
	got := map[string][]string{}
	total := 0
	var wg sync.WaitGroup
	for _, s := range stores {
		wg.Go(func() {
			var ended []bot.Delivery
			for {
				taken, err := s.Deliver(context.Background(), ended, bot.SMS, b.now, b.now.Add(time.Hour), 3)
				if err != nil {
					t.Error(err)
					return
				}
				ended = nil
				mu.Lock()
				for _, m := range taken {
					got[m.User] = append(got[m.User], m.Text)
					total++
					ended = append(ended, bot.Delivery{Outbound: m.ID, Conversation: m.Conversation, Status: bot.Sent, ProviderID: fmt.Sprint("out", m.ID)})
				}
				over := total == users*each
				mu.Unlock()
				if over && len(ended) == 0 {
					return
				}
			}
		})
	}
	wg.Wait()
	for user, texts := range got {
		equal(t, texts, []string{"re: 0", "re: 1", "re: 2", "re: 3"}, "messages to "+user)
	}
}

func tickets(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31622222222", "twee"))
	b.work(t, func(m bot.Received, s bot.State) (bot.Turn, error) {
		return bot.Turn{State: s, Tickets: []bot.Ticket{{
			Reference: "REF-" + m.Text, Form: bot.FormReport, CreatedAt: b.now,
			Answers: []bot.TicketAnswer{{Question: "what", Answer: "lamp 'kapot'"}, {Question: "where", Answer: ""}},
		}}}, nil
	})
	open, err := b.OpenTickets(t.Context())
	must(t, err)
	equal(t, len(open), 2, "open tickets")
	first := open[0]
	equal(t, first.Answers, []bot.TicketAnswer{{Question: "what", Answer: "lamp 'kapot'"}, {Question: "where", Answer: ""}}, "answers")
	equal(t, first.CreatedAt.Equal(b.now), true, "moment")
	own, err := b.Tickets(t.Context(), first.Conversation)
	must(t, err)
	equal(t, own, []bot.Ticket{first}, "those of the conversation")

	anna, bram := bot.Staff{ID: 1, Name: "Anna"}, bot.Staff{ID: 2, Name: "Bram"}
	must(t, b.FinishTicket(t.Context(), first.ID, anna, b.now))
	must(t, b.FinishTicket(t.Context(), first.ID, bram, b.now.Add(time.Hour)))
	own, err = b.Tickets(t.Context(), first.Conversation)
	must(t, err)
	equal(t, own[0].DoneBy, anna, "the first one counts")
	open, err = b.OpenTickets(t.Context())
	must(t, err)
	equal(t, len(open), 1, "open tickets")
	if err := b.FinishTicket(t.Context(), 999, anna, b.now); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an unknown ticket: %v", err)
	}

	_, err = b.EraseBefore(t.Context(), b.now.Add(time.Hour))
	must(t, err)
	own, err = b.Tickets(t.Context(), first.Conversation)
	must(t, err)
	equal(t, len(own[0].Answers), 0, "erased answers")
	equal(t, own[0].Reference, first.Reference, "what is kept")
}

// photos are kept until the words from their time are erased, and belong to a message.
func photos(t *testing.T, b *bench) {
	ctx := t.Context()
	m := b.message("+31612345678", "")
	m.Kind, m.Photo = bot.KindMedia, bot.NewPhotoID(bot.WebChat, "key")
	b.accept(t, m)
	var conversation int64
	b.work(t, func(got bot.Received, s bot.State) (bot.Turn, error) {
		conversation = got.Conversation
		equal(t, got.Photo, m.Photo, "photo of the message")
		return bot.Turn{State: s}, nil
	})
	entries, err := b.Entries(ctx, conversation, 0, 10)
	must(t, err)
	equal(t, len(entries) > 0 && entries[0].Photo == m.Photo, true, "photo in the transcript")

	data := []byte{0xff, 0xd8, 0, '\'', 0xff}
	must(t, b.KeepPhoto(ctx, "key", data, b.now))
	must(t, b.KeepPhoto(ctx, "key", []byte("another"), b.now))
	got, err := b.KeptPhoto(ctx, "key")
	must(t, err)
	equal(t, got, data, "kept photo")
	must(t, b.HasPhoto(ctx, conversation, m.Photo))
	for name, err := range map[string]error{
		"of another conversation": b.HasPhoto(ctx, conversation+1, m.Photo),
		"unknown":                 b.HasPhoto(ctx, conversation, "webchat:other"),
		"empty":                   b.HasPhoto(ctx, conversation, ""),
	} {
		if !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a photo %s: %v", name, err)
		}
	}

	_, err = b.EraseBefore(ctx, b.now)
	must(t, err)
	must(t, b.HasPhoto(ctx, conversation, m.Photo))
	_, err = b.EraseBefore(ctx, b.now.Add(time.Hour))
	must(t, err)
	if _, err := b.KeptPhoto(ctx, "key"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("an old photo is still there: %v", err)
	}
	if err := b.HasPhoto(ctx, conversation, m.Photo); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("where an old photo is, is still known: %v", err)
	}
}

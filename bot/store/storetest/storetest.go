// Package storetest is the conformance suite of a store: what the pipeline, the
// web chat and the desk rely on, whatever the engine behind it.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
)

// Open returns an empty store and a function that opens the same database again.
type Open func(t *testing.T) (s *store.Store, reopen func() *store.Store)

// Run runs the suite.
func Run(t *testing.T, open Open) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *bench){
		"AcceptStoresOnce":            acceptStoresOnce,
		"AcceptKeepsAccountsApart":    acceptKeepsAccountsApart,
		"WorkKeepsOrder":              workKeepsOrder,
		"WorkCommitsAllOrNothing":     workCommitsAllOrNothing,
		"WorkPassesTheStateOn":        workPassesTheStateOn,
		"WorkRunsOnce":                workRunsOnce,
		"PostponeHoldsTheOthersBack":  postponeHoldsTheOthersBack,
		"ActCountsOnce":               actCountsOnce,
		"ActHasOneWinner":             actHasOneWinner,
		"ClaimKeepsOrder":             claimKeepsOrder,
		"ExpiredLeaseIsDoubtful":      expiredLeaseIsDoubtful,
		"RetryKeepsItsPlace":          retryKeepsItsPlace,
		"ReceiptsOnlyForward":         receiptsOnlyForward,
		"EarlyReceiptEndsTheSend":     earlyReceiptEndsTheSend,
		"Unrecorded":                  unrecorded,
		"PulledChannelNeedsNoCourier": pulledChannelNeedsNoCourier,
		"OptedOutHearsNothing":        optedOutHearsNothing,
		"TranscriptResumes":           transcriptResumes,
		"QueueOrder":                  queueOrder,
		"Photos":                      photos,
		"AccountsAndSessions":         accountsAndSessions,
		"SurvivesReopening":           survivesReopening,
		"OddTexts":                    oddTexts,
		"EraseBefore":                 eraseBefore,
		"DeadLetters":                 deadLetters,
		"QuietStaysQuiet":             quietStaysQuiet,
		"Tickets":                     tickets,
		"TimersFireOnce":              timersFireOnce,
		"TasksBeginOnce":              tasksBeginOnce,
		"ResendIsANewMessage":         resendIsANewMessage,
		"SegmentsOfToday":             segmentsOfToday,
		"ListenersHear":               listenersHear,
		"DeliverFromManySides":        deliverFromManySides,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, reopen := open(t)
			test(t, &bench{Store: s, reopen: reopen, now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)})
		})
	}
}

// bench is a store with the helpers of the tests.
type bench struct {
	*store.Store
	reopen func() *store.Store
	now    time.Time
	sent   int
}

func (b *bench) message(user, text string) bot.Inbound {
	b.sent++
	return bot.Inbound{
		Address:    bot.Address{Channel: bot.SMS, Account: "+3197010240000", User: user},
		ProviderID: fmt.Sprintf("SM%04d", b.sent), Kind: bot.KindText, Text: text, ReceivedAt: b.now,
	}
}

func (b *bench) accept(t *testing.T, messages ...bot.Inbound) []bool {
	t.Helper()
	fresh, err := b.Accept(t.Context(), messages)
	must(t, err)
	return fresh
}

// work processes what waits, once, with fn, and returns the messages it was
// offered.
func (b *bench) work(t *testing.T, fn func(bot.Received, bot.State) (bot.Turn, error)) []bot.Received {
	t.Helper()
	var offered []bot.Received
	_, _, err := b.Work(t.Context(), b.now, 100, func(batch []bot.Received) []bot.Decide {
		offered = batch
		var then []bot.Decide
		for _, m := range batch {
			then = append(then, func(s bot.State) (bot.Turn, error) { return fn(m, s) })
		}
		return then
	})
	must(t, err)
	return offered
}

// ready are the messages that may be processed now; it processes none.
func (b *bench) ready(t *testing.T) []bot.Received {
	t.Helper()
	return b.work(t, func(bot.Received, bot.State) (bot.Turn, error) { return bot.Turn{}, errors.New("not now") })
}

func repeat(m bot.Received, s bot.State) (bot.Turn, error) {
	return bot.Turn{State: s, Messages: []bot.Message{{Text: "re: " + m.Text, Source: "test", Segments: 1}}}, nil
}

// answer processes all that is ready with a reply that repeats the message.
func (b *bench) answer(t *testing.T) {
	t.Helper()
	for len(b.work(t, repeat)) > 0 {
	}
}

func (b *bench) claim(t *testing.T) []bot.Outbound {
	t.Helper()
	claimed, err := b.Deliver(t.Context(), nil, bot.SMS, b.now, b.now.Add(time.Minute), 100)
	must(t, err)
	return claimed
}

// end records how a send ended.
func (b *bench) end(t *testing.T, m bot.Outbound, d bot.Delivery) {
	t.Helper()
	d.Outbound, d.Conversation = m.ID, m.Conversation
	_, err := b.Deliver(t.Context(), []bot.Delivery{d}, bot.SMS, b.now, b.now, 0)
	must(t, err)
}

func (b *bench) conversation(t *testing.T, user string) int64 {
	t.Helper()
	id, err := b.Conversation(t.Context(), bot.Address{Channel: bot.SMS, Account: "+3197010240000", User: user})
	must(t, err)
	return id
}

func (b *bench) entries(t *testing.T, conversation, since int64) []bot.Entry {
	t.Helper()
	entries, err := b.Entries(t.Context(), conversation, since, 100)
	must(t, err)
	return entries
}

// receipt takes in what the provider says, and checks whose message it was.
func (b *bench) receipt(t *testing.T, m bot.Outbound, status bot.DeliveryStatus) {
	t.Helper()
	conversation, err := b.Receipt(t.Context(), bot.Receipt{Outbound: m.ID, ProviderID: "SMout", Status: status}, b.now)
	must(t, err)
	equal(t, conversation, m.Conversation, "conversation of the receipt")
}

// hand puts a conversation in the queue.
func (b *bench) hand(t *testing.T, user string, urgent bool) int64 {
	t.Helper()
	b.accept(t, b.message(user, "medewerker"))
	b.work(t, func(_ bot.Received, s bot.State) (bot.Turn, error) {
		s.Owner, s.QueuedAt, s.Urgent = bot.OwnedByQueue, b.now, urgent
		return bot.Turn{State: s}, nil
	})
	return b.conversation(t, user)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func equal[T any](t *testing.T, got, want T, what string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func texts(outbound []bot.Outbound) []string {
	var all []string
	for _, o := range outbound {
		all = append(all, o.Text)
	}
	return all
}

func acceptStoresOnce(t *testing.T, b *bench) {
	m := b.message("+31611111111", "hoi")
	other := b.message("+31611111111", "nog een")
	equal(t, b.accept(t, m), []bool{true}, "first delivery")
	equal(t, b.accept(t, m, other, m), []bool{false, true, false}, "delivered again")
	b.answer(t)
	m.Text = "anders"
	equal(t, b.accept(t, m), []bool{false}, "delivered again after it was answered")
	equal(t, len(b.ready(t)), 0, "ready")
	equal(t, texts(b.claim(t)), []string{"re: hoi"}, "replies")

	var wg sync.WaitGroup
	counts := make(chan bool, 20)
	late := b.message("+31622222222", "tegelijk")
	for range 20 {
		wg.Go(func() {
			fresh, err := b.Accept(context.Background(), []bot.Inbound{late})
			counts <- err == nil && fresh[0]
		})
	}
	wg.Wait()
	close(counts)
	n := 0
	for fresh := range counts {
		if fresh {
			n++
		}
	}
	equal(t, n, 1, "of 20 deliveries at once, new ones")
}

func acceptKeepsAccountsApart(t *testing.T, b *bench) {
	m := b.message("+31611111111", "hoi")
	other := m
	other.Account = "+3197010240001"
	telegram := m
	telegram.Channel = bot.Telegram
	equal(t, b.accept(t, m, other, telegram), []bool{true, true, true}, "the same id on other accounts and channels")
	equal(t, len(b.ready(t)), 3, "conversations")
}

func workKeepsOrder(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31622222222", "uno"), b.message("+31611111111", "twee"))
	var got []string
	for _, m := range b.ready(t) {
		got = append(got, m.User+" "+m.Text)
	}
	equal(t, got, []string{"+31611111111 een", "+31622222222 uno", "+31611111111 twee"}, "ready")
	b.answer(t)
	first := b.claim(t)
	equal(t, texts(first), []string{"re: een", "re: uno"}, "first claim")
}

// workPassesTheStateOn processes a conversation's messages in one batch: each
// finds the state that the one before it left, and none is processed after one
// that failed.
func workPassesTheStateOn(t *testing.T, b *bench) {
	for _, text := range []string{"0", "1", "boom", "3"} {
		b.accept(t, b.message("+31611111111", text))
	}
	var seen []int
	b.work(t, func(m bot.Received, s bot.State) (bot.Turn, error) {
		if m.Text == "boom" {
			return bot.Turn{}, errors.New("boom")
		}
		seen = append(seen, s.Failures)
		s.Failures++
		return bot.Turn{State: s}, nil
	})
	equal(t, seen, []int{0, 1}, "failures before each message")
	equal(t, b.ready(t)[0].Text, "boom", "the first that is left")
	must(t, b.Postpone(t.Context(), b.ready(t)[0].ID, b.now, "boom"))
	equal(t, b.ready(t)[0].Text, "boom", "the first that is left when it is due again")
}

func workCommitsAllOrNothing(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"), b.message("+31622222222", "dag"))
	m := b.work(t, func(m bot.Received, s bot.State) (bot.Turn, error) {
		if m.Text == "hoi" {
			return bot.Turn{}, errors.New("boom")
		}
		return repeat(m, s)
	})[0]
	equal(t, len(b.ready(t)), 1, "ready after one of two failed")
	equal(t, len(b.entries(t, m.Conversation, 0)), 0, "entries of the one that failed")

	b.work(t, func(_ bot.Received, s bot.State) (bot.Turn, error) {
		s.Owner, s.Topic = bot.OwnedByQueue, "paspoort"
		return bot.Turn{
			State:         s,
			Messages:      []bot.Message{{Text: "a", Choices: []bot.Choice{{ID: bot.ChooseBot, Label: "Terug"}}, Source: "x"}, {Text: "b"}},
			Understanding: bot.Understanding{Decision: bot.Answer, Candidates: []bot.Candidate{{Intent: "paspoort", Confidence: 0.75}}},
		}, nil
	})
	var kinds []bot.EntryKind
	entries := b.entries(t, m.Conversation, 0)
	for _, e := range entries {
		kinds = append(kinds, e.Kind)
	}
	equal(t, kinds, []bot.EntryKind{bot.EntrySaid, bot.EntryReplied, bot.EntryReplied, bot.EntryOwner}, "entries")
	equal(t, entries[0].Intent, bot.Intent("paspoort"), "intent")
	equal(t, entries[1].Message.Choices, []bot.Choice{{ID: bot.ChooseBot, Label: "Terug"}}, "choices")
	summary, err := b.Summary(t.Context(), m.Conversation)
	must(t, err)
	equal(t, summary.State.Topic, bot.Intent("paspoort"), "state")
}

// workRunsOnce processes the messages of many conversations from two stores on
// one database at once, where the engine is for several processes: each is
// processed once and in order.
func workRunsOnce(t *testing.T, b *bench) {
	const users, each = 20, 5
	var all []bot.Inbound
	for i := range each {
		for u := range users {
			all = append(all, b.message(fmt.Sprintf("+316000000%02d", u), fmt.Sprint(i)))
		}
	}
	b.accept(t, all...)
	stores := []*store.Store{b.Store}
	if b.Shared() {
		stores = append(stores, b.reopen(), b.reopen())
	}
	var mu sync.Mutex
	said := map[string][]string{}
	var wg sync.WaitGroup
	for _, s := range stores {
		wg.Go(func() {
			for more := true; more; {
				var err error
				_, more, err = s.Work(context.Background(), b.now, 3, func(batch []bot.Received) []bot.Decide {
					var then []bot.Decide
					for _, m := range batch {
						mu.Lock()
						said[m.User] = append(said[m.User], m.Text)
						mu.Unlock()
						then = append(then, func(s bot.State) (bot.Turn, error) { return repeat(m, s) })
					}
					return then
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	for b.work(t, repeat) != nil {
	}
	equal(t, len(said), users, "conversations")
	for user, texts := range said {
		equal(t, texts, []string{"0", "1", "2", "3", "4"}, "messages of "+user)
	}
}

func postponeHoldsTheOthersBack(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31611111111", "twee"), b.message("+31622222222", "uno"))
	first := b.ready(t)[0]
	must(t, b.Postpone(t.Context(), first.ID, b.now.Add(time.Second), "boom"))
	ready := b.ready(t)
	equal(t, len(ready), 1, "ready")
	equal(t, ready[0].Text, "uno", "another conversation goes on; the second message does not overtake the first")
	b.now = b.now.Add(time.Second)
	again := b.ready(t)[1] // after the one that never failed
	equal(t, again.Text, "een", "ready again")
	equal(t, again.Attempts, 1, "attempts")
}

func actCountsOnce(t *testing.T, b *bench) {
	id := b.hand(t, "+31611111111", false)
	say := func(s bot.State, channel bot.Channel) (bot.Turn, error) {
		equal(t, channel, bot.SMS, "channel")
		return bot.Turn{State: s, Messages: []bot.Message{{Author: bot.Author{Name: "Anna"}, Text: "Dag"}}}, nil
	}
	for range 2 {
		must(t, b.Act(t.Context(), id, "form-1", "said", bot.Staff{ID: 1, Name: "Anna"}, b.now, say))
	}
	claimed := b.claim(t)
	equal(t, texts(claimed), []string{"Dag"}, "one form sent twice")
	equal(t, claimed[0].Author.Name, "Anna", "author")
	if err := b.Act(t.Context(), 999, "form-2", "said", bot.Staff{ID: 1}, b.now, say); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("Act on no conversation = %v", err)
	}
}

func actHasOneWinner(t *testing.T, b *bench) {
	id := b.hand(t, "+31611111111", false)
	var wg sync.WaitGroup
	won := make(chan int64, 10)
	for i := range int64(10) {
		wg.Go(func() {
			staff := bot.Staff{ID: i + 1, Name: fmt.Sprint("Staff ", i+1)}
			err := b.Act(context.Background(), id, fmt.Sprint("claim-", i), "claimed", staff, b.now, func(s bot.State, _ bot.Channel) (bot.Turn, error) {
				if s.Owner != bot.OwnedByQueue {
					return bot.Turn{}, &bot.TakenError{By: s.Staff}
				}
				s.Owner, s.Staff = bot.OwnedByStaff, staff
				return bot.Turn{State: s}, nil
			})
			var taken *bot.TakenError
			switch {
			case err == nil:
				won <- staff.ID
			case !errors.As(err, &taken) || taken.By.ID == 0:
				t.Errorf("a loser is not told who won: %v", err)
			}
		})
	}
	wg.Wait()
	close(won)
	equal(t, len(won), 1, "winners of ten claims")
	summary, err := b.Summary(t.Context(), id)
	must(t, err)
	equal(t, summary.State.Staff.ID, <-won, "owner")
}

func claimKeepsOrder(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31611111111", "twee"), b.message("+31622222222", "uno"))
	b.answer(t)
	first := b.claim(t)
	equal(t, texts(first), []string{"re: een", "re: uno"}, "first of each conversation")
	equal(t, len(b.claim(t)), 0, "while those are under way")
	b.end(t, first[0], bot.Delivery{Status: bot.Sent, ProviderID: "SMout1"})
	equal(t, texts(b.claim(t)), []string{"re: twee"}, "when the first is sent")
}

func expiredLeaseIsDoubtful(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"))
	b.answer(t)
	first := b.claim(t)[0]
	equal(t, first.Doubtful, false, "first try is doubtful")
	b.now = b.now.Add(30 * time.Second)
	equal(t, len(b.claim(t)), 0, "while the lease runs")
	b.now = b.now.Add(30 * time.Second)
	second := b.claim(t)[0]
	equal(t, second.Doubtful, true, "second try is doubtful")
	equal(t, second.Attempts, 1, "attempts before it")
	equal(t, second.FirstTry, b.now.Add(-time.Minute), "first try")
}

func retryKeepsItsPlace(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31611111111", "twee"))
	b.answer(t)
	m := b.claim(t)[0]
	b.end(t, m, bot.Delivery{Status: bot.Queued, Again: b.now.Add(time.Second), Code: "twilio.20429"})
	equal(t, len(b.claim(t)), 0, "the second message does not overtake")
	b.now = b.now.Add(time.Second)
	again := b.claim(t)
	equal(t, texts(again), []string{"re: een"}, "claimed again")
	equal(t, again[0].Doubtful, false, "a refused send is doubtful")
	b.end(t, m, bot.Delivery{Status: bot.Queued, Again: b.now, Code: "timeout", Doubtful: true})
	equal(t, b.claim(t)[0].Doubtful, true, "a cut-off send is doubtful")
	b.end(t, m, bot.Delivery{Status: bot.Failed, Code: "twilio.21610"})
	equal(t, texts(b.claim(t)), []string{"re: twee"}, "after giving up")
	summary, err := b.Summary(t.Context(), m.Conversation)
	must(t, err)
	equal(t, summary.Undeliver, 1, "undeliverable replies")
	b.accept(t, b.message("+31622222222", "drie"))
	counts, err := b.Counts(t.Context())
	must(t, err)
	equal(t, counts, store.Counts{Inbox: 1, Outbox: 1, Failed: 1}, "counts")
	for _, e := range b.entries(t, m.Conversation, 0) {
		if e.Kind == bot.EntryReceipt && e.Code != "twilio.20429" {
			t.Fatalf("the first error is not kept: %q", e.Code)
		}
	}
}

func receiptsOnlyForward(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"))
	b.answer(t)
	m := b.claim(t)[0]
	b.end(t, m, bot.Delivery{Status: bot.Sent, ProviderID: "SMout"})
	status := func() bot.DeliveryStatus {
		entries := b.entries(t, m.Conversation, 0)
		return entries[len(entries)-1].Status
	}
	for _, step := range []struct{ receipt, want bot.DeliveryStatus }{
		{bot.Queued, bot.Sent},
		{bot.Delivered, bot.Delivered},
		{bot.Sent, bot.Delivered},
		{bot.Delivered, bot.Delivered},
		{bot.Failed, bot.Delivered},
		{bot.Read, bot.Read},
		{bot.Delivered, bot.Read},
	} {
		b.receipt(t, m, step.receipt)
		equal(t, status(), step.want, "after "+string(step.receipt))
	}
	n := 0
	for _, e := range b.entries(t, m.Conversation, 0) {
		if e.Kind == bot.EntryReceipt {
			n++
		}
	}
	equal(t, n, 3, "receipts recorded: sent, delivered, read")
	for _, r := range []bot.Receipt{{Outbound: 999, Status: bot.Sent}, {Outbound: m.ID, ProviderID: "SMother", Status: bot.Read}} {
		if _, err := b.Receipt(t.Context(), r, b.now); !errors.Is(err, bot.ErrNotFound) {
			t.Fatalf("Receipt(%+v) = %v, want not found", r, err)
		}
	}
}

func earlyReceiptEndsTheSend(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"))
	b.answer(t)
	m := b.claim(t)[0]
	b.receipt(t, m, bot.Delivered)
	b.now = b.now.Add(time.Hour)
	equal(t, len(b.claim(t)), 0, "claimable although the provider has told that it has the message")
	b.end(t, m, bot.Delivery{Status: bot.Sent, ProviderID: "SMout"})
}

func unrecorded(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "hoi"))
	b.answer(t)
	b.end(t, b.claim(t)[0], bot.Delivery{Status: bot.Sent, ProviderID: "SM1"})
	for _, tt := range []struct {
		ids  []string
		want string
		ok   bool
	}{{nil, "", false}, {[]string{"SM1"}, "", false}, {[]string{"SM1", "SM2", "SM3"}, "SM2", true}} {
		got, ok, err := b.Unrecorded(t.Context(), tt.ids)
		must(t, err)
		if got != tt.want || ok != tt.ok {
			t.Fatalf("Unrecorded(%v) = %q, %v", tt.ids, got, ok)
		}
	}
}

func pulledChannelNeedsNoCourier(t *testing.T, b *bench) {
	m := b.message("session", "hoi")
	m.Channel = bot.WebChat
	b.accept(t, m)
	b.answer(t)
	equal(t, len(b.claim(t)), 0, "claimable")
	other, err := b.Deliver(t.Context(), nil, bot.WebChat, b.now, b.now.Add(time.Minute), 100)
	must(t, err)
	equal(t, len(other), 0, "claimable of the channel itself")
	id, err := b.Conversation(t.Context(), m.Address)
	must(t, err)
	entries := b.entries(t, id, 0)
	equal(t, entries[1].Status, bot.Sent, "status")
}

func optedOutHearsNothing(t *testing.T, b *bench) {
	id := b.hand(t, "+31611111111", false)
	must(t, b.Act(t.Context(), id, "k", "said", bot.Staff{ID: 1}, b.now, func(s bot.State, _ bot.Channel) (bot.Turn, error) {
		s.OptedOut = true
		return bot.Turn{State: s, Messages: []bot.Message{{Author: bot.Author{Name: "Anna"}, Text: "Dag"}}}, nil
	}))
	equal(t, len(b.claim(t)), 0, "claimable")
	summary, err := b.Summary(t.Context(), id)
	must(t, err)
	equal(t, summary.Undeliver, 1, "undeliverable replies")
}

func transcriptResumes(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"), b.message("+31622222222", "uno"), b.message("+31611111111", "twee"))
	b.answer(t)
	id := b.conversation(t, "+31611111111")
	all := b.entries(t, id, 0)
	var words []string
	for i, e := range all {
		words = append(words, e.Text+e.Message.Text)
		if i > 0 && e.ID <= all[i-1].ID {
			t.Fatal("ids do not grow")
		}
	}
	equal(t, words, []string{"een", "re: een", "twee", "re: twee"}, "transcript")
	equal(t, b.entries(t, id, all[1].ID), all[2:], "resumed after the second entry")
	newest, err := b.Newest(t.Context(), id, 3)
	must(t, err)
	equal(t, newest, all[1:], "newest three")
	if _, err := b.Conversation(t.Context(), bot.Address{Channel: bot.SMS, User: "nobody"}); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("Conversation of nobody = %v", err)
	}
}

func queueOrder(t *testing.T, b *bench) {
	first := b.hand(t, "+31611111111", false)
	b.now = b.now.Add(time.Minute)
	second := b.hand(t, "+31622222222", false)
	b.now = b.now.Add(time.Minute)
	urgent := b.hand(t, "+31633333333", true)
	ids := func(list []bot.Summary, err error) []int64 {
		must(t, err)
		var ids []int64
		for _, s := range list {
			ids = append(ids, s.ID)
		}
		return ids
	}
	equal(t, ids(b.Waiting(t.Context())), []int64{urgent, first, second}, "waiting")
	equal(t, ids(b.Owned(t.Context())), nil, "owned")
	must(t, b.Act(t.Context(), second, "k", "claimed", bot.Staff{ID: 7}, b.now, func(s bot.State, _ bot.Channel) (bot.Turn, error) {
		s.Owner, s.Staff = bot.OwnedByStaff, bot.Staff{ID: 7, Name: "Anna"}
		return bot.Turn{State: s}, nil
	}))
	equal(t, ids(b.Waiting(t.Context())), []int64{urgent, first}, "waiting after a claim")
	equal(t, ids(b.Owned(t.Context())), []int64{second}, "owned after a claim")
	counts, err := b.Counts(t.Context())
	must(t, err)
	equal(t, counts, store.Counts{Waiting: 2, OldestWaiting: b.now.Add(-2 * time.Minute)}, "counts")
}

func accountsAndSessions(t *testing.T, b *bench) {
	ctx := t.Context()
	n, err := b.Accounts(ctx)
	must(t, err)
	equal(t, n, 0, "accounts")
	account := bot.Account{Staff: bot.Staff{Name: "Anna"}, Username: "a.jansen", PasswordHash: "hash"}
	account.ID, err = b.AddAccount(ctx, account, b.now)
	must(t, err)
	if _, err := b.AddAccount(ctx, account, b.now); !errors.Is(err, store.ErrUsernameTaken) {
		t.Fatalf("second account with the username: %v", err)
	}
	got, err := b.AccountByUsername(ctx, "a.jansen")
	must(t, err)
	equal(t, got, account, "account")
	if _, err := b.AccountByUsername(ctx, "niemand"); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("unknown account: %v", err)
	}
	must(t, b.OpenSession(ctx, "token", account.ID, "csrf", b.now.Add(time.Hour)))
	in, csrf, err := b.Session(ctx, "token", b.now)
	must(t, err)
	equal(t, in, bot.Account{Staff: account.Staff, Username: account.Username}, "session")
	equal(t, csrf, "csrf", "csrf token")
	if _, _, err := b.Session(ctx, "token", b.now.Add(time.Hour)); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("expired session: %v", err)
	}
	must(t, b.PurgeSessions(ctx, b.now))
	_, _, err = b.Session(ctx, "token", b.now)
	must(t, err)
	must(t, b.CloseSession(ctx, "token"))
	if _, _, err := b.Session(ctx, "token", b.now); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("closed session: %v", err)
	}
}

func survivesReopening(t *testing.T, b *bench) {
	b.accept(t, b.message("+31611111111", "een"))
	b.answer(t)
	b.claim(t)
	b.accept(t, b.message("+31611111111", "twee"))
	must(t, b.Close())
	b.Store = b.reopen()
	equal(t, b.ready(t)[0].Text, "twee", "ready after reopening")
	equal(t, len(b.claim(t)), 0, "claimable while the lease runs: the send may be under way still")
	b.now = b.now.Add(time.Minute)
	again := b.claim(t)
	equal(t, texts(again), []string{"re: een"}, "claimed after reopening")
	equal(t, again[0].Doubtful, true, "doubtful after reopening")
	must(t, b.Ping(t.Context()))
}

func oddTexts(t *testing.T, b *bench) {
	for i, text := range []string{"", "🙂🙃", "שלום مرحبا", "'; DROP TABLE inbox; --", "a\nb", `{"json": [1]}`, "$1 $2 ?1"} {
		user := fmt.Sprintf("+3161111%04d", i)
		b.accept(t, b.message(user, text))
		b.answer(t)
		entries := b.entries(t, b.conversation(t, user), 0)
		equal(t, entries[0].Text, text, "text")
		equal(t, entries[1].Message.Text, "re: "+text, "reply")
	}
}

func eraseBefore(t *testing.T, b *bench) {
	old := b.message("+31611111111", "mijn geheim")
	b.accept(t, old, b.message("+31633333333", "wacht op Anna"))
	b.answer(t)
	for _, m := range b.claim(t) {
		b.end(t, m, bot.Delivery{Status: bot.Sent, ProviderID: fmt.Sprint("out", m.ID)})
	}
	waiting := b.hand(t, "+31644444444", false)
	silent := b.conversation(t, "+31611111111")
	b.now = b.now.Add(29 * 24 * time.Hour)
	b.accept(t, b.message("+31622222222", "nieuw"), b.message("+31633333333", "nog een"))
	b.answer(t)

	n, err := b.EraseBefore(t.Context(), b.now.Add(-28*24*time.Hour))
	must(t, err)
	equal(t, n, 5, "messages erased: two said, two replied, one that waits")
	for _, e := range b.entries(t, silent, 0) {
		equal(t, e.Text+e.Message.Text, "", "words of a silent resident")
	}
	if _, err := b.Conversation(t.Context(), old.Address); !errors.Is(err, bot.ErrNotFound) {
		t.Fatalf("the address of a silent resident is still known: %v", err)
	}
	equal(t, b.entries(t, b.conversation(t, "+31622222222"), 0)[0].Text, "nieuw", "words of today")
	equal(t, b.conversation(t, "+31644444444"), waiting, "who waits keeps the address")
	equal(t, b.accept(t, old), []bool{false}, "a late duplicate is still a duplicate")
	equal(t, texts(b.claim(t)), []string{"re: nieuw", "re: nog een"}, "replies still to be sent")
	n, err = b.EraseBefore(t.Context(), b.now.Add(-28*24*time.Hour))
	must(t, err)
	equal(t, n, 0, "erased the second time")
}

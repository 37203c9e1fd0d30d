package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/bot/store"
)

// hopeless makes even the hand-off of a failed message fail.
var hopeless atomic.Bool

// echo is a dialogue that repeats what was said, and goes wrong on request.
type echo struct{}

func (echo) Step(s bot.State, now bot.Moment, ev bot.Event) (bot.State, []bot.Reply, error) {
	key := ""
	switch ev := ev.(type) {
	case bot.Said:
		switch ev.Text {
		case "panic":
			panic("a resident's words")
		case "hopeless":
			s.Topic = "hopeless"
			return s, nil, errors.New("no words for this")
		case "remind":
			s.Due = now.At.Add(time.Hour)
		}
		key = ev.Text
		if now.Budget != bot.WithinBudget {
			key = fmt.Sprint("budget ", now.Budget)
		}
	case bot.SaidTooMuch:
		key = "too much"
	case bot.TimeIsUp:
		key = "time is up"
	case bot.OptedOut:
		s.OptedOut = true
		return s, nil, nil
	case bot.BotFailed:
		if h := hopeless.Load(); h {
			return s, nil, errors.New("not even that")
		}
		key = "failed"
	case bot.Claimed:
		return s, nil, &bot.TakenError{By: bot.Staff{ID: 2, Name: "Bram"}}
	case bot.StaffSaid:
		key = ev.Text
	default:
		return s, nil, fmt.Errorf("unexpected event %T", ev)
	}
	return s, []bot.Reply{{Parts: []bot.Part{{Key: key}}}}, nil
}

func (echo) Render(_ bot.Channel, r bot.Reply) (bot.Message, error) {
	return bot.Message{Text: "re: " + r.Parts[0].Key}, nil
}

func (echo) Understand(string) bot.Understanding { return bot.Understanding{} }

func (echo) At(time.Time) bot.Availability { return bot.Availability{Open: true} }

// provider records what it accepted. fail, when set, decides before acceptance,
// cut after it.
type provider struct {
	mu       sync.Mutex
	accepted []bot.Outbound
	tries    int
	fail     func(try int, m bot.Outbound) error
	cut      func(try int, m bot.Outbound) error
}

func (p *provider) Send(_ context.Context, m bot.Outbound) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tries++
	if p.fail != nil {
		if err := p.fail(p.tries, m); err != nil {
			return "", err
		}
	}
	p.accepted = append(p.accepted, m)
	if p.cut != nil {
		if err := p.cut(p.tries, m); err != nil {
			return "", err
		}
	}
	return fmt.Sprint("SM", len(p.accepted)), nil
}

func (p *provider) texts(user string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var texts []string
	for _, m := range p.accepted {
		if m.User == user {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// asked is a provider that can be asked what it accepted.
type asked struct{ provider }

func (p *asked) Accepted(_ context.Context, m bot.Outbound) ([]string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var ids []string
	for i, a := range p.accepted {
		if a.User == m.User && a.Text == m.Text {
			ids = append(ids, fmt.Sprint("SM", i+1))
		}
	}
	return ids, nil
}

type line struct {
	db        *store.Store
	receiver  *pipeline.Receiver
	processor *pipeline.Processor
	actions   *pipeline.Actions
	courier   *pipeline.Courier
	costs     *pipeline.Costs
	log       *strings.Builder
	stop      func()
}

// start runs a whole pipeline on a new database until the test ends. It must be
// called in a synctest bubble, where waiting costs no time.
func start(t *testing.T, sender pipeline.Sender) *line {
	t.Helper()
	return startOn(t, filepath.Join(t.TempDir(), "balie.db"), bySMS(sender), pipeline.Pace{}, pipeline.Ceilings{})
}

func bySMS(sender pipeline.Sender) map[bot.Channel]pipeline.Sender {
	return map[bot.Channel]pipeline.Sender{bot.SMS: sender}
}

func startOn(t *testing.T, file string, senders map[bot.Channel]pipeline.Sender, pace pipeline.Pace, ceilings pipeline.Ceilings) *line {
	t.Helper()
	db, err := store.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{db: db, log: &strings.Builder{}}
	log := slog.New(slog.NewTextHandler(&locked{w: l.log}, nil))
	l.costs = pipeline.NewCosts(db, ceilings, func(text string) int { return len(text) }, time.UTC, time.Now, log)
	brain := pipeline.Brain{Dialogue: echo{}, Understander: echo{}, Renderer: echo{}, Hours: echo{}, Costs: l.costs}
	l.processor = pipeline.NewProcessor(db, brain, 1, time.Now, log)
	l.receiver = pipeline.NewReceiver(db, l.processor, pace, log)
	l.actions = pipeline.NewActions(db, l.processor)
	l.courier = pipeline.NewCourier(db, l.processor, l.actions, senders, time.Now, log)
	timers := pipeline.NewTimers(db, l.processor)

	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for _, run := range []func(context.Context) error{l.receiver.Run, l.processor.Run, l.courier.Run, timers.Run, l.costs.Run} {
		wg.Go(func() { _ = run(ctx) })
	}
	l.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(l.stop)
	return l
}

type locked struct {
	mu sync.Mutex
	w  *strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func sms(user, id, text string) bot.Inbound {
	return bot.Inbound{
		Address:    bot.Address{Channel: bot.SMS, Account: "+3197010240000", User: user},
		ProviderID: id, Kind: bot.KindText, Text: text, ReceivedAt: time.Now(),
	}
}

func (l *line) receive(t *testing.T, m bot.Inbound) bool {
	t.Helper()
	fresh, err := l.receiver.Receive(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return fresh
}

// settle lets all work that is due within the time be done.
func settle(within time.Duration) {
	time.Sleep(within)
	synctest.Wait()
}

func TestEveryMessageIsAnsweredOnceAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		flaky := &provider{fail: func(try int, _ bot.Outbound) error {
			if try%3 == 0 {
				return &bot.SendError{Code: "twilio.20429", RetryAfter: time.Second, Err: errors.New("slow down")}
			}
			return nil
		}}
		l := start(t, flaky)
		const users, each = 12, 8
		var wg sync.WaitGroup
		for u := range users {
			wg.Go(func() {
				user := fmt.Sprintf("+316000000%02d", u)
				for i := range each {
					m := sms(user, fmt.Sprintf("%d-%d", u, i), fmt.Sprint(i))
					if !l.receive(t, m) {
						t.Errorf("message %d of %s is not new", i, user)
					}
					if i%2 == 0 && l.receive(t, m) {
						t.Errorf("message %d of %s is new twice", i, user)
					}
				}
			})
		}
		wg.Wait()
		settle(5 * time.Minute)
		for u := range users {
			user := fmt.Sprintf("+316000000%02d", u)
			var want []string
			for i := range each {
				want = append(want, fmt.Sprint("re: ", i))
			}
			if diff := cmp.Diff(want, flaky.texts(user)); diff != "" {
				t.Errorf("replies to %s (-want +got):\n%s", user, diff)
			}
		}
	})
}

func TestMessageThatCannotBeProcessedCallsAPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "panic"))
		l.receive(t, sms("+31611111111", "2", "erna"))
		l.receive(t, sms("+31622222222", "3", "ander"))
		synctest.Wait()
		if got := p.texts("+31622222222"); !slices.Equal(got, []string{"re: ander"}) {
			t.Errorf("another conversation is held up: %q", got)
		}
		settle(5 * time.Minute)
		if diff := cmp.Diff([]string{"re: failed", "re: erna"}, p.texts("+31611111111")); diff != "" {
			t.Errorf("replies (-want +got):\n%s", diff)
		}
		if strings.Contains(l.log.String(), "a resident's words") {
			t.Error("the log holds what a resident said")
		}
	})
}

func TestRefusedMessageIsGivenUpAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{fail: func(_ int, m bot.Outbound) error {
			if m.Text == "re: een" {
				return &bot.SendError{Code: "twilio.30006", Permanent: true, Err: errors.New("landline")}
			}
			return nil
		}}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "een"))
		l.receive(t, sms("+31611111111", "2", "twee"))
		settle(5 * time.Minute)
		if diff := cmp.Diff([]string{"re: twee"}, p.texts("+31611111111")); diff != "" {
			t.Errorf("replies (-want +got):\n%s", diff)
		}
		if p.tries != 2 {
			t.Errorf("%d sends, want 2: a permanent error is not tried again", p.tries)
		}
	})
}

func TestProviderThatIsDownForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		back := time.Now().Add(20 * time.Minute)
		p := &provider{fail: func(int, bot.Outbound) error {
			if time.Now().Before(back) {
				return &bot.SendError{Code: "twilio.503", Err: errors.New("unavailable")}
			}
			return nil
		}}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "hoi"))
		settle(time.Hour)
		if diff := cmp.Diff([]string{"re: hoi"}, p.texts("+31611111111")); diff != "" {
			t.Errorf("replies (-want +got):\n%s", diff)
		}
		if p.tries > 60 {
			t.Errorf("%d sends in an hour: the delay does not grow", p.tries)
		}
	})
}

func cutFirst(try int, _ bot.Outbound) error {
	if try == 1 {
		return errors.New("connection reset after the request was read")
	}
	return nil
}

func TestDoubtfulMessageIsAskedForBeforeItIsSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &asked{provider{cut: cutFirst}}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "hoi"))
		settle(5 * time.Minute)
		l.receive(t, sms("+31611111111", "2", "hoi"))
		settle(5 * time.Minute)
		if got := p.texts("+31611111111"); len(got) != 2 || p.tries != 2 {
			t.Errorf("%d sends and %q, want one send for each of two questions", p.tries, got)
		}
	})
}

func TestDoubtfulMessageIsSentAgainWhereNobodyCanBeAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{cut: cutFirst}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "hoi"))
		settle(5 * time.Minute)
		if got := p.texts("+31611111111"); len(got) != 2 {
			t.Errorf("%q, want the message twice: at least once is the promise", got)
		}
	})
}

func TestActReportsWhoHasIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &provider{}
		l := start(t, p)
		l.receive(t, sms("+31611111111", "1", "hoi"))
		synctest.Wait()
		var taken *bot.TakenError
		if err := l.actions.Act(t.Context(), 1, "k", bot.Claimed{Staff: bot.Staff{ID: 1}}); !errors.As(err, &taken) || taken.By.Name != "Bram" {
			t.Errorf("Act = %v", err)
		}
		if err := l.actions.Act(t.Context(), 1, "k2", bot.StaffSaid{Staff: bot.Staff{ID: 1}, Text: "dag"}); err != nil {
			t.Error(err)
		}
		settle(5 * time.Minute)
		if diff := cmp.Diff([]string{"re: hoi", "re: dag"}, p.texts("+31611111111")); diff != "" {
			t.Errorf("messages (-want +got):\n%s", diff)
		}
		if err := l.actions.Act(t.Context(), 1, "k3", bot.Said{}); err == nil {
			t.Error("a resident's message passed as an action of staff")
		}
	})
}

// stuck is a store that never finishes.
type stuck struct{ release chan struct{} }

func (s stuck) Accept(context.Context, []bot.Inbound) ([]bool, error) {
	<-s.release
	return nil, errors.New("disk full")
}

func TestTooManyMessagesAreRefusedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := stuck{release: make(chan struct{})}
		log := slog.New(slog.DiscardHandler)
		processor := pipeline.NewProcessor(nil, pipeline.Brain{}, 1, time.Now, log)
		receiver := pipeline.NewReceiver(s, processor, pipeline.Pace{}, log)
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _ = receiver.Run(ctx) })
		const sent = 3000
		errs := make(chan error, sent)
		for i := range sent {
			wg.Go(func() {
				_, err := receiver.Receive(context.Background(), sms("+31611111111", fmt.Sprint(i), "hoi"))
				errs <- err
			})
		}
		synctest.Wait()
		busy := len(errs)
		if busy < sent-1200 {
			t.Errorf("only %d of %d were refused at once", busy, sent)
		}
		cancel()
		close(s.release)
		wg.Wait()
		close(errs)
		for err := range errs {
			if err == nil {
				t.Fatal("a message that was not stored counts as received")
			}
		}
	})
}

package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/balie-nl/balie/bot"
)

const (
	batchSize    = 64
	workers      = 4
	maxAttempts  = 5               // to process a message before a person is called instead
	sweepEvery   = 5 * time.Second // in case a wake-up was lost
	retryProcess = 2 * time.Second // times the number of the attempt
)

// ConversationStore is where conversations are kept.
type ConversationStore interface {
	// Ready returns messages that wait and may be processed now, at most the first
	// of each conversation.
	Ready(ctx context.Context, now time.Time, limit int) ([]bot.Received, error)
	// Step locks the message's conversation, passes its state to fn and commits
	// what fn returns with the message's completion. It does nothing when the
	// message was processed meanwhile.
	Step(ctx context.Context, m bot.Received, now time.Time, fn func(bot.State) (bot.Turn, error)) error
	// Postpone records a failure and when to try again.
	Postpone(ctx context.Context, id int64, at time.Time, why string) error
	// Act does what Step does for an action of staff, once per key. An error of fn
	// comes back as it is.
	Act(ctx context.Context, conversation int64, key, kind string, staff bot.Staff, now time.Time, fn func(bot.State, bot.Channel) (bot.Turn, error)) error
}

// Processor answers stored messages: those of one conversation in order, those
// of different conversations side by side.
type Processor struct {
	store    ConversationStore
	brain    Brain
	now      Clock
	notifier Notifier
	log      *slog.Logger
	wake     chan struct{}
	deliver  chan struct{} // wakes the courier
}

// NewProcessor makes a processor; Run must run for it to work.
func NewProcessor(store ConversationStore, brain Brain, now Clock, notifier Notifier, log *slog.Logger) *Processor {
	return &Processor{
		store: store, brain: brain, now: now, notifier: notifier, log: log,
		wake: make(chan struct{}, 1), deliver: make(chan struct{}, 1),
	}
}

// Run processes messages until ctx ends. What it has begun it finishes.
func (p *Processor) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		ready, err := p.store.Ready(ctx, p.now(), batchSize)
		if err != nil && ctx.Err() == nil {
			p.log.Error("inbox could not be read", "err", err)
		}
		if len(ready) == 0 {
			wait(ctx, p.wake, sweepEvery)
			continue
		}
		p.all(context.WithoutCancel(ctx), ready)
	}
	return nil
}

// all processes messages of different conversations.
func (p *Processor) all(ctx context.Context, ready []bot.Received) {
	work := make(chan bot.Received)
	var wg sync.WaitGroup
	for range min(workers, len(ready)) {
		wg.Go(func() {
			for m := range work {
				p.one(ctx, m)
			}
		})
	}
	for _, m := range ready {
		work <- m
	}
	close(work)
	wg.Wait()
	wakeUp(p.deliver)
}

func (p *Processor) one(ctx context.Context, m bot.Received) {
	err := p.process(ctx, m)
	if err != nil {
		attempt := m.Attempts + 1
		p.log.Error("message could not be processed", "conversation", m.Conversation, "message", m.ID, "attempt", attempt, "err", err)
		at := p.now().Add(time.Duration(attempt) * retryProcess)
		if err := p.store.Postpone(ctx, m.ID, at, err.Error()); err != nil {
			p.log.Error("failure could not be recorded", "message", m.ID, "err", err)
			wait(ctx, nil, time.Second) // the store is down: do not spin
		}
		return
	}
	p.notifier.Notify(m.Conversation)
}

// process answers one message. A panic becomes an error, so that one message
// can never stop the others. After maxAttempts the resident is handed to a
// person instead.
func (p *Processor) process(ctx context.Context, m bot.Received) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pipeline: panic at %s", firstFrames(debug.Stack()))
		}
	}()
	var ev bot.Event = bot.BotFailed{}
	if m.Attempts < maxAttempts {
		ev = p.brain.event(m.Inbound)
	}
	return p.store.Step(ctx, m, p.now(), func(state bot.State) (bot.Turn, error) {
		return p.brain.turn(state, m.Channel, p.now(), ev)
	})
}

// firstFrames cuts a stack trace short. The panic's own value is left out: it
// may hold words of a resident.
func firstFrames(stack []byte) string {
	const enough = 1500
	return string(stack[:min(len(stack), enough)])
}

// Act carries out what a staff member does at the desk and returns after the
// commit. The key makes a form that is sent twice count once. It fails with
// *bot.TakenError, bot.ErrNotOwner or bot.ErrNotFound when the action is refused.
func (p *Processor) Act(ctx context.Context, conversation int64, key string, ev bot.Event) error {
	var kind string
	var staff bot.Staff
	switch ev := ev.(type) {
	case bot.Claimed:
		kind, staff = "claimed", ev.Staff
	case bot.StaffSaid:
		kind, staff = "said", ev.Staff
	case bot.Released:
		kind, staff = "released", ev.Staff
	case bot.Closed:
		kind, staff = "closed", ev.Staff
	default:
		return fmt.Errorf("pipeline: %T is not an action of staff", ev)
	}
	now := p.now()
	err := p.store.Act(ctx, conversation, key, kind, staff, now, func(state bot.State, channel bot.Channel) (bot.Turn, error) {
		return p.brain.turn(state, channel, now, ev)
	})
	if err != nil {
		return err
	}
	wakeUp(p.deliver)
	p.notifier.Notify(conversation)
	return nil
}

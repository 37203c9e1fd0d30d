package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/balie-nl/balie/bot"
)

const (
	batchSize    = 64
	smallBatch   = 8                     // while messages come in
	quiet        = 2 * time.Millisecond  // after which none are coming in
	maxAttempts  = 5                     // to process a message before a person is called instead
	sweepEvery   = 2 * time.Second       // in case a wake-up was lost, or another process has too much
	skippedWait  = 20 * time.Millisecond // when what waits was locked just now
	retryProcess = 2 * time.Second       // times the number of the attempt
	storeLimit   = 10 * time.Second      // for one transaction
	downWait     = time.Second           // between tries while the store is down
)

// While this many messages wait to be stored, taking them in comes before
// answering others: a provider that hears nothing in time sends again. Between
// rounds the processor then rests for so many times as long as a round takes, but
// never longer than maxRest, so that answers go on.
const (
	crowd   = 8
	rest    = 8
	maxRest = 100 * time.Millisecond
)

// WorkStore is where messages wait to be processed.
type WorkStore interface {
	// Work takes up to limit messages that wait, those of one conversation in order,
	// and none of a conversation that another process works on. It passes them to
	// read, which may take its time and returns for each what to do with the
	// conversation's state; what those functions return is committed for all
	// together. A message whose function fails stays as it is, and so do those behind
	// it. It returns how many were completed, and whether more wait.
	Work(ctx context.Context, now time.Time, limit int, read func([]bot.Received) []bot.Decide) (done int, more bool, err error)
	// Postpone records a failure and when to try again.
	Postpone(ctx context.Context, id int64, at time.Time, why string) error
	// Bury keeps a message as a dead letter, so that those behind it can go on.
	Bury(ctx context.Context, m bot.Received, now time.Time, why string) error
}

// Processor answers stored messages: those of one conversation in order, those
// of different conversations side by side.
type Processor struct {
	store   WorkStore
	brain   Brain
	now     Clock
	log     *slog.Logger
	workers int
	wake    chan struct{}
	deliver chan struct{} // wakes the courier
	// receiving is how many messages the receiver holds that are not yet stored, and
	// received when the last of them came, in unix nanoseconds.
	receiving, received atomic.Int64
}

// NewProcessor makes a processor; Run must run for it to work. More than one
// worker needs a store that keeps them apart.
func NewProcessor(store WorkStore, brain Brain, workers int, now Clock, log *slog.Logger) *Processor {
	return &Processor{
		store: store, brain: brain, now: now, log: log, workers: workers,
		wake: make(chan struct{}, 1), deliver: make(chan struct{}, 1),
	}
}

// Run processes messages until ctx ends. What it has begun it finishes.
func (p *Processor) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	for range p.workers {
		wg.Go(func() { p.work(ctx) })
	}
	wg.Wait()
	return nil
}

func (p *Processor) work(ctx context.Context) {
	alone := 0 // how many messages to take one at a time, after a batch failed
	for ctx.Err() == nil {
		limit := p.batch()
		if alone > 0 {
			limit = 1
			alone--
		}
		began := p.now()
		done, more, failed := p.round(context.WithoutCancel(ctx), limit)
		switch {
		case failed > 1:
			alone = failed
		case failed == 1:
			wait(ctx, nil, downWait)
		case done > 0:
			wakeUp(p.deliver)
			if p.receiving.Load() >= crowd {
				wait(ctx, nil, min(rest*p.now().Sub(began), maxRest))
			}
			if more {
				wakeUp(p.wake) // another worker
			}
		case more:
			wait(ctx, p.wake, skippedWait)
		default:
			wait(ctx, p.wake, sweepEvery)
		}
	}
}

// batch is how many messages share a transaction: many cost less, but whoever
// waits for the next commit waits for all of them.
func (p *Processor) batch() int {
	if p.now().UnixNano()-p.received.Load() < int64(quiet) {
		return smallBatch
	}
	return batchSize
}

// round processes one batch. When the store fails it reports in failed how many
// messages were in it, at least 1: taken one at a time, only the one that is the
// cause is held back.
func (p *Processor) round(ctx context.Context, limit int) (done int, more bool, failed int) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	var batch []bot.Received
	var problems []error
	done, more, err := p.store.Work(ctx, p.now(), limit, func(messages []bot.Received) []bot.Decide {
		batch, problems = messages, make([]error, len(messages))
		return p.read(ctx, messages, problems)
	})
	if err != nil {
		p.log.Error("messages could not be processed", "count", len(batch), "err", err)
		if len(batch) == 1 {
			p.postpone(ctx, batch[0], err)
		}
		return 0, true, max(1, len(batch))
	}
	for i, problem := range problems {
		if problem != nil {
			p.postpone(ctx, batch[i], problem)
		}
	}
	return done, more, 0
}

// read makes out what the messages mean, on all processors but one, and returns
// what to do about each. A message that has failed too often calls a person instead.
func (p *Processor) read(ctx context.Context, messages []bot.Received, problems []error) []bot.Decide {
	decisions := make([]bot.Decide, len(messages))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(max(1, runtime.GOMAXPROCS(0)-1), len(messages)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(messages)); i = next.Add(1) - 1 {
				decisions[i] = p.decision(ctx, messages[i], &problems[i])
				runtime.Gosched() // who sends a message waits; an answer can wait for that
			}
		})
	}
	wg.Wait()
	return decisions
}

func (p *Processor) decision(ctx context.Context, m bot.Received, problem *error) bot.Decide {
	hopeless := m.Attempts >= maxAttempts
	var ev bot.Event = bot.BotFailed{}
	if !hopeless {
		*problem = contained(func() (err error) {
			ev, err = p.brain.event(ctx, m)
			return err
		})
	}
	return func(state bot.State) (turn bot.Turn, err error) {
		if *problem == nil {
			*problem = contained(func() (err error) {
				turn, err = p.brain.turn(state, m.Address, p.now(), ev)
				turn.Dead = hopeless
				return err
			})
		}
		return turn, *problem
	}
}

// contained turns a panic into an error, so that one message can never stop the
// others.
func contained(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("pipeline: panic at %s", firstFrames(debug.Stack()))
		}
	}()
	return fn()
}

// postpone puts off a message that failed, or buries it when not even calling a
// person works.
func (p *Processor) postpone(ctx context.Context, m bot.Received, problem error) {
	attempt := m.Attempts + 1
	log := p.log.With("conversation", m.Conversation, "message", m.ID, "attempt", attempt)
	log.Error("message could not be processed", "err", problem)
	now := p.now()
	var err error
	if m.Attempts > maxAttempts {
		log.Error("message is a dead letter; see balie deadletter list")
		err = p.store.Bury(ctx, m, now, problem.Error())
	} else {
		err = p.store.Postpone(ctx, m.ID, now.Add(time.Duration(attempt)*retryProcess), problem.Error())
	}
	if err != nil {
		log.Error("failure could not be recorded", "err", err)
	}
}

package pipeline

import (
	"context"
	"log/slog"
	"time"

	"github.com/balie-nl/balie/bot"
)

const (
	tickEvery = time.Second
	tickBatch = 64
	tickAgain = time.Minute // after a timer that failed
)

// TimerStore keeps the timers of conversations: each is a moment in a row.
type TimerStore interface {
	// Tick takes up to limit conversations whose timer has run out, and none that
	// another process works on, and commits what fn returns for each; where fn
	// fails the timer is set to again. It returns how many were handled.
	Tick(ctx context.Context, now, again time.Time, limit int, fn func(conversation int64, state bot.State, channel bot.Channel) (bot.Turn, error)) (int, error)
}

// Timers lets happen what is due. What fell due while no process ran happens at
// the next start, once.
type Timers struct {
	store   TimerStore
	brain   Brain
	now     Clock
	log     *slog.Logger
	deliver chan<- struct{}
}

// NewTimers makes the timers; Run must run for them to work.
func NewTimers(store TimerStore, p *Processor) *Timers {
	return &Timers{store: store, brain: p.brain, now: p.now, log: p.log, deliver: p.deliver}
}

// Run looks every second for what is due, until ctx ends.
func (t *Timers) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := t.tick(context.WithoutCancel(ctx))
		switch {
		case err != nil && ctx.Err() == nil:
			t.log.Error("timers could not be read", "err", err)
		case n > 0:
			wakeUp(t.deliver)
		}
		if n < tickBatch {
			wait(ctx, nil, tickEvery)
		}
	}
	return nil
}

func (t *Timers) tick(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	now := t.now()
	return t.store.Tick(ctx, now, now.Add(tickAgain), tickBatch, func(conversation int64, state bot.State, channel bot.Channel) (turn bot.Turn, err error) {
		state.Due = time.Time{}
		err = contained(func() (err error) {
			turn, err = t.brain.turn(state, bot.Address{Channel: channel}, now, bot.TimeIsUp{})
			return err
		})
		if err != nil {
			t.log.Error("timer failed", "conversation", conversation, "err", err)
		}
		return turn, err
	})
}

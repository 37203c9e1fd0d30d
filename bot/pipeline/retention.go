package pipeline

import (
	"context"
	"log/slog"
	"time"
)

const (
	eraseEvery = time.Hour
	eraseTask  = "erase"
	askEvery   = time.Minute
)

// RetentionStore is where conversations are erased.
type RetentionStore interface {
	// Begin reports whether a periodic task is due, and if so sets its next moment;
	// of several processes one is told so.
	Begin(ctx context.Context, task string, now, next time.Time) (bool, error)
	// EraseBefore removes the words of messages from before the moment, and the
	// address of residents who were silent since. It returns how many messages
	// were erased. Keys stay, so that a late duplicate stays a duplicate.
	EraseBefore(context.Context, time.Time) (int64, error)
}

// Retention erases conversations after the time that residents are told.
type Retention struct {
	store RetentionStore
	keep  time.Duration
	now   Clock
	log   *slog.Logger
}

// NewRetention keeps words for the given time; Run must run for it to work.
func NewRetention(store RetentionStore, keep time.Duration, now Clock, log *slog.Logger) *Retention {
	return &Retention{store: store, keep: keep, now: now, log: log}
}

// Run erases every hour, whichever process is first, until ctx ends.
func (r *Retention) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := r.erase(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			r.log.Error("old conversations could not be erased", "err", err)
		case n > 0:
			r.log.Info("old messages erased", "count", n)
		}
		wait(ctx, nil, askEvery)
	}
	return nil
}

func (r *Retention) erase(ctx context.Context) (int64, error) {
	now := r.now()
	due, err := r.store.Begin(ctx, eraseTask, now, now.Add(eraseEvery))
	if err != nil || !due {
		return 0, err
	}
	return r.store.EraseBefore(ctx, now.Add(-r.keep))
}

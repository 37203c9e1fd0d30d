package pipeline

import (
	"context"
	"log/slog"
	"time"
)

const eraseEvery = time.Hour

// RetentionStore is where conversations are erased.
type RetentionStore interface {
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

// Run erases at once and then every hour, until ctx ends.
func (r *Retention) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		n, err := r.store.EraseBefore(ctx, r.now().Add(-r.keep))
		switch {
		case err != nil && ctx.Err() == nil:
			r.log.Error("old conversations could not be erased", "err", err)
		case n > 0:
			r.log.Info("old messages erased", "count", n)
		}
		wait(ctx, nil, eraseEvery)
	}
	return nil
}

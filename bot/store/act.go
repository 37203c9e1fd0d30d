package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// update runs one statement in a transaction of its own.
func (s *Store) update(ctx context.Context, doing, statement string, args ...any) error {
	err := s.engine.write(ctx, somebody, func(t tx) error { return t.exec(ctx, nil, statement, args...) })
	if err != nil {
		return fmt.Errorf("store: %s: %w", doing, err)
	}
	return nil
}

// lockConversation keeps other processes from the conversation until the end of
// the transaction, and returns what it is needed for.
func lockConversation(ctx context.Context, t tx, conversation int64) (channel bot.Channel, state string, err error) {
	err = one(ctx, t, `SELECT channel, state FROM conversation WHERE id = $1 FOR NO KEY UPDATE`, []any{conversation}, &channel, &state)
	return channel, state, err
}

func decodeState(text string) (bot.State, error) {
	var state bot.State
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		return bot.State{}, fmt.Errorf("decode state: %w", err)
	}
	return state, nil
}

// refusedError marks an error of a decision, which is the caller's own.
type refusedError struct{ error }

func (e refusedError) Unwrap() error { return e.error }

// Act applies what a staff member did to a conversation, once per key: a form
// that is sent twice changes nothing the second time. An error of fn comes back
// unwrapped, so that the caller can tell who has the conversation.
func (s *Store) Act(ctx context.Context, conversation int64, key, kind string, staff bot.Staff, now time.Time, fn func(bot.State, bot.Channel) (bot.Turn, error)) error {
	err := s.engine.write(ctx, somebody, func(t tx) error {
		channel, state, err := lockConversation(ctx, t, conversation)
		if err != nil {
			return err
		}
		fresh, err := record(ctx, t, conversation, key, kind, staff, now)
		if err != nil || !fresh {
			return err
		}
		before, err := decodeState(state)
		if err != nil {
			return err
		}
		turn, err := fn(before, channel)
		if err != nil {
			return refusedError{err}
		}
		return saveTurn(ctx, t, conversation, channel, before, turn, now)
	})
	var refused refusedError
	if errors.As(err, &refused) {
		return refused.error
	}
	if err != nil {
		return fmt.Errorf("store: act: %w", err)
	}
	return nil
}

// record notes what staff did; false when the same form was sent before.
func record(ctx context.Context, t tx, conversation int64, key, kind string, staff bot.Staff, now time.Time) (bool, error) {
	var done int64
	err := one(ctx, t, `
		INSERT INTO action (conversation, key, kind, staff, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (conversation, key) DO NOTHING RETURNING 1`,
		[]any{conversation, key, kind, staff.ID, millis(now)}, &done)
	if errors.Is(err, bot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

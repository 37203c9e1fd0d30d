package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Accept stores messages in one transaction. For each it reports whether it is
// new: false means that the provider delivered it before, and that nothing was
// stored. An error means that none was stored.
func (s *Store) Accept(ctx context.Context, messages []bot.Inbound) ([]bool, error) {
	fresh := make([]bool, len(messages))
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for i, m := range messages {
			known, err := isKnown(ctx, tx, m)
			if err != nil {
				return err
			}
			if known {
				continue
			}
			conversation, err := conversationFor(ctx, tx, m.Address, m.ReceivedAt)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, q(`
				INSERT INTO inbox (conversation, channel, account, provider_id, kind, text, choice, received_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`),
				conversation, m.Channel, m.Account, m.ProviderID, m.Kind, m.Text, m.Choice, millis(m.ReceivedAt)); err != nil {
				return fmt.Errorf("insert: %w", err)
			}
			fresh[i] = true
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: accept: %w", err)
	}
	return fresh, nil
}

// isKnown reports whether the provider delivered the message before. The
// transaction holds the only write lock, so nobody can store it meanwhile.
func isKnown(ctx context.Context, tx *sql.Tx, m bot.Inbound) (bool, error) {
	var id int64
	err := tx.QueryRowContext(ctx, q(`SELECT id FROM inbox WHERE channel = $1 AND account = $2 AND provider_id = $3`),
		m.Channel, m.Account, m.ProviderID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// conversationFor returns the conversation with an address, and makes it when it
// is the first message.
func conversationFor(ctx context.Context, tx *sql.Tx, a bot.Address, now time.Time) (int64, error) {
	var id int64
	err := tx.QueryRowContext(ctx, q(`SELECT id FROM conversation WHERE channel = $1 AND account = $2 AND user_address = $3`),
		a.Channel, a.Account, a.User).Scan(&id)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	state := bot.NewState()
	text, err := json.Marshal(state)
	if err != nil {
		return 0, fmt.Errorf("encode state: %w", err)
	}
	err = tx.QueryRowContext(ctx, q(`
		INSERT INTO conversation (channel, account, user_address, owner, state, created_at)
		VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`),
		a.Channel, a.Account, a.User, state.Owner, string(text), millis(now)).Scan(&id)
	return id, err
}

// Ready returns messages that wait to be processed and may be now: at most the
// first of each conversation, oldest first.
func (s *Store) Ready(ctx context.Context, now time.Time, limit int) ([]bot.Received, error) {
	rows, err := s.read.QueryContext(ctx, q(`
		SELECT i.id, i.conversation, i.attempts, i.channel, i.account, c.user_address, i.provider_id, i.kind, i.text, i.choice, i.received_at
		FROM inbox i JOIN conversation c ON c.id = i.conversation
		WHERE i.done_at = 0 AND i.try_at <= $1
		AND i.id = (SELECT MIN(e.id) FROM inbox e WHERE e.conversation = i.conversation AND e.done_at = 0)
		ORDER BY i.id LIMIT $2`), millis(now), limit)
	if err != nil {
		return nil, fmt.Errorf("store: ready: %w", err)
	}
	defer rows.Close()
	var ready []bot.Received
	for rows.Next() {
		var r bot.Received
		var at int64
		if err := rows.Scan(&r.ID, &r.Conversation, &r.Attempts, &r.Channel, &r.Account, &r.User, &r.ProviderID, &r.Kind, &r.Text, &r.Choice, &at); err != nil {
			return nil, fmt.Errorf("store: ready: %w", err)
		}
		r.ReceivedAt = moment(at)
		ready = append(ready, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: ready: %w", err)
	}
	return ready, nil
}

// Step passes the conversation's state to fn and commits what fn returns
// together with the message's completion. It does nothing when the message was
// processed meanwhile. fn must be quick and have no side effects.
func (s *Store) Step(ctx context.Context, m bot.Received, now time.Time, fn func(bot.State) (bot.Turn, error)) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var done int64
		err := tx.QueryRowContext(ctx, q(`SELECT done_at FROM inbox WHERE id = $1`), m.ID).Scan(&done)
		if err != nil {
			return notFound(err)
		}
		if done != 0 {
			return nil
		}
		before, err := loadState(ctx, tx, m.Conversation)
		if err != nil {
			return err
		}
		turn, err := fn(before)
		if err != nil {
			return err
		}
		var best bot.Candidate
		if len(turn.Understanding.Candidates) > 0 {
			best = turn.Understanding.Candidates[0]
		}
		if _, err := tx.ExecContext(ctx, q(`UPDATE inbox SET done_at = $1, decision = $2, intent = $3, confidence = $4 WHERE id = $5`),
			millis(now), turn.Understanding.Decision, best.Intent, best.Confidence, m.ID); err != nil {
			return fmt.Errorf("complete: %w", err)
		}
		said := event{conversation: m.Conversation, kind: bot.EntrySaid, ref: m.ID, at: now}
		if err := said.insert(ctx, tx); err != nil {
			return err
		}
		return saveTurn(ctx, tx, m.Conversation, m.Channel, before, turn, now)
	})
	if err != nil {
		return fmt.Errorf("store: step: %w", err)
	}
	return nil
}

// Postpone records that processing a message failed, and when to try again.
func (s *Store) Postpone(ctx context.Context, id int64, at time.Time, why string) error {
	_, err := s.write.ExecContext(ctx, q(`UPDATE inbox SET attempts = attempts + 1, try_at = $1, error = $2 WHERE id = $3 AND done_at = 0`),
		millis(at), why, id)
	if err != nil {
		return fmt.Errorf("store: postpone: %w", err)
	}
	return nil
}

func loadState(ctx context.Context, tx *sql.Tx, conversation int64) (bot.State, error) {
	var text string
	err := tx.QueryRowContext(ctx, q(`SELECT state FROM conversation WHERE id = $1`), conversation).Scan(&text)
	if err != nil {
		return bot.State{}, notFound(err)
	}
	return decodeState(text)
}

func decodeState(text string) (bot.State, error) {
	var state bot.State
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		return bot.State{}, fmt.Errorf("decode state: %w", err)
	}
	return state, nil
}

// saveTurn writes the new state, the messages and their events.
func saveTurn(ctx context.Context, tx *sql.Tx, conversation int64, channel bot.Channel, before bot.State, turn bot.Turn, now time.Time) error {
	text, err := json.Marshal(turn.State)
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	urgent := 0
	if turn.State.Urgent {
		urgent = 1
	}
	if _, err := tx.ExecContext(ctx, q(`UPDATE conversation SET owner = $1, urgent = $2, queued_at = $3, state = $4 WHERE id = $5`),
		turn.State.Owner, urgent, millis(turn.State.QueuedAt), string(text), conversation); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	for _, m := range turn.Messages {
		choices, err := json.Marshal(m.Choices)
		if err != nil {
			return fmt.Errorf("encode choices: %w", err)
		}
		status, code := bot.Queued, ""
		switch {
		case channel.Pulled():
			status = bot.Sent
		case turn.State.OptedOut && m.Author.Human():
			status, code = bot.Failed, "opted_out"
		}
		var id int64
		if err := tx.QueryRowContext(ctx, q(`
			INSERT INTO outbox (conversation, author, text, choices, source, status, code, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`),
			conversation, m.Author.Name, m.Text, string(choices), m.Source, status, code, millis(now)).Scan(&id); err != nil {
			return fmt.Errorf("queue reply: %w", err)
		}
		replied := event{conversation: conversation, kind: bot.EntryReplied, ref: id, at: now}
		if err := replied.insert(ctx, tx); err != nil {
			return err
		}
	}
	if before.Owner != turn.State.Owner {
		owner := event{conversation: conversation, kind: bot.EntryOwner, owner: turn.State.Owner, staff: turn.State.Staff, at: now}
		return owner.insert(ctx, tx)
	}
	return nil
}

// Act applies what a staff member did to a conversation, once per key: a form
// that is sent twice changes nothing the second time. An error of fn comes back
// unwrapped, so that the caller can tell who has the conversation.
func (s *Store) Act(ctx context.Context, conversation int64, key, kind string, staff bot.Staff, now time.Time, fn func(bot.State, bot.Channel) (bot.Turn, error)) error {
	var refused error
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var channel bot.Channel
		if err := tx.QueryRowContext(ctx, q(`SELECT channel FROM conversation WHERE id = $1`), conversation).Scan(&channel); err != nil {
			return notFound(err)
		}
		result, err := tx.ExecContext(ctx, q(`
			INSERT INTO action (conversation, key, kind, staff, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`),
			conversation, key, kind, staff.ID, millis(now))
		if err != nil {
			return fmt.Errorf("record action: %w", err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return err
		}
		before, err := loadState(ctx, tx, conversation)
		if err != nil {
			return err
		}
		turn, err := fn(before, channel)
		if err != nil {
			refused = err
			return err
		}
		return saveTurn(ctx, tx, conversation, channel, before, turn, now)
	})
	if refused != nil {
		return refused
	}
	if err != nil {
		return fmt.Errorf("store: act: %w", err)
	}
	return nil
}

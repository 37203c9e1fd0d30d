package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// event is a row of the record. Its conversation is locked when it is written,
// so that the ids of one conversation grow in order of commit.
type event struct {
	conversation int64
	kind         bot.EntryKind
	ref          int64
	owner        bot.Owner
	staff        bot.Staff
	at           time.Time
}

func (e event) insert(ctx context.Context, t tx) error {
	t.notify(e.conversation)
	err := t.exec(ctx, nil, `INSERT INTO event (conversation, kind, ref, owner, staff, staff_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.conversation, string(e.kind), e.ref, string(e.owner), e.staff.ID, e.staff.Name, millis(e.at))
	if err != nil {
		return fmt.Errorf("record event: %w", err)
	}
	return nil
}

// saveTurn writes the new state, the messages and their events.
func saveTurn(ctx context.Context, t tx, conversation int64, channel bot.Channel, before bot.State, turn bot.Turn, now time.Time) error {
	text, err := json.Marshal(turn.State)
	if err != nil {
		return fmt.Errorf("encode state: %w", err)
	}
	if err := t.exec(ctx, nil, `UPDATE conversation SET owner = $1, urgent = $2, queued_at = $3, due_at = $4, state = $5 WHERE id = $6`,
		string(turn.State.Owner), boolean(turn.State.Urgent), millis(turn.State.QueuedAt), millis(turn.State.Due), string(text), conversation); err != nil {
		return fmt.Errorf("save state: %w", err)
	}
	for _, m := range turn.Messages {
		status, code := bot.Queued, ""
		switch {
		case channel.Pulled():
			status = bot.Sent
		case turn.State.OptedOut && m.Author.Human():
			status, code = bot.Failed, "opted_out"
		}
		if err := send(ctx, t, conversation, channel, m, status, code, now); err != nil {
			return err
		}
	}
	for _, ticket := range turn.Tickets {
		if err := saveTicket(ctx, t, conversation, ticket); err != nil {
			return err
		}
	}
	if before.Owner != turn.State.Owner {
		owner := event{conversation: conversation, kind: bot.EntryOwner, owner: turn.State.Owner, staff: turn.State.Staff, at: now}
		return owner.insert(ctx, t)
	}
	return nil
}

// send puts a message to the resident in the outbox and in the record.
func send(ctx context.Context, t tx, conversation int64, channel bot.Channel, m bot.Message, status bot.DeliveryStatus, code string, now time.Time) error {
	choices, err := json.Marshal(m.Choices)
	if err != nil {
		return fmt.Errorf("encode choices: %w", err)
	}
	if err := t.exec(ctx, nil, `
		INSERT INTO outbox (conversation, author, text, choices, source, status, code, segments, created_at, channel, language, try_at)
		SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
			CASE WHEN EXISTS (SELECT 1 FROM outbox e WHERE e.conversation = $1 AND e.status IN ('queued', 'sending')) THEN CAST($12 AS BIGINT) ELSE 0 END`,
		conversation, m.Author.Name, m.Text, string(choices), m.Source, string(status), code, m.Segments, millis(now), string(channel), string(m.Language), held); err != nil {
		return fmt.Errorf("queue reply: %w", err)
	}
	t.notify(conversation)
	if err := t.exec(ctx, nil, `INSERT INTO event (conversation, kind, ref, at) VALUES ($1, $2, currval('outbox_id_seq'), $3)`,
		conversation, string(bot.EntryReplied), millis(now)); err != nil {
		return fmt.Errorf("record reply: %w", err)
	}
	return nil
}

// Tick takes up to limit conversations whose timer has run out, and none that
// another process works on, and commits what fn returns for each. fn is called
// in the transaction and must be quick; where it fails the timer is set to the
// moment again. It returns how many timers were handled.
func (s *Store) Tick(ctx context.Context, now, again time.Time, limit int, fn func(conversation int64, state bot.State, channel bot.Channel) (bot.Turn, error)) (int, error) {
	type due struct {
		id      int64
		channel bot.Channel
		state   string
	}
	var found []due
	err := s.engine.write(ctx, nobody, func(t tx) error {
		found = nil
		err := each(ctx, t, `
			SELECT id, channel, state FROM conversation WHERE due_at > 0 AND due_at <= $1
			ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`, []any{millis(now), limit},
			func(scan func(...any) error) error {
				var d due
				err := scan(&d.id, &d.channel, &d.state)
				found = append(found, d)
				return err
			})
		if err != nil {
			return err
		}
		for _, d := range found {
			before, err := decodeState(d.state)
			if err != nil {
				return err
			}
			turn, err := fn(d.id, before, d.channel)
			if err != nil {
				err = t.exec(ctx, nil, `UPDATE conversation SET due_at = $1 WHERE id = $2`, millis(again), d.id)
			} else {
				err = saveTurn(ctx, t, d.id, d.channel, before, turn, now)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("store: tick: %w", err)
	}
	return len(found), nil
}

// Begin reports whether a periodic task is due, and if so sets its next moment:
// of several processes one is told so.
func (s *Store) Begin(ctx context.Context, task string, now, next time.Time) (bool, error) {
	var due int64
	err := s.engine.write(ctx, nobody, func(t tx) error {
		if err := t.exec(ctx, nil, `INSERT INTO task (name, due_at) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, task); err != nil {
			return err
		}
		return t.exec(ctx, &due, `UPDATE task SET due_at = $1 WHERE name = $2 AND due_at <= $3`, millis(next), task, millis(now))
	})
	if err != nil {
		return false, fmt.Errorf("store: begin task: %w", err)
	}
	return due > 0, nil
}

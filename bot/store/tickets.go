package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// saveTicket writes what staff have to do.
func saveTicket(ctx context.Context, t tx, conversation int64, ticket bot.Ticket) error {
	answers, err := json.Marshal(ticket.Answers)
	if err != nil {
		return fmt.Errorf("encode answers: %w", err)
	}
	if err := t.exec(ctx, nil, `INSERT INTO ticket (reference, conversation, form, answers, created_at) VALUES ($1, $2, $3, $4, $5)`,
		ticket.Reference, conversation, string(ticket.Form), string(answers), millis(ticket.CreatedAt)); err != nil {
		return fmt.Errorf("save ticket: %w", err)
	}
	return nil
}

const ticketColumns = `id, reference, conversation, form, answers, created_at, done_at, done_by, done_by_name`

func scanTicket(scan func(...any) error) (bot.Ticket, error) {
	var t bot.Ticket
	var answers string
	var created, done int64
	if err := scan(&t.ID, &t.Reference, &t.Conversation, &t.Form, &answers, &created, &done, &t.DoneBy.ID, &t.DoneBy.Name); err != nil {
		return t, err
	}
	t.CreatedAt, t.DoneAt = moment(created), moment(done)
	if err := json.Unmarshal([]byte(answers), &t.Answers); err != nil {
		return t, fmt.Errorf("decode answers: %w", err)
	}
	return t, nil
}

// OpenTickets returns what staff still have to do, the oldest first.
func (s *Store) OpenTickets(ctx context.Context) ([]bot.Ticket, error) {
	return s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket WHERE done_at = 0 ORDER BY created_at, id`)
}

// Tickets returns those of a conversation, the oldest first.
func (s *Store) Tickets(ctx context.Context, conversation int64) ([]bot.Ticket, error) {
	return s.tickets(ctx, `SELECT `+ticketColumns+` FROM ticket WHERE conversation = $1 ORDER BY id`, conversation)
}

func (s *Store) tickets(ctx context.Context, query string, args ...any) ([]bot.Ticket, error) {
	var all []bot.Ticket
	err := each(ctx, s.engine, query, args, func(scan func(...any) error) error {
		t, err := scanTicket(scan)
		all = append(all, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: tickets: %w", err)
	}
	return all, nil
}

// FinishTicket records that a ticket is done, by whom and when. The first one
// counts. It gives bot.ErrNotFound for an unknown ticket.
func (s *Store) FinishTicket(ctx context.Context, id int64, staff bot.Staff, now time.Time) error {
	err := s.engine.write(ctx, somebody, func(t tx) error {
		var conversation int64
		found := false
		if err := each(ctx, t, `SELECT conversation FROM ticket WHERE id = $1`, []any{id}, func(scan func(...any) error) error {
			found = true
			return scan(&conversation)
		}); err != nil {
			return err
		}
		if !found {
			return bot.ErrNotFound
		}
		t.notify(conversation)
		return t.exec(ctx, nil, `UPDATE ticket SET done_at = $1, done_by = $2, done_by_name = $3 WHERE id = $4 AND done_at = 0`,
			millis(now), staff.ID, staff.Name, id)
	})
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return fmt.Errorf("store: finish ticket: %w", err)
	}
	return err
}

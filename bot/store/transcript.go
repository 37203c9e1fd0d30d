package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/balie-nl/balie/bot"
)

type event struct {
	conversation int64
	kind         bot.EntryKind
	ref          int64
	owner        bot.Owner
	staff        bot.Staff
	at           time.Time
}

func (e event) insert(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, q(`INSERT INTO event (conversation, kind, ref, owner, staff, staff_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`),
		e.conversation, e.kind, e.ref, e.owner, e.staff.ID, e.staff.Name, millis(e.at))
	if err != nil {
		return fmt.Errorf("record event: %w", err)
	}
	return nil
}

// Entries returns a conversation's transcript after the entry with id since,
// oldest first, at most limit entries.
func (s *Store) Entries(ctx context.Context, conversation, since int64, limit int) ([]bot.Entry, error) {
	return s.entries(ctx, `e.id > $2 ORDER BY e.id LIMIT $3`, conversation, since, limit)
}

// Newest returns the end of a conversation's transcript, oldest first, at most
// limit entries.
func (s *Store) Newest(ctx context.Context, conversation int64, limit int) ([]bot.Entry, error) {
	entries, err := s.entries(ctx, `TRUE ORDER BY e.id DESC LIMIT $2`, conversation, limit)
	slices.Reverse(entries)
	return entries, err
}

func (s *Store) entries(ctx context.Context, which string, args ...any) ([]bot.Entry, error) {
	rows, err := s.read.QueryContext(ctx, q(`
		SELECT e.id, e.conversation, e.at, e.kind, e.owner, e.staff, e.staff_name,
			COALESCE(i.provider_id, ''), COALESCE(i.kind, ''), COALESCE(i.text, ''), COALESCE(i.choice, ''), COALESCE(i.intent, ''),
			COALESCE(o.id, 0), COALESCE(o.author, ''), COALESCE(o.text, ''), COALESCE(o.choices, 'null'), COALESCE(o.source, ''),
			COALESCE(o.status, ''), COALESCE(o.code, '')
		FROM event e
		LEFT JOIN inbox i ON e.kind = 'said' AND i.id = e.ref
		LEFT JOIN outbox o ON e.kind IN ('replied', 'receipt') AND o.id = e.ref
		WHERE e.conversation = $1 AND `+which), args...)
	if err != nil {
		return nil, fmt.Errorf("store: entries: %w", err)
	}
	defer rows.Close()
	var entries []bot.Entry
	for rows.Next() {
		var e bot.Entry
		var at int64
		var choices string
		if err := rows.Scan(&e.ID, &e.Conversation, &at, &e.Kind, &e.Owner, &e.Staff.ID, &e.Staff.Name,
			&e.ProviderID, &e.MessageKind, &e.Text, &e.Choice, &e.Intent,
			&e.Outbound, &e.Message.Author.Name, &e.Message.Text, &choices, &e.Message.Source, &e.Status, &e.Code); err != nil {
			return nil, fmt.Errorf("store: entries: %w", err)
		}
		if err := json.Unmarshal([]byte(choices), &e.Message.Choices); err != nil {
			return nil, fmt.Errorf("store: entries: decode choices: %w", err)
		}
		e.At = moment(at)
		entries = append(entries, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: entries: %w", err)
	}
	return entries, nil
}

// Conversation returns the conversation with an address, bot.ErrNotFound when
// nothing was ever received from it.
func (s *Store) Conversation(ctx context.Context, a bot.Address) (int64, error) {
	var id int64
	err := s.read.QueryRowContext(ctx, q(`SELECT id FROM conversation WHERE channel = $1 AND account = $2 AND user_address = $3`),
		a.Channel, a.Account, a.User).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("store: conversation: %w", notFound(err))
	}
	return id, nil
}

// Waiting returns the conversations in the queue: urgent ones first, then who
// has waited longest.
func (s *Store) Waiting(ctx context.Context) ([]bot.Summary, error) {
	return s.summaries(ctx, `WHERE c.owner = 'queue' ORDER BY c.urgent DESC, c.queued_at, c.id`)
}

// Owned returns the conversations that a staff member has, oldest first.
func (s *Store) Owned(ctx context.Context) ([]bot.Summary, error) {
	return s.summaries(ctx, `WHERE c.owner = 'staff' ORDER BY c.urgent DESC, c.id`)
}

// Summary returns one conversation.
func (s *Store) Summary(ctx context.Context, id int64) (bot.Summary, error) {
	found, err := s.summaries(ctx, `WHERE c.id = $1`, id)
	if err != nil {
		return bot.Summary{}, err
	}
	if len(found) == 0 {
		return bot.Summary{}, fmt.Errorf("store: summary: %w", bot.ErrNotFound)
	}
	return found[0], nil
}

func (s *Store) summaries(ctx context.Context, where string, args ...any) ([]bot.Summary, error) {
	rows, err := s.read.QueryContext(ctx, q(`
		SELECT c.id, c.channel, c.account, c.user_address, c.state, COALESCE(i.text, ''), COALESCE(i.received_at, 0),
			(SELECT COUNT(*) FROM outbox o WHERE o.conversation = c.id AND o.status = 'failed')
		FROM conversation c
		LEFT JOIN inbox i ON i.id = COALESCE(
			(SELECT MAX(l.id) FROM inbox l WHERE l.conversation = c.id AND l.kind = 'text' AND l.intent <> '`+string(bot.WantsHuman)+`'),
			(SELECT MAX(l.id) FROM inbox l WHERE l.conversation = c.id)) `+where), args...)
	if err != nil {
		return nil, fmt.Errorf("store: list conversations: %w", err)
	}
	defer rows.Close()
	var found []bot.Summary
	for rows.Next() {
		var c bot.Summary
		var state string
		var at int64
		if err := rows.Scan(&c.ID, &c.Channel, &c.Account, &c.User, &state, &c.LastText, &at, &c.Undeliver); err != nil {
			return nil, fmt.Errorf("store: list conversations: %w", err)
		}
		if c.State, err = decodeState(state); err != nil {
			return nil, fmt.Errorf("store: list conversations: %w", err)
		}
		c.LastAt = moment(at)
		found = append(found, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: list conversations: %w", err)
	}
	return found, nil
}

// Counts is how much waits where, for the operator.
type Counts struct {
	Inbox         int       // messages not yet processed
	Outbox        int       // replies not yet sent
	Failed        int       // replies that could not be delivered
	Waiting       int       // conversations in the queue
	OldestWaiting time.Time // since when the first of them waits; zero when none does
}

// Counts counts what waits.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var oldest int64
	err := s.read.QueryRowContext(ctx, q(`
		SELECT (SELECT COUNT(*) FROM inbox WHERE done_at = 0),
			(SELECT COUNT(*) FROM outbox WHERE status IN ('queued', 'sending')),
			(SELECT COUNT(*) FROM outbox WHERE status = 'failed'),
			(SELECT COUNT(*) FROM conversation WHERE owner = 'queue'),
			(SELECT COALESCE(MIN(queued_at), 0) FROM conversation WHERE owner = 'queue')`)).
		Scan(&c.Inbox, &c.Outbox, &c.Failed, &c.Waiting, &oldest)
	if err != nil {
		return Counts{}, fmt.Errorf("store: count: %w", err)
	}
	c.OldestWaiting = moment(oldest)
	return c, nil
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/balie-nl/balie/bot"
)

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
	var entries []bot.Entry
	err := each(ctx, s.engine, `
		SELECT e.id, e.conversation, e.at, e.kind, e.owner, e.staff, e.staff_name,
			COALESCE(i.provider_id, ''), COALESCE(i.kind, ''), COALESCE(i.text, ''), COALESCE(i.choice, ''), COALESCE(i.photo, ''), COALESCE(i.intent, ''),
			COALESCE(o.id, 0), COALESCE(o.author, ''), COALESCE(o.text, ''), COALESCE(o.choices, 'null'), COALESCE(o.source, ''), COALESCE(o.language, ''),
			COALESCE(o.status, ''), COALESCE(o.code, ''), COALESCE(o.resolved_at, 0)
		FROM event e
		LEFT JOIN inbox i ON e.kind = 'said' AND i.id = e.ref
		LEFT JOIN outbox o ON e.kind IN ('replied', 'receipt') AND o.id = e.ref
		WHERE e.conversation = $1 AND `+which, args, func(scan func(...any) error) error {
		var e bot.Entry
		var at, resolved int64
		var choices string
		if err := scan(&e.ID, &e.Conversation, &at, &e.Kind, &e.Owner, &e.Staff.ID, &e.Staff.Name,
			&e.ProviderID, &e.MessageKind, &e.Text, &e.Choice, &e.Photo, &e.Intent,
			&e.Outbound, &e.Message.Author.Name, &e.Message.Text, &choices, &e.Message.Source, &e.Message.Language, &e.Status, &e.Code, &resolved); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(choices), &e.Message.Choices); err != nil {
			return fmt.Errorf("decode choices: %w", err)
		}
		e.At, e.Resolved = moment(at), resolved != 0
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: entries: %w", err)
	}
	return entries, nil
}

// Conversation returns the conversation with an address, bot.ErrNotFound when
// nothing was ever received from it.
func (s *Store) Conversation(ctx context.Context, a bot.Address) (int64, error) {
	var id int64
	err := one(ctx, s.engine, `SELECT id FROM conversation WHERE channel = $1 AND account = $2 AND user_address = $3`,
		[]any{string(a.Channel), a.Account, a.User}, &id)
	if err != nil {
		return 0, fmt.Errorf("store: conversation: %w", err)
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

// Served returns an answer that the bot gave in a conversation: the last one for 0,
// otherwise that of the message; an empty one when there is none.
func (s *Store) Served(ctx context.Context, conversation, outbound int64) (bot.Served, error) {
	var found bot.Served
	err := each(ctx, s.engine, `
		SELECT id, text, source, created_at FROM outbox
		WHERE conversation = $1 AND author = '' AND (source LIKE '%answer.%' OR source LIKE '%organisation.%' OR source LIKE '%form.%')
			AND source NOT LIKE '%proof%' AND ($2 = 0 OR id = $2)
		ORDER BY id DESC LIMIT 1`, []any{conversation, outbound}, func(scan func(...any) error) error {
		var at int64
		err := scan(&found.Outbound, &found.Text, &found.Source, &at)
		found.At = moment(at)
		return err
	})
	if err != nil {
		return bot.Served{}, fmt.Errorf("store: served: %w", err)
	}
	return found, nil
}

// Undelivered returns the conversations with replies that could not be
// delivered and that nobody has dealt with, oldest first.
func (s *Store) Undelivered(ctx context.Context) ([]bot.Summary, error) {
	return s.summaries(ctx, `WHERE EXISTS (SELECT 1 FROM outbox f WHERE f.conversation = c.id AND f.status = 'failed' AND f.resolved_at = 0) ORDER BY c.id`)
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
	var found []bot.Summary
	err := each(ctx, s.engine, `
		SELECT c.id, c.channel, c.account, c.user_address, c.state, COALESCE(i.text, ''), COALESCE(i.received_at, 0),
			(SELECT COUNT(*) FROM outbox o WHERE o.conversation = c.id AND o.status = 'failed' AND o.resolved_at = 0)
		FROM conversation c
		LEFT JOIN inbox i ON i.id = COALESCE(
			(SELECT MAX(l.id) FROM inbox l WHERE l.conversation = c.id AND l.kind = 'text' AND l.intent <> '`+string(bot.WantsHuman)+`'),
			(SELECT MAX(l.id) FROM inbox l WHERE l.conversation = c.id)) `+where, args, func(scan func(...any) error) error {
		var c bot.Summary
		var state string
		var at int64
		err := scan(&c.ID, &c.Channel, &c.Account, &c.User, &state, &c.LastText, &at, &c.Undeliver)
		if err != nil {
			return err
		}
		if c.State, err = decodeState(state); err != nil {
			return err
		}
		c.LastAt = moment(at)
		found = append(found, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: list conversations: %w", err)
	}
	return found, nil
}

// Counts is how much waits where, for the operator.
type Counts struct {
	Inbox         int       // messages not yet processed
	Outbox        int       // replies not yet sent
	Failed        int       // replies that could not be delivered and that nobody has dealt with
	Dead          int       // messages that could not be processed
	Waiting       int       // conversations in the queue
	OldestWaiting time.Time // since when the first of them waits; zero when none does
}

// Counts counts what waits.
func (s *Store) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	var oldest int64
	err := one(ctx, s.engine, `
		SELECT (SELECT COUNT(*) FROM inbox WHERE done_at = 0),
			(SELECT COUNT(*) FROM outbox WHERE status IN ('queued', 'sending')),
			(SELECT COUNT(*) FROM outbox WHERE status = 'failed' AND resolved_at = 0),
			(SELECT COUNT(*) FROM inbox WHERE dead_at <> 0),
			(SELECT COUNT(*) FROM conversation WHERE owner = 'queue'),
			(SELECT COALESCE(MIN(queued_at), 0) FROM conversation WHERE owner = 'queue')`, nil,
		&c.Inbox, &c.Outbox, &c.Failed, &c.Dead, &c.Waiting, &oldest)
	if err != nil {
		return Counts{}, fmt.Errorf("store: count: %w", err)
	}
	c.OldestWaiting = moment(oldest)
	return c, nil
}

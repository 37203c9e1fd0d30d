package store

import (
	"context"
	"fmt"
	"time"
)

// eraseBatch is how many rows are erased in one transaction, so that nobody
// waits long for it.
const eraseBatch = 500

// EraseBefore removes the words of messages and tickets from before the moment, and
// the address and memory of residents who were silent since and whom nobody at the
// desk has. It returns how many messages were erased. The keys of the inbox
// stay, so that a late duplicate stays a duplicate.
func (s *Store) EraseBefore(ctx context.Context, before time.Time) (int64, error) {
	at := millis(before)
	said, err := s.eraseAll(ctx, at, "",
		`SELECT id FROM inbox WHERE id > $1 AND received_at < $2 AND done_at <> 0 AND (text <> '' OR choice <> '' OR photo <> '' OR error <> '') ORDER BY id LIMIT $3`,
		`UPDATE inbox SET text = '', choice = '', photo = '', error = '', dead_at = 0 WHERE id IN LIST($1) AND received_at < $2`)
	if err != nil {
		return said, err
	}
	replied, err := s.eraseAll(ctx, at, "",
		`SELECT id FROM outbox WHERE id > $1 AND created_at < $2 AND status NOT IN ('queued', 'sending') AND text <> '' ORDER BY id LIMIT $3`,
		`UPDATE outbox SET text = '', choices = 'null', resolved_at = CASE resolved_at WHEN 0 THEN $2 ELSE resolved_at END WHERE id IN LIST($1) AND created_at < $2`)
	if err != nil {
		return said + replied, err
	}
	if _, err := s.eraseAll(ctx, at, "",
		`SELECT id FROM ticket WHERE id > $1 AND created_at < $2 AND answers <> '[]' ORDER BY id LIMIT $3`,
		`UPDATE ticket SET answers = '[]' WHERE id IN LIST($1) AND created_at < $2`); err != nil {
		return said + replied, err
	}
	if _, err := s.eraseAll(ctx, at, "",
		`SELECT id FROM photo WHERE id > $1 AND created_at < $2 ORDER BY id LIMIT $3`,
		`DELETE FROM photo WHERE id IN LIST($1) AND created_at < $2`); err != nil {
		return said + replied, err
	}
	// A resident may write just now: nobody can insert a message while the row of
	// its conversation is locked like this, and then the condition counts once more.
	const lock = `SELECT id FROM conversation WHERE id IN LIST($1) ORDER BY id FOR UPDATE`
	const silent = `owner = 'bot' AND created_at < $2 AND user_address <> 'erased:' || id
		AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.conversation = conversation.id AND (i.received_at >= $2 OR i.done_at = 0))
		AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation = conversation.id AND (o.created_at >= $2 OR o.status IN ('queued', 'sending')))`
	_, err = s.eraseAll(ctx, at, lock,
		`SELECT id FROM conversation WHERE id > $1 AND `+silent+` ORDER BY id LIMIT $3`,
		`UPDATE conversation SET user_address = 'erased:' || id, state = '{"owner":"bot"}', urgent = 0, due_at = 0 WHERE id IN LIST($1) AND `+silent)
	return said + replied, err
}

// eraseAll finds rows after the last one and changes them, until there are no
// more. Where others share the database it locks them first, if told how.
func (s *Store) eraseAll(ctx context.Context, before int64, lock, find, change string) (int64, error) {
	var erased, last int64
	for {
		var found ids
		err := each(ctx, s.engine, find, []any{last, before, eraseBatch}, func(scan func(...any) error) error {
			var id int64
			err := scan(&id)
			found = append(found, id)
			return err
		})
		if err != nil {
			return erased, fmt.Errorf("store: erase: %w", err)
		}
		if len(found) == 0 {
			return erased, nil
		}
		last = found[len(found)-1]
		var n int64
		err = s.engine.write(ctx, nobody, func(t tx) error {
			if lock != "" && s.engine.shared() {
				if err := t.exec(ctx, nil, lock, found); err != nil {
					return err
				}
			}
			return t.exec(ctx, &n, change, found, before)
		})
		if err != nil {
			return erased, fmt.Errorf("store: erase: %w", err)
		}
		erased += n
	}
}

package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// EraseBefore removes the words of messages from before the moment, and the
// address and memory of residents who were silent since and whom nobody at the
// desk has. It returns how many messages were erased. The keys of the inbox
// stay, so that a late duplicate stays a duplicate.
func (s *Store) EraseBefore(ctx context.Context, before time.Time) (int64, error) {
	var erased int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, statement := range []string{
			`UPDATE inbox SET text = '', choice = '', error = '' WHERE received_at < $1 AND done_at <> 0 AND (text <> '' OR choice <> '' OR error <> '')`,
			`UPDATE outbox SET text = '', choices = 'null' WHERE created_at < $1 AND status NOT IN ('queued', 'sending') AND text <> ''`,
		} {
			result, err := tx.ExecContext(ctx, q(statement), millis(before))
			if err != nil {
				return err
			}
			n, err := result.RowsAffected()
			if err != nil {
				return err
			}
			erased += n
		}
		_, err := tx.ExecContext(ctx, q(`
			UPDATE conversation SET user_address = 'erased:' || id, state = '{"owner":"bot"}', urgent = 0
			WHERE owner = $2 AND created_at < $1 AND user_address <> 'erased:' || id
			AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.conversation = conversation.id AND (i.received_at >= $1 OR i.done_at = 0))
			AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.conversation = conversation.id AND (o.created_at >= $1 OR o.status IN ('queued', 'sending')))`),
			millis(before), bot.OwnedByBot)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("store: erase: %w", err)
	}
	return erased, nil
}

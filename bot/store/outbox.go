package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Claim takes up to limit messages that are due and leases them until the given
// moment. Of a conversation only its first open message can be claimed, so that
// a retry is never overtaken. A message whose earlier lease ran out comes back
// as Doubtful.
func (s *Store) Claim(ctx context.Context, now, until time.Time, limit int) ([]bot.Outbound, error) {
	var claimed []bot.Outbound
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, q(`
			SELECT o.id, o.conversation, c.channel, c.account, c.user_address, o.author, o.text, o.choices, o.source,
				o.attempts, o.first_try_at, o.doubtful, o.status, o.created_at
			FROM outbox o JOIN conversation c ON c.id = o.conversation
			WHERE o.status IN ('queued', 'sending') AND o.try_at <= $1 AND o.lease_until <= $1
			AND o.id = (SELECT MIN(e.id) FROM outbox e WHERE e.conversation = o.conversation AND e.status IN ('queued', 'sending'))
			ORDER BY o.id LIMIT $2`), millis(now), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var o bot.Outbound
			var choices string
			var status bot.DeliveryStatus
			var first, created int64
			if err := rows.Scan(&o.ID, &o.Conversation, &o.Channel, &o.Account, &o.User, &o.Author.Name, &o.Text, &choices, &o.Source,
				&o.Attempts, &first, &o.Doubtful, &status, &created); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(choices), &o.Choices); err != nil {
				return fmt.Errorf("decode choices: %w", err)
			}
			o.Doubtful = o.Doubtful || status == bot.Sending
			o.FirstTry, o.CreatedAt = moment(first), moment(created)
			claimed = append(claimed, o)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		for i := range claimed {
			o := &claimed[i]
			if o.FirstTry.IsZero() {
				o.FirstTry = now
			}
			if _, err := tx.ExecContext(ctx, q(`
				UPDATE outbox SET status = 'sending', lease_until = $1, attempts = attempts + 1, first_try_at = $2, doubtful = $3 WHERE id = $4`),
				millis(until), millis(o.FirstTry), boolean(o.Doubtful), o.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: claim: %w", err)
	}
	return claimed, nil
}

// ReleaseLeases makes every leased message claimable, as doubtful. It is for the
// start of the only process on a database: nobody else can be sending.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	if _, err := s.write.ExecContext(ctx, q(`UPDATE outbox SET lease_until = 0 WHERE status = 'sending'`)); err != nil {
		return fmt.Errorf("store: release leases: %w", err)
	}
	return nil
}

// Sent records that the provider accepted a message.
func (s *Store) Sent(ctx context.Context, id int64, providerID string, now time.Time) error {
	_, err := s.Receipt(ctx, bot.Receipt{Outbound: id, ProviderID: providerID, Status: bot.Sent}, now)
	return err
}

// Retry puts a message back to be sent at a later moment.
func (s *Store) Retry(ctx context.Context, id int64, at time.Time, code string, doubtful bool) error {
	_, err := s.write.ExecContext(ctx, q(`
		UPDATE outbox SET status = 'queued', lease_until = 0, try_at = $1, code = CASE code WHEN '' THEN $2 ELSE code END,
			doubtful = CASE WHEN $3 = 1 THEN 1 ELSE doubtful END
		WHERE id = $4 AND status = 'sending'`), millis(at), code, boolean(doubtful), id)
	if err != nil {
		return fmt.Errorf("store: retry: %w", err)
	}
	return nil
}

// GiveUp records that a message will not be sent.
func (s *Store) GiveUp(ctx context.Context, id int64, code string, now time.Time) error {
	_, err := s.Receipt(ctx, bot.Receipt{Outbound: id, Status: bot.Failed, Code: code}, now)
	return err
}

// Receipt moves a message's status forward and returns its conversation; a
// status that is not further than the one it has is ignored. The first error
// code is kept. A receipt for a message that is not ours gives bot.ErrNotFound.
func (s *Store) Receipt(ctx context.Context, r bot.Receipt, now time.Time) (int64, error) {
	var conversation int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var status bot.DeliveryStatus
		var providerID string
		err := tx.QueryRowContext(ctx, q(`SELECT conversation, status, provider_id FROM outbox WHERE id = $1`), r.Outbound).
			Scan(&conversation, &status, &providerID)
		if err != nil {
			return notFound(err)
		}
		if providerID != "" && r.ProviderID != "" && providerID != r.ProviderID {
			return bot.ErrNotFound
		}
		if _, err := tx.ExecContext(ctx, q(`
			UPDATE outbox SET provider_id = CASE provider_id WHEN '' THEN $1 ELSE provider_id END, code = CASE code WHEN '' THEN $2 ELSE code END WHERE id = $3`),
			r.ProviderID, r.Code, r.Outbound); err != nil {
			return err
		}
		if r.Status.Rank() <= status.Rank() {
			return nil
		}
		if _, err := tx.ExecContext(ctx, q(`UPDATE outbox SET status = $1, lease_until = 0 WHERE id = $2`), r.Status, r.Outbound); err != nil {
			return err
		}
		receipt := event{conversation: conversation, kind: bot.EntryReceipt, ref: r.Outbound, at: now}
		return receipt.insert(ctx, tx)
	})
	if err != nil {
		return 0, fmt.Errorf("store: receipt: %w", err)
	}
	return conversation, nil
}

// Unrecorded returns the first of the provider's ids that no message has.
func (s *Store) Unrecorded(ctx context.Context, providerIDs []string) (string, bool, error) {
	for _, id := range providerIDs {
		var n int
		if err := s.read.QueryRowContext(ctx, q(`SELECT COUNT(*) FROM outbox WHERE provider_id = $1`), id).Scan(&n); err != nil {
			return "", false, fmt.Errorf("store: look up provider id: %w", err)
		}
		if n == 0 {
			return id, true, nil
		}
	}
	return "", false, nil
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/balie-nl/balie/bot"
)

// held is the try_at of a message that waits for one before it in its
// conversation, so that a retry is never overtaken: only the first open message
// can be due. Whoever ends that one calls release.
const held = int64(1) << 62

// release lets the next message of conversations be sent, after the first open
// one was sent or failed.
func release(ctx context.Context, t tx, conversations ids) error {
	return t.exec(ctx, nil, `
		UPDATE outbox SET try_at = 0 WHERE try_at = $1 AND id IN (
			SELECT MIN(e.id) FROM outbox e WHERE e.conversation IN LIST($2) AND e.status IN ('queued', 'sending') GROUP BY e.conversation)`,
		held, conversations)
}

// Deliver records how sends ended, and takes up to limit messages of a channel
// that are due, leasing them until the given moment, in one transaction. Of a
// conversation only its first open message can be taken, so that a retry is never
// overtaken. A message whose earlier lease ran out comes back as Doubtful.
func (s *Store) Deliver(ctx context.Context, ended []bot.Delivery, channel bot.Channel, now, until time.Time, limit int) ([]bot.Outbound, error) {
	if len(ended) == 0 {
		// Most often there is nothing to do, and finding that out needs no transaction.
		if some, err := s.anyDue(ctx, channel, now); err != nil || !some {
			return nil, err
		}
	}
	var taken []bot.Outbound
	err := s.engine.write(ctx, nobody, func(t tx) error {
		taken = nil
		if err := s.recordDeliveries(ctx, t, ended, now); err != nil {
			return err
		}
		if limit <= 0 {
			return nil
		}
		var err error
		if taken, err = due(ctx, t, channel, now, limit); err != nil {
			return err
		}
		if len(taken) == 0 {
			return nil
		}
		var numbers ids
		for i := range taken {
			o := &taken[i]
			if o.FirstTry.IsZero() {
				o.FirstTry = now
			}
			numbers = append(numbers, o.ID)
		}
		return t.exec(ctx, nil, `
			UPDATE outbox SET try_at = $1, attempts = attempts + 1, first_try_at = CASE first_try_at WHEN 0 THEN $2 ELSE first_try_at END,
				doubtful = CASE status WHEN 'sending' THEN 1 ELSE doubtful END, status = 'sending'
			WHERE id IN LIST($3)`, millis(until), millis(now), numbers)
	})
	if err != nil {
		return nil, fmt.Errorf("store: deliver: %w", err)
	}
	return taken, nil
}

func (s *Store) anyDue(ctx context.Context, channel bot.Channel, now time.Time) (bool, error) {
	var n int64
	err := one(ctx, s.engine, `
		SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE status IN ('queued', 'sending') AND channel = $1 AND try_at <= $2 LIMIT 1) AS d`,
		[]any{string(channel), millis(now)}, &n)
	if err != nil {
		return false, fmt.Errorf("store: deliver: %w", err)
	}
	return n > 0, nil
}

// due locks and reads messages that may be sent now. While a message is being
// sent, try_at is the end of its lease.
func due(ctx context.Context, t tx, channel bot.Channel, now time.Time, limit int) ([]bot.Outbound, error) {
	var found []bot.Outbound
	err := each(ctx, t, `
		SELECT o.id, o.conversation, c.channel, c.account, c.user_address, o.author, o.text, o.choices, o.source,
			o.attempts, o.first_try_at, o.doubtful, o.status, o.created_at
		FROM outbox o JOIN conversation c ON c.id = o.conversation
		WHERE o.status IN ('queued', 'sending') AND o.channel = $1 AND o.try_at <= $2
		ORDER BY o.try_at, o.id LIMIT $3 FOR NO KEY UPDATE OF o SKIP LOCKED`, []any{string(channel), millis(now), limit},
		func(scan func(...any) error) error {
			var o bot.Outbound
			var choices string
			var status bot.DeliveryStatus
			var first, doubtful, created int64
			if err := scan(&o.ID, &o.Conversation, &o.Channel, &o.Account, &o.User, &o.Author.Name, &o.Text, &choices, &o.Source,
				&o.Attempts, &first, &doubtful, &status, &created); err != nil {
				return err
			}
			if err := json.Unmarshal([]byte(choices), &o.Choices); err != nil {
				return fmt.Errorf("decode choices: %w", err)
			}
			o.Doubtful = doubtful != 0 || status == bot.Sending
			o.FirstTry, o.CreatedAt = moment(first), moment(created)
			found = append(found, o)
			return nil
		})
	return found, err
}

func (s *Store) recordDeliveries(ctx context.Context, t tx, ended []bot.Delivery, now time.Time) error {
	if len(ended) == 0 {
		return nil
	}
	if s.engine.shared() {
		if err := lockAll(ctx, t, ended); err != nil {
			return err
		}
	}
	var numbers, conversations ids
	for _, d := range ended {
		if d.Status != bot.Queued {
			numbers, conversations = append(numbers, d.Outbound), append(conversations, d.Conversation)
			t.notify(d.Conversation)
		}
	}
	// A receipt of the provider may have been quicker and tell more; then it has an
	// event already.
	if err := t.exec(ctx, nil, `
		INSERT INTO event (conversation, kind, ref, at)
		SELECT conversation, 'receipt', id, $1 FROM outbox WHERE id IN LIST($2) AND status IN ('queued', 'sending') ORDER BY id`,
		millis(now), numbers); err != nil {
		return err
	}
	for _, d := range ended {
		if err := recordDelivery(ctx, t, d); err != nil {
			return err
		}
	}
	return release(ctx, t, conversations)
}

func recordDelivery(ctx context.Context, t tx, d bot.Delivery) error {
	if d.Status == bot.Queued {
		return t.exec(ctx, nil, `
			UPDATE outbox SET status = 'queued', try_at = $1, code = CASE code WHEN '' THEN $2 ELSE code END,
				doubtful = CASE WHEN $3 = 1 THEN 1 ELSE doubtful END
			WHERE id = $4 AND status = 'sending'`, millis(d.Again), d.Code, boolean(d.Doubtful), d.Outbound)
	}
	return t.exec(ctx, nil, `
		UPDATE outbox SET status = CASE WHEN status IN ('queued', 'sending') THEN $1 ELSE status END,
			provider_id = CASE provider_id WHEN '' THEN $2 ELSE provider_id END, code = CASE code WHEN '' THEN $3 ELSE code END
		WHERE id = $4`, string(d.Status), d.ProviderID, d.Code, d.Outbound)
}

// lockAll locks the conversations in the order of their ids, so that two
// processes cannot wait for each other.
func lockAll(ctx context.Context, t tx, ended []bot.Delivery) error {
	var numbers ids
	for _, d := range ended {
		numbers = append(numbers, d.Conversation)
	}
	slices.Sort(numbers)
	return each(ctx, t, `SELECT id FROM conversation WHERE id IN LIST($1) ORDER BY id FOR NO KEY UPDATE`, []any{slices.Compact(numbers)},
		func(scan func(...any) error) error {
			var id int64
			return scan(&id)
		})
}

// Receipt moves a message's status forward and returns its conversation; a
// status that is not further than the one it has is ignored. The first error code
// is kept. A receipt for a message that is not ours gives bot.ErrNotFound.
func (s *Store) Receipt(ctx context.Context, r bot.Receipt, now time.Time) (int64, error) {
	// A receipt often tells nothing new, and finding that out needs no transaction.
	conversation, status, news, err := standing(ctx, s.engine, r)
	if err != nil || !news {
		return conversation, err
	}
	err = s.engine.write(ctx, somebody, func(t tx) error {
		if _, _, err := lockConversation(ctx, t, conversation); err != nil {
			return err
		}
		_, status, news, err = standing(ctx, t, r)
		if err != nil || !news {
			return err
		}
		if r.Status.Rank() > status.Rank() {
			status = r.Status
			receipt := event{conversation: conversation, kind: bot.EntryReceipt, ref: r.Outbound, at: now}
			if err := receipt.insert(ctx, t); err != nil {
				return err
			}
		}
		if err := t.exec(ctx, nil, `
			UPDATE outbox SET status = $1, provider_id = CASE provider_id WHEN '' THEN $2 ELSE provider_id END,
				code = CASE code WHEN '' THEN $3 ELSE code END WHERE id = $4`, string(status), r.ProviderID, r.Code, r.Outbound); err != nil {
			return err
		}
		return release(ctx, t, ids{conversation})
	})
	if err != nil {
		return 0, fmt.Errorf("store: receipt: %w", err)
	}
	return conversation, nil
}

// standing is what is known of the message that a receipt is about, and whether
// the receipt tells more.
func standing(ctx context.Context, q querier, r bot.Receipt) (conversation int64, status bot.DeliveryStatus, news bool, err error) {
	var providerID, code string
	if err := one(ctx, q, `SELECT conversation, status, provider_id, code FROM outbox WHERE id = $1`, []any{r.Outbound},
		&conversation, &status, &providerID, &code); err != nil {
		return 0, "", false, fmt.Errorf("store: receipt: %w", err)
	}
	if providerID != "" && r.ProviderID != "" && providerID != r.ProviderID {
		return 0, "", false, fmt.Errorf("store: receipt: %w", bot.ErrNotFound)
	}
	news = r.Status.Rank() > status.Rank() || providerID == "" && r.ProviderID != "" || code == "" && r.Code != ""
	return conversation, status, news, nil
}

// Unrecorded returns the first of the provider's ids that no message has.
func (s *Store) Unrecorded(ctx context.Context, providerIDs []string) (string, bool, error) {
	for _, id := range providerIDs {
		var n int64
		if err := one(ctx, s.engine, `SELECT COUNT(*) FROM outbox WHERE provider_id = $1`, []any{id}, &n); err != nil {
			return "", false, fmt.Errorf("store: look up provider id: %w", err)
		}
		if n == 0 {
			return id, true, nil
		}
	}
	return "", false, nil
}

// Resend queues a message that failed once more, as a new message: the record
// keeps what happened to the first. The key makes a form that is sent twice count
// once. It gives bot.ErrNotFailed for a message that cannot be sent again.
func (s *Store) Resend(ctx context.Context, conversation, message int64, key string, staff bot.Staff, now time.Time) error {
	return s.settle(ctx, conversation, message, key, "resent", staff, now, func(t tx, channel bot.Channel) error {
		var m bot.Message
		var choices string
		if err := one(ctx, t, `SELECT author, text, choices, source, segments, language FROM outbox WHERE id = $1`, []any{message},
			&m.Author.Name, &m.Text, &choices, &m.Source, &m.Segments, &m.Language); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(choices), &m.Choices); err != nil {
			return fmt.Errorf("decode choices: %w", err)
		}
		return send(ctx, t, conversation, channel, m, bot.Queued, "", now)
	})
}

// Dismiss records that staff have seen that a message failed, and that nothing
// more has to be done.
func (s *Store) Dismiss(ctx context.Context, conversation, message int64, key string, staff bot.Staff, now time.Time) error {
	return s.settle(ctx, conversation, message, key, "dismissed", staff, now, func(tx, bot.Channel) error { return nil })
}

func (s *Store) settle(ctx context.Context, conversation, message int64, key, kind string, staff bot.Staff, now time.Time, then func(tx, bot.Channel) error) error {
	err := s.engine.write(ctx, somebody, func(t tx) error {
		channel, _, err := lockConversation(ctx, t, conversation)
		if err != nil {
			return err
		}
		fresh, err := record(ctx, t, conversation, key, kind, staff, now)
		if err != nil || !fresh {
			return err
		}
		var open int64
		if err := one(ctx, t, `
			SELECT COUNT(*) FROM outbox WHERE id = $1 AND conversation = $2 AND status = 'failed' AND resolved_at = 0 AND text <> ''`,
			[]any{message, conversation}, &open); err != nil {
			return err
		}
		if open == 0 {
			return bot.ErrNotFailed
		}
		if err := t.exec(ctx, nil, `UPDATE outbox SET resolved_at = $1 WHERE id = $2`, millis(now), message); err != nil {
			return err
		}
		receipt := event{conversation: conversation, kind: bot.EntryReceipt, ref: message, at: now}
		if err := receipt.insert(ctx, t); err != nil {
			return err
		}
		return then(t, channel)
	})
	if err != nil {
		return fmt.Errorf("store: %s: %w", kind, err)
	}
	return nil
}

// Segments returns how many SMS segments were queued since a moment, in messages
// after the one with the id, and the id of the last of them.
func (s *Store) Segments(ctx context.Context, since time.Time, after int64) (segments int, last int64, err error) {
	err = one(ctx, s.engine, `SELECT COALESCE(SUM(segments), 0), COALESCE(MAX(id), $1) FROM outbox WHERE id > $1 AND created_at >= $2`,
		[]any{after, millis(since)}, &segments, &last)
	if err != nil {
		return 0, 0, fmt.Errorf("store: count segments: %w", err)
	}
	return segments, last, nil
}

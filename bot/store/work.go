package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/balie-nl/balie/bot"
)

// ready is the condition that a message i may be processed now. All that came
// before it in its conversation is processed, or stands before it in the order of
// try_at and id: what was never postponed has a try_at of 0.
const ready = `i.done_at = 0 AND i.try_at <= $1
	AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.conversation = i.conversation AND e.done_at = 0 AND e.id < i.id AND e.try_at > 0)`

// open is a message that is being worked on, and its conversation's state.
type open struct {
	bot.Received
	state string
}

// waiting reads messages that may be processed now, those of one conversation in
// order. In a transaction it locks their conversations; those that another process
// works on are skipped.
func waiting(ctx context.Context, q querier, now time.Time, limit int) ([]open, error) {
	var found []open
	err := each(ctx, q, `
		SELECT i.id, i.conversation, i.attempts, i.channel, i.account, c.user_address, i.provider_id, i.kind, i.text, i.choice,
			i.photo, i.received_at, i.quiet, i.dead_at, c.state
		FROM inbox i JOIN conversation c ON c.id = i.conversation
		WHERE `+ready+`
		ORDER BY i.try_at, i.id LIMIT $2 FOR NO KEY UPDATE OF c, i SKIP LOCKED`, []any{millis(now), limit},
		func(scan func(...any) error) error {
			var o open
			var at, quiet, dead int64
			err := scan(&o.ID, &o.Conversation, &o.Attempts, &o.Channel, &o.Account, &o.User, &o.ProviderID, &o.Kind, &o.Text, &o.Choice,
				&o.Photo, &at, &quiet, &dead, &o.state)
			o.ReceivedAt, o.Quiet, o.Dead = moment(at), quiet != 0, dead != 0
			found = append(found, o)
			return err
		})
	return found, err
}

// Work takes up to limit messages that wait, oldest first, and none of a
// conversation that another process works on. It passes them to read, which may
// take its time and returns for each what to do with the state of its
// conversation. What those functions return is committed for all together; they
// must be quick and have no side effects. A message whose function fails stays as
// it is, and so do those behind it.
//
// It returns how many messages were completed, and whether more wait.
func (s *Store) Work(ctx context.Context, now time.Time, limit int, read func([]bot.Received) []bot.Decide) (done int, more bool, err error) {
	if s.engine.shared() {
		done, more, err = s.workLocked(ctx, now, limit, read)
	} else {
		done, more, err = s.workAlone(ctx, now, limit, read)
	}
	if err != nil {
		return 0, true, fmt.Errorf("store: work: %w", err)
	}
	return done, more, nil
}

// workLocked holds the locks from before the messages are read, so that no other
// process reads the same ones.
func (s *Store) workLocked(ctx context.Context, now time.Time, limit int, read func([]bot.Received) []bot.Decide) (int, bool, error) {
	var done, found int
	err := s.engine.write(ctx, nobody, func(t tx) error {
		batch, err := waiting(ctx, t, now, limit)
		if err != nil {
			return err
		}
		found = len(batch)
		if batch, err = fromTheFirst(ctx, t, batch); err != nil {
			return err
		}
		done, err = s.complete(ctx, t, now, batch, decide(batch, read))
		return err
	})
	if err != nil || found == limit {
		return done, true, err
	}
	// A conversation may have been skipped because it was locked for a moment.
	var skipped int64
	err = one(ctx, s.engine, `SELECT COUNT(*) FROM (SELECT 1 FROM inbox i WHERE `+ready+` LIMIT 1) AS w`,
		[]any{millis(now)}, &skipped)
	return done, skipped > 0, err
}

// workAlone reads the messages before the transaction, which would make all
// others wait. There is no other process, but staff may act meanwhile, so the
// states are read again in it.
func (s *Store) workAlone(ctx context.Context, now time.Time, limit int, read func([]bot.Received) []bot.Decide) (int, bool, error) {
	batch, err := waiting(ctx, s.engine, now, limit)
	if err != nil || len(batch) == 0 {
		return 0, false, err
	}
	decisions := decide(batch, read)
	done := 0
	err = s.engine.write(ctx, nobody, func(t tx) error {
		numbers := make(ids, len(batch))
		for i, o := range batch {
			numbers[i] = o.ID
		}
		states := map[int64]string{}
		err := each(ctx, t, `SELECT i.id, c.state FROM inbox i JOIN conversation c ON c.id = i.conversation WHERE i.done_at = 0 AND i.id IN LIST($1)`,
			[]any{numbers}, func(scan func(...any) error) error {
				var id int64
				var state string
				err := scan(&id, &state)
				states[id] = state
				return err
			})
		if err != nil {
			return err
		}
		var still []open
		var then []bot.Decide
		for i, o := range batch {
			if state, ok := states[o.ID]; ok {
				o.state = state
				still, then = append(still, o), append(then, decisions[i])
			}
		}
		done, err = s.complete(ctx, t, now, still, then)
		return err
	})
	return done, len(batch) == limit, err
}

// fromTheFirst drops the messages of conversations whose first one is not in the
// batch: its lock may have been taken when it was this one's turn, and given back
// when it was the next one's.
func fromTheFirst(ctx context.Context, t tx, batch []open) ([]open, error) {
	if len(batch) == 0 {
		return nil, nil
	}
	var conversations ids
	for _, o := range batch {
		conversations = append(conversations, o.Conversation)
	}
	first := map[int64]int64{}
	err := each(ctx, t, `SELECT conversation, MIN(id) FROM inbox WHERE done_at = 0 AND conversation IN LIST($1) GROUP BY conversation`,
		[]any{conversations}, func(scan func(...any) error) error {
			var conversation, id int64
			err := scan(&conversation, &id)
			first[conversation] = id
			return err
		})
	if err != nil {
		return nil, err
	}
	whole := map[int64]bool{}
	return slices.DeleteFunc(batch, func(o open) bool {
		whole[o.Conversation] = whole[o.Conversation] || o.ID == first[o.Conversation]
		return !whole[o.Conversation]
	}), nil
}

func decide(batch []open, read func([]bot.Received) []bot.Decide) []bot.Decide {
	if len(batch) == 0 {
		return nil
	}
	received := make([]bot.Received, len(batch))
	for i, o := range batch {
		received[i] = o.Received
	}
	return read(received)
}

func (s *Store) complete(ctx context.Context, t tx, now time.Time, batch []open, decisions []bot.Decide) (int, error) {
	done := 0
	states := map[int64]bot.State{} // after the messages before
	failed := map[int64]bool{}
	for i, m := range batch {
		if failed[m.Conversation] {
			continue
		}
		before, ok := states[m.Conversation]
		if !ok {
			var err error
			if before, err = decodeState(m.state); err != nil {
				return 0, err
			}
		}
		turn, err := decisions[i](before)
		if err != nil {
			failed[m.Conversation] = true
			continue
		}
		states[m.Conversation] = turn.State
		var best bot.Candidate
		if len(turn.Understanding.Candidates) > 0 {
			best = turn.Understanding.Candidates[0]
		}
		dead := int64(0)
		if turn.Dead {
			dead = millis(now)
		}
		if err := t.exec(ctx, nil, `UPDATE inbox SET done_at = $1, decision = $2, intent = $3, confidence = $4, dead_at = $5 WHERE id = $6`,
			millis(now), string(turn.Understanding.Decision), string(best.Intent), best.Confidence, dead, m.ID); err != nil {
			return 0, fmt.Errorf("complete: %w", err)
		}
		if !m.Dead { // the record has it already
			said := event{conversation: m.Conversation, kind: bot.EntrySaid, ref: m.ID, at: now}
			if err := said.insert(ctx, t); err != nil {
				return 0, err
			}
		}
		if err := saveTurn(ctx, t, m.Conversation, m.Channel, before, turn, now); err != nil {
			return 0, err
		}
		done++
	}
	return done, nil
}

// Postpone records that processing a message failed, and when to try again.
func (s *Store) Postpone(ctx context.Context, id int64, at time.Time, why string) error {
	return s.update(ctx, "postpone", `UPDATE inbox SET attempts = attempts + 1, try_at = $1, error = $2 WHERE id = $3 AND done_at = 0`,
		millis(at), why, id)
}

// Bury keeps a message that cannot be processed at all as a dead letter, so that
// the messages behind it can be. It stands in the transcript.
func (s *Store) Bury(ctx context.Context, m bot.Received, now time.Time, why string) error {
	err := s.engine.write(ctx, somebody, func(t tx) error {
		if _, _, err := lockConversation(ctx, t, m.Conversation); err != nil {
			return err
		}
		if !m.Dead {
			said := event{conversation: m.Conversation, kind: bot.EntrySaid, ref: m.ID, at: now}
			if err := said.insert(ctx, t); err != nil {
				return err
			}
		}
		return t.exec(ctx, nil, `UPDATE inbox SET done_at = $1, dead_at = $1, error = $2 WHERE id = $3 AND done_at = 0`, millis(now), why, m.ID)
	})
	if err != nil {
		return fmt.Errorf("store: bury: %w", err)
	}
	return nil
}

// DeadLetters returns the messages that could not be processed, oldest first.
func (s *Store) DeadLetters(ctx context.Context) ([]bot.DeadLetter, error) {
	var found []bot.DeadLetter
	err := each(ctx, s.engine, `
		SELECT id, conversation, channel, kind, received_at, attempts, error FROM inbox WHERE dead_at <> 0 AND done_at <> 0 ORDER BY id`, nil,
		func(scan func(...any) error) error {
			var d bot.DeadLetter
			var at int64
			err := scan(&d.ID, &d.Conversation, &d.Channel, &d.Kind, &at, &d.Attempts, &d.Error)
			d.ReceivedAt = moment(at)
			found = append(found, d)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("store: dead letters: %w", err)
	}
	return found, nil
}

// Replay lets dead letters be processed anew, and returns how many were found.
func (s *Store) Replay(ctx context.Context, letters []int64) (int64, error) {
	var n int64
	err := s.engine.write(ctx, somebody, func(t tx) error {
		return t.exec(ctx, &n, `UPDATE inbox SET done_at = 0, attempts = 0, try_at = 0 WHERE dead_at <> 0 AND done_at <> 0 AND id IN LIST($1)`, ids(letters))
	})
	if err != nil {
		return 0, fmt.Errorf("store: replay: %w", err)
	}
	return n, nil
}

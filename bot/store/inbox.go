package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/balie-nl/balie/bot"
)

// Accept stores messages in one transaction. For each it reports whether it is
// new: false means that the provider delivered it before, and that nothing was
// stored. An error means that the provider should deliver them again.
func (s *Store) Accept(ctx context.Context, messages []bot.Inbound) ([]bool, error) {
	state, err := json.Marshal(bot.NewState())
	if err != nil {
		return nil, fmt.Errorf("store: encode state: %w", err)
	}
	stored := make([]int64, len(messages))
	unknown := s.known.missing(messages)
	err = s.engine.write(ctx, somebody, func(t tx) error {
		for _, a := range unknown {
			if err := t.exec(ctx, nil, `
				INSERT INTO conversation (channel, account, user_address, owner, state, created_at)
				VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (channel, account, user_address) DO NOTHING`,
				string(a.Channel), a.Account, a.User, string(bot.OwnedByBot), string(state), millis(messages[0].ReceivedAt)); err != nil {
				return fmt.Errorf("insert conversation: %w", err)
			}
		}
		for i, m := range messages {
			if err := t.exec(ctx, &stored[i], `
				INSERT INTO inbox (conversation, channel, account, provider_id, kind, text, choice, received_at, quiet, photo)
				SELECT id, channel, account, $1, $2, $3, $4, $5, $6, $7 FROM conversation
				WHERE channel = $8 AND account = $9 AND user_address = $10
				ON CONFLICT (channel, account, provider_id) DO NOTHING`,
				m.ProviderID, string(m.Kind), m.Text, string(m.Choice), millis(m.ReceivedAt), boolean(m.Quiet), string(m.Photo),
				string(m.Channel), m.Account, m.User); err != nil {
				return fmt.Errorf("insert: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("store: accept: %w", err)
	}
	s.known.add(unknown)
	fresh := make([]bool, len(messages))
	for i, n := range stored {
		if fresh[i] = n > 0; fresh[i] {
			continue
		}
		if err := s.duplicate(ctx, messages[i]); err != nil {
			return nil, fmt.Errorf("store: accept: %w", err)
		}
	}
	return fresh, nil
}

// duplicate makes sure that a message that was not stored is there already. It is
// not when the conversation was erased meanwhile: the next try makes a new one.
func (s *Store) duplicate(ctx context.Context, m bot.Inbound) error {
	var id int64
	err := one(ctx, s.engine, `SELECT id FROM inbox WHERE channel = $1 AND account = $2 AND provider_id = $3`,
		[]any{string(m.Channel), m.Account, m.ProviderID}, &id)
	if errors.Is(err, bot.ErrNotFound) {
		s.known.forget(m.Address)
		return errors.New("the conversation was erased just now")
	}
	return err
}

// addressBook remembers for which addresses there is a conversation, so that it
// need not be made again and again. It is safe for concurrent use.
type addressBook struct {
	mu    sync.Mutex
	known map[bot.Address]struct{}
}

// maxKnown bounds the memory of the book.
const maxKnown = 20_000

// missing are the addresses of messages that are not known, each once and in one
// order: processes that insert the same ones in different orders would wait for
// each other.
func (b *addressBook) missing(messages []bot.Inbound) []bot.Address {
	b.mu.Lock()
	defer b.mu.Unlock()
	var unknown []bot.Address
	for _, m := range messages {
		if _, ok := b.known[m.Address]; !ok {
			unknown = append(unknown, m.Address)
		}
	}
	slices.SortFunc(unknown, func(a, b bot.Address) int {
		return cmp.Or(strings.Compare(a.User, b.User), strings.Compare(a.Account, b.Account), strings.Compare(string(a.Channel), string(b.Channel)))
	})
	return slices.Compact(unknown)
}

func (b *addressBook) add(addresses []bot.Address) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.known == nil || len(b.known) > maxKnown {
		b.known = map[bot.Address]struct{}{}
	}
	for _, a := range addresses {
		b.known[a] = struct{}{}
	}
}

func (b *addressBook) forget(a bot.Address) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.known, a)
}

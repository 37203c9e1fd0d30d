package channeltest

import (
	"context"
	"slices"
	"testing"

	"github.com/balie-nl/balie/bot"
)

// Inbox is a receiver of messages and receipts that remembers them, each message
// once. Make it with NewInbox.
type Inbox struct {
	*board
	seen     map[key]bool
	messages []bot.Inbound
	receipts []bot.Receipt
	failed   int
	err      error
}

type key struct {
	channel             bot.Channel
	account, providerID string
}

// NewInbox makes an empty inbox.
func NewInbox() *Inbox { return &Inbox{board: newBoard(), seen: map[key]bool{}} }

// SetError makes Receive and Receipt fail until it is set to nil.
func (i *Inbox) SetError(err error) {
	i.Lock()
	defer i.Unlock()
	i.err, i.failed = err, 0
}

// Receive stores a message once.
func (i *Inbox) Receive(ctx context.Context, m bot.Inbound) (bool, error) {
	i.Lock()
	defer i.Unlock()
	defer i.announce()
	if i.err != nil {
		i.failed++
		return false, i.err
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	k := key{m.Channel, m.Account, m.ProviderID}
	if i.seen[k] {
		return false, nil
	}
	i.seen[k] = true
	i.messages = append(i.messages, m)
	return true, nil
}

// Receipt stores a receipt.
func (i *Inbox) Receipt(_ context.Context, r bot.Receipt) error {
	i.Lock()
	defer i.Unlock()
	defer i.announce()
	if i.err != nil {
		i.failed++
		return i.err
	}
	i.receipts = append(i.receipts, r)
	return nil
}

// Messages are the messages stored so far, in order.
func (i *Inbox) Messages() []bot.Inbound {
	i.Lock()
	defer i.Unlock()
	return slices.Clone(i.messages)
}

// Receipts are the receipts stored so far, in order.
func (i *Inbox) Receipts() []bot.Receipt {
	i.Lock()
	defer i.Unlock()
	return slices.Clone(i.receipts)
}

// WaitForMessages waits until at least n messages were stored.
func (i *Inbox) WaitForMessages(t testing.TB, n int) []bot.Inbound {
	t.Helper()
	i.await(t, "stored messages", func() bool { return len(i.messages) >= n })
	return i.Messages()
}

// WaitForReceipts waits until at least n receipts were stored.
func (i *Inbox) WaitForReceipts(t testing.TB, n int) []bot.Receipt {
	t.Helper()
	i.await(t, "stored receipts", func() bool { return len(i.receipts) >= n })
	return i.Receipts()
}

// WaitForFailures waits until at least n calls failed by what SetError said.
func (i *Inbox) WaitForFailures(t testing.TB, n int) {
	t.Helper()
	i.await(t, "failed calls", func() bool { return i.failed >= n })
}

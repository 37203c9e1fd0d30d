package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/balie-nl/balie/bot"
)

const (
	// maxGroup is how many messages share a commit at most.
	maxGroup = 64
	// maxWaiting is how many messages may wait for a commit. Beyond it Receive
	// fails at once, so that memory stays bounded and the provider retries.
	maxWaiting = 1024
)

// ErrBusy says that more messages arrive than can be stored.
var ErrBusy = errors.New("pipeline: too many messages wait to be stored")

// InboxStore is where messages are kept.
type InboxStore interface {
	// Accept stores messages in one transaction and reports for each whether it is
	// new. It returns after the commit; on an error none was stored.
	Accept(context.Context, []bot.Inbound) ([]bool, error)
}

// Receiver stores messages that channels hand in. Messages that arrive while a
// commit is under way share the next one (group commit): on a disk where every
// commit waits for the platter this is many times faster than one each.
//
// A sender who sends more than a person can is not refused, because then the
// provider would send the same again; the messages are kept, but not answered.
type Receiver struct {
	store     InboxStore
	pace      *pace
	log       *slog.Logger
	queue     chan acceptance
	processor *Processor
}

type acceptance struct {
	message bot.Inbound
	result  chan result // room for one
}

type result struct {
	fresh bool
	err   error
}

// NewReceiver makes a receiver; Run must run for it to work. It wakes the
// processor after each commit.
func NewReceiver(store InboxStore, p *Processor, limit Pace, log *slog.Logger) *Receiver {
	return &Receiver{store: store, pace: newPace(limit), log: log, queue: make(chan acceptance, maxWaiting), processor: p}
}

// Receive stores a message and returns after its commit. It reports false for a
// message that was stored before. On an error nothing is known to be stored, and
// the provider must deliver it again.
func (r *Receiver) Receive(ctx context.Context, m bot.Inbound) (bool, error) {
	r.processor.receiving.Add(1)
	r.processor.received.Store(r.processor.now().UnixNano())
	defer r.processor.receiving.Add(-1)
	m.Quiet = !r.pace.allow(m.Address, m.ReceivedAt)
	a := acceptance{message: m, result: make(chan result, 1)}
	select {
	case r.queue <- a:
	case <-ctx.Done():
		return false, fmt.Errorf("pipeline: receive: %w", ctx.Err())
	default:
		return false, ErrBusy
	}
	select {
	case res := <-a.result:
		return res.fresh, res.err
	case <-ctx.Done():
		return false, fmt.Errorf("pipeline: receive: %w", ctx.Err())
	}
}

// Run stores what is handed in until ctx ends, and then what still waits.
func (r *Receiver) Run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			for len(r.queue) > 0 {
				r.commit(context.WithoutCancel(ctx), <-r.queue)
			}
			return nil
		case first := <-r.queue:
			r.commit(context.WithoutCancel(ctx), first)
		}
	}
}

// commit stores first and all that waits behind it, up to maxGroup.
func (r *Receiver) commit(ctx context.Context, first acceptance) {
	group := []acceptance{first}
	for len(group) < maxGroup {
		select {
		case a := <-r.queue:
			group = append(group, a)
			continue
		default:
		}
		break
	}
	messages := make([]bot.Inbound, len(group))
	for i, a := range group {
		messages[i] = a.message
	}
	ctx, cancel := context.WithTimeout(ctx, storeLimit)
	defer cancel()
	fresh, err := r.store.Accept(ctx, messages)
	if err != nil {
		r.log.Error("messages could not be stored", "count", len(group), "err", err)
	}
	for i, a := range group {
		if err != nil {
			a.result <- result{err: err}
			continue
		}
		a.result <- result{fresh: fresh[i]}
	}
	wakeUp(r.processor.wake)
}

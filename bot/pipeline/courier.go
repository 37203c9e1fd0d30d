package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/balie-nl/balie/bot"
)

const (
	sends     = 16               // under way at once
	sendLimit = 15 * time.Second // for one send
	// lease is how long a claimed message is left alone. It is longer than a send
	// can take, so that a lease that runs out means that its process died.
	lease      = 30 * time.Second
	firstDelay = 2 * time.Second
	maxDelay   = 5 * time.Minute
	giveUp     = 24 * time.Hour // after which a message is of no use any more
	pollOutbox = 2 * time.Second
)

// OutboxStore is where messages to residents wait.
type OutboxStore interface {
	// Claim leases messages that are due, of each conversation only the first open
	// one. A message whose earlier lease ran out is Doubtful.
	Claim(ctx context.Context, now, until time.Time, limit int) ([]bot.Outbound, error)
	Sent(ctx context.Context, id int64, providerID string, now time.Time) error
	Retry(ctx context.Context, id int64, at time.Time, code string, doubtful bool) error
	GiveUp(ctx context.Context, id int64, code string, now time.Time) error
	// Receipt moves a message's status forward and returns its conversation. It
	// gives bot.ErrNotFound for a message that is not ours.
	Receipt(ctx context.Context, r bot.Receipt, now time.Time) (conversation int64, err error)
	// Unrecorded returns the first of the provider's ids that no message has.
	Unrecorded(ctx context.Context, providerIDs []string) (string, bool, error)
}

// Sender delivers messages to a provider. It is safe for concurrent use.
type Sender interface {
	// Send hands the message to the provider and returns the provider's id for it.
	// An error is a *bot.SendError where the provider told why.
	Send(context.Context, bot.Outbound) (providerID string, err error)
}

// Asker is a Sender whose provider can be asked what it accepted.
type Asker interface {
	// Accepted returns the provider's ids of the messages that look like this one
	// and were accepted since its first try, oldest first.
	Accepted(context.Context, bot.Outbound) ([]string, error)
}

// Courier delivers what is in the outbox, at least once: a message is sent again
// only when the process died between the provider's acceptance and our commit,
// and never when the provider can be asked.
type Courier struct {
	store    OutboxStore
	senders  map[bot.Channel]Sender
	now      Clock
	notifier Notifier
	log      *slog.Logger
	wake     chan struct{}
	slots    chan struct{}
}

// NewCourier makes a courier for the channels that are on; Run must run for it
// to work. Messages for a channel that is off wait until they are given up.
func NewCourier(store OutboxStore, p *Processor, senders map[bot.Channel]Sender, now Clock, notifier Notifier, log *slog.Logger) *Courier {
	return &Courier{
		store: store, senders: senders, now: now, notifier: notifier, log: log,
		wake: p.deliver, slots: make(chan struct{}, sends),
	}
}

// Run delivers messages until ctx ends, and waits for the sends under way.
func (c *Courier) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	defer wg.Wait()
	for ctx.Err() == nil {
		free := sends - len(c.slots)
		now := c.now()
		var claimed []bot.Outbound
		if free > 0 {
			var err error
			if claimed, err = c.store.Claim(ctx, now, now.Add(lease), free); err != nil && ctx.Err() == nil {
				c.log.Error("outbox could not be read", "err", err)
			}
		}
		for _, m := range claimed {
			c.slots <- struct{}{}
			wg.Go(func() {
				defer func() {
					<-c.slots
					wakeUp(c.wake) // the conversation's next message may be sent now
				}()
				c.deliver(context.WithoutCancel(ctx), m)
			})
		}
		if len(claimed) == 0 {
			wait(ctx, c.wake, pollOutbox)
		}
	}
	return nil
}

// deliver sends one message and records how it went.
func (c *Courier) deliver(ctx context.Context, m bot.Outbound) {
	log := c.log.With("message", m.ID, "conversation", m.Conversation, "channel", string(m.Channel))
	providerID, err := c.send(ctx, m)
	now := c.now()
	if err == nil {
		if err := c.store.Sent(ctx, m.ID, providerID, now); err != nil {
			log.Error("sent message could not be recorded", "err", err)
		}
		c.notifier.Notify(m.Conversation)
		return
	}

	var refusal *bot.SendError
	if !errors.As(err, &refusal) {
		refusal = &bot.SendError{Code: "error", Doubtful: true, Err: err}
	}
	if refusal.Permanent || now.Sub(m.CreatedAt) > giveUp {
		log.Warn("message given up", "code", refusal.Code, "attempts", m.Attempts+1)
		if err := c.store.GiveUp(ctx, m.ID, refusal.Code, now); err != nil {
			log.Error("given-up message could not be recorded", "err", err)
		}
		c.notifier.Notify(m.Conversation)
		return
	}
	log.Warn("message will be sent again", "code", refusal.Code, "attempts", m.Attempts+1)
	at := now.Add(delay(m.Attempts, refusal.RetryAfter))
	if err := c.store.Retry(ctx, m.ID, at, refusal.Code, refusal.Doubtful); err != nil {
		log.Error("retry could not be recorded", "err", err)
	}
}

// send hands a message to its channel. Of a doubtful message it first asks the
// provider, where that is possible, whether it has it already.
func (c *Courier) send(ctx context.Context, m bot.Outbound) (id string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &bot.SendError{Code: "panic", Doubtful: true, Err: errors.New("panic while sending")}
		}
	}()
	sender, ok := c.senders[m.Channel]
	if !ok {
		return "", &bot.SendError{Code: "channel_off", RetryAfter: maxDelay, Err: errors.New("the channel is off")}
	}
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	if asker, ok := sender.(Asker); ok && m.Doubtful {
		id, accepted, err := c.accepted(ctx, asker, m)
		if err != nil {
			return "", &bot.SendError{Code: "unknown", Doubtful: true, Err: err}
		}
		if accepted {
			return id, nil
		}
	}
	return sender.Send(ctx, m)
}

func (c *Courier) accepted(ctx context.Context, asker Asker, m bot.Outbound) (string, bool, error) {
	ids, err := asker.Accepted(ctx, m)
	if err != nil {
		return "", false, fmt.Errorf("pipeline: ask the provider: %w", err)
	}
	return c.store.Unrecorded(ctx, ids)
}

// Receipt takes in what a provider says about a message.
func (c *Courier) Receipt(ctx context.Context, r bot.Receipt) error {
	conversation, err := c.store.Receipt(ctx, r, c.now())
	if err != nil {
		return err
	}
	wakeUp(c.wake)
	c.notifier.Notify(conversation)
	return nil
}

// delay is the wait before the next try: exponential with full jitter, from
// firstDelay up to maxDelay, but never less than what the provider asked for.
func delay(attempts int, wish time.Duration) time.Duration {
	ceiling := min(maxDelay, firstDelay<<min(attempts, 10))
	return max(wish, time.Duration(rand.Int64N(int64(ceiling))))
}

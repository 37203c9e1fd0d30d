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
	sends     = 64               // under way at once, of each channel
	sendLimit = 15 * time.Second // for one send
	// lease is how long a claimed message is left alone. It is longer than a send
	// can take, so that a lease that runs out means that its process died; and so
	// much longer that the provider has had the time to deal with what was under way
	// then, and does not deny a message that it is about to accept.
	lease      = 30 * time.Second
	doubtDelay = 5 * time.Second // the least, for the same reason, after a send that was cut off
	firstDelay = 2 * time.Second
	maxDelay   = 5 * time.Minute
	giveUp     = 24 * time.Hour // after which a message is of no use any more
	pollOutbox = 2 * time.Second
	// recordLimit bounds the transaction at the end of a send. Beyond the lease
	// nothing is known to be ours any more.
	recordLimit = 10 * time.Second
)

// OutboxStore is where messages to residents wait.
type OutboxStore interface {
	// Deliver records how sends ended and leases up to limit messages of a channel
	// that are due, of each conversation only the first open one, in one transaction.
	// A message whose earlier lease ran out is Doubtful.
	Deliver(ctx context.Context, ended []bot.Delivery, channel bot.Channel, now, until time.Time, limit int) ([]bot.Outbound, error)
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
	store     OutboxStore
	processor *Processor
	actions   *Actions
	senders   map[bot.Channel]Sender
	now       Clock
	log       *slog.Logger
}

// route is the courier of one channel: one that is slow or paused holds up none
// of the others.
type route struct {
	*Courier
	channel bot.Channel
	wake    chan struct{}
	ended   chan bot.Delivery // room for all sends, so that none waits
}

// NewCourier makes a courier for the channels that are on; Run must run for it
// to work. Messages for a channel that is off wait until they are given up.
func NewCourier(store OutboxStore, p *Processor, actions *Actions, senders map[bot.Channel]Sender, now Clock, log *slog.Logger) *Courier {
	return &Courier{
		store: store, processor: p, actions: actions, senders: senders, now: now, log: log,
	}
}

// Run delivers messages until ctx ends, waits for the sends under way and
// records how they ended.
func (c *Courier) Run(ctx context.Context) error {
	var wg sync.WaitGroup
	var routes []*route
	for _, channel := range []bot.Channel{bot.SMS, bot.WhatsApp, bot.Telegram} {
		r := &route{Courier: c, channel: channel, wake: make(chan struct{}, 1), ended: make(chan bot.Delivery, sends)}
		routes = append(routes, r)
		wg.Go(func() { r.run(ctx) })
	}
	for ctx.Err() == nil {
		select {
		case <-c.processor.deliver:
			for _, r := range routes {
				wakeUp(r.wake)
			}
		case <-ctx.Done():
		}
	}
	wg.Wait()
	return nil
}

// run delivers the messages of the channel. One transaction records the sends
// that have ended and takes the next ones: the faster the provider, the more share
// one.
func (c *route) run(ctx context.Context) {
	var ended []bot.Delivery // not yet recorded
	under := 0               // sends under way
	for {
		ended = c.collect(ended, &under)
		free := min(sends-under, c.processor.batch())
		if ctx.Err() != nil {
			if under == 0 && len(ended) == 0 {
				return
			}
			free = 0
		}
		if free > 0 || len(ended) > 0 {
			taken, err := c.exchange(context.WithoutCancel(ctx), ended, free)
			if err != nil {
				c.log.Error("outbox could not be read", "err", err)
				if ctx.Err() != nil {
					return // the messages are doubtful when their lease ends
				}
				wait(ctx, nil, downWait)
				continue
			}
			ended = nil
			under += len(taken)
			for _, m := range taken {
				go func() { c.ended <- c.deliver(context.WithoutCancel(ctx), m) }()
			}
			if len(taken) == free && (free > 0 || under == 0) {
				continue // there may be more, or nothing is left to wait for
			}
		}
		ended = c.await(ctx, ended, &under)
	}
}

// collect takes in the sends that have ended.
func (c *route) collect(ended []bot.Delivery, under *int) []bot.Delivery {
	for {
		select {
		case d := <-c.ended:
			ended = append(ended, d)
			*under--
		default:
			return ended
		}
	}
}

// await blocks until a send ends, there may be something new to send, or ctx
// ends.
func (c *route) await(ctx context.Context, ended []bot.Delivery, under *int) []bot.Delivery {
	timer := time.NewTimer(pollOutbox)
	defer timer.Stop()
	done := ctx.Done()
	if ctx.Err() != nil {
		done = nil // that is known; only the sends under way count
	}
	select {
	case d := <-c.ended:
		*under--
		return append(ended, d)
	case <-c.wake:
	case <-timer.C:
	case <-done:
	}
	return ended
}

func (c *route) exchange(ctx context.Context, ended []bot.Delivery, free int) ([]bot.Outbound, error) {
	ctx, cancel := context.WithTimeout(ctx, recordLimit)
	defer cancel()
	now := c.now()
	return c.store.Deliver(ctx, ended, c.channel, now, now.Add(lease), free)
}

// deliver sends one message and tells how it ended.
func (c *Courier) deliver(ctx context.Context, m bot.Outbound) bot.Delivery {
	d := bot.Delivery{Outbound: m.ID, Conversation: m.Conversation, Status: bot.Sent}
	log := c.log.With("message", m.ID, "conversation", m.Conversation, "channel", string(m.Channel))
	providerID, err := c.send(ctx, m)
	if err == nil {
		d.ProviderID = providerID
		return d
	}
	var refusal *bot.SendError
	if !errors.As(err, &refusal) {
		refusal = &bot.SendError{Code: "error", Doubtful: true, Err: err}
	}
	d.Code = refusal.Code
	if refusal.Unreachable {
		if err := c.actions.Unreachable(ctx, m.Conversation, m.ID); err != nil {
			log.Error("that a resident cannot be reached could not be recorded", "err", err)
		}
	}
	now := c.now()
	if refusal.Permanent || now.Sub(m.CreatedAt) > giveUp {
		log.Warn("message given up", "code", refusal.Code, "attempts", m.Attempts+1)
		d.Status = bot.Failed
		return d
	}
	log.Warn("message will be sent again", "code", refusal.Code, "attempts", m.Attempts+1)
	wish := refusal.RetryAfter
	if refusal.Doubtful {
		wish = max(wish, doubtDelay)
	}
	d.Status, d.Doubtful, d.Again = bot.Queued, refusal.Doubtful, now.Add(delay(m.Attempts, wish))
	return d
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
	if r.Unreachable {
		if err := c.actions.Unreachable(ctx, conversation, r.Outbound); err != nil {
			return err
		}
	}
	return nil
}

// delay is the wait before the next try: exponential with full jitter, from
// firstDelay up to maxDelay, but never less than what the provider asked for.
func delay(attempts int, wish time.Duration) time.Duration {
	ceiling := min(maxDelay, firstDelay<<min(attempts, 10))
	return max(wish, time.Duration(rand.Int64N(int64(ceiling))))
}

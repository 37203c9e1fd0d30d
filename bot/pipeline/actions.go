package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// DeskStore is where staff act.
type DeskStore interface {
	// Act does what Work does for an action of staff, once per key. An error of fn
	// comes back as it is.
	Act(ctx context.Context, conversation int64, key, kind string, staff bot.Staff, now time.Time, fn func(bot.State, bot.Channel) (bot.Turn, error)) error
	// Resend queues a message that failed anew, once per key.
	Resend(ctx context.Context, conversation, message int64, key string, staff bot.Staff, now time.Time) error
	// Dismiss records that nothing more has to be done about a message that failed.
	Dismiss(ctx context.Context, conversation, message int64, key string, staff bot.Staff, now time.Time) error
}

// Actions carries out what staff do at the desk. It returns after the commit. The
// key makes a form that is sent twice count once.
type Actions struct {
	store   DeskStore
	brain   Brain
	now     Clock
	deliver chan<- struct{}
}

// NewActions makes the actions of staff; they wake the processor's courier.
func NewActions(store DeskStore, p *Processor) *Actions {
	return &Actions{store: store, brain: p.brain, now: p.now, deliver: p.deliver}
}

// Act carries out an event of staff. It fails with *bot.TakenError,
// bot.ErrNotOwner or bot.ErrNotFound when the action is refused.
func (a *Actions) Act(ctx context.Context, conversation int64, key string, ev bot.Event) error {
	var kind string
	var staff bot.Staff
	switch ev := ev.(type) {
	case bot.Claimed:
		kind, staff = "claimed", ev.Staff
	case bot.StaffSaid:
		kind, staff = "said", ev.Staff
	case bot.Released:
		kind, staff = "released", ev.Staff
	case bot.Closed:
		kind, staff = "closed", ev.Staff
	default:
		return fmt.Errorf("pipeline: %T is not an action of staff", ev)
	}
	return a.act(ctx, conversation, key, kind, staff, ev)
}

func (a *Actions) act(ctx context.Context, conversation int64, key, kind string, staff bot.Staff, ev bot.Event) error {
	now := a.now()
	err := a.store.Act(ctx, conversation, key, kind, staff, now, func(state bot.State, channel bot.Channel) (bot.Turn, error) {
		return a.brain.turn(state, bot.Address{Channel: channel}, now, ev)
	})
	if err == nil {
		wakeUp(a.deliver)
	}
	return err
}

// Resend sends a message that failed once more. It fails with bot.ErrNotFailed
// when there is nothing to send.
func (a *Actions) Resend(ctx context.Context, conversation, message int64, key string, staff bot.Staff) error {
	if err := a.store.Resend(ctx, conversation, message, key, staff, a.now()); err != nil {
		return err
	}
	wakeUp(a.deliver)
	return nil
}

// Dismiss takes a message that failed off the list of the desk.
func (a *Actions) Dismiss(ctx context.Context, conversation, message int64, key string, staff bot.Staff) error {
	return a.store.Dismiss(ctx, conversation, message, key, staff, a.now())
}

// Unreachable records that a provider refuses to deliver to the resident, who has
// said STOP there or blocked us.
func (a *Actions) Unreachable(ctx context.Context, conversation, message int64) error {
	err := a.act(ctx, conversation, fmt.Sprintf("unreachable-%d", message), "unreachable", bot.Staff{}, bot.OptedOut{})
	if errors.Is(err, bot.ErrNotFound) {
		return nil
	}
	return err
}

// Package pipeline moves messages: it takes them in (Receiver), has them
// answered in order (Processor) and delivers the answers (Courier). Nothing is
// held only in memory: each part can be killed at any moment and goes on from
// the store.
//
// It knows neither SQL nor any provider; what it needs of them it declares here.
package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Understander makes out what a text is about. It is safe for concurrent use.
type Understander interface {
	Understand(text string) bot.Understanding
}

// Renderer turns a reply of the dialogue into the words for a channel. It fails
// only for a key that is not in the catalogue.
type Renderer interface {
	Render(bot.Channel, bot.Reply) (bot.Message, error)
}

// Dialogue decides what happens. It is pure; see package dialogue.
type Dialogue interface {
	Step(bot.State, bot.Moment, bot.Event) (bot.State, []bot.Reply, error)
}

// Availability knows when people are at work.
type Availability interface {
	At(time.Time) bot.Availability
}

// Notifier is told that something changed in a conversation, after the commit.
// It is a hint: it must not block and may be lost.
type Notifier interface {
	Notify(conversation int64)
}

// Clock tells the time.
type Clock func() time.Time

// Brain is all that is needed to answer: it joins the dialogue with what it is
// made of.
type Brain struct {
	Dialogue     Dialogue
	Understander Understander
	Renderer     Renderer
	Hours        Availability
}

// turn runs one event through the dialogue and renders the replies.
func (b Brain) turn(state bot.State, channel bot.Channel, now time.Time, ev bot.Event) (bot.Turn, error) {
	state, replies, err := b.Dialogue.Step(state, bot.Moment{At: now, Desk: b.Hours.At(now)}, ev)
	if err != nil {
		return bot.Turn{}, err
	}
	turn := bot.Turn{State: state}
	for _, reply := range replies {
		message, err := b.Renderer.Render(channel, reply)
		if err != nil {
			return bot.Turn{}, fmt.Errorf("pipeline: render: %w", err)
		}
		turn.Messages = append(turn.Messages, message)
	}
	if said, ok := ev.(bot.Said); ok {
		turn.Understanding = said.Understanding
	}
	return turn, nil
}

// event is what an inbound message means to the dialogue. The engine is asked
// here, outside any transaction.
func (b Brain) event(m bot.Inbound) bot.Event {
	switch m.Kind {
	case bot.KindChoice:
		return bot.Chose{Choice: m.Choice}
	case bot.KindMedia:
		return bot.SentMedia{}
	case bot.KindOptOut, bot.KindGone:
		return bot.OptedOut{}
	case bot.KindOptIn:
		return bot.OptedIn{}
	case bot.KindHelp:
		return bot.ProviderAnswered{}
	}
	said := bot.Said{Text: m.Text}
	if m.Text != "" {
		said.Understanding = b.Understander.Understand(m.Text)
	}
	return said
}

// Answer runs one message through the dialogue without storing anything.
func (b Brain) Answer(state bot.State, m bot.Inbound) (bot.Turn, error) {
	return b.turn(state, m.Channel, m.ReceivedAt, b.event(m))
}

// wait blocks until woken, until the delay has passed, or until ctx ends.
func wait(ctx context.Context, wake <-chan struct{}, delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// wakeUp leaves a hint that there is work; one hint is enough for any amount.
func wakeUp(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

package pipeline

import (
	"context"
	"crypto/rand"
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

// Brain is all that is needed to answer: it joins the dialogue with what it is
// made of.
type Brain struct {
	Dialogue     Dialogue
	Understander Understander
	Renderer     Renderer
	Hours        Availability
	Costs        *Costs // nil where nothing is paid for
	Record       Record // nil where nothing is kept
}

// Record is what residents were answered.
type Record interface {
	// Served returns an answer that the bot gave in a conversation: the last one for
	// 0, otherwise that of the message; an empty one when there is none.
	Served(ctx context.Context, conversation, outbound int64) (bot.Served, error)
}

// turn runs one event through the dialogue and renders the replies. Of the address
// only the channel has to be known.
func (b Brain) turn(state bot.State, address bot.Address, now time.Time, ev bot.Event) (bot.Turn, error) {
	channel := address.Channel
	moment := bot.Moment{At: now, Desk: b.Hours.At(now), Photos: channel.TakesPhotos(), Reference: newReference()}
	if channel == bot.SMS || channel == bot.WhatsApp {
		moment.Phone = address.User
	}
	if b.Costs != nil {
		state, moment.Budget = b.Costs.before(state, channel, now)
	}
	state, replies, err := b.Dialogue.Step(state, moment, ev)
	if err != nil {
		return bot.Turn{}, err
	}
	turn := bot.Turn{State: state}
	for _, reply := range replies {
		message, err := b.Renderer.Render(channel, reply)
		if err != nil {
			return bot.Turn{}, fmt.Errorf("pipeline: render: %w", err)
		}
		if b.Costs != nil {
			message.Segments = b.Costs.segments(channel, message.Text)
			turn.State.Spent += message.Segments
		}
		turn.Messages = append(turn.Messages, message)
		if reply.Ticket != nil {
			turn.Tickets = append(turn.Tickets, *reply.Ticket)
		}
	}
	if said, ok := ev.(bot.Said); ok {
		turn.Understanding = said.Understanding
	}
	return turn, nil
}

// event is what an inbound message means to the dialogue. The engine is asked
// here, outside any transaction.
func (b Brain) event(ctx context.Context, m bot.Received) (bot.Event, error) {
	if outbound, ok := bot.ProofRequest(m.Text); ok && m.Kind == bot.KindText && b.Record != nil {
		served, err := b.Record.Served(ctx, m.Conversation, outbound)
		if err != nil {
			return nil, fmt.Errorf("pipeline: look up an answer: %w", err)
		}
		return bot.AskedProof{Served: served}, nil
	}
	return b.meaning(m.Inbound), nil
}

// meaning is what a message means by itself.
func (b Brain) meaning(m bot.Inbound) bot.Event {
	switch m.Kind {
	case bot.KindOptOut, bot.KindGone:
		return bot.OptedOut{}
	case bot.KindOptIn:
		return bot.OptedIn{}
	case bot.KindHelp:
		return bot.ProviderAnswered{}
	}
	switch {
	case m.Quiet:
		return bot.SaidTooMuch{Text: m.Text}
	case m.Kind == bot.KindChoice:
		return bot.Chose{Choice: m.Choice}
	case m.Kind == bot.KindMedia:
		return bot.SentMedia{Photo: m.Photo, Place: m.Text}
	}
	said := bot.Said{Text: m.Text, Photo: m.Photo}
	if m.Text != "" {
		said.Understanding = b.Understander.Understand(m.Text)
	}
	return said
}

// Answer runs one message through the dialogue without storing anything.
func (b Brain) Answer(state bot.State, m bot.Inbound) (bot.Turn, error) {
	return b.turn(state, m.Address, m.ReceivedAt, b.meaning(m))
}

// referenceLetters are those that are not mistaken for one another when they are
// said aloud or written by hand.
const referenceLetters = "ACEFHKLMNPRTWXY34679"

// newReference makes the name of a ticket, such as "K7F-3MA": 64 million of them.
func newReference() string {
	var raw [6]byte
	_, _ = rand.Read(raw[:]) // never fails
	name := make([]byte, 0, len(raw)+1)
	for i, b := range raw {
		if i == len(raw)/2 {
			name = append(name, '-')
		}
		name = append(name, referenceLetters[int(b)%len(referenceLetters)])
	}
	return string(name)
}

package webchat

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"regexp"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/stream"
)

const (
	batch    = 200 // entries read at once
	maxShown = 500 // the newest entries of a conversation that a page shows
)

// message is an entry of the transcript as the resident sees it.
type message struct {
	ID      int64
	From    string // you, bot or staff
	Sender  string
	Lang    string // empty when it is not known
	Body    template.HTML
	ISO     string
	Clock   string
	Choices []bot.Choice
	Photo   string // where a photo is sent to, when one is asked for
	Key     string // of that form
	Anchor  bool   // the page opens here
}

// messages is the transcript for a page. Only under the very last message are
// there quick replies: those above it have been answered.
func (ch *Chat) messages(entries []bot.Entry) []message {
	var shown []message
	lastOwn := -1
	for _, e := range entries {
		m, ok := ch.message(e)
		if !ok {
			continue
		}
		if len(shown) > 0 {
			shown[len(shown)-1].Choices, shown[len(shown)-1].Photo = nil, ""
		}
		if e.Kind == bot.EntrySaid {
			lastOwn = len(shown)
		}
		shown = append(shown, m)
	}
	switch {
	case lastOwn >= 0:
		shown[lastOwn].Anchor = true
	case len(shown) > 0:
		shown[len(shown)-1].Anchor = true
	}
	return shown
}

// message shows one entry; false for one that is not for the resident.
func (ch *Chat) message(e bot.Entry) (message, bool) {
	at := e.At.In(ch.zone)
	m := message{ID: e.ID, ISO: e.At.UTC().Format(time.RFC3339), Clock: page.Clock(at, ch.cfg.Now().In(ch.zone))}
	switch {
	case e.Kind == bot.EntrySaid:
		m.From, m.Sender = "you", ch.cfg.Texts.Text("chat.sender.you")
		m.Body = ch.writer.Plain(ch.said(e))
	case e.Kind == bot.EntryReplied && e.Message.Author.Human():
		m.From, m.Sender = "staff", ch.cfg.Texts.Text("chat.sender.staff", "name", e.Message.Author.Name)
		m.Body, m.Choices = ch.writer.Rich(e.Message.Text), e.Message.Choices
	case e.Kind == bot.EntryReplied:
		m.From, m.Sender = "bot", ch.cfg.Texts.Text("chat.sender.bot")
		m.Lang = htmlLang(string(e.Message.Language))
		m.Body, m.Choices = ch.writer.Rich(e.Message.Text), e.Message.Choices
	default:
		return message{}, false
	}
	if asksPhoto(m) {
		m.Photo, m.Key = PhotoPath+strings.TrimPrefix(ch.path(""), "/chat"), page.Random(128)
	}
	return m, true
}

// said is what a resident said, in words.
func (ch *Chat) said(e bot.Entry) string {
	switch e.MessageKind {
	case bot.KindChoice:
		label := e.Text
		if label == "" {
			label = ch.cfg.Texts.Text("chat.chose.other")
		}
		return ch.cfg.Texts.Text("chat.chose", "choice", label)
	case bot.KindMedia:
		return ch.cfg.Texts.Text("chat.media") // a photo, a voice message, a place
	}
	return e.Text
}

// choice is what a button may send; it means the same for ever, so a button of
// an old page still counts.
var choice = regexp.MustCompile(`^(human|bot|intent:[a-z0-9_]{1,60}|form:[a-z]{1,20}(:[a-z]{1,20}:[a-z]{1,20})?|language:[A-Za-z0-9-]{2,12})$`)

// label finds the words that stood on a button: they are stored with the choice,
// so that a person who takes over reads what the resident read.
func (ch *Chat) label(ctx context.Context, address bot.Address, id bot.ChoiceID) string {
	for _, c := range ch.examples {
		if c.ID == id {
			return c.Label
		}
	}
	if language, ok := id.Language(); ok {
		for _, sibling := range ch.siblings {
			if sibling.cfg.Texts.Tag() == string(language) {
				return sibling.cfg.Texts.Text("chat.language")
			}
		}
	}
	entries, err := ch.transcript(ctx, address)
	if err != nil {
		return ""
	}
	for _, e := range entries {
		for _, c := range e.Message.Choices {
			if c.ID == id {
				return c.Label
			}
		}
	}
	return ""
}

// events are the entries after since as fragments of the page. An entry that is
// not shown still moves the reader on.
func (ch *Chat) events(ctx context.Context, conversation, since int64) ([]stream.Event, error) {
	entries, err := ch.cfg.Transcripts.Entries(ctx, conversation, since, stream.MaxEvents+1)
	if err != nil {
		return nil, fmt.Errorf("webchat: %w", err)
	}
	events := make([]stream.Event, 0, len(entries))
	for _, e := range entries {
		event := stream.Event{ID: e.ID}
		if m, ok := ch.message(e); ok {
			var b bytes.Buffer
			if err := ch.templates.ExecuteTemplate(&b, "message", m); err != nil {
				return nil, fmt.Errorf("webchat: %w", err)
			}
			event.Name, event.Data = "entry", b.String()
		}
		events = append(events, event)
	}
	return events, nil
}

// answered waits until the message with the key stands in the transcript, which
// it does together with its answer. It reports false when that takes too long.
func (ch *Chat) answered(ctx context.Context, address bot.Address, key string) bool {
	ctx, cancel := context.WithTimeout(ctx, ch.patience)
	defer cancel()
	conversation, err := ch.cfg.Transcripts.Conversation(ctx, address)
	if err != nil {
		return false
	}
	hints, unsubscribe := ch.cfg.Hub.Subscribe(Topic(conversation))
	defer unsubscribe()
	since := int64(0)
	for {
		entries, err := ch.cfg.Transcripts.Entries(ctx, conversation, since, batch)
		if err != nil {
			return false
		}
		for _, e := range entries {
			if e.Kind == bot.EntrySaid && e.ProviderID == key {
				return true
			}
			since = e.ID
		}
		if len(entries) == batch {
			continue
		}
		select {
		case <-hints:
		case <-ctx.Done():
			return false
		}
	}
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
)

// Tickets is what staff have to do for residents.
type Tickets interface {
	// OpenTickets returns what is still to be done, the oldest first.
	OpenTickets(context.Context) ([]bot.Ticket, error)
	// Tickets returns those of a conversation, the oldest first.
	Tickets(ctx context.Context, conversation int64) ([]bot.Ticket, error)
	// FinishTicket records that one is done; the first to say so counts. It gives
	// bot.ErrNotFound for an unknown ticket.
	FinishTicket(ctx context.Context, id int64, staff bot.Staff, now time.Time) error
}

// ticketKinds are what tickets are called.
var ticketKinds = map[bot.FormName]string{
	bot.FormReport:      "desk.ticket.report",
	bot.FormCallBack:    "desk.ticket.callback",
	bot.FormAppointment: "desk.ticket.appointment",
}

// fieldKeys are the labels of what residents answered.
var fieldKeys = map[string]string{
	"what": "desk.field.what", "where": "desk.field.where", "danger": "desk.field.danger", "about": "desk.field.about",
	"phone": "desk.field.phone", "part": "desk.field.part", "day": "desk.field.day", "to": "desk.field.to", "from": "desk.field.from",
	"date": "desk.field.date", "address": "desk.field.address", "photo": "desk.field.photo",
}

// ticket is what staff see of one.
type ticket struct {
	ID           int64
	Conversation int64
	Kind         string
	Reference    string
	ISO, Clock   string
	Fields       []named
	Done         string // by whom; empty while it is open
	CSRF         string
}

func (d *Desk) ticket(t bot.Ticket, s session) ticket {
	now := d.cfg.Now().In(d.zone)
	v := ticket{
		ID: t.ID, Conversation: t.Conversation, Reference: t.Reference, CSRF: s.csrf,
		Kind: d.cfg.Texts.Text("desk.ticket.other"),
		ISO:  t.CreatedAt.UTC().Format(time.RFC3339), Clock: page.Clock(t.CreatedAt.In(d.zone), now),
	}
	if key, ok := ticketKinds[t.Form]; ok {
		v.Kind = d.cfg.Texts.Text(key)
	}
	for _, a := range t.Answers {
		v.Fields = append(v.Fields, d.field(t.Conversation, a.Question, a.Answer))
	}
	if !t.DoneAt.IsZero() {
		v.Done = d.cfg.Texts.Text("desk.ticket.done_by", "name", t.DoneBy.Name)
	}
	return v
}

// field is an answer with its label: the resident's own words, or what a choice is
// called.
func (d *Desk) field(conversation int64, question, answer string) named {
	label := d.cfg.Texts.Text("desk.field.other")
	if key, ok := fieldKeys[question]; ok {
		label = d.cfg.Texts.Text(key)
	}
	words := d.cfg.Texts.Label(bot.ChoiceID(answer))
	switch {
	case words == "" && answer == "":
		words = d.cfg.Texts.Text("desk.field.unknown")
	case words == "":
		words = answer
	}
	if question == "phone" && answer != "" {
		return named{label, d.writer.Phone(answer)}
	}
	if at := d.place(answer); at != "" {
		return named{label, at}
	}
	if channel, _ := bot.PhotoID(answer).Cut(); question == "photo" && channel.TakesPhotos() {
		return named{label, d.photo(conversation, bot.PhotoID(answer))}
	}
	return named{label, template.HTML(template.HTMLEscapeString(words))} //nolint:gosec // escaped
}

// openTickets are what is still to be done.
func (d *Desk) openTickets(ctx context.Context, s session) ([]ticket, error) {
	open, err := d.cfg.Tickets.OpenTickets(ctx)
	if err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	all := make([]ticket, 0, len(open))
	for _, t := range open {
		all = append(all, d.ticket(t, s))
	}
	return all, nil
}

// factsAndTickets are the facts of a conversation with what has to be done for the
// resident.
func (d *Desk) factsAndTickets(ctx context.Context, summary bot.Summary, s session) (facts, error) {
	v := d.facts(summary, s)
	all, err := d.cfg.Tickets.Tickets(ctx, summary.ID)
	if err != nil {
		return v, fmt.Errorf("desk: %w", err)
	}
	for _, t := range all {
		v.Tickets = append(v.Tickets, d.ticket(t, s))
	}
	return v, nil
}

// finishTicket records that a ticket is done.
func (d *Desk) finishTicket(c *fiber.Ctx, s session) error {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil {
		return fiber.NewError(fiber.StatusNotFound)
	}
	err = d.cfg.Tickets.FinishTicket(c.UserContext(), id, s.staff, d.cfg.Now())
	if errors.Is(err, bot.ErrNotFound) {
		return d.notice(c, s, fiber.StatusNotFound, notice{Message: d.cfg.Texts.Text("desk.error.unknown"), Back: "/desk"})
	}
	if err != nil {
		return d.unreadable(c, s, err)
	}
	return c.Redirect("/desk", fiber.StatusSeeOther)
}

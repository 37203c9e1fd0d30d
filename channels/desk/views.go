package desk

import (
	"context"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
)

const (
	excerpt  = 140 // characters of a message in a list
	maxShown = 500 // the newest entries of a conversation that a page shows
)

// card is a conversation in a list.
type card struct {
	ID      int64
	Words   string // the resident's last
	Channel string
	Wait    string // how long they wait; empty when they do not
	Last    string // when the resident wrote last
	Reason  string
	Owner   string
	Urgent  bool
	Failed  string // that replies were not delivered; empty when they were
	CSRF    string
	Key     string
}

// lists is the queue page, and the fragment that keeps it live.
type lists struct {
	Waiting, Mine, Others, Undelivered []card
	Tickets                            []ticket
	Count                              int // of who waits
}

func (d *Desk) lists(ctx context.Context, s session) (lists, error) {
	waiting, err := d.cfg.Conversations.Waiting(ctx)
	if err != nil {
		return lists{}, fmt.Errorf("desk: %w", err)
	}
	owned, err := d.cfg.Conversations.Owned(ctx)
	if err != nil {
		return lists{}, fmt.Errorf("desk: %w", err)
	}
	undelivered, err := d.cfg.Conversations.Undelivered(ctx)
	if err != nil {
		return lists{}, fmt.Errorf("desk: %w", err)
	}
	tickets, err := d.openTickets(ctx, s)
	if err != nil {
		return lists{}, err
	}
	l := lists{Count: len(waiting), Tickets: tickets}
	for _, c := range undelivered {
		v := d.card(c, s)
		v.Wait, v.Reason = "", "" // it has a card of its own where it waits
		l.Undelivered = append(l.Undelivered, v)
	}
	for _, c := range waiting {
		l.Waiting = append(l.Waiting, d.card(c, s))
	}
	for _, c := range owned {
		v := d.card(c, s)
		v.Reason = "" // somebody is on it
		if c.State.Staff.ID == s.staff.ID {
			v.Owner = ""
			l.Mine = append(l.Mine, v)
		} else {
			l.Others = append(l.Others, v)
		}
	}
	return l, nil
}

func (d *Desk) card(c bot.Summary, s session) card {
	now := d.cfg.Now()
	v := card{
		ID: c.ID, Words: page.Excerpt(c.LastText, excerpt), Channel: d.channel(c.Channel), Urgent: c.State.Urgent,
		Reason: d.reason(c.State.Reason), Owner: c.State.Staff.Name, CSRF: s.csrf,
		// The same button in two tabs must be one claim, so the key is no random one.
		Key: fmt.Sprintf("claim-%d-%d-%d", c.ID, s.staff.ID, c.State.QueuedAt.UnixMilli()),
	}
	if _, _, ok := bot.ParseGeoURI(c.LastText); ok {
		v.Words = d.cfg.Texts.Text("desk.said.place")
	}
	if v.Words == "" {
		v.Words = d.cfg.Texts.Text("desk.card.empty")
	}
	if c.State.Owner == bot.OwnedByQueue {
		v.Wait = d.wait(now.Sub(c.State.QueuedAt))
	}
	if !c.LastAt.IsZero() {
		v.Last = page.Clock(c.LastAt.In(d.zone), now.In(d.zone))
	}
	if c.Undeliver > 0 {
		v.Failed = d.plural("desk.card.failed", c.Undeliver)
	}
	return v
}

// plural picks the text for a number: the key with ".one" or ".many".
func (d *Desk) plural(key string, n int) string {
	if n == 1 {
		return d.cfg.Texts.Text(key + ".one")
	}
	return d.cfg.Texts.Text(key+".many", "n", strconv.Itoa(n))
}

// wait says how long somebody has waited, as people say it.
func (d *Desk) wait(w time.Duration) string {
	switch {
	case w < time.Minute:
		return d.cfg.Texts.Text("desk.wait.now")
	case w < time.Hour:
		return d.plural("desk.wait.minutes", int(w/time.Minute))
	case w < 24*time.Hour:
		return d.plural("desk.wait.hours", int(w/time.Hour))
	}
	return d.plural("desk.wait.days", int(w/(24*time.Hour)))
}

func (d *Desk) channel(c bot.Channel) string {
	switch c {
	case bot.SMS:
		return d.cfg.Texts.Text("desk.channel.sms")
	case bot.WhatsApp:
		return d.cfg.Texts.Text("desk.channel.whatsapp")
	case bot.Telegram:
		return d.cfg.Texts.Text("desk.channel.telegram")
	case bot.WebChat:
		return d.cfg.Texts.Text("desk.channel.webchat")
	}
	return d.cfg.Texts.Text("desk.channel.other")
}

func (d *Desk) reason(r bot.Reason) string {
	switch r {
	case bot.ReasonAsked:
		return d.cfg.Texts.Text("desk.reason.asked")
	case bot.ReasonNotUnderstood:
		return d.cfg.Texts.Text("desk.reason.not_understood")
	case bot.ReasonSensitive:
		return d.cfg.Texts.Text("desk.reason.sensitive")
	case bot.ReasonError:
		return d.cfg.Texts.Text("desk.reason.error")
	case bot.ReasonLoop:
		return d.cfg.Texts.Text("desk.reason.loop")
	case bot.ReasonBudget:
		return d.cfg.Texts.Text("desk.reason.budget")
	case bot.ReasonLeft:
		return d.cfg.Texts.Text("desk.reason.left")
	}
	return ""
}

// line is an entry of a transcript.
type line struct {
	ID     int64
	From   string // resident, bot, staff, or system for what is not a message
	Sender string
	Body   template.HTML
	// Attached leads to the photo or the place on the map that came with it.
	Attached template.HTML
	Named    []named
	ISO      string
	Clock    string
	Status   *status
}

// named is something that a message names, with its label.
type named struct {
	Label string
	Words template.HTML
}

// status is how far a reply has come. It is a fragment of its own: a receipt
// replaces it.
type status struct {
	Outbound     int64
	Conversation int64
	Text         string
	Failed       bool
	Open         bool // it failed, and nobody has decided what to do
	Resend       bool // sending it again may help
	CSRF, Key    string
}

// line shows an entry; false for one that has no line of its own.
func (d *Desk) line(e bot.Entry, s session) (line, bool) {
	at := e.At.In(d.zone)
	v := line{ID: e.ID, ISO: e.At.UTC().Format(time.RFC3339), Clock: page.Clock(at, d.cfg.Now().In(d.zone))}
	switch e.Kind {
	case bot.EntrySaid:
		v.From, v.Sender, v.Body = "resident", d.cfg.Texts.Text("desk.sender.resident"), d.writer.Plain(d.said(e))
		if e.MessageKind == bot.KindText {
			v.Named = d.named(e.Text, at)
		}
		if v.Attached = d.place(e.Text); e.Photo != "" {
			v.Attached = d.photo(e.Conversation, e.Photo)
		}
	case bot.EntryReplied:
		v.From, v.Sender = "bot", d.cfg.Texts.Text("desk.sender.bot")
		if e.Message.Author.Human() {
			v.From, v.Sender = "staff", e.Message.Author.Name
		}
		v.Body = d.writer.Rich(e.Message.Text)
		v.Status = d.status(e, s)
	case bot.EntryOwner:
		v.From, v.Body = "system", d.writer.Plain(d.ownerChange(e))
	default:
		return line{}, false
	}
	return v, true
}

// named is what a message names, each thing once.
func (d *Desk) named(text string, at time.Time) []named {
	var all []named
	for _, n := range d.cfg.Reader.Read(text, at) {
		v := named{d.cfg.Texts.Text(kindKeys[n.Kind]), template.HTML(template.HTMLEscapeString(n.Words))} //nolint:gosec // escaped
		switch {
		case n.Kind == KindPhone:
			v.Words = d.writer.Phone(n.Words)
		case n.Kind == KindEmail:
			v.Words = d.writer.Email(n.Words)
		case n.Kind == KindBSN:
			v.Words = template.HTML(template.HTMLEscapeString(d.cfg.Texts.Text("desk.named.bsn"))) //nolint:gosec // escaped
		case n.Ambiguous:
			v.Words += template.HTML(template.HTMLEscapeString(d.cfg.Texts.Text("desk.named.ambiguous"))) //nolint:gosec // escaped
		}
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// kindKeys are the labels of the kinds.
var kindKeys = [...]string{
	KindDate: "desk.kind.date", KindWeek: "desk.kind.week", KindClock: "desk.kind.clock", KindPhone: "desk.kind.phone",
	KindEmail: "desk.kind.email", KindPlate: "desk.kind.plate", KindPostcode: "desk.kind.postcode", KindPlace: "desk.kind.place",
	KindAmount: "desk.kind.amount", KindBSN: "desk.kind.bsn",
}

// said is what a resident said, in words.
func (d *Desk) said(e bot.Entry) string {
	switch e.MessageKind {
	case bot.KindChoice:
		if e.Text == "" {
			return d.cfg.Texts.Text("desk.said.choice", "choice", string(e.Choice))
		}
		return d.cfg.Texts.Text("desk.said.choice", "choice", e.Text)
	case bot.KindMedia:
		if _, _, ok := bot.ParseGeoURI(e.Text); ok {
			return d.cfg.Texts.Text("desk.said.place")
		}
		if e.Photo != "" {
			return d.cfg.Texts.Text("desk.said.photo")
		}
		return d.cfg.Texts.Text("desk.said.media")
	case bot.KindOptOut:
		return d.cfg.Texts.Text("desk.said.optout")
	case bot.KindOptIn:
		return d.cfg.Texts.Text("desk.said.optin")
	case bot.KindHelp:
		return d.cfg.Texts.Text("desk.said.help")
	case bot.KindGone:
		return d.cfg.Texts.Text("desk.said.gone")
	}
	return e.Text
}

func (d *Desk) ownerChange(e bot.Entry) string {
	switch e.Owner {
	case bot.OwnedByQueue:
		return d.cfg.Texts.Text("desk.owner.queue")
	case bot.OwnedByStaff:
		return d.cfg.Texts.Text("desk.owner.staff", "name", e.Staff.Name)
	}
	return d.cfg.Texts.Text("desk.owner.bot")
}

func (d *Desk) status(e bot.Entry, s session) *status {
	v := &status{Outbound: e.Outbound, Conversation: e.Conversation}
	switch e.Status {
	case bot.Sent:
		v.Text = d.cfg.Texts.Text("desk.status.sent")
	case bot.Delivered:
		v.Text = d.cfg.Texts.Text("desk.status.delivered")
	case bot.Read:
		v.Text = d.cfg.Texts.Text("desk.status.read")
	case bot.Failed:
		v.Failed, v.Open = true, !e.Resolved
		v.Text, v.Resend = d.failure(e.Code)
		if v.Open {
			v.CSRF, v.Key = s.csrf, page.Random(128)
		}
	default:
		v.Text = d.cfg.Texts.Text("desk.status.queued")
	}
	return v
}

// failures are the texts for what went wrong, by code. Where the text ends in
// .final sending again cannot help.
var failures = map[string]string{
	"opted_out": "desk.failure.stop.final", "twilio.21610": "desk.failure.stop.final", "telegram.blocked": "desk.failure.blocked.final",
	"twilio.21211": "desk.failure.number.final", "twilio.21614": "desk.failure.number.final", "twilio.30005": "desk.failure.number.final",
	"twilio.30006": "desk.failure.number.final", "telegram.address": "desk.failure.number.final",
	"twilio.30003": "desk.failure.off", "twilio.30004": "desk.failure.refused", "twilio.30007": "desk.failure.refused", "twilio.30008": "desk.failure.carrier",
	"twilio.21617": "desk.failure.long.final", "too_long": "desk.failure.long.final", "telegram.too_long": "desk.failure.long.final",
	"twilio.unreachable": "desk.failure.service", "telegram.unreachable": "desk.failure.service", "channel_off": "desk.failure.service",
}

// failure says in words what went wrong, and whether sending again may help.
func (d *Desk) failure(code string) (string, bool) {
	if key, ok := failures[code]; ok {
		return d.cfg.Texts.Text(key), !strings.HasSuffix(key, ".final")
	}
	if code == "" {
		return d.cfg.Texts.Text("desk.status.failed"), true
	}
	return d.cfg.Texts.Text("desk.status.failed.code", "code", code), true
}

// facts is what is known of a conversation besides its messages.
type facts struct {
	card
	State  string // queue, mine, other or bot
	Status string // the same in words
	Number string // to call; only where the address is a phone number
	Phone  template.HTML
	// Answers are what the resident had answered of a form when a person was asked.
	Answers []named
	Tickets []ticket
}

func (d *Desk) facts(c bot.Summary, s session) facts {
	v := facts{card: d.card(c, s)}
	switch {
	case c.State.Owner == bot.OwnedByQueue:
		v.State, v.Status = "queue", d.cfg.Texts.Text("desk.state.queue")
	case c.State.Owner == bot.OwnedByStaff && c.State.Staff.ID == s.staff.ID:
		v.State, v.Status = "mine", d.cfg.Texts.Text("desk.state.mine")
	case c.State.Owner == bot.OwnedByStaff:
		v.State, v.Status = "other", d.cfg.Texts.Text("desk.state.other", "name", c.State.Staff.Name)
	default:
		v.State, v.Status = "bot", d.cfg.Texts.Text("desk.state.bot")
	}
	if c.Channel == bot.SMS || c.Channel == bot.WhatsApp {
		v.Number = c.User
		v.Phone = d.writer.Phone(c.User)
	}
	for _, question := range slices.Sorted(maps.Keys(c.State.Form.Answers)) {
		v.Answers = append(v.Answers, d.field(c.ID, question, c.State.Form.Answers[question]))
	}
	return v
}

// panel is what a staff member can do with a conversation.
type panel struct {
	ID     int64
	State  string
	Status string // the same in words
	Owner  string
	CSRF   string
	// The keys of the forms: each makes its form count once.
	Claim, Key, Release, Close string

	draft
}

func (d *Desk) panel(f facts) panel {
	return panel{
		ID: f.ID, State: f.State, Status: f.Status, Owner: f.Owner, CSRF: f.CSRF,
		Claim: f.Key, Key: page.Random(128), Release: page.Random(128), Close: page.Random(128),
	}
}

package desk

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/stream"
)

// queueView is the page with the lists.
type queueView struct {
	frame
	lists
}

func (d *Desk) showQueue(c *fiber.Ctx, s session) error {
	l, err := d.lists(c.UserContext(), s)
	if err != nil {
		return d.unreadable(c, s, err)
	}
	return d.render(c, fiber.StatusOK, "queue.html", queueView{d.frame(s, d.cfg.Texts.Text("desk.title")), l})
}

// unreadable answers when the store fails. What was typed is given back.
func (d *Desk) unreadable(c *fiber.Ctx, s session, err error) error {
	d.cfg.Log.Error("desk could not be read", "err", err)
	c.Set(fiber.HeaderRetryAfter, "5")
	return d.notice(c, s, fiber.StatusServiceUnavailable, notice{Message: d.cfg.Texts.Text("desk.error.store"), Text: c.FormValue("text"), Back: "/desk"})
}

// liveQueue streams the lists anew whenever they have changed.
func (d *Desk) liveQueue(c *fiber.Ctx, s session) error {
	shown := ""
	return d.cfg.Hub.Serve(c, stream.Stream{
		Topic: Topic, Session: s.hash, Refresh: refreshViews,
		Next: func(ctx context.Context, _ int64) ([]stream.Event, error) {
			if err := d.still(ctx, s); err != nil {
				return nil, err
			}
			l, err := d.lists(ctx, s)
			if err != nil {
				return nil, err
			}
			html, err := d.fragment("lists", l)
			if err != nil || html == shown {
				return nil, err
			}
			shown = html
			return []stream.Event{{Name: "lists", Data: html}}, nil
		},
	})
}

// still ends a stream whose login has ended.
func (d *Desk) still(ctx context.Context, s session) error {
	_, _, err := d.cfg.Accounts.Session(ctx, s.hash, d.cfg.Now())
	if errors.Is(err, bot.ErrNotFound) {
		return stream.ErrEnd
	}
	if err != nil {
		return fmt.Errorf("desk: session: %w", err)
	}
	return nil
}

// conversationView is the page of one conversation.
type conversationView struct {
	frame
	Facts facts
	Panel panel
	Lines []line
	Last  int64
}

// conversation is the id in the path, 0 when it cannot be one.
func conversation(c *fiber.Ctx) int64 {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

func conversationPath(id int64) string { return fmt.Sprintf("/desk/c/%d", id) }

func (d *Desk) showConversation(c *fiber.Ctx, s session) error {
	return d.conversationPage(c, s, fiber.StatusOK, draft{})
}

// draft is a reply that was typed and not sent.
type draft struct {
	Text  string
	Error string // why it was not sent, if that was asked
	Proof *proof // the judgement of its language, if that was asked
}

// conversationPage answers with the conversation, and with a reply that was not
// sent.
func (d *Desk) conversationPage(c *fiber.Ctx, s session, status int, unsent draft) error {
	id := conversation(c)
	summary, err := d.cfg.Conversations.Summary(c.UserContext(), id)
	if errors.Is(err, bot.ErrNotFound) {
		return d.notice(c, s, fiber.StatusNotFound, notice{Message: d.cfg.Texts.Text("desk.error.unknown"), Text: unsent.Text})
	}
	if err != nil {
		return d.unreadable(c, s, err)
	}
	v := conversationView{}
	if v.Facts, err = d.factsAndTickets(c.UserContext(), summary, s); err != nil {
		return d.unreadable(c, s, err)
	}
	v.Panel = d.panel(v.Facts)
	v.Panel.draft = unsent
	if key := c.FormValue("key"); unsent.Text != "" && page.ValidKey(key) {
		v.Panel.Key = key
	}
	v.frame = d.frame(s, d.cfg.Texts.Text("desk.conversation.title", "id", strconv.FormatInt(id, 10)))
	if unsent.Error != "" {
		v.Title = d.cfg.Texts.Text("desk.title.error", "title", v.Title)
	}
	entries, err := d.cfg.Conversations.Newest(c.UserContext(), id, maxShown)
	if err != nil {
		return d.unreadable(c, s, err)
	}
	for _, e := range entries {
		v.Last = e.ID
		if l, ok := d.line(e, s); ok {
			v.Lines = append(v.Lines, l)
		}
	}
	return d.render(c, status, "conversation.html", v)
}

// liveConversation streams new entries, and what changes around them.
func (d *Desk) liveConversation(c *fiber.Ctx, s session) error {
	id := conversation(c)
	if _, err := d.cfg.Conversations.Summary(c.UserContext(), id); err != nil {
		if errors.Is(err, bot.ErrNotFound) {
			return fiber.NewError(fiber.StatusNotFound)
		}
		return fmt.Errorf("desk: %w", err)
	}
	var shownFacts, shownState string
	return d.cfg.Hub.Serve(c, stream.Stream{
		Topic: fmt.Sprintf("conversation:%d", id), Session: s.hash, Refresh: refreshViews,
		Next: func(ctx context.Context, since int64) ([]stream.Event, error) {
			if err := d.still(ctx, s); err != nil {
				return nil, err
			}
			events, err := d.entries(ctx, s, id, since)
			if err != nil {
				return nil, err
			}
			summary, err := d.cfg.Conversations.Summary(ctx, id)
			if err != nil {
				return nil, fmt.Errorf("desk: %w", err)
			}
			f, err := d.factsAndTickets(ctx, summary, s)
			if err != nil {
				return nil, err
			}
			html, err := d.fragment("facts", f)
			if err != nil {
				return nil, err
			}
			if html != shownFacts {
				shownFacts = html
				events = append(events, stream.Event{Name: "facts", Data: html})
			}
			if state := f.State + f.Owner; state != shownState {
				shownState = state
				html, err := d.fragment("panel", d.panel(f))
				if err != nil {
					return nil, err
				}
				events = append(events, stream.Event{Name: "panel", Data: html})
			}
			return events, nil
		},
	})
}

// entries are the entries after since as fragments of the page.
func (d *Desk) entries(ctx context.Context, s session, conversation, since int64) ([]stream.Event, error) {
	entries, err := d.cfg.Conversations.Entries(ctx, conversation, since, stream.MaxEvents+1)
	if err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	events := make([]stream.Event, 0, len(entries)+2)
	for _, e := range entries {
		event := stream.Event{ID: e.ID}
		if l, ok := d.line(e, s); ok {
			event.Name = "entry"
			event.Data, err = d.fragment("line", l)
		} else if e.Kind == bot.EntryReceipt {
			event.Name = "entry"
			event.Data, err = d.fragment("status", d.status(e, s))
		}
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

func (d *Desk) claim(c *fiber.Ctx, s session) error {
	id := conversation(c)
	if err := d.act(c, id, bot.Claimed{Staff: s.staff}); err != nil {
		return d.refused(c, s, id, err)
	}
	return c.Redirect(conversationPath(id)+"#antwoord", fiber.StatusSeeOther)
}

func (d *Desk) reply(c *fiber.Ctx, s session) error {
	id, typed := conversation(c), c.FormValue("text")
	text, problem := bot.CleanText(typed), ""
	most, err := d.maxReply(c.UserContext(), id)
	switch {
	case err != nil:
		return d.refused(c, s, id, err)
	case text == "":
		problem = d.cfg.Texts.Text("desk.error.empty")
	case page.TooLong(typed, most):
		problem = d.cfg.Texts.Text("desk.error.long", "most", strconv.Itoa(most))
	}
	if problem != "" && page.WantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(fiber.StatusUnprocessableEntity).JSON(fiber.Map{"error": problem})
	}
	if problem != "" {
		return d.conversationPage(c, s, fiber.StatusUnprocessableEntity, draft{Text: typed, Error: problem})
	}
	if err := d.act(c, id, bot.StaffSaid{Staff: s.staff, Text: text}); err != nil {
		return d.refused(c, s, id, err)
	}
	if page.WantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.JSON(fiber.Map{"ok": true, "key": page.Random(128)})
	}
	return c.Redirect(conversationPath(id)+"#antwoord", fiber.StatusSeeOther)
}

// maxReply is how long a reply may be on the channel of the conversation.
func (d *Desk) maxReply(ctx context.Context, id int64) (int, error) {
	summary, err := d.cfg.Conversations.Summary(ctx, id)
	if err != nil {
		return 0, fmt.Errorf("desk: %w", err)
	}
	return summary.Channel.MaxReply(), nil
}

func (d *Desk) release(c *fiber.Ctx, s session) error {
	return d.leave(c, s, bot.Released{Staff: s.staff})
}

func (d *Desk) close(c *fiber.Ctx, s session) error {
	return d.leave(c, s, bot.Closed{Staff: s.staff})
}

// leave ends the staff member's part in a conversation.
func (d *Desk) leave(c *fiber.Ctx, s session, ev bot.Event) error {
	id := conversation(c)
	if err := d.act(c, id, ev); err != nil {
		return d.refused(c, s, id, err)
	}
	return c.Redirect("/desk", fiber.StatusSeeOther)
}

// resend sends a reply that failed once more.
func (d *Desk) resend(c *fiber.Ctx, s session) error { return d.settle(c, s, d.cfg.Actions.Resend) }

// dismiss takes a reply that failed off the list.
func (d *Desk) dismiss(c *fiber.Ctx, s session) error { return d.settle(c, s, d.cfg.Actions.Dismiss) }

func (d *Desk) settle(c *fiber.Ctx, s session, do func(ctx context.Context, conversation, message int64, key string, staff bot.Staff) error) error {
	id := conversation(c)
	message, err := strconv.ParseInt(c.FormValue("message"), 10, 64)
	if err != nil {
		return fiber.NewError(fiber.StatusBadRequest)
	}
	if err := do(c.UserContext(), id, message, page.FormKey(c), s.staff); err != nil {
		return d.refused(c, s, id, err)
	}
	return c.Redirect(conversationPath(id)+"#s"+strconv.FormatInt(message, 10), fiber.StatusSeeOther)
}

// act carries out an action under the form's own key.
func (d *Desk) act(c *fiber.Ctx, id int64, ev bot.Event) error {
	return d.cfg.Actions.Act(c.UserContext(), id, page.FormKey(c), ev)
}

// refused says why an action did not happen, and gives the typed text back.
func (d *Desk) refused(c *fiber.Ctx, s session, id int64, err error) error {
	n := notice{Text: c.FormValue("text"), Back: conversationPath(id)}
	var taken *bot.TakenError
	switch {
	case errors.As(err, &taken) && taken.By.Name != "":
		n.Message = d.cfg.Texts.Text("desk.error.taken", "name", taken.By.Name)
		return d.notice(c, s, fiber.StatusConflict, n)
	case errors.As(err, &taken):
		n.Message = d.cfg.Texts.Text("desk.error.not_waiting")
		return d.notice(c, s, fiber.StatusConflict, n)
	case errors.Is(err, bot.ErrNotOwner):
		n.Message = d.owner(c.UserContext(), s, id)
		return d.notice(c, s, fiber.StatusForbidden, n)
	case errors.Is(err, bot.ErrNotFailed):
		n.Message = d.cfg.Texts.Text("desk.error.not_failed")
		return d.notice(c, s, fiber.StatusConflict, n)
	case errors.Is(err, bot.ErrNotFound):
		n.Message, n.Back = d.cfg.Texts.Text("desk.error.unknown"), "/desk"
		return d.notice(c, s, fiber.StatusNotFound, n)
	}
	d.cfg.Log.Error("action of staff failed", "conversation", id, "err", err)
	c.Set(fiber.HeaderRetryAfter, "5")
	if page.WantsJSON(c) || n.Text == "" {
		n.Message = d.cfg.Texts.Text("desk.error.store")
		return d.notice(c, s, fiber.StatusServiceUnavailable, n)
	}
	return d.conversationPage(c, s, fiber.StatusServiceUnavailable, draft{Text: n.Text, Error: d.cfg.Texts.Text("desk.error.store")})
}

// owner says who owns a conversation that the staff member does not.
func (d *Desk) owner(ctx context.Context, s session, id int64) string {
	summary, err := d.cfg.Conversations.Summary(ctx, id)
	if err != nil {
		return d.cfg.Texts.Text("desk.error.not_owner")
	}
	switch f := d.facts(summary, s); f.State {
	case "other":
		return d.cfg.Texts.Text("desk.error.taken", "name", f.Owner)
	case "queue":
		return d.cfg.Texts.Text("desk.error.unclaimed")
	case "bot":
		return d.cfg.Texts.Text("desk.error.bot")
	}
	return d.cfg.Texts.Text("desk.error.not_owner")
}

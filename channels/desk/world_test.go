package desk_test

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/channels/page/pagetest"
	"github.com/balie-nl/balie/channels/stream"
	"github.com/balie-nl/balie/locales"
)

// login is an open session of the store.
type login struct {
	account bot.Account
	csrf    string
	expires time.Time
}

// world keeps conversations and lets staff act on them, as the store and the
// dialogue do.
type world struct {
	hub *stream.Hub

	mu            sync.Mutex
	now           time.Time
	accounts      map[string]bot.Account
	sessions      map[string]login
	conversations []*bot.Summary
	entries       []bot.Entry
	done          map[string]bool // keys of actions
	tickets       []bot.Ticket
	broken        error
	photoFails    error
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Read finds one thing of each kind that is a link, and one that is not.
func (w *world) Read(text string, at time.Time) []desk.Named {
	var all []desk.Named
	for word := range strings.FieldsSeq(text) {
		switch {
		case word == "morgen":
			all = append(all, desk.Named{Kind: desk.KindDate, Words: at.AddDate(0, 0, 1).Format("2-1-2006"), Ambiguous: true})
		case strings.HasPrefix(word, "06"):
			all = append(all, desk.Named{Kind: desk.KindPhone, Words: word})
		case strings.Contains(word, "@"):
			all = append(all, desk.Named{Kind: desk.KindEmail, Words: word})
		}
	}
	return all
}

// Proofread finds one hard word that has an easier one, and on a short channel more.
func (w *world) Proofread(text string, channel bot.Channel) desk.Proof {
	var p desk.Proof
	if i := strings.Index(text, "derhalve"); i >= 0 {
		p.TooHard = true
		p.Places = append(p.Places, desk.Place{Start: i, End: i + len("derhalve"), Why: "Een moeilijk woord.", Instead: []string{"daarom", "dus"}, Word: true})
	}
	if i := strings.Index(text, "<b>"); i >= 0 && channel.Short() {
		p.Places = append(p.Places, desk.Place{Start: i, End: len(text), Why: "Een lange zin."})
	}
	return p
}

func (w *world) OpenTickets(context.Context) ([]bot.Ticket, error) {
	return w.some(func(t bot.Ticket) bool { return t.DoneAt.IsZero() })
}

func (w *world) Tickets(_ context.Context, conversation int64) ([]bot.Ticket, error) {
	return w.some(func(t bot.Ticket) bool { return t.Conversation == conversation })
}

func (w *world) some(want func(bot.Ticket) bool) ([]bot.Ticket, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []bot.Ticket
	for _, t := range w.tickets {
		if want(t) {
			found = append(found, t)
		}
	}
	return found, w.broken
}

func (w *world) FinishTicket(_ context.Context, id int64, staff bot.Staff, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.tickets {
		if w.tickets[i].ID == id {
			w.tickets[i].DoneAt, w.tickets[i].DoneBy = now, staff
			return w.broken
		}
	}
	return bot.ErrNotFound
}

// Photo knows one photo, of conversation 1.
func (w *world) Photo(_ context.Context, conversation int64, id bot.PhotoID) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if conversation != 1 || id != "telegram:abc" {
		return nil, bot.ErrNotFound
	}
	return []byte("the photo"), w.photoFails
}

func (w *world) AccountByUsername(_ context.Context, name string) (bot.Account, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if a, ok := w.accounts[name]; ok {
		return a, w.broken
	}
	return bot.Account{}, bot.ErrNotFound
}

func (w *world) OpenSession(_ context.Context, hash string, staff int64, csrf string, expires time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, a := range w.accounts {
		if a.ID == staff {
			w.sessions[hash] = login{a, csrf, expires}
		}
	}
	return w.broken
}

func (w *world) Session(_ context.Context, hash string, now time.Time) (bot.Account, string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, ok := w.sessions[hash]
	if !ok || !now.Before(l.expires) {
		return bot.Account{}, "", bot.ErrNotFound
	}
	return l.account, l.csrf, nil
}

func (w *world) CloseSession(_ context.Context, hash string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.sessions, hash)
	return nil
}

func (w *world) list(owner bot.Owner) ([]bot.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var urgent, rest []bot.Summary
	for _, c := range w.conversations {
		switch {
		case c.State.Owner != owner:
		case c.State.Urgent:
			urgent = append(urgent, *c)
		default:
			rest = append(rest, *c)
		}
	}
	return append(urgent, rest...), w.broken
}

func (w *world) Waiting(context.Context) ([]bot.Summary, error) { return w.list(bot.OwnedByQueue) }
func (w *world) Owned(context.Context) ([]bot.Summary, error)   { return w.list(bot.OwnedByStaff) }

func (w *world) Undelivered(context.Context) ([]bot.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []bot.Summary
	for _, c := range w.conversations {
		if c.Undeliver > 0 {
			found = append(found, *c)
		}
	}
	return found, w.broken
}

func (w *world) Resend(_ context.Context, id, message int64, key string, _ bot.Staff) error {
	return w.settle(id, message, key, func(e bot.Entry) {
		w.add(bot.Entry{Conversation: id, Kind: bot.EntryReplied, Outbound: message + 100, Status: bot.Queued, Message: e.Message})
	})
}

func (w *world) Dismiss(_ context.Context, id, message int64, key string, _ bot.Staff) error {
	return w.settle(id, message, key, func(bot.Entry) {})
}

func (w *world) settle(id, message int64, key string, then func(bot.Entry)) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.done[key] {
		return nil
	}
	for i := range w.entries {
		e := &w.entries[i]
		if e.Conversation == id && e.Outbound == message && e.Status == bot.Failed && !e.Resolved {
			e.Resolved = true
			w.find(id).Undeliver--
			w.done[key] = true
			then(*e)
			return nil
		}
	}
	return bot.ErrNotFailed
}

func (w *world) find(id int64) *bot.Summary {
	for _, c := range w.conversations {
		if c.ID == id {
			return c
		}
	}
	return nil
}

func (w *world) Summary(_ context.Context, id int64) (bot.Summary, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.find(id); c != nil {
		return *c, nil
	}
	return bot.Summary{}, bot.ErrNotFound
}

func (w *world) Newest(ctx context.Context, conversation int64, limit int) ([]bot.Entry, error) {
	entries, err := w.Entries(ctx, conversation, 0, math.MaxInt)
	return entries[max(0, len(entries)-limit):], err
}

func (w *world) Entries(_ context.Context, conversation, since int64, limit int) ([]bot.Entry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []bot.Entry
	for _, e := range w.entries {
		if e.Conversation == conversation && e.ID > since && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, nil
}

func (w *world) add(e bot.Entry) {
	e.ID, e.At = int64(len(w.entries)+1), start
	w.entries = append(w.entries, e)
}

func (w *world) Act(_ context.Context, id int64, key string, ev bot.Event) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.find(id)
	switch {
	case w.broken != nil:
		return w.broken
	case c == nil:
		return bot.ErrNotFound
	case w.done[key]:
		return nil
	}
	owns := func(s bot.Staff) bool { return c.State.Owner == bot.OwnedByStaff && c.State.Staff.ID == s.ID }
	switch ev := ev.(type) {
	case bot.Claimed:
		if owns(ev.Staff) {
			return nil
		}
		if c.State.Owner != bot.OwnedByQueue {
			return &bot.TakenError{By: c.State.Staff}
		}
		c.State.Owner, c.State.Staff = bot.OwnedByStaff, ev.Staff
		w.add(bot.Entry{Conversation: id, Kind: bot.EntryOwner, Owner: bot.OwnedByStaff, Staff: ev.Staff})
	case bot.StaffSaid:
		if !owns(ev.Staff) {
			return bot.ErrNotOwner
		}
		w.add(bot.Entry{
			Conversation: id, Kind: bot.EntryReplied, Outbound: 70, Status: bot.Queued,
			Message: bot.Message{Author: bot.Author{Name: ev.Staff.Name}, Text: ev.Text},
		})
	case bot.Released:
		if !owns(ev.Staff) {
			return bot.ErrNotOwner
		}
		c.State = bot.NewState()
	case bot.Closed:
		if !owns(ev.Staff) {
			return bot.ErrNotOwner
		}
		c.State = bot.NewState()
	}
	w.done[key] = true
	w.hub.Notify(desk.Topic)
	w.hub.Notify("conversation:1")
	return nil
}

type harness struct {
	*world
	base string
	log  *bytes.Buffer
}

// newHarness has two colleagues, Anna and Bram, and three who wait: 1, 2 and
// the urgent 3.
func newHarness(t *testing.T) *harness {
	t.Helper()
	library, err := someTexts()
	if err != nil {
		t.Fatal(err)
	}
	return newHarnessWith(t, library)
}

// someTexts are the program's own texts, which nobody can change.
var someTexts = sync.OnceValues(func() (*locales.Library, error) { return openLibrary("") })

// newHarnessWith is newHarness with texts.
func newHarnessWith(t *testing.T, library *locales.Library) *harness {
	t.Helper()
	hash, err := desk.HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	hub := stream.NewHub(stream.Config{})
	w := &world{hub: hub, now: start, sessions: map[string]login{}, done: map[string]bool{}, accounts: map[string]bot.Account{
		"anna": {Staff: bot.Staff{ID: 1, Name: "Anna"}, Username: "anna", PasswordHash: hash},
		"bram": {Staff: bot.Staff{ID: 2, Name: "Bram <b>"}, Username: "bram", PasswordHash: hash},
	}}
	add := func(channel bot.Channel, user, text string, wait time.Duration, urgent bool, reason bot.Reason) {
		id := int64(len(w.conversations) + 1)
		w.conversations = append(w.conversations, &bot.Summary{
			ID: id, Address: bot.Address{Channel: channel, User: user}, LastText: text, LastAt: start.Add(-wait),
			State: bot.State{Owner: bot.OwnedByQueue, QueuedAt: start.Add(-wait), Urgent: urgent, Reason: reason},
		})
		w.add(bot.Entry{Conversation: id, Kind: bot.EntrySaid, MessageKind: bot.KindText, Text: text})
	}
	add(bot.SMS, "+31612345678", "waar is <script>mijn paspoort</script>", 4*time.Minute, false, bot.ReasonAsked)
	add(bot.WebChat, "hash-of-a-cookie", "Ik snap het niet", 61*time.Minute, false, bot.ReasonNotUnderstood)
	add(bot.Telegram, "12345", "help mij", 30*time.Second, true, bot.ReasonSensitive)

	log := &bytes.Buffer{}
	d, err := desk.New(desk.Config{
		Texts: pagetest.NewTexts(t, "desk.toml"), Accounts: w, Conversations: w, Actions: w, Tickets: w, Photos: w, Reader: w, Proofreader: w, Library: library, Editors: []string{"anna"}, Hub: hub, Now: w.clock,
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{world: w, log: log, base: pagetest.Serve(t, func(r fiber.Router) { d.Routes(r) })}
	t.Cleanup(hub.Close)
	return h
}

// enter logs a colleague in.
func (h *harness) enter(t *testing.T, name string) *pagetest.Browser {
	t.Helper()
	b := pagetest.NewBrowser(t, h.base)
	p := b.Post("/desk/login", url.Values{"username": {" " + name + " "}, "password": {password}})
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/desk" {
		t.Fatalf("login: %d to %q", p.Status, p.Header.Get("Location"))
	}
	return b
}

func form(p pagetest.Page, pairs ...string) url.Values {
	f := url.Values{"csrf": {p.Field("csrf")}, "key": {p.Field("key")}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

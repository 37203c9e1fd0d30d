// Package desk is the console of staff: who waits, what was said, and taking a
// conversation over. Every page works without script; a script makes them live.
//
// It knows HTTP, HTML, passwords and login sessions. It must not know how a
// conversation is stored, nor decide who may speak: it asks Actions, which
// refuses. All words come from Texts.
package desk

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/stream"
)

// Topic is what the hub is notified of when any conversation changes.
const Topic = "desk"

// Texts are the words on the pages.
type Texts interface {
	// Text returns a text with the pairs (name, value ...) filled in.
	Text(key string, pairs ...string) string
	// Tag is the language of the texts as BCP 47.
	Tag() string
	// Label returns what a choice is called, empty for one that is not known.
	Label(bot.ChoiceID) string
}

// Accounts keeps who may log in, and who has.
type Accounts interface {
	// AccountByUsername gives bot.ErrNotFound for an unknown name.
	AccountByUsername(context.Context, string) (bot.Account, error)
	// OpenSession stores a login until it expires; of the token only the hash.
	OpenSession(ctx context.Context, tokenHash string, staff int64, csrf string, expires time.Time) error
	// Session gives bot.ErrNotFound for a login that is unknown or has expired.
	Session(ctx context.Context, tokenHash string, now time.Time) (account bot.Account, csrf string, err error)
	// CloseSession ends a login.
	CloseSession(ctx context.Context, tokenHash string) error
}

// Conversations is where conversations can be read.
type Conversations interface {
	// Waiting returns who waits for a person: urgent first, then who waits longest.
	Waiting(context.Context) ([]bot.Summary, error)
	// Owned returns the conversations that any colleague has.
	Owned(context.Context) ([]bot.Summary, error)
	// Undelivered returns the conversations with replies that could not be
	// delivered and that nobody has dealt with.
	Undelivered(context.Context) ([]bot.Summary, error)
	// Summary gives bot.ErrNotFound for an unknown conversation.
	Summary(ctx context.Context, conversation int64) (bot.Summary, error)
	// Entries returns at most limit entries after since, oldest first.
	Entries(ctx context.Context, conversation, since int64, limit int) ([]bot.Entry, error)
	// Newest returns the last entries, at most limit, oldest first.
	Newest(ctx context.Context, conversation int64, limit int) ([]bot.Entry, error)
}

// Actions carries out what staff do.
type Actions interface {
	// Act returns after the commit. The key makes a form that is sent twice count
	// once. It refuses with *bot.TakenError, bot.ErrNotOwner or bot.ErrNotFound.
	Act(ctx context.Context, conversation int64, key string, ev bot.Event) error
	// Resend sends a reply that failed once more; bot.ErrNotFailed when it has not
	// failed, or was dealt with.
	Resend(ctx context.Context, conversation, message int64, key string, staff bot.Staff) error
	// Dismiss records that nothing more has to be done about a reply that failed.
	Dismiss(ctx context.Context, conversation, message int64, key string, staff bot.Staff) error
}

// Named is something that a resident names in a message, such as a day.
type Named struct {
	Kind      Kind
	Words     string // what it means, written out
	Ambiguous bool   // it may mean something else
}

// Kind is the kind of what a message names.
type Kind int

// The kinds. A week has its first day as words, a BSN (citizen service number) none.
const (
	KindDate Kind = iota
	KindWeek
	KindClock
	KindPhone
	KindEmail
	KindPlate
	KindPostcode
	KindPlace
	KindAmount
	KindBSN
)

// Reader finds what residents name, so that staff do not have to count days or
// look for a number.
type Reader interface {
	// Read returns what a message names, in order. At is when it was written.
	Read(text string, at time.Time) []Named
}

// Photos is where the photos of residents are.
type Photos interface {
	// Photo returns a photo as a JPEG that came with a message of the conversation;
	// bot.ErrNotFound for one that did not, or is no longer there.
	Photo(ctx context.Context, conversation int64, id bot.PhotoID) ([]byte, error)
}

// Config is what the desk needs. All but Secure, Editors and Hosts are required.
type Config struct {
	Texts         Texts
	Accounts      Accounts
	Conversations Conversations
	Actions       Actions
	Tickets       Tickets
	Photos        Photos
	Reader        Reader
	Proofreader   Proofreader
	Library       Library
	// Editors are the usernames of who may change the texts.
	Editors []string
	// Hosts are the websites, besides the municipality's, that texts may lead to.
	Hosts []string
	Hub   *stream.Hub
	Now   func() time.Time
	Log   *slog.Logger
	// Secure says that the public address is https, so that the cookie must never
	// travel without encryption.
	Secure bool
}

// Desk is the console.
type Desk struct {
	cfg       Config
	zone      *time.Location
	templates *template.Template
	writer    *page.Writer
	limiter   *limiter
	verifying chan struct{} // as many places as passwords may be checked at once
	nobody    string        // the hash that stands in for an unknown user's

	css, script, icon *page.File
}

var (
	//go:embed templates/*.html
	templates embed.FS
	//go:embed static/desk.css
	css []byte
	//go:embed static/desk.js
	script []byte
	//go:embed static/icon.svg
	icon []byte
)

const (
	requestLimit = 10 * time.Second
	verifiers    = 2 // each takes 19 MiB
	refreshViews = 20 * time.Second
)

// New makes the desk.
func New(cfg Config) (*Desk, error) {
	if cfg.Texts == nil || cfg.Accounts == nil || cfg.Conversations == nil || cfg.Actions == nil || cfg.Tickets == nil || cfg.Photos == nil || cfg.Reader == nil || cfg.Proofreader == nil || cfg.Library == nil || cfg.Hub == nil || cfg.Now == nil || cfg.Log == nil {
		return nil, errors.New("desk: texts, accounts, conversations, actions, tickets, photos, reader, proofreader, library, hub, clock and log are all needed")
	}
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return nil, fmt.Errorf("desk: load time zone: %w", err)
	}
	parsed, err := template.New("").Funcs(template.FuncMap{"text": cfg.Texts.Text}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("desk: %w", err)
	}
	nobody, err := HashPassword(page.Random(128))
	if err != nil {
		return nil, err
	}
	return &Desk{
		cfg: cfg, zone: zone, templates: parsed, nobody: nobody,
		writer:    page.NewWriter(cfg.Texts.Text("desk.site"), cfg.Texts.Text("desk.phone"), cfg.Hosts),
		limiter:   newLimiter(cfg.Now),
		verifying: make(chan struct{}, verifiers),
		css:       page.NewFile("/desk/desk.css", "text/css; charset=utf-8", page.CSS, css),
		script:    page.NewFile("/desk/desk.js", "text/javascript; charset=utf-8", page.Script, script),
		icon:      page.NewFile("/desk/icon.svg", "image/svg+xml", icon),
	}, nil
}

// Routes registers the desk.
func (d *Desk) Routes(r fiber.Router) {
	r.Get("/desk/login", d.showLogin)
	r.Post("/desk/login", d.login)
	r.Post("/desk/logout", d.form(d.logout))
	r.Get("/desk", d.page(d.showQueue))
	r.Get("/desk/stream", d.data(d.liveQueue))
	r.Get("/desk/c/:id", d.page(d.showConversation))
	r.Get("/desk/c/:id/photo", d.page(d.showPhoto))
	r.Get("/desk/c/:id/stream", d.data(d.liveConversation))
	r.Post("/desk/c/:id/claim", d.form(d.claim))
	r.Post("/desk/c/:id/reply", d.form(d.reply))
	r.Post("/desk/c/:id/check", d.form(d.check))
	r.Post("/desk/c/:id/release", d.form(d.release))
	r.Post("/desk/c/:id/close", d.form(d.close))
	r.Post("/desk/c/:id/resend", d.form(d.resend))
	r.Post("/desk/c/:id/dismiss", d.form(d.dismiss))
	r.Post("/desk/t/:id/done", d.form(d.finishTicket))
	r.Get("/desk/texts", d.page(d.editors(d.showTexts)))
	r.Get("/desk/texts/:language", d.page(d.editors(d.showTexts)))
	r.Get("/desk/texts/:language/:intent", d.page(d.editors(d.showText)))
	r.Post("/desk/texts/:language/:intent/check", d.form(d.editors(d.checkText)))
	r.Post("/desk/texts/:language/:intent/publish", d.form(d.editors(d.publishText)))
	for _, file := range []*page.File{d.css, d.script, d.icon} {
		r.Get(file.Path, file.Serve)
	}
}

// frame is what every page shows.
type frame struct {
	Lang, CSS, Script, Icon string
	Title                   string
	Staff                   bot.Staff // zero before the login
	CSRF                    string
	Editor                  bool // may change the texts
}

func (d *Desk) frame(s session, title string) frame {
	return frame{
		Lang: d.cfg.Texts.Tag(), CSS: d.css.URL(), Script: d.script.URL(), Icon: d.icon.URL(),
		Title: title, Staff: s.staff, CSRF: s.csrf, Editor: s.editor,
	}
}

// render answers with a page.
func (d *Desk) render(c *fiber.Ctx, status int, name string, view any) error {
	body, err := d.fragment(name, view)
	if err != nil {
		return err
	}
	return page.HTML(c, status, []byte(body))
}

// fragment is a piece of a page.
func (d *Desk) fragment(name string, view any) (string, error) {
	var b bytes.Buffer
	if err := d.templates.ExecuteTemplate(&b, name, view); err != nil {
		return "", fmt.Errorf("desk: %w", err)
	}
	return b.String(), nil
}

// notice is a page that says why something did not happen.
type notice struct {
	frame
	Message string
	Text    string // what the staff member had typed, not to be lost
	Back    string // where the link leads
}

func (d *Desk) notice(c *fiber.Ctx, s session, status int, n notice) error {
	if page.WantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(status).JSON(fiber.Map{"error": n.Message})
	}
	n.frame = d.frame(s, n.Message)
	if n.Back == "" {
		n.Back = "/desk"
	}
	return d.render(c, status, "notice.html", n)
}

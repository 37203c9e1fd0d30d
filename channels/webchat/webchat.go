// Package webchat is the public chat page: an ordinary web page with a form,
// that works in any browser and also without script, and that a script makes
// live.
//
// It knows HTTP, HTML and the cookie of a resident. It must not know how a
// message is answered or stored: it hands messages to a Receiver, and shows what
// stands in the transcript afterwards. All words come from Texts.
package webchat

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/stream"
)

// PhotoPath is where photos are sent to. Requests to it are as large as a photo.
const PhotoPath = "/chat/photo"

// Account is our side of every web chat address.
const Account = "web"

// Texts are the words on the page.
type Texts interface {
	// Text returns a text with the pairs (name, value ...) filled in.
	Text(key string, pairs ...string) string
	// Tag is the language of the texts as BCP 47.
	Tag() string
}

// Receiver takes in what residents write.
type Receiver interface {
	// Receive stores a message and returns after the commit; false when it was
	// stored before.
	Receive(context.Context, bot.Inbound) (bool, error)
}

// Transcripts is where conversations can be read.
type Transcripts interface {
	// Conversation gives bot.ErrNotFound when nothing was ever received from the
	// address.
	Conversation(context.Context, bot.Address) (int64, error)
	// Entries returns at most limit entries after since, oldest first.
	Entries(ctx context.Context, conversation, since int64, limit int) ([]bot.Entry, error)
	// Newest returns the last entries, at most limit, oldest first.
	Newest(ctx context.Context, conversation int64, limit int) ([]bot.Entry, error)
}

// Photos keeps the photos that residents send.
type Photos interface {
	// KeepPhoto stores a photo under a key; a key that is there already keeps its photo.
	KeepPhoto(ctx context.Context, key string, data []byte, now time.Time) error
}

// Cleaner makes a photo fit to be kept.
type Cleaner interface {
	// Clean takes away what the camera wrote in it; photo.ErrNotAPhoto for what is none.
	Clean(ctx context.Context, data []byte) ([]byte, error)
}

// Config is what the web chat needs. All but Secure and Hosts are required.
type Config struct {
	Texts Texts
	// Languages are the texts of the other languages that residents can choose; there
	// may be none.
	Languages   []Texts
	Receiver    Receiver
	Transcripts Transcripts
	Photos      Photos
	Cleaner     Cleaner
	// Hosts are the websites, besides the municipality's, that texts may lead to.
	Hosts []string
	Hub   *stream.Hub
	Now   func() time.Time
	Log   *slog.Logger
	// Secure says that the public address is https, so that the cookie must never
	// travel without encryption.
	Secure bool
}

// Chat is the web chat in one language. It hands over to its siblings for the others.
type Chat struct {
	cfg       Config
	siblings  []*Chat // one for each language, itself among them
	zone      *time.Location
	templates *template.Template
	writer    *page.Writer
	examples  []bot.Choice
	patience  time.Duration // how long a page without script waits for an answer

	css, script, icon, embed *page.File
}

var (
	//go:embed templates/*.html
	templates embed.FS
	//go:embed static/chat.css
	css []byte
	//go:embed static/chat.js
	script []byte
	//go:embed static/embed.js
	embedScript []byte
	//go:embed static/icon.svg
	icon []byte
)

const (
	requestLimit = 10 * time.Second // for storing a message
	readLimit    = 5 * time.Second  // for reading a transcript
	patience     = 5 * time.Second
)

// New makes the web chat.
func New(cfg Config) (*Chat, error) {
	chat, err := newChat(cfg)
	if err != nil {
		return nil, err
	}
	all := []*Chat{chat}
	for _, texts := range cfg.Languages {
		cfg.Texts = texts
		sibling, err := newChat(cfg)
		if err != nil {
			return nil, err
		}
		all = append(all, sibling)
	}
	for _, one := range all {
		one.siblings = all
	}
	return chat, nil
}

// in is the chat in the language that a request asks for.
func (ch *Chat) in(c *fiber.Ctx) *Chat {
	for _, sibling := range ch.siblings {
		if sibling.cfg.Texts.Tag() == c.Query(languageQuery) {
			return sibling
		}
	}
	return ch
}

// languageQuery is the part of an address that says in which language the page is.
const languageQuery = "taal"

// path is the page in the chat's language with a query, which may be empty.
func (ch *Chat) path(query string) string {
	if ch != ch.siblings[0] {
		query = strings.TrimSuffix(languageQuery+"="+ch.cfg.Texts.Tag()+"&"+query, "&")
	}
	if query == "" {
		return "/chat"
	}
	return "/chat?" + query
}

// newChat makes the web chat in the language of its texts.
func newChat(cfg Config) (*Chat, error) {
	if cfg.Texts == nil || cfg.Receiver == nil || cfg.Transcripts == nil || cfg.Photos == nil || cfg.Cleaner == nil || cfg.Hub == nil || cfg.Now == nil || cfg.Log == nil {
		return nil, errors.New("webchat: texts, receiver, transcripts, photos, cleaner, hub, clock and log are all needed")
	}
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return nil, fmt.Errorf("webchat: load time zone: %w", err)
	}
	parsed, err := template.New("").Funcs(template.FuncMap{"text": cfg.Texts.Text}).ParseFS(templates, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("webchat: %w", err)
	}
	text := cfg.Texts.Text
	return &Chat{
		cfg: cfg, zone: zone, templates: parsed, patience: patience,
		writer: page.NewWriter(text("chat.site"), text("chat.phone"), cfg.Hosts),
		examples: []bot.Choice{
			{ID: "intent:paspoort", Label: text("chat.example.paspoort")},
			{ID: "intent:verhuizing", Label: text("chat.example.verhuizing")},
			{ID: "intent:afval_ophalen", Label: text("chat.example.afval_ophalen")},
			{ID: "intent:openingstijden", Label: text("chat.example.openingstijden")},
			{ID: bot.ChooseHuman, Label: text("chat.example.human")},
		},
		css:    page.NewFile("/chat/chat.css", "text/css; charset=utf-8", page.CSS, css),
		script: page.NewFile("/chat/chat.js", "text/javascript; charset=utf-8", page.Script, script),
		icon:   page.NewFile("/chat/icon.svg", "image/svg+xml", icon),
		embed: page.NewFile("/embed.js", "text/javascript; charset=utf-8",
			bytes.ReplaceAll(embedScript, []byte("{label}"), []byte(template.JSEscapeString(text("chat.embed"))))),
	}, nil
}

// Routes registers the web chat.
func (ch *Chat) Routes(r fiber.Router) {
	r.Get("/chat", func(c *fiber.Ctx) error { return ch.in(c).show(c) })
	r.Post("/chat", func(c *fiber.Ctx) error { return ch.in(c).receive(c) })
	r.Post(PhotoPath, func(c *fiber.Ctx) error { return ch.in(c).receivePhoto(c) })
	r.Post("/chat/end", func(c *fiber.Ctx) error { return ch.in(c).end(c) })
	r.Get("/chat/stream", func(c *fiber.Ctx) error { return ch.in(c).live(c) })
	for _, file := range []*page.File{ch.css, ch.script, ch.icon} {
		r.Get(file.Path, file.Serve)
	}
	r.Get(ch.embed.Path, ch.serveEmbed)
}

// serveEmbed answers with the script for other sites, which may load it.
func (ch *Chat) serveEmbed(c *fiber.Ctx) error {
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return ch.embed.Serve(c)
}

// Topic is what the hub is notified of when a conversation changes.
func Topic(conversation int64) string { return fmt.Sprintf("conversation:%d", conversation) }

package webchat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/stream"
)

const (
	cookieName = "balie_chat"
	cookieLife = 12 * time.Hour
)

// view is what the page shows.
type view struct {
	Lang string
	// The addresses of the page in its language, of what belongs to it, and of the page
	// that looks again for an answer.
	Path, Stream, End, Again string
	Languages                []languageLink // that can be chosen; none when there is only one
	CSS, Script, Icon        string
	Examples                 []bot.Choice // empty once there is a conversation
	Human                    bot.Choice
	Messages                 []message
	Last                     int64  // the newest entry that the page has
	Live                     bool   // there is a conversation to follow
	Key                      string // makes a form that is sent twice count once
	// Start becomes the cookie with the first message. Standing in the form, it
	// makes a first message that is sent twice one message, without a cookie before
	// there is a conversation.
	Start   string
	Text    string // what the resident typed and could not be sent
	Error   string // why
	Failed  bool   // through our fault
	Waiting string // the key of a message that is in and not yet answered
	Ended   bool
	Phone   template.HTML
	Site    template.HTML
}

// languageLink leads to the page in another language.
type languageLink struct {
	Tag, Lang, Name string
	Path            string
	Key             string
	Current         bool
}

// languages are the languages to choose from.
func (ch *Chat) languages() []languageLink {
	if len(ch.siblings) < 2 {
		return nil
	}
	var all []languageLink
	for _, sibling := range ch.siblings {
		tag := sibling.cfg.Texts.Tag()
		all = append(all, languageLink{
			Tag: tag, Lang: htmlLang(tag), Name: sibling.cfg.Texts.Text("chat.language"),
			Path: sibling.path(""), Key: page.Random(128), Current: sibling == ch,
		})
	}
	return all
}

// htmlLang is the language for the page: easier Dutch is Dutch.
func htmlLang(tag string) string {
	lang, _, _ := strings.Cut(tag, "-")
	return lang
}

// address is the resident with a token. The store sees only its hash.
func address(token string) bot.Address {
	return bot.Address{Channel: bot.WebChat, Account: Account, User: page.Hash(token)}
}

// token is the resident's own, false when they have none.
func token(c *fiber.Ctx) (string, bool) {
	t := c.Cookies(cookieName)
	return t, page.ValidKey(t)
}

// show answers with the page.
func (ch *Chat) show(c *fiber.Ctx) error {
	v := view{Ended: c.Query("gewist") != ""}
	if key := c.Query("wacht"); page.ValidKey(key) {
		v.Waiting = key
	}
	return ch.render(c, fiber.StatusOK, v)
}

// render completes the view with the resident's transcript and answers.
func (ch *Chat) render(c *fiber.Ctx, status int, v view) error {
	v.Path, v.Languages = ch.path(""), ch.languages()
	query := strings.TrimPrefix(v.Path, "/chat")
	v.Stream, v.End, v.Again = "/chat/stream"+query, "/chat/end"+query, ch.path("wacht="+v.Waiting)+"#laatste"
	v.Lang, v.CSS, v.Script, v.Icon = htmlLang(ch.cfg.Texts.Tag()), ch.css.URL(), ch.script.URL(), ch.icon.URL()
	v.Phone, v.Site = ch.writer.Phone(ch.cfg.Texts.Text("chat.phone")), ch.writer.Site()
	v.Human = ch.examples[len(ch.examples)-1]
	if v.Key == "" {
		v.Key = page.Random(128)
	}
	if t, ok := token(c); ok {
		ctx, cancel := context.WithTimeout(c.UserContext(), readLimit)
		defer cancel()
		entries, err := ch.transcript(ctx, address(t))
		switch {
		case err == nil:
			v.Live = true
			v.Messages = ch.messages(entries)
			for _, e := range entries {
				v.Last = e.ID
				if e.ProviderID == v.Waiting {
					v.Waiting = ""
				}
			}
		case errors.Is(err, bot.ErrNotFound):
		default:
			ch.cfg.Log.Error("transcript could not be read", "err", err)
			if v.Error == "" {
				v.Error, v.Failed = ch.cfg.Texts.Text("chat.error.read"), true
			}
			status = fiber.StatusServiceUnavailable
		}
	} else if v.Start == "" {
		v.Start = page.Random(128)
	}
	if !v.Live {
		v.Waiting = ""
	}
	if len(v.Messages) == 0 && v.Waiting == "" {
		v.Examples = ch.examples
	}
	var b bytes.Buffer
	if err := ch.templates.ExecuteTemplate(&b, "chat.html", v); err != nil {
		return fmt.Errorf("webchat: %w", err)
	}
	return page.HTML(c, status, b.Bytes())
}

func (ch *Chat) transcript(ctx context.Context, a bot.Address) ([]bot.Entry, error) {
	conversation, err := ch.cfg.Transcripts.Conversation(ctx, a)
	if err != nil {
		return nil, fmt.Errorf("webchat: %w", err)
	}
	entries, err := ch.cfg.Transcripts.Newest(ctx, conversation, maxShown)
	if err != nil {
		return nil, fmt.Errorf("webchat: %w", err)
	}
	return entries, nil
}

// receive takes in a message: typed, or a choice.
func (ch *Chat) receive(c *fiber.Ctx) error {
	if !page.SameOrigin(c) {
		return fiber.NewError(fiber.StatusForbidden)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), requestLimit)
	defer cancel()

	t, ok := token(c)
	if start := c.FormValue("start"); !ok && page.ValidKey(start) {
		t, ok = start, true
	}
	if !ok {
		t = page.Random(128)
	}
	key := page.FormKey(c)
	m := bot.Inbound{Address: address(t), ProviderID: key, Kind: bot.KindText, ReceivedAt: ch.cfg.Now()}
	text := c.FormValue("text")
	refused := view{Key: key, Start: c.FormValue("start"), Text: text}
	if !page.ValidKey(refused.Start) {
		refused.Start = ""
	}

	if id := c.FormValue("choice"); id != "" {
		if !choice.MatchString(id) {
			return fiber.NewError(fiber.StatusBadRequest)
		}
		m.Kind, m.Choice = bot.KindChoice, bot.ChoiceID(id)
		m.Text = bot.CleanText(ch.label(ctx, m.Address, m.Choice))
	} else {
		m.Text = bot.CleanText(text)
		switch {
		case m.Text == "":
			refused.Error = ch.cfg.Texts.Text("chat.error.empty")
			return ch.refuse(c, fiber.StatusUnprocessableEntity, refused)
		case page.TooLong(text, bot.MaxText):
			refused.Error = ch.cfg.Texts.Text("chat.error.long", "most", strconv.Itoa(bot.MaxText))
			return ch.refuse(c, fiber.StatusUnprocessableEntity, refused)
		}
	}

	return ch.store(ctx, c, t, m, refused)
}

// store takes a message in and leads to the answer.
func (ch *Chat) store(ctx context.Context, c *fiber.Ctx, t string, m bot.Inbound, refused view) error {
	if _, err := ch.cfg.Receiver.Receive(ctx, m); err != nil {
		return ch.failed(c, refused, err)
	}
	ch.setCookie(c, t, cookieLife)
	if page.WantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.JSON(fiber.Map{"ok": true, "key": page.Random(128)})
	}
	chosen := ch
	if language, ok := m.Choice.Language(); ok {
		for _, sibling := range ch.siblings {
			if sibling.cfg.Texts.Tag() == string(language) {
				chosen = sibling
			}
		}
	}
	to := chosen.path("") + "#laatste"
	if !ch.answered(ctx, m.Address, m.ProviderID) {
		to = chosen.path("wacht="+m.ProviderID) + "#laatste"
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// failed answers that a message was not taken in through our fault.
func (ch *Chat) failed(c *fiber.Ctx, refused view, err error) error {
	ch.cfg.Log.Error("message could not be taken in", "channel", bot.WebChat, "err", err)
	refused.Error, refused.Failed = ch.cfg.Texts.Text("chat.error.store"), true
	c.Set(fiber.HeaderRetryAfter, "5")
	return ch.refuse(c, fiber.StatusServiceUnavailable, refused)
}

// refuse answers that a message was not taken in, and gives the text back.
func (ch *Chat) refuse(c *fiber.Ctx, status int, v view) error {
	if page.WantsJSON(c) {
		c.Set(fiber.HeaderCacheControl, "no-store")
		return c.Status(status).JSON(fiber.Map{"error": v.Error})
	}
	return ch.render(c, status, v)
}

// end forgets the conversation on this device; the municipality keeps it.
func (ch *Chat) end(c *fiber.Ctx) error {
	if !page.SameOrigin(c) {
		return fiber.NewError(fiber.StatusForbidden)
	}
	ch.setCookie(c, "", -time.Hour)
	// The next person on this device must not find the page with the back button.
	c.Set("Clear-Site-Data", `"cache"`)
	return c.Redirect(ch.path("gewist=1"), fiber.StatusSeeOther)
}

// setCookie gives or takes the resident's token. It is first called with the
// first message: who only looks gets no cookie.
func (ch *Chat) setCookie(c *fiber.Ctx, value string, life time.Duration) {
	page.SetCookie(c, page.Cookie{
		Name: cookieName, Value: value, Path: "/chat", Life: life, Secure: ch.cfg.Secure, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// live streams the resident's own conversation, and no other.
func (ch *Chat) live(c *fiber.Ctx) error {
	t, ok := token(c)
	if !ok {
		return fiber.NewError(fiber.StatusNotFound)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), readLimit)
	defer cancel()
	a := address(t)
	conversation, err := ch.cfg.Transcripts.Conversation(ctx, a)
	if errors.Is(err, bot.ErrNotFound) {
		return fiber.NewError(fiber.StatusNotFound)
	}
	if err != nil {
		return fmt.Errorf("webchat: %w", err)
	}
	return ch.cfg.Hub.Serve(c, stream.Stream{
		Topic: Topic(conversation), Session: a.User,
		Next: func(ctx context.Context, since int64) ([]stream.Event, error) {
			return ch.events(ctx, conversation, since)
		},
	})
}

package webchat_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/page/pagetest"
	"github.com/balie-nl/balie/channels/webchat"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	pagetest.CheckKeys(t, pagetest.NewTexts(t, "chat.toml"))
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	if _, err := webchat.New(webchat.Config{}); err == nil {
		t.Error("New took an empty configuration")
	}
}

func TestFirstPage(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	p := b.Get("/chat")
	p.Want(t, http.StatusOK, `<html lang="nl">`, "niet met een mens", `value="intent:paspoort"`, `value="intent:verhuizing"`,
		`value="intent:afval_ophalen"`, `value="intent:openingstijden"`, `value="human"`, `<label for="vraag">`, `href="tel:140123"`,
		"Raadhuisplein 1", "elke dag van 9.00 tot 17.00 uur", `href="https://www.voorbeeld.example"`, `class="skip"`,
		"!style=", "!<script>", "!onclick")
	if p.Header.Get("Set-Cookie") != "" {
		t.Error("a cookie before the first message")
	}
	if p.Header.Get("Cache-Control") != "no-store" || p.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("headers %v", p.Header)
	}
	b.Get("/chat/stream").Want(t, http.StatusNotFound)
	for _, path := range []string{"/chat/chat.css", "/chat/chat.js", "/chat/icon.svg"} {
		b.Get(path).Want(t, http.StatusOK)
	}
}

func TestConversationWithoutScript(t *testing.T) {
	t.Parallel()
	h := newHarness(t, true)
	b := pagetest.NewBrowser(t, h.base)
	first := b.Get("/chat")
	posted := b.Post("/chat", form(first, "text", "mijn <b>paspoort</b>\r\nis weg"))
	if posted.Status != http.StatusSeeOther || posted.Header.Get("Location") != "/chat#laatste" {
		t.Fatalf("status %d to %q", posted.Status, posted.Header.Get("Location"))
	}
	cookie := posted.Header.Get("Set-Cookie")
	for _, flag := range []string{"balie_chat=", "HttpOnly", "SameSite=Lax", "path=/chat", "max-age=43200", "secure"} {
		if !strings.Contains(strings.ToLower(cookie), strings.ToLower(flag)) {
			t.Errorf("the cookie lacks %s: %s", flag, cookie)
		}
	}
	token := strings.TrimPrefix(strings.Split(cookie, ";")[0], "balie_chat=")
	if _, ok := h.conversations[token]; ok || h.conversations[page.Hash(token)] == 0 {
		t.Error("the store must see the hash of the token and nothing else")
	}
	said := h.said()
	if len(said) != 1 || said[0].Text != "mijn <b>paspoort</b>\nis weg" || said[0].ProviderID != first.Field("key") {
		t.Fatalf("said %+v", said)
	}

	// The cookie is for https only, so a plain client must send it by hand.
	second := b.Get("/chat", "Cookie", "balie_chat="+token)
	second.Want(t, http.StatusOK, `id="laatste"`, "mijn &lt;b&gt;paspoort&lt;/b&gt;<br>is weg", "Antwoord op mijn &lt;b&gt;", "Chatbot van Gemeente Voorbeeld",
		`<time datetime="2026-11-23T13:00:00Z">14:00</time>`, `data-last="2"`, `value="intent:id_kaart"`, "ID-kaart &lt;of&gt; pas",
		"!<b>", `!value="intent:paspoort"`)
	if second.Field("start") != "" || second.Field("key") == first.Field("key") {
		t.Error("the second form must have a key of its own and no start")
	}
}

func TestChoices(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	b.Post("/chat", form(b.Get("/chat"), "choice", "intent:paspoort", "text", "half getypt")).Want(t, http.StatusSeeOther)
	p := b.Get("/chat")
	p.Want(t, http.StatusOK, "U koos: Paspoort")
	b.Post("/chat", form(p, "choice", "intent:id_kaart")).Want(t, http.StatusSeeOther)
	p = b.Get("/chat")
	p.Want(t, http.StatusOK, "U koos: ID-kaart &lt;of&gt; pas")
	if n := strings.Count(p.Body, `value="intent:id_kaart"`); n != 1 {
		t.Errorf("%d messages have quick replies", n)
	}
	b.Post("/chat", form(p, "choice", "intent:verdwenen")).Want(t, http.StatusSeeOther)
	b.Get("/chat").Want(t, http.StatusOK, "U koos: een onderwerp")
	b.Post("/chat", form(p, "choice", `intent:x"><script>`)).Want(t, http.StatusBadRequest)
	said := h.said()
	if len(said) != 3 || said[0].MessageKind != bot.KindChoice || said[0].Choice != "intent:paspoort" || said[0].Text != "Paspoort" || said[1].Text != "ID-kaart <of> pas" {
		t.Errorf("said %+v", said)
	}
}

func TestSentTwice(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	first := pagetest.NewBrowser(t, h.base).Get("/chat")
	var wg sync.WaitGroup
	cookies := make([]string, 5)
	for i := range cookies {
		wg.Go(func() { // each without a cookie, as a double click on the first message
			b := pagetest.NewBrowser(t, h.base)
			b.Post("/chat", form(first, "text", "hallo")).Want(t, http.StatusSeeOther)
			cookies[i] = b.Cookie("/chat", "balie_chat")
		})
	}
	wg.Wait()
	if said := h.said(); len(said) != 1 {
		t.Errorf("one message became %d", len(said))
	}
	for _, c := range cookies {
		if c == "" || c != cookies[0] {
			t.Errorf("cookies %q: a message that is sent twice must stay in one conversation", cookies)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	long := strings.Repeat("é", bot.MaxText+1)
	for _, tt := range []struct {
		name, text string
		status     int
		want       []string
	}{
		{"nothing", " \r\n\t", 422, []string{"Typ eerst uw vraag", `aria-invalid="true"`, "autofocus", `aria-describedby="hint fout"`, "<title>Let op"}},
		{"too much", long, 422, []string{"te lang", "4096", long, `aria-invalid="true"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := pagetest.NewBrowser(t, h.base)
			first := b.Get("/chat")
			p := b.Post("/chat", form(first, "text", tt.text))
			p.Want(t, tt.status, tt.want...)
			if p.Field("key") != first.Field("key") || p.Field("start") != first.Field("start") {
				t.Error("the form lost its key")
			}
			if b.Cookie("/chat", "balie_chat") != "" {
				t.Error("a cookie without a message")
			}
			var answer struct{ Error string }
			j := b.Post("/chat", form(first, "text", tt.text), "Accept", "application/json")
			if err := json.Unmarshal([]byte(j.Body), &answer); err != nil || j.Status != tt.status || answer.Error == "" {
				t.Errorf("status %d, %q, %v", j.Status, j.Body, err)
			}
		})
	}
	t.Run("exactly enough", func(t *testing.T) {
		t.Parallel()
		b := pagetest.NewBrowser(t, h.base)
		b.Post("/chat", form(b.Get("/chat"), "text", long[2:])).Want(t, http.StatusSeeOther)
	})
}

func TestStoreFails(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	first := b.Get("/chat")
	h.mu.Lock()
	h.broken = errors.New("disk full")
	h.mu.Unlock()
	p := b.Post("/chat", form(first, "text", "mijn geheime vraag"))
	p.Want(t, http.StatusServiceUnavailable, "mijn geheime vraag", "ging iets mis bij ons", "bel 14 0123", "!disk full")
	if p.Header.Get("Retry-After") == "" || b.Cookie("/chat", "balie_chat") != "" {
		t.Errorf("headers %v", p.Header)
	}
	b.Post("/chat", form(first, "text", "x"), "Accept", "application/json").Want(t, http.StatusServiceUnavailable, `"error"`)
	if strings.Contains(h.log.String(), "geheime") || !strings.Contains(h.log.String(), "disk full") {
		t.Errorf("log %s", h.log)
	}
	h.mu.Lock()
	h.broken = nil
	h.mu.Unlock()
	b.Post("/chat", form(p, "text", "mijn geheime vraag")).Want(t, http.StatusSeeOther)
}

func TestOtherSitesCannotSend(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	for _, path := range []string{"/chat", "/chat/end"} {
		b.Post(path, form(b.Get("/chat"), "text", "x"), "Sec-Fetch-Site", "cross-site").Want(t, http.StatusForbidden)
	}
	if len(h.said()) != 0 || b.Cookie("/chat", "balie_chat") != "" {
		t.Error("a message of another site was taken in")
	}
}

func TestAnswerIsLate(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	h.chat.SetPatience(10 * time.Millisecond)
	h.mu.Lock()
	h.silent = true
	h.mu.Unlock()
	b := pagetest.NewBrowser(t, h.base)
	posted := b.Post("/chat", form(b.Get("/chat"), "text", "hallo"))
	to, anchor, _ := strings.Cut(posted.Header.Get("Location"), "#")
	if posted.Status != http.StatusSeeOther || anchor != "laatste" {
		t.Fatalf("status %d to %q", posted.Status, posted.Header.Get("Location"))
	}
	b.Get(to).Want(t, http.StatusOK, "Uw bericht is binnen", "Kijk opnieuw", `href="`+to+`#laatste"`)
	h.answer()
	b.Get(to).Want(t, http.StatusOK, "Antwoord op hallo", "!Uw bericht is binnen")
}

func TestLive(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	first := b.Get("/chat")
	var answer struct {
		OK  bool
		Key string
	}
	p := b.Post("/chat", form(first, "text", "een"), "Accept", "application/json")
	if err := json.Unmarshal([]byte(p.Body), &answer); err != nil || !answer.OK || !page.ValidKey(answer.Key) || answer.Key == first.Field("key") {
		t.Fatalf("answer %q, %v", p.Body, err)
	}
	live := b.Follow("/chat/stream?since=0")
	want := func(id string, words ...string) {
		t.Helper()
		e, err := live.Next()
		if err != nil || e.ID != id || e.Name != "entry" {
			t.Fatalf("event %+v, %v", e, err)
		}
		pagetest.Page{Status: 200, Body: e.Data}.Want(t, 200, words...)
	}
	want("1", `<li class="message you" id="m1"`, "een")
	want("2", `<li class="message bot" id="m2"`, `form="ask"`, `data-sender="Chatbot van Gemeente Voorbeeld"`)
	h.staff(1, `An"na <i>`, "Dag!\nhttps://www.voorbeeld.example/x")
	want("4", `class="message staff"`, "Medewerker An&#34;na &lt;i&gt;", `<a href="https://www.voorbeeld.example/x">`, "!<i>")

	// Who reconnects goes on where they were, past what is not shown.
	again := b.Follow("/chat/stream?since=0", "Last-Event-ID", "2")
	if e, err := again.Next(); err != nil || e.ID != "4" {
		t.Errorf("event %+v, %v", e, err)
	}

	stranger := pagetest.NewBrowser(t, h.base)
	stranger.Get("/chat/stream").Want(t, http.StatusNotFound)
	stranger.Post("/chat", form(stranger.Get("/chat"), "text", "ander"))
	other := stranger.Follow("/chat/stream")
	if e, err := other.Next(); err != nil || !strings.Contains(e.Data, "ander") {
		t.Errorf("a stranger sees %+v, %v", e, err)
	}
	h.hub.Close()
	for _, l := range []*pagetest.Live{live, again} {
		if e, err := l.Next(); !errors.Is(err, io.EOF) {
			t.Errorf("more than their own: %+v, %v", e, err)
		}
	}
}

func TestEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	b.Post("/chat", form(b.Get("/chat"), "text", "hallo")).Want(t, http.StatusSeeOther)
	b.Get("/chat").Want(t, http.StatusOK, "Antwoord op hallo", "Wis dit gesprek van dit scherm", "De gemeente bewaart uw berichten")
	p := b.Post("/chat/end", url.Values{})
	p.Want(t, http.StatusSeeOther)
	if p.Header.Get("Clear-Site-Data") != `"cache"` || b.Cookie("/chat", "balie_chat") != "" {
		t.Errorf("headers %v", p.Header)
	}
	b.Get(p.Header.Get("Location")).Want(t, http.StatusOK, "van dit scherm gewist", "!Antwoord op hallo")
	b.Get("/chat/stream").Want(t, http.StatusNotFound)
}

func TestForeignCookie(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	for _, cookie := range []string{"x", strings.Repeat("a", 32), "../../etc", strings.Repeat("a", 200)} {
		b.Get("/chat", "Cookie", "balie_chat="+cookie).Want(t, http.StatusOK, "Waar gaat uw vraag over?")
		b.Get("/chat/stream", "Cookie", "balie_chat="+cookie).Want(t, http.StatusNotFound)
	}
}

func TestLongConversation(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	b.Post("/chat", form(b.Get("/chat"), "text", "allereerste")).Want(t, http.StatusSeeOther)
	for range 600 {
		h.staff(1, "Anna", "tussendoor")
	}
	b.Post("/chat", form(b.Get("/chat"), "text", "allerlaatste")).Want(t, http.StatusSeeOther)
	b.Get("/chat").Want(t, http.StatusOK, "allerlaatste", "!allereerste")
}

// TestFarBehind gives a page that missed more than it shows one event that says
// so, instead of all entries.
func TestFarBehind(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	p := b.Get("/chat")
	b.Post("/chat", url.Values{"key": {p.Field("key")}, "start": {p.Field("start")}, "text": {"hoi"}}, "Accept", "application/json")
	h.mu.Lock()
	for i := range 501 {
		h.add(bot.Entry{Conversation: 1, Kind: bot.EntryReplied, Message: bot.Message{Text: strconv.Itoa(i)}})
	}
	last := len(h.entries)
	h.mu.Unlock()
	live := b.Follow("/chat/stream?since=1")
	if e, err := live.Next(); err != nil || e.Name != "resync" || e.ID != strconv.Itoa(last) {
		t.Fatalf("%+v, %v; want a resync to %d", e, err, last)
	}
	h.mu.Lock()
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntryReplied, Message: bot.Message{Text: "daarna"}})
	h.mu.Unlock()
	h.hub.Notify(webchat.Topic(1))
	if e, err := live.Next(); err != nil || !strings.Contains(e.Data, "daarna") {
		t.Fatalf("%+v, %v; want the entry after it", e, err)
	}
}

func TestEmbed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	p := pagetest.NewBrowser(t, h.base).Get("/embed.js")
	p.Want(t, http.StatusOK, "Stel uw vraag", "currentScript", "!cookie =", "!iframe", "!{label}")
	if p.Header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || p.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v", p.Header)
	}
}

// Package pagetest is what the tests of the pages share: a server on a real
// listener, a small browser without script, a reader of streams, and the check
// that pages and texts fit.
package pagetest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
)

// Patience is how long a test waits for what must happen.
const Patience = 10 * time.Second

// Facts are the municipality of the tests.
var Facts = []string{
	"gemeente", "Gemeente Voorbeeld", "telefoon", "14 0123", "adres", "Raadhuisplein 1",
	"openingstijden", "elke dag van 9.00 tot 17.00 uur",
	"website", "www.voorbeeld.example", "email", "info@voorbeeld.example",
}

// Texts are the real words of a page.
type Texts struct {
	t    testing.TB
	keys map[string]string
}

// NewTexts reads the texts of a page from the catalogue.
func NewTexts(t testing.TB, file string) *Texts {
	t.Helper()
	texts := &Texts{t: t}
	if _, err := toml.DecodeFile(filepath.Join("..", "..", "locales", "nl", file), &texts.keys); err != nil {
		t.Fatal(err)
	}
	return texts
}

// Tag is the language.
func (*Texts) Tag() string { return "nl" }

// Label is what a choice is called.
func (*Texts) Label(id bot.ChoiceID) string {
	if id == "form:callback:part:morning" {
		return "Ochtend"
	}
	return ""
}

// Text fails the test for a key that is not in the catalogue.
func (x *Texts) Text(key string, pairs ...string) string {
	text, ok := x.keys[key]
	if !ok {
		x.t.Errorf("no text %q", key)
	}
	given := slices.Concat(pairs, Facts)
	for i := 0; i+1 < len(given); i += 2 {
		given[i] = "{" + given[i] + "}"
	}
	return strings.NewReplacer(given...).Replace(text)
}

var (
	usedPlural = regexp.MustCompile(`plural\("([a-z_.]+)"`)
	usedKey    = regexp.MustCompile(`"((?:chat|desk)\.[a-z_.]+)"`)
	dutch      = regexp.MustCompile(`>\s*[A-Za-z][a-z]+[^<>{}]*</`)
)

// CheckKeys fails the test when a page of the package in the working directory
// uses a text that is not there, a text is there that no page uses, or a page
// has words of its own.
func CheckKeys(t *testing.T, texts *Texts) {
	t.Helper()
	used := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || strings.HasSuffix(path, "_test.go") || (!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html")) {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		source := string(b)
		for _, m := range usedPlural.FindAllStringSubmatch(source, -1) {
			used[m[1]+".one"], used[m[1]+".many"] = true, true
		}
		for _, m := range usedKey.FindAllStringSubmatch(usedPlural.ReplaceAllString(source, ""), -1) {
			if !strings.HasSuffix(m[1], ".html") { // the name of a template
				used[m[1]] = true
			}
		}
		if strings.HasSuffix(path, ".html") {
			for _, words := range dutch.FindAllString(source, -1) {
				t.Errorf("%s has words that belong in the catalogue: %q", path, words)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(used) < 10 {
		t.Fatalf("only %d texts found in the pages", len(used))
	}
	for key := range used {
		if _, ok := texts.keys[key]; !ok {
			t.Errorf("a page uses %q, which is not in the catalogue", key)
		}
	}
	for key := range texts.keys {
		if !used[key] {
			t.Errorf("no page uses %q", key)
		}
	}
}

// Serve serves routes on a real listener until the test ends.
func Serve(t testing.TB, routes func(fiber.Router)) string {
	t.Helper()
	app := fiber.New(fiber.Config{Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true, BodyLimit: 64 << 10})
	app.Use(func(c *fiber.Ctx) error {
		c.Set("X-Content-Type-Options", "nosniff")
		return c.Next()
	})
	routes(app)
	return channeltest.Serve(t, app)
}

// Browser is a browser without script. It keeps cookies and does not follow
// redirects.
type Browser struct {
	t      testing.TB
	Base   string
	Client *http.Client
}

// NewBrowser opens a browser without cookies.
func NewBrowser(t testing.TB, base string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &Browser{t: t, Base: base, Client: &http.Client{
		Jar: jar, Transport: transport, Timeout: Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Page is an answer.
type Page struct {
	Status int
	Header http.Header
	Body   string
}

// Get fetches a page; headers are pairs of name and value.
func (b *Browser) Get(path string, headers ...string) Page {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", headers)
}

// Post sends a form, as a page of the same origin does.
func (b *Browser) Post(path string, form url.Values, headers ...string) Page {
	b.t.Helper()
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, headers...)
	return b.do(http.MethodPost, path, form.Encode(), headers)
}

// Upload sends a form with a file, as a page of the same origin does.
func (b *Browser) Upload(path string, form url.Values, field string, file []byte) Page {
	b.t.Helper()
	var body strings.Builder
	w := multipart.NewWriter(&body)
	for name := range form {
		if err := w.WriteField(name, form.Get(name)); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(field, "foto.jpg")
	if err == nil {
		_, err = part.Write(file)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		b.t.Fatal(err)
	}
	return b.do(http.MethodPost, path, body.String(), []string{"Content-Type", w.FormDataContentType(), "Sec-Fetch-Site", "same-origin"})
}

func (b *Browser) do(method, path, body string, headers []string) Page {
	b.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, b.Base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.Client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	got, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		b.t.Fatal(err)
	}
	return Page{Status: res.StatusCode, Header: res.Header, Body: string(got)}
}

// Cookie is the value of a cookie that the browser would send to a path.
func (b *Browser) Cookie(path, name string) string {
	u, err := url.Parse(b.Base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.Client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// Field is the value of the first field with a name, as it stands in the page.
func (p Page) Field(name string) string {
	m := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(p.Body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// Want fails the test unless the page has a status and certain words, and has
// not the words that begin with "!".
func (p Page) Want(t testing.TB, status int, words ...string) {
	t.Helper()
	if p.Status != status {
		t.Errorf("status %d, want %d", p.Status, status)
	}
	for _, w := range words {
		if not, ok := strings.CutPrefix(w, "!"); ok {
			if strings.Contains(p.Body, not) {
				t.Errorf("the page has %q:\n%s", not, p.Body)
			}
		} else if !strings.Contains(p.Body, w) {
			t.Errorf("the page lacks %q:\n%s", w, p.Body)
		}
	}
}

// Event is one event of a stream.
type Event struct{ ID, Name, Data string }

// Live is an open stream.
type Live struct {
	Header http.Header
	Status int
	res    *http.Response
	lines  *bufio.Scanner
	stop   func()
	Retry  string // the last that the server asked for
}

// Follow opens a stream with the browser's cookies.
func (b *Browser) Follow(path string, headers ...string) *Live {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.Base+path, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	client := *b.Client
	client.Timeout = 0
	res, err := client.Do(req)
	if err != nil {
		cancel()
		b.t.Fatal(err)
	}
	l := &Live{Header: res.Header, Status: res.StatusCode, res: res, lines: bufio.NewScanner(res.Body), stop: cancel}
	b.t.Cleanup(l.Close)
	return l
}

// Close leaves the stream.
func (l *Live) Close() {
	l.stop()
	_ = l.res.Body.Close()
}

// Next waits for the next event; an error says that the stream has ended.
func (l *Live) Next() (Event, error) {
	var e Event
	var data []string
	for l.lines.Scan() {
		line := l.lines.Text()
		name, value, _ := strings.Cut(line, ": ")
		switch name {
		case "id":
			e.ID = value
		case "event":
			e.Name = value
		case "data":
			data = append(data, value)
		case "retry":
			l.Retry = value
		case "":
			if data != nil {
				e.Data = strings.Join(data, "\n")
				return e, nil
			}
		}
	}
	if err := l.lines.Err(); err != nil {
		return Event{}, fmt.Errorf("stream: %w", err)
	}
	return Event{}, io.EOF
}

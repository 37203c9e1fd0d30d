package page_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/page/pagetest"
)

func TestRich(t *testing.T) {
	t.Parallel()
	w := page.NewWriter("www.voorbeeld.example", "14 0123", []string{"rijksoverheid.nl", "justis.nl"})
	for _, tt := range []struct{ name, text, want string }{
		{"paragraphs and line breaks", "Een.\nTwee.\n\nDrie.", "<p>Een.<br>Twee.</p><p>Drie.</p>"},
		{"lists", "Neem mee:\n- een foto\n- geld\nKlaar.", "<p>Neem mee:</p><ul><li>een foto</li><li>geld</li></ul><p>Klaar.</p>"},
		{"numbered lists", "1. Bel.\n2. Kom.", "<ol><li>Bel.</li><li>Kom.</li></ol>"},
		{"sections", "Kom.\n\n## Doen\n1. Bel.\n\n## Kosten <b>\nNiets.\n\nEcht.\n\n## Tijd\nKort.", "<p>Kom.</p><h3>Doen</h3><ol><li>Bel.</li></ol><details><summary>Kosten &lt;b&gt;</summary><p>Niets.</p><p>Echt.</p></details><details><summary>Tijd</summary><p>Kort.</p></details>"},
		{"markup is shown, not obeyed", `<script>alert("x")</script> & co`, `<p>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; &amp; co</p>`},
		{"the site, with its path and not the full stop", "Ga naar www.voorbeeld.example/paspoort.", `<p>Ga naar <a href="https://www.voorbeeld.example/paspoort">www.voorbeeld.example/paspoort</a>.</p>`},
		{"another address only when it is complete", "Zie https://www.rijksoverheid.nl/x?a=1&b=2, en evil.example", `<p>Zie <a href="https://www.rijksoverheid.nl/x?a=1&amp;b=2">https://www.rijksoverheid.nl/x?a=1&amp;b=2</a>, en evil.example</p>`},
		{"hosts that one may be sent to", "Zie rijksoverheid.nl, of www.rijksoverheid.nl. Vraag het op justis.nl/vog!", `<p>Zie <a href="https://rijksoverheid.nl">rijksoverheid.nl</a>, of www.rijksoverheid.nl. Vraag het op <a href="https://justis.nl/vog">justis.nl/vog</a>!</p>`},
		{"no other hosts that look like them", "nietjustis.nl niet-justis.nl justis.nlx a@justis.nl", "<p>nietjustis.nl niet-justis.nl justis.nlx a@justis.nl</p>"},
		{"the end of sections", "## Een\nA.\n\n## Twee\nB.\n\n---\n\nEn nu?\n\n---\n\n## Drie\nC.", "<h3>Een</h3><p>A.</p><details><summary>Twee</summary><p>B.</p></details><p>En nu?</p><h3>Drie</h3><p>C.</p>"},
		{"not inside another name", "nietwww.voorbeeld.example a@www.voorbeeld.example", "<p>nietwww.voorbeeld.example a@www.voorbeeld.example</p>"},
		{"no other scheme", `javascript:alert(1) data:text/html,x`, "<p>javascript:alert(1) data:text/html,x</p>"},
		{"an address cannot end its attribute", `https://x.example/"onmouseover="y`, `<p><a href="https://x.example/">https://x.example/</a>&#34;onmouseover=&#34;y</p>`},
		{"the municipality's number", "Bel 14 0123.", `<p>Bel <a href="tel:140123">14 0123</a>.</p>`},
		{"other numbers", "Bel 0800-2000 of 010 123 45 67", `<p>Bel <a href="tel:08002000">0800-2000</a> of <a href="tel:0101234567">010 123 45 67</a></p>`},
		{"emergency", "Bel 112. Bel dan 113.", `<p>Bel <a href="tel:112">112</a>. Bel dan <a href="tel:113">113</a>.</p>`},
		{"amounts, dates and years are no numbers to call", "€ 112 of 2026-11-23, 06 of 1234 AB, 0,50 tot 10.00 uur", "<p>€ 112 of 2026-11-23, 06 of 1234 AB, 0,50 tot 10.00 uur</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := string(w.Rich(tt.text)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestRichWithoutFacts(t *testing.T) {
	t.Parallel()
	if got := string(page.NewWriter("", "", nil).Rich("Bel ons. x")); got != "<p>Bel ons. x</p>" {
		t.Error(got)
	}
}

func TestPlainHasNoLinks(t *testing.T) {
	t.Parallel()
	got := string(page.NewWriter("www.voorbeeld.example", "14 0123", []string{"rijksoverheid.nl", "justis.nl"}).Plain("<b>kijk</b> https://evil.example\nbel 14 0123"))
	if want := "<p>&lt;b&gt;kijk&lt;/b&gt; https://evil.example<br>bel 14 0123</p>"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestSmallThings(t *testing.T) {
	t.Parallel()
	if got := page.Excerpt("een  twee\ndrie, vier", 14); got != "een twee drie…" {
		t.Errorf("excerpt %q", got)
	}
	if got := page.Excerpt("kort", 14); got != "kort" {
		t.Errorf("excerpt %q", got)
	}
	if !page.TooLong("ééé", 2) || page.TooLong(" éé\r\n", 2) || page.TooLong("é\r\né", 3) {
		t.Error("characters are counted wrongly")
	}
	now := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	if a, b := page.Clock(now.Add(-time.Hour), now), page.Clock(now.AddDate(-1, 0, 0), now); a != "13:00" || b != "23-11-2025 14:00" {
		t.Errorf("clock %q and %q", a, b)
	}
	if a, b := page.Random(128), page.Random(128); a == b || !page.ValidKey(a) || len(a) != 32 {
		t.Errorf("random %q and %q", a, b)
	}
	for _, bad := range []string{"", "short", strings.Repeat("a", 65), "0123456789abcde\n", "0123456789abcdef;x"} {
		if page.ValidKey(bad) {
			t.Errorf("%q is a valid key", bad)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	file := page.NewFile("/x.css", "text/css; charset=utf-8", []byte("a{}"), []byte("b{}"))
	browser := pagetest.NewBrowser(t, pagetest.Serve(t, func(r fiber.Router) { r.Get(file.Path, file.Serve) }))
	got := browser.Get(file.URL())
	got.Want(t, http.StatusOK, "a{}b{}")
	if got.Header.Get("Content-Type") != "text/css; charset=utf-8" || !strings.Contains(got.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("headers %v", got.Header)
	}
	if plain := browser.Get(file.Path); strings.Contains(plain.Header.Get("Cache-Control"), "immutable") {
		t.Error("an address without version may be kept for ever")
	}
	browser.Get(file.Path, "If-None-Match", got.Header.Get("Etag")).Want(t, http.StatusNotModified)
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	base := pagetest.Serve(t, func(r fiber.Router) {
		r.Post("/", func(c *fiber.Ctx) error {
			if !page.SameOrigin(c) {
				return fiber.NewError(fiber.StatusForbidden)
			}
			return c.SendString("ok")
		})
	})
	for _, tt := range []struct {
		name, site, origin string
		want               int
	}{
		{"own page", "same-origin", "", 200},
		{"typed by hand", "none", "", 200},
		{"another site", "cross-site", base, 403},
		{"another part of the same site", "same-site", base, 403},
		{"an old browser, own page", "", base, 200},
		{"an old browser, another site", "", "https://evil.example", 403},
		{"an old browser, hidden origin", "", "null", 403},
		{"a program", "", "", 200},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			browser := pagetest.NewBrowser(t, base)
			got := browser.Post("/", url.Values{}, "Sec-Fetch-Site", tt.site, "Origin", tt.origin)
			if got.Status != tt.want {
				t.Errorf("status %d, want %d", got.Status, tt.want)
			}
		})
	}
}

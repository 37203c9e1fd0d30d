package webchat_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page/pagetest"
)

// TestPhoto sends a photo when one is asked for: it is cleaned, kept once under a name
// that nobody can guess, and becomes a message. It needs no script.
func TestPhoto(t *testing.T) {
	t.Parallel()
	h := newHarness(t, false)
	b := pagetest.NewBrowser(t, h.base)
	b.Upload("/chat/photo", form(b.Get("/chat")), "photo", []byte("jpeg x")).Want(t, http.StatusForbidden)
	b.Post("/chat", form(b.Get("/chat"), "text", "hallo")).Want(t, http.StatusSeeOther)
	p := b.Get("/chat")
	p.Want(t, http.StatusOK, "!chat/photo")
	if got := b.Upload("/chat/photo", form(p), "photo", []byte("jpeg x")); got.Status != http.StatusSeeOther || len(h.kept()) > 0 {
		t.Errorf("a photo that nobody asked for: %d, %d kept", got.Status, len(h.kept()))
	}

	b.Post("/chat", form(p, "text", "meld")).Want(t, http.StatusSeeOther)
	p = b.Get("/chat")
	p.Want(t, http.StatusOK, `action="/chat/photo"`, "Kies een foto", "Geen foto")
	if n := strings.Count(p.Body, `type="file"`); n != 1 {
		t.Errorf("%d places for a photo", n)
	}
	for name, data := range map[string][]byte{"no photo": []byte("<script>"), "nothing": nil} {
		refused := b.Upload("/chat/photo", form(p), "photo", data)
		refused.Want(t, http.StatusUnprocessableEntity, "Deze foto lukt niet.", `action="/chat/photo"`)
		if len(h.kept()) > 0 {
			t.Errorf("%s was kept", name)
		}
	}
	sent := form(p)
	b.Upload("/chat/photo", sent, "other", []byte("jpeg x")).Want(t, http.StatusUnprocessableEntity)
	b.Upload("/chat/photo", sent, "photo", []byte("jpeg the lamp")).Want(t, http.StatusSeeOther)
	b.Get("/chat").Want(t, http.StatusOK, "U stuurde een foto", "!chat/photo")
	said := h.said()
	last := said[len(said)-1]
	channel, key := last.Photo.Cut()
	if last.MessageKind != bot.KindMedia || channel != bot.WebChat || len(key) != 64 || !bytes.Equal(h.kept()[key], []byte("the lamp")) {
		t.Errorf("%+v, kept %q", last, h.kept())
	}

	b.Post("/chat", form(b.Get("/chat"), "text", "meld")).Want(t, http.StatusSeeOther)
	p = b.Get("/chat")
	h.mu.Lock()
	h.broken = errors.New("boom")
	h.mu.Unlock()
	b.Upload("/chat/photo", form(p), "photo", []byte("jpeg y")).Want(t, http.StatusServiceUnavailable, "Er ging iets mis bij ons.")
}

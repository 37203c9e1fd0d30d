package desk_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page/pagetest"
)

// TestPhotosAndPlaces checks that staff can look at a photo and at a place on the map,
// in the conversation and with what has to be done.
func TestPhotosAndPlaces(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.mu.Lock()
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntrySaid, MessageKind: bot.KindMedia, Photo: "telegram:abc"})
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntrySaid, MessageKind: bot.KindText, Text: "kijk maar", Photo: "telegram:gone"})
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntrySaid, MessageKind: bot.KindMedia, Text: "geo:52.09074,5.12142"})
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntrySaid, MessageKind: bot.KindMedia})
	h.tickets = []bot.Ticket{{ID: 7, Reference: "K7F-3MA", Conversation: 1, Form: bot.FormReport, CreatedAt: start, Answers: []bot.TicketAnswer{
		{Question: "where", Answer: "geo:52.09074,5.12142"}, {Question: "photo", Answer: "telegram:abc"},
	}}}
	h.mu.Unlock()
	const photo, place = "/desk/c/1/photo?id=telegram%3Aabc", `href="https://www.openstreetmap.org/?mlat=52.09074&amp;mlon=5.12142#map=18/52.09074/5.12142"`
	anna := h.enter(t, "anna")
	anna.Get("/desk/c/1").Want(t, http.StatusOK, "Stuurde een foto.", "Stuurde een plek op de kaart.", "Stuurde een foto, geluid of ander bestand.", `href="`+photo+`"`, place, "kijk maar", "!geo:")
	anna.Get("/desk").Want(t, http.StatusOK, "Foto", `href="`+photo+`"`, place)

	got := anna.Get(photo)
	got.Want(t, http.StatusOK, "the photo")
	if got.Header.Get("Content-Type") != "image/jpeg" || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", got.Header)
	}
	anna.Get("/desk/c/1/photo?id=telegram%3Agone").Want(t, http.StatusNotFound, "Deze foto is er niet meer.")
	anna.Get("/desk/c/2/photo?id=telegram%3Aabc").Want(t, http.StatusNotFound)
	if p := pagetest.NewBrowser(t, h.base).Get(photo); p.Status != http.StatusSeeOther {
		t.Errorf("without a login: %d", p.Status)
	}
	h.mu.Lock()
	h.photoFails = errors.New("boom")
	h.mu.Unlock()
	anna.Get(photo).Want(t, http.StatusBadGateway, "De foto komt nu niet.")
}

package desk_test

import (
	"net/http"
	"testing"

	"github.com/balie-nl/balie/bot"
)

func TestTickets(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.tickets = []bot.Ticket{
		{ID: 7, Reference: "K7F-3MA", Conversation: 1, Form: bot.FormReport, CreatedAt: start, Answers: []bot.TicketAnswer{{Question: "what", Answer: "lamp <b>uit</b>"}, {Question: "where", Answer: ""}}},
		{ID: 8, Reference: "P4C-9WX", Conversation: 2, Form: bot.FormCallBack, CreatedAt: start, Answers: []bot.TicketAnswer{{Question: "phone", Answer: "+31612345678"}, {Question: "part", Answer: "form:callback:part:morning"}}},
	}
	h.conversations[2].State.Form = bot.Form{Name: bot.FormMoving, Answers: map[string]string{"to": "naar Utrecht"}}
	anna := h.enter(t, "anna")
	p := anna.Get("/desk")
	p.Want(t, http.StatusOK, "Te doen", "Melding K7F-3MA", "lamp &lt;b&gt;uit", "weet de inwoner niet", "Terugbellen P4C-9WX", `href="tel:+31612345678"`, "Ochtend", "!form:callback")
	anna.Get("/desk/c/2").Want(t, http.StatusOK, "P4C-9WX", "!K7F-3MA")
	anna.Get("/desk/c/3").Want(t, http.StatusOK, "Al gevraagd", "naar Utrecht", "Gaat wonen", "!P4C-9WX")

	if done := anna.Post("/desk/t/7/done", form(p)); done.Status != http.StatusSeeOther {
		t.Fatalf("done: %d", done.Status)
	}
	anna.Get("/desk").Want(t, http.StatusOK, "!K7F-3MA", "P4C-9WX")
	anna.Get("/desk/c/1").Want(t, http.StatusOK, "K7F-3MA", "gedaan door Anna", "!Dit is klaar")
	anna.Post("/desk/t/99/done", form(p)).Want(t, http.StatusNotFound)
	anna.Post("/desk/t/x/done", form(p)).Want(t, http.StatusNotFound)
	anna.Post("/desk/t/8/done", nil).Want(t, http.StatusForbidden)
}

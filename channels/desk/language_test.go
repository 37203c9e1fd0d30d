package desk_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestReplyIsProofread(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	anna := h.enter(t, "anna")
	anna.Post("/desk/c/1/claim", form(anna.Get("/desk/c/1")))
	p := anna.Get("/desk/c/1")

	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"plain", "Dag! Uw pas is klaar.", []string{"Dit is goed te lezen.", "!<ul>"}},
		{"hard", "Dag 👋 derhalve kunt u komen", []string{"Dit is moeilijk te lezen.", "<q>derhalve</q>", `data-start="7" data-end="15">daarom<`, ">dus<"}},
		{"a hard place in a plain text, on SMS", "zo <b>is het", []string{"Dit kan makkelijker.", "&lt;b&gt;is het", "!<b>is"}},
		{"nothing typed", "  ", []string{"!Dit is"}},
		{"too long to be sent", strings.Repeat("derhalve ", 2000), []string{"!Dit is"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer := anna.Post("/desk/c/1/check", form(p, "text", tt.text), "Accept", "application/json")
			var body struct{ HTML string }
			if err := json.Unmarshal([]byte(answer.Body), &body); err != nil || answer.Status != http.StatusOK {
				t.Fatalf("%d %v: %s", answer.Status, err, answer.Body)
			}
			answer.Body = body.HTML
			answer.Want(t, http.StatusOK, tt.want...)
		})
	}

	t.Run("without script", func(t *testing.T) {
		page := anna.Post("/desk/c/1/check", form(p, "text", "derhalve komt u"))
		page.Want(t, http.StatusOK, ">\nderhalve komt u</textarea>", "<q>derhalve</q>", "daarom")
		if page.Field("key") != p.Field("key") {
			t.Error("the page has another key: a reply that was sent already would go out again")
		}
	})
	t.Run("nothing was sent", func(t *testing.T) {
		anna.Get("/desk/c/1").Want(t, http.StatusOK, "!derhalve")
	})
	anna.Post("/desk/c/99/check", form(p, "text", "derhalve")).Want(t, http.StatusNotFound, "bestaat niet", "derhalve")
}

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/balie-nl/balie/channels/page/pagetest"
)

// TestClaimHasOneWinner lets eight colleagues press the same button at once: one
// gets the conversation, the others are told who, and the bot is silent from then
// on until the winner gives the conversation back.
func TestClaimHasOneWinner(t *testing.T) {
	t.Parallel()
	const colleagues, resident = 8, "+31612345678"
	w := newWorld(t)
	server := start(t, w.environ()...)
	sent := 0
	say := func(text string) {
		t.Helper()
		sent++
		if status, err := w.sms(t.Context(), server.base, fmt.Sprintf("SM%032x", sent), resident, text); err != nil || status != http.StatusOK {
			t.Fatal(status, err)
		}
	}
	say("medewerker")
	w.twilio.WaitForMessages(t, 1)

	browsers, forms := make([]*pagetest.Browser, colleagues), make([]url.Values, colleagues)
	for i := range colleagues {
		username, name := fmt.Sprint("colleague", i), fmt.Sprint("Collega ", i)
		password, err := addAccount(t.Context(), server.db, username, name)
		if err != nil {
			t.Fatal(err)
		}
		browsers[i] = pagetest.NewBrowser(t, server.base)
		if p := browsers[i].Post("/desk/login", url.Values{"username": {username}, "password": {password}}); p.Status != http.StatusSeeOther {
			t.Fatalf("login of %s: %d", username, p.Status)
		}
		p := browsers[i].Get("/desk/c/1")
		forms[i] = url.Values{"csrf": {p.Field("csrf")}, "key": {p.Field("key")}}
	}
	pages := make([]pagetest.Page, colleagues)
	var wg sync.WaitGroup
	for i := range colleagues {
		wg.Go(func() { pages[i] = browsers[i].Post("/desk/c/1/claim", forms[i]) })
	}
	wg.Wait()

	winner := -1
	for i, p := range pages {
		if p.Status == http.StatusSeeOther {
			if winner >= 0 {
				t.Errorf("colleagues %d and %d both have the conversation", winner, i)
			}
			winner = i
		}
	}
	if winner < 0 {
		t.Fatal("nobody has the conversation")
	}
	for i, p := range pages {
		if i != winner {
			p.Want(t, http.StatusConflict, fmt.Sprintf("Collega %d heeft dit gesprek al.", winner))
		}
	}
	w.twilio.WaitForText(t, resident, fmt.Sprintf("U praat nu met Collega %d van", winner))

	say("kwil me paspoort verlenge")
	post := func(path, text string) {
		t.Helper()
		p := browsers[winner].Get("/desk/c/1")
		form := url.Values{"csrf": {p.Field("csrf")}, "key": {p.Field("key")}, "text": {text}}
		browsers[winner].Post("/desk/c/1/"+path, form).Want(t, http.StatusSeeOther)
	}
	post("reply", "Dag, ik kijk even")
	w.twilio.WaitForText(t, resident, "Dag, ik kijk even")
	post("release", "")
	w.twilio.WaitForText(t, resident, "U praat weer met de computer")
	say("me rijbewijs is weg")
	all := w.twilio.WaitForMessages(t, 5)
	var texts []string
	for _, m := range all {
		texts = append(texts, m.Body)
	}
	if len(all) != 5 || !strings.Contains(texts[4], "rijbewijs") {
		t.Errorf("the resident got, in order:\n%q", texts)
	}
	for _, text := range texts[:4] {
		if strings.Contains(text, "paspoort") {
			t.Errorf("the bot answered while a person had the conversation: %q", text)
		}
	}
}

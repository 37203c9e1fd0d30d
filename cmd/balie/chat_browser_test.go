package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// login opens the desk and logs in with the account of the first start.
func login(t *testing.T, p *page, server *running) {
	t.Helper()
	p.open(server.base + "/desk")
	p.fill(`input[name="username"]`, "beheer")
	p.fill(`input[name="password"]`, server.FirstPassword)
	p.press("Log in")
	p.waitText("Wachten op een medewerker")
}

// TestChatAndDeskInABrowser plays the main job twice, with and without script at
// the resident's side: ask, get the answer, ask for a person, who logs in, takes
// over and replies.
func TestChatAndDeskInABrowser(t *testing.T) {
	t.Parallel()
	tabs := browser(t)
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script=%v", script), func(t *testing.T) {
			server := start(t)
			resident := newPage(t, tabs)
			if !script {
				resident.withoutScript()
			}
			resident.open(server.base + "/chat")
			resident.waitText("computerprogramma van Gemeente Voorbeeld")
			if script {
				resident.accessible("chat-start")
				resident.do(chromedp.Evaluate[chromedp.Void]("window.loadedOnce = true"))
			}
			resident.fill(`textarea[name="text"]`, "kwil me paspoort verlenge")
			resident.press("Verstuur")
			resident.waitText("Maak een afspraak")
			if n := resident.number(`document.querySelectorAll("#gesprek > li").length`); n != 2 {
				t.Errorf("%d messages on the page, want the question and the answer", n)
			}
			if script {
				resident.accessible("chat-answer")
			}
			resident.press("Ik wil een medewerker")
			resident.waitText("Ik vraag een medewerker om hulp")

			staff := newPage(t, tabs)
			login(t, staff, server)
			staff.waitText("Webchat")
			staff.accessible("desk-queue")
			staff.press("Neem over")
			staff.waitText("kwil me paspoort verlenge")
			staff.fill(`textarea[name="text"]`, "Dag, ik help u graag. Is uw paspoort kwijt?")
			staff.press("Verstuur")
			staff.waitFor("the reply in the transcript at the desk",
				`[...document.querySelectorAll("li")].some(e => e.innerText.includes("Is uw paspoort kwijt?"))`)
			staff.accessible("desk-conversation")

			if !script {
				resident.open(server.base + "/chat")
			}
			resident.waitText("Is uw paspoort kwijt?")
			resident.waitText("Beheer van Gemeente Voorbeeld")
			if script && resident.number("window.loadedOnce ? 1 : 0") != 1 {
				t.Error("the page was loaded anew to show the reply")
			}
			resident.fill(`textarea[name="text"]`, "nee hij is verlope")
			resident.press("Verstuur")
			staff.waitText("nee hij is verlope")
			if script {
				resident.accessible("chat-staff")
			}

			staff.press("Sluit af")
			staff.waitText("U hebt nu geen gesprekken.")
			if !script {
				resident.waitText("nee hij is verlope")
				resident.open(server.base + "/chat")
			}
			resident.waitText("sluit dit gesprek af")
		})
	}
}

// TestQueueIsLive checks that the desk shows who comes to wait without a reload.
func TestQueueIsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	staff := newPage(t, browser(t))
	staff.open(server.base + "/desk")
	staff.accessible("desk-login")
	login(t, staff, server)
	staff.waitText("Er wacht nu niemand.")
	if status, err := w.sms(t.Context(), server.base, "SM00000000000000000000000000000001", "+31612345678", "ik wil een mens spreke"); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	staff.waitText("ik wil een mens spreke")
	staff.waitText("Sms")
	staff.press("Neem over")
	w.twilio.WaitForText(t, "+31612345678", "U praat nu met Beheer")
	staff.fill(`textarea[name="text"]`, "Dag! Waar kan ik mee helpen?")
	staff.press("Verstuur")
	w.twilio.WaitForText(t, "+31612345678", "Dag! Waar kan ik mee helpen?")
}

package main

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/balie-nl/balie/channels/channeltest"
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
			resident.fill(`textarea[name="text"]`, "nee hij is verlope, bel me op 06-12345678 of 1 juli 2031 om 10.30 uur")
			resident.press("Verstuur")
			staff.waitText("nee hij is verlope")
			staff.waitText("+31612345678")
			staff.waitText("dinsdag 1 juli 2031")
			staff.accessible("desk-named")
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

// TestLanguageAndFormInABrowser chooses another language, with and without script, and
// answers a question with its button; what is to be done then stands at the desk.
func TestLanguageAndFormInABrowser(t *testing.T) {
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
			resident.press("Makkelijk")
			resident.waitText("Ik schrijf nu in makkelijk Nederlands")
			if script {
				resident.accessible("chat-language")
			}
			resident.fill(`textarea[name="text"]`, "kwil me paspoort verlenge")
			resident.press("Verstuur")
			resident.waitText("Is uw paspoort weg? Bel ons.")
			resident.press("Nederlands")
			resident.waitText("Ik schrijf nu in het Nederlands")
			resident.fill(`textarea[name="text"]`, "lantaarn kapot kerkstraat 12")
			resident.press("Verstuur")
			resident.waitText("Is het gevaarlijk?")
			resident.press("Nee")
			resident.press("Geen foto")
			resident.waitText("Klopt dit?")
			if script {
				resident.accessible("chat-form")
			}
			resident.press("Ja, verstuur")
			resident.waitText("Uw melding is binnen")

			staff := newPage(t, tabs)
			login(t, staff, server)
			staff.waitText("Te doen")
			staff.waitText("lantaarn kapot kerkstraat 12")
			if script {
				staff.accessible("desk-tickets")
			}
			staff.press("Dit is klaar")
			staff.waitFor("the ticket to leave the list", `!document.body.innerText.includes("Te doen")`)
		})
	}
}

// TestRightToLeftInABrowser chooses Arabic and asks in Arabic: the page runs from right to
// left, but telephone numbers do not.
func TestRightToLeftInABrowser(t *testing.T) {
	t.Parallel()
	server := start(t)
	p := newPage(t, browser(t))
	p.open(server.base + "/chat")
	p.press("العربية")
	p.waitFor("a page from right to left", `document.documentElement.dir === "rtl" && document.documentElement.lang === "ar"`)
	p.fill(`textarea[name="text"]`, "كيف أجدد جواز السفر")
	p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#ask .primary").click()`))
	p.waitFor("the answer in Arabic", `[...document.querySelectorAll('#gesprek [lang="ar"]')].some(e => e.innerText.includes("voorbeeld.example/paspoort"))`)
	p.accessible("chat-arabic")
	p.waitFor("numbers from left to right", `[...document.querySelectorAll('a[href^="tel:"]')].every(a => getComputedStyle(a).direction === "ltr" && getComputedStyle(a).unicodeBidi === "isolate")`)
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

// TestProofreadingInABrowser checks that a hard word is pointed at while somebody
// types, and that a press puts the easier one in its place.
func TestProofreadingInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	if status, err := w.sms(t.Context(), server.base, "SM00000000000000000000000000000001", "+31612345678", "ik wil een mens spreke"); err != nil || status != 200 {
		t.Fatal(status, err)
	}
	staff := newPage(t, browser(t))
	login(t, staff, server)
	staff.waitText("ik wil een mens spreke")
	staff.press("Neem over")
	staff.fill(`textarea[name="text"]`, "Tevens moet u uw pas meenemen.")
	staff.waitText("Een moeilijk woord.")
	staff.accessible("desk-language")
	staff.press("ook")
	staff.waitFor("the easier word in the reply", `document.querySelector("#antwoord").value === "Ook moet u uw pas meenemen."`)
	staff.waitText("Dit is goed te lezen.")
	staff.press("Verstuur")
	w.twilio.WaitForText(t, "+31612345678", "Ook moet u uw pas meenemen.")
}

// TestNewMessageWhileReadingBack checks that who has scrolled up is not moved,
// hears of a new message once, and can go to it.
func TestNewMessageWhileReadingBack(t *testing.T) {
	t.Parallel()
	server := start(t)
	tabs := browser(t)
	resident := newPage(t, tabs)
	resident.do(chromedp.EmulateViewport(320, 400))
	resident.open(server.base + "/chat")
	resident.fill(`textarea[name="text"]`, "kwil me paspoort verlenge")
	resident.press("Verstuur")
	resident.waitText("Maak een afspraak")
	resident.press("Ik wil een medewerker")
	resident.waitText("Ik vraag een medewerker om hulp")

	staff := newPage(t, tabs)
	login(t, staff, server)
	staff.press("Neem over")
	resident.waitText("U praat nu met Beheer")
	resident.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#gesprek").lastElementChild.scrollIntoView()`))
	resident.waitFor("all messages to be seen", `document.getElementById("nieuw").hidden`)
	resident.do(chromedp.Evaluate[chromedp.Void]("window.scrollTo(0, 0)"))
	resident.waitFor("the top of the page", "window.scrollY === 0")
	heard := `new MutationObserver(all => all.forEach(m => m.addedNodes.forEach(n => { window.heard = (window.heard || "") + n.textContent }))).observe(document.getElementById("omroeper"), {childList: true, subtree: true})`
	resident.do(chromedp.Evaluate[chromedp.Void](heard + ";undefined"))
	staff.fill(`textarea[name="text"]`, "Kunt u morgen komen?")
	staff.press("Verstuur")
	resident.waitFor("the button that tells of a new message", `!document.getElementById("nieuw").hidden && document.getElementById("nieuw").innerText === "1 nieuw bericht"`)
	if y := resident.number("window.scrollY"); y != 0 {
		t.Errorf("the page moved to %d while the resident was reading", y)
	}
	resident.waitFor("the announcement", `(window.heard || "").includes("Medewerker Beheer: Kunt u morgen komen?")`)
	if n := resident.number(`window.heard.split("Kunt u morgen komen?").length - 1`); n != 1 {
		t.Errorf("the message was announced %d times", n)
	}
	resident.press("1 nieuw bericht")
	resident.waitFor("the message in view", `(() => { const r = [...document.querySelectorAll("#gesprek > li")].at(-1).getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight })()`)
}

// TestKeyboardOnly asks a question without a mouse.
func TestKeyboardOnly(t *testing.T) {
	t.Parallel()
	server := start(t)
	p := newPage(t, browser(t))
	p.open(server.base + "/chat")
	p.do(chromedp.KeyEvent("\t"))
	p.waitFor("the skip link to be first", `document.activeElement.getAttribute("href") === "#vraag"`)
	p.do(chromedp.KeyEvent("\r"))
	p.waitFor("the field to have the focus", `document.activeElement.id === "vraag"`)
	p.do(chromedp.KeyEvent("wanneer zijn jullie open"))
	p.do(chromedp.KeyEvent("\r"))
	p.waitText("Chatbot van Gemeente Voorbeeld")
	p.waitFor("the focus in the field", `document.activeElement.id === "vraag" && document.activeElement.value.trim() === ""`)
}

// TestUndeliveredInABrowser lets two replies fail, one for good. Staff see them,
// send the other one again, and take both off the list.
func TestUndeliveredInABrowser(t *testing.T) {
	t.Parallel()
	tabs := browser(t)
	w := newWorld(t)
	server := start(t, w.environ()...)
	w.deliver(t, server.base, "SM00000000000000000000000000000001", "+31612345678", "kwil me paspoort verlenge")
	sent := w.twilio.WaitForMessages(t, 1)[0]
	w.twilio.Fail(channeltest.Failure{Status: 400, Code: 21614})
	w.deliver(t, server.base, "SM00000000000000000000000000000002", "+31612345678", "wat zijn de openingstijden")
	w.twilio.WaitForRefused(t, 1)
	if status, err := w.twilio.Report(t.Context(), server.base, sent, "undelivered", "30003"); err != nil || status != 200 {
		t.Fatal(status, err)
	}

	staff := newPage(t, tabs)
	login(t, staff, server)
	staff.waitText("2 berichten niet bezorgd")
	staff.accessible("desk-undelivered")
	staff.press("wat zijn de openingstijden")
	staff.waitText("de telefoon staat uit of heeft geen bereik")
	staff.waitText("op dit nummer komen geen berichten aan")
	staff.accessible("desk-failed")
	staff.press("Stuur opnieuw")
	w.twilio.WaitForMessages(t, 2)
	staff.waitFor("one message left that failed", `document.querySelectorAll(".settle").length === 1`)
	staff.press("Haal uit de lijst")
	staff.waitFor("none left", `document.querySelectorAll(".settle").length === 0`)
	staff.press("Terug naar alle gesprekken")
	staff.waitFor("the list is empty", `!document.body.innerText.includes("Niet bezorgd")`)
	if messages := w.twilio.Messages(); len(messages) != 2 || messages[1].Body != messages[0].Body {
		t.Errorf("%d messages were sent, want the first one twice", len(messages))
	}
}

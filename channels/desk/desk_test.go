package desk_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/page/pagetest"
)

var start = time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)

const password = "een lang wachtwoord met spaties é"

func TestKeys(t *testing.T) {
	t.Parallel()
	pagetest.CheckKeys(t, pagetest.NewTexts(t, "desk.toml"))
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	if _, err := desk.New(desk.Config{}); err == nil {
		t.Error("New took an empty configuration")
	}
}

func TestWithoutLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := pagetest.NewBrowser(t, h.base)
	for path, want := range map[string]string{"/desk": "/desk/login", "/desk/c/1": "/desk/login?next=/desk/c/1"} {
		p := b.Get(path)
		p.Want(t, http.StatusSeeOther, "!paspoort")
		if got := p.Header.Get("Location"); got != want {
			t.Errorf("%s leads to %q, want %q", path, got, want)
		}
	}
	b.Get("/desk/stream").Want(t, http.StatusUnauthorized)
	b.Get("/desk/c/1/stream").Want(t, http.StatusUnauthorized)
	for _, action := range []string{"claim", "reply", "check", "release", "close"} {
		b.Post("/desk/c/1/"+action, url.Values{"text": {"mijn lange antwoord"}}).
			Want(t, http.StatusUnauthorized, "niet meer ingelogd", "mijn lange antwoord", "!paspoort")
	}
	b.Post("/desk/logout", nil).Want(t, http.StatusUnauthorized)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := pagetest.NewBrowser(t, h.base)
	b.Get("/desk/login?next=/desk/c/2").Want(t, http.StatusOK, `autocomplete="current-password"`, `autocomplete="username"`, `value="/desk/c/2"`, "!onpaste")
	b.Get("/desk/login?next=https://evil.example/desk").Want(t, http.StatusOK, "!evil")
	for _, tt := range []struct{ name, password string }{{"anna", "fout"}, {"niemand", password}, {"anna", ""}, {"", ""}} {
		b.Post("/desk/login", url.Values{"username": {tt.name}, "password": {tt.password}}).
			Want(t, http.StatusUnprocessableEntity, "gebruikersnaam of het wachtwoord klopt niet", "!"+password)
	}
	p := b.Post("/desk/login", url.Values{"username": {"anna"}, "password": {password}, "next": {"/desk/c/2"}})
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != "/desk/c/2" {
		t.Fatalf("%d to %q", p.Status, p.Header.Get("Location"))
	}
	cookie := strings.ToLower(p.Header.Get("Set-Cookie"))
	for _, flag := range []string{"httponly", "samesite=strict", "path=/desk", "max-age=43200"} {
		if !strings.Contains(cookie, flag) {
			t.Errorf("the cookie lacks %s: %s", flag, cookie)
		}
	}
	token := b.Cookie("/desk", "balie_desk")
	if _, ok := h.sessions[token]; ok || len(token) != 64 || h.sessions[page.Hash(token)].expires != start.Add(12*time.Hour) {
		t.Error("the store must see the hash of the token and nothing else, for 12 hours")
	}
	if got := b.Get("/desk/login"); got.Status != http.StatusSeeOther {
		t.Errorf("the login page after the login: %d", got.Status)
	}
	b.Post("/desk/login", url.Values{"username": {"anna"}, "password": {password}}, "Sec-Fetch-Site", "cross-site").Want(t, http.StatusForbidden)
	out := b.Post("/desk/logout", form(b.Get("/desk")))
	if out.Status != http.StatusSeeOther || len(h.sessions) != 0 || b.Cookie("/desk", "balie_desk") != "" {
		t.Errorf("logout: %d, %d sessions", out.Status, len(h.sessions))
	}
	if strings.Contains(h.log.String(), password) || strings.Contains(h.log.String(), "anna") {
		t.Errorf("log %s", h.log)
	}
}

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	h.mu.Lock()
	h.now = start.Add(12 * time.Hour)
	h.mu.Unlock()
	b.Get("/desk").Want(t, http.StatusSeeOther)
}

func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := pagetest.NewBrowser(t, h.base)
	try := func(name, password string) pagetest.Page {
		return b.Post("/desk/login", url.Values{"username": {name}, "password": {password}})
	}
	for range 5 {
		try("anna", password) // logging in costs nothing
		b.Client.Jar.SetCookies(deskURL(t, h.base), []*http.Cookie{{Name: "balie_desk", Path: "/desk", MaxAge: -1}})
	}
	for range 5 {
		try("anna", "fout").Want(t, http.StatusUnprocessableEntity)
	}
	p := try("Anna", password)
	p.Want(t, http.StatusTooManyRequests, "Te veel pogingen. Wacht 1 minuut")
	if p.Header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", p.Header.Get("Retry-After"))
	}
	try("bram", password).Want(t, http.StatusTooManyRequests) // the address is slowed down as well
	h.mu.Lock()
	h.now = start.Add(time.Minute)
	h.mu.Unlock()
	try("anna", "fout").Want(t, http.StatusUnprocessableEntity)
	try("anna", password).Want(t, http.StatusTooManyRequests)
	h.mu.Lock()
	h.now = start.Add(3 * time.Minute)
	h.mu.Unlock()
	try("anna", password).Want(t, http.StatusSeeOther)
}

func deskURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s + "/desk")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestQueue(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	p := b.Get("/desk")
	p.Want(t, http.StatusOK, "<title>(3) Gesprekken", "Ingelogd als Anna", "Wachten op een medewerker", "Mijn gesprekken", "Gesprekken van collega&#39;s",
		"waar is &lt;script&gt;mijn paspoort", "Sms", "wacht 4 minuten", "vraagt om een medewerker",
		"Webchat", "wacht 1 uur", "de chatbot begreep de vraag niet", "Telegram", "wacht korter dan 1 minuut", "Spoed",
		"!<script>", "!+31612345678", "!hash-of-a-cookie")
	if strings.Index(p.Body, "help mij") > strings.Index(p.Body, "Ik snap het niet") {
		t.Error("who is urgent must stand first")
	}
	b.Post("/desk/c/3/claim", form(p, "key", "0123456789abcdef")).Want(t, http.StatusSeeOther)
	mine := b.Get("/desk")
	mine.Want(t, http.StatusOK, "<title>(2) Gesprekken")
	if strings.Index(mine.Body, "help mij") < strings.Index(mine.Body, "mijn-kop") {
		t.Error("the claimed conversation is not among mine")
	}
	theirs := h.enter(t, "bram").Get("/desk")
	theirs.Want(t, http.StatusOK, "bij Anna")
	if strings.Index(theirs.Body, "help mij") < strings.Index(theirs.Body, "collega-kop") {
		t.Error("the claimed conversation is not among a colleague's")
	}
}

func TestTakeOverAndReply(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	p := b.Get("/desk/c/1")
	p.Want(t, http.StatusOK, "Gesprek 1", "Neem over", "Nog niemand heeft dit gesprek: wacht 4 minuten", `href="tel:+31612345678"`, "!name=\"text\"", "!<script>mijn")
	_, claim, _ := strings.Cut(p.Body, `action="/desk/c/1/claim"`)
	claimed := b.Post("/desk/c/1/claim", form(pagetest.Page{Body: claim}))
	if claimed.Status != http.StatusSeeOther || claimed.Header.Get("Location") != "/desk/c/1#antwoord" {
		t.Fatalf("%d to %q", claimed.Status, claimed.Header.Get("Location"))
	}
	p = b.Get("/desk/c/1")
	p.Want(t, http.StatusOK, "U hebt dit gesprek", `<label for="antwoord">`, "Geef terug aan de chatbot", "Sluit af", "Anna heeft het gesprek.")
	reply := form(p, "text", "Dag! <b>Kom</b> langs.")
	for range 2 { // a double click sends once
		b.Post("/desk/c/1/reply", reply).Want(t, http.StatusSeeOther)
	}
	p = b.Get("/desk/c/1")
	p.Want(t, http.StatusOK, "Dag! &lt;b&gt;Kom&lt;/b&gt; langs.", ">onderweg<")
	if n := strings.Count(p.Body, "langs."); n != 1 {
		t.Errorf("one reply became %d", n)
	}
	b.Post("/desk/c/1/reply", form(p, "text", "Nog iets", "key", "0123456789abcdef0"), "Accept", "application/json").Want(t, http.StatusOK, `"ok":true`, `"key":"`)
	b.Get("/desk/c/2").Want(t, http.StatusOK, "!tel:") // a web chat has no number

	for status, want := range map[bot.DeliveryStatus]string{bot.Sent: "verstuurd", bot.Delivered: "bezorgd", bot.Read: "gelezen", bot.Failed: "niet bezorgd: de telefoon staat uit of heeft geen bereik"} {
		h.mu.Lock()
		h.entries[len(h.entries)-1].Status, h.entries[len(h.entries)-1].Code = status, "twilio.30003"
		h.mu.Unlock()
		b.Get("/desk/c/1").Want(t, http.StatusOK, ">"+want+"<")
	}
	left := b.Post("/desk/c/1/release", form(p, "key", "release-0123456789"))
	if left.Status != http.StatusSeeOther || left.Header.Get("Location") != "/desk" {
		t.Errorf("%d to %q", left.Status, left.Header.Get("Location"))
	}
	b.Get("/desk/c/1").Want(t, http.StatusOK, "De chatbot heeft dit gesprek. U kunt meelezen.")
	b.Post("/desk/c/1/close", form(p, "key", "close-0123456789ab")).Want(t, http.StatusForbidden, "De chatbot heeft dit gesprek nu.")
}

// TestUndeliveredIsSentAgainOrDismissed finds replies that failed on the page of
// all conversations, sends one again and takes the other off the list.
func TestUndeliveredIsSentAgainOrDismissed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.mu.Lock()
	for outbound, code := range map[int64]string{70: "twilio.30003", 71: "twilio.21610", 72: "twilio.99999"} {
		h.add(bot.Entry{Conversation: 1, Kind: bot.EntryReplied, Outbound: outbound, Status: bot.Failed, Code: code, Message: bot.Message{Text: "Uw paspoort"}})
	}
	h.conversations[0].Undeliver = 3
	h.mu.Unlock()
	b := h.enter(t, "anna")
	b.Get("/desk").Want(t, http.StatusOK, "Niet bezorgd", "3 berichten niet bezorgd")
	p := b.Get("/desk/c/1")
	p.Want(t, http.StatusOK, "niet bezorgd: de telefoon staat uit", "de inwoner stuurde STOP", "niet bezorgd (code twilio.99999)")
	if n := strings.Count(p.Body, "Stuur opnieuw"); n != 2 {
		t.Errorf("%d messages can be sent again, want 2: who said STOP gets nothing", n)
	}
	resend := form(p, "message", "70", "key", "resend-0123456789")
	for range 2 { // a double click sends once
		again := b.Post("/desk/c/1/resend", resend)
		if again.Status != http.StatusSeeOther || again.Header.Get("Location") != "/desk/c/1#s70" {
			t.Fatalf("%d to %q", again.Status, again.Header.Get("Location"))
		}
	}
	p = b.Get("/desk/c/1")
	if n := strings.Count(p.Body, ">onderweg<"); n != 1 {
		t.Errorf("the reply is on its way %d times", n)
	}
	b.Post("/desk/c/1/dismiss", form(p, "message", "71", "key", "dismiss-012345678")).Want(t, http.StatusSeeOther)
	b.Post("/desk/c/1/dismiss", form(p, "message", "71", "key", "dismiss-too-late-1")).Want(t, http.StatusConflict, "al bezorgd. Of een collega")
	b.Post("/desk/c/1/dismiss", form(p, "message", "x")).Want(t, http.StatusBadRequest)
	b.Get("/desk").Want(t, http.StatusOK, "1 bericht niet bezorgd")
}

func TestClaimRace(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	browsers := []*pagetest.Browser{h.enter(t, "anna"), h.enter(t, "bram")}
	pages := make([]pagetest.Page, 2)
	var wg sync.WaitGroup
	for i, b := range browsers {
		f := form(b.Get("/desk/c/1"), "key", "claim-of-colleague-"+string(rune('a'+i)))
		wg.Go(func() { pages[i] = b.Post("/desk/c/1/claim", f) })
	}
	wg.Wait()
	won := map[int]int{pages[0].Status: 0, pages[1].Status: 1}
	winner, ok := won[http.StatusSeeOther]
	if _, lost := won[http.StatusConflict]; !ok || !lost {
		t.Fatalf("statuses %d and %d", pages[0].Status, pages[1].Status)
	}
	name := []string{"Anna", "Bram &lt;b&gt;"}[winner]
	pages[1-winner].Want(t, http.StatusConflict, name+" heeft dit gesprek al.", `href="/desk/c/1"`)

	loser := browsers[1-winner]
	loser.Post("/desk/c/1/reply", form(loser.Get("/desk/c/2"), "text", "mijn antwoord")).
		Want(t, http.StatusForbidden, name+" heeft dit gesprek al.", "mijn antwoord")
	loser.Post("/desk/c/2/reply", form(loser.Get("/desk/c/2"), "text", "mijn antwoord")).
		Want(t, http.StatusForbidden, "Neem dit gesprek eerst over.", "mijn antwoord")
}

func TestReplyIsRefused(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	b.Post("/desk/c/1/claim", form(b.Get("/desk"))).Want(t, http.StatusSeeOther)
	p := b.Get("/desk/c/1")
	long := strings.Repeat("a", bot.SMS.MaxReply()+1)
	b.Post("/desk/c/1/reply", form(p, "text", " \n ")).Want(t, http.StatusUnprocessableEntity, "Typ eerst een antwoord.", `aria-invalid="true"`, "autofocus", p.Field("key"))
	b.Post("/desk/c/1/reply", form(p, "text", long)).Want(t, http.StatusUnprocessableEntity, "te lang", long)
	b.Post("/desk/c/1/reply", form(p, "text", ""), "Accept", "application/json").Want(t, http.StatusUnprocessableEntity, `"error":"Typ eerst een antwoord."`)
	b.Post("/desk/c/1/reply", form(p, "text", "zonder bewijs", "csrf", "x")).Want(t, http.StatusForbidden, "zonder bewijs", "verlopen")
	b.Post("/desk/c/1/reply", form(p, "text", "van elders"), "Sec-Fetch-Site", "cross-site").Want(t, http.StatusForbidden)
	b.Post("/desk/c/99/reply", form(p, "text", "naar niemand")).Want(t, http.StatusNotFound, "bestaat niet", "naar niemand")
	b.Post("/desk/c/abc/claim", form(p)).Want(t, http.StatusNotFound)
	b.Get("/desk/c/99").Want(t, http.StatusNotFound, "bestaat niet")
	b.Get("/desk/c/99/stream").Want(t, http.StatusNotFound)

	h.mu.Lock()
	h.broken = errors.New("disk full")
	h.mu.Unlock()
	b.Post("/desk/c/1/reply", form(p, "text", "mijn geheime tekst")).Want(t, http.StatusServiceUnavailable, "mijn geheime tekst", "Er ging iets mis", "!disk full")
	b.Get("/desk").Want(t, http.StatusServiceUnavailable, "Er ging iets mis", "!disk full")
	if strings.Contains(h.log.String(), "geheime") || !strings.Contains(h.log.String(), "disk full") {
		t.Errorf("log %s", h.log)
	}
}

func TestLiveQueue(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	live := b.Follow("/desk/stream")
	e, err := live.Next()
	if err != nil || e.Name != "lists" || e.ID != "" || !strings.Contains(e.Data, `data-waiting="3"`) {
		t.Fatalf("%+v, %v", e, err)
	}
	h.hub.Notify(desk.Topic) // nothing has changed: no event
	bram := h.enter(t, "bram")
	bram.Post("/desk/c/1/claim", form(bram.Get("/desk"))).Want(t, http.StatusSeeOther)
	e, err = live.Next()
	if err != nil || !strings.Contains(e.Data, `data-waiting="2"`) || !strings.Contains(e.Data, "bij Bram &lt;b&gt;") {
		t.Fatalf("%+v, %v", e, err)
	}
	b.Post("/desk/logout", form(b.Get("/desk"))).Want(t, http.StatusSeeOther)
	h.hub.Notify(desk.Topic)
	if e, err := live.Next(); err == nil {
		t.Errorf("a stream goes on after the logout: %+v", e)
	}
}

func TestLiveConversation(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	b := h.enter(t, "anna")
	live := b.Follow("/desk/c/1/stream?since=1")
	want := func(name string, words ...string) {
		t.Helper()
		e, err := live.Next()
		if err != nil || e.Name != name {
			t.Fatalf("want %s, got %+v, %v", name, e, err)
		}
		pagetest.Page{Status: 200, Body: e.Data}.Want(t, 200, words...)
	}
	want("facts", "Nog niemand heeft dit gesprek")
	want("panel", "Neem over")
	b.Post("/desk/c/1/claim", form(b.Get("/desk/c/1"))).Want(t, http.StatusSeeOther)
	want("entry", "Anna heeft het gesprek.")
	want("facts", "U hebt dit gesprek")
	want("panel", `id="antwoord"`, `data-state="mine Anna"`)
	b.Post("/desk/c/1/reply", form(b.Get("/desk/c/1"), "text", "Dag!", "key", "0123456789abcdef")).Want(t, http.StatusSeeOther)
	want("entry", "Dag!", `id="s70"><p>onderweg<`)
	h.mu.Lock()
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntryReceipt, Outbound: 70, Status: bot.Delivered})
	h.mu.Unlock()
	h.hub.Notify("conversation:1")
	want("entry", `<div class="status" id="s70"><p>bezorgd</p>`, "!<li")
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	hash, err := desk.HashPassword("geheim")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	other, err := desk.HashPassword("geheim")
	if err != nil || other == hash {
		t.Error("two hashes of one password are equal")
	}
	if !desk.VerifyPassword(hash, "geheim") || desk.VerifyPassword(hash, "Geheim") || desk.VerifyPassword(hash, "") {
		t.Error("the wrong passwords fit")
	}
	// The vector of the reference implementation (phc-winner-argon2, test.c), argon2id.
	if !desk.VerifyPassword("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password") {
		t.Error("a hash of another program is not understood")
	}
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=16,t=1,p=1$c29tZXNhbHQ$AAAA", "$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$" + strings.Repeat("A", 43), "$argon2id$v=19$m=16,t=0,p=1$c29tZXNhbHQ$" + strings.Repeat("A", 43)} {
		if desk.VerifyPassword(bad, "geheim") {
			t.Errorf("%q fits", bad)
		}
	}
	for _, bad := range []string{"", strings.Repeat("a", 1025)} {
		if _, err := desk.HashPassword(bad); err == nil {
			t.Error("a password without sense was hashed")
		}
	}
}

func TestWhatAMessageNamesIsWrittenOut(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.mu.Lock()
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntrySaid, MessageKind: bot.KindText, Text: "bel me morgen op 0612345678 <b>of</b> mail jan@voorbeeld.example of morgen"})
	h.add(bot.Entry{Conversation: 1, Kind: bot.EntryReplied, Message: bot.Message{Text: "Wij bellen u overmorgen op 0600000000."}})
	h.mu.Unlock()
	p := h.enter(t, "anna").Get("/desk/c/1")
	p.Want(t, http.StatusOK,
		"bel me morgen op 0612345678 &lt;b&gt;of&lt;/b&gt; mail", // the words themselves stay as they are
		"<dt>Dag</dt><dd>24-11-2026. Vraag na of dit klopt.</dd>", `<dt>Telefoon</dt><dd><a href="tel:0612345678">0612345678</a></dd>`,
		`<a href="mailto:jan@voorbeeld.example">jan@voorbeeld.example</a>`)
	if n := strings.Count(p.Body, "<dt>Dag</dt>"); n != 1 {
		t.Errorf("the same day stands there %d times", n)
	}
	if strings.Contains(p.Body, "tel:0600000000") {
		t.Error("what the municipality wrote is read too")
	}
}

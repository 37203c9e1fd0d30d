package locales

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/locales/plain"
)

// Gate decides what may be published. Nothing that it rejects is served: not from
// the program, not from a municipality's own folder.
type Gate struct {
	// Plain judges the language of the catalogue; nil for a language that has no
	// checker.
	Plain *plain.Checker
	// Segments counts the SMS that a text is paid for.
	Segments func(string) int
	// Today is the day on which review dates are judged.
	Today time.Time
}

// Problem is why a text may not be published, or what an editor should look at.
type Problem struct {
	File    string // such as nl/answers/paspoort.toml
	Item    string // the answer, message or text
	Part    string // such as "short", "steps 2", "review"; empty for the whole
	Rule    string // a norm or a rule of the house, such as "B1" or "SMS"
	Message string // for editors, saying how to mend it
	// Warning says that the text may be published all the same.
	Warning bool
}

func (p Problem) String() string {
	kind := "error"
	if p.Warning {
		kind = "warning"
	}
	where := p.File
	if p.Item != "" && !strings.Contains(p.File, "/"+p.Item+".toml") {
		where += " " + p.Item
	}
	if p.Part != "" {
		where += " " + p.Part
	}
	return fmt.Sprintf("%s: %s [%s] %s", kind, where, p.Rule, p.Message)
}

// ruleSame is that translations state the same facts.
const ruleSame = "NORA-AP11"

// differs reports whether a translation says something else than the Dutch text.
func (p Problem) differs() bool { return p.Rule == ruleSame }

// The limits of what residents read. B1-01 and B1-08 of the norms; half of the
// sentences of professional editors have at most 12 words, nine in ten at most 20.
const (
	maxSegments    = 2
	maxSMSWords    = 15
	maxWords       = 20
	maxMeanWords   = 12
	maxRelated     = 2
	maxChoice      = 30 // characters on a button
	maxLabel       = 3  // words
	reviewAtLatest = 400 * 24 * time.Hour
)

// forbidden are words that blame, and promises that only a decision can make. A
// sentence with one of allowed in it only says what may be.
var forbidden = map[string][]struct {
	phrase  *regexp.Regexp
	allowed *regexp.Regexp
	why     string
}{
	"nl": {
		{regexp.MustCompile(`(?i)ongeldige?\b.*\b(invoer|keuze|bericht|antwoord)`), nil, "geeft de lezer de schuld; zeg wat de lezer kan doen"},
		{regexp.MustCompile(`(?i)\b(spelfout|spelling|verkeerd gespeld|typefout|tikfout)`), nil, "zeg nooit iets over spelling"},
		{regexp.MustCompile(`(?i)\b(onjuist|foutief|verkeerd) (ingevuld|getypt|geschreven)`), nil, "geeft de lezer de schuld; zeg wat de lezer kan doen"},
		{regexp.MustCompile(`(?i)\bu (hebt|heeft|krijgt) recht\b`), regexp.MustCompile(`(?i)\b(misschien|soms|of u|als)\b`), "belooft een recht; zeg dat het misschien zo is (AVG-10)"},
		{regexp.MustCompile(`(?i)\b(je|jij|jouw|jullie)\b`), nil, "de gemeente zegt u"},
		{regexp.MustCompile(`(?i)\b(onmiddellijk|laatste kans|laatste waarschuwing)\b`), nil, "jaagt de lezer op (SMS-01)"},
	},
	"en": {
		{regexp.MustCompile(`(?i)\binvalid\b`), nil, "geeft de lezer de schuld; zeg wat de lezer kan doen"},
		{regexp.MustCompile(`(?i)\b(misspel|typo|spelling)`), nil, "zeg nooit iets over spelling"},
		{regexp.MustCompile(`(?i)\byou (are entitled|have a right|qualify)\b`), regexp.MustCompile(`(?i)\b(maybe|perhaps|if|whether)\b`), "belooft een recht; zeg dat het misschien zo is (AVG-10)"},
	},
}

// check judges what a catalogue holds, of the files that are wanted. Dutch is the source:
// what is about an answer stands there, and other languages are compared with it.
// English must have the products of the Single Digital Gateway.
func (g Gate) check(c, dutch, english *Catalog, wanted func(file string) bool) []Problem {
	r := &ruling{gate: g, catalog: c, dutch: dutch, english: english, source: c == dutch}
	products, err := readProducts()
	if err != nil {
		r.file = "upl.tsv"
		r.say("", "", "UPL", "%v", err)
		return r.problems
	}
	r.products = products
	for _, intent := range c.Intents() {
		if r.file = answerFile(bot.Language(c.tag), intent); wanted(r.file) {
			r.answer(c.answers[intent])
		}
	}
	for id, o := range c.others {
		if r.file = c.tag + "/" + o.file; wanted(r.file) {
			r.organisation(string(id), o)
		}
	}
	for key, text := range c.texts {
		page, _, _ := strings.Cut(key, ".")
		if r.file = c.tag + "/" + page + ".toml"; wanted(r.file) {
			r.text(key, "", text, false)
		}
	}
	if r.file = c.tag + "/messages.toml"; wanted(r.file) {
		r.messages()
	}
	slices.SortStableFunc(r.problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), strings.Compare(a.Item, b.Item))
	})
	return r.problems
}

type ruling struct {
	gate     Gate
	catalog  *Catalog
	dutch    *Catalog
	english  *Catalog // nil when there is none
	source   bool
	products map[string]Product
	file     string // that is judged
	problems []Problem
}

func (r *ruling) say(item, part, rule, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: r.file, Item: item, Part: part, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

func (r *ruling) warn(item, part, rule, format string, args ...any) {
	r.say(item, part, rule, format, args...)
	r.problems[len(r.problems)-1].Warning = true
}

func (r *ruling) answer(a *Answer) {
	item := string(a.Intent)
	about := r.dutch.answers[a.Intent]
	if about == nil {
		r.say(item, "", "source", "er is geen antwoord in het Nederlands met deze naam")
		return
	}
	if r.source {
		r.about(a)
	} else {
		r.translation(a, about)
	}
	if about.Kind == KindProduct && (r.source || r.catalog.foreign()) {
		r.product(a, about) // easier Dutch says the main thing in full
	}
	for _, fact := range a.Unknown {
		r.warn(item, "", "facts", "{%s} is niet ingevuld: de zin waar het in staat, valt weg", fact)
	}
	if n := len([]rune(a.Choice)); n > maxChoice {
		r.say(item, "choice", "button", "%d tekens, hooguit %d: maak het korter", n, maxChoice)
	}
	r.text(item, "title", a.Title, false)
	r.text(item, "choice", a.Choice, false)
	r.sms(item, a.Short)
	r.text(item, "speech", a.Speech, false)
	for _, s := range a.sections() {
		r.text(item, cmp.Or(s.heading, "text"), s.text, false)
	}
	r.mean(item, a)
}

// about judges what the Dutch file says about an answer.
func (r *ruling) about(a *Answer) {
	item := string(a.Intent)
	need := func(part string, ok bool, how string) {
		if !ok {
			r.say(item, part, "required", "%s", how)
		}
	}
	need("kind", a.Kind == KindProduct || a.Kind == KindTalk || a.Kind == KindSafety, `moet "product", "talk" of "safety" zijn`)
	need("owner", a.Owner != "", "zeg wie de tekst bijhoudt (SDS-06)")
	need("checked", !a.Checked.IsZero(), "zeg op welke dag iemand de tekst heeft nagekeken, zoals 2026-11-26 (SDS-06)")
	need("review", !a.Review.IsZero(), "zeg voor welke dag iemand de tekst opnieuw moet nakijken (SDS-06)")
	if a.Checked.After(r.gate.Today) {
		r.say(item, "checked", "SDS-06", "%s moet nog komen", a.Checked.Format(time.DateOnly))
	}
	switch {
	case a.Review.IsZero():
	case a.Review.Before(r.gate.Today):
		r.warn(item, "review", "SDS-06", "moest voor %s opnieuw nagekeken zijn", a.Review.Format(time.DateOnly))
	case a.Review.Sub(a.Checked) > reviewAtLatest:
		r.say(item, "review", "SDS-06", "hooguit 13 maanden nadat de tekst is nagekeken")
	}
	for _, related := range a.Related {
		if r.catalog.answers[related] == nil {
			r.say(item, "related", "BP01", "er is geen antwoord %q", related)
		}
	}
	if len(a.Related) > maxRelated {
		r.say(item, "related", "BP01", "%d onderwerpen, hooguit %d", len(a.Related), maxRelated)
	}
	for _, term := range a.UPL {
		if _, ok := r.products[term]; !ok {
			r.say(item, "upl", "UPL-01", "%q staat niet in de Uniforme Productnamenlijst: zie upl.tsv", term)
		}
	}
	for _, source := range a.Sources {
		if u, err := url.Parse(source); err != nil || u.Scheme != "https" || u.Host == "" {
			r.say(item, "sources", "NORA-AP13", "%q is geen adres met https", source)
		}
	}
}

// product judges the fields that every product needs in every language.
func (r *ruling) product(a, about *Answer) {
	item := string(a.Intent)
	need := func(part string, ok bool, how string) {
		if !ok {
			r.say(item, part, "MC-04", "%s", how)
		}
	}
	need("intro", a.Intro != "", "zeg in een of twee zinnen wat iemand eerst moet doen; een product heeft delen, geen full")
	need("steps", len(a.Steps) > 0, "zeg stap voor stap wat iemand moet doen")
	need("when", a.When != "", "zeg wanneer")
	need("cost", a.Cost != "", "zeg wat het kost, ook als het gratis is")
	need("bring", len(a.Bring) > 0, "zeg wat iemand moet meenemen, ook als dat niets is")
	need("duration", a.Duration != "", "zeg hoe lang het duurt")
	need("disagree", a.Disagree != "", "zeg wat iemand kan doen die het er niet mee eens is")
	need("link", a.Link != "", "zeg waar meer staat")
	need("speech", a.Speech != "", "geef de woorden om voor te lezen")
	if r.source {
		need("upl", len(a.UPL) > 0, "noem het product in de Uniforme Productnamenlijst")
		need("audience", a.Audience == "citizen" || a.Audience == "business" || a.Audience == "both", `moet "citizen", "business" of "both" zijn`)
		need("team", a.Team != "", "noem het team dat antwoordt")
		need("sources", len(a.Sources) > 0, "noem de pagina of de wet waar de feiten uit komen")
		need("complexity", a.Complexity == "low" || a.Complexity == "high", `moet "low" of "high" zijn (SDS-14)`)
		need("related", len(a.Related) == maxRelated, "noem twee onderwerpen die erbij horen (BP01)")
	}
	if r.source && slices.ContainsFunc(about.UPL, func(t string) bool { return r.products[t].Gateway }) {
		if r.english == nil || !r.english.Has(a.Intent) {
			r.say(item, "", "SDG-01", "dit product moet er ook in het Engels zijn: in en/answers")
		}
	}
	if !slices.ContainsFunc(about.UPL, func(t string) bool { return r.products[t].ServicesAct && about.Audience != "citizen" }) {
		return
	}
	services := func(part string, ok bool, how string) {
		if !ok {
			r.say(item, part, "DW-01", "%s", how)
		}
	}
	services("requirements", a.Requirements != "", "ondernemers moeten de regels kunnen vinden")
	services("authority", a.Authority != "", "ondernemers moeten kunnen vinden wie beslist, met het adres")
	services("rule", a.Rule != "", "ondernemers moeten de tekst van de regels kunnen vinden")
}

// organisation judges what is said about another organisation.
func (r *ruling) organisation(item string, o *Organisation) {
	r.text(item, "title", o.Title, false)
	r.sms(item, o.Short)
	r.text(item, "full", o.Full, false)
	if n := len([]rune(o.Title)); n > maxChoice {
		r.say(item, "title", "button", "%d tekens, hooguit %d: maak het korter", n, maxChoice)
	}
	if r.source && len(o.Words) == 0 {
		r.say(item, "words", "required", "geef de woorden waarmee inwoners het bedoelen")
	}
	if !o.Certain || o.Checked.IsZero() {
		r.warn(item, "checked", "NORA-AP13", "niemand heeft het nummer en de link nagekeken: zie %s", o.Source)
	}
	for _, text := range []string{o.Short, o.Full} {
		if !strings.Contains(text, o.Phone) || !strings.Contains(text, o.Link) {
			r.say(item, "", "NORA-AP22", "het nummer %q en de link %q moeten in short en in full staan", o.Phone, o.Link)
		}
	}
}

// translation compares an answer with the Dutch one.
func (r *ruling) translation(a, dutch *Answer) {
	item := string(a.Intent)
	if a.Checked.IsZero() {
		r.say(item, "checked", "required", "zeg op welke dag iemand de vertaling heeft nagekeken")
	} else if a.Checked.Before(dutch.Checked) {
		r.warn(item, "checked", "translation", "de Nederlandse tekst is later nagekeken, op %s: kijk of er iets anders in staat", dutch.Checked.Format(time.DateOnly))
	}
	if got, want := phonesIn(a.Short), phonesIn(dutch.Short); r.catalog.foreign() && !slices.Equal(got, want) {
		r.say(item, "short", ruleSame, "noemt de nummers %v, de Nederlandse tekst %v", got, want)
	}
	mine, theirs := placeholders(a), placeholders(dutch)
	for _, name := range theirs {
		if r.catalog.foreign() && !slices.Contains(mine, name) {
			r.say(item, "", ruleSame, "mist {%s}, dat in de Nederlandse tekst staat", name)
		}
	}
	for _, name := range mine {
		if !slices.Contains(theirs, name) {
			r.say(item, "", ruleSame, "heeft {%s}, dat niet in de Nederlandse tekst staat", name)
		}
	}
}

var phone = regexp.MustCompile(`\b0[89]00-?[\d ]{3,9}\d\b|\b112\b|\b113\b`)

func phonesIn(text string) []string {
	all := phone.FindAllString(text, -1)
	slices.Sort(all)
	return slices.Compact(all)
}

func placeholders(a *Answer) []string {
	var all []string
	for _, text := range a.texts() {
		for _, m := range placeholder.FindAllStringSubmatch(*text, -1) {
			all = append(all, m[1])
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// messages judges messages.toml.
func (r *ruling) messages() {
	for key, f := range r.catalog.messages {
		if f.Short == "{text}" {
			continue // somebody else's words
		}
		r.sms(key, f.Short)
		r.text(key, "full", f.Full, false)
		if f.Web != nil {
			r.text(key, "web", *f.Web, false)
		}
	}
	for key, text := range r.catalog.headings {
		r.text("headings", key, text, false)
	}
	for id, choice := range r.catalog.choices {
		r.text("choice", string(id), choice.Label, false)
	}
	if !r.catalog.foreign() {
		return // easier Dutch has what it needs
	}
	for key := range r.dutch.messages {
		if _, ok := r.catalog.messages[key]; !ok {
			r.say(key, "", "translation", "staat niet in messages.toml")
		}
	}
	for key := range r.dutch.headings {
		if _, ok := r.catalog.headings[key]; !ok {
			r.say("headings", key, "translation", "staat niet in messages.toml")
		}
	}
	for id := range r.dutch.choices {
		if _, ok := r.catalog.choices[id]; !ok {
			r.say("choice", string(id), "translation", "staat niet in messages.toml")
		}
	}
}

// sms judges a text that has to fit in an SMS.
func (r *ruling) sms(item, text string) {
	r.text(item, "short", text, true)
	filled := r.sample(text)
	if n := r.gate.Segments(filled); n > maxSegments {
		r.say(item, "short", "SMS-02", "%d sms'en, hooguit %d: maak het korter", n, maxSegments)
	}
	if n := len(hosts(filled)); n > 1 {
		r.say(item, "short", "SMS-01", "%d adressen van websites, hooguit 1", n)
	}
}

// sample fills in a text as a resident could get it.
func (r *ruling) sample(text string) string {
	return strings.TrimSpace(r.catalog.fill(text, "name", "Anna", "language", "Engels", "time", "woensdag 30 september om 9.00 uur", "text", "", "choices", "", "n", "3", "most", "1000", "id", "12", "title", "Chat", "choice", "Paspoort", "code", "30005",
		"date", "maandag 30 november 2026", "reference", "K7F-3MA", "version", "3", "about", "paspoort", "address", "1234AB 12", "day", "dinsdag", "part", "ochtend",
		"phone", "06 12 34 56 78", "what", "een lamp is uit", "where", "Kerkstraat 12"))
}

// text judges any text: its language, length, links and phrases.
func (r *ruling) text(item, part, text string, short bool) {
	filled := r.sample(text)
	if filled == "" {
		return
	}
	r.unknown(item, part, filled)
	sentences := sentencesOf(filled)
	for _, f := range forbidden[baseLanguage(r.catalog.tag)] {
		for _, sentence := range sentences {
			if found := f.phrase.FindString(sentence); found != "" && (f.allowed == nil || !f.allowed.MatchString(sentence)) {
				r.say(item, part, "phrase", "%q: %s", found, f.why)
			}
		}
	}
	most := maxWords
	if short {
		most = maxSMSWords
	}
	for _, sentence := range sentences {
		if n := len(strings.Fields(sentence)); n > most {
			r.say(item, part, "B1-01", "een zin van %d woorden, hooguit %d: %q", n, most, sentence)
		}
	}
	r.links(item, part, filled)
	if a := r.catalog.answers[bot.Intent(item)]; r.gate.Plain == nil || a != nil && a.Mixed {
		return
	}
	level := plain.B1
	if strings.HasSuffix(r.catalog.tag, "-A2") {
		level = plain.A2
	}
	report := r.gate.Plain.Check(filled, level)
	// A label of a few words is judged by its words alone.
	if label := part == "title" || part == "choice" || report.Words <= maxLabel; report.TooHard() && !label {
		r.say(item, part, "B1", "als geheel te moeilijk (score %.1f, moet onder 0 zijn)", report.Score)
	}
	for _, f := range report.Flags {
		if r.mayStay(item, f.Text) {
			continue
		}
		instead := ""
		if len(f.Instead) > 0 {
			instead = " Liever: " + strings.Join(f.Instead, ", ") + "."
		}
		r.say(item, part, "B1", "%q: %s%s", f.Text, f.Why, instead)
	}
}

// mayStay reports whether a word is an official term of the answer, or the name of the
// organisation.
func (r *ruling) mayStay(item, word string) bool {
	if o, ok := r.catalog.others[bot.Organisation(item)]; ok {
		return slices.ContainsFunc(append(strings.Fields(o.Name), o.Terms...), func(term string) bool { return strings.EqualFold(term, word) })
	}
	a := r.catalog.answers[bot.Intent(item)]
	return a != nil && slices.ContainsFunc(a.Terms, func(term string) bool { return strings.EqualFold(term, word) })
}

// unknown finds placeholders that nothing fills in.
func (r *ruling) unknown(item, part, filled string) {
	for _, m := range placeholder.FindAllStringSubmatch(filled, -1) {
		r.say(item, part, "fact", "{%s} is geen gegeven van de gemeente: kijk hoe het heet onder [facts]", m[1])
	}
}

// mean judges the length of the sentences of an answer together.
func (r *ruling) mean(item string, a *Answer) {
	words, n := 0, 0
	for _, s := range a.sections() {
		for _, sentence := range sentencesOf(r.sample(s.text)) {
			words, n = words+len(strings.Fields(sentence)), n+1
		}
	}
	if n > 0 && words > maxMeanWords*n {
		r.say(item, "", "B1-01", "gemiddeld %.1f woorden in een zin, hooguit %d", float64(words)/float64(n), maxMeanWords)
	}
}

var (
	addresses  = regexp.MustCompile(`\b(?:[a-z0-9-]+\.)+(?:nl|com|org|eu|net|example)\b(?:/[\w/.-]*\w)?`)
	itemMark   = regexp.MustCompile(`^\s*(\d+[.)]|-|##)\s+`)
	sentenceOf = regexp.MustCompile(`[.!?؟:](\s|$)`)
)

// links allows only addresses that the municipality trusts.
func (r *ruling) links(item, part, text string) {
	for _, host := range hosts(text) {
		if !r.catalog.trusts(host) {
			r.say(item, part, "links", "%s staat niet in links.txt", host)
		}
	}
}

// hosts are the hosts of the addresses of websites in a text.
func hosts(text string) []string {
	var all []string
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		if at[0] > 0 && text[at[0]-1] == '@' {
			continue // an e-mail address
		}
		host, _, _ := strings.Cut(text[at[0]:at[1]], "/")
		all = append(all, host)
	}
	return all
}

// trusts reports whether texts may send people to a host.
func (c *Catalog) trusts(host string) bool {
	own, _, _ := strings.Cut(c.facts["website"], "/")
	host = strings.TrimPrefix(host, "www.")
	return host == strings.TrimPrefix(own, "www.") || slices.Contains(trusted, host)
}

func sentencesOf(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		for _, s := range sentenceOf.Split(itemMark.ReplaceAllString(line, ""), -1) {
			if s = strings.TrimSpace(s); s != "" {
				all = append(all, s)
			}
		}
	}
	return all
}

// baseLanguage is the language without its variant: nl for nl-A2.
func baseLanguage(tag string) string {
	base, _, _ := strings.Cut(tag, "-")
	return base
}

// Errors are the problems that forbid to publish.
func Errors(all []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(all), func(p Problem) bool { return p.Warning })
}

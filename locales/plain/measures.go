package plain

import (
	"math"
	"strings"
	"unicode/utf8"
)

// The measures of a Dutch text. Each is zero for the easiest text and grows with
// difficulty, except the last, which tells of a text that is easy. Shares are
// of words or sentences, so that they do not depend on the length of the text.
const (
	sentenceLength = iota
	longSentences
	wordFrequency
	rareWords
	wordLoad
	longWords
	officialWords
	contentPerClause
	subordinate
	embedded
	passive
	participles
	verbFrame
	beforeNoun
	prepositionCount
	brackets
	nominalisation
	verbNouns
	doubleNegation
	abbreviations
	laws
	numbersInWords
	infinitives
	addressed
	measureCount
)

// measureNames are the names as reports and figures write them.
var measureNames = [measureCount]string{
	"sentence length", "long sentences", "word frequency", "rare words", "load of hard words", "long words",
	"official words", "content words per clause", "subordinate clauses", "clauses inside clauses",
	"passives", "participles", "verbs far apart", "phrases before nouns", "prepositions", "brackets", "nominalisations", "verbs as nouns", "double negation",
	"abbreviations", "names of laws", "numbers in words", "infinitives with te", "addressing the reader",
}

// dutchNames are the measures as staff read them.
var dutchNames = map[string]string{
	"sentence length": "lengte van de zinnen", "long sentences": "lange zinnen", "word frequency": "woorden die weinig mensen gebruiken",
	"rare words": "veel zeldzame woorden", "load of hard words": "veel moeilijke woorden in een zin", "participles": "veel voltooide deelwoorden", "long words": "lange woorden",
	"official words":           "ambtelijke woorden",
	"content words per clause": "veel informatie in een zin", "subordinate clauses": "bijzinnen", "clauses inside clauses": "zinnen in zinnen",
	"passives": "lijdende vorm (worden)", "verbs far apart": "werkwoorden die ver uit elkaar staan", "phrases before nouns": "lange stukken voor een naamwoord",
	"prepositions": "veel voorzetsels", "brackets": "haakjes en streepjes", "nominalisations": "naamwoorden die van werkwoorden zijn gemaakt",
	"verbs as nouns": "werkwoorden als naamwoord (het ... van)", "double negation": "dubbele ontkenning", "abbreviations": "afkortingen", "names of laws": "namen van wetten", "numbers in words": "getallen in letters",
	"infinitives with te": "werkwoorden met 'te'",
}

// vector is the measures of a text.
type vector [measureCount]float64

// facts are what was counted in one sentence.
type facts struct {
	words       float64 // as read: a name is one, the items of a list count for half
	passiveAt   int     // token of the participle, or -1
	frame       int     // words between the parts of a verb
	frameAt     int     // token where the frame starts
	clauses     int     // main and subordinate clauses
	lower       int     // subordinate clauses
	inner       int     // those that interrupt another clause
	premodifier int     // token of the article before a long phrase, or -1
	negationAt  int     // the second negation in a clause, or -1
	negations   int     // in clauses that hang on one another
	bracketed   int
	participles int
	// bracketAt is the token after the opening bracket, or 0.
	bracketAt, bracketWords int
}

// counted is what the measures are made of: sums over the sentences of a text.
type counted struct {
	words, content, rare, long, hardness, official                            float64
	nouns, prepositions, abbreviations, laws, numbers, infinitives, verbNouns float64
}

// measure computes the measures of a Dutch text.
func measure(sentences []sentence, all []facts) vector {
	var v vector
	if len(sentences) == 0 {
		return v
	}
	var c counted
	for i := range sentences {
		s, f := &sentences[i], &all[i]
		c.words += f.words
		content, load := 0.0, 0.0
		for j := range s.tokens {
			t := &s.tokens[j]
			if t.kind == mark {
				continue
			}
			if t.entry != nil && t.last >= 0 {
				c.official++
			}
			countToken(&c, s.tokens, j)
			if t.content {
				content++
				h := hard(t)
				c.hardness += h
				load += h
				if h > 0.5 {
					c.rare++
				}
				if syllables(t.lower) >= 4 && h > 0.2 {
					c.long++
				}
			}
		}
		c.content += content
		v[sentenceLength] += f.words
		v[wordLoad] += math.Log1p(load)
		v[participles] += min(float64(f.participles), 3)
		v[longSentences] += clamp((f.words-10)/10, 0, 1.5)
		v[contentPerClause] += content / float64(f.clauses)
		v[subordinate] += min(float64(f.lower), 4)
		v[embedded] += min(float64(f.inner), 2)
		v[verbFrame] += clamp(float64(f.frame-4)/8, 0, 1.5)
		v[passive] += boolean(f.passiveAt >= 0)
		v[beforeNoun] += boolean(f.premodifier >= 0)
		v[doubleNegation] += max(boolean(f.negationAt >= 0), min(float64(f.negations-1)/2, 1))
		v[brackets] += min(float64(f.bracketed), 2)
		v[addressed] += boolean(addressesReader(s))
	}
	n := float64(len(sentences))
	for _, m := range [...]int{sentenceLength, wordLoad, participles, longSentences, contentPerClause, subordinate, embedded, verbFrame, passive, beforeNoun, doubleNegation, brackets, addressed} {
		v[m] /= n
	}
	words := max(c.words, 1)
	v[sentenceLength] = max(v[sentenceLength]-3, 0) / 10
	if c.content > 0 {
		// One easy word more, so that a title of one word is not judged by it alone.
		v[wordFrequency] = c.hardness / (c.content + 1)
		v[rareWords] = c.rare / (c.content + 1)
		v[longWords] = c.long / (c.content + 1)
	}
	v[officialWords] = min(c.official/words, 0.25) * 10
	v[prepositionCount] = c.prepositions / words * 5
	v[nominalisation] = c.nouns / words * 10
	v[verbNouns] = c.verbNouns / n
	v[abbreviations] = c.abbreviations / n
	v[laws] = c.laws / n
	v[numbersInWords] = c.numbers / n
	v[infinitives] = c.infinitives / n
	return v
}

// hard is the hardness of a content word from 0, which every film has, to 1, which
// the frequency list does not hold.
func hard(t *token) float64 { return clamp((5-t.zipf)/3, 0, 1) }

func countToken(c *counted, tokens []token, i int) {
	t := &tokens[i]
	switch t.kind {
	case abbreviation:
		if !easyShort[t.lower] {
			c.abbreviations++
		}
		return
	case word:
	default:
		return
	}
	switch {
	case t.capitals && !easyCapitals[t.lower] && len(t.text) < 7, t.letters != "" && !easyCapitals[strings.ToLower(t.letters)]:
		c.abbreviations++
	case prepositions[t.lower]:
		c.prepositions++
	case t.content && isNominal(t):
		c.nouns++
	case numberWords[t.lower] && !t.name && !isClock(tokens, i):
		c.numbers++
		if smallNumbers[t.lower] {
			c.numbers -= 0.6
		}
	}
	if isVerbNoun(tokens, i) {
		c.verbNouns++
	}
	if t.lower == "te" && i+1 < len(tokens) && strings.HasSuffix(tokens[i+1].lower, "n") {
		c.infinitives++
	}
	if isLaw(tokens, i) {
		c.laws++
	}
}

// isClock reports whether a number in words tells the time, as people say it: "kwart
// over vier", "half drie", "vijf uur".
func isClock(tokens []token, i int) bool {
	near := func(j int) bool { return j >= 0 && j < len(tokens) && clockWords[tokens[j].lower] }
	return near(i-1) && near(i-2) || near(i+1) || i > 0 && tokens[i-1].lower == "half"
}

// isNominal reports whether a word is a noun made of a verb or adjective and not
// one that everybody uses.
func isNominal(t *token) bool {
	if t.zipf >= 4.4 || len(t.lower) < 7 {
		return false
	}
	for _, end := range nounEndings {
		if strings.HasSuffix(t.lower, end) {
			return true
		}
	}
	return false
}

// isVerbNoun reports whether a verb is used as a noun at i: "het indienen van", "het
// niet kunnen komen".
func isVerbNoun(tokens []token, i int) bool {
	w := tokens[i].lower
	if tokens[i].kind != word || i+1 >= len(tokens) || !strings.HasSuffix(w, "en") && w != "zijn" && w != "gaan" && w != "doen" {
		return false
	}
	after := tokens[i+1].lower
	for back := 1; back <= 3 && i-back >= 0; back++ {
		switch before := tokens[i-back].lower; {
		case before == "het":
			return after == "van" || after == "door" || back > 1 && tokens[i-1].lower == "kunnen"
		case tokens[i-back].kind != word, prepositions[before], finiteVerbs[before] && before != "kunnen":
			return false
		}
	}
	return false
}

// isLaw reports whether the name of a law or an article of one starts at i.
func isLaw(tokens []token, i int) bool {
	t := &tokens[i]
	if t.lower == "artikel" || t.lower == "artikelen" {
		return i+1 < len(tokens) && tokens[i+1].kind == number
	}
	named := lawWords[t.lower] || strings.HasSuffix(t.lower, "wet") || strings.HasSuffix(t.lower, "verordening")
	return t.text == "Wet" || t.name && named
}

func addressesReader(s *sentence) bool {
	for i := range s.tokens {
		if addressing[s.tokens[i].lower] {
			return true
		}
	}
	return isOrder(s)
}

// isOrder reports whether a sentence starts with the verb, as orders and questions do.
func isOrder(s *sentence) bool {
	for i := range s.tokens {
		if s.tokens[i].kind == word {
			return orders[s.tokens[i].lower]
		}
	}
	return false
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func clamp(x, low, high float64) float64 { return max(low, min(high, x)) }

// inspect counts in one sentence what needs the order of the words.
func inspect(s *sentence) facts {
	f := facts{passiveAt: -1, premodifier: -1, frameAt: -1, negationAt: -1, clauses: 1}
	f.words = readWords(s.tokens)
	worden, finite, being, by := -1, -1, -1, false
	opener := 0 // token that opens a subordinate clause inside the sentence
	seen := 0   // participle that waits for a form of worden after it
	depth := 0
	denied := false // in this clause
	negations := 0  // since the last clause of its own
	for i := range s.tokens {
		t := &s.tokens[i]
		switch {
		case t.kind == mark:
			switch t.text {
			case "(", "[":
				f.bracketed++
				depth, f.bracketAt = i+1, i+1
			case ")", "]":
				if depth > 0 {
					f.bracketWords = max(f.bracketWords, i-depth)
				}
			case "–", "—":
				f.bracketed++
			case ",", ";", ":":
				if t.text == "," && opener > 0 && interrupts(s.tokens, opener, i) {
					f.inner++
				}
				opener = 0
				worden, seen, finite = -1, 0, -1
				denied = denied && i+1 < len(s.tokens) && excepts[s.tokens[i+1].lower]
				if t.text != "," {
					negations = 0
				}
			}
			continue
		case t.kind != word:
			continue
		}
		w := t.lower
		if opensClause(s.tokens, i) {
			f.clauses++
			if w != "om" {
				f.lower++
			}
			if opener == 0 || s.tokens[i-1].text == "," {
				opener = i
			}
			finite, denied = -1, false
		} else if coordinators[w] {
			denied = false
			if w != "en" && w != "of" {
				negations = 0
			}
		}
		if coordinators[w] && i > 0 && i+1 < len(s.tokens) && addressing[s.tokens[i+1].lower] {
			f.clauses++
			finite, worden, seen = -1, -1, 0
		}
		if passiveVerbs[w] {
			if seen > 0 {
				f.passiveAt = seen
			}
			worden = i
		}
		if participle(w) && !t.name && (!t.compound || len(w) <= 10) {
			f.participles++
			if worden >= 0 && f.passiveAt < 0 {
				f.passiveAt = i
			}
			if being >= 0 && by && !intransitive[w] && f.passiveAt < 0 {
				f.passiveAt = i // "is door de buren gedaan"
			}
			seen = i
		}
		switch w {
		case "is", "was", "zijn", "waren":
			being, by = i, by && i < 6
		case "door":
			by = true
		}
		if finiteVerbs[w] && finite < 0 {
			finite = i
		} else if finite >= 0 && closesFrame(s.tokens, i) {
			if gap := i - finite - 1; gap > f.frame {
				f.frame, f.frameAt = gap, finite
			}
		}
		if articles[w] && i+3 < len(s.tokens) && f.premodifier < 0 && premodifies(s.tokens, i) {
			f.premodifier = i
		}
		if (negatives[w] || excepts[w] && denied) && !disagrees(s.tokens, i) {
			if denied && f.negationAt < 0 {
				f.negationAt = i
			}
			denied = true
			negations++
			f.negations = max(f.negations, negations)
		}
	}
	return f
}

// disagrees reports whether a negation is that of "niet eens zijn", which everybody
// reads as one word.
func disagrees(tokens []token, i int) bool {
	for j := i + 1; j < min(i+4, len(tokens)); j++ {
		if tokens[j].lower == "eens" {
			return true
		}
	}
	return false
}

// interrupts reports whether the clause from opener to the comma at i stands inside
// another clause, which goes on after it: "de brief, die u kreeg, was fout".
func interrupts(tokens []token, opener, i int) bool {
	if i+1 >= len(tokens) || tokens[i+1].kind == mark {
		return false
	}
	next := tokens[i+1].lower
	if finiteVerbs[next] {
		return true
	}
	return tokens[opener-1].text == "," && !coordinators[next] && next != "dan" && !opensClause(tokens, i+1)
}

// closesFrame reports whether the last part of a verb stands at i: a participle or
// infinitive at the end of a clause.
func closesFrame(tokens []token, i int) bool {
	if i+1 < len(tokens) && tokens[i+1].kind != mark && !finiteVerbs[tokens[i+1].lower] && tokens[i+1].lower != "en" {
		return false
	}
	w := tokens[i].lower
	return participle(w) || strings.HasSuffix(w, "en") && len(w) > 4 || particles[w]
}

// maxPremodifier is how far from its article a noun is looked for.
const maxPremodifier = 14

// premodifies reports whether a phrase stands between an article at i and its
// noun: "de door u ingevulde gegevens", "het op 3 mei genomen besluit".
func premodifies(tokens []token, i int) bool {
	next := tokens[i+1].lower
	if !prepositions[next] && next != "aldaar" && next != "hierbij" && next != "daartoe" && next != "nog" {
		return false
	}
	if next == "te" { // "de te betalen kosten"
		return strings.HasSuffix(tokens[i+2].lower, "en") && tokens[i+3].kind == word && !finiteVerbs[tokens[i+3].lower]
	}
	for j := i + 2; j < min(i+maxPremodifier, len(tokens)); j++ {
		w := tokens[j].lower
		if tokens[j].kind == mark {
			return false
		}
		if j+1 < len(tokens) && tokens[i].lower == "het" && next == "door" && strings.HasSuffix(w, "en") && len(w) > 4 && !isFunction(w) && !tokens[j].name && (tokens[j+1].lower == "van" || finiteVerbs[tokens[j+1].lower]) {
			return true // "het door u kiezen van een dag"
		}
		if finiteVerbs[w] && j > i+2 {
			return false
		}
		if j+1 < len(tokens) && tokens[j+1].kind == word && (strings.HasSuffix(w, "de") || strings.HasSuffix(w, "te") || strings.HasSuffix(w, "en")) && len(w) > 5 && participle(strings.TrimSuffix(w, "e")) && !finiteVerbs[tokens[j+1].lower] {
			return true
		}
	}
	return false
}

// opensClause reports whether a subordinate clause starts at i.
func opensClause(tokens []token, i int) bool {
	w := tokens[i].lower
	if w == "dat" && i == 0 && i+2 < len(tokens) && (determiners[tokens[1].lower] || subjects[tokens[1].lower]) {
		return true // "Dat de bus niet rijdt, komt door de sneeuw."
	}
	if w == "toen" && i+1 < len(tokens) && (determiners[tokens[i+1].lower] || subjects[tokens[i+1].lower]) {
		return true
	}
	if subordinators[w] && (w != "dat" || i > 0) {
		if w == "dat" || w == "welke" {
			if i > 0 && subjects[tokens[i-1].lower] {
				return false // "als wij dat vragen"
			}
			return i+1 < len(tokens) && tokens[i+1].kind == word && !finiteVerbs[tokens[i+1].lower]
		}
		return true
	}
	if i > 0 && relatives[w] && (tokens[i-1].text == "," || tokens[i-1].content || prepositions[tokens[i-1].lower] && i > 1 && (w == "wie" || w == "wat")) {
		return i+2 < len(tokens)
	}
	if (w == "als" || w == "of" && i > 0) && i+1 < len(tokens) && (addressing[tokens[i+1].lower] || determiners[tokens[i+1].lower] || tokens[i+1].lower == "er") {
		return w == "als" || i == 0 || !tokens[i-1].content || tokens[i-1].text == ","
	}
	if w == "om" && i+2 < len(tokens) {
		for j := i + 1; j < min(i+10, len(tokens)) && tokens[j].kind != mark; j++ {
			if tokens[j].lower == "te" {
				return true
			}
		}
	}
	return false
}

// readWords counts the words of a sentence as a reader takes them in: a name, an
// address or a date is one, and of a list each further item counts for half.
func readWords(tokens []token) float64 {
	n, half := 0.0, 0.0
	items := listItems(tokens)
	for i := range tokens {
		t := &tokens[i]
		if t.kind == mark {
			continue
		}
		if i > 0 && (t.name || t.kind == number) && (tokens[i-1].name || tokens[i-1].kind == number) {
			continue
		}
		if items > 0 && i >= items {
			half++
			continue
		}
		n++
	}
	return n + half/2
}

// listItems returns the token after the first comma of a list of three or more
// short items at the end of a sentence, or 0.
func listItems(tokens []token) int {
	commas, first, last := 0, 0, 0
	for i := range tokens {
		switch {
		case tokens[i].text == "," || tokens[i].text == ";":
			if commas > 0 && i-last > 6 {
				commas = 0
			}
			if commas == 0 {
				first = i
			}
			commas++
			last = i
		case tokens[i].kind == mark && tokens[i].text == ":":
			commas, first, last = 1, i, i
		}
	}
	if commas == 0 || len(tokens)-last > 9 {
		return 0
	}
	and := false
	for i := last + 1; i < len(tokens); i++ {
		and = and || tokens[i].lower == "en" || tokens[i].lower == "of"
		if subordinators[tokens[i].lower] || relatives[tokens[i].lower] {
			return 0
		}
	}
	if commas >= 2 || and && commas == 1 && last-firstContentBefore(tokens, first) <= 4 && len(tokens)-last <= 6 {
		return first + 1
	}
	return 0
}

func firstContentBefore(tokens []token, i int) int {
	for j := i - 1; j >= 0; j-- {
		if finiteVerbs[tokens[j].lower] || tokens[j].kind == mark {
			return j
		}
	}
	return 0
}

// letters counts the letters of a word, not its bytes.
func lettersIn(s string) int { return utf8.RuneCountInString(s) }

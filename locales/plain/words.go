package plain

import (
	"fmt"
	"slices"
	"strings"
)

// Entry is a hard word or phrase of a list.
type Entry struct {
	Word string
	// Instead are easier words, the best first. It is empty for an official term
	// that must stay.
	Instead []string
	// Explain says in plain words what an official term means, or is empty.
	Explain string
	// Fine says when the word may stay, or is empty.
	Fine string
}

// proposals are the easier words, and a term with its explanation.
func (e *Entry) proposals() []string {
	all := e.Instead
	if e.Explain != "" {
		all = append(all[:len(all):len(all)], fmt.Sprintf("%s (%s)", e.Word, e.Explain))
	}
	return all
}

// wordList finds the entries of a list in a text.
type wordList struct {
	// phrases by their first word; the longest first.
	phrases map[string][]phrase
	// single are the entries of one word, for compounds and forms not listed.
	single map[string]*Entry
	// bases adds to a slice the words that a word may be a form of.
	bases func([]string, string) []string
	// known reports whether everybody knows a word: no entry is made of it alone.
	known func(string) bool
	// dutch: a phrase may end in an infinitive, which can stand elsewhere.
	dutch bool
}

// phrase is one way to write an entry.
type phrase struct {
	words []string // in lower case
	entry *Entry
	// apart: other words may stand before the last word, as in "vangt morgen aan".
	apart bool
	// verb is the infinitive that must stand in the same sentence, before or after
	// the words: "in gebreke" with a form of "blijven".
	verb string
}

// particles are the parts of separable verbs that can stand at the end of a clause.
var particles = set("aan achter af bij binnen dicht door in langs mee na neer om onder op open over rond samen tegen terug toe tussen uit vast voor voort weg")

func newWordList(bases func([]string, string) []string, known func(string) bool) *wordList {
	return &wordList{phrases: map[string][]phrase{}, single: map[string]*Entry{}, bases: bases, known: known}
}

const header = "word\tforms\tinstead\texplain\tfine"

// read adds the entries of a table. What an earlier table holds stays.
func (l *wordList) read(name, table string) error {
	n := 0
	for line := range strings.Lines(table) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if n == 1 {
			if line != header {
				return fmt.Errorf("plain: %s: the first line must be %q", name, header)
			}
			continue
		}
		if line == "" {
			continue
		}
		cells := strings.Split(line, "\t")
		if len(cells) != 5 {
			return fmt.Errorf("plain: %s:%d: %d columns, want 5", name, n, len(cells))
		}
		e := &Entry{Word: strings.TrimSpace(cells[0]), Instead: split(cells[2], "|"), Explain: strings.TrimSpace(cells[3]), Fine: strings.TrimSpace(cells[4])}
		if e.Word == "" || len(e.Instead) == 0 && e.Explain == "" {
			return fmt.Errorf("plain: %s:%d: a word needs an alternative or an explanation", name, n)
		}
		l.add(e, append([]string{e.Word}, split(cells[1], ",")...))
	}
	return nil
}

func split(cell, separator string) []string {
	var all []string
	for part := range strings.SplitSeq(cell, separator) {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

func (l *wordList) add(e *Entry, forms []string) {
	for _, form := range forms {
		words := parseForm(form)
		if len(words) == 0 || len(words) == 1 && (l.known(words[0]) || l.dutch && easyCapitals[words[0]]) {
			continue
		}
		p := phrase{words: words, entry: e}
		if n := len(words); n == 2 && particles[words[1]] && !isFunction(words[0]) {
			if l.known(words[0]) {
				continue // "kaart aan" is most often "vraag een kaart aan"
			}
			p.apart = true
		}
		l.put(p)
		if len(words) == 1 && l.single[words[0]] == nil && !uninflected[words[0]] {
			l.single[words[0]] = e
		}
	}
	// "in gebreke blijven": find it also as "blijft u in gebreke".
	words := parseForm(e.Word)
	if n := len(words); l.dutch && n > 1 && strings.HasSuffix(words[n-1], "n") && !isFunction(words[n-1]) && hasContent(words[:n-1]) {
		l.put(phrase{words: words[:n-1], entry: e, verb: words[n-1]})
	}
}

// parseForm splits a form into words as a text is split.
func parseForm(form string) []string {
	if strings.IndexFunc(form, func(r rune) bool { return r < 'a' || r > 'z' }) < 0 {
		return []string{form} // most forms
	}
	var words []string
	for _, t := range tokenise(form, nil) {
		if t.kind != mark {
			words = append(words, t.lower)
		}
	}
	return words
}

func hasContent(words []string) bool {
	for _, w := range words {
		if !isFunction(w) {
			return true
		}
	}
	return false
}

// put adds a phrase unless the same words are there already.
func (l *wordList) put(p phrase) {
	first := p.words[0]
	all := l.phrases[first]
	at := len(all)
	for i, other := range all {
		if p.verb == other.verb && slices.Equal(p.words, other.words) {
			return
		}
		if at == len(all) && len(other.words) < len(p.words) {
			at = i
		}
	}
	l.phrases[first] = slices.Insert(all, at, p)
}

// markEntries sets the entries of the tokens of a sentence.
func markEntries(l *wordList, tokens []token) {
	for _, h := range l.find(tokens) {
		if h.first == h.last && tokens[h.first].name && !tokens[h.first].capitals {
			continue
		}
		apart := tokensApart(tokens, h, l)
		for i := h.last; i >= h.first; i-- {
			if i == h.first || i == h.last || !apart {
				tokens[i].entry, tokens[i].last = h.entry, -1
			}
		}
		tokens[h.first].last = h.last - h.first
	}
	for i := range tokens {
		if t := &tokens[i]; t.kind == word && t.entry == nil && !t.name {
			t.entry = l.form(t.lower)
			for part := range strings.SplitSeq(t.lower, "-") {
				if t.entry == nil && len(part) < len(t.lower) {
					t.entry = l.single[part]
				}
			}
		}
	}
}

// hit is an entry found in a sentence: tokens first to last.
type hit struct {
	first, last int
	entry       *Entry
}

// find returns the entries in the tokens of a sentence from left to right; where
// two overlap, the longer.
func (l *wordList) find(tokens []token) []hit {
	var hits []hit
	for i := 0; i < len(tokens); i++ {
		if tokens[i].kind == mark {
			continue
		}
		if h, ok := l.at(tokens, i); ok {
			hits = append(hits, h)
			if !tokensApart(tokens, h, l) {
				i = h.last
			}
		}
	}
	return hits
}

// tokensApart reports whether the words of a hit do not stand side by side, so
// that there can be other hits in between.
func tokensApart(tokens []token, h hit, l *wordList) bool {
	for _, p := range l.phrases[tokens[h.first].lower] {
		if p.entry == h.entry && len(p.words) == h.last-h.first+1 {
			return false
		}
	}
	return true
}

func (l *wordList) at(tokens []token, i int) (hit, bool) {
	for _, p := range l.phrases[tokens[i].lower] {
		last, ok := p.match(tokens, i)
		if !ok {
			continue
		}
		if p.verb == "" || hasVerb(tokens, i, last, p.verb) {
			return hit{i, last, p.entry}, true
		}
	}
	return hit{}, false
}

// maxApart is how many words may stand between the parts of a separated verb.
const maxApart = 12

func (p phrase) match(tokens []token, i int) (last int, ok bool) {
	at := i
	for n, w := range p.words[1:] {
		next := at + 1
		if n == len(p.words)-2 && p.apart {
			for next < len(tokens) && next-at <= maxApart && tokens[next].kind != mark && !closes(tokens, next, w) {
				next++
			}
		}
		if next >= len(tokens) || tokens[next].lower != w {
			return 0, false
		}
		at = next
	}
	return at, true
}

// closes reports whether the particle w stands at i as the end of a clause: nothing
// follows for which it could be the preposition.
func closes(tokens []token, i int, w string) bool {
	if tokens[i].lower != w {
		return false
	}
	if i+1 == len(tokens) || tokens[i+1].kind == mark {
		return true
	}
	next := tokens[i+1].lower
	return next == "en" || next == "of" || next == "als" || next == "dat" || prepositions[next] && next != "te"
}

// hasVerb reports whether a form of the verb stands near the tokens first to last.
func hasVerb(tokens []token, first, last int, verb string) bool {
	for i := max(0, first-maxApart); i < min(len(tokens), last+4); i++ {
		if (i < first || i > last) && tokens[i].kind == word && formOf(tokens[i].lower, verb) {
			return true
		}
	}
	return false
}

// formOf reports whether a word is a form of the verb.
func formOf(w, verb string) bool {
	if w == verb || strings.Contains(irregular[verb], " "+w+" ") {
		return true
	}
	var bases [maxBases]string
	for _, base := range appendBases(bases[:0], w) {
		if base == verb {
			return true
		}
	}
	return stemOf(verb) == w
}

// stemOf is the first person of a regular verb: bellen -> bel, maken -> maak.
func stemOf(verb string) string {
	s, ok := strings.CutSuffix(verb, "en")
	if !ok {
		return strings.TrimSuffix(verb, "n")
	}
	if long := lengthen(s); long != "" {
		return long
	}
	if short := shorten(s); short != "" {
		return short
	}
	return unvoiced(s)
}

// form finds the entry of which a word is another form.
func (l *wordList) form(w string) *Entry {
	var bases [maxBases]string
	for _, base := range l.bases(bases[:0], w) {
		if e := l.single[base]; e != nil {
			return e
		}
	}
	return nil
}

// inside finds the entry that a compound starts or ends with; isWord tells whether
// the rest is a word, so that "intern" is not found in "internet".
func (l *wordList) inside(w string, isWord func(string) bool) *Entry {
	if len(w) < 10 {
		return nil
	}
	for i := len(w) - 4; i >= 4; i-- {
		// The head, "legesverordening"; or the first part, "handhavingsbesluit".
		if e := l.single[w[i:]]; e != nil && len(w)-i >= 6 && !particles[w[:i]] && (isWord(w[:i]) || isWord(strings.TrimSuffix(w[:i], "s"))) {
			return e
		}
		if i < 5 || !isWord(w[i:]) {
			continue
		}
		if e := l.single[strings.TrimSuffix(w[:i], "s")]; e != nil && i >= 6 {
			return e
		}
		if e := l.single[w[:i]]; e != nil {
			return e
		}
	}
	return nil
}

package plain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind says what a token is.
type kind uint8

const (
	word         kind = iota
	number            // 12, 9.00, € 75,80: the figures
	abbreviation      // d.d., m.b.t.
	address           // a web or e-mail address
	mark              // a punctuation mark
)

// token is a word or mark and where it stands.
type token struct {
	kind       kind
	start, end int    // bytes in the text
	text       string // as written
	lower      string
	// name: a capital inside a sentence, or a capital word beside such a one.
	name bool
	// capitals: an abbreviation in capital letters such as WOZ.
	capitals bool
	// letters: the abbreviation that a word starts with, such as WOZ in WOZ-waarde.
	letters string
	// entry is the hard word or phrase of a list that the token is part of.
	entry *Entry
	// last is, on the first token of an entry, how many tokens on its last one is.
	// On other tokens of the entry it is -1.
	last int
	// zipf is the frequency of the word, by its parts if it is a compound.
	zipf float64
	// compound: the word is made of words that are in the frequency list.
	compound bool
	// content: a word that carries meaning; not a function word, name or number.
	content bool
}

// sentence is a stretch of tokens up to a full stop, a question or exclamation
// mark, or the end of a line.
type sentence struct {
	tokens   []token
	question bool
}

func (s sentence) start() int { return s.tokens[0].start }

func (s sentence) end() int { return s.tokens[len(s.tokens)-1].end }

// read splits a text into sentences and their words. shortened are abbreviations
// without their last full stop, in lower case.
func read(text string, shortened map[string]bool) []sentence {
	tokens := tokenise(text, shortened)
	var all []sentence
	first := 0
	finish := func(end int) {
		part := tokens[first:end]
		first = end
		words := 0
		for _, t := range part {
			if t.kind != mark {
				words++
			}
		}
		if words == 0 {
			return
		}
		s := sentence{tokens: part, question: part[len(part)-1].text == "?"}
		markNames(s.tokens)
		all = append(all, s)
	}
	for i := range tokens {
		if i > first && strings.ContainsAny(text[tokens[i-1].end:tokens[i].start], "\n\r") {
			finish(i)
		}
		switch t := tokens[i]; {
		case t.kind != mark:
		case t.text == "•" || t.text == "▪" || t.text == "●":
			finish(i)
		case t.text == "!" || t.text == "?" || t.text == "…" || t.text == ".":
			if endsSentence(tokens, i) {
				finish(i + 1)
			}
		}
	}
	finish(len(tokens))
	return all
}

// Marks that close what a sentence is in, and marks that open one.
var (
	closing = []string{`"`, "'", "”", "’", ")", "]"}
	opening = []string{`"`, "“", "‘", "(", "-", "–", "•"}
)

// endsSentence reports whether the mark at i is followed by the start of a
// sentence: white space and then a capital, figure or opening mark.
func endsSentence(tokens []token, i int) bool {
	next := i + 1
	for next < len(tokens) && tokens[next].kind == mark && slices.Contains(closing, tokens[next].text) && tokens[next].start == tokens[next-1].end {
		next++
	}
	if next == len(tokens) {
		return true
	}
	if tokens[next].start == tokens[next-1].end {
		return false
	}
	if i > 0 && tokens[i].text == "." && tokens[i-1].kind == number && (i == 1 || tokens[i-2].kind == mark) && tokens[i-1].end-tokens[i-1].start <= 2 {
		return false // "1. Vul het formulier in."
	}
	r, _ := utf8.DecodeRuneInString(tokens[next].text)
	return !unicode.IsLower(r)
}

// markNames finds names: capitals that are not there because a sentence starts.
func markNames(tokens []token) {
	first := true
	for i := range tokens {
		t := &tokens[i]
		if t.kind == mark {
			first = first || t.text == ":" || slices.Contains(opening, t.text)
			continue
		}
		r, size := utf8.DecodeRuneInString(t.text)
		t.capitals = t.kind == word && size < len(t.text) && t.text != t.lower && !hasLower(t.text)
		if t.kind == word && t.text != t.lower {
			t.letters, t.name = letterWord(t.text)
			t.name = t.name || !first && t.letters == "" && unicode.IsUpper(r)
		}
		first = false
	}
	// "Van Oldenbarneveltstraat", "Prinses Beatrixlaan" at the start.
	for i := 0; i+1 < len(tokens); i++ {
		r, _ := utf8.DecodeRuneInString(tokens[i].text)
		if !tokens[i].name && tokens[i].kind == word && unicode.IsUpper(r) && tokens[i+1].name && utf8.RuneCountInString(tokens[i].text) > 2 && !tokens[i+1].capitals && !isFunction(tokens[i].lower) {
			tokens[i].name = true
		}
	}
}

// letterWord finds an abbreviation in front of a common word: "APV" in
// "APV-overtreding". A word with another capital after the hyphen is a name.
func letterWord(text string) (abbreviation string, name bool) {
	if strings.ContainsAny(text, "0123456789") || hasLower(text) && strings.IndexFunc(text[1:], unicode.IsUpper) >= 0 && !strings.ContainsAny(text, "-'’") {
		return "", true // a number plate or a reference, iDEAL
	}
	i := strings.LastIndexByte(text, '-')
	if i < 1 {
		return "", false
	}
	if r, _ := utf8.DecodeRuneInString(text[i+1:]); unicode.IsUpper(r) {
		return "", true
	}
	if first := text[:i]; len(first) > 1 && !hasLower(first) {
		return first, false
	}
	return "", false
}

func hasLower(s string) bool { return strings.IndexFunc(s, unicode.IsLower) >= 0 }

// tokenise finds the words, figures, addresses and marks of a text.
func tokenise(text string, shortened map[string]bool) []token {
	tokens := make([]token, 0, len(text)/5)
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		var t token
		switch {
		case unicode.IsSpace(r):
			i += size
			continue
		case unicode.IsLetter(r):
			t = letters(text, i, shortened)
		case unicode.IsDigit(r):
			t = token{kind: number, start: i, end: digits(text, i)}
			if long := addressEnd(text, i, t.end); long > t.end {
				t.kind, t.end = address, long // 113.nl
			}
		default:
			t = token{kind: mark, start: i, end: i + size}
		}
		t.text = text[t.start:t.end]
		t.lower = strings.ToLower(t.text)
		tokens = append(tokens, t)
		i = t.end
	}
	return tokens
}

// letters reads what starts with a letter at i: a word, an abbreviation or an
// address.
func letters(text string, i int, shortened map[string]bool) token {
	end := i
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
			end += size
			continue
		}
		// A hyphen or apostrophe inside a word.
		if next, _ := utf8.DecodeRuneInString(text[end+size:]); strings.ContainsRune("-'’", r) && (unicode.IsLetter(next) || unicode.IsDigit(next)) {
			end += size
			continue
		}
		break
	}
	if long := addressEnd(text, i, end); long > end {
		return token{kind: address, start: i, end: long}
	}
	if long, ok := abbreviated(text, i, end, shortened); ok {
		return token{kind: abbreviation, start: i, end: long}
	}
	return token{kind: word, start: i, end: end}
}

// addressEnd returns the end of the web or e-mail address that goes on after the
// word text[start:end], or end when it is only a word.
func addressEnd(text string, start, end int) int {
	at := end
	found := strings.HasPrefix(text[end:], "://")
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		next, _ := utf8.DecodeRuneInString(text[at+size:])
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r):
		case strings.ContainsRune("@./:_-?=&%#", r) && (unicode.IsLetter(next) || unicode.IsDigit(next) || next == '/'):
			found = found || r == '@'
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		at += size
	}
	whole := strings.ToLower(text[start:at])
	if found || strings.HasPrefix(whole, "www.") {
		return at
	}
	for _, domain := range []string{".nl", ".be", ".com", ".org", ".eu", ".net", ".gov", ".uk", ".example"} {
		if i := strings.Index(whole, domain); i > 0 && (i+len(domain) == len(whole) || whole[i+len(domain)] == '/') {
			return at
		}
	}
	return end
}

// abbreviated reports whether an abbreviation with full stops starts at i, and
// where it ends.
func abbreviated(text string, i, end int, shortened map[string]bool) (int, bool) {
	if end == len(text) || text[end] != '.' {
		return 0, false
	}
	// Letters with a full stop after each: a.u.b., m.b.t., B.V.
	at, parts := i, 0
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsLetter(r) {
			break
		}
		stop := at + size
		for stop < len(text) && stop-at < 4 && text[stop] >= 'a' && text[stop] <= 'z' {
			stop++
		}
		if stop == len(text) || text[stop] != '.' || stop-at > 3 {
			break
		}
		at, parts = stop+1, parts+1
	}
	if parts > 1 {
		if r, _ := utf8.DecodeRuneInString(text[at:]); at < len(text) && unicode.IsLetter(r) {
			// "e.d" and what follows is a word: "nl.wikipedia".
			parts = 0
		}
	}
	if parts > 1 {
		return at, true
	}
	if shortened[strings.ToLower(text[i:end])] {
		return end + 1, true
	}
	return 0, false
}

// digits returns the end of a figure such as 1.234,50 or 9.00 or 0800-1234.
func digits(text string, i int) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsDigit(r) || unicode.IsLetter(r) {
			i += size
			continue
		}
		if next, _ := utf8.DecodeRuneInString(text[i+size:]); strings.ContainsRune(".,:-/", r) && unicode.IsDigit(next) {
			i += size
			continue
		}
		break
	}
	return i
}

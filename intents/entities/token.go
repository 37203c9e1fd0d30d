package entities

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

type tokenKind int

const (
	none   tokenKind = iota // before the first and after the last token
	word                    // letters, with the apostrophes between them
	number                  // digits 0-9
	symbol                  // any other single character
)

// token is a piece of the message.
type token struct {
	start, end int
	kind       tokenKind
	text       string // words in lower case without diacritics and apostrophes
	sound      string // of words: see sound
	value      int    // of numbers and of words that are a number; -1 for others
	weekday    int    // of words that name a day of the week: see weekdayOf; -1 for others
	month      month
	glued      bool // no space before it
	blocked    bool // belongs to something that has been recognised
}

// scan reads one message.
type scan struct {
	text       string
	tokens     []token
	now        time.Time // the start of today, in UTC
	lower      bool      // the message has lower case letters
	outside    token     // stands before the first and after the last token
	phoneCalls int       // how often the library has judged a number
}

func newScan(text string, now time.Time) *scan {
	y, m, d := now.Date()
	s := &scan{
		text:    firstRunes(text, maxRunes),
		tokens:  make([]token, 0, min(len(text), maxRunes)/4+4),
		now:     time.Date(y, m, d, 0, 0, 0, 0, time.UTC),
		outside: token{value: -1, weekday: -1},
	}
	s.tokenise()
	s.blockIBAN()
	return s
}

func firstRunes(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

func (s *scan) tokenise() {
	glued := false
	for i := 0; i < len(s.text); {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if unicode.IsSpace(r) {
			glued = false
			i += size
			continue
		}
		t := token{start: i, glued: glued, value: -1, weekday: -1}
		switch {
		case unicode.IsLetter(r):
			s.word(&t)
		case isDigit(r):
			s.number(&t)
		default:
			t.kind, t.end = symbol, i+size
			t.text = s.text[i:t.end]
		}
		s.tokens = append(s.tokens, t)
		glued = true
		i = t.end
	}
}

func (s *scan) word(t *token) {
	apostrophe, plain, upper := false, true, false
	i := t.start
	for i < len(s.text) {
		r, size := utf8.DecodeRuneInString(s.text[i:])
		if isApostrophe(r) {
			if next, _ := utf8.DecodeRuneInString(s.text[i+size:]); !unicode.IsLetter(next) {
				break
			}
			apostrophe = true
		} else if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
			break
		}
		upper = upper || unicode.IsUpper(r)
		s.lower = s.lower || unicode.IsLower(r)
		plain = plain && r < utf8.RuneSelf
		i += size
	}
	t.kind, t.end = word, i
	t.text = s.text[t.start:i]
	if apostrophe || !plain {
		t.text = fold(t.text)
	}
	if upper || !plain {
		t.text = strings.ToLower(t.text)
	}
	t.sound = sound(t.text)
	t.month = monthOf(t)
	if day, ok := weekdayOf(t); ok {
		t.weekday = int(day)
	}
	if v, ok := numberWord(t.text); ok {
		t.value = v
	}
}

// number reads digits. The value is that of at most nine of them: longer numbers
// are not counted with.
func (s *scan) number(t *token) {
	i, value := t.start, 0
	for i < len(s.text) && isDigit(rune(s.text[i])) {
		if i-t.start < 9 {
			value = value*10 + int(s.text[i]-'0')
		}
		i++
	}
	t.kind, t.end, t.text = number, i, s.text[t.start:i]
	if len(t.text) <= 9 {
		t.value = value
	}
}

// fold takes off diacritics and apostrophes.
func fold(w string) string {
	return strings.Map(func(r rune) rune {
		if isApostrophe(r) || unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(w))
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', '`', '´':
		return true
	}
	return false
}

// at returns a token, an empty one outside the message.
func (s *scan) at(i int) *token {
	if i < 0 || i >= len(s.tokens) {
		return &s.outside
	}
	return &s.tokens[i]
}

// is reports whether token i is one of the words or symbols.
func (s *scan) is(i int, texts ...string) bool {
	if t := s.at(i); t.kind == word || t.kind == symbol {
		for _, text := range texts {
			if t.text == text {
				return true
			}
		}
	}
	return false
}

// in reports whether token i is a word of the set.
func (s *scan) in(i int, words set) bool {
	t := s.at(i)
	return t.kind == word && words[t.text]
}

// digits reports whether token i is a number of so many digits.
func (s *scan) digits(i, from, until int) bool {
	t := s.at(i)
	return t.kind == number && len(t.text) >= from && len(t.text) <= until
}

// joined reports whether tokens [i, j) exist and have no space between them.
func (s *scan) joined(i, j int) bool {
	if i < 0 || j > len(s.tokens) {
		return false
	}
	for k := i + 1; k < j; k++ {
		if !s.tokens[k].glued {
			return false
		}
	}
	return true
}

// opens reports whether something can start at token i: it is not the rest of a
// longer code, number or word. "om9uur" and "tel:06" are no such rest.
func (s *scan) opens(i int) bool {
	if !s.at(i).glued {
		return true
	}
	before := s.at(i - 1)
	switch before.kind {
	case word:
		return before.weekday >= 0 || leads[before.text]
	case symbol:
		switch before.text {
		case "-", "/", "'", "’", "‘":
			return !before.glued
		case ".", ",", ":":
			return s.at(i-2).kind != number || !before.glued
		case "€", "+", "#", "@", "%", "_", "&", "\\":
			return false
		}
		return true
	}
	return false
}

// leads are the words that people write against a time or a day.
var leads = words("om op tot vanaf van rond voor na tel nr")

// shuts reports whether something can end before token j.
func (s *scan) shuts(j int) bool {
	after := s.at(j)
	if after.kind == none || !after.glued {
		return true
	}
	if after.kind != symbol {
		return false
	}
	switch after.text {
	case "-", "/", ".", ",", ":", "'", "’":
		next := s.at(j + 1)
		return next.kind == none || !next.glued || next.kind == symbol || next.kind == word && after.text != "-"
	case "_", "@", "%", "#", "\\", "&":
		return false
	}
	return true
}

// upper reports whether the letters of token i are capitals.
func (s *scan) upper(i int) bool {
	t := s.at(i)
	raw := s.text[t.start:t.end]
	return raw == strings.ToUpper(raw)
}

// near reports whether one of the words stands at most n tokens before or after
// the tokens [from, to).
func (s *scan) near(from, to, n int, words set) bool {
	return s.shortlyBefore(from, n, words) || s.shortlyAfter(to, n, words)
}

func (s *scan) shortlyBefore(from, n int, words set) bool {
	for i := from - n; i < from; i++ {
		if s.in(i, words) {
			return true
		}
	}
	return false
}

func (s *scan) shortlyAfter(to, n int, words set) bool {
	for i := to; i < to+n; i++ {
		if s.in(i, words) {
			return true
		}
	}
	return false
}

// blockIBAN keeps the digits of a Dutch bank account from being read as
// something else: NL91 ABNA 0417 1643 00, with or without spaces.
func (s *scan) blockIBAN() {
	for i := range s.tokens {
		if s.tokens[i].text != "nl" || !s.digits(i+1, 2, 2) || len(s.at(i+2).text) != 4 || s.at(i+2).kind != word {
			continue
		}
		digits, j := 0, i+3
		for s.at(j).kind == number && digits+len(s.tokens[j].text) <= 10 {
			digits += len(s.tokens[j].text)
			j++
		}
		if digits < 10 {
			continue
		}
		for k := i; k < j; k++ {
			s.tokens[k].blocked = true
		}
	}
}

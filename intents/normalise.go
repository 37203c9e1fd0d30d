package intents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The work for one message is bounded: nobody needs more than this to say what
// they want, and a pasted book must not stop the others.
const (
	maxRunes     = 4096
	maxWords     = 400
	maxWordBytes = 40
)

// Normalise returns the message as the engine reads it: lower case, without
// diacritics and punctuation, letters that repeat for emphasis cut to two,
// numbers made alike and SMS abbreviations written out.
func Normalise(text string) string {
	var t message
	t.read(text)
	return strings.Join(t.words, " ")
}

// message is a normalised message. Its slices are reused.
type message struct {
	words  []string
	keys   []string // the phonetic key of each word
	breaks []int    // word indexes at which a sentence or clause starts
	buf    []byte
}

// read replaces the contents of t by the normalised text.
func (t *message) read(text string) {
	t.words, t.keys, t.breaks, t.buf = t.words[:0], t.keys[:0], t.breaks[:0], t.buf[:0]
	n := 0
	for i := 0; i < len(text) && n < maxRunes && len(t.words) < maxWords; n++ {
		c := text[i]
		if c < utf8.RuneSelf {
			t.ascii(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		t.foreign(r, text[i:i+size])
		i += size
	}
	t.endWord()
	for _, w := range t.words {
		t.keys = append(t.keys, PhoneticKey(w))
	}
}

// ascii adds one character of plain ASCII.
func (t *message) ascii(c byte) {
	switch {
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		t.add(c)
	case c >= 'A' && c <= 'Z':
		t.add(c + 'a' - 'A')
	case c == '\'' || c == '`':
		// foto's, m'n, zo'n: people leave the apostrophe out as often as not.
	case c == '.' || c == '!' || c == '?' || c == ';' || c == ',' || c == '\n' || c == ':':
		t.endWord()
		t.mark()
	case c == '$':
		t.symbol("euro")
	default:
		t.endWord()
	}
}

// foreign adds a character outside ASCII, s being its UTF-8 form.
func (t *message) foreign(r rune, s string) {
	if w, ok := symbols[r]; ok {
		t.symbol(w)
		return
	}
	if f, ok := foldings[unicode.ToLower(r)]; ok {
		t.addString(f)
		return
	}
	switch r {
	case '’', '‘', '´', '\u200d', '\ufe0f', '\u00ad':
		return // apostrophes, joiners and soft hyphens stand inside a word
	case utf8.RuneError:
		t.endWord()
		return
	}
	if d := norm.NFKD.PropertiesString(s).Decomposition(); len(d) > 0 {
		s = string(d)
	}
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			t.ascii(byte(r))
		case unicode.Is(unicode.Mn, r): // the diacritic itself
		case unicode.IsLetter(r):
			if f, ok := foldings[unicode.ToLower(r)]; ok {
				t.addString(f)
				continue
			}
			if len(t.buf) < maxWordBytes {
				t.buf = utf8.AppendRune(t.buf, unicode.ToLower(r))
			}
		default:
			t.endWord()
		}
	}
}

func (t *message) addString(s string) {
	for i := range len(s) {
		t.add(s[i])
	}
}

// add appends a letter or digit to the current word. A letter that stands for
// the third time in a row (jaaaa, helppp) says no more than the second.
func (t *message) add(c byte) {
	n := len(t.buf)
	if n >= maxWordBytes {
		return
	}
	if n >= 2 && c > '9' && t.buf[n-1] == c && t.buf[n-2] == c {
		return
	}
	t.buf = append(t.buf, c)
}

func (t *message) symbol(word string) {
	t.endWord()
	t.words = append(t.words, word)
}

func (t *message) mark() {
	if n := len(t.words); n > 0 && (len(t.breaks) == 0 || t.breaks[len(t.breaks)-1] != n) {
		t.breaks = append(t.breaks, n)
	}
}

// endWord closes the current word and classifies it.
func (t *message) endWord() {
	if len(t.buf) == 0 {
		return
	}
	defer func() { t.buf = t.buf[:0] }()
	digits := 0
	for _, c := range t.buf {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	switch {
	case digits == 0:
		t.word(string(t.buf))
	case digits == len(t.buf):
		t.words = append(t.words, number(string(t.buf)))
	case len(t.buf) <= 3:
		t.words = append(t.words, string(t.buf)) // levels and sizes: b1, a2, 2x
	default:
		t.mixed()
	}
}

// mixed splits a word of letters and digits (2wk4, maandag9uur) into runs.
func (t *message) mixed() {
	start := 0
	isDigit := func(c byte) bool { return c >= '0' && c <= '9' }
	for i := 1; i <= len(t.buf); i++ {
		if i < len(t.buf) && isDigit(t.buf[i]) == isDigit(t.buf[start]) {
			continue
		}
		if run := string(t.buf[start:i]); isDigit(run[0]) {
			t.words = append(t.words, number(run))
		} else {
			t.word(run)
		}
		start = i
	}
}

// word adds a word of letters, written out when it is an SMS form.
func (t *message) word(w string) {
	full, ok := shortForms[w]
	if !ok {
		t.words = append(t.words, w)
		return
	}
	for len(full) > 0 {
		var one string
		one, full, _ = strings.Cut(full, " ")
		t.words = append(t.words, one)
	}
}

// number keeps the numbers that mean something and makes all others alike: a
// zero for each digit, so that a year differs from an amount or a phone number.
func number(s string) string {
	switch s {
	case "112", "113", "1", "2":
		return s
	}
	const zeros = "000000"
	return zeros[:min(len(s), len(zeros))]
}

// foldings are letters that Unicode does not decompose but people read alike.
var foldings = map[rune]string{
	'ß': "ss", 'ø': "o", 'ł': "l", 'đ': "d", 'æ': "ae", 'œ': "oe", 'ı': "i", 'ð': "d", 'þ': "th", 'ŋ': "ng",
}

// symbols are signs that stand for a word.
var symbols = map[rune]string{
	'€': "euro", '👍': "oke", '👌': "oke", '✅': "ja", '👎': "nee", '👋': "hoi", '🙏': "bedankt",
	'❤': "bedankt", '🔥': "brand", '🆘': "help",
}

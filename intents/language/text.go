package language

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What is read of a message is bounded: the language of a pasted book shows on
// its first page.
const (
	maxBytes       = 2000
	maxWordLetters = 24
)

// script is a group of languages that share their letters.
type script int

// The scripts of the texts folder.
const (
	latin script = iota
	cyrillic
	arabic
	ethiopic
	none
	scripts = none
)

// scriptOf returns the script of a lower-case letter, none for anything else.
func scriptOf(r rune) script {
	switch {
	case r < utf8.RuneSelf:
		if 'a' <= r && r <= 'z' {
			return latin
		}
	case r < 0x0300, 0x1E00 <= r && r < 0x1F00:
		if unicode.IsLetter(r) {
			return latin
		}
	case 0x0400 <= r && r < 0x0530:
		return cyrillic
	case 0x0600 <= r && r < 0x0780, 0xFB50 <= r && r < 0xFF00:
		if unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) {
			return arabic
		}
	case 0x1200 <= r && r < 0x13A0:
		if unicode.IsLetter(r) {
			return ethiopic
		}
	}
	return none
}

// reading is a message in words of lower-case letters, by script. Its slices are
// reused.
type reading struct {
	words   [scripts][][]rune
	letters [scripts]int
	buf     []rune
	scores  scores
}

// read replaces the words by those of the text. Addresses of mail and of web
// pages say nothing about the language and are left out.
func (in *reading) read(text string) {
	for s := range in.words {
		in.words[s], in.letters[s] = in.words[s][:0], 0
	}
	in.buf = in.buf[:0]
	for field := range strings.FieldsSeq(text[:min(len(text), maxBytes)]) {
		if !strings.Contains(field, "@") && !strings.Contains(field, "://") && !strings.HasPrefix(field, "www.") {
			in.add(field)
		}
	}
}

// add adds the words of a part without spaces: one, or more with punctuation
// between them. Digits stand for letters in Arabic as people type it ("3afak"),
// and in Dutch ("w8"); a word with two in a row is a number or a code.
func (in *reading) add(field string) {
	s, start, number := none, len(in.buf), false
	end := func() {
		if s != none && !number {
			in.word(s, in.buf[start:min(len(in.buf), start+maxWordLetters)])
		}
		s, start, number = none, len(in.buf), false
	}
	for _, r := range field {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
		} else {
			r = unicode.ToLower(r)
		}
		n := len(in.buf) - start
		if '0' <= r && r <= '9' {
			number = number || n > 0 && isDigit(in.buf[len(in.buf)-1])
			in.buf = append(in.buf, r)
			continue
		}
		of := scriptOf(r)
		if of == none && isJoiner(r) {
			continue // "don't" is often "dont"
		}
		if of == none || s != none && of != s {
			end()
		}
		if of == none {
			continue
		}
		if n = len(in.buf) - start; n > 1 && in.buf[len(in.buf)-1] == r && in.buf[len(in.buf)-2] == r {
			continue // "heeeel"
		}
		s = of
		in.buf = append(in.buf, r)
	}
	end()
}

// word adds a word, unless it only repeats the one before.
func (in *reading) word(s script, w []rune) {
	in.letters[s] += len(w)
	if n := len(in.words[s]); n == 0 || !slices.Equal(in.words[s][n-1], w) {
		in.words[s] = append(in.words[s], w)
	}
}

// isJoiner reports whether a word goes on after the character: an apostrophe, or
// an accent that is a character of its own.
func isJoiner(r rune) bool {
	return r == '\'' || r == '’' || r >= 0x0300 && unicode.Is(unicode.Mn, r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// script is the one that most letters are of. A single Dutch word among several in
// another script is a name in the question.
func (in *reading) script() script {
	if len(in.words[latin]) == 1 {
		for s, words := range in.words {
			if script(s) != latin && len(words) > 1 {
				return script(s)
			}
		}
	}
	most, count := none, 0
	for s, n := range in.letters {
		if n > 0 && n >= count {
			most, count = script(s), n
		}
	}
	return most
}

// spellings are the ways in which a text of the texts folder is written: as it
// is, and without the diacritics that many keyboards lack.
func spellings(text string) []string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return []string{text}
	}
	var plain strings.Builder
	plain.Grow(len(text))
	for _, r := range norm.NFD.String(text) {
		switch {
		case r == 'ı':
			plain.WriteByte('i')
		case r == 'ł':
			plain.WriteByte('l')
		case r == 'ß':
			plain.WriteString("ss")
		case r < 0x0300 || !unicode.Is(unicode.Mn, r):
			plain.WriteRune(r)
		}
	}
	if plain.String() == text {
		return []string{text}
	}
	return []string{text, plain.String()}
}

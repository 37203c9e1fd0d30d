package plain

import "strings"

// maxBases bounds how many base forms a word can come from.
const maxBases = 16

// appendBases adds the words that word may be a form of: the singular of a plural,
// the infinitive and stem of a verb form, an adjective without its ending. It
// guesses: what it adds need not exist.
func appendBases(bases []string, word string) []string {
	add := func(s string) {
		if len(s) > 2 && len(bases) < maxBases {
			bases = append(bases, s)
		}
	}
	n := len(word)
	if n < 4 {
		return bases
	}
	cut := func(suffix string) (string, bool) {
		stem, ok := strings.CutSuffix(word, suffix)
		return stem, ok && len(stem) > 2
	}
	if s, ok := cut("en"); ok { // boeken, wegen, bomen, bussen
		add(s)
		add(lengthen(s))
		add(shorten(s))
		add(unvoiced(s))
	}
	if s, ok := cut("heden"); ok {
		add(s + "heid")
	}
	if s, ok := cut("'s"); ok {
		add(s)
	} else if s, ok := cut("s"); ok {
		add(s)
	}
	if s, ok := cut("e"); ok { // grote, witte, lieve, gestelde
		add(s)
		add(lengthen(s))
		add(shorten(s))
		add(unvoiced(s))
	}
	for _, past := range [...]string{"te", "de", "ten", "den"} { // werkte, belden
		if s, ok := cut(past); ok {
			add(verb(s))
			add(s)
		}
	}
	if s, ok := cut("t"); ok { // werkt, betaalt
		add(verb(s))
		add(s)
	}
	if s, ok := cut("d"); ok { // gebeld: see below; verhuisd
		add(verb(s))
	}
	if i := strings.Index(word, "ge"); i >= 0 && i <= 6 && i+5 < n { // gebeld, ingevuld
		rest := word[:i] + word[i+2:]
		if s, ok := strings.CutSuffix(rest, "d"); ok {
			add(verb(s))
		} else if s, ok := strings.CutSuffix(rest, "t"); ok {
			add(verb(s))
		} else if strings.HasSuffix(rest, "en") {
			add(rest)
		}
	}
	for _, small := range [...]string{"tje", "tjes", "je", "jes"} {
		if s, ok := cut(small); ok {
			add(s)
		}
	}
	if strings.HasSuffix(word, "er") || strings.HasSuffix(word, "st") { // groter, grootst
		add(word[:n-2])
		add(lengthen(word[:n-2]))
	}
	return bases
}

// verb gives the infinitive of a stem: bel -> bellen, betaal -> betalen.
func verb(stem string) string {
	n := len(stem)
	if n < 3 {
		return stem + "en"
	}
	last := stem[n-1]
	switch {
	case vowel(stem[n-2]) && vowel(stem[n-3]) && stem[n-2] == stem[n-3] && !vowel(last):
		stem = stem[:n-2] + string(last) // betaal -> betal
	case !vowel(last) && vowel(stem[n-2]) && (n == 3 || !vowel(stem[n-3])) && !strings.HasSuffix(stem, "er") && !strings.HasSuffix(stem, "el") && !strings.HasSuffix(stem, "en"):
		stem += string(last) // bel -> bell
	}
	switch stem[len(stem)-1] {
	case 'f':
		stem = stem[:len(stem)-1] + "v"
	case 's':
		if n > 2 && (vowel(stem[max(len(stem)-2, 0)]) || stem[len(stem)-2] == 'r' || stem[len(stem)-2] == 'n') && !strings.HasSuffix(stem, "ss") {
			stem = stem[:len(stem)-1] + "z"
		}
	}
	return stem + "en"
}

// lengthen doubles the vowel of an open syllable that became closed: bom -> boom.
func lengthen(s string) string {
	n := len(s)
	if n < 2 || vowel(s[n-1]) || !vowel(s[n-2]) || s[n-2] == 'i' || n > 2 && vowel(s[n-3]) {
		return ""
	}
	return unvoiced(s[:n-1] + s[n-2:])
}

// shorten drops one of two equal consonants: buss -> bus.
func shorten(s string) string {
	n := len(s)
	if n < 3 || s[n-1] != s[n-2] || vowel(s[n-1]) {
		return ""
	}
	return s[:n-1]
}

// unvoiced writes v and z at the end of a syllable as f and s: briev -> brief.
func unvoiced(s string) string {
	switch {
	case strings.HasSuffix(s, "v"):
		return s[:len(s)-1] + "f"
	case strings.HasSuffix(s, "z"):
		return s[:len(s)-1] + "s"
	}
	return s
}

func vowel(b byte) bool {
	switch b {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		return true
	}
	return false
}

package plain

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Zipf values: the 10-logarithm of how often a word occurs in a thousand million
// words (Van Heuven, Mandera, Keuleers & Brysbaert 2014). Words of 3 and below
// are rare, of 4 and above common.
const (
	// zipfKnown is for words on the list of what residents know.
	zipfKnown = 5.0
	// zipfAbsent is for words that the frequency list does not hold.
	zipfAbsent = 2.0
	// zipfPart is how common a word must be to be a part of a compound.
	zipfPart = 2.9
)

// lexicon knows how common the words of a language are.
type lexicon struct {
	// levels holds ten times the Zipf value.
	levels map[string]uint8
	known  map[string]bool
}

// loadLexicon unpacks the words of data/frequency-nl.txt.gz and data/known-nl.txt.
func loadLexicon(packed []byte, known string) (*lexicon, error) {
	in, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("plain: read frequencies: %w", err)
	}
	all, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("plain: read frequencies: %w", err)
	}
	text := string(all)
	l := &lexicon{levels: make(map[string]uint8, strings.Count(text, " ")+81), known: make(map[string]bool, strings.Count(known, " "))}
	level := uint8(80)
	for line := range strings.Lines(text) {
		for line = strings.TrimSuffix(line, "\n"); line != ""; {
			var word string
			word, line, _ = strings.Cut(line, " ")
			l.levels[word] = level
		}
		level--
	}
	for line := range strings.Lines(known) {
		if !strings.HasPrefix(line, "#") {
			for _, word := range strings.Fields(line) {
				l.known[word] = true
			}
		}
	}
	return l, nil
}

// form is the Zipf value of exactly this word.
func (l *lexicon) form(word string) float64 {
	if level, ok := l.levels[word]; ok {
		return float64(level) / 10
	}
	return zipfAbsent
}

// single is the Zipf value of a word that is no compound: its own, that of a base
// form, or that of a word residents know.
func (l *lexicon) single(word string) float64 {
	if l.known[word] {
		return max(zipfKnown, l.form(word))
	}
	best := l.form(word)
	var bases [maxBases]string
	for _, base := range appendBases(bases[:0], word) {
		if l.known[base] {
			return max(zipfKnown, best)
		}
		// Another form of a common word is a little harder.
		best = max(best, l.form(base)-0.3)
	}
	return best
}

// isKnown reports whether a word, or one that it is a form of, is on the list of
// words that residents know.
func (l *lexicon) isKnown(word string) bool {
	if l.known[word] {
		return true
	}
	if uninflected[word] || participle(word) {
		return false // "overgelegd" is not as easy as "overleggen"
	}
	var bases [maxBases]string
	for _, base := range appendBases(bases[:0], word) {
		if l.known[base] {
			return true
		}
	}
	return false
}

// isWord reports whether a part of a compound is a word that is not rare, or a
// compound of such words.
func (l *lexicon) isWord(part string) bool {
	if len(part) < 3 || ending[part] {
		return false
	}
	if l.part(part) >= zipfPart || l.form(part) > zipfAbsent {
		return true
	}
	_, ok := l.split(part, 1)
	return ok
}

// appendRareBases is appendBases for a word that is neither common nor known: a
// common word is itself, not a form of a hard word that looks like it.
func (l *lexicon) appendRareBases(bases []string, word string) []string {
	if l.known[word] || l.form(word) >= 4 || isFunction(word) {
		return bases
	}
	return appendBases(bases, word)
}

// rate gives the Zipf value of a word in lower case. A compound counts by its
// parts and most by its head, which comes last in Dutch: a long word of easy
// parts is easier than its own rarity says.
func (l *lexicon) rate(word string) (zipf float64, compound bool) {
	if i := strings.LastIndexAny(word, "-'’"); i > 0 && !l.known[word] {
		return l.rateHyphen(word)
	}
	zipf = l.single(word)
	if zipf >= 4 || len(word) < 6 {
		return zipf, false
	}
	if parts, ok := l.split(word, 0); ok && parts.value(l) > zipf {
		return parts.value(l), true
	}
	return zipf, false
}

func (l *lexicon) rateHyphen(word string) (float64, bool) {
	if z := l.single(word); z > zipfAbsent {
		return z, false
	}
	least, n := zipfKnown, 0
	for part := range strings.FieldsFuncSeq(word, func(r rune) bool { return r == '-' || r == '\'' || r == '’' }) {
		n++
		if utf8.RuneCountInString(part) < 2 || easyCapitals[part] {
			continue
		}
		z, _ := l.rate(part)
		least = min(least, z)
	}
	return least - 0.2*float64(n-1), n > 1
}

// parts are the words in a compound, from left to right.
type parts struct {
	n     int
	least float64 // the rarest part
	head  float64 // the last part
	sum   float64
}

func (p parts) value(*lexicon) float64 {
	mean := p.sum / float64(p.n)
	return min(0.3*p.least+0.3*mean+0.4*p.head-0.25*float64(p.n-1), 4.6)
}

// split finds the best way to read a word as a compound of words in the list,
// with -s-, -e-, -en- or -n- between them.
func (l *lexicon) split(word string, depth int) (parts, bool) {
	var best parts
	found := false
	for i := len(word) - 3; i >= 3; i-- {
		if !utf8.RuneStart(word[i]) {
			continue
		}
		head := word[i:]
		if !utf8.ValidString(head[:1]) || ending[head] || len(head) == 3 && !shortHead[head] {
			continue
		}
		z := l.part(head)
		if z < zipfPart {
			continue
		}
		left, ok := l.left(word[:i], depth)
		if !ok {
			continue
		}
		one := parts{n: left.n + 1, least: min(left.least, z), head: z, sum: left.sum + z}
		if !found || one.value(l) > best.value(l) {
			best, found = one, true
		}
	}
	return best, found
}

// left reads the part of a compound before its head.
func (l *lexicon) left(word string, depth int) (parts, bool) {
	var best parts
	found := false
	for _, link := range [...]string{"", "s", "e", "en", "n"} {
		stem, ok := strings.CutSuffix(word, link)
		if !ok || len(stem) < 3 {
			continue
		}
		if z := l.part(stem); z >= zipfPart && (len(stem) > 3 || shortStem[stem]) && !beginning[stem] {
			if !found || z > best.least {
				best, found = parts{n: 1, least: z, head: z, sum: z}, true
			}
		}
	}
	if found || depth == 2 {
		return best, found
	}
	for _, link := range [...]string{"", "s", "en"} {
		stem, ok := strings.CutSuffix(word, link)
		if !ok || len(stem) < 7 {
			continue
		}
		if p, ok := l.split(stem, depth+1); ok && (!found || p.value(l) > best.value(l)) {
			best, found = p, true
		}
	}
	return best, found
}

// part is the Zipf value of a part of a compound.
func (l *lexicon) part(word string) float64 {
	if l.known[word] {
		return zipfKnown
	}
	if isFunction(word) {
		return 0
	}
	return l.single(word)
}

// syllables counts the groups of vowels in a Dutch word, with the double vowels
// and diphthongs as one.
func syllables(word string) int {
	n, vowel := 0, rune(0)
	for _, r := range word {
		r = unaccented(r)
		if !strings.ContainsRune("aeiouy", r) || r == 'y' && vowel != 0 {
			vowel = 0
			continue
		}
		if vowel == 0 || !together(vowel, r) {
			n++
		}
		vowel = r
	}
	return max(n, 1)
}

// together reports whether two vowels are said as one sound; a vowel with a
// diaeresis starts a new one.
func together(first, second rune) bool {
	if first >= 0x80 || second >= 0x80 {
		return false
	}
	switch string([]rune{first, second}) {
	case "aa", "ee", "oo", "uu", "ie", "oe", "eu", "ui", "ei", "au", "ou", "ij", "ai", "oi", "ue":
		return true
	}
	return false
}

func unaccented(r rune) rune {
	switch r {
	case 'á', 'à', 'â', 'ä':
		return 'a'
	case 'é', 'è', 'ê':
		return 'e'
	case 'í', 'ì', 'î':
		return 'i'
	case 'ó', 'ò', 'ô', 'ö':
		return 'o'
	case 'ú', 'ù', 'û', 'ü':
		return 'u'
	}
	return r
}

// Package plain judges how hard a text is to read and points at what makes it
// hard: words, and the build of sentences. It works for Dutch at level B1 and at
// A2, and with measures and words of its own for simple English.
//
// A text becomes sentences and tokens (tokens.go). Each word gets a frequency,
// compounds by their parts (lexicon.go), and each hard word or phrase of the lists
// is found (words.go). From that come the measures (measures.go), whose weighted
// sum is the score (score.go), and the flags (flags.go). docs/plain-language.md
// gives the formulas and how well they do.
package plain

import (
	"embed"
	"fmt"
	"io"
)

//go:embed data/frequency-nl.txt.gz data/known-nl.txt words/*.tsv
var files embed.FS

// Level is how easy a text must be.
type Level int

// The levels of the Common European Framework of Reference that a text can be
// checked for. The framework describes what people can do with a language; it has
// no official norm for texts.
const (
	B1 Level = iota
	A2
)

// Checker judges texts in one language. It is safe for concurrent use.
type Checker struct {
	judge judge
}

// judge is what a language brings.
type judge interface {
	report(text string, level Level) Report
	write(w io.Writer, name, text string, r Report, level Level)
}

// Report is the judgement of one text.
type Report struct {
	// Score is how hard the text is; above 0 it is too hard for the level. It is
	// the logarithm of the odds that a text like this is harder than the level.
	Score float64
	// Sentences and Words are how many there are.
	Sentences, Words int
	// Measures are what the score is made of.
	Measures []Measure
	// Flags are the hard places, from the start of the text to its end.
	Flags []Flag
}

// TooHard reports whether the text is too hard for the level.
func (r Report) TooHard() bool { return r.Score > 0 }

// Measure is one measure of a text.
type Measure struct {
	Name string
	// Value is zero for the easiest texts.
	Value float64
	// Part is what the measure adds to the score: its weight times the value.
	Part float64
}

// Flag points at one hard place.
type Flag struct {
	// Start and End are the first byte and the byte after the last, both at the
	// borders of characters.
	Start, End int
	// Text is what stands there.
	Text string
	// Kind is the sort of problem, such as "word" or "passive".
	Kind Kind
	// Why says in plain words what is hard.
	Why string
	// Instead are proposals, the best first; there may be none.
	Instead []string
	// Fits says that a proposal can stand in the place of Text as it is; otherwise
	// the writer has to bend it, or the sentence.
	Fits bool
}

// New makes a checker for "nl" or "en".
func New(language string) (*Checker, error) {
	switch language {
	case "nl":
		j, err := newDutch()
		if err != nil {
			return nil, err
		}
		return &Checker{j}, nil
	case "en":
		j, err := newEnglish()
		if err != nil {
			return nil, err
		}
		return &Checker{j}, nil
	}
	return nil, fmt.Errorf("plain: no checker for language %q", language)
}

// Check judges a text.
func (c *Checker) Check(text string, level Level) Report { return c.judge.report(text, level) }

func file(name string) ([]byte, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("plain: %w", err)
	}
	return text, nil
}

// dutch judges Dutch texts.
type dutch struct {
	lexicon *lexicon
	b1, a2  *wordList
}

func newDutch() (*dutch, error) {
	packed, err := file("data/frequency-nl.txt.gz")
	if err != nil {
		return nil, err
	}
	known, err := file("data/known-nl.txt")
	if err != nil {
		return nil, err
	}
	frequencies, err := loadLexicon(packed, string(known))
	if err != nil {
		return nil, err
	}
	d := &dutch{
		lexicon: frequencies,
		b1:      newWordList(frequencies.appendRareBases, frequencies.isKnown),
		a2:      newWordList(frequencies.appendRareBases, func(string) bool { return false }),
	}
	d.b1.dutch, d.a2.dutch = true, true
	lists := []struct {
		into *wordList
		name string
	}{{d.b1, "words/nl.tsv"}, {d.b1, "words/nl-officialese.tsv"}, {d.b1, "words/nl-municipal.tsv"}, {d.b1, "words/nl-formal.tsv"}, {d.a2, "words/nl-a2.tsv"}}
	for _, one := range lists {
		table, err := file(one.name)
		if err != nil {
			return nil, err
		}
		if err := one.into.read(one.name, string(table)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// read prepares the sentences of a text: hard words found, frequencies looked up.
func (d *dutch) read(text string) []sentence {
	sentences := read(text, dutchShortened)
	for i := range sentences {
		d.prepare(sentences[i].tokens)
	}
	return sentences
}

// zipfShouted is how common a word in capitals must be to be a word and not an
// abbreviation.
const zipfShouted = 4

func (d *dutch) prepare(tokens []token) {
	markEntries(d.b1, tokens)
	for i := range tokens {
		t := &tokens[i]
		if t.kind != word {
			continue
		}
		if t.capitals && d.lexicon.form(t.lower) >= zipfShouted {
			t.capitals, t.name = false, false // "Stuur STOP"
		}
		if t.capitals && len(t.text) == 2 && i > 0 && tokens[i-1].kind == number {
			t.capitals, t.name = false, true // of a postcode
		}
		if t.name || t.capitals || isFunction(t.lower) {
			t.zipf = zipfKnown
			continue
		}
		t.content = true
		t.zipf, t.compound = d.lexicon.rate(t.lower)
		if t.entry == nil && t.zipf < 4 && !d.lexicon.known[t.lower] {
			t.entry = d.b1.inside(t.lower, d.lexicon.isWord)
		}
	}
}

// wordsAboveA2 is how many words a sentence has, on average, that are on the list
// of words too hard for A2.
func (d *dutch) wordsAboveA2(sentences []sentence) float64 {
	n := 0
	for _, s := range sentences {
		n += len(d.a2.find(s.tokens))
	}
	return float64(n) / float64(max(len(sentences), 1))
}

func (d *dutch) report(text string, level Level) Report {
	sentences := d.read(text)
	all := make([]facts, len(sentences))
	r := Report{Sentences: len(sentences)}
	for i := range sentences {
		all[i] = inspect(&sentences[i])
		for _, t := range sentences[i].tokens {
			if t.kind != mark {
				r.Words++
			}
		}
	}
	r.Flags = d.flags(text, sentences, all, level)
	r.Score, r.Measures = dutchScore(measure(sentences, all), level, d.wordsAboveA2(sentences))
	return r
}

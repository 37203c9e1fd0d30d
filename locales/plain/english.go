package plain

import (
	"fmt"
	"io"
	"strings"
)

// english judges English texts, for residents who learn it as a second language
// like most of those who read it at a Dutch desk. There are no texts to fit it on:
// its weights are chosen, not measured.
type english struct {
	words *wordList
}

// The measures of an English text.
const (
	englishGrade       = iota // above the grade of the level
	englishWords              // hard words of the list, a sentence
	englishPassive            // share of sentences
	englishSubordinate        // clauses, a sentence
	englishAddressed          // share of sentences that speak to the reader
	englishCount
)

var (
	englishNames   = [englishCount]string{"grade level", "official words", "passives", "subordinate clauses", "addressing the reader"}
	englishWeights = [englishCount]float64{0.4, 2, 1, 0.5, -0.5}
)

// englishGrades are the grades of the formula of Flesch and Kincaid (1975) up to
// which a text is easy enough: 0.39 x words a sentence + 11.8 x syllables a word -
// 15.59.
var englishGrades = map[Level]float64{B1: 7.5, A2: 5}

// englishLimits are the words in a sentence. GOV.UK advises at most 25.
var englishLimits = map[Level]int{B1: 20, A2: 14}

var (
	englishShortened = set("mr mrs ms dr st no etc approx dept tel vs prof inc ltd nr")
	englishAddress   = set("you your we our us i my please")
	englishOrders    = set("call ask go come bring take fill send pay read write choose make check use click look tell keep wait visit give pick phone do are can will have would don't")
	englishLinks     = set("which whom whose whereby wherein because although though unless whereas while provided that if when who")
	englishBe        = set("is are was were be been being")
	englishStrong    = set("given taken made sent paid kept held done seen written shown known found told drawn chosen withdrawn brought borne met set sought submitted begun")
)

func newEnglish() (*english, error) {
	table, err := file("words/en.tsv")
	if err != nil {
		return nil, err
	}
	e := &english{words: newWordList(englishBases, func(string) bool { return false })}
	if err := e.words.read("words/en.tsv", string(table)); err != nil {
		return nil, err
	}
	return e, nil
}

// englishBases adds the words that an English word may be a form of.
func englishBases(bases []string, w string) []string {
	for _, end := range [...]struct{ cut, add string }{{"s", ""}, {"es", ""}, {"ies", "y"}, {"d", ""}, {"ed", ""}, {"ied", "y"}, {"ing", ""}, {"ing", "e"}, {"ly", ""}} {
		if stem, ok := strings.CutSuffix(w, end.cut); ok && len(stem) > 2 {
			bases = append(bases, stem+end.add)
			if n := len(stem); (end.cut == "ed" || end.cut == "ing") && stem[n-1] == stem[n-2] {
				bases = append(bases, stem[:n-1])
			}
		}
	}
	return bases
}

func (e *english) report(text string, level Level) Report {
	sentences := read(text, englishShortened)
	w := flagWriter{text: text}
	r := Report{Sentences: len(sentences)}
	var v [englishCount]float64
	syllables := 0
	for i := range sentences {
		s := &sentences[i]
		markEntries(e.words, s.tokens)
		one := e.sentence(&w, s, level)
		r.Words += one.words
		syllables += one.syllables
		v[englishWords] += one.hard
		v[englishPassive] += boolean(one.passive)
		v[englishSubordinate] += min(one.clauses, 3)
		v[englishAddressed] += boolean(one.addressed)
	}
	if n := float64(len(sentences)); n > 0 {
		for i := range v {
			v[i] /= n
		}
		words := float64(max(r.Words, 1))
		v[englishGrade] = max(0.39*words/n+11.8*float64(syllables)/words-15.59, 0)
		v[englishWords] = min(v[englishWords], 3)
	}
	r.Score = -englishWeights[englishGrade] * englishGrades[level]
	for i, value := range v {
		part := englishWeights[i] * value
		r.Score += part
		r.Measures = append(r.Measures, Measure{englishNames[i], value, part})
	}
	r.Flags = w.sorted()
	return r
}

// englishSentence is what is counted in one sentence.
type englishSentence struct {
	words, syllables   int
	hard, clauses      float64
	passive, addressed bool
}

func (e *english) sentence(w *flagWriter, s *sentence, level Level) englishSentence {
	var one englishSentence
	for i := range s.tokens {
		t := &s.tokens[i]
		if t.kind == mark {
			continue
		}
		one.words++
		if t.kind != word || t.name {
			one.syllables++
		} else {
			one.syllables += englishSyllables(t.lower)
		}
		if t.entry != nil && t.last >= 0 {
			one.hard++
			w.add(t.start, s.tokens[i+t.last].end, HardWord, englishWhy(t.entry), t.entry.proposals()...)
		}
		if t.entry == nil && t.kind == abbreviation && !easyEnglish[t.lower] {
			w.add(t.start, t.end, Abbreviation, "An abbreviation. Write the words in full.")
		}
		one.addressed = one.addressed || englishAddress[t.lower] || one.words == 1 && englishOrders[t.lower]
		if englishLinks[t.lower] {
			one.clauses++
		}
		if englishBe[t.lower] && !one.passive {
			for j := i + 1; j < min(i+3, len(s.tokens)); j++ {
				if l := s.tokens[j].lower; strings.HasSuffix(l, "ed") && len(l) > 4 || englishStrong[l] {
					one.passive = true
					w.add(t.start, s.tokens[j].end, Passive, "Passive. Say who does it: you, we or the municipality.")
					break
				}
			}
		}
	}
	if one.words > englishLimits[level] {
		w.add(s.start(), s.end(), LongSentence, fmt.Sprintf("A sentence of %d words. Make it two or more.", one.words))
	}
	return one
}

var easyEnglish = set("mr. mrs. ms. dr. st. a.m. p.m. no. tel.")

func englishWhy(e *Entry) string {
	why := "A hard word."
	if strings.Contains(e.Word, " ") {
		why = "Hard to read."
	}
	if len(e.Instead) == 0 {
		why = "An official term. Explain it: " + e.Explain + "."
	}
	if e.Fine != "" {
		why += " Fine " + e.Fine + "."
	}
	return why
}

// englishSyllables counts groups of vowels; a last e is silent.
func englishSyllables(w string) int {
	n, before := 0, false
	for _, r := range w {
		is := strings.ContainsRune("aeiouy", unaccented(r))
		if is && !before {
			n++
		}
		before = is
	}
	if strings.HasSuffix(w, "e") && !strings.HasSuffix(w, "le") && n > 1 {
		n--
	}
	return max(n, 1)
}

func (e *english) write(w io.Writer, name, text string, r Report, level Level) {
	verdict := "plain enough for " + level.String()
	if r.TooHard() {
		verdict = "too hard for " + level.String()
	}
	fmt.Fprintf(w, "%s: %s\n", name, verdict)
	fmt.Fprintf(w, "Score %.1f (above 0 is too hard). %d sentences, %d words, %.1f words a sentence.\n", r.Score, r.Sentences, r.Words, mean(r))
	if len(r.Flags) > 0 {
		fmt.Fprintf(w, "\nChange this:\n")
		writeFlags(w, text, r.Flags, "line %d, character %d: %s\n", "Better: ")
	}
	fmt.Fprintln(w)
}

package plain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Kind is the sort of problem that a flag points at.
type Kind string

// The kinds of flags.
const (
	HardWord     Kind = "word"         // a word or phrase of the lists
	RareWord     Kind = "rare"         // a word that is in no list, but rare
	Abbreviation Kind = "abbreviation" // letters in place of words
	NumberWord   Kind = "number"       // a number in words
	Law          Kind = "law"          // the name of a law
	LongSentence Kind = "sentence"
	Passive      Kind = "passive"
	Frame        Kind = "frame" // the parts of a verb far apart
	Clauses      Kind = "clauses"
	BeforeNoun   Kind = "before-noun" // a phrase between article and noun
	Brackets     Kind = "brackets"
	Negation     Kind = "negation"
)

const abbreviationWhy = "Een afkorting. Schrijf het woord helemaal op."

// limits are where a text of a level may go no further.
type limits struct {
	words   float64 // in a sentence
	frame   int     // words between the parts of a verb
	clauses int     // in a sentence
}

// levelLimits follow what professional editors make of municipal texts: half of
// their sentences have at most 12 words, nine in ten at most 20.
var levelLimits = map[Level]limits{
	B1: {words: 18, frame: 9, clauses: 3},
	A2: {words: 12, frame: 6, clauses: 2},
}

// flags finds the hard places of a Dutch text.
func (d *dutch) flags(text string, sentences []sentence, all []facts, level Level) []Flag {
	w := flagWriter{text: text}
	for i := range sentences {
		s := &sentences[i]
		d.flagWords(&w, s.tokens, level)
		if level == A2 {
			for _, h := range d.a2.find(s.tokens) {
				if s.tokens[h.first].entry == nil {
					w.add(s.tokens[h.first].start, s.tokens[h.last].end, HardWord, "Moeilijk voor wie niet goed leest.", h.entry.proposals()...)
				}
			}
		}
		flagBuild(&w, s, &all[i], levelLimits[level])
	}
	return w.sorted()
}

type flagWriter struct {
	text  string
	flags []Flag
}

func (w *flagWriter) add(start, end int, kind Kind, why string, instead ...string) {
	w.flags = append(w.flags, Flag{Start: start, End: end, Text: w.text[start:end], Kind: kind, Why: why, Instead: instead})
}

// sorted are the flags from the start of the text to its end.
func (w *flagWriter) sorted() []Flag {
	slices.SortStableFunc(w.flags, func(a, b Flag) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	return w.flags
}

func (d *dutch) flagWords(w *flagWriter, tokens []token, level Level) {
	for i := range tokens {
		t := &tokens[i]
		if t.entry != nil {
			if t.last >= 0 {
				d.flagEntry(w, tokens, i, i+t.last)
			}
			continue
		}
		switch t.kind {
		case abbreviation:
			if !easyShort[t.lower] || level == A2 {
				w.add(t.start, t.end, Abbreviation, abbreviationWhy, longForms[t.lower]...)
			}
		case word:
			d.flagWord(w, tokens, i, level)
		}
	}
}

func (d *dutch) flagEntry(w *flagWriter, tokens []token, first, last int) {
	e := tokens[first].entry
	why := "Een moeilijk woord."
	switch {
	case e.Explain != "" && len(e.Instead) == 0:
		why = "Een officieel woord. Leg het uit: " + e.Explain + "."
	case first != last || strings.Contains(e.Word, " "):
		why = "Moeilijk gezegd."
	}
	if e.Fine != "" {
		why += " Het mag " + e.Fine + "."
	}
	sort := HardWord
	if tokens[first].kind == abbreviation {
		sort, why = Abbreviation, abbreviationWhy
	}
	w.add(tokens[first].start, tokens[last].end, sort, why, e.proposals()...)
	if flag := &w.flags[len(w.flags)-1]; len(flag.Instead) > 0 {
		flag.Fits = strings.EqualFold(flag.Text, e.Word)
	}
}

func (d *dutch) flagWord(w *flagWriter, tokens []token, i int, level Level) {
	t := &tokens[i]
	switch {
	case isLaw(tokens, i):
		w.add(t.start, t.end, Law, "De naam van een wet of regel. Zeg wat de regel betekent; noem de naam alleen als dat moet.")
	case t.letters != "" && !easyCapitals[strings.ToLower(t.letters)]:
		w.add(t.start, t.start+len(t.letters), Abbreviation, "Een afkorting die niet iedereen kent. Schrijf hem helemaal op of leg hem uit.")
	case t.capitals && !easyCapitals[t.lower] && len(t.text) < 7:
		w.add(t.start, t.end, Abbreviation, "Een afkorting die niet iedereen kent. Schrijf hem helemaal op of leg hem uit.")
	case numberWords[t.lower] && !t.name && level == A2 && figures[t.lower] != "":
		w.add(t.start, t.end, NumberWord, "Een getal in letters. Een cijfer leest sneller.", figures[t.lower])
	case t.content && d.rareForReaders(t, level):
		w.add(t.start, t.end, RareWord, "Een woord dat weinig mensen gebruiken. Kies een gewoner woord of leg het uit.")
	}
}

// rareForReaders reports whether a word that is in no list is still hard: rare,
// and no compound of easy words. Words built like those of offices are judged
// more strictly.
func (d *dutch) rareForReaders(t *token, level Level) bool {
	limit := 2.65
	if officialShape(t.lower) {
		limit = 3.2
	}
	if level == A2 {
		limit += 0.4
	}
	return t.zipf < limit && lettersIn(t.lower) > 4
}

// officialEndings and officialStarts are of words from French and Latin, and of
// stiff derivations, that offices like.
var (
	officialEndings = [...]string{
		"atie", "aties", "iteit", "eren", "eert", "eerd", "eerde", "isme", "matig", "matige", "lijk", "lijke", "baar", "bare", "ief", "ieve",
		"eel", "ele", "iële", "air", "aire", "antie", "entie", "enties", "abel", "abele", "ibel", "ibele", "heid", "ering", "eringen", "ementen",
		"halve", "wege", "zijds", "gewijs", "gewijze", "dien", "toe",
	}
	officialStarts = [...]string{"on", "ver", "be", "dien", "daar", "hier", "waar", "niet-"}
)

func officialShape(w string) bool {
	if len(w) < 8 {
		return false
	}
	for _, end := range officialEndings {
		if strings.HasSuffix(w, end) {
			return true
		}
	}
	for _, start := range officialStarts {
		if strings.HasPrefix(w, start) {
			return true
		}
	}
	return false
}

// flagBuild points at what is hard in the build of a sentence.
func flagBuild(w *flagWriter, s *sentence, f *facts, limit limits) {
	if f.words > limit.words {
		w.add(s.start(), s.end(), LongSentence, fmt.Sprintf("Een zin van %.0f woorden. Maak er twee of meer zinnen van.", f.words))
	}
	if f.passiveAt >= 0 {
		t := s.tokens[f.passiveAt]
		w.add(t.start, t.end, Passive, "Lijdende vorm (worden). Zeg wie het doet: u, wij of de gemeente.")
	}
	if f.frame > limit.frame {
		t := s.tokens[f.frameAt]
		w.add(t.start, t.end, Frame, fmt.Sprintf("Er staan %d woorden tussen twee delen van het werkwoord. Zet ze dichter bij elkaar.", f.frame))
	}
	if f.clauses > limit.clauses {
		w.add(s.start(), s.end(), Clauses, fmt.Sprintf("Een zin met %d delen in elkaar. Maak er kortere zinnen van.", f.clauses))
	}
	if f.premodifier >= 0 {
		t := s.tokens[f.premodifier]
		w.add(t.start, t.end, BeforeNoun, "Tussen dit woord en waar het bij hoort staat een heel stuk. Zet dat stuk erachter of in een eigen zin.")
	}
	if f.bracketAt > 0 && f.bracketWords > 3 {
		w.add(s.tokens[f.bracketAt-1].start, s.tokens[f.bracketAt-1].end, Brackets, "Een stuk tussen haakjes. Maak er een eigen zin van.")
	}
	if f.negationAt >= 0 {
		t := s.tokens[f.negationAt]
		w.add(t.start, t.end, Negation, "Twee keer 'niet' in een zin. Zeg het zonder ontkenning.")
	}
}

// longForms are the words that common abbreviations stand for.
var longForms = map[string][]string{
	"a.d.h.v.": {"met"}, "a.g.v.": {"door"}, "a.u.b.": {"alstublieft"}, "afd.": {"afdeling"}, "art.": {"artikel"}, "b.g.g.": {"als niemand opneemt"},
	"b.v.": {"bijvoorbeeld"}, "bijv.": {"bijvoorbeeld"}, "bv.": {"bijvoorbeeld"}, "blz.": {"bladzijde"}, "c.a.": {"en wat erbij hoort"}, "c.q.": {"of"}, "ca.": {"ongeveer"},
	"d.d.": {"van"}, "d.m.v.": {"met", "door"}, "d.w.z.": {"dat betekent"}, "e.a.": {"en anderen"}, "e.d.": {"en zo meer"}, "e.e.a.": {"dit"}, "enz.": {"en zo verder"}, "etc.": {"en zo verder"},
	"evt.": {"misschien"}, "excl.": {"zonder"}, "h.t.l.": {"hier"}, "i.c.": {"in dit geval"}, "i.g.v.": {"als", "bij"}, "i.h.b.": {"vooral"}, "i.h.k.v.": {"voor"}, "i.o.": {"in opdracht"}, "i.o.m.": {"samen met"},
	"i.p.v.": {"in plaats van"}, "i.r.t.": {"samen met"}, "i.s.m.": {"samen met"}, "i.v.m.": {"door", "omdat"}, "i.z.": {"over"}, "incl.": {"met"}, "jl.": {"van dit jaar"},
	"k.k.": {"kosten koper"}, "m.a.w.": {"dus"}, "m.b.t.": {"over"}, "m.b.v.": {"met"}, "m.i.": {"ik denk"}, "m.i.v.": {"vanaf"}, "m.n.": {"vooral"}, "m.u.v.": {"behalve"}, "max.": {"hoogstens"}, "min.": {"minstens"},
	"n.a.v.": {"door", "over"}, "n.t.b.": {"dat weten we nog niet"}, "n.v.t.": {"dit geldt niet voor u"}, "nl.": {"want"}, "nrs.": {"nummers"}, "o.a.": {"bijvoorbeeld"}, "o.b.v.": {"door", "met"}, "o.g.v.": {"door", "volgens"}, "o.i.d.": {"of zoiets"}, "o.l.v.": {"met"}, "o.m.": {"bijvoorbeeld"}, "o.v.v.": {"schrijf erbij"},
	"p.m.": {"per maand"}, "p.p.": {"per persoon"}, "p.w.": {"per week"}, "p/m": {"per maand"}, "pag.": {"bladzijde"}, "resp.": {"en"}, "t.a.v.": {"voor", "over"}, "t.b.v.": {"voor"}, "t.g.v.": {"door"}, "t.n.v.": {"op naam van"}, "t.o.v.": {"vergeleken met"}, "t.w.": {"namelijk"}, "t.z.t.": {"later"},
	"v.a.": {"vanaf"}, "vgl.": {"vergelijk"}, "vs.": {"tegen"}, "w.o.": {"bijvoorbeeld"}, "z.g.": {"zogenoemd"}, "z.o.z.": {"kijk op de andere kant"}, "z.s.m.": {"zo snel mogelijk"}, "zgn.": {"zogenoemd"},
}

// figures are the numbers of numberWords.
var figures = map[string]string{
	"twee": "2", "drie": "3", "vier": "4", "vijf": "5", "zes": "6", "zeven": "7", "negen": "9", "tien": "10", "elf": "11", "twaalf": "12", "dertien": "13", "veertien": "14", "vijftien": "15",
	"zestien": "16", "zeventien": "17", "achttien": "18", "negentien": "19", "twintig": "20", "dertig": "30", "veertig": "40", "vijftig": "50", "zestig": "60", "zeventig": "70", "tachtig": "80", "negentig": "90",
	"honderd": "100", "duizend": "1000", "eenentwintig": "21", "tweeëntwintig": "22", "vierentwintig": "24", "vijfentwintig": "25", "achtentwintig": "28", "zesendertig": "36", "achtenveertig": "48", "anderhalf": "1,5",
}

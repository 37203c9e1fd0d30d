package intents

import (
	"fmt"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// How the lexicon and the classifier are combined. A missed cry for help is far
// worse than a false alarm, which costs the resident one message too many.
const (
	surelyUnsafe   = 0.9  // confidence given to a phrase that leaves no doubt
	modelAlarm     = 0.30 // classifier alone: all safety labels together
	modelLead      = 1    // and how many times as likely as the best other label
	supportedAlarm = 0.15 // the same two, when a doubtful phrase was found too
	supportedLead  = 0.5
)

// The places of the three safety labels in a tally.
var safetyLabels = [...]bot.Intent{bot.Emergency, bot.Suicide, bot.HomeViolence}

// alarm reports the safety intent of a message whose words are in s.text and
// whose probabilities in s.probs, if it has one.
func (e *Engine) alarm(s *scratch) (bot.Candidate, bool) {
	found := e.safety.search(&s.text)
	total, best := float32(0), -1
	var p [len(safetyLabels)]float32
	for i, label := range e.safetyAt {
		if label < 0 {
			found[i] = nothing // a model of other sentences
			continue
		}
		p[i] = s.probs[label]
		if found[i] == figurative {
			continue // "I could die of shame": the classifier may well think so too
		}
		total += p[i]
		if best < 0 || p[i] > p[best] {
			best = i
		}
	}
	other := float32(0)
	for i, q := range s.probs {
		if !slices.Contains(e.safetyAt[:], i) {
			other = max(other, q)
		}
	}
	// The surest evidence decides which label it is: a phrase without doubt,
	// then the label the classifier prefers.
	strong, weak := -1, -1
	for i, f := range found {
		if (f == certain || f == likely) && (strong < 0 || p[i] > p[strong]) {
			strong = i
		}
		if f == doubtful && (weak < 0 || p[i] > p[weak]) {
			weak = i
		}
	}
	switch {
	case strong >= 0:
		return bot.Candidate{Intent: safetyLabels[strong], Confidence: max(surelyUnsafe, float64(p[strong]))}, true
	case weak >= 0 && total >= max(supportedAlarm, supportedLead*other):
		return bot.Candidate{Intent: safetyLabels[weak], Confidence: max(0.5, float64(total))}, true
	case best >= 0 && total >= max(modelAlarm, modelLead*other):
		return bot.Candidate{Intent: safetyLabels[best], Confidence: float64(total)}, true
	}
	return bot.Candidate{}, false
}

// finding is what the lexicon found for one label.
type finding uint8

const (
	nothing    finding = iota
	doubtful           // a phrase that also has harmless uses: the classifier decides
	explained          // the rest of a doubtful phrase, which makes it harmless
	likely             // a phrase that is enough on its own, were it not for figures of speech
	figurative         // a figure of speech: what was found so far does not count
	certain            // a phrase that leaves no doubt
)

// phrase is a compiled pattern: slots that must be met in order, with a few
// words between them at most.
type phrase struct {
	label   int // in safetyLabels
	meaning finding
	slots   []slot
	short   int // most words the message may have, 0 for any number
}

// slot is a place in a phrase and the words that fit it.
type slot struct {
	keys     []string // phonetic keys
	prefixes []string // the beginnings of keys
	far      bool     // many words may come before it
}

// Words that may stand between two slots.
const (
	nearWords = 2
	farWords  = 8
)

func (s *slot) fits(key string) bool {
	if slices.Contains(s.keys, key) {
		return true
	}
	for _, p := range s.prefixes {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	return false
}

// lexicon finds the phrases of the safety labels. It works on phonetic keys, so
// every spelling that sounds like the phrase is found.
type lexicon struct {
	phrases []phrase
	byFirst map[string][]int // phrases by a whole key of their first slot
	open    [256][]int       // phrases whose first slot has prefixes, by their first byte
}

func newLexicon() (*lexicon, error) {
	l := &lexicon{byFirst: map[string][]int{}}
	for _, section := range safetyPhrases {
		for line := range strings.Lines(section.phrases) {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			p, err := compilePhrase(line)
			if err != nil {
				return nil, err
			}
			p.label = slices.Index(safetyLabels[:], section.label)
			p.meaning = section.meaning
			p.short = section.short
			l.add(p)
		}
	}
	return l, nil
}

func (l *lexicon) add(p phrase) {
	at := len(l.phrases)
	l.phrases = append(l.phrases, p)
	for _, key := range p.slots[0].keys {
		l.byFirst[key] = append(l.byFirst[key], at)
	}
	for i, prefix := range p.slots[0].prefixes {
		same := func(other string) bool { return other[0] == prefix[0] }
		if !slices.ContainsFunc(p.slots[0].prefixes[:i], same) {
			l.open[prefix[0]] = append(l.open[prefix[0]], at)
		}
	}
}

// compilePhrase reads a line of the lexicon: slots with spaces between, words
// of a slot with "|" between, "*" behind a beginning, "..." where many words
// may stand between two slots.
func compilePhrase(line string) (phrase, error) {
	var p phrase
	far := false
	for word := range strings.FieldsSeq(line) {
		if word == "..." {
			far = true
			continue
		}
		s := slot{far: far}
		far = false
		for alternative := range strings.SplitSeq(word, "|") {
			stem, prefix := strings.CutSuffix(alternative, "*")
			stem = Normalise(stem)
			if stem == "" || strings.Contains(stem, " ") {
				return p, fmt.Errorf("intents: lexicon: %q in %q is not one word", alternative, line)
			}
			s.keys = append(s.keys, PhoneticKey(stem))
			if prefix {
				s.prefixes = append(s.prefixes, phoneticStem(stem))
			}
		}
		p.slots = append(p.slots, s)
	}
	if len(p.slots) == 0 {
		return p, fmt.Errorf("intents: lexicon: %q has no words", line)
	}
	return p, nil
}

// search returns what was found for each safety label.
func (l *lexicon) search(t *message) [len(safetyLabels)]finding {
	var found [len(safetyLabels)]finding
	try := func(i, at int) {
		p := &l.phrases[i]
		if p.meaning <= found[p.label] || p.short > 0 && len(t.words) > p.short {
			return
		}
		if p.from(t.keys, at+1, 1) {
			found[p.label] = p.meaning
		}
	}
	for at, key := range t.keys {
		if key == "" {
			continue
		}
		for _, i := range l.byFirst[key] {
			try(i, at)
		}
		for _, i := range l.open[key[0]] {
			if l.phrases[i].slots[0].fits(key) {
				try(i, at)
			}
		}
	}
	return found
}

// from reports whether the slots from next on are met by the keys from at on.
func (p *phrase) from(keys []string, at, next int) bool {
	if next == len(p.slots) {
		return true
	}
	s := &p.slots[next]
	reach := nearWords
	if s.far {
		reach = farWords
	}
	for i := at; i < len(keys) && i <= at+reach; i++ {
		if s.fits(keys[i]) && p.from(keys, i+1, next+1) {
			return true
		}
	}
	return false
}

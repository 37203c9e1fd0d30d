// Package language tells in which language a resident writes.
//
// Messages are short, misspelt and typed on a Dutch keyboard, so there are two
// ways to be wrong, and they do not cost the same. Dutch that is taken for
// another language sends away somebody who asked a good question; another
// language that is taken for Dutch gets the answer to a message that was not
// understood. The first must not happen, so Dutch needs no proof and every other
// language does:
//
//   - Script: each letter belongs to a script, and the languages of that script
//     are the candidates. (text.go)
//   - Model: words and letter groups of the texts folder, one file a language,
//     say how much rather a word is of another language than of Dutch. What one
//     word can say is bounded: a name or a loan word decides nothing. (model.go)
//   - Decision: another language must win by a margin, with words that are
//     really known, in a message with hardly any Dutch in it. (language.go)
package language

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/balie-nl/balie/bot"
)

//go:embed texts/*.txt
var texts embed.FS

// The thresholds of the decision against Dutch, in the unit of the model: the
// natural logarithm of how many times likelier. They were chosen by
// cross-validation on the texts and on Dutch that is not among them.
const (
	margin        = 3.0 // another language wins by at least this
	wordMargin    = 0.5 // and by this for each word
	unknownMargin = 4.0 // and by this when the texts have none of the words
	dutchShare    = 0.2 // with two Dutch words, and this part of all words, a message is Dutch
)

// Recogniser recognises languages. It is safe for concurrent use.
type Recogniser struct {
	models [scripts]*model
	pool   sync.Pool // of *reading
}

// Load learns the languages from the embedded texts, which takes some tens of
// milliseconds. It fails only when the program was built without them.
func Load() (*Recogniser, error) {
	files, err := texts.ReadDir("texts")
	if err != nil {
		return nil, fmt.Errorf("language: list the texts: %w", err)
	}
	tags := []bot.Language{bot.Dutch} // first, for the models to compare with
	for _, f := range files {
		if tag := bot.Language(strings.TrimSuffix(f.Name(), ".txt")); tag != bot.Dutch {
			tags = append(tags, tag)
		}
	}
	var learners [scripts]learner
	var in reading
	for _, tag := range tags {
		raw, err := texts.ReadFile(path.Join("texts", string(tag)+".txt"))
		if err != nil {
			return nil, fmt.Errorf("language: read the texts: %w", err)
		}
		for line := range strings.Lines(string(raw)) {
			for _, text := range spellings(line) {
				in.read(text)
				if s := in.script(); s != none {
					learners[s].add(tag, in.words[s])
				}
			}
		}
	}
	r := &Recogniser{pool: sync.Pool{New: func() any { return new(reading) }}}
	for s := range learners {
		r.models[s] = learners[s].model()
	}
	return r, nil
}

// Recognise returns the language of a message, or nothing when it is not sure.
// A message that asks something in Dutch is in Dutch, whatever else is in it. In
// another script than the Latin one it is always the likeliest language of that
// script, for it is not Dutch. Only the start of a very long text is read.
func (r *Recogniser) Recognise(text string) bot.Language {
	in := r.pool.Get().(*reading)
	defer r.pool.Put(in)
	in.read(text)
	s := in.script()
	switch {
	case s == none:
		return ""
	case s == latin:
		return r.latin(in)
	case len(in.words[latin]) > 1 && r.latin(in) == bot.Dutch:
		return bot.Dutch // the question, with something quoted
	}
	return r.models[s].judge(in.words[s], &in.scores).best
}

// latin recognises the language of the words in Latin script.
func (r *Recogniser) latin(in *reading) bot.Language {
	v := r.models[latin].judge(in.words[latin], &in.scores)
	need := margin + wordMargin*float32(v.words)
	if v.known == 0 {
		need += unknownMargin
	}
	switch {
	case v.best == bot.Dutch:
		return bot.Dutch
	case v.sure > 1 && float32(v.sure) >= dutchShare*float32(v.words):
		return bot.Dutch
	case v.words == 1 && (v.lead < wordLimit || v.first > 0 || in.letters[latin] < 3), // "pas", "la"
		v.words < 3 && v.known == 0, // a name, perhaps
		v.words > 1 && v.lead < v.top,
		v.lead < need:
		return ""
	}
	return v.best
}

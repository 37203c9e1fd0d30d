// Package intents tells what a resident's message is about.
//
// A message goes through these stages:
//
//   - Normalise: lower case, no diacritics or punctuation, SMS forms written
//     out; and for each word a phonetic key, so that "weizige" and "wijzigen"
//     meet. (normalise.go, shortforms.go, phonetic.go)
//   - Concepts: what letters do not show. A lexicon says that "reispas",
//     "passport" and "paszport" are one thing. (concepts.go, concepts/)
//   - Features: words, word pairs, letter groups, phonetic keys, sound groups that
//     run over the spaces, concepts and pairs of concepts, weighted by how rare
//     they are. What training never saw is left out. (features.go)
//   - Model: a network with a small hidden layer, trained with spago on the
//     sentences of the training folder, each epoch with other spelling mistakes;
//     and a linear classifier of the widest margin on the same features. Their
//     logits are added up. (corpus.go, noise.go, network.go, margin.go, train.go)
//     A message is classified with plain slices of bytes; spago's graph is only
//     there while training. (model.go, format.go)
//   - Long messages are also read in parts, because the question is somewhere
//     inside. (long.go)
//   - Safety: emergencies, suicidal thoughts and violence at home have a
//     detector of their own in front. Missing one is worse than any wrong
//     answer, so it does not depend on the model alone. (safety.go, lexicon.go)
//   - Questions: what a message asks second, and whether it leaves out what it is
//     about because that was said before. (questions.go, followup.go)
//   - Decision: confidence is calibrated on sentences the model had not seen,
//     and decides between an answer, a question back and an honest refusal.
//     (calibrate.go, decide.go)
//
// The package knows nothing of conversations, channels or answers. Training is
// reproducible: the same sentences and seed give the same file.
package intents

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/language"
)

//go:embed model/intents.bin
var embedded []byte

// Engine understands messages. It is safe for concurrent use.
type Engine struct {
	model      *Model
	safety     *lexicon
	thresholds Thresholds
	catalogue  Catalogue
	languages  *language.Recogniser
	choosable  []bool // by label: may be offered as a choice
	outOfScope int
	safetyAt   [len(safetyLabels)]int // the label of each safety intent, -1 if the model lacks it
	pool       *sync.Pool
}

// Load returns an engine with the embedded model.
func Load() (*Engine, error) {
	m, err := parseModel(embedded)
	if err != nil {
		return nil, fmt.Errorf("intents: embedded model: %w", err)
	}
	return m.Engine()
}

// Open returns an engine with the model in a file.
func Open(r io.Reader) (*Engine, error) {
	m, err := readModel(r)
	if err != nil {
		return nil, err
	}
	return m.Engine()
}

// EmbeddedHash identifies the sentences that the embedded model was trained on.
func EmbeddedHash() (Hash, error) {
	m, err := readModel(bytes.NewReader(embedded))
	if err != nil {
		return Hash{}, fmt.Errorf("intents: embedded model: %w", err)
	}
	return m.hash, nil
}

// Engine returns an engine with the model.
func (m *Model) Engine() (*Engine, error) {
	safety, err := newLexicon()
	if err != nil {
		return nil, err
	}
	catalogue, err := ReadCatalogue(TrainingData())
	if err != nil {
		return nil, err
	}
	languages, err := language.Load()
	if err != nil {
		return nil, fmt.Errorf("intents: %w", err)
	}
	e := &Engine{
		model:      m,
		catalogue:  catalogue,
		languages:  languages,
		safety:     safety,
		thresholds: DefaultThresholds,
		choosable:  make([]bool, len(m.labels)),
		outOfScope: slices.Index(m.labels, bot.OutOfScope),
	}
	for i, l := range m.labels {
		e.choosable[i] = choosable(l)
	}
	for i, l := range safetyLabels {
		e.safetyAt[i] = slices.Index(m.labels, l)
	}
	e.pool = &sync.Pool{New: func() any { return newScratch(m) }}
	return e, nil
}

// Labels are the intents that the engine knows.
func (e *Engine) Labels() []bot.Intent { return e.model.Labels() }

// Classify returns the best intent for a message, however unsure.
func (e *Engine) Classify(text string) bot.Candidate {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	if c, ok := e.read(s, text); ok {
		return c
	}
	best := 0
	for i, p := range s.probs {
		if p > s.probs[best] {
			best = i
		}
	}
	return e.candidate(s, best)
}

// Rank returns the n best intents for a message, best first; fewer where there
// is no choice, as for an emergency.
func (e *Engine) Rank(text string, n int) []bot.Candidate {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	if c, ok := e.read(s, text); ok {
		return []bot.Candidate{c}
	}
	e.rank(s)
	best := make([]bot.Candidate, min(n, len(s.ranked)))
	for i := range best {
		best[i] = e.candidate(s, s.ranked[i])
	}
	return best
}

// rank fills s.ranked with the labels, most probable first.
func (e *Engine) rank(s *scratch) {
	s.ranked = s.ranked[:0]
	for i := range s.probs {
		s.ranked = append(s.ranked, i)
	}
	slices.SortFunc(s.ranked, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.probs[b], s.probs[a]), cmp.Compare(a, b))
	})
}

// read fills s.probs with the probability of each label. It reports a
// candidate when there is no choice: a safety label, or an empty message.
func (e *Engine) read(s *scratch, text string) (bot.Candidate, bool) {
	s.text.read(text)
	if len(s.text.words) == 0 {
		return bot.Candidate{Intent: bot.OutOfScope, Confidence: 1}, true
	}
	e.probabilities(s)
	if c, ok := e.alarm(s); ok {
		return c, true
	}
	// The detector has the last word on safety: its labels do not win by being
	// the best of many unlikely ones.
	for _, label := range e.safetyAt {
		if label >= 0 {
			s.probs[label] = 0
		}
	}
	return bot.Candidate{}, false
}

// scratch is what one message needs.
type scratch struct {
	text   message
	enc    *encoder
	ws     *workspace
	probs  []float32 // by label
	part   []float32 // by label, for a part of a long message
	ranked []int
}

func newScratch(m *Model) *scratch {
	return &scratch{
		enc:   newEncoder(&m.vocabulary),
		ws:    m.workspace(),
		probs: make([]float32, len(m.labels)),
		part:  make([]float32, len(m.labels)),
	}
}

package intents

import (
	"context"
	"io/fs"
	"math"
	"slices"

	"github.com/nlpodyssey/spago/mat"

	"github.com/balie-nl/balie/bot"
)

// BothLogits trains two little networks and returns the mean logits of each
// sentence twice: from spago's graphs and from the flat model made of them. The
// networks get the rounded weights of the model first, so that only the
// arithmetic can differ.
func BothLogits(ctx context.Context, sentences fs.FS) (graph, flat [][]float32, err error) {
	c, err := ReadFolder(sentences)
	if err != nil {
		return nil, nil, err
	}
	r := defaultRecipe
	r.epochs = 3
	v := r.collect(c, 5)
	var nets []*network
	for seed := range uint64(2) {
		t := r.trainer(c, v, seed)
		if err := t.run(ctx, func(float64) {}); err != nil {
			return nil, nil, err
		}
		nets = append(nets, t.net)
	}
	none := &margin{labels: len(c.labels), weights: make([]float32, len(v.keys)*len(c.labels)), bias: make([]float32, len(c.labels))}
	m := flatten(c, v, nets, none)
	width, at := len(c.labels), 8*words(len(c.labels))
	for i := range v.keys {
		row := m.rows[i*m.stride():][:m.stride()]
		for k, n := range nets {
			w := weights(n.Rows.Weights[i])
			for j := range w[:width] {
				w[j] = scaleOf[m.scales[2*i]] * float32(weight(row[:at], j))
			}
			for j := range w[width:] {
				w[width+j] = scaleOf[m.scales[2*i+1]] * float32(weight(row[at:], k*r.hidden+j))
			}
		}
	}
	b := &batch{}
	enc := newEncoder(v)
	var text message
	for _, s := range c.sentences {
		text.read(s.text)
		fs := slices.Clone(enc.encode(&text, 0, len(text.words)))
		b.examples = append(b.examples, fs)
		out := make([]float32, width)
		m.logits(out, m.workspace(), fs)
		flat = append(flat, out)
	}
	b.invert(make([]int32, len(v.keys)))
	for range b.examples {
		graph = append(graph, make([]float32, width))
	}
	for _, n := range nets {
		all := mat.Data[float32](n.forward(b).Value())
		for i := range graph {
			addScaled(graph[i], all[i*width:(i+1)*width], 0.5)
		}
	}
	return graph, flat, nil
}

// ConceptFiles is the folder of the lexicon.
func ConceptFiles() fs.FS {
	sub, err := fs.Sub(conceptFiles, "concepts")
	if err != nil {
		panic(err)
	}
	return sub
}

// CheckConcepts reads a folder of concepts and says what is wrong with it.
func CheckConcepts(folder fs.FS) error {
	_, err := readConcepts(folder)
	return err
}

// FindConcepts returns the names of the concepts in a text.
func FindConcepts(folder fs.FS, text string) ([]string, error) {
	c, err := readConcepts(folder)
	if err != nil {
		return nil, err
	}
	var m message
	m.read(text)
	var found []string
	c.find(&m, 0, len(m.words), func(_ int, id uint16) {
		if !slices.Contains(found, c.names[id]) {
			found = append(found, c.names[id])
		}
	})
	return found, nil
}

// Variant is a way to train that leaves something out.
type Variant struct {
	Name   string
	change func(*recipe)
}

// Variants are the whole recipe and what is left of it without each of its parts.
func Variants() []Variant {
	without := func(gs ...group) func(*recipe) {
		return func(r *recipe) {
			for _, g := range gs {
				r.minSentences[g] = math.MaxInt32
			}
		}
	}
	return []Variant{
		{"everything", func(*recipe) {}},
		{"no_concepts", without(groupConcept, groupConceptPair)},
		{"no_sounds", without(groupSound, groupSoundRun)},
		{"no_letter_groups", without(groupChar)},
		{"no_words", without(groupWord, groupPair)},
		{"no_misspelt_copies", func(r *recipe) { r.clean, r.copies, r.spellings = 1, 0, 1 }},
		{"no_margin", func(r *recipe) { r.copies, r.marginShare = 0, 0 }},
		{"no_network", func(r *recipe) { r.members = 0 }},
		{"half_the_rows", func(r *recipe) { r.rows = 80_000 }},
	}
}

// Halves splits a corpus by the writers of the sentences.
func Halves(c *Corpus) (one, other *Corpus) { return c.without(0, 2) }

// Train trains on all sentences, without calibration.
func (v Variant) Train(ctx context.Context, c *Corpus) (*Engine, error) {
	r := defaultRecipe
	r.rows = 160_000 // as large a part of the features as of all sentences
	v.change(&r)
	m, err := r.fit(ctx, c, 1, r.progress(nil, c))
	if err != nil {
		return nil, err
	}
	return m.Engine()
}

// Undetected returns the engine without the safety detector in front.
func (e *Engine) Undetected(text string) bot.Intent {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	s.text.read(text)
	if len(s.text.words) == 0 {
		return bot.OutOfScope
	}
	e.probabilities(s)
	e.rank(s)
	return e.model.labels[s.ranked[0]]
}

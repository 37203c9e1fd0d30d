package intents

import (
	"context"
	"math/rand/v2"

	"github.com/balie-nl/balie/intents/svm"
)

// margin is a linear classifier that keeps the labels as far apart as it can. On
// few sentences that is right more often than the network, and in other
// messages, so the two are added up.
type margin struct {
	labels  int
	weights []float32 // rows x labels
	bias    []float32 // by label
}

func (m *margin) row(i int) []float32 { return m.weights[i*m.labels:][:m.labels] }

// margin trains on every sentence as it is and in some misspelt copies. done is
// called once for each label.
func (r recipe) margin(ctx context.Context, c *Corpus, v *vocabulary, seed uint64, done func()) (*margin, error) {
	n := len(c.sentences)
	rows, labels := make([][]svm.Term, n*(1+r.copies)), make([]int, n*(1+r.copies))
	parallel(len(rows), func(_, from, to int) {
		enc := newEncoder(v)
		var m message
		for i := from; i < to; i++ {
			s := c.sentences[i%n]
			text := s.text
			if i >= n {
				rng := rand.New(rand.NewPCG(seed^uint64(i)<<20, 998))
				text = noise{rng}.spell(text, 1+rng.IntN(r.mistakes))
			}
			m.read(text)
			labels[i] = s.label
			for _, f := range enc.encode(&m, 0, len(m.words)) {
				rows[i] = append(rows[i], svm.Term{Feature: f.row, Weight: f.weight})
			}
		}
	})
	m := &margin{labels: len(c.labels), weights: make([]float32, len(v.keys)*len(c.labels)), bias: make([]float32, len(c.labels))}
	cfg := svm.Config{Penalty: r.penalty, Tolerance: marginTolerance, MaxRounds: marginRounds, Seed: seed}
	err := svm.OneAgainstAll(ctx, rows, labels, len(v.keys), len(c.labels), cfg, func(label int, weights []float32, bias float64) {
		for i, w := range weights {
			m.weights[i*m.labels+label] = r.marginShare * w
		}
		m.bias[label] = r.marginShare * float32(bias)
		done()
	})
	return m, err
}

// Beyond this nothing changes that can be measured.
const (
	marginTolerance = 0.02
	marginRounds    = 60
)

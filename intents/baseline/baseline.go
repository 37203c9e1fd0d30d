// Package baseline is the strongest simple way to tell what a message is about,
// so that a new model can be held against it on the same messages: a linear
// support vector machine for each label against all others, on the letter groups
// of the words.
//
// The features (features.go) and the training are those of
// scikit-learn's TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5),
// sublinear_tf=True) and LinearSVC(C=1). It knows no spelling mistakes and its
// confidences are not calibrated.
package baseline

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/svm"
)

// Model is a trained classifier. It does not change and is safe for concurrent
// use.
type Model struct {
	labels     []bot.Intent
	vocabulary *vocabulary
	weights    []float32 // a row of the labels for each feature
	bias       []float64 // by label
}

// Train makes a model of sentences with their labels. It uses all processors;
// the same sentences give the same model. It fails with fewer than two labels,
// and when the context ends.
func Train(ctx context.Context, sentences iter.Seq2[string, bot.Intent]) (*Model, error) {
	var texts []string
	var wanted []bot.Intent
	unique := map[bot.Intent]bool{}
	for text, label := range sentences {
		texts, wanted = append(texts, text), append(wanted, label)
		unique[label] = true
	}
	if len(unique) < 2 {
		return nil, fmt.Errorf("baseline: sentences of %d labels, want at least 2", len(unique))
	}
	m := &Model{labels: slices.Sorted(maps.Keys(unique))}
	labels := make([]int, len(wanted))
	for i, l := range wanted {
		labels[i], _ = slices.BinarySearch(m.labels, l)
	}
	var rows []row
	m.vocabulary, rows = collect(texts)
	m.weights = make([]float32, m.vocabulary.size()*len(m.labels))
	m.bias = make([]float64, len(m.labels))
	err := svm.OneAgainstAll(ctx, rows, labels, m.vocabulary.size(), len(m.labels), linearSVC, func(label int, weights []float32, bias float64) {
		for i, x := range weights {
			m.weights[i*len(m.labels)+label] = x
		}
		m.bias[label] = bias
	})
	if err != nil {
		return nil, fmt.Errorf("baseline: %w", err)
	}
	return m, nil
}

// linearSVC is the recipe of scikit-learn's LinearSVC.
var linearSVC = svm.Config{Penalty: 1, Tolerance: 1e-4, MaxRounds: 1000}

// Rank returns the n labels with the largest margins, best first. The confidence
// is the softmax of the margins.
func (m *Model) Rank(text string, n int) []bot.Candidate {
	margins := slices.Clone(m.bias)
	for _, t := range m.vocabulary.row(text) {
		for k, w := range m.weights[int(t.Feature)*len(m.labels):][:len(m.labels)] {
			margins[k] += float64(t.Weight) * float64(w)
		}
	}
	top, sum := slices.Max(margins), 0.0
	all := make([]bot.Candidate, len(margins))
	for k, x := range margins {
		all[k] = bot.Candidate{Intent: m.labels[k], Confidence: math.Exp(x - top)}
		sum += all[k].Confidence
	}
	for k := range all {
		all[k].Confidence /= sum
	}
	slices.SortStableFunc(all, func(a, b bot.Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return all[:min(n, len(all))]
}

package intents_test

import (
	"fmt"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents"
	"github.com/balie-nl/balie/intents/baseline"
)

// BenchmarkAblation prints what each part of the engine brings. It trains on the
// sentences of half the writers, without that part, and tests on those of the
// other half, as they are and with two mistakes added to each. It takes some
// minutes for each part:
//
//	go test ./intents -run '^$' -bench Ablation -benchtime 1x -timeout 1h
func BenchmarkAblation(b *testing.B) {
	corpus, err := intents.ReadFolder(intents.TrainingData())
	if err != nil {
		b.Fatal(err)
	}
	training, test := intents.Halves(corpus)
	b.Run("SVM", func(b *testing.B) {
		m, err := baseline.Train(b.Context(), training.All())
		if err != nil {
			b.Fatal(err)
		}
		reportRight(b, test, func(text string) bot.Intent { return m.Rank(text, 1)[0].Intent })
	})
	for _, v := range intents.Variants() {
		e, err := v.Train(b.Context(), training)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(v.Name, func(b *testing.B) {
			reportRight(b, test, func(text string) bot.Intent { return e.Classify(text).Intent })
		})
		if v.Name == "everything" {
			b.Run("no_safety_detector", func(b *testing.B) { reportRight(b, test, e.Undetected) })
		}
	}
}

// reportRight reports how many sentences in scope get the right label, in percent.
func reportRight(b *testing.B, test *intents.Corpus, classify func(string) bot.Intent) {
	for b.Loop() {
		for _, mistakes := range []int{0, 2} {
			right, n := 0, 0
			for text, label := range test.All() {
				if label == bot.OutOfScope {
					continue
				}
				if mistakes > 0 {
					text = intents.Misspell(text, mistakes, uint64(n)) //nolint:gosec // a count
				}
				n++
				if classify(text) == label {
					right++
				}
			}
			b.ReportMetric(100*float64(right)/float64(n), fmt.Sprintf("%%right_with_%d", mistakes))
		}
		b.ReportMetric(0, "ns/op")
	}
}

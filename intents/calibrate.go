package intents

import (
	"context"
	"math"
)

// calibrate finds the temperature that makes confidence honest: of the
// messages answered with 80%, four in five should be right. It is measured on
// sentences that a model has not seen, in folds, because a model is always
// sure of what it was trained on.
func (r recipe) calibrate(ctx context.Context, c *Corpus, seed uint64, p *progress) (float32, error) {
	one := r
	one.members = 1
	var logits [][]float32
	var labels []int
	for k := range r.folds {
		rest, fold := c.without(k, r.folds)
		m, err := one.fit(ctx, rest, seed, p)
		if err != nil {
			return 0, err
		}
		enc := newEncoder(&m.vocabulary)
		ws := m.workspace()
		var text message
		for _, s := range fold.sentences {
			text.read(s.text)
			out := make([]float32, len(m.labels))
			m.logits(out, ws, enc.encode(&text, 0, len(text.words)))
			logits = append(logits, out)
			labels = append(labels, s.label)
		}
	}
	return fitTemperature(logits, labels), nil
}

// fitTemperature returns the temperature with the smallest loss, by golden
// section over a range wide enough for any model.
func fitTemperature(logits [][]float32, labels []int) float32 {
	loss := func(logT float64) float64 {
		t := math.Exp(logT)
		total := 0.0
		for i, x := range logits {
			top := math.Inf(-1)
			for _, v := range x {
				top = max(top, float64(v)/t)
			}
			sum := 0.0
			for _, v := range x {
				sum += math.Exp(float64(v)/t - top)
			}
			total += top + math.Log(sum) - float64(x[labels[i]])/t
		}
		return total
	}
	ratio := (math.Sqrt(5) - 1) / 2
	lo, hi := math.Log(0.1), math.Log(5)
	for range 40 {
		a, b := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
		if loss(a) < loss(b) {
			hi = b
			continue
		}
		lo = a
	}
	return float32(math.Exp((lo + hi) / 2))
}

// progress counts the steps of all that one training needs: a step is a batch of
// a network, or a label of a margin.
type progress struct {
	report      func(done, total int, loss float64)
	done, total int
	loss        float64
}

func (r recipe) progress(report func(done, total int, loss float64), c *Corpus) *progress {
	p := &progress{report: report, total: r.members*r.epochs*r.batches(len(c.sentences)) + len(c.labels)}
	for k := range r.folds {
		rest, _ := c.without(k, r.folds)
		p.total += r.epochs*r.batches(len(rest.sentences)) + len(c.labels)
	}
	return p
}

func (p *progress) step(loss float64) {
	p.done++
	p.loss = loss
	if p.report != nil {
		p.report(p.done, p.total, loss)
	}
}

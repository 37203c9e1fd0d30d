// Package svm trains linear support vector machines: the weights that tell some
// rows of features from all others with the widest margin.
//
// It solves the dual problem with the squared hinge loss by coordinate descent
// with shrinking: Hsieh, Chang, Lin, Keerthi and Sundararajan (2008), A dual
// coordinate descent method for large-scale linear SVM, ICML, algorithm 3, as in
// LIBLINEAR. The bias is the weight of a feature that is 1 in every row.
package svm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Term is a feature of a row with its weight.
type Term struct {
	Feature int32
	Weight  float32
}

// Config says how to train.
type Config struct {
	Penalty   float64 // C: what an error costs against large weights; above 0
	Tolerance float64 // of the projected gradient: smaller is slower and closer to the best weights; above 0
	MaxRounds int     // over all rows, whether or not the tolerance is reached
	Seed      uint64  // orders the rows; the same seed gives the same weights
}

// OneAgainstAll finds, for each label, the weights and the bias that tell the
// rows with that label from all others: those that minimise half their squared
// length plus the penalty times the sum of the squared hinge losses. It hands
// them to done, one label at a time, in any order. Rows have no feature twice
// and none from features on. It uses all processors and fails only when the
// context ends.
func OneAgainstAll(ctx context.Context, rows [][]Term, labels []int, features, count int, cfg Config, done func(label int, weights []float32, bias float64)) error {
	square := make([]float64, len(rows)) // the diagonal of the quadratic form
	for i, r := range rows {
		square[i] = cfg.diagonal() + 1
		for _, t := range r {
			square[i] += float64(t.Weight) * float64(t.Weight)
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var one sync.Mutex // call of done at a time
	for label := range count {
		group.Go(func() error {
			s := &solver{cfg: cfg, rows: rows, square: square, weights: make([]float32, features), sign: make([]float64, len(rows))}
			for i, l := range labels {
				s.sign[i] = -1
				if l == label {
					s.sign[i] = 1
				}
			}
			if err := s.solve(ctx, rand.New(rand.NewPCG(cfg.Seed, uint64(label)))); err != nil { //nolint:gosec // labels are not negative
				return fmt.Errorf("svm: train: %w", err)
			}
			one.Lock()
			defer one.Unlock()
			done(label, s.weights, s.bias)
			return nil
		})
	}
	return group.Wait()
}

func (c Config) diagonal() float64 { return 0.5 / c.Penalty }

// solver finds the weights for one label.
type solver struct {
	cfg     Config
	rows    [][]Term
	square  []float64
	sign    []float64 // 1 for rows with the label, -1 for others
	alpha   []float64 // the dual variables
	weights []float32
	bias    float64
}

func (s *solver) solve(ctx context.Context, rng *rand.Rand) error {
	s.alpha = make([]float64, len(s.rows))
	active := make([]int, len(s.rows)) // rows that are not shrunk away come first
	for i := range active {
		active[i] = i
	}
	n := len(active)
	limit := math.Inf(1) // a row at zero with a larger gradient is shrunk
	for range s.cfg.MaxRounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		rng.Shuffle(n, func(i, j int) { active[i], active[j] = active[j], active[i] })
		highest, lowest := math.Inf(-1), math.Inf(1)
		for at := 0; at < n; at++ {
			i := active[at]
			gradient := s.gradient(i)
			if s.alpha[i] == 0 && gradient > limit {
				n--
				active[at], active[n] = active[n], active[at]
				at--
				continue
			}
			projected := gradient
			if s.alpha[i] == 0 {
				projected = min(gradient, 0)
			}
			highest, lowest = max(highest, projected), min(lowest, projected)
			if math.Abs(projected) > 1e-12 {
				s.step(i, gradient)
			}
		}
		if highest-lowest <= s.cfg.Tolerance || n == 0 {
			if n == len(active) {
				return nil
			}
			n, limit = len(active), math.Inf(1) // look at all rows once more
			continue
		}
		limit = highest
		if highest <= 0 {
			limit = math.Inf(1)
		}
	}
	return nil
}

func (s *solver) gradient(i int) float64 {
	margin := float32(0)
	for _, t := range s.rows[i] {
		margin += s.weights[t.Feature] * t.Weight
	}
	return s.sign[i]*(s.bias+float64(margin)) - 1 + s.alpha[i]*s.cfg.diagonal()
}

func (s *solver) step(i int, gradient float64) {
	before := s.alpha[i]
	s.alpha[i] = max(0, before-gradient/s.square[i])
	step := (s.alpha[i] - before) * s.sign[i]
	s.bias += step
	for _, t := range s.rows[i] {
		s.weights[t.Feature] += float32(step) * t.Weight
	}
}

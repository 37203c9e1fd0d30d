package baseline

import (
	"context"
	"math"
	"math/rand/v2"
)

// The recipe of scikit-learn's LinearSVC.
const (
	penalty   = 1.0  // C: what an error costs against large weights
	tolerance = 1e-4 // of the projected gradient
	maxRounds = 1000
)

// separate finds the weights and the bias that tell the positive rows from the
// others: those that minimise half the squared length of the weights plus C
// times the sum of the squared hinge losses. It solves the dual problem by
// coordinate descent with shrinking: Hsieh, Chang, Lin, Keerthi and Sundararajan
// (2008), A dual coordinate descent method for large-scale linear SVM, ICML,
// algorithm 3, as in LIBLINEAR. The bias is the weight of a feature that is 1 in
// every row. The seed orders the rows.
func separate(ctx context.Context, rows []row, positive []bool, features int, seed uint64) (weights []float64, bias float64, err error) {
	const diagonal = 0.5 / penalty
	rng := rand.New(rand.NewPCG(seed, 0))
	weights = make([]float64, features)
	alpha := make([]float64, len(rows))
	square := make([]float64, len(rows)) // the diagonal of the quadratic form
	sign := make([]float64, len(rows))
	active := make([]int, len(rows)) // rows that are not shrunk away come first
	for i, r := range rows {
		active[i], sign[i] = i, -1
		if positive[i] {
			sign[i] = 1
		}
		square[i] = diagonal + 1
		for _, t := range r {
			square[i] += t.weight * t.weight
		}
	}
	n := len(rows)
	limit := math.Inf(1) // a row at zero with a larger gradient is shrunk
	for range maxRounds {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		rng.Shuffle(n, func(i, j int) { active[i], active[j] = active[j], active[i] })
		highest, lowest := math.Inf(-1), math.Inf(1)
		for at := 0; at < n; at++ {
			i := active[at]
			r := rows[i]
			margin := bias
			for _, t := range r {
				margin += weights[t.feature] * t.weight
			}
			gradient := sign[i]*margin - 1 + alpha[i]*diagonal
			projected := gradient
			if alpha[i] == 0 {
				if gradient > limit {
					n--
					active[at], active[n] = active[n], active[at]
					at--
					continue
				}
				projected = min(gradient, 0)
			}
			highest, lowest = max(highest, projected), min(lowest, projected)
			if math.Abs(projected) <= 1e-12 {
				continue
			}
			before := alpha[i]
			alpha[i] = max(0, before-gradient/square[i])
			step := (alpha[i] - before) * sign[i]
			bias += step
			for _, t := range r {
				weights[t.feature] += step * t.weight
			}
		}
		if highest-lowest <= tolerance || n == 0 {
			if n == len(rows) {
				break
			}
			n, limit = len(rows), math.Inf(1) // look at all rows once more
			continue
		}
		limit = highest
		if highest <= 0 {
			limit = math.Inf(1)
		}
	}
	return weights, bias, nil
}

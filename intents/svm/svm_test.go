package svm_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/balie-nl/balie/intents/svm"
)

var exact = svm.Config{Penalty: 1, Tolerance: 1e-6, MaxRounds: 1000}

func train(tb testing.TB, rows [][]svm.Term, labels []int, features, count int, cfg svm.Config) (weights [][]float32, bias []float64) {
	tb.Helper()
	weights, bias = make([][]float32, count), make([]float64, count)
	err := svm.OneAgainstAll(tb.Context(), rows, labels, features, count, cfg, func(label int, w []float32, b float64) {
		weights[label], bias[label] = w, b
	})
	if err != nil {
		tb.Fatal(err)
	}
	return weights, bias
}

// TestTwoRows has a problem that can be solved on paper: two rows of length 1 at
// a right angle. The best weights are a along the one and -a along the other
// without a bias, where a minimises a²+2(1-a)²: two thirds.
func TestTwoRows(t *testing.T) {
	t.Parallel()
	weights, bias := train(t, [][]svm.Term{{{0, 1}}, {{1, 1}}}, []int{0, 1}, 2, 2, exact)
	for label, want := range [][]float32{{2. / 3, -2. / 3}, {-2. / 3, 2. / 3}} {
		if math.Abs(bias[label]) > 1e-4 {
			t.Errorf("bias of %d is %g, want 0", label, bias[label])
		}
		for i, w := range want {
			if math.Abs(float64(weights[label][i]-w)) > 1e-4 {
				t.Errorf("weights of %d are %v, want %v", label, weights[label], want)
			}
		}
	}
}

// TestLargerPenaltyFitsCloser: an error that costs more is made smaller.
func TestLargerPenaltyFitsCloser(t *testing.T) {
	t.Parallel()
	rows, labels := [][]svm.Term{{{0, 1}}, {{0, 0.5}, {1, 1}}, {{1, 0.3}, {2, 1}}}, []int{0, 1, 2}
	shortfall := func(penalty float64) float64 {
		cfg := exact
		cfg.Penalty = penalty
		weights, bias := train(t, rows, labels, 3, 3, cfg)
		sum := 0.0
		for i, row := range rows {
			for label := range weights {
				margin := bias[label]
				for _, term := range row {
					margin += float64(weights[label][term.Feature] * term.Weight)
				}
				if labels[i] != label {
					margin = -margin
				}
				sum += math.Pow(max(0, 1-margin), 2)
			}
		}
		return sum
	}
	if loose, strict := shortfall(0.1), shortfall(10); strict >= loose {
		t.Errorf("squared hinge loss %g at penalty 10 and %g at 0.1", strict, loose)
	}
}

func TestTrainingCanBeRepeated(t *testing.T) {
	t.Parallel()
	rows, labels := [][]svm.Term{{{0, 1}}, {{0, 0.4}, {1, 0.9}}, {{1, 1}}, {{2, 1}}}, []int{0, 1, 1, 2}
	cfg := svm.Config{Penalty: 1, Tolerance: 0.1, MaxRounds: 5, Seed: 3}
	first, _ := train(t, rows, labels, 3, 3, cfg)
	second, _ := train(t, rows, labels, 3, 3, cfg)
	for label := range first {
		if !slices.Equal(first[label], second[label]) {
			t.Errorf("weights of %d are %v and %v", label, first[label], second[label])
		}
	}
}

func TestStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := svm.OneAgainstAll(ctx, [][]svm.Term{{{0, 1}}, {{1, 1}}}, []int{0, 1}, 2, 2, exact, func(int, []float32, float64) {})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context canceled", err)
	}
}

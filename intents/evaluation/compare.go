package evaluation

import (
	"errors"
	"math"
)

// Comparison tells how two classifiers differ on the same in-scope messages.
type Comparison struct {
	OnlyFirst  int `json:"only_first_right"`
	OnlySecond int `json:"only_second_right"`
	// P is the chance of a difference at least this large between two classifiers
	// that are equally good: the exact two-sided test of McNemar (1947),
	// Psychometrika 12.
	P float64 `json:"p"`
}

// Compare compares two reports on the same set. It fails when they are not.
func Compare(first, second *Report) (Comparison, error) {
	if len(first.right) != len(second.right) {
		return Comparison{}, errors.New("evaluation: the reports are not on the same messages")
	}
	var c Comparison
	for i, a := range first.right {
		switch b := second.right[i]; {
		case a && !b:
			c.OnlyFirst++
		case b && !a:
			c.OnlySecond++
		}
	}
	c.P = mcnemar(c.OnlyFirst, c.OnlySecond)
	return c, nil
}

// mcnemar is twice the chance of at most as many heads as the smaller count,
// when a fair coin is thrown for each message on which the two differ.
func mcnemar(a, b int) float64 {
	n := a + b
	tail := 0.0
	for k := range min(a, b) + 1 {
		tail += math.Exp(logFactorial(n) - logFactorial(k) - logFactorial(n-k) - float64(n)*math.Ln2)
	}
	return min(1, 2*tail)
}

func logFactorial(n int) float64 {
	l, _ := math.Lgamma(float64(n + 1))
	return l
}

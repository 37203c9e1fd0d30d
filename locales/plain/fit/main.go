// Command fit computes the weights of the Dutch measures from texts whose level is
// known and from pairs of a harder and a simpler text, and prints them for
// score.go together with how well they do on texts that they were not fitted on.
//
//	go run ./locales/plain/fit locales/plain/testdata/writers/a ../shared/eval/b1/dev ...
//
// Each argument is the start of the names of two tables: NAME-pairs.tsv or
// pairs_NAME.tsv (harder, simpler, kind) and NAME-texts.tsv or docs_NAME.tsv (level,
// text, kind, topic).
//
// The weights are those of a logistic regression: on the difference of the measures
// of a pair, and, with the bias, on the measures of a text of known level. Each kind
// of rows counts by the share in kindWeights, however many rows it has. No weight
// may be below zero but that of speaking to the reader: otherwise a text could be
// made to pass by adding what is hard.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/balie-nl/balie/locales/plain"
)

// kindWeights say how much each kind of pairs counts, and texts of known level.
var kindWeights = map[string]float64{
	"amsterdam-strict": 4, "amsterdam-light": 1, "raad": 2, "hobo-lexical": 2, "leesplank-gpt": 0.5,
	"authored-L": 1, "authored-K": 1, "authored-S": 1, "authored-P": 1, "authored-M": 0.5, "authored-X": 0.5, "amsterdam-doc": 0.5,
	levelled: 6,
}

const (
	levelled  = "levelled"
	shrink    = 0.002 // of the squared weights
	folds     = 5
	rounds    = 4000
	step      = 0.5
	addressed = "addressing the reader"
)

// labels are the kinds of pairs of which one side is B1 and the other harder.
var labels = map[string]bool{"authored-M": true, "authored-S": true, "authored-X": true, "authored-K": true}

// row is one case: x should be above zero for a sign of 1. Rows of one group are
// never divided over fitting and testing.
type row struct {
	x      []float64 // the last is 1 for the bias, or 0 for a pair
	sign   float64
	weight float64
	kind   string
	group  int
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(names []string) error {
	checker, err := plain.New("nl")
	if err != nil {
		return err
	}
	var rows []row
	group := 0
	for _, name := range names {
		if group, err = read(&rows, checker, name, group); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return errors.New("fit: no rows: give the start of the names of tables")
	}
	weigh(rows)
	measures := checker.Check("", plain.B1).Measures

	var unseen []judged
	for fold := range folds {
		var in []row
		for _, r := range rows {
			if r.group%folds != fold {
				in = append(in, r)
			}
		}
		w := fit(in, measures)
		for _, r := range rows {
			if r.group%folds == fold {
				unseen = append(unseen, judged{r, dot(w, r.x)})
			}
		}
	}
	fmt.Printf("On rows that the weights were not fitted on (%d folds):\n", folds)
	report(unseen)

	w := fit(rows, measures)
	fmt.Println("\nWeights:")
	for i, m := range measures {
		fmt.Printf("\t%-26s %7.3f\n", m.Name, w[i])
	}
	fmt.Printf("\t%-26s %7.3f\n", "bias", w[len(measures)])
	return nil
}

// read adds the rows of the two tables of a name. It fails when neither is there.
func read(rows *[]row, checker *plain.Checker, name string, group int) (int, error) {
	measures := func(text string) []float64 {
		var x []float64
		for _, m := range checker.Check(text, plain.B1).Measures {
			x = append(x, m.Value)
		}
		return x
	}
	add := func(text string, hard bool, group int) {
		r := row{x: append(measures(text), 1), sign: 1, kind: levelled, group: group}
		if !hard {
			r.sign = -1
		}
		*rows = append(*rows, r)
	}
	pairs, err := table(name, "pairs")
	if err != nil {
		return 0, err
	}
	for _, cells := range pairs {
		group++
		harder, simpler := measures(cells[0]), measures(cells[1])
		for i := range harder {
			harder[i] -= simpler[i]
		}
		*rows = append(*rows, row{x: append(harder, 0), sign: 1, kind: cells[2], group: group})
		if labels[cells[2]] {
			add(cells[0], true, group)
			add(cells[1], false, group)
		}
	}
	texts, err := table(name, "texts", "docs")
	if err != nil {
		return 0, err
	}
	topics := map[string]int{}
	for _, cells := range texts {
		group++
		at := group
		if topic := cells[len(cells)-1]; len(cells) > 3 && topic != "-" {
			if topics[topic] == 0 {
				topics[topic] = group
			}
			at = topics[topic]
		}
		switch cells[0] {
		case "B1":
			add(cells[1], false, at)
		case "B2", "C1", "HARD":
			add(cells[1], true, at)
		}
	}
	return group, nil
}

// table reads NAME-part.tsv, or part_NAME.tsv in the same folder.
func table(name string, parts ...string) ([][]string, error) {
	var tried []string
	for _, part := range parts {
		for _, path := range []string{name + "-" + part + ".tsv", filepath.Join(filepath.Dir(name), part+"_"+filepath.Base(name)+".tsv")} {
			raw, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				tried = append(tried, path)
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("fit: %w", err)
			}
			var all [][]string
			for line := range strings.Lines(string(raw)) {
				if cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t"); len(cells) > 2 {
					all = append(all, cells)
				}
			}
			return all, nil
		}
	}
	return nil, fmt.Errorf("fit: none of these files is there: %s", strings.Join(tried, ", "))
}

// weigh gives the rows of a kind together the weight of the kind.
func weigh(rows []row) {
	n := map[string]float64{}
	for _, r := range rows {
		n[r.kind]++
	}
	for i := range rows {
		rows[i].weight = kindWeights[rows[i].kind] / n[rows[i].kind]
	}
}

// fit minimises the logistic loss by gradient descent with momentum, each weight
// held at zero or above but for speaking to the reader, which is held below.
func fit(rows []row, measures []plain.Measure) []float64 {
	n := len(measures) + 1
	w, velocity := make([]float64, n), make([]float64, n)
	scale := make([]float64, n) // so that rare measures move as fast as common ones
	for _, r := range rows {
		for i, x := range r.x {
			scale[i] += r.weight * x * x
		}
	}
	for range rounds {
		gradient := make([]float64, n)
		for _, r := range rows {
			g := -r.weight * r.sign / (1 + math.Exp(r.sign*dot(w, r.x)))
			for i, x := range r.x {
				gradient[i] += g * x
			}
		}
		for i := range w {
			if i < n-1 {
				gradient[i] += 2 * shrink * w[i]
			}
			velocity[i] = 0.9*velocity[i] - step*gradient[i]/(scale[i]+0.05)
			w[i] += velocity[i]
			switch {
			case i == n-1:
			case measures[i].Name == addressed && w[i] > 0, measures[i].Name != addressed && w[i] < 0:
				w[i], velocity[i] = 0, 0
			}
		}
	}
	return w
}

func dot(w, x []float64) float64 {
	sum := 0.0
	for i := range w {
		sum += w[i] * x[i]
	}
	return sum
}

// judged is a row with the score that weights gave that did not know it.
type judged struct {
	row
	score float64
}

func report(all []judged) {
	right, n := map[string]float64{}, map[string]float64{}
	var hard, easy []float64
	for _, j := range all {
		switch {
		case j.kind == levelled && j.sign > 0:
			hard = append(hard, j.score)
		case j.kind == levelled:
			easy = append(easy, j.score)
		default:
			n[j.kind]++
			right[j.kind] += won(j.score)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		fmt.Printf("\t%-18s %4.0f pairs, %5.1f%% right\n", kind, n[kind], 100*right[kind]/n[kind])
	}
	auroc := 0.0
	for _, h := range hard {
		for _, e := range easy {
			auroc += won(h-e) / float64(len(hard)*len(easy))
		}
	}
	fmt.Printf("\tB1 against harder: AUROC %.3f (%d and %d texts)\n", auroc, len(easy), len(hard))
	for _, border := range []float64{-0.6, -0.3, 0, 0.3, 0.6} {
		fmt.Printf("\tborder at %+.1f: %.1f%% caught, %.1f%% wrongly flagged\n", border, 100*above(hard, border), 100*above(easy, border))
	}
}

func won(difference float64) float64 { return 0.5 + 0.5*float64(cmp.Compare(difference, 0)) }

func above(scores []float64, border float64) float64 {
	n := 0.0
	for _, s := range scores {
		if s > border {
			n++
		}
	}
	return n / float64(len(scores))
}

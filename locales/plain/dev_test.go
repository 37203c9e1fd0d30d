package plain_test

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/balie-nl/balie/locales/plain"
)

// rows reads a table of the development sets, which are no part of this
// repository. They lie beside it, or where BALIE_SHARED says.
func rows(tb testing.TB, name string, columns int) [][]string {
	tb.Helper()
	shared := cmp.Or(os.Getenv("BALIE_SHARED"), filepath.Join("..", "..", "..", "shared"))
	raw, err := os.ReadFile(filepath.Join(shared, "eval", "b1", name))
	if err != nil {
		tb.Skipf("no development set (set BALIE_SHARED to the folder that has eval/b1): %v", err)
	}
	var all [][]string
	for line := range strings.Lines(string(raw)) {
		if cells := strings.Split(strings.TrimRight(line, "\r\n"), "\t"); len(cells) >= columns {
			all = append(all, cells)
		}
	}
	return all
}

// scorer gives a text a score; the ablation leaves a measure out.
type scorer func(text string) float64

// pairSources are the kinds of pairs that the mean is taken of.
var pairSources = []string{"amsterdam-strict", "hobo-lexical", "authored-L", "authored-K", "authored-S", "authored-P"}

// levelled are the kinds of pairs of which one side is B1 and the other harder.
var levelled = []string{"authored-M", "authored-S", "authored-X", "authored-K"}

// figures are those of eval_b1.py, as shares.
type figures struct {
	pairs             map[string]float64 // simpler side ranked easier, by source
	mean              float64            // of pairSources
	auroc             float64            // harder than B1 against B1
	caught, falseFlag float64            // at a score of zero
	longReplies       float64            // B1 replies with long words and names that are flagged
}

func measured(tb testing.TB, score scorer) figures {
	tb.Helper()
	f := figures{pairs: map[string]float64{}}
	n := map[string]float64{}
	var easy, hard, replies []float64
	for _, row := range rows(tb, "pairs_dev.tsv", 3) {
		harder, simpler := score(row[0]), score(row[1])
		n[row[2]]++
		f.pairs[row[2]] += won(harder, simpler)
		if slices.Contains(levelled, row[2]) {
			hard, easy = append(hard, harder), append(easy, simpler)
		}
	}
	for source := range f.pairs {
		f.pairs[source] /= n[source]
	}
	for _, source := range pairSources {
		f.mean += f.pairs[source] / float64(len(pairSources))
	}
	for _, row := range rows(tb, "docs_dev.tsv", 3) {
		switch s := score(row[1]); row[0] {
		case "B1":
			easy = append(easy, s)
			if row[2] == "authored-reply" {
				replies = append(replies, s)
			}
		case "B2", "C1", "HARD":
			hard = append(hard, s)
		}
	}
	for _, h := range hard {
		for _, e := range easy {
			f.auroc += won(h, e) / float64(len(hard)*len(easy))
		}
	}
	f.caught, f.falseFlag, f.longReplies = above(hard), above(easy), above(replies)
	return f
}

func won(harder, simpler float64) float64 {
	switch cmp.Compare(harder, simpler) {
	case 1:
		return 1
	case 0:
		return 0.5
	}
	return 0
}

func above(scores []float64) float64 {
	n := 0.0
	for _, s := range scores {
		if s > 0 {
			n++
		}
	}
	return n / float64(len(scores))
}

func (f figures) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Amsterdam strict %.1f, mean of pairs %.1f, AUROC %.3f, caught %.0f, wrongly flagged %.0f, replies wrongly flagged %.0f;",
		100*f.pairs["amsterdam-strict"], 100*f.mean, f.auroc, 100*f.caught, 100*f.falseFlag, 100*f.longReplies)
	for _, source := range slices.Sorted(maps.Keys(f.pairs)) {
		fmt.Fprintf(&b, " %s %.1f", source, 100*f.pairs[source])
	}
	return b.String()
}

// TestDevelopmentFigures prints the figures on the development half, and fails
// when they fall far below what was reached. It guards against mistakes; the bars
// that the checker must pass are higher.
func TestDevelopmentFigures(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	f := measured(t, func(text string) float64 { return c.Check(text, plain.B1).Score })
	t.Log(f)
	for _, floor := range []struct {
		name       string
		got, least float64
	}{
		{"Amsterdam strict", f.pairs["amsterdam-strict"], 0.82},
		{"mean of pairs", f.mean, 0.90},
		{"AUROC", f.auroc, 0.97},
		{"caught", f.caught, 0.92},
		{"not wrongly flagged", 1 - f.falseFlag, 0.95},
	} {
		if floor.got < floor.least {
			t.Errorf("%s is %.3f, was above %.3f", floor.name, floor.got, floor.least)
		}
	}
}

// TestAblation prints what each measure is worth: the figures when it is left out
// of the score, its weight not shared out again. Run it with -v.
func TestAblation(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	type judged struct {
		score float64
		parts map[string]float64
	}
	memo := map[string]judged{}
	judge := func(text string) judged {
		if j, ok := memo[text]; ok {
			return j
		}
		r := c.Check(text, plain.B1)
		j := judged{r.Score, map[string]float64{}}
		for _, m := range r.Measures {
			j.parts[m.Name] = m.Part
		}
		memo[text] = j
		return j
	}
	all := measured(t, func(text string) float64 { return judge(text).score })
	t.Logf("%-28s %6.1f %6.1f %6.3f", "all measures", 100*all.pairs["amsterdam-strict"], 100*all.mean, all.auroc)
	least := 1.0
	for _, m := range c.Check("", plain.B1).Measures {
		f := measured(t, func(text string) float64 { j := judge(text); return j.score - j.parts[m.Name] })
		t.Logf("%-28s %+6.1f %+6.1f %+6.3f", m.Name, 100*(f.pairs["amsterdam-strict"]-all.pairs["amsterdam-strict"]), 100*(f.mean-all.mean), f.auroc-all.auroc)
		least = min(least, f.mean)
	}
	if least >= all.mean {
		t.Error("no measure is worth anything")
	}
}

// TestHardWords measures the flags on words: all of the fine ones must stay free.
func TestHardWords(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	found, hard := 0, rows(t, "words_dev.tsv", 4)[1:]
	for _, row := range hard {
		surfaces := strings.Split(strings.ToLower(row[2]), ";")
		if slices.ContainsFunc(c.Check(row[3], plain.B1).Flags, func(f plain.Flag) bool {
			return slices.ContainsFunc(surfaces, func(s string) bool {
				text := strings.ToLower(f.Text)
				return strings.Contains(text, s) || strings.Contains(s, text)
			})
		}) {
			found++
		} else {
			t.Logf("not flagged: %s", row[3])
		}
	}
	t.Logf("%d of %d hard words flagged", found, len(hard))
	if 10*found < 9*len(hard) {
		t.Errorf("only %d of %d hard words flagged", found, len(hard))
	}
	for _, row := range rows(t, "words_ok.tsv", 2)[1:] {
		for _, f := range c.Check(row[1], plain.B1).Flags {
			if strings.Contains(strings.ToLower(f.Text), row[0]) {
				t.Errorf("%s: %+v", row[1], f)
			}
		}
	}
}

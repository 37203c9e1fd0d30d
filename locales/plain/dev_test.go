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

// A collection is a set of texts to measure on: pairs of a harder and a simpler text,
// texts of known level, hard words and plain words in sentences.
type collection struct{ pairs, texts, words, plain string }

// writers are our own: texts that were written to measure on, by people who did not
// know the checker nor its lists.
func writers(name string) collection {
	start := filepath.Join("testdata", "writers", name)
	return collection{start + "-pairs.tsv", start + "-texts.tsv", start + "-words.tsv", start + "-fine.tsv"}
}

// development is the development half of a set that is no part of this repository.
// It lies beside it, or where BALIE_SHARED says.
func development(tb testing.TB) collection {
	tb.Helper()
	folder := filepath.Join(cmp.Or(os.Getenv("BALIE_SHARED"), filepath.Join("..", "..", "..", "shared")), "eval", "b1")
	if _, err := os.Stat(folder); err != nil {
		tb.Skipf("no development set (set BALIE_SHARED to the folder that has eval/b1): %v", err)
	}
	at := func(name string) string { return filepath.Join(folder, name) }
	return collection{at("pairs_dev.tsv"), at("docs_dev.tsv"), at("words_dev.tsv"), at("words_ok.tsv")}
}

func rows(tb testing.TB, path string, columns int) [][]string {
	tb.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
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

func measured(tb testing.TB, set collection, score scorer) figures {
	tb.Helper()
	f := figures{pairs: map[string]float64{}}
	n := map[string]float64{}
	var easy, hard, replies []float64
	for _, row := range rows(tb, set.pairs, 3) {
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
	kinds := 0.0
	for _, source := range pairSources {
		if n[source] > 0 {
			f.mean += f.pairs[source]
			kinds++
		}
	}
	f.mean /= kinds
	for _, row := range rows(tb, set.texts, 3) {
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

// TestFigures prints the figures on each set, and fails when they fall below what was
// reached. It guards against mistakes.
func TestFigures(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	type floors struct{ mean, auroc, caught, notFlagged float64 }
	check := func(t *testing.T, set collection, least floors) figures {
		t.Helper()
		f := measured(t, set, func(text string) float64 { return c.Check(text, plain.B1).Score })
		t.Log(f)
		for _, floor := range []struct {
			name       string
			got, least float64
		}{
			{"mean of pairs", f.mean, least.mean},
			{"AUROC", f.auroc, least.auroc},
			{"caught", f.caught, least.caught},
			{"not wrongly flagged", 1 - f.falseFlag, least.notFlagged},
		} {
			if floor.got < floor.least {
				t.Errorf("%s is %.3f, was above %.3f", floor.name, floor.got, floor.least)
			}
		}
		return f
	}
	for name, least := range map[string]floors{"a": {0.97, 0.985, 0.93, 0.97}, "b": {0.95, 0.985, 0.95, 0.97}} {
		t.Run("writer "+name, func(t *testing.T) {
			t.Parallel()
			check(t, writers(name), least)
		})
	}
	t.Run("development", func(t *testing.T) {
		t.Parallel()
		f := check(t, development(t), floors{0.94, 0.975, 0.94, 0.95})
		if got := f.pairs["amsterdam-strict"]; got < 0.85 {
			t.Errorf("Amsterdam strict is %.3f, was above 0.85", got)
		}
	})
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
	set := development(t)
	all := measured(t, set, func(text string) float64 { return judge(text).score })
	t.Logf("%-28s %6.1f %6.1f %6.3f", "all measures", 100*all.pairs["amsterdam-strict"], 100*all.mean, all.auroc)
	least := 1.0
	for _, m := range c.Check("", plain.B1).Measures {
		f := measured(t, set, func(text string) float64 { j := judge(text); return j.score - j.parts[m.Name] })
		t.Logf("%-28s %+6.1f %+6.1f %+6.3f", m.Name, 100*(f.pairs["amsterdam-strict"]-all.pairs["amsterdam-strict"]), 100*(f.mean-all.mean), f.auroc-all.auroc)
		least = min(least, f.mean)
	}
	if least >= all.mean {
		t.Error("no measure is worth anything")
	}
}

// TestHardWords measures the flags on words: nearly all hard ones must be flagged,
// most with a proposal that somebody else thought of too, and no plain one.
func TestHardWords(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	check := func(t *testing.T, set collection) {
		t.Helper()
		found, good, hard := 0, 0, rows(t, set.words, 4)[1:]
		for _, row := range hard {
			surfaces, alternatives := strings.Split(strings.ToLower(row[2]), ";"), strings.Split(strings.ToLower(row[1]), ";")
			flags := c.Check(row[3], plain.B1).Flags
			i := slices.IndexFunc(flags, func(f plain.Flag) bool {
				return slices.ContainsFunc(surfaces, func(s string) bool {
					text := strings.ToLower(f.Text)
					return strings.Contains(text, strings.TrimSpace(s)) || strings.Contains(s, text)
				})
			})
			if i < 0 {
				t.Logf("not flagged: %s", row[3])
				continue
			}
			found++
			if slices.ContainsFunc(flags[i].Instead, func(proposal string) bool {
				return slices.ContainsFunc(alternatives, func(a string) bool { return strings.Contains(proposal, strings.TrimSpace(a)) })
			}) {
				good++
			} else {
				t.Logf("%s: proposes %q, not %q", row[0], flags[i].Instead, row[1])
			}
		}
		t.Logf("%d of %d hard words flagged, %d with one of the proposals of the set", found, len(hard), good)
		if 10*found < 9*len(hard) {
			t.Errorf("only %d of %d hard words flagged", found, len(hard))
		}
		for _, row := range rows(t, set.plain, 2)[1:] {
			for _, f := range c.Check(row[1], plain.B1).Flags {
				if strings.Contains(strings.ToLower(f.Text), row[0]) {
					t.Errorf("%s: %+v", row[1], f)
				}
			}
		}
	}
	t.Run("writer a", func(t *testing.T) {
		t.Parallel()
		check(t, writers("a"))
	})
	t.Run("development", func(t *testing.T) {
		t.Parallel()
		check(t, development(t))
	})
}

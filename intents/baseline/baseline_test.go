package baseline_test

import (
	"context"
	"errors"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/baseline"
	"github.com/balie-nl/balie/intents/evaluation"
)

// sentences yields "text=label" pairs.
func sentences(pairs ...string) iter.Seq2[string, bot.Intent] {
	return func(yield func(string, bot.Intent) bool) {
		for _, p := range pairs {
			text, label, _ := strings.Cut(p, "=")
			if !yield(text, bot.Intent(label)) {
				return
			}
		}
	}
}

func trained(tb testing.TB, pairs ...string) *baseline.Model {
	tb.Helper()
	m, err := baseline.Train(tb.Context(), sentences(pairs...))
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// TestTwoSentences has a problem that can be solved on paper. Two texts without
// a common letter group are rows of length 1 at a right angle. The best weights
// are a along the one and -a along the other without a bias, where a minimises
// a²+2(1-a)²: two thirds. So the margins of a text are 2/3 and -2/3.
func TestTwoSentences(t *testing.T) {
	t.Parallel()
	got := trained(t, "aa=first", "bb=second").Rank("aa", 5)
	want := 1 / (1 + math.Exp(-4.0/3))
	if len(got) != 2 || got[0].Intent != "first" || math.Abs(got[0].Confidence-want) > 1e-3 || math.Abs(got[1].Confidence-(1-want)) > 1e-3 {
		t.Errorf("Rank = %v, want first with %.4f", got, want)
	}
}

func few(tb testing.TB) *baseline.Model {
	tb.Helper()
	return trained(tb,
		"mijn paspoort is kwijt=paspoort", "wat kost een paspoort=paspoort", "paspoort verlengen=paspoort",
		"ik ga verhuizen=verhuizing", "nieuw adres doorgeven=verhuizing", "wij verhuizen volgende week=verhuizing",
		"wat voor weer wordt het=out_of_scope", "vertel een mop=out_of_scope", "Café één ☕=out_of_scope")
}

func TestRank(t *testing.T) {
	t.Parallel()
	m := few(t)
	for text, want := range map[string]bot.Intent{
		"Paspoort kwijt!":   "paspoort",
		"PASPOORTJE":        "paspoort",
		"de verhuizing":     "verhuizing",
		"een mop vertellen": bot.OutOfScope,
		"het café":          bot.OutOfScope,
	} {
		if got := m.Rank(text, 1); len(got) != 1 || got[0].Intent != want {
			t.Errorf("Rank(%q) = %v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", " ", "paspoort", "\xff\xfe", "zzz"} {
		got := m.Rank(text, 9)
		sum := 0.0
		for _, c := range got {
			sum += c.Confidence
		}
		if len(got) != 3 || math.Abs(sum-1) > 1e-9 || got[0].Confidence < got[1].Confidence || got[1].Confidence < got[2].Confidence {
			t.Errorf("Rank(%q) = %v", text, got)
		}
	}
}

func TestTrainingIsReproducible(t *testing.T) {
	t.Parallel()
	first, second := few(t), few(t)
	for _, text := range []string{"paspoort", "verhuis", "iets anders"} {
		if a, b := first.Rank(text, 3), second.Rank(text, 3); !slices.Equal(a, b) {
			t.Errorf("Rank(%q) = %v and %v", text, a, b)
		}
	}
}

func TestTrainFails(t *testing.T) {
	t.Parallel()
	for _, pairs := range [][]string{nil, {"a=one", "b=one"}} {
		if _, err := baseline.Train(t.Context(), sentences(pairs...)); err == nil || !strings.Contains(err.Error(), "labels") {
			t.Errorf("training on %q gives %v", pairs, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := baseline.Train(ctx, sentences("a=one", "b=two")); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training gives %v", err)
	}
}

// massive reads a part of the Dutch MASSIVE set, which is not part of this
// repository. It lies beside it, or where BALIE_SHARED says.
func massive(tb testing.TB, part string) []evaluation.Message {
	tb.Helper()
	shared := os.Getenv("BALIE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "shared")
	}
	file, err := os.Open(filepath.Join(shared, "eval", "general", "massive_nl_"+part+".tsv"))
	if err != nil {
		tb.Skipf("no MASSIVE set (set BALIE_SHARED to the folder that has eval/general): %v", err)
	}
	defer file.Close()
	set, err := evaluation.ReadSet(file)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func labelled(set []evaluation.Message) iter.Seq2[string, bot.Intent] {
	return func(yield func(string, bot.Intent) bool) {
		for _, m := range set {
			if !yield(m.Text, m.Intent) {
				return
			}
		}
	}
}

// TestMassive holds the figure against that of scikit-learn with the same
// recipe, 84.5% (MASSIVE 1.1: FitzGerald et al. 2022).
func TestMassive(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("training on MASSIVE is slow: not with -short or the race detector")
	}
	t.Parallel()
	set, test := massive(t, "train"), massive(t, "test")
	m, err := baseline.Train(t.Context(), labelled(set))
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, message := range test {
		if m.Rank(message.Text, 1)[0].Intent == message.Intent {
			right++
		}
	}
	accuracy := 100 * float64(right) / float64(len(test))
	t.Logf("%d of %d right, %.2f%%", right, len(test), accuracy)
	if math.Abs(accuracy-84.5) > 0.7 {
		t.Errorf("accuracy %.2f%%, want 84.5%%", accuracy)
	}
}

func BenchmarkTrain(b *testing.B) {
	set := massive(b, "train")
	for b.Loop() {
		if _, err := baseline.Train(b.Context(), labelled(set)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRank(b *testing.B) {
	m := few(b)
	b.ReportAllocs()
	for b.Loop() {
		m.Rank("ik ben mijn paspoort kwijt en ga verhuizen", 3)
	}
}

package evaluation_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/evaluation"
)

// recorded is a classifier whose candidates were written down.
type recorded map[string][]bot.Candidate

func (r recorded) Rank(text string, n int) []bot.Candidate {
	return r[text][:min(n, len(r[text]))]
}

// deciding also has decisions.
type deciding struct {
	recorded
	decisions map[string]bot.Understanding
}

func (d deciding) Understand(text string) bot.Understanding { return d.decisions[text] }

// stepping is a clock that goes a step ahead each time it is read.
func stepping(step time.Duration) func() time.Time {
	var reads atomic.Int64
	return func() time.Time { return time.Unix(0, 0).Add(time.Duration(reads.Add(1)) * step) }
}

func candidates(pairs ...any) []bot.Candidate {
	var all []bot.Candidate
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, bot.Candidate{Intent: bot.Intent(pairs[i].(string)), Confidence: pairs[i+1].(float64)})
	}
	return all
}

// golden reads the set of testdata and a classifier with its predictions.
func golden(t *testing.T) ([]evaluation.Message, recorded) {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "set.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	set, err := evaluation.ReadSet(file)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "predictions.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	c := recorded{}
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		label, confidence, _ := strings.Cut(line, "\t")
		x, err := strconv.ParseFloat(confidence, 64)
		if err != nil {
			t.Fatal(err)
		}
		c[set[i].Text] = candidates(label, x)
	}
	return set, c
}

// reference is what the reference evaluator, a program in another language,
// computes of testdata/predictions.tsv.
type reference struct {
	Accuracy       float64    `json:"acc_forced"`
	Interval       [2]float64 `json:"acc_ci95"`
	MacroF1        float64    `json:"macro_f1"`
	MacroF1InScope float64    `json:"macro_f1_is"`
	All            float64    `json:"acc_all"`
	PerStyle       map[string]struct {
		Accuracy float64 `json:"acc"`
		Messages int     `json:"n"`
	} `json:"per_style"`
	AUROC      float64 `json:"auroc_oos"`
	Recognised float64 `json:"oos_recall_forced"`
	AtRecall   map[string]struct {
		Accuracy  float64 `json:"acc"`
		Coverage  float64 `json:"coverage"`
		Threshold float64 `json:"threshold"`
	} `json:"acc_at_oos_recall"`
	AtCoverage map[string]float64 `json:"acc_at_coverage"`
	ECE        float64            `json:"ece"`
	Critical   map[string]float64 `json:"critical"`
	Worst      [][2]any           `json:"worst_intents"`
	Confusions [][3]any           `json:"confusions"`
}

func TestAgreesWithTheReference(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("testdata", "figures.json"))
	if err != nil {
		t.Fatal(err)
	}
	var want reference
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	set, c := golden(t)
	r := evaluation.Measure(c, set, stepping(time.Millisecond))
	same := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	same("accuracy", r.Accuracy.Value(), want.Accuracy)
	same("lower end", r.AccuracyInterval[0], want.Interval[0])
	same("upper end", r.AccuracyInterval[1], want.Interval[1])
	same("macro-F1", r.MacroF1, want.MacroF1)
	same("macro-F1 in scope", r.MacroF1InScope, want.MacroF1InScope)
	same("accuracy of all labels", r.AccuracyAll.Value(), want.All)
	same("AUROC", r.OutOfScope.AUROC, want.AUROC)
	same("out of scope recognised", r.OutOfScope.Recognised.Value(), want.Recognised)
	same("ECE", r.Calibration.ECE, want.ECE)
	if len(r.Styles) != len(want.PerStyle) || len(r.OutOfScope.AtRecall) != len(want.AtRecall) || len(r.Coverage) != len(want.AtCoverage) {
		t.Fatalf("the report lacks a part: %+v", r)
	}
	for _, s := range r.Styles {
		same("style "+s.Name, s.Accuracy.Value(), want.PerStyle[s.Name].Accuracy)
		same("messages of style "+s.Name, float64(s.Accuracy.Of), float64(want.PerStyle[s.Name].Messages))
	}
	for _, a := range r.OutOfScope.AtRecall {
		w := want.AtRecall[strconv.FormatFloat(a.Recall, 'g', -1, 64)]
		same("right at recall", a.Right.Value(), w.Accuracy)
		same("answered at recall", a.Answered.Value(), w.Coverage)
		same("threshold at recall", a.Threshold, w.Threshold)
	}
	for _, c := range r.Coverage {
		same("accuracy of the surest", c.Accuracy.Value(), want.AtCoverage[strconv.FormatFloat(c.Part, 'g', -1, 64)])
	}
	for _, s := range r.Safety.Recall {
		same("recall of "+string(s.Intent), s.Found.Value(), want.Critical[string(s.Intent)])
	}
	same("safety labels", float64(len(r.Safety.Recall)), float64(len(want.Critical)-2))
	same("safety together", r.Safety.Together.Value(), want.Critical["any_critical"])
	same("false alarms", r.Safety.FalseAlarms.Value(), want.Critical["false_alarm_rate"])
	labels := slices.DeleteFunc(slices.Clone(r.Labels), func(l evaluation.Label) bool { return l.Intent == bot.OutOfScope })
	if len(labels) != len(want.Worst) || len(labels) == len(r.Labels) {
		t.Fatalf("labels %v, want %v and %s", r.Labels, want.Worst, bot.OutOfScope)
	}
	for i, w := range want.Worst {
		if labels[i].Intent != bot.Intent(w[1].(string)) || math.Abs(labels[i].F1-w[0].(float64)) > 0.0005 {
			t.Errorf("label %d is %v, want %v", i, labels[i], w)
		}
	}
	for i, w := range want.Confusions {
		if got := r.Confusions[i]; string(got.Want) != w[0] || string(got.Got) != w[1] || float64(got.Count) != w[2] {
			t.Errorf("confusion %d is %v, want %v", i, got, w)
		}
	}
}

func TestFiguresOnPaper(t *testing.T) {
	t.Parallel()
	set := []evaluation.Message{{"a", "one", "x"}, {"b", "one", "y"}, {"c", "two", "x"}, {"d", "two", "x"}}
	r := evaluation.Measure(recorded{
		"a": candidates("one", 0.9, "two", 0.1),
		"b": candidates("two", 0.6, "three", 0.3, "one", 0.1),
		"c": candidates("two", 0.95, "one", 0.05),
		"d": candidates("three", 0.4, "four", 0.3, "five", 0.2, "two", 0.1),
	}, set, stepping(time.Millisecond))
	if r.Accuracy != (evaluation.Share{Count: 2, Of: 4}) || r.Top3 != (evaluation.Share{Count: 3, Of: 4}) {
		t.Errorf("accuracy %v, among the best 3 %v", r.Accuracy, r.Top3)
	}
	want := []evaluation.Label{
		{Intent: "two", Messages: 2, Precision: 0.5, Recall: 0.5, F1: 0.5},
		{Intent: "one", Messages: 2, Precision: 1, Recall: 0.5, F1: 2.0 / 3},
	}
	if !slices.Equal(r.Labels, want) {
		t.Errorf("labels %v, want %v", r.Labels, want)
	}
	if b := r.Calibration.Bins[9]; b.Right != (evaluation.Share{Count: 2, Of: 2}) || math.Abs(b.Confidence-0.925) > 1e-12 {
		t.Errorf("the last bin is %v", b)
	}
	if math.Abs(r.Calibration.ECE-(0.15+0.6+0.4)/4) > 1e-12 {
		t.Errorf("ECE is %v", r.Calibration.ECE)
	}
	if r.OutOfScope != nil || r.Safety != nil || r.Decisions != nil {
		t.Errorf("figures of nothing: %+v", r)
	}
	// Each message takes a step of the clock, and so does the set at once.
	if r.Speed.P50 != time.Millisecond || r.Speed.P99 != time.Millisecond || r.Speed.PerSecond != 4000 {
		t.Errorf("speed %+v", r.Speed)
	}
}

func TestPercentiles(t *testing.T) {
	t.Parallel()
	set := make([]evaluation.Message, 100)
	for i := range set {
		set[i] = evaluation.Message{Text: strconv.Itoa(i), Intent: "one", Style: "x"}
	}
	reads := 0
	clock := func() time.Time { // the k-th message takes k milliseconds
		reads++
		k := reads / 2
		return time.UnixMilli(int64(k * (k + 1) / 2))
	}
	s := evaluation.Measure(recorded{}, set, clock).Speed
	if s.P50 != 51*time.Millisecond || s.P95 != 96*time.Millisecond || s.P99 != 100*time.Millisecond {
		t.Errorf("percentiles of 1 to 100 ms: %v, %v, %v", s.P50, s.P95, s.P99)
	}
}

func TestDecisions(t *testing.T) {
	t.Parallel()
	answer := func(label string) bot.Understanding {
		return bot.Understanding{Decision: bot.Answer, Candidates: candidates(label, 0.9)}
	}
	ask := bot.Understanding{Decision: bot.Clarify, Candidates: candidates("one", 0.3, "two", 0.2)}
	refuse := bot.Understanding{Decision: bot.Refuse}
	for name, tt := range map[string]struct {
		label bot.Intent
		does  bot.Understanding
		want  evaluation.Outcomes
		cost  float64
	}{
		"right":                  {"one", answer("one"), evaluation.Outcomes{AnsweredRight: 1}, 0},
		"wrong":                  {"one", answer("two"), evaluation.Outcomes{AnsweredWrong: 1}, 5},
		"asked with":             {"two", ask, evaluation.Outcomes{AskedWith: 1}, 1},
		"asked without":          {"three", ask, evaluation.Outcomes{AskedWithout: 1}, 2},
		"refused":                {"one", refuse, evaluation.Outcomes{Refused: 1}, 2},
		"out of scope":           {bot.OutOfScope, refuse, evaluation.Outcomes{Refused: 1}, 0},
		"out of scope, answered": {bot.OutOfScope, answer("one"), evaluation.Outcomes{AnsweredWrong: 1}, 5},
		"out of scope, asked":    {bot.OutOfScope, ask, evaluation.Outcomes{AskedWithout: 1}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := deciding{recorded{}, map[string]bot.Understanding{"a": tt.does, "b": answer("one")}}
			set := []evaluation.Message{{"a", tt.label, "x"}, {"b", "one", "x"}}
			want := evaluation.Decisions{InScope: tt.want, Cost: tt.cost / 2}
			if tt.label == bot.OutOfScope {
				want.InScope, want.OutOfScope = evaluation.Outcomes{}, tt.want
			}
			want.InScope.AnsweredRight++
			if got := evaluation.Measure(c, set, time.Now).Decisions; got == nil || *got != want {
				t.Errorf("decisions %+v, want %+v", got, want)
			}
		})
	}
}

// TestOddClassifiers has answers that a classifier may give besides a label with
// a probability.
func TestOddClassifiers(t *testing.T) {
	t.Parallel()
	set := []evaluation.Message{{"a", "one", "x"}, {"b", bot.OutOfScope, "x"}}
	silent := evaluation.Measure(recorded{}, set, stepping(0))
	if silent.Accuracy.Count != 0 || silent.OutOfScope.Recognised.Count != 1 || silent.OutOfScope.AUROC != 0.5 {
		t.Errorf("no candidates: %+v", silent)
	}
	scores := evaluation.Measure(recorded{"a": candidates("one", 7.5), "b": candidates("one", -3.0)}, set, stepping(0))
	if scores.Calibration != nil || scores.OutOfScope.AUROC != 1 || scores.Speed.PerSecond != 0 {
		t.Errorf("scores that are no probabilities: %+v", scores)
	}
	if _, err := json.Marshal(silent); err != nil {
		t.Error(err)
	}
	outside := evaluation.Measure(recorded{}, set[1:], stepping(0))
	if outside.Accuracy.Of != 0 || outside.Coverage != nil || outside.MacroF1 != 0 {
		t.Errorf("a set without messages in scope: %+v", outside)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	// The values of p are those of the reference evaluator.
	for _, tt := range []struct {
		first, second int
		p             float64
	}{
		{0, 0, 1}, {1, 0, 1}, {5, 1, 0.21875}, {1, 5, 0.21875}, {16, 17, 1}, {30, 10, 0.002221433773229305},
	} {
		var set []evaluation.Message
		one, two := recorded{}, recorded{}
		add := func(first, second string) {
			text := strconv.Itoa(len(set))
			set = append(set, evaluation.Message{Text: text, Intent: "right", Style: "x"})
			one[text], two[text] = candidates(first, 0.5), candidates(second, 0.5)
		}
		for range tt.first {
			add("right", "wrong")
		}
		for range tt.second {
			add("wrong", "right")
		}
		add("right", "right")
		add("wrong", "wrong")
		a, b := evaluation.Measure(one, set, stepping(1)), evaluation.Measure(two, set, stepping(1))
		got, err := evaluation.Compare(a, b)
		if err != nil || got.OnlyFirst != tt.first || got.OnlySecond != tt.second || math.Abs(got.P-tt.p) > 1e-9 {
			t.Errorf("Compare = %+v, %v, want %+v", got, err, tt)
		}
		if _, err := evaluation.Compare(a, evaluation.Measure(two, set[1:], stepping(1))); err == nil {
			t.Error("reports on different sets are compared")
		}
	}
}

func TestInterval(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		share     evaluation.Share
		low, high float64
	}{
		{evaluation.Share{}, 0, 0},
		{evaluation.Share{Count: 0, Of: 10}, 0, 0.2775401687666165},
		{evaluation.Share{Count: 10, Of: 10}, 0.7224598312333834, 1},
		{evaluation.Share{Count: 7, Of: 9}, 0.4525833436728054, 0.9367762376877727},
	} {
		if low, high := tt.share.Interval(); math.Abs(low-tt.low) > 1e-12 || math.Abs(high-tt.high) > 1e-12 {
			t.Errorf("interval of %v is %v to %v, want %v to %v", tt.share, low, high, tt.low, tt.high)
		}
	}
}

func TestWriteText(t *testing.T) {
	t.Parallel()
	set, c := golden(t)
	first := evaluation.Measure(deciding{c, nil}, set, stepping(2*time.Millisecond))
	second := evaluation.Measure(recorded{}, set, stepping(time.Millisecond))
	var b strings.Builder
	if err := evaluation.WriteText(&b, evaluation.Named{Name: "new", Report: first}, evaluation.Named{Name: "old", Report: second}); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(b.String()), " ")
	for _, want := range []string{
		"Accuracy in scope (15 messages) 60.0% 0.0%", "style lowlit (6) 50.0% 0.0%", "Out of scope recognised (5) 40.0% 100.0%",
		"noodgeval (2) 50.0% 0.0%", "offered 0.0% asked back, right one missing 0.0% refused 100.0%", "Time a message, median 2.000 ms 1.000 ms",
		"Weakest labels of new", "grofvuil taken for afval_ophalen 2", "90 to 100% 4 97.2% 100.0%",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q:\n%s", want, b.String())
		}
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines[0]) != len(lines[1]) {
		t.Errorf("columns are not aligned:\n%s", b.String())
	}
	if err := evaluation.WriteText(brokenWriter{}, evaluation.Named{Name: "new", Report: first}); !errors.Is(err, errBroken) {
		t.Errorf("a write error becomes %v", err)
	}
}

var errBroken = errors.New("broken pipe")

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

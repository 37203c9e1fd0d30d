package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fewMessages is a set that the embedded model knows, in the form that
// spreadsheets write.
const fewMessages = "\ufefftext\tintent\tstyle\r\n" +
	"ik wil een nieuw paspoort\tpaspoort\tplain\r\n" +
	"wij gaan volgende maand verhuizen\tverhuizing\tplain\r\n" +
	"rij bewijs kwijd\trijbewijs\tlowlit\r\n" +
	"er is brand in mijn huis\tnoodgeval\tplain\r\n" +
	"wie heeft de wedstrijd gewonnen\tout_of_scope\tplain\r\n"

// evaluated is what a test reads of the figures in JSON.
type evaluated []struct {
	File     string
	Messages int
	Edits    int
	Reports  []struct {
		Name     string
		Accuracy struct {
			Count, Of int
			Share     float64
		}
		Decisions *struct{ Cost float64 }
	}
	McNemar *struct{ P float64 }
}

func decoded(t *testing.T, raw string) evaluated {
	t.Helper()
	var e evaluated
	if err := json.Unmarshal([]byte(raw), &e); err != nil {
		t.Fatalf("%v:\n%s", err, raw)
	}
	return e
}

func TestEvalPrintsFigures(t *testing.T) {
	t.Parallel()
	plot := filepath.Join(t.TempDir(), "plot.svg")
	out, errOut, err := run(t, "", nil, "eval", write(t, fewMessages), "--plot", plot)
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	for _, want := range []string{": 5 messages\n", "Accuracy in scope (4 messages)", "style lowlit (1)", "noodgeval (1)", "Expected cost", "ms", "/s"} {
		if !strings.Contains(out, want) {
			t.Errorf("the figures lack %q:\n%s", want, out)
		}
	}
	if svg, err := os.ReadFile(plot); err != nil || !strings.Contains(string(svg), "4 of 4 messages in scope got the right label") {
		t.Errorf("the picture: %v\n%s", err, svg)
	}
}

func TestEvalWritesJSON(t *testing.T) {
	t.Parallel()
	set := write(t, fewMessages)
	out, _, err := run(t, "", nil, "eval", set, set, "--json", "-")
	if err != nil {
		t.Fatal(err)
	}
	got := decoded(t, out)
	if len(got) != 2 || got[1].Messages != 5 || got[1].Reports[0].Accuracy.Of != 4 || got[1].Reports[0].Accuracy.Share != 1 || got[1].Reports[0].Decisions == nil || got[1].McNemar != nil {
		t.Errorf("figures %s", out)
	}
	path := filepath.Join(t.TempDir(), "figures.json")
	if out, _, err = run(t, "", nil, "eval", set, "--json", path); err != nil || !strings.Contains(out, "Accuracy") {
		t.Errorf("eval with a JSON file prints %q, %v", out, err)
	}
	raw, err := os.ReadFile(path)
	if err != nil || len(decoded(t, string(raw))) != 1 {
		t.Errorf("figures %s, %v", raw, err)
	}
}

// TestEvalAddsTheSameMistakesForASeed compares confidences, which every mistake
// changes.
func TestEvalAddsTheSameMistakesForASeed(t *testing.T) {
	t.Parallel()
	set := write(t, fewMessages)
	confidences := func(args ...string) string {
		out, _, err := run(t, "", nil, append([]string{"eval", set}, args...)...)
		if err != nil {
			t.Fatal(err)
		}
		_, bins, _ := strings.Cut(out, "Confidence of")
		return bins
	}
	clean, first, again, other := confidences(), confidences("--edits", "3"), confidences("--edits", "3", "--seed", "1"), confidences("--edits", "3", "--seed", "2")
	if clean == first || first != again || first == other {
		t.Errorf("confidences without mistakes:%s\nwith:%s\nagain:%s\nof another seed:%s", clean, first, again, other)
	}
}

// TestModelOfATable trains on a table, and uses the model in each command that
// takes one.
func TestModelOfATable(t *testing.T) {
	t.Parallel()
	data := write(t, "zet het licht aan\tlicht\nlicht uit in de kamer\tlicht\ndoe de lampen aan\tlicht\nlampen uit\tlicht\n"+
		"maak me wakker om zes uur\twekker\nzet een wekker\twekker\nwekker om zeven uur\twekker\nwekker uit\twekker\n"+
		"wat kost brood\tout_of_scope\nbel mijn broer\tout_of_scope\n")
	set := write(t, "lampen aan in de kamer\tlicht\nwekker zetten om zes uur\twekker\n")
	model := filepath.Join(t.TempDir(), "model.bin")
	if _, errOut, err := run(t, "", nil, "train", "--data", data, "--out", model); err != nil {
		t.Fatalf("train: %v\n%s", err, errOut)
	}
	out, errOut, err := run(t, "lampen aan\n", nil, "classify", "--model", model)
	if err != nil || !strings.HasPrefix(out, "licht\t") {
		t.Errorf("classify = %q, %v\n%s", out, err, errOut)
	}
	out, errOut, err = run(t, "", nil, "eval", set, "--model", model, "--baseline", "--data", data)
	if err != nil {
		t.Fatalf("eval: %v\n%s", err, errOut)
	}
	for _, want := range []string{`balie +SVM\n`, `Accuracy in scope \(2 messages\) +100.0% +100.0%\n`, `only SVM: 0; exact McNemar test p = 1\n`} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("the comparison lacks %q:\n%s", want, out)
		}
	}
}

func TestEvalRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	set := write(t, fewMessages)
	for name, tt := range map[string]struct {
		args []string
		want string
	}{
		"no file":                {nil, "file"},
		"file not there":         {[]string{"/bestaat/niet.tsv"}, "/bestaat/niet.tsv"},
		"not a set":              {[]string{write(t, "a\tb\nno label\n")}, "line 2: no tab"},
		"not a model":            {[]string{set, "--model", set}, "balie train"},
		"negative edits":         {[]string{set, "--edits=-1"}, "--edits"},
		"plot of two":            {[]string{set, set, "--plot", "x.svg"}, "--plot"},
		"plot nowhere":           {[]string{set, "--plot", "/bestaat/niet/x.svg"}, "/bestaat/niet"},
		"sentences for naught":   {[]string{set, "--data", set}, "--baseline"},
		"two kinds of sentences": {[]string{set, "--baseline", "--data", set, "--sentences", t.TempDir()}, "together"},
		"table without labels":   {[]string{set, "--baseline", "--data", write(t, "text\tlabel\nzonder\n")}, "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, errOut, err := run(t, "", nil, append([]string{"eval"}, tt.args...)...)
			if err == nil || !strings.Contains(errOut, tt.want) {
				t.Errorf("the message lacks %q: %v\n%s", tt.want, err, errOut)
			}
		})
	}
}

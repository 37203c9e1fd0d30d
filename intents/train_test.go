package intents_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents"
)

// fewSentences is a training folder that is learnt in a blink.
func fewSentences() fstest.MapFS {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"paspoort.txt": file("mijn paspoort is kwijt\nwat kost een paspoort\npaspoort verlengen\nik wil een paspoort aanvragen\n" +
			"paspoort ophalen\nis mijn paspoort al klaar\n"),
		"verhuizing.txt": file("ik ga verhuizen\nhoe geef ik mijn verhuizing door\nnieuw adres doorgeven\nwij verhuizen naar een ander huis\n" +
			"verhuizen binnen de gemeente\nmijn adres wijzigen\n"),
		"out_of_scope.txt": file("wat voor weer wordt het\nwie heeft er gewonnen\nvertel een mop\nhoe bak ik pannenkoeken\nis er voetbal op tv\n" +
			"speel muziek\n"),
	}
}

func few(t testing.TB, folder fs.FS) *intents.Corpus {
	t.Helper()
	c, err := intents.ReadFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func trainFew(t *testing.T, seed uint64) []byte {
	t.Helper()
	m, err := intents.Train(t.Context(), few(t, fewSentences()), intents.TrainConfig{Seed: seed, Epochs: 6})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := m.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestTrainLearns(t *testing.T) {
	t.Parallel()
	e, err := intents.Open(bytes.NewReader(trainFew(t, 1)))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bot.Intent{
		"mijn paspoort verlengen": "paspoort",
		"me pas poort kweit":      "paspoort",
		"ik ga ferhuise":          "verhuizing",
		"vertel een mop":          "out_of_scope",
	} {
		if got := e.Classify(text); got.Intent != want {
			t.Errorf("Classify(%q) = %v, want %s", text, got, want)
		}
	}
}

func TestTrainIsReproducible(t *testing.T) {
	t.Parallel()
	first, second := trainFew(t, 3), trainFew(t, 3)
	if !bytes.Equal(first, second) {
		t.Error("the same seed and sentences gave two different models")
	}
	if bytes.Equal(first, trainFew(t, 4)) {
		t.Error("another seed gave the same model")
	}
}

func TestTrainReportsProgress(t *testing.T) {
	t.Parallel()
	calls, last, total := 0, 0, 0
	_, err := intents.Train(t.Context(), few(t, fewSentences()), intents.TrainConfig{Epochs: 2, Progress: func(done, of int, loss float64) {
		calls++
		if done != last+1 || math.IsNaN(loss) {
			t.Errorf("progress %d of %d with loss %g after %d", done, of, loss, last)
		}
		last, total = done, of
	}})
	if err != nil {
		t.Fatal(err)
	}
	if calls == 0 || last != total {
		t.Errorf("%d calls, the last said %d of %d", calls, last, total)
	}
}

func TestTrainStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := intents.Train(ctx, few(t, fewSentences()), intents.TrainConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Train with a cancelled context = %v", err)
	}
}

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	if m, err := intents.Train(t.Context(), few(t, fewSentences()), intents.TrainConfig{Epochs: -1}); err == nil {
		t.Errorf("Train with a negative number of epochs = %v", m)
	}
}

func TestReadFolderRefuses(t *testing.T) {
	t.Parallel()
	empty := fewSentences()
	empty["leeg.txt"] = &fstest.MapFile{Data: []byte("\n \n")}
	without := fewSentences()
	delete(without, "out_of_scope.txt")
	for name, folder := range map[string]fstest.MapFS{
		"no files":                 {},
		"a file without sentences": empty,
		"no out of scope":          without,
		"one intent":               {"out_of_scope.txt": fewSentences()["out_of_scope.txt"]},
	} {
		if c, err := intents.ReadFolder(folder); err == nil {
			t.Errorf("%s: ReadFolder = %v, want an error", name, c)
		}
	}
}

func TestReadTable(t *testing.T) {
	t.Parallel()
	c, err := intents.ReadTable(strings.NewReader("\ufefftext\tintent\tstyle\r\nzet het licht uit\tlamp\tplain\r\n\nmaak wakker om 7\twekker\n"))
	if err != nil {
		t.Fatal(err)
	}
	got := maps.Collect(c.All())
	want := map[string]bot.Intent{"zet het licht uit": "lamp", "maak wakker om 7": "wekker"}
	if !maps.Equal(got, want) {
		t.Errorf("All = %v, want %v", got, want)
	}
	for name, table := range map[string]string{
		"empty":          "",
		"no tab":         "zet het licht uit lamp\n",
		"no label":       "zet het licht uit\t\n",
		"a single label": "a\tx\nb\tx\n",
	} {
		if c, err := intents.ReadTable(strings.NewReader(table)); err == nil {
			t.Errorf("%s: ReadTable = %v, want an error", name, c)
		}
	}
}

// TestGraphAndFlatAgree guards the hand-written forward pass against the
// network that spago trained.
func TestGraphAndFlatAgree(t *testing.T) {
	t.Parallel()
	graph, flat, err := intents.BothLogits(t.Context(), fewSentences())
	if err != nil {
		t.Fatal(err)
	}
	if len(graph) == 0 || len(graph) != len(flat) {
		t.Fatalf("%d and %d sentences", len(graph), len(flat))
	}
	for i := range graph {
		for j := range graph[i] {
			if diff := math.Abs(float64(graph[i][j] - flat[i][j])); diff > 1e-3 {
				t.Errorf("sentence %d label %d: graph %g, flat %g", i, j, graph[i][j], flat[i][j])
			}
		}
	}
}

func TestCorpusHash(t *testing.T) {
	t.Parallel()
	base := few(t, fewSentences()).Hash()
	changed := fewSentences()
	changed["paspoort.txt"].Data = append(changed["paspoort.txt"].Data, "nog een zin\n"...)
	windows := fewSentences()
	windows["paspoort.txt"].Data = bytes.ReplaceAll(windows["paspoort.txt"].Data, []byte("\n"), []byte("\r\n"))
	if few(t, changed).Hash() == base {
		t.Error("one more sentence, but the same hash")
	}
	if few(t, windows).Hash() != base {
		t.Error("other line endings, another hash")
	}
}

// TestOtherSentences trains on labels of which none is ours: the model can be
// used, and no message is an emergency.
func TestOtherSentences(t *testing.T) {
	t.Parallel()
	c, err := intents.ReadTable(strings.NewReader("zet het licht aan\tlamp\nlicht uit graag\tlamp\nlamp aan\tlamp\nmaak me wakker om 7\twekker\n" +
		"zet de wekker\twekker\nwekker om zes uur\twekker\n"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := intents.Train(t.Context(), c, intents.TrainConfig{Epochs: 6})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if _, err := m.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	e, err := intents.Open(&file)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bot.Intent{"doe de lamp aan": "lamp", "wekker om 8": "wekker", "brand in mijn keuken, doe de lamp aan": "lamp"} {
		if got := e.Classify(text); got.Intent != want {
			t.Errorf("Classify(%q) = %v, want %s", text, got, want)
		}
	}
}

package intents_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/balie-nl/balie/intents"
)

// TestConceptFiles reads the lexicon of the program.
func TestConceptFiles(t *testing.T) {
	t.Parallel()
	if err := intents.CheckConcepts(intents.ConceptFiles()); err != nil {
		t.Error(err)
	}
}

func TestConcepts(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{"a.txt": {Data: []byte(`
# a remark
paspoort: reispas, paspoort*, paszport, جواز سفر
vergunning: *vergunning
parkeren: parkeer*, kart parkingow*
kort: bbz
huis: ev
`)}}
	for text, want := range map[string]string{
		"reispas":                  "paspoort",
		"mijn rijspas":             "paspoort", // sounds alike
		"paspoortje":               "paspoort",
		"Paszport!":                "paspoort",
		"جواز سفر":                 "paspoort",
		"جواز":                     "",
		"bouwvergunning":           "vergunning",
		"parkeervergunning":        "parkeren vergunning",
		"kart parkingowych":        "parkeren",
		"parkingowa kart":          "",
		"bbz":                      "kort",
		"bpz":                      "", // short words by letter
		"de ev van eva":            "huis",
		"niets daarvan":            "",
		"reispas en visvergunning": "paspoort vergunning",
	} {
		got, err := intents.FindConcepts(folder, text)
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q has concepts %q, want %q", text, s, want)
		}
	}
}

func TestConceptFilesAreChecked(t *testing.T) {
	t.Parallel()
	folder := fstest.MapFS{"a.txt": {Data: []byte("geen dubbele punt\nleeg: !!\nster: a*, be*\nlang: een twee drie vier vijf zes zeven\nmidden: pas*poort\nvoor: *twee woorden\n")}}
	err := intents.CheckConcepts(folder)
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"line 1", "line 2", "line 3", "line 4", "line 5", "line 6", "a.txt"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error does not name %s: %v", part, err)
		}
	}
}

package intents_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/balie-nl/balie/intents"
)

// minSentences is how few sentences an intent may have.
const minSentences = 60

// TestTrainingSentences checks the sentences themselves: enough of each, none
// twice, none under two intents, and none that is a message of the development
// set, which would make its figures worthless.
func TestTrainingSentences(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(intents.TrainingData(), "*.txt")
	if err != nil || len(names) != 63 {
		t.Fatalf("%d files of sentences, want 63: %v", len(names), err)
	}
	seen := map[string]string{}
	for _, name := range names {
		raw, err := fs.ReadFile(intents.TrainingData(), name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range strings.Lines(string(raw)) {
			sentence := strings.ToLower(strings.TrimSpace(line))
			if sentence == "" {
				continue
			}
			n++
			if before, ok := seen[sentence]; ok {
				t.Errorf("%q stands in %s and in %s", sentence, before, name)
			}
			seen[sentence] = name
		}
		if n < minSentences {
			t.Errorf("%s has %d sentences, want at least %d", name, n, minSentences)
		}
	}
	t.Run("none of the development set", func(t *testing.T) {
		t.Parallel()
		for _, m := range developmentSet(t) {
			if name, ok := seen[strings.ToLower(strings.TrimSpace(m.text))]; ok {
				t.Errorf("%q is a development message and stands in %s", m.text, name)
			}
		}
	})
}

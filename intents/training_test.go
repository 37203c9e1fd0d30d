package intents_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents"
)

// TestTrainingSentences checks the sentences themselves: enough of each, none
// twice, none under two intents, and none that is a message of the development
// set, which would make its figures worthless.
func TestTrainingSentences(t *testing.T) {
	t.Parallel()
	catalogue, err := intents.ReadCatalogue(intents.TrainingData())
	if err != nil {
		t.Fatal(err)
	}
	c := few(t, intents.TrainingData())
	for _, problem := range c.Lint(catalogue) {
		t.Error(problem)
	}
	seen := map[string]bot.Intent{}
	for text, label := range c.All() {
		seen[bare(text)] = label
	}
	t.Run("none of the development set", func(t *testing.T) {
		t.Parallel()
		for _, m := range developmentSet(t) {
			if name, ok := seen[bare(m.text)]; ok {
				t.Errorf("%q is a development message and stands in %s", m.text, name)
			}
		}
	})
}

// bare is the text in lower case, without spaces and punctuation around it.
func bare(text string) string {
	return strings.TrimFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

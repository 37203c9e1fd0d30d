package locales_test

import (
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/locales"
	"github.com/balie-nl/balie/locales/plain"
)

// TestEveryTextIsPlain has the checker judge every text in Dutch, at B1 and, for
// easier Dutch, at A2: no text is too hard, and no place is pointed at. Length,
// phrases and links are judged along with it.
func TestEveryTextIsPlain(t *testing.T) {
	t.Parallel()
	checker, err := plain.New("nl")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Open(locales.Options{
		Facts: exampleFacts(t), Zone: time.UTC,
		Gate: func(language string) (locales.Gate, error) {
			gate := locales.Gate{Segments: func(string) int { return 1 }, Today: time.Now()}
			if strings.HasPrefix(language, "nl") {
				gate.Plain = checker
			}
			return gate, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	problems, err := texts.Check()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if !p.Warning && p.Rule != "required" && p.Rule != "MC-04" {
			t.Error(p)
		}
	}
}

package bot_test

import (
	"testing"

	"github.com/balie-nl/balie/bot"
)

func TestProofRequest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"bewijs": 0, " Bewijs! ": 0, "/bewijs": 0, "BEWIJS B12": 12, "bewijs 12": 12, "bewijs b 12.": 12,
		"ik heb bewijs": -1, "bewijs van inschrijving": -1, "bewijs b": -1, "bewijs 99999999999999999999": -1, "": -1,
	} {
		got, ok := bot.ProofRequest(text)
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d, %t", text, got, ok)
		}
	}
	if got := (bot.Served{Outbound: 12}).Reference(); got != "B12" {
		t.Error(got)
	}
}

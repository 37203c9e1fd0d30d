package plain_test

import (
	"testing"

	"github.com/balie-nl/balie/locales/plain"
)

func TestHardIsHarderThanEasy(t *testing.T) {
	t.Parallel()
	checker, err := plain.New("nl")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ easy, hard string }{
		{"U kunt uw paspoort ophalen aan de balie.", "Indien u woonachtig bent te Voorbeeld dient u zich te vervoegen bij de balie."},
		{"U kunt een parkeervergunning aanvragen op onze website.", "Middels dit schrijven stellen wij u in kennis van het voornemen tot intrekking."},
	} {
		if easy, hard := checker.Check(tt.easy, plain.B1).Score, checker.Check(tt.hard, plain.B1).Score; easy >= hard {
			t.Errorf("%q scores %.2f, %q scores %.2f", tt.easy, easy, tt.hard, hard)
		}
	}
}

package plain_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/balie-nl/balie/locales/plain"
)

var update = flag.Bool("update", false, "write the reports in testdata anew")

func TestReport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		language, text string
		level          plain.Level
	}{
		{"nl", "brief.txt", plain.B1},
		{"nl", "herschreven.txt", plain.B1},
		{"nl", "herschreven.txt", plain.A2},
		{"en", "letter.txt", plain.B1},
	}
	for _, test := range tests {
		name := test.text + "." + test.level.String() + ".report"
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(filepath.Join("testdata", test.text))
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := checker(t, test.language).WriteReport(&got, test.text, string(text), test.level); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name)
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("report differs (write it anew with -update):\n%s", got.String())
			}
		})
	}
}

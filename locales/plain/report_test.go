package plain_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
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
			golden(t, filepath.Join("testdata", name), got.Bytes())
		})
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("report differs (write it anew with -update):\n%s", got)
	}
}

// TestExamples checks the letters of docs/plain-language: the report on each letter
// is the one that stands there, and nothing is left to say about what became of it.
func TestExamples(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	folder := filepath.Join("..", "..", "docs", "plain-language")
	letters, err := filepath.Glob(filepath.Join(folder, "*-voor.txt"))
	if err != nil || len(letters) < 3 {
		t.Fatalf("examples: %v, %v", letters, err)
	}
	for _, letter := range letters {
		name := strings.TrimSuffix(filepath.Base(letter), "-voor.txt")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(letter)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := c.WriteReport(&got, filepath.Base(letter), string(text), plain.B1); err != nil {
				t.Fatal(err)
			}
			golden(t, filepath.Join(folder, name+"-rapport.txt"), got.Bytes())
			if !c.Check(string(text), plain.B1).TooHard() {
				t.Error("the letter passes")
			}
			after, err := os.ReadFile(filepath.Join(folder, name+"-na.txt"))
			if err != nil {
				t.Fatal(err)
			}
			if r := c.Check(string(after), plain.B1); r.TooHard() || len(r.Flags) > 0 {
				t.Errorf("score %.1f, flags %+v", r.Score, r.Flags)
			}
		})
	}
}

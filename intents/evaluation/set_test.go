package evaluation_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/evaluation"
)

func TestReadSet(t *testing.T) {
	t.Parallel()
	message := func(text, label, style string) evaluation.Message {
		return evaluation.Message{Text: text, Intent: bot.Intent(label), Style: style}
	}
	plain := message("pas kwijt", "paspoort", "all")
	for name, tt := range map[string]struct {
		in   string
		want []evaluation.Message
	}{
		"no header":           {"pas kwijt\tpaspoort\n", []evaluation.Message{plain}},
		"no newline at end":   {"pas kwijt\tpaspoort", []evaluation.Message{plain}},
		"header":              {"text\tintent\tstyle\npas kwijt\tpaspoort\n", []evaluation.Message{plain}},
		"other header":        {"text\tlabel\npas kwijt\tpaspoort\n", []evaluation.Message{plain}},
		"header as a message": {"pas kwijt\tpaspoort\ntext\tintent\n", []evaluation.Message{plain, message("text", "intent", "all")}},
		"style":               {"pas kwijt\tpaspoort\tlowlit\thand\n", []evaluation.Message{message("pas kwijt", "paspoort", "lowlit")}},
		"empty style":         {"pas kwijt\tpaspoort\t \n", []evaluation.Message{plain}},
		"windows":             {"\ufefftext\tintent\tstyle\r\npas kwijt\tpaspoort\r\n\r\n", []evaluation.Message{plain}},
		"spaces":              {" pas  kwijt \t paspoort \n", []evaluation.Message{message(" pas  kwijt ", "paspoort", "all")}},
		"quotes and a slash":  {"\"pas\" kwijt\tpas/kwijt\n", []evaluation.Message{message(`"pas" kwijt`, "pas/kwijt", "all")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := evaluation.ReadSet(strings.NewReader(tt.in))
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("ReadSet(%q) = %q, %v, want %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestReadSetTellsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                  "no messages",
		"text\tintent\n":                    "no messages",
		"pas kwijt\n":                       "line 1: no tab",
		"a\tb\nc\td\n\npas kwijt\n":         "line 4: no tab",
		"a\tb\r\n\tpaspoort\r\n":            "line 2: no text",
		"a\t\n":                             "line 1: no label",
		"text\tintent\na\tb\n\xff\tc\n":     "line 3: not UTF-8",
		"text\tintent\na\tb\nd\tc\ta\xffb ": "line 3: not UTF-8",
	} {
		if got, err := evaluation.ReadSet(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ReadSet(%q) = %q, %v, want an error with %q", in, got, err, want)
		}
	}
	broken := errors.New("broken disk")
	if _, err := evaluation.ReadSet(iotest.ErrReader(broken)); !errors.Is(err, broken) {
		t.Errorf("a read error becomes %v", err)
	}
}

func FuzzReadSet(f *testing.F) {
	for _, s := range []string{"", "a\tb", "\ufeffa\tb\tc\r\n", "text\tintent\n\n", "\t\t\t", "\xff\tb", "a\tb\n\n\n c\t\td"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		set, err := evaluation.ReadSet(strings.NewReader(in))
		if err != nil {
			return
		}
		var lines strings.Builder
		for _, m := range set {
			if strings.TrimSpace(m.Text) == "" || m.Intent == "" || m.Style == "" {
				t.Fatalf("ReadSet(%q) has %q", in, m)
			}
			lines.WriteString(m.Text + "\t" + string(m.Intent) + "\t" + m.Style + "\n")
		}
		again, err := evaluation.ReadSet(strings.NewReader("text\tintent\tstyle\n" + lines.String()))
		if err != nil || !slices.Equal(again, set) {
			t.Errorf("ReadSet(%q) = %q, written and read again %q, %v", in, set, again, err)
		}
	})
}

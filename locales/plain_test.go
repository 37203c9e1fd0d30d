package locales_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/BurntSushi/toml"
)

// The limits of what residents read: at most 15 words a sentence, and an SMS of
// at most two segments of GSM-7, which is 306 septets (3GPP TS 23.038).
const (
	maxWords   = 15
	maxSeptets = 306
)

const (
	gsm7          = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsm7Extension = "^{}\\[~]|€"
)

var (
	fact        = regexp.MustCompile(`\{(\w+)\}`)
	listItem    = regexp.MustCompile(`^\s*(\d+[.)]|-)\s+`)
	sentenceEnd = regexp.MustCompile(`[.!?:](\s|$)`)
)

// texts calls fn for every text that residents read, with the facts filled in.
func texts(t *testing.T, fn func(where, form, text string)) {
	t.Helper()
	facts := exampleFacts(t)
	fill := func(text string) string {
		return strings.TrimSpace(fact.ReplaceAllStringFunc(text, func(match string) string {
			switch name := match[1 : len(match)-1]; name {
			case "name":
				return "Anna"
			case "time":
				return "woensdag 30 november om 9.00 uur"
			case "choices", "text":
				return "."
			default:
				return facts[name]
			}
		}))
	}
	root := os.DirFS("nl")
	names, err := fs.Glob(root, "answers/*.toml")
	if err != nil || len(names) == 0 {
		t.Fatalf("no answers: %v", err)
	}
	for _, name := range names {
		var a struct{ Short, Full string }
		if _, err := toml.DecodeFS(root, name, &a); err != nil {
			t.Fatal(err)
		}
		where := strings.TrimSuffix(path.Base(name), ".toml")
		fn(where, "short", fill(a.Short))
		fn(where, "full", fill(a.Full))
	}
	var messages map[string]any
	if _, err := toml.DecodeFS(root, "messages.toml", &messages); err != nil {
		t.Fatal(err)
	}
	for key, value := range messages {
		if table, ok := value.(map[string]any); ok {
			for _, form := range []string{"short", "full", "web"} {
				if text, ok := table[form].(string); ok {
					fn(key, form, fill(text))
				}
			}
		}
	}
	for _, name := range []string{"chat.toml"} {
		var page map[string]string
		if _, err := toml.DecodeFS(root, name, &page); err != nil {
			t.Fatal(err)
		}
		for key, text := range page {
			fn(key, "page", fill(text))
		}
	}
}

func sentences(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		line = listItem.ReplaceAllString(line, "")
		all = append(all, sentenceEnd.Split(line, -1)...)
	}
	return all
}

func TestSentencesAreShort(t *testing.T) {
	t.Parallel()
	n, words := 0, 0
	texts(t, func(where, form, text string) {
		for _, s := range sentences(text) {
			count := len(strings.Fields(s))
			if count == 0 {
				continue
			}
			n, words = n+1, words+count
			if count > maxWords {
				t.Errorf("%s (%s): %d words: %q", where, form, count, s)
			}
		}
	})
	t.Logf("%d sentences, %.1f words on average", n, float64(words)/float64(n))
}

func TestSMSFitsTwoSegments(t *testing.T) {
	t.Parallel()
	texts(t, func(where, form, text string) {
		if form != "short" {
			return
		}
		septets := 0
		for _, r := range text {
			switch {
			case strings.ContainsRune(gsm7, r):
				septets++
			case strings.ContainsRune(gsm7Extension, r):
				septets += 2
			default:
				t.Errorf("%s: %q is not in GSM-7 and makes the SMS %d UTF-16 units of 70 a segment", where, r, len(utf16.Encode([]rune(text))))
			}
		}
		if septets > maxSeptets {
			t.Errorf("%s: %d septets, at most %d", where, septets, maxSeptets)
		}
	})
}

// TestNoForbiddenWords guards against blame, hollow officialese and promises
// that the municipality has to decide on.
func TestNoForbiddenWords(t *testing.T) {
	t.Parallel()
	forbidden := []string{
		"ongeldig", "foutieve", "verkeerd gespeld", "spelfout", "dient u", "dient te", "betreffende", "verstrekken", "indien ",
		"m.b.t.", "bijv.", "o.a.", "t.a.v.", "i.v.m.", "d.m.v.", "t/m", "u heeft recht op", "u hebt recht op", "middels", "onverwijld",
	}
	texts(t, func(where, form, text string) {
		for _, word := range forbidden {
			if strings.Contains(strings.ToLower(text), word) {
				t.Errorf("%s (%s) has %q", where, form, word)
			}
		}
	})
}

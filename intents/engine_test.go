package intents_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents"
)

var load = sync.OnceValues(intents.Load)

// loaded returns the embedded engine, which all tests share.
func loaded(tb testing.TB) *intents.Engine {
	tb.Helper()
	e, err := load()
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// TestModelIsUpToDate fails when a sentence was changed and the model was not
// trained again.
func TestModelIsUpToDate(t *testing.T) {
	t.Parallel()
	c, err := intents.ReadFolder(intents.TrainingData())
	if err != nil {
		t.Fatal(err)
	}
	want := c.Hash()
	got, err := intents.EmbeddedHash()
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("the model was trained on other sentences (%x) than are in intents/training (%x): run balie train", got[:4], want[:4])
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	labels := loaded(t).Labels()
	if len(labels) != 63 {
		t.Errorf("%d labels, want 63", len(labels))
	}
	for _, l := range []bot.Intent{
		bot.Greeting, bot.Thanks, bot.Farewell, bot.Yes, bot.No, bot.DoesNotKnow, bot.WantsHuman, bot.OutOfScope, bot.Abuse,
		bot.Emergency, bot.Suicide, bot.HomeViolence,
	} {
		if !slices.Contains(labels, l) {
			t.Errorf("no label %s", l)
		}
	}
	labels[0] = "changed"
	if loaded(t).Labels()[0] == "changed" {
		t.Error("a caller can change the engine's labels")
	}
}

// TestClassifySimple has sentences that no model may get wrong.
func TestClassifySimple(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for text, want := range map[string]bot.Intent{
		"Ik wil een nieuw paspoort aanvragen":   "paspoort",
		"me pas poort is ferlope":               "paspoort",
		"Hoe geef ik mijn verhuizing door?":     "verhuizing",
		"ik gaat ferhuise":                      "verhuizing",
		"rij bewijs kwijd":                      "rijbewijs",
		"hallo":                                 bot.Greeting,
		"dankuwel":                              bot.Thanks,
		"ik wil een mens spreken":               bot.WantsHuman,
		"wanneer komen ze de kliko legen":       "afval_ophalen",
		"wat is het weer morgen":                bot.OutOfScope,
		"De stoeptegel voor mijn huis ligt los": "melding_openbare_ruimte",
		"Hoe laat gaat het gemeentehuis open?":  "openingstijden",
		"ik kan mijn gemeente belasting nie betale ik heb bijstand, krijg ik kwijtscheling": "kwijtschelding",
	} {
		if got := e.Classify(text); got.Intent != want {
			t.Errorf("Classify(%q) = %v, want %s", text, got, want)
		}
	}
}

func TestNothingToRead(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for _, text := range []string{"", "   ", "...", "🍕🍕🍕", "\x00\x01\x02", "\xff\xfe\xfd"} {
		if got := e.Classify(text); got.Intent != bot.OutOfScope {
			t.Errorf("Classify(%q) = %v", text, got)
		}
		if u := e.Understand(text); u.Decision != bot.Refuse {
			t.Errorf("Understand(%q) = %v, want a refusal", text, u)
		}
	}
}

// checkUnderstanding tests what callers rely on for every message.
func checkUnderstanding(t *testing.T, text string, u bot.Understanding) {
	t.Helper()
	small := []bot.Intent{bot.OutOfScope, bot.Greeting, bot.Thanks, bot.Farewell, bot.Yes, bot.No, bot.DoesNotKnow, bot.Abuse}
	if len(u.Candidates) == 0 || len(u.Candidates) > 3 {
		t.Errorf("Understand(%q): %d candidates", text, len(u.Candidates))
	}
	last := math.Inf(1)
	for _, c := range u.Candidates {
		if !(c.Confidence >= 0 && c.Confidence <= 1.00001) || c.Confidence > last {
			t.Errorf("Understand(%q): confidences %v", text, u.Candidates)
		}
		last = c.Confidence
	}
	switch u.Decision {
	case bot.Answer:
		if len(u.Candidates) != 1 || u.Best() == bot.OutOfScope {
			t.Errorf("Understand(%q) answers %v", text, u.Candidates)
		}
	case bot.Clarify:
		for _, c := range u.Candidates {
			if slices.Contains(small, c.Intent) || c.Intent.Safety() {
				t.Errorf("Understand(%q) offers %s", text, c.Intent)
			}
		}
	case bot.Refuse:
	default:
		t.Errorf("Understand(%q): decision %q", text, u.Decision)
	}
}

func TestUnderstand(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for text, want := range map[string]bot.Decision{
		"Hoe vraag ik een paspoort aan?": bot.Answer,
		"hoi":                            bot.Answer,
		"wie wint de wedstrijd vanavond": bot.Refuse,
	} {
		u := e.Understand(text)
		checkUnderstanding(t, text, u)
		if u.Decision != want && !u.Best().Safety() {
			t.Errorf("Understand(%q) = %v, want %s", text, u, want)
		}
	}
}

func TestWithThresholds(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	shy, err := e.WithThresholds(intents.Thresholds{Answer: 1, Margin: 1, Clarify: 0})
	if err != nil {
		t.Fatal(err)
	}
	const text = "Hoe vraag ik een paspoort aan?"
	if u := shy.Understand(text); u.Decision != bot.Clarify || len(u.Candidates) != 3 || u.Best() != "paspoort" {
		t.Errorf("a shy engine understands %v", u)
	}
	if u := e.Understand(text); u.Decision != bot.Answer {
		t.Errorf("the engine it was made from now understands %v", u)
	}
	if u := shy.Understand("mijn man slaat mij"); u.Decision != bot.Answer {
		t.Errorf("a shy engine does not answer a safety message: %v", u)
	}
	for _, bad := range []intents.Thresholds{
		{Answer: -1}, {Answer: 2}, {Answer: 0.5, Margin: math.NaN()}, {Answer: 0.3, Clarify: 0.4},
	} {
		if _, err := e.WithThresholds(bad); err == nil {
			t.Errorf("WithThresholds(%v) is accepted", bad)
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	texts := []string{"paspoort kwijt", "ik lach me dood", "er is brand", strings.Repeat("mijn oma en ik gaan verhuizen ", 20), ""}
	want := make([]bot.Candidate, len(texts))
	for i, text := range texts {
		want[i] = e.Classify(text)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				for i, text := range texts {
					if got := e.Classify(text); got != want[i] {
						t.Errorf("Classify(%q) = %v, alone %v", text, got, want[i])
					}
				}
			}
		})
	}
	wg.Wait()
}

func FuzzUnderstand(f *testing.F) {
	e := loaded(f)
	for _, s := range []string{
		"", "ik wil een paspoort", "ik lach me dood", "\xff\xfe\x00", "👍", "مرحبا كيف الحال", "\u202e\u200f", strings.Repeat("a", 5000),
		strings.Repeat("ik wil dood ", 600), strings.Repeat("😀", 3000), "1234567890", "é́́́́", "a\u0300\u0301",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkUnderstanding(t, s, e.Understand(s))
		if c := e.Classify(s); !(c.Confidence >= 0 && c.Confidence <= 1.00001) {
			t.Errorf("Classify(%q) = %v", s, c)
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	e := loaded(b)
	for name, text := range map[string]string{
		"short":   "me paspoort is ferlope wat kos n nieuwe",
		"longest": worst(), "long": strings.Repeat("toen ik vanmorgen bij de balie kwam zeiden ze dat mijn papieren niet goed waren ", 4),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.Classify(text)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := intents.Load(); err != nil {
			b.Fatal(err)
		}
	}
}

// worst is as much text as is read, of words that are all different.
func worst() string {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "%c%c%cvergunningaanvraag ", 'a'+i%26, 'a'+i/26%26, 'a'+i/7%26)
	}
	return b.String()
}

package locales_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/locales"
)

// exampleFacts are the facts of the fictional municipality.
func exampleFacts(t testing.TB) map[string]string {
	t.Helper()
	var cfg struct {
		Facts map[string]string `toml:"facts"`
	}
	if _, err := toml.DecodeFile("../cmd/balie/balie.example.toml", &cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Facts["bewaartermijn"] = "28 dagen"
	return cfg.Facts
}

func open(t *testing.T, facts map[string]string) (*locales.Library, error) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return locales.Open(locales.Options{Facts: facts, Zone: zone})
}

func load(t *testing.T) *locales.Catalog {
	t.Helper()
	texts, err := open(t, exampleFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	return texts.Dutch()
}

func TestMissingFactsAreAllNamed(t *testing.T) {
	t.Parallel()
	facts := maps.Clone(exampleFacts(t))
	delete(facts, "telefoon")
	delete(facts, "gemeente")
	_, err := open(t, facts)
	if err == nil {
		t.Fatal("Load accepted missing facts")
	}
	for _, want := range []string{`"telefoon"`, `"gemeente"`, "[facts]"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %s:\n%v", want, err)
		}
	}
}

// TestAnswersLeaveOutWhatIsNotKnown takes away all facts that a municipality can do
// without: never a hole, and always something to say.
func TestAnswersLeaveOutWhatIsNotKnown(t *testing.T) {
	t.Parallel()
	facts := exampleFacts(t)
	least := map[string]string{}
	for _, name := range locales.Required {
		least[name] = facts[name]
	}
	catalog, err := open(t, least)
	if err != nil {
		t.Fatal(err)
	}
	whole := load(t)
	shorter := 0
	for _, intent := range whole.Intents() {
		for _, channel := range []bot.Channel{bot.SMS, bot.Telegram, bot.WebChat} {
			reply := bot.Reply{Parts: []bot.Part{{Key: bot.AnswerKey(intent)}}}
			got, err := catalog.Render(channel, reply)
			if err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(got.Text, "{}") || strings.Contains(got.Text, "\n\n\n") || len(got.Text) < 20 {
				t.Errorf("%s on %s: %q", intent, channel, got.Text)
			}
			if all, err := whole.Render(channel, reply); err != nil || len(got.Text) < len(all.Text) {
				shorter++
			}
		}
	}
	if shorter == 0 {
		t.Error("no answer became shorter")
	}
	got, err := catalog.Render(bot.SMS, bot.Reply{Parts: []bot.Part{{Key: "answer.paspoort"}}})
	if err != nil || strings.Contains(got.Text, "Prijs") || !strings.Contains(got.Text, "Maak een afspraak") {
		t.Errorf("%q, %v", got.Text, err)
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	catalog := load(t)
	clarify := bot.Reply{Parts: []bot.Part{{Key: "intro"}, {Key: "clarify"}}, Choices: []bot.ChoiceID{"intent:paspoort", "intent:rijbewijs"}}
	for _, tt := range []struct {
		name    string
		channel bot.Channel
		reply   bot.Reply
		want    []string
		not     []string
		choices int
	}{
		{"numbered where there are no buttons", bot.SMS, clarify, []string{"MEDEWERKER", "1 Paspoort\n2 Rijbewijs\n", "cijfer"}, []string{"{"}, 2},
		{"buttons in Telegram", bot.Telegram, clarify, []string{"Bedoelt u", "computer"}, []string{"1 Paspoort", "{"}, 2},
		{"no introduction in the web chat", bot.WebChat, clarify, []string{"Bedoelt u"}, []string{"computer", "1 Paspoort", "{"}, 2},
		{
			"a word where there are no buttons", bot.SMS,
			bot.Reply{Parts: []bot.Part{{Key: "media"}}, Choices: []bot.ChoiceID{bot.ChooseHuman}},
			[]string{"\nLiever een mens? Stuur MEDEWERKER."},
			[]string{"{"},
			1,
		},
		{
			"a moment as people say it", bot.SMS,
			bot.Reply{Parts: []bot.Part{{Key: "handoff.closed", At: time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)}}},
			[]string{"maandag 30 november om 9.00 uur", "14 0123"},
			[]string{"{", "09.00"},
			0,
		},
		{
			"what people often need as well, and where it is from", bot.WebChat,
			bot.Reply{Parts: []bot.Part{{Key: "intro"}, {Key: "answer.paspoort"}}},
			[]string{"## Over deze tekst\nWij keken dit na op ", "Bron: rijksoverheid.nl, rvig.nl, wetten.overheid.nl."},
			[]string{"{"},
			2,
		},
		{
			"no buttons beside a question", bot.WebChat,
			bot.Reply{Parts: []bot.Part{{Key: "answer.paspoort"}, {Key: "form.callback.about"}}},
			[]string{"rvig.nl, wetten.overheid.nl.\n\n---\n\nWij kunnen u bellen."},
			[]string{"{"},
			0,
		},
		{
			"no more than the answer in an SMS", bot.SMS,
			bot.Reply{Parts: []bot.Part{{Key: "answer.paspoort"}}},
			[]string{"paspoort"},
			[]string{"{", "Bron", "1 "},
			0,
		},
		{
			"a colleague's name", bot.WebChat,
			bot.Reply{Parts: []bot.Part{{Key: "staff.joined", Name: "Anna"}}},
			[]string{"Anna van Gemeente Voorbeeld"},
			[]string{"{"},
			0,
		},
		{
			"words are never read as placeholders", bot.SMS,
			bot.Reply{Author: bot.Author{Name: "Anna"}, Parts: []bot.Part{{Key: "staff.words", Text: "Vul {telefoon} in, {name}"}}},
			[]string{"Vul {telefoon} in, {name}"},
			nil,
			0,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := catalog.Render(tt.channel, tt.reply)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tt.want {
				if !strings.Contains(got.Text, want) {
					t.Errorf("text lacks %q:\n%s", want, got.Text)
				}
			}
			for _, not := range tt.not {
				if strings.Contains(got.Text, not) {
					t.Errorf("text has %q:\n%s", not, got.Text)
				}
			}
			if len(got.Choices) != tt.choices {
				t.Errorf("%d choices, want %d", len(got.Choices), tt.choices)
			}
			if got.Source == "" || got.Author != tt.reply.Author {
				t.Errorf("source %q, author %+v", got.Source, got.Author)
			}
		})
	}
}

func TestRenderRefusesUnknownKeys(t *testing.T) {
	t.Parallel()
	catalog := load(t)
	for _, reply := range []bot.Reply{
		{Parts: []bot.Part{{Key: "answer.onbekend"}}},
		{Parts: []bot.Part{{Key: "onbekend"}}},
		{Parts: []bot.Part{{Key: "no"}}, Choices: []bot.ChoiceID{"intent:onbekend"}},
		{Parts: []bot.Part{{Key: "no"}}, Choices: []bot.ChoiceID{"onbekend"}},
	} {
		if got, err := catalog.Render(bot.SMS, reply); err == nil {
			t.Errorf("Render(%+v) = %+v, want an error", reply, got)
		}
	}
}

// sensitive are the subjects that always go to a person as well.
var sensitive = []bot.Intent{"schulden", "daklozen_opvang", "jeugdhulp", bot.Suicide, bot.HomeViolence}

func TestSensitiveSubjects(t *testing.T) {
	t.Parallel()
	catalog := load(t)
	for _, intent := range sensitive {
		if !catalog.Has(intent) || !catalog.Sensitive(intent) {
			t.Errorf("%s is not marked sensitive", intent)
		}
	}
	if catalog.Sensitive("paspoort") || catalog.Has("onbekend") {
		t.Error("the wrong subjects are sensitive or known")
	}
}

// TestSafetyMessages checks that the numbers of the emergency services stand in
// the fixed messages, at the beginning.
func TestSafetyMessages(t *testing.T) {
	t.Parallel()
	catalog := load(t)
	for intent, want := range map[bot.Intent][]string{
		bot.Emergency: {"112"}, bot.Suicide: {"113", "0800-0113", "112"}, bot.HomeViolence: {"0800-2000", "112"},
	} {
		for _, channel := range []bot.Channel{bot.SMS, bot.Telegram, bot.WebChat} {
			got, err := catalog.Render(channel, bot.Reply{Parts: []bot.Part{{Key: bot.AnswerKey(intent)}}})
			if err != nil {
				t.Fatal(err)
			}
			for _, number := range want {
				if !strings.Contains(got.Text, number) {
					t.Errorf("%s on %s lacks %s", intent, channel, number)
				}
			}
			const early = 120 // characters, room for one warm sentence before it
			if first := got.Text[:min(early, len(got.Text))]; !slices.ContainsFunc(want, func(n string) bool { return strings.Contains(first, n) }) {
				t.Errorf("%s on %s does not begin with a number: %q", intent, channel, first)
			}
		}
	}
}

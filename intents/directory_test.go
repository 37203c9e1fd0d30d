package intents_test

import (
	"testing"

	"github.com/balie-nl/balie/intents"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	d := intents.NewDirectory(map[string][]string{
		"digid":        {"DigiD", "inlogcode overheid"},
		"zorgtoeslag":  {"zorgtoeslag", "toeslag zorg"},
		"toeslagen":    {"toeslag"},
		"studiefonds":  {"studiefinanciering", "duo"},
		"kinderbijslg": {"kinderbijslag"},
		"leeg":         {"", "!"},
	}, map[string][]string{"zeker": {"voedselbank"}})
	for _, tt := range []struct {
		text, want string
		exact      bool
	}{
		{"mijn DigiD doet het niet", "digid", true},
		{"me digit werkt nie", "digid", false},
		{"ik heb een inlogcode van de overheid nodig", "digid", true},
		{"waar blijft mijn zorg toeslag", "toeslagen", true},
		{"waar is mijn toeslag voor de zorg", "zorgtoeslag", true},
		{"zorgtoeslach", "zorgtoeslag", false},
		{"hoe vraag ik studiefinansiering aan", "studiefonds", false},
		{"kinderbyslag", "kinderbijslg", false},
		{"kinderbijslga", "kinderbijslg", false},
		{"duo", "studiefonds", true},
		{"voedselbang", "zeker", false},
		{"due", "", false},
		{"paspoort", "", false},
		{"", "", false},
	} {
		got, ok := d.Find(tt.text)
		if got.ID != tt.want || ok != (tt.want != "") || ok && (got.Exact != tt.exact || got.Sure != (tt.want == "zeker")) {
			t.Errorf("%q: %+v, %t; want %q, exact %t", tt.text, got, ok, tt.want, tt.exact)
		}
	}
}

// FuzzDirectory looks for texts that break the search.
func FuzzDirectory(f *testing.F) {
	d := intents.NewDirectory(map[string][]string{"a": {"een twee drie", "éé", "zorgtoeslag"}}, nil)
	for _, text := range []string{"", "een", "een een twee", "x een y twee z drie", "zorgtoeslg", "\x80"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) { d.Find(text) })
}

func BenchmarkDirectory(b *testing.B) {
	words := map[string][]string{}
	for i := range 600 {
		name := string([]rune{rune('a' + i%26), rune('a' + i/26%26), 'e', 'l', 's', 't', 'e', rune('a' + i%7)})
		words[name] = []string{name, name + " aanvragen"}
	}
	d := intents.NewDirectory(words, nil)
	for b.Loop() {
		d.Find("goedemiddag ik wil graag weten hoe ik mijn paspoort kan verlengen want ik ga volgende maand op vakantie en hij is verlopen")
	}
}

package intents_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/balie-nl/balie/intents"
)

func TestNormalise(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"spaces", " \t\r\n ", ""},
		{"case", "PASPOORT Kwijt", "paspoort kwijt"},
		{"punctuation", "Hoi, ik heb (n)iets: een vraag!", "hoi ik heb een iets een vraag"},
		{"apostrophes stay inside the word", "foto's zo'n z'n", "fotos zon zijn"},
		{"curly apostrophe", "foto’s", "fotos"},
		{"diacritics", "café coöperatie één crème Çelik", "cafe cooperatie een creme celik"},
		{"decomposed diacritics", "cafe\u0301", "cafe"},
		{"letters that do not decompose", "straße øl łódź ısı æ", "strasse ol lodz isi ae"},
		{"ij ligature", "\u0133sbeer", "ijsbeer"},
		{"full width", "ｐａｓｐｏｏｒｔ", "paspoort"},
		{"mathematical letters", "𝐩𝐚𝐬", "pas"},
		{"emphasis", "hallooooo helpppp", "halloo helpp"},
		{"short forms", "wnr is da klaar, kheb geen tijd", "wanneer is dat klaar ik heb geen tijd"},
		{"numbers are made alike", "op 24-11-2026 voor 9:30", "op 00 00 0000 voor 0 00"},
		{"numbers that mean something stay", "112 of 113", "112 of 113"},
		{"long numbers are cut", "06123456789", "000000"},
		{"words and numbers are split", "binnen2weken", "binnen 2 weken"},
		{"levels stay whole", "taal B1 en A2", "taal b1 en a2"},
		{"euro", "€ 25", "euro 00"},
		{"emoji that stand for a word", "👍 👋🏽", "oke hoi"},
		{"other emoji", "🍕🍕", ""},
		{"arabic", "مرحبا", "مرحبا"},
		{"cyrillic lower case", "ПАСПОРТ", "паспорт"},
		{"binary", "\x00\x01\xff\xfe", ""},
		{"controls split words", "pas\x00poort", "pas poort"},
		{"soft hyphen", "pas\u00adpoort", "paspoort"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := intents.Normalise(tt.in); got != tt.want {
				t.Errorf("Normalise(%q) = %q, want %q", tt.in, got, tt.want)
			}
		})
	}
}

func TestNormaliseBoundsItsWork(t *testing.T) {
	t.Parallel()
	for _, in := range []string{strings.Repeat("a b ", 1<<20), strings.Repeat("ab", 1<<20), strings.Repeat("é", 1<<20)} {
		if got := intents.Normalise(in); len(got) > 20_000 {
			t.Errorf("Normalise of %d bytes gives %d bytes", len(in), len(got))
		}
	}
}

func TestPhoneticKeySameSound(t *testing.T) {
	t.Parallel()
	for _, words := range [][]string{
		{"wijzigen", "weizigen", "wyzigen", "wijzige", "weisige"},
		{"rijbewijs", "reibeweis", "rybewys"},
		{"vrouw", "frauw", "vrou"},
		{"school", "sgool", "schol"},
		{"lachen", "lagen", "lache"},
		{"zoeken", "zuken", "soeken"},
		{"wordt", "word", "wort"},
		{"heb", "hep"},
		{"contact", "kontakt"},
		{"centrum", "sentrum"},
		{"extra", "ekstra"},
		{"politie", "polisie"},
		{"actie", "aksie"},
		{"thuis", "tuis", "theus"},
		{"adres", "addres", "adress"},
		{"tijdelijk", "teidelik", "tijdeluk"},
		{"nieuw", "niew", "niuw"},
		{"verlopen", "ferloopen", "verlope"},
		{"bureau", "buro"},
		{"quitantie", "kwitansie"},
		{"telefoon", "telephoon", "telefon"},
		{"slaat", "slaad", "slat"},
		{"aanvraag", "anfraag"},
	} {
		want := intents.PhoneticKey(words[0])
		for _, w := range words[1:] {
			if got := intents.PhoneticKey(w); got != want {
				t.Errorf("PhoneticKey(%q) = %q, but %q gives %q", w, got, words[0], want)
			}
		}
	}
}

func TestPhoneticKeyOtherSound(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"paspoort", "rapport"},
		{"dood", "door"},
		{"tien", "sien"},
		{"kwestie", "kwesie"},
		{"boot", "bot en"},
		{"ja", "nee"},
		{"huur", "heer"},
	} {
		if a, b := intents.PhoneticKey(pair[0]), intents.PhoneticKey(pair[1]); a == b {
			t.Errorf("%q and %q both give %q", pair[0], pair[1], a)
		}
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "ik wil n pas", "É́́", "\xff\xfe", "👍🏽", "١٢٣", "\u202eabc", "0x1f2", "ﷺ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := intents.Normalise(s)
		if !utf8.ValidString(n) {
			t.Errorf("Normalise(%q) = %q is not UTF-8", s, n)
		}
		for w := range strings.FieldsSeq(n) {
			intents.PhoneticKey(w)
		}
	})
}

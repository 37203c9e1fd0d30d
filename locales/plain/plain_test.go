package plain_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/balie-nl/balie/locales/plain"
)

func checker(tb testing.TB, language string) *plain.Checker {
	tb.Helper()
	c, err := plain.New(language)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	dutch, english := checker(t, "nl"), checker(t, "en")
	tests := []struct {
		name    string
		checker *plain.Checker
		level   plain.Level
		text    string
		tooHard bool
	}{
		{"a short answer", dutch, plain.B1, "U kunt uw pas ophalen bij de balie. Neem uw oude pas mee.", false},
		{"compounds that residents know", dutch, plain.B1, "Voor een parkeervergunning of een gehandicaptenparkeerkaart vult u het aanvraagformulier in.", false},
		{"a long sentence of easy words", dutch, plain.B1, "Als u morgen niet kunt komen, dan belt u ons en maken we samen een nieuwe afspraak.", false},
		{"a list", dutch, plain.B1, "Neem dit mee: een paspoort, een pasfoto, een bankpas, een huurcontract en een brief van uw werk.", false},
		{"names", dutch, plain.B1, "Kom naar het gemeentehuis aan de Burgemeester Van Heemstralaan 12 in Sint-Oedenrode.", false},
		{"an address with a full stop", dutch, plain.B1, "Kijk op www.gemeente.nl/afval. Of mail naar info@gemeente.nl.", false},
		{"no text", dutch, plain.B1, "", false},
		{"a short sentence of hard words", dutch, plain.B1, "De beschikking is herroepen.", true},
		{"officialese", dutch, plain.B1, "Derhalve dient u het verschuldigde bedrag per omgaande te voldoen.", true},
		{"a passive with clauses", dutch, plain.B1, "De aanvraag wordt, nadat deze door de afdeling is ontvangen, binnen de daarvoor gestelde termijn in behandeling genomen.", true},
		{"nominalisations", dutch, plain.B1, "Na ontvangst van de melding vindt beoordeling van de noodzaak tot ondersteuning plaats.", true},
		{"easy, but not for A2", dutch, plain.A2, "Als u uw paspoort niet op tijd ophaalt, dan moet u een nieuwe afspraak maken en opnieuw betalen.", true},
		{"easy for A2", dutch, plain.A2, "Bent u ziek? Bel ons dan.", false},
		{"plain English", english, plain.B1, "Do you want a new passport? Call us. Bring your old passport.", false},
		{"official English", english, plain.B1, "Residents are hereby requested to submit supplementary documentation regarding their municipal registration, pursuant to the aforementioned regulations, which were amended by the council.", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := test.checker.Check(test.text, test.level)
			if r.TooHard() != test.tooHard {
				t.Errorf("score %.2f, too hard: %t; measures %v", r.Score, r.TooHard(), r.Measures)
			}
		})
	}
}

func TestHarderTextScoresHigher(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	for _, pair := range []struct{ harder, simpler string }{
		{"De aanvraag wordt door ons bekeken.", "Wij bekijken de aanvraag."},
		{"U ontvangt tevens een brief.", "U krijgt ook een brief."},
		{"De brief, die u vorige week kreeg, was niet juist.", "De brief van vorige week was niet juist."},
		{"Het is niet onmogelijk dat u geld krijgt.", "Misschien krijgt u geld."},
		{"U moet dit i.v.m. de wet melden.", "U moet dit melden door de wet."},
		{"De in te vullen formulieren liggen klaar.", "De formulieren liggen klaar. Vul ze in."},
		{"Het indienen van een klacht is gratis.", "Een klacht sturen is gratis."},
		{"Dit staat in artikel 12 van de Huisvestingsverordening.", "Dit staat in de regels van de gemeente."},
		{"U wacht achtenveertig uur.", "U wacht 48 uur."},
		{"U heeft de kaart, zonder welke u de deur niet kunt openen, nog niet.", "U heeft de kaart nog niet. Zonder de kaart gaat de deur niet open."},
	} {
		harder, simpler := c.Check(pair.harder, plain.B1).Score, c.Check(pair.simpler, plain.B1).Score
		if harder <= simpler {
			t.Errorf("%.2f  %s\n%.2f  %s", harder, pair.harder, simpler, pair.simpler)
		}
	}
}

func TestEnglish(t *testing.T) {
	t.Parallel()
	c := checker(t, "en")
	for _, pair := range []struct{ harder, simpler, flagged, instead string }{
		{"Your application has been rejected pursuant to the regulations.", "We cannot say yes. The rules do not allow it.", "pursuant to", ""},
		{"You are required to submit supporting documentation prior to the commencement of the works.", "Send us the papers before you start to build.", "prior to", "before"},
		{"Failure to notify us may result in a reduction of your entitlement.", "Tell us. If you do not, you may get less money.", "", ""},
		{"The municipality endeavours to facilitate access to affordable accommodation.", "We try to help you find a house that you can pay for.", "endeavours", "try"},
		{"In the event that you are unable to attend, kindly inform us at your earliest convenience.", "Can you not come? Please tell us soon.", "In the event that", "if"},
		{"The certificate, which was issued by the registrar on the aforementioned date, is no longer valid.", "You cannot use this paper any more.", "the aforementioned", ""},
	} {
		harder, simpler := c.Check(pair.harder, plain.B1), c.Check(pair.simpler, plain.B1)
		if harder.Score <= simpler.Score || !harder.TooHard() || simpler.TooHard() || len(simpler.Flags) > 0 {
			t.Errorf("%.2f  %s\n%.2f  %s %+v", harder.Score, pair.harder, simpler.Score, pair.simpler, simpler.Flags)
		}
		if pair.flagged == "" {
			continue
		}
		i := slices.IndexFunc(harder.Flags, func(f plain.Flag) bool { return f.Text == pair.flagged })
		if i < 0 || pair.instead != "" && !slices.Contains(harder.Flags[i].Instead, pair.instead) {
			t.Errorf("%s: no %q with %q in %+v", pair.harder, pair.flagged, pair.instead, harder.Flags)
		}
	}
}

// TestA2 checks that what is fine in the web chat is pointed at on SMS, and that the
// easiest Dutch passes.
func TestA2(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	for text, flagged := range map[string]string{
		"U ontvangt een brief met de voorwaarden.":  "voorwaarden",
		"Uiterlijk 3 mei moet u toestemming geven.": "Uiterlijk",
	} {
		b1, a2 := c.Check(text, plain.B1), c.Check(text, plain.A2)
		if b1.TooHard() || a2.Score <= b1.Score || !slices.ContainsFunc(a2.Flags, func(f plain.Flag) bool { return f.Text == flagged && len(f.Instead) > 0 }) {
			t.Errorf("%s: %.1f and %.1f, flags %+v", text, b1.Score, a2.Score, a2.Flags)
		}
	}
	for _, text := range []string{
		"Bel ons als u hulp wilt.", "U krijgt morgen een brief van ons.", "Neem uw paspoort mee. Kom om 9 uur.", "Het kost niets.",
		"Wilt u een nieuw paspoort? Maak een afspraak. Neem een foto mee.",
	} {
		if r := c.Check(text, plain.A2); r.TooHard() || len(r.Flags) > 0 {
			t.Errorf("%s: %.1f %+v", text, r.Score, r.Flags)
		}
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	tests := []struct {
		text string
		kind plain.Kind
		want string // the flagged text
		// instead is one of the proposals, if not empty.
		instead string
	}{
		{"Neem tevens uw pas mee.", plain.HardWord, "tevens", "ook"},
		{"Tevens krijgt u een brief.", plain.HardWord, "Tevens", "ook"},
		{"U krijgt een brief met betrekking tot uw huis.", plain.HardWord, "met betrekking tot", "over"},
		{"De desbetreffende afdeling belt u.", plain.HardWord, "desbetreffende", "deze"},
		{"Blijft u in gebreke, dan krijgt u een boete.", plain.HardWord, "in gebreke", ""},
		{"De cursus vangt op maandag aan.", plain.HardWord, "vangt op maandag aan", "beginnen"},
		{"Wij hebben de conceptverordening voor u.", plain.HardWord, "conceptverordening", ""},
		{"Dit is de obfuscatie van het plan.", plain.RareWord, "obfuscatie", ""},
		{"U krijgt dit m.b.t. uw huis.", plain.Abbreviation, "m.b.t.", "over"},
		{"De XQZ is klaar.", plain.Abbreviation, "XQZ", ""},
		{"Dit mag van de Huisvestingswet niet.", plain.Law, "Huisvestingswet", ""},
		{"De brief wordt morgen verstuurd.", plain.Passive, "verstuurd", ""},
		{"Wij hebben gisteren na lang praten met alle mensen uit de straat een plan gemaakt.", plain.Frame, "hebben", ""},
		{"De door u gestuurde brief is hier.", plain.BeforeNoun, "De", ""},
		{"Het is niet onmogelijk.", plain.Negation, "onmogelijk", ""},
		{"U betaalt (als u geen pas heeft) aan de balie.", plain.Brackets, "(", ""},
		{"U kunt naar de balie komen om de kaart te halen die wij voor u maken als u hem op tijd vraagt.", plain.LongSentence, "U kunt naar de balie komen om de kaart te halen die wij voor u maken als u hem op tijd vraagt.", ""},
	}
	for _, test := range tests {
		flags := c.Check(test.text, plain.B1).Flags
		i := slices.IndexFunc(flags, func(f plain.Flag) bool { return f.Kind == test.kind && f.Text == test.want })
		if i < 0 {
			t.Errorf("%s: no %s %q in %+v", test.text, test.kind, test.want, flags)
			continue
		}
		if f := flags[i]; test.text[f.Start:f.End] != f.Text || f.Why == "" || test.instead != "" && !slices.Contains(f.Instead, test.instead) {
			t.Errorf("%s: %+v", test.text, f)
		}
	}
}

func TestPlainWordsHaveNoFlags(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	for _, text := range []string{
		"Vraag een kaart aan bij de gemeente.",
		"U kunt bezwaar maken tegen het besluit.",
		"Wij sturen u berichten over uw aanvraag.",
		"U kunt een klacht indienen.",
		"Stuur het formulier naar de balie van het gemeentehuis.",
		"Wilt u een zonnepaneel of een laadpaal?",
		"De buurvrouw heeft een scootmobiel en een rollator.",
		"Zonder rijbewijs mag u niet rijden.",
		"Chatten kan op 113.nl. Dat kan dag en nacht.",
		"Is het te laat? Stuur het toch.",
		"Dan moet de school dat aan de gemeente vertellen.",
	} {
		if flags := c.Check(text, plain.B1).Flags; len(flags) > 0 {
			t.Errorf("%s: %+v", text, flags)
		}
	}
}

func TestLanguageWithoutChecker(t *testing.T) {
	t.Parallel()
	if _, err := plain.New("fr"); err == nil || !strings.Contains(err.Error(), "fr") {
		t.Errorf("New(fr) = %v", err)
	}
}

func TestScoreIsTheSumOfItsParts(t *testing.T) {
	t.Parallel()
	c := checker(t, "nl")
	empty := c.Check("", plain.B1).Score
	r := c.Check("Derhalve dient het formulier (uiterlijk 1 mei) te worden ingeleverd.", plain.B1)
	sum := empty
	for _, m := range r.Measures {
		sum += m.Part
	}
	if d := sum - r.Score; d > 1e-9 || d < -1e-9 {
		t.Errorf("parts add up to %v, the score is %v", sum, r.Score)
	}
}

// FuzzCheck looks for texts that break the checker, and for flags that do not
// stand at the borders of characters.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{"", "U dient tevens m.b.t. art. 3 te bellen.", "é\u0301'-–", "de te\x80 en zonder niet", "Neem aan, aan.", "a.b.c.d", "www.x.nl/…", "het op 3 mei genomen besluit"} {
		f.Add(text)
	}
	dutch, english := checker(f, "nl"), checker(f, "en")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range []*plain.Checker{dutch, english} {
			r := c.Check(text, plain.A2)
			if r.Score != r.Score {
				t.Errorf("%q: score is not a number", text)
			}
			for _, flag := range r.Flags {
				if flag.Start < 0 || flag.End > len(text) || flag.Start >= flag.End || flag.Text != text[flag.Start:flag.End] {
					t.Errorf("%q: flag %+v", text, flag)
				} else if utf8.ValidString(text) && !utf8.ValidString(flag.Text) {
					t.Errorf("%q: flag %+v cuts a character", text, flag)
				}
			}
		}
	})
}

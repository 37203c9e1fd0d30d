package locales_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/locales"
)

const ownAnswer = `kind = "talk"
owner = "redactie"
checked = 2026-11-01
review = 2027-11-01
title = "Tot ziens"
choice = "Tot ziens"
short = "%"
full = "%"
`

// library opens texts with a folder of the municipality and a gate that counts any
// text as one SMS.
func library(t testing.TB, folder string) *locales.Library {
	t.Helper()
	texts, err := locales.Open(locales.Options{
		Facts: exampleFacts(t), Zone: time.UTC, Folder: folder,
		Gate: func(string) (locales.Gate, error) {
			return locales.Gate{Segments: func(s string) int { return len(s) / 500 }, Today: time.Now()}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func render(t *testing.T, texts *locales.Library, language bot.Language, key string) bot.Message {
	t.Helper()
	m, err := texts.Render(bot.Telegram, bot.Reply{Language: language, Parts: []bot.Part{{Key: key}}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOwnTexts checks that a file of the municipality takes the place of ours, that
// a change is taken into use, and that what is rejected changes nothing.
func TestOwnTexts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, folder, "nl/answers/afscheid.toml", strings.ReplaceAll(ownAnswer, "%", "Dag hoor."))
	texts := library(t, folder)
	first := render(t, texts, "", "answer.afscheid")
	if first.Text != "Dag hoor." || !strings.HasPrefix(first.Source, "answer.afscheid@nl-") {
		t.Fatalf("%+v", first)
	}
	if other := render(t, texts, "", "answer.bedankt"); other.Text == "" || strings.Contains(other.Text, "hoor") {
		t.Errorf("%+v", other)
	}

	before, err := texts.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []struct{ name, text, want string }{
		{"promise", "U hebt recht op geld.", "belooft een recht"},
		{"unknown fact", "Het kost {prijs_van_niets}.", "says nothing without"},
		{"link", "Kijk op goedkoop-lenen.com.", "links.txt"},
		{"long", strings.Repeat("lang ", 21) + ".", "een zin van 21 woorden"},
	} {
		write(t, folder, "nl/answers/afscheid.toml", strings.ReplaceAll(ownAnswer, "%", bad.text))
		if err := texts.Reload(); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: %v", bad.name, err)
		}
		if now := render(t, texts, "", "answer.afscheid"); now.Text != first.Text {
			t.Errorf("%s is served: %q", bad.name, now.Text)
		}
	}
	if after, err := texts.Fingerprint(); err != nil || after == before {
		t.Errorf("a changed file leaves the fingerprint as it was: %v", err)
	}

	write(t, folder, "nl/answers/afscheid.toml", strings.ReplaceAll(ownAnswer, "%", "Tot de volgende keer."))
	if err := texts.Reload(); err != nil {
		t.Fatal(err)
	}
	if now := render(t, texts, "", "answer.afscheid"); now.Text != "Tot de volgende keer." || now.Source == first.Source {
		t.Errorf("%+v after %+v", now, first)
	}
}

// TestLanguages checks that what is not translated comes in Dutch, says so, and that
// easier Dutch is Dutch.
func TestLanguages(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, folder, "nl-A2/answers/afscheid.toml", strings.ReplaceAll(ownAnswer, "%", "Dag."))
	texts := library(t, folder)
	if m := render(t, texts, "nl-A2", "answer.afscheid"); m.Text != "Dag." || m.Language != "nl-A2" {
		t.Errorf("%+v", m)
	}
	dutch := render(t, texts, "", "answer.bedankt")
	if m := render(t, texts, "nl-A2", "answer.bedankt"); m.Text != dutch.Text || m.Source != dutch.Source {
		t.Errorf("%+v, in Dutch %+v", m, dutch)
	}
	if m := render(t, texts, "xx", "answer.bedankt"); m.Text != dutch.Text || m.Language != bot.Dutch {
		t.Errorf("a language without texts: %+v", m)
	}

	write(t, folder, "en/messages.toml", "[untranslated]\nshort = \"Only in Dutch.\"\n")
	if err := texts.Reload(); err == nil || !strings.Contains(err.Error(), "staat niet in messages.toml") {
		t.Errorf("half a language was accepted: %v", err)
	}
	write(t, folder, "xx/messages.toml", "")
	if err := texts.Reload(); err == nil || !strings.Contains(err.Error(), `no language "xx"`) {
		t.Errorf("a folder that is no language: %v", err)
	}
}

// TestOrganisationInAnotherLanguage checks that a translation needs its words only, and
// must keep the number.
func TestOrganisationInAnotherLanguage(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	entry := "[digid]\ntitle = \"DigiD\"\nshort = \"Call 088 123 65 55 or see digid.nl.\"\nfull = \"Call 088 123 65 55 or see digid.nl.\"\nchecked = 2026-11-27\n"
	write(t, folder, "en/organisations-ours.toml", entry)
	texts := library(t, folder)
	if m := render(t, texts, "en", bot.OrganisationKey("digid")); m.Text != "Call 088 123 65 55 or see digid.nl." || m.Language != "en" {
		t.Errorf("%+v", m)
	}
	for _, bad := range []string{strings.ReplaceAll(entry, "65 55", "65 56"), strings.ReplaceAll(entry, "[digid]", "[digit]")} {
		write(t, folder, "en/organisations-ours.toml", bad)
		if err := texts.Reload(); err == nil {
			t.Errorf("accepted: %s", bad)
		}
	}
}

// TestFactsInOtherLanguages checks that a fact comes in the language of the text where
// the municipality has it, that an explanation of the Dutch goes then, and that a
// translation cannot say something else.
func TestFactsInOtherLanguages(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	const words = "Ready after {paspoort_termijn}[[ (werkdagen: working days)]]. Open[[, in Dutch]]: {openingstijden}. Call {telefoon}."
	for _, language := range []string{"nl", "en", "de"} {
		write(t, folder, language+"/answers/afscheid.toml", strings.ReplaceAll(ownAnswer, "%", words))
	}
	open := func(translations map[string]map[string]string) (*locales.Library, error) {
		return locales.Open(locales.Options{
			Facts: exampleFacts(t), Translations: translations, Zone: time.UTC, Folder: folder,
			Gate: func(string) (locales.Gate, error) {
				return locales.Gate{Segments: func(string) int { return 1 }, Today: time.Now()}, nil
			},
		})
	}
	texts, err := open(map[string]map[string]string{"en": {"paspoort_termijn": "5 working days"}})
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[bot.Language]string{
		"en": "Ready after 5 working days. Open, in Dutch: maandag tot en met vrijdag van 9.00 tot 17.00 uur. Call 14 0123.",
		"de": "Ready after 5 werkdagen (werkdagen: working days). Open, in Dutch: maandag tot en met vrijdag van 9.00 tot 17.00 uur. Call 14 0123.",
	} {
		if got := render(t, texts, language, "answer.afscheid"); got.Text != want {
			t.Errorf("%s:\n%s\nwant\n%s", language, got.Text, want)
		}
	}
	if texts, err = open(map[string]map[string]string{"de": {"evenement_antwoord": "8 Wochen"}}); err != nil {
		t.Fatal(err)
	}
	dutch := render(t, texts, "de", "answer.evenement")
	if strings.Contains(dutch.Text, "Wochen") || !strings.Contains(dutch.Text, "8 weken") || !strings.Contains(dutch.Text, "nur auf Niederländisch") {
		t.Errorf("a Dutch text with facts in another language: %s", dutch.Text)
	}
	for name, bad := range map[string]map[string]string{
		"there is no such fact": {"paspoort_termyn": "5 working days"},
		"write the same ones":   {"paspoort_termijn": "4 working days"},
	} {
		if _, err := open(map[string]map[string]string{"en": bad}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

package locales_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/locales"
)

var today = time.Now()

// set changes a field of a draft.
func set(t *testing.T, d *locales.Draft, name, text string) {
	t.Helper()
	for i := range d.Fields {
		if d.Fields[i].Name == name {
			d.Fields[i].Text = text
			return
		}
	}
	t.Fatalf("%s has no field %q", d.Intent, name)
}

func draft(t *testing.T, texts *locales.Library, language bot.Language, intent bot.Intent) locales.Draft {
	t.Helper()
	d, err := texts.Draft(language, intent)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPublishUnchanged publishes answers of all kinds as they are: what residents read
// stays the same to the letter.
func TestPublishUnchanged(t *testing.T) {
	t.Parallel()
	before := library(t, t.TempDir())
	after := library(t, t.TempDir())
	publish := func(language bot.Language, intent bot.Intent) {
		d := draft(t, after, language, intent)
		if v, err := after.Publish(d, "anna", today); err != nil {
			t.Fatalf("%s %s: %v %v", language, intent, err, v.Problems)
		}
		for _, channel := range []bot.Channel{bot.SMS, bot.Telegram, bot.WebChat} {
			reply := bot.Reply{Language: language, Parts: []bot.Part{{Key: bot.AnswerKey(intent)}}}
			old, err := before.Render(channel, reply)
			if err != nil {
				t.Fatal(err)
			}
			now, err := after.Render(channel, reply)
			if err != nil || now.Text != old.Text {
				t.Errorf("%s %s on %s: %v\n%q\nwas\n%q", language, intent, channel, err, now.Text, old.Text)
			}
			if now.Source == old.Source {
				t.Errorf("%s %s has the version of before", language, intent)
			}
		}
		if after.Sensitive(intent) != before.Sensitive(intent) {
			t.Errorf("%s: whether it is sensitive changed", intent)
		}
	}
	for _, intent := range []bot.Intent{"huiselijk_geweld", "paspoort", "evenement", "melding_openbare_ruimte", "noodgeval", "taal_anders"} {
		publish(bot.Dutch, intent)
	}
	publish("en", "paspoort")
	publish("tr", "taal_anders")
	publish("nl-A2", "verhuizing")
	own := 0
	for _, e := range after.Entries(bot.Dutch) {
		if e.Own {
			own++
		}
		if e.Missing || e.Own && !e.Checked.Equal(today.UTC().Truncate(24*time.Hour)) {
			t.Errorf("%+v", e)
		}
	}
	if own != 6 {
		t.Errorf("%d own texts in the list", own)
	}
}

// TestPublish follows an editor: a change is refused with what is wrong, then taken,
// and a colleague with an old copy does not undo it.
func TestPublish(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	texts := library(t, folder)
	d := draft(t, texts, bot.Dutch, "afscheid")
	old := draft(t, texts, bot.Dutch, "afscheid")

	set(t, &d, "full", "U hebt recht op\r\neen groet.")
	v, err := texts.Publish(d, "anna", today)
	if !errors.Is(err, locales.ErrRejected) || len(v.Problems) != 1 || v.Problems[0].Part != "text" || !strings.Contains(v.Problems[0].Message, "belooft een recht") {
		t.Fatalf("%v %v", err, v.Problems)
	}
	if _, err := os.Stat(filepath.Join(folder, "nl")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a rejected text was written")
	}
	for name, text := range map[string]string{"full": "", "title": " ", "review": "morgen", "short": "Het kost {prijs_van_niets}."} {
		bad := draft(t, texts, bot.Dutch, "afscheid")
		set(t, &bad, name, text)
		if v, err := texts.Judge(bad, today); err != nil || v.OK() {
			t.Errorf("%s = %q: %v %v", name, text, err, v)
		}
	}

	words := "Dag \\ \"hoor\".\r\n\r\nTot ziens, {gemeente}."
	set(t, &d, "full", words)
	if v, err := texts.Publish(d, "anna", today); err != nil || !strings.Contains(v.Page, "Gemeente Voorbeeld") {
		t.Fatalf("%v %+v", err, v)
	}
	want := "Dag \\ \"hoor\".\n\nTot ziens, Gemeente Voorbeeld."
	if m := render(t, texts, "", "answer.afscheid"); m.Text != want {
		t.Errorf("%q", m.Text)
	}
	if fresh := render(t, library(t, folder), "", "answer.afscheid"); fresh.Text != want {
		t.Errorf("after a start: %q", fresh.Text)
	}
	if _, err := texts.Publish(old, "bram", today); !errors.Is(err, locales.ErrChanged) {
		t.Errorf("an old copy: %v", err)
	}
	if now := draft(t, texts, bot.Dutch, "afscheid"); now.Version == d.Version {
		t.Error("the version did not change")
	}

	for _, unknown := range []locales.Draft{{Language: "xx", Intent: "afscheid"}, {Language: "nl", Intent: "../../x"}} {
		if _, err := texts.Publish(unknown, "anna", today); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%+v: %v", unknown, err)
		}
	}
	if _, err := library(t, "").Publish(d, "anna", today); err == nil {
		t.Error("published without a folder")
	}
}

// TestTranslationsFollow checks that no translation tells other facts than the
// municipality's own Dutch text: Dutch comes instead, until the translation follows.
func TestTranslationsFollow(t *testing.T) {
	t.Parallel()
	texts := library(t, t.TempDir())
	english := render(t, texts, "en", "answer.afscheid")
	if english.Language != "en" {
		t.Fatalf("%+v", english)
	}
	d := draft(t, texts, bot.Dutch, "afscheid")
	set(t, &d, "short", "Dag! Bel {telefoon}. Mail naar {email}.")
	set(t, &d, "full", "Dag! Bel {telefoon}. Mail naar {email}.")
	v, err := texts.Publish(d, "anna", today)
	if err != nil {
		t.Fatal(err, v.Problems)
	}
	warned := false
	for _, p := range v.Problems {
		warned = warned || p.Warning && strings.HasPrefix(p.File, "en/")
	}
	if !warned {
		t.Errorf("nobody is told of the translation: %v", v.Problems)
	}
	if m := render(t, texts, "en", "answer.afscheid"); m.Language != bot.Dutch || !strings.Contains(m.Text, "info@voorbeeld.example") {
		t.Errorf("%+v", m)
	}
	if problems, err := texts.Check(); err != nil || len(locales.Errors(problems)) > 0 || len(problems) == 0 {
		t.Errorf("%v %v", err, problems)
	}

	e := draft(t, texts, "en", "afscheid")
	if !strings.Contains(e.Source, "info@") || e.Facts["email"] == "" {
		t.Errorf("a translator sees %+v", e)
	}
	set(t, &e, "short", "Bye! Call {telefoon}. Mail to {email}.")
	set(t, &e, "full", "Bye! Call {telefoon}. Mail to {email}.")
	if v, err := texts.Publish(e, "anna", today); err != nil {
		t.Fatal(err, v.Problems)
	}
	if m := render(t, texts, "en", "answer.afscheid"); m.Language != "en" || !strings.Contains(m.Text, "Mail to info@") {
		t.Errorf("%+v", m)
	}
}

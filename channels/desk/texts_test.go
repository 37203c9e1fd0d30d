package desk_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page/pagetest"
	"github.com/balie-nl/balie/locales"
)

// openLibrary is the real texts with a folder for those of the municipality.
func openLibrary(folder string) (*locales.Library, error) {
	var cfg struct {
		Facts map[string]string `toml:"facts"`
	}
	if _, err := toml.DecodeFile("../../cmd/balie/balie.example.toml", &cfg); err != nil {
		return nil, err
	}
	cfg.Facts["bewaartermijn"] = "28 dagen"
	return locales.Open(locales.Options{
		Facts: cfg.Facts, Zone: time.UTC, Folder: folder,
		Gate: func(string) (locales.Gate, error) {
			return locales.Gate{Segments: func(s string) int { return 1 + len(s)/300 }, Today: time.Now()}, nil
		},
	})
}

// parts are the fields of a text's form.
func parts(p pagetest.Page, d locales.Draft, pairs ...string) url.Values {
	f := url.Values{"csrf": {p.Field("csrf")}, "version": {p.Field("version")}}
	for _, field := range d.Fields {
		f.Set("part."+field.Name, field.Text)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set("part."+pairs[i], pairs[i+1])
	}
	return f
}

// TestTexts follows an editor who changes a text: what is not plain or not allowed is
// refused with the reason at the field and nothing lost, what is good goes online.
func TestTexts(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	library, err := openLibrary(folder)
	if err != nil {
		t.Fatal(err)
	}
	h := newHarnessWith(t, library)
	const path = "/desk/texts/nl/afscheid"
	d, err := library.Draft(bot.Dutch, "afscheid")
	if err != nil {
		t.Fatal(err)
	}

	bram := h.enter(t, "bram")
	bram.Get("/desk").Want(t, http.StatusOK, "!/desk/texts")
	bram.Get("/desk/texts").Want(t, http.StatusForbidden, "mag geen teksten veranderen")
	bram.Get(path).Want(t, http.StatusForbidden)
	bram.Post(path+"/publish", parts(bram.Get("/desk"), d, "full", "Dag.")).Want(t, http.StatusForbidden, "Dag.")

	anna := h.enter(t, "anna")
	anna.Get("/desk").Want(t, http.StatusOK, `href="/desk/texts"`)
	anna.Get("/desk/texts").Want(t, http.StatusOK, "Paspoort", path, "klopte op ", "Turks", "!eigen tekst")
	anna.Get("/desk/texts/tr").Want(t, http.StatusOK, "Pasaport", "niet vertaald")
	anna.Get("/desk/texts/xx").Want(t, http.StatusNotFound, "bestaat niet")
	anna.Get("/desk/texts/nl/nergens").Want(t, http.StatusNotFound, "bestaat niet")
	anna.Get("/desk/texts/nl/paspoort").Want(t, http.StatusOK, "{paspoort_prijs_kind}", `name="part.steps"`, "Maak een afspraak op {website}", `type="date" value="20`, "!part.full", "!part.requirements")
	anna.Get("/desk/texts/tr/paspoort").Want(t, http.StatusOK, `lang="tr"`, "De tekst in het Nederlands", "Maak een afspraak op", "!part.review")
	p := anna.Get(path)
	p.Want(t, http.StatusOK, `name="part.full"`, "!part.steps")

	bad := parts(p, d, "full", "U hebt recht op <b>geld</b>.", "review", "morgen")
	anna.Post(path+"/check", bad).Want(t, http.StatusOK, "kan zo niet online", "geef een dag", "&lt;b&gt;geld", `aria-describedby="uitleg-review fout-review"`)
	bad.Set("part.review", "2027-06-01")
	anna.Post(path+"/publish", bad).Want(t, http.StatusUnprocessableEntity, "Let op: ", "belooft een recht", `href="#deel-full"`, "&lt;b&gt;geld")
	anna.Post(path+"/publish", url.Values{"part.full": {"Dag."}}).Want(t, http.StatusForbidden, "full:\nDag.")
	if _, err := os.Stat(filepath.Join(folder, "nl")); err == nil {
		t.Fatal("a rejected text was written")
	}

	good := parts(p, d, "full", "Dag!\r\n\r\nTot {gemeente}.")
	anna.Post(path+"/check", good).Want(t, http.StatusOK, "Deze tekst kan online", "Tot Gemeente Voorbeeld", "1 sms", "Tot {gemeente}")
	done := anna.Post(path+"/publish", good)
	if done.Status != http.StatusSeeOther {
		done.Want(t, http.StatusSeeOther)
	}
	anna.Get(done.Header.Get("Location")).Want(t, http.StatusOK, "staat nu online", "eigen tekst")
	written, err := os.ReadFile(filepath.Join(folder, "nl/answers/afscheid.toml"))
	if err != nil || !strings.Contains(string(written), `"anna"`) {
		t.Errorf("%v: %s", err, written)
	}
	m, err := library.Render(bot.WebChat, bot.Reply{Parts: []bot.Part{{Key: "answer.afscheid"}}})
	if err != nil || m.Text != "Dag!\n\nTot Gemeente Voorbeeld." {
		t.Errorf("%v: %q", err, m.Text)
	}

	conflict := anna.Post(path+"/publish", parts(p, d, "full", "Van een ander venster."))
	conflict.Want(t, http.StatusConflict, "Een collega heeft deze tekst net veranderd", "Van een ander venster.")
	again := parts(conflict, d, "full", "Van een ander venster.")
	if done := anna.Post(path+"/publish", again); done.Status != http.StatusSeeOther {
		t.Errorf("a decision to publish after all: %d", done.Status)
	}
	if log := h.log.String(); strings.Contains(log, "anna") || strings.Contains(log, "venster") || !strings.Contains(log, "text published") {
		t.Errorf("log: %s", log)
	}
}

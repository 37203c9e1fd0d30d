package locales_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/locales"
)

func TestVACRoundTrip(t *testing.T) {
	t.Parallel()
	texts, err := open(t, exampleFacts(t))
	if err != nil {
		t.Fatal(err)
	}
	all := texts.ExportVAC()
	raw, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	back, err := locales.ReadVAC(strings.NewReader(string(raw)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(all, back); diff != "" {
		t.Error(diff)
	}
	i := slices.IndexFunc(all, func(v locales.VAC) bool { return v.Question == "Paspoort" })
	if i < 0 {
		t.Fatal("no VAC about passports")
	}
	v := all[i]
	if v.Audience != "eu-burger" || v.Status != "actief" || len(v.Products) != 3 || len(v.Related) != 2 || v.Departments[0].Name != "Burgerzaken" ||
		!strings.Contains(v.Answer, "Wat kost het?") || strings.ContainsAny(v.Answer, "{}#") {
		t.Errorf("%+v", v)
	}

	v.Note = "Alleen voor medewerkers."
	name, text, ok := v.Draft()
	if !ok || name != "paspoort.toml" || strings.Contains(text, v.Note) {
		t.Fatalf("%t %s\n%s", ok, name, text)
	}
	var draft struct {
		Kind, Title, Full, Team string
		UPL                     []string
	}
	if _, err := toml.Decode(text, &draft); err != nil || draft.Title != v.Question || draft.Full != v.Answer || draft.Team != "Burgerzaken" || !slices.Equal(draft.UPL, []string{"paspoort", "paspTweede", "zakenpaspoort"}) {
		t.Errorf("%v %+v", err, draft)
	}
	v.Status = "non-actief"
	if _, _, ok := v.Draft(); ok {
		t.Error("a VAC that is not active made a draft")
	}
}

func TestReadVACNamesEveryProblem(t *testing.T) {
	t.Parallel()
	_, err := locales.ReadVAC(strings.NewReader(`[{"vraag":"x","antwoord":"y","status":"actief","doelgroep":"eu-burger"},{"vraag":"","status":"nieuw"}]`))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"VAC 2: vraag", "VAC 2: antwoord", "VAC 2: status", "VAC 2: doelgroep"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q: %v", want, err)
		}
	}
	one, err := locales.ReadVAC(strings.NewReader(`{"vraag":"x","antwoord":"y","status":"actief","doelgroep":"eu-burger"}`))
	if err != nil || len(one) != 1 {
		t.Errorf("a single VAC: %v, %v", one, err)
	}
	if _, err := locales.ReadVAC(strings.NewReader("geen json")); err == nil {
		t.Error("accepted what is no JSON")
	}
}

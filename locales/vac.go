package locales

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// VAC is a question with its answer (vraag-antwoordcombinatie) as municipal systems
// exchange it: the object type "VAC" of the community concepts of the Objecttypes API
// (github.com/open-objecten/objecttypes, community-concepts/VAC/vac-schema.json).
type VAC struct {
	Question    string          `json:"vraag"`
	Answer      string          `json:"antwoord"`
	Status      string          `json:"status"`
	Audience    string          `json:"doelgroep"`
	Note        string          `json:"toelichting,omitempty"` // for staff, never for residents
	Keywords    []VACKeyword    `json:"trefwoorden,omitempty"`
	Departments []VACDepartment `json:"afdelingen,omitempty"`
	Related     []VACRelated    `json:"gerelateerdeVACs,omitempty"`
	Products    []VACProduct    `json:"gerelateerdeProducten,omitempty"`
}

// The lists of a VAC.
type (
	VACKeyword struct {
		Word string `json:"trefwoord"`
	}
	VACDepartment struct {
		ID   string `json:"afdelingId,omitempty"`
		Name string `json:"afdelingNaam"`
	}
	VACRelated struct {
		URI string `json:"VAC"`
	}
	VACProduct struct {
		URI string `json:"product"`
	}
)

const (
	vacActive = "actief"
	// vacURN names our own answers in the lists of related ones.
	vacURN = "urn:balie:vac:"
)

// vacAudiences are the audiences of answers in the words of the schema.
var vacAudiences = map[string]string{"citizen": "eu-burger", "business": "eu-bedrijf", "both": "eu-burger-bedrijf"}

// ExportVAC gives the products among the Dutch answers as VACs, by subject.
func (l *Library) ExportVAC() []VAC {
	dutch := l.Dutch()
	var all []VAC
	for _, intent := range dutch.Intents() {
		a := dutch.answers[intent]
		audience, ok := vacAudiences[a.Audience]
		if !ok {
			continue
		}
		v := VAC{
			Question: a.Title, Answer: dutch.fill(dutch.full(a, bot.Telegram)), Status: vacActive, Audience: audience,
			Keywords: []VACKeyword{{a.Choice}}, Departments: []VACDepartment{{Name: a.Team}},
		}
		for _, related := range a.Related {
			v.Related = append(v.Related, VACRelated{vacURN + string(related)})
		}
		for _, term := range a.UPL {
			v.Products = append(v.Products, VACProduct{uplBase + term})
		}
		all = append(all, v)
	}
	return all
}

// ReadVAC reads VACs, one or a list, and checks them against the schema. Its error
// names every problem.
func ReadVAC(r io.Reader) ([]VAC, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("locales: read VAC: %w", err)
	}
	if raw = bytes.TrimSpace(raw); len(raw) > 0 && raw[0] == '{' {
		raw = slices.Concat([]byte("["), raw, []byte("]"))
	}
	var all []VAC
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("locales: read VAC: %w", err)
	}
	var problems []error
	for i, v := range all {
		for name, bad := range map[string]bool{
			"vraag": v.Question == "", "antwoord": v.Answer == "",
			"status":    !slices.Contains([]string{vacActive, "non-actief", "te-verwijderen"}, v.Status),
			"doelgroep": !slices.Contains([]string{"eu-burger", "eu-bedrijf", "eu-burger-bedrijf"}, v.Audience),
		} {
			if bad {
				problems = append(problems, fmt.Errorf("VAC %d: %s is missing or not allowed", i+1, name))
			}
		}
	}
	slices.SortFunc(problems, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return all, errors.Join(problems...)
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// Draft makes the file of an answer of it, for an editor to finish: the check tells
// what it lacks. What is meant for staff alone does not come along. Only an active VAC
// makes a draft.
func (v VAC) Draft() (name, text string, ok bool) {
	if v.Status != vacActive {
		return "", "", false
	}
	d := Answer{Kind: KindTalk, Title: v.Question, Choice: v.Question, Full: v.Answer}
	if len(v.Keywords) > 0 {
		d.Choice = v.Keywords[0].Word
	}
	if runes := []rune(d.Choice); len(runes) > maxChoice {
		d.Choice = string(runes[:maxChoice])
	}
	for audience, name := range vacAudiences {
		if name == v.Audience {
			d.Audience = audience
		}
	}
	if len(v.Departments) > 0 {
		d.Team = v.Departments[0].Name
	}
	for _, p := range v.Products {
		if term, ok := strings.CutPrefix(p.URI, uplBase); ok {
			d.UPL = append(d.UPL, term)
		}
	}
	return strings.Trim(notInName.ReplaceAllString(strings.ToLower(d.Choice), "_"), "_") + ".toml", string(d.file()), true
}

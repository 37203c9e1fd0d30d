package locales

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot"
)

// Kind is the sort of an answer.
type Kind string

// The kinds: about something that the municipality does, about the conversation
// itself, or a fixed message for danger.
const (
	KindProduct Kind = "product"
	KindTalk    Kind = "talk"
	KindSafety  Kind = "safety"
)

// Answer is a curated answer in one language, as its file holds it. docs/content.md
// tells editors what belongs in each field.
type Answer struct {
	Intent  bot.Intent `toml:"-"`
	Version string     `toml:"-"` // of the file; another text has another version
	// Unknown are the facts that the text uses and that are not configured.
	Unknown []string `toml:"-"`

	// About the answer. Only the file in Dutch has these; Checked is of each.

	Kind       Kind         `toml:"kind"`
	UPL        []string     `toml:"upl"`      // terms of the Uniforme Productnamenlijst
	Audience   string       `toml:"audience"` // citizen, business or both
	Team       string       `toml:"team"`     // who answers when a person is needed
	Owner      string       `toml:"owner"`    // who keeps the text right
	Sources    []string     `toml:"sources"`
	Checked    time.Time    `toml:"checked"`
	Review     time.Time    `toml:"review"`     // to be checked again by then
	Complexity string       `toml:"complexity"` // low or high; high offers a person first
	Sensitive  bool         `toml:"sensitive"`  // always goes to a person as well
	Related    []bot.Intent `toml:"related"`
	// Terms are official words that have to stay; the text explains each.
	Terms []string `toml:"terms"`
	// Mixed says that the text has lines in other languages, so that its language is
	// not judged.
	Mixed bool `toml:"mixed"`

	// The words.

	Title  string `toml:"title"`
	Choice string `toml:"choice"` // on a button
	Short  string `toml:"short"`  // SMS
	Speech string `toml:"speech"` // read aloud
	// Full is the whole text of an answer that is no product. A product has parts.
	Full string `toml:"full"`

	Intro        string   `toml:"intro"`
	Steps        []string `toml:"steps"`
	When         string   `toml:"when"`
	Cost         string   `toml:"cost"`
	Bring        []string `toml:"bring"`
	Duration     string   `toml:"duration"`
	More         string   `toml:"more"`
	Requirements string   `toml:"requirements"` // the rules, for entrepreneurs
	Authority    string   `toml:"authority"`    // who decides, with address
	Rule         string   `toml:"rule"`         // where the text of the rules stands
	Disagree     string   `toml:"disagree"`
	Link         string   `toml:"link"`
}

// readAnswer reads the file of an answer.
func readAnswer(folder fs.FS, name string) (Answer, error) {
	raw, err := fs.ReadFile(folder, name)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", name, err)
	}
	a := Answer{Intent: bot.Intent(strings.TrimSuffix(path.Base(name), ".toml"))}
	meta, err := toml.Decode(string(raw), &a)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Answer{}, fmt.Errorf("%s: unknown key %q", name, unknown[0].String())
	}
	for _, text := range a.texts() {
		*text = strings.TrimSpace(*text)
	}
	if a.Title == "" || a.Choice == "" || a.Short == "" || a.Full == "" && a.Intro == "" {
		return Answer{}, fmt.Errorf("%s: title, choice, short, and full or intro are all needed", name)
	}
	if a.Full != "" && a.Intro != "" {
		return Answer{}, fmt.Errorf("%s: has both full and intro; a product has parts, another answer is in full", name)
	}
	sum := sha256.Sum256(raw)
	a.Version = hex.EncodeToString(sum[:4])
	return a, nil
}

// texts are the places of all the words that somebody reads or hears.
func (a *Answer) texts() []*string {
	all := []*string{&a.Title, &a.Choice, &a.Short, &a.Speech, &a.Full, &a.Intro}
	for i := range a.Steps {
		all = append(all, &a.Steps[i])
	}
	all = append(all, &a.When, &a.Cost)
	for i := range a.Bring {
		all = append(all, &a.Bring[i])
	}
	return append(all, &a.Duration, &a.More, &a.Requirements, &a.Authority, &a.Rule, &a.Disagree, &a.Link)
}

// section is a part of an answer under a heading.
type section struct {
	heading string // a key of the headings in messages.toml, empty for none
	text    string
}

// sections are the parts of an answer in the order of reading.
func (a *Answer) sections() []section {
	if a.Full != "" {
		return []section{{"", a.Full}}
	}
	all := []section{
		{"", a.Intro},
		{"steps", numbered(a.Steps)},
		{"when", a.When},
		{"bring", bulleted(a.Bring)},
		{"cost", a.Cost},
		{"duration", a.Duration},
		{"requirements", a.Requirements},
		{"authority", a.Authority},
		{"more", a.More},
		{"disagree", a.Disagree},
		{"rule", a.Rule},
		{"link", a.Link},
	}
	kept := all[:0]
	for _, s := range all {
		if s.text != "" {
			kept = append(kept, s)
		}
	}
	return kept
}

func numbered(items []string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = fmt.Sprintf("%d. %s", i+1, item)
	}
	return strings.Join(lines, "\n")
}

func bulleted(items []string) string {
	lines := make([]string, len(items))
	for i, item := range items {
		lines[i] = "- " + item
	}
	return strings.Join(lines, "\n")
}

package locales

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
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
	a, err := parseAnswer(bot.Intent(strings.TrimSuffix(path.Base(name), ".toml")), raw)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

// parseAnswer takes the file of an answer apart.
func parseAnswer(intent bot.Intent, raw []byte) (Answer, error) {
	a := Answer{Intent: intent}
	meta, err := toml.Decode(string(raw), &a)
	if err != nil {
		return Answer{}, err
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return Answer{}, fmt.Errorf("onbekend veld %q", unknown[0].String())
	}
	for _, text := range a.texts() {
		*text = strings.TrimSpace(*text)
	}
	if a.Title == "" || a.Choice == "" || a.Short == "" || a.Full == "" && a.Intro == "" {
		return Answer{}, errors.New("title, choice, short, en full of intro zijn allemaal nodig")
	}
	if a.Full != "" && a.Intro != "" {
		return Answer{}, errors.New("heeft full en intro: een product heeft delen, een ander antwoord staat in full")
	}
	sum := sha256.Sum256(raw)
	a.Version = hex.EncodeToString(sum[:4])
	return a, nil
}

// part is the place of something in an answer: a text, a list of texts, or a day.
type part struct {
	name string // the key in its file
	text *string
	list *[]string
	day  *time.Time
}

// parts are the places of all the words that somebody reads or hears, in the order
// of the file.
func (a *Answer) parts() []part {
	return []part{
		{name: "title", text: &a.Title},
		{name: "choice", text: &a.Choice},
		{name: "short", text: &a.Short},
		{name: "speech", text: &a.Speech},
		{name: "full", text: &a.Full},
		{name: "intro", text: &a.Intro},
		{name: "steps", list: &a.Steps},
		{name: "when", text: &a.When},
		{name: "bring", list: &a.Bring},
		{name: "cost", text: &a.Cost},
		{name: "duration", text: &a.Duration},
		{name: "more", text: &a.More},
		{name: "requirements", text: &a.Requirements},
		{name: "authority", text: &a.Authority},
		{name: "rule", text: &a.Rule},
		{name: "disagree", text: &a.Disagree},
		{name: "link", text: &a.Link},
	}
}

// texts are the places of all the words, one by one.
func (a *Answer) texts() []*string {
	var all []*string
	for _, p := range a.parts() {
		if p.text != nil {
			all = append(all, p.text)
			continue
		}
		for i := range *p.list {
			all = append(all, &(*p.list)[i])
		}
	}
	return all
}

// file writes an answer as its file holds it.
func (a *Answer) file() []byte {
	var b bytes.Buffer
	related := make([]string, len(a.Related))
	for i, r := range a.Related {
		related[i] = string(r)
	}
	kind := string(a.Kind)
	writeParts(&b, []part{
		{name: "kind", text: &kind},
		{name: "upl", list: &a.UPL},
		{name: "audience", text: &a.Audience},
		{name: "team", text: &a.Team},
		{name: "owner", text: &a.Owner},
		{name: "sources", list: &a.Sources},
		{name: "checked", day: &a.Checked},
		{name: "review", day: &a.Review},
		{name: "complexity", text: &a.Complexity},
		{name: "related", list: &related},
		{name: "terms", list: &a.Terms},
	})
	if a.Sensitive {
		b.WriteString("sensitive = true\n")
	}
	if a.Mixed {
		b.WriteString("mixed = true\n")
	}
	b.WriteByte('\n')
	writeParts(&b, a.parts())
	return b.Bytes()
}

// writeParts writes what is not empty as TOML: a text of several lines as it is, a
// list with an item on each line.
func writeParts(b *bytes.Buffer, parts []part) {
	for _, p := range parts {
		switch {
		case p.text != nil && *p.text != "":
			fmt.Fprintf(b, "%s = %s\n", p.name, quoted(*p.text))
		case p.day != nil && !p.day.IsZero():
			fmt.Fprintf(b, "%s = %s\n", p.name, p.day.Format(time.DateOnly))
		case p.list != nil && len(*p.list) > 0:
			fmt.Fprintf(b, "%s = [\n", p.name)
			for _, item := range *p.list {
				fmt.Fprintf(b, "\t%s,\n", quoted(item))
			}
			b.WriteString("]\n")
		}
	}
}

// escaped are the characters that a TOML string cannot hold as they are.
var escaped = strings.NewReplacer("\\", `\\`, `"`, `\"`, "\r", `\r`, "\x7f", `\u007f`)

// quoted writes a text as a TOML string, one of several lines on lines of their own.
func quoted(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return -1 // TOML has no place for it, nor has a reader
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	if !strings.Contains(text, "\n") {
		return `"` + escaped.Replace(text) + `"`
	}
	return `"""` + "\n" + escaped.Replace(text) + `"""`
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

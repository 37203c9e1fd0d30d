// Package locales holds everything that residents and staff read: the curated
// answers, what the bot says around them, and the words on the pages. Texts are
// TOML files, one folder per language; the program never makes up a sentence.
//
// It fills in the facts of the municipality and gives each channel the form that
// suits it. It knows nothing of conversations.
package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot"
)

// Catalog is the texts of one language with the facts of one municipality. It
// is safe for concurrent use.
type Catalog struct {
	below    *Catalog // the Dutch one, which has what this one lacks; nil in itself
	tag      string
	language language
	zone     *time.Location
	facts    map[string]string
	// translated are the facts that are in the language of the catalogue.
	translated map[string]string
	answers    map[bot.Intent]*Answer
	headings   map[string]string
	others     map[bot.Organisation]*Organisation
	messages   map[string]forms
	choices    map[bot.ChoiceID]choice
	texts      map[string]string
	dates      dates
}

// forms are the versions of a message; see nl/messages.toml.
type forms struct {
	Short string  `toml:"short"`
	Full  string  `toml:"full"`
	Web   *string `toml:"web"`
}

type choice struct {
	Label string `toml:"label"`
	Word  string `toml:"word"`
}

// dates are how a day, a month and a moment are put together.
type dates struct {
	Date   string `toml:"date"`
	Month  string `toml:"month"`
	Moment string `toml:"moment"`
}

// load reads the folder of a language. What it lacks comes from the catalogue below.
func load(tag string, below *Catalog, files fs.FS, o Options) (*Catalog, error) {
	folder, err := fs.Sub(files, tag)
	if err != nil {
		return nil, fmt.Errorf("locales: %s: %w", tag, err)
	}
	written, err := languageOf(tag)
	if err != nil {
		return nil, err
	}
	c := &Catalog{
		tag: tag, language: written, below: below, zone: o.Zone, facts: maps.Clone(o.Facts), translated: maps.Clone(o.Translations[tag]),
		answers: map[bot.Intent]*Answer{}, headings: map[string]string{}, others: map[bot.Organisation]*Organisation{}, messages: map[string]forms{},
		choices: map[bot.ChoiceID]choice{}, texts: map[string]string{},
	}
	maps.Copy(c.facts, c.translated)
	if err := errors.Join(c.required(), c.checkTranslations(o.Facts)); err != nil {
		return nil, err
	}
	problems := []error{c.readMessages(folder), c.readTexts(folder, "chat.toml"), c.readTexts(folder, "desk.toml")}
	c.translateDays()
	problems = append(problems, c.readAnswers(folder), c.readOrganisations(folder))
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("locales: %s: %w", tag, err)
	}
	if err := c.completeMessages(); err != nil {
		return nil, err
	}
	return c, nil
}

func decode(folder fs.FS, name string, into any) error {
	meta, err := toml.DecodeFS(folder, name, into)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return fmt.Errorf("%s: unknown key %q", name, unknown[0].String())
	}
	return nil
}

func (c *Catalog) readMessages(folder fs.FS) error {
	var raw map[string]toml.Primitive
	meta, err := toml.DecodeFS(folder, "messages.toml", &raw)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("messages.toml: %w", err)
	}
	var problems []error
	for key, value := range raw {
		switch key {
		case "choice":
			problems = append(problems, meta.PrimitiveDecode(value, &c.choices))
		case "dates":
			problems = append(problems, meta.PrimitiveDecode(value, &c.dates))
		case "headings":
			problems = append(problems, meta.PrimitiveDecode(value, &c.headings))
		default:
			var f forms
			problems = append(problems, meta.PrimitiveDecode(value, &f))
			if f.Short == "" {
				problems = append(problems, fmt.Errorf("messages.toml: %s has no short form", key))
			}
			c.messages[key] = f
		}
	}
	for _, unknown := range meta.Undecoded() {
		problems = append(problems, fmt.Errorf("messages.toml: unknown key %q", unknown.String()))
	}
	return errors.Join(problems...)
}

func (c *Catalog) readAnswers(folder fs.FS) error {
	names, err := fs.Glob(folder, "answers/*.toml")
	if err != nil {
		return err
	}
	var problems []error
	for _, name := range names {
		a, err := readAnswer(folder, name)
		if err == nil {
			err = c.complete(&a)
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		c.answers[a.Intent] = &a
	}
	return errors.Join(problems...)
}

func (c *Catalog) readTexts(folder fs.FS, name string) error {
	var texts map[string]string
	if err := decode(folder, name, &texts); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	maps.Copy(c.texts, texts)
	return nil
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// given are the placeholders that the program fills in.
var given = []string{
	"name", "time", "date", "text", "choices",
	"reference", "version", "about", "address", "danger", "day", "from", "part", "phone", "to", "what", "where", // answers in forms
}

// Required are the facts that no municipality can do without: who it is, how to
// reach a person, and whom to ask for public information (article 4.7 of the Woo).
var Required = []string{"adres", "email", "gemeente", "openingstijden", "telefoon", "website", "woo_verzoek_contact"}

// required reports every fact that no municipality can do without and that is not
// configured.
func (c *Catalog) required() error {
	var problems []error
	for _, name := range Required {
		if !c.has(name) {
			problems = append(problems, fmt.Errorf("fact %q is missing: add it under [facts]", name))
		}
	}
	return errors.Join(problems...)
}

// completeMessages leaves out of the messages what the municipality has not
// configured. It reports those of which nothing is left.
func (c *Catalog) completeMessages() error {
	for key, text := range c.texts {
		c.texts[key] = c.glossed(text)
	}
	var problems []error
	for _, key := range slices.Sorted(maps.Keys(c.messages)) {
		f := c.messages[key]
		short, full := c.glossed(f.Short), c.glossed(f.Full)
		if f.Web != nil {
			*f.Web = c.glossed(*f.Web)
		}
		f.Short, f.Full = c.known(short), c.known(full)
		if f.Short == "" || full != "" && f.Full == "" {
			problems = append(problems, fmt.Errorf("messages.toml: %s says nothing without the facts in %q: add them under [facts]", key, short))
		}
		c.messages[key] = f
	}
	return errors.Join(problems...)
}

// Tag is the language as BCP 47.
func (c *Catalog) Tag() string { return c.tag }

// Has reports whether there is a curated answer for the intent.
func (c *Catalog) Has(i bot.Intent) bool { _, ok := c.answers[i]; return ok }

// Intents are the subjects that have an answer, in order.
func (c *Catalog) Intents() []bot.Intent { return slices.Sorted(maps.Keys(c.answers)) }

// Sensitive reports whether the subject always goes to a person as well.
func (c *Catalog) Sensitive(i bot.Intent) bool {
	a, ok := c.answers[i]
	return ok && a.Sensitive
}

// Text returns the text of a page with the pairs (name, value, name, value ...)
// and the facts filled in. A key that is not there comes back as it is: visible
// to a tester, harmless to a reader.
func (c *Catalog) Text(key string, pairs ...string) string {
	text, ok := c.texts[key]
	switch {
	case ok:
		return c.fill(text, pairs...)
	case c.below != nil:
		return c.below.Text(key, pairs...)
	}
	return key
}

func (c *Catalog) fill(text string, pairs ...string) string {
	return placeholder.ReplaceAllStringFunc(text, func(match string) string {
		name := match[1 : len(match)-1]
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		if fact, ok := c.facts[name]; ok {
			return fact
		}
		return match
	})
}

// Moment writes a moment as people say it, in the municipality's time zone.
func (c *Catalog) Moment(t time.Time) string { return c.when(c.patterns().Moment, t.In(c.zone)) }

// patterns are those of the language, or the Dutch ones.
func (c *Catalog) patterns() dates {
	if c.dates.Moment == "" && c.below != nil {
		return c.below.dates
	}
	return c.dates
}

// Date writes a day with its weekday, month and year, in the location of t.
func (c *Catalog) Date(t time.Time) string { return c.when(c.patterns().Date, t) }

// Month writes a month with its year, in the location of t.
func (c *Catalog) Month(t time.Time) string { return c.when(c.patterns().Month, t) }

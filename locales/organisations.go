package locales

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Organisation is another organisation, for one subject that residents ask the
// municipality about.
type Organisation struct {
	Title     string    `toml:"title"`
	Name      string    `toml:"name"`
	Words     []string  `toml:"words"` // by which residents mean it
	Sure      []string  `toml:"sure"`  // by which nobody can mean the municipality
	Terms     []string  `toml:"terms"` // official words that have to stay; the text explains each
	Phone     string    `toml:"phone"` // empty when there is none
	PhoneNote string    `toml:"phone_note"`
	Link      string    `toml:"link"`
	Short     string    `toml:"short"` // SMS
	Full      string    `toml:"full"`
	Source    string    `toml:"source"`
	Checked   time.Time `toml:"checked"` // zero while nobody has
	Certain   bool      `toml:"certain"`

	file string // that it stands in
}

// readOrganisations reads organisations.toml and then others whose names begin like it,
// which add to it and change it. A language may lack them.
func (c *Catalog) readOrganisations(folder fs.FS) error {
	const first = "organisations.toml"
	files, err := fs.Glob(folder, "organisations*.toml")
	if err != nil {
		return err
	}
	if i := slices.Index(files, first); i > 0 {
		files = slices.Insert(slices.Delete(files, i, i+1), 0, first)
	}
	all := map[bot.Organisation]*Organisation{}
	for _, name := range files {
		var some map[bot.Organisation]*Organisation
		if err := decode(folder, name, &some); err != nil {
			return err
		}
		for _, o := range some {
			o.file = name
		}
		maps.Copy(all, some)
	}
	var problems []error
	for id, o := range all {
		if c.below != nil {
			dutch, ok := c.below.others[id]
			if !ok {
				problems = append(problems, fmt.Errorf("%s: there is no organisation %s in Dutch", o.file, id))
				continue
			}
			o.follow(dutch)
		}
		o.Short, o.Full = c.known(strings.TrimSpace(o.Short)), c.known(strings.TrimSpace(o.Full))
		if o.Title == "" || o.Name == "" || o.Link == "" || o.Short == "" || o.Full == "" {
			problems = append(problems, fmt.Errorf("%s: %s: title, name, link, short and full are all needed", o.file, id))
		}
		c.others[id] = o
	}
	return errors.Join(problems...)
}

// follow takes from the Dutch text what a translation leaves out.
func (o *Organisation) follow(dutch *Organisation) {
	for _, field := range []struct{ mine, theirs *string }{
		{&o.Name, &dutch.Name}, {&o.Phone, &dutch.Phone}, {&o.PhoneNote, &dutch.PhoneNote}, {&o.Link, &dutch.Link}, {&o.Source, &dutch.Source},
	} {
		if *field.mine == "" {
			*field.mine = *field.theirs
		}
	}
	o.Certain = true // the Dutch text says whether it is
}

// organisation is what is said about another organisation.
func (c *Catalog) organisation(channel bot.Channel, id bot.Organisation) (words, error) {
	o, ok := c.others[id]
	switch {
	case !ok && c.below != nil:
		w, err := c.below.organisation(channel, id)
		if err != nil || !c.foreign() {
			return w, err
		}
		return c.untranslated(channel, w)
	case !ok:
		return words{}, fmt.Errorf("locales: no organisation %q in %s", id, c.tag)
	}
	w := words{source: bot.OrganisationKey(id), text: o.Full}
	if channel.Short() {
		w.text = o.Short
	}
	return w, nil
}

// Organisation is what is said in Dutch about another organisation, false when there
// is nothing.
func (l *Library) Organisation(id bot.Organisation) (Organisation, bool) {
	o, ok := l.Dutch().others[id]
	if !ok {
		return Organisation{}, false
	}
	return *o, true
}

// Knows reports whether there is something to say about another organisation.
func (l *Library) Knows(id bot.Organisation) bool { _, ok := l.Dutch().others[id]; return ok }

// OrganisationNames are the words by which residents mean each organisation, and those
// by which nobody can mean the municipality, in all languages.
func (l *Library) OrganisationNames() (words, sure map[string][]string) {
	words, sure = map[string][]string{}, map[string][]string{}
	for _, c := range l.shelf.Load().catalogues {
		for id, o := range c.others {
			words[string(id)] = append(words[string(id)], o.Words...)
			sure[string(id)] = append(sure[string(id)], o.Sure...)
		}
	}
	return words, sure
}

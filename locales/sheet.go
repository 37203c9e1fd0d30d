package locales

import (
	"slices"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Sheet is a text as residents get it, for reports.
type Sheet struct {
	Language string
	Item     string // the answer, organisation or message
	Title    string
	Short    string // on SMS
	Full     string // in the web chat, without its marks for headings
	Checked  time.Time
	Review   time.Time
	Mixed    bool // lines in several languages
}

// Sheets are all answers, organisations and messages of all languages, by language
// and item.
func (l *Library) Sheets() []Sheet {
	var all []Sheet
	s := l.shelf.Load()
	for _, language := range s.languages() {
		c := s.catalogues[language]
		r := &ruling{catalog: c}
		for _, intent := range c.Intents() {
			a := c.answers[intent]
			about := s.dutch.answers[intent]
			sheet := Sheet{
				Language: c.tag, Item: string(intent), Title: a.Title, Checked: a.Checked, Mixed: a.Mixed,
				Short: r.sample(a.Short), Full: r.sample(c.full(a, bot.Telegram)),
			}
			if about != nil {
				sheet.Review = about.Review
			}
			all = append(all, sheet)
		}
		var others []Sheet
		for id, o := range c.others {
			others = append(others, Sheet{Language: c.tag, Item: string(id), Title: o.Title, Checked: o.Checked, Short: r.sample(o.Short), Full: r.sample(o.Full)})
		}
		for key, f := range c.messages {
			if f.Short != "{text}" {
				full := f.Full
				if full == "" {
					full = f.Short
				}
				others = append(others, Sheet{Language: c.tag, Item: key, Short: r.sample(f.Short), Full: r.sample(full)})
			}
		}
		slices.SortFunc(others, func(a, b Sheet) int { return strings.Compare(a.Item, b.Item) })
		all = append(all, others...)
	}
	return all
}

// Sentences splits a text as the limits on the length of sentences do.
func Sentences(text string) []string { return sentencesOf(text) }

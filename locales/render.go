package locales

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// Render turns a reply into the words for a channel, in the language of the reply.
func (l *Library) Render(channel bot.Channel, reply bot.Reply) (bot.Message, error) {
	return l.Catalog(reply.Language).Render(channel, reply)
}

// Render turns a reply into the words for a channel. Where the channel has no
// buttons the choices stand in the text, numbered or as a word to send. An answer
// that is not there in the language comes in Dutch, and says so. It fails for a key
// that is in no catalogue.
func (c *Catalog) Render(channel bot.Channel, reply bot.Reply) (bot.Message, error) {
	message := bot.Message{Author: reply.Author, Language: bot.Language(c.tag)}
	for _, id := range reply.Choices {
		label, err := c.label(id)
		if err != nil {
			return bot.Message{}, err
		}
		message.Choices = append(message.Choices, bot.Choice{ID: id, Label: label})
	}
	spelled := ""
	if !buttons(channel) {
		spelled = c.spellOut(message.Choices)
	}

	var blocks, sources []string
	sections := false
	for _, part := range reply.Parts {
		w, err := c.words(channel, part.Key)
		if err != nil {
			return bot.Message{}, err
		}
		if strings.Contains(w.text, "{choices}") {
			w.text, spelled = strings.TrimSpace(strings.ReplaceAll(w.text, "{choices}", spelled)), ""
		}
		pairs := []string{"name", part.Name, "time", c.Moment(part.At), "date", c.Date(part.At.In(c.zone)), "text", part.Text}
		for name, value := range part.Fill {
			pairs = append(pairs, name, c.value(value))
		}
		if w.text = c.fill(w.text, pairs...); w.text != "" {
			if sections {
				blocks = append(blocks, endOfSections)
			}
			sections = strings.Contains("\n"+w.text, "\n"+sectionMark)
			blocks, sources = append(blocks, w.text), append(sources, w.source)
		}
		if w.foreign {
			message.Language = bot.Dutch
		}
	}
	if spelled != "" {
		blocks = append(blocks, spelled)
	}
	if buttons(channel) && len(message.Choices) == 0 {
		message.Choices = c.related(reply.Parts)
	}
	between := "\n\n"
	if channel.Short() {
		between = "\n"
	}
	message.Text, message.Source = strings.Join(blocks, between), strings.Join(sources, "+")
	return message, nil
}

// related are the subjects that people often need as well (norm BP01), when a reply is
// about one product and nothing is asked.
func (c *Catalog) related(parts []bot.Part) []bot.Choice {
	if len(parts) > 1 && parts[0].Key == "intro" {
		parts = parts[1:]
	}
	if len(parts) != 1 {
		return nil
	}
	name, _ := strings.CutPrefix(parts[0].Key, bot.AnswerKey(""))
	about, ok := c.source().answers[bot.Intent(name)]
	if !ok || about.Kind != KindProduct {
		return nil
	}
	var all []bot.Choice
	for _, intent := range about.Related {
		id := bot.ChooseIntent(intent)
		if label, err := c.label(id); err == nil {
			all = append(all, bot.Choice{ID: id, Label: label})
		}
	}
	return all
}

// source is the catalogue that holds what is about the answers.
func (c *Catalog) source() *Catalog {
	if c.below != nil {
		return c.below
	}
	return c
}

// buttons reports whether the channel shows quick replies itself.
func buttons(channel bot.Channel) bool { return channel == bot.WebChat || channel == bot.Telegram }

// words are a text of the catalogue that suits a channel.
type words struct {
	text    string
	source  string // its key, for an answer with the language and version
	foreign bool   // it is in Dutch, though the catalogue is not
}

func (c *Catalog) words(channel bot.Channel, key string) (words, error) {
	if name, ok := strings.CutPrefix(key, bot.AnswerKey("")); ok {
		return c.answer(channel, bot.Intent(name))
	}
	if id, ok := strings.CutPrefix(key, bot.OrganisationKey("")); ok {
		return c.organisation(channel, bot.Organisation(id))
	}
	f, ok := c.messages[key]
	switch {
	case !ok && c.below != nil:
		w, err := c.below.words(channel, key)
		w.text, w.foreign = c.below.fill(w.text), c.foreign()
		return w, err
	case !ok:
		return words{}, fmt.Errorf("locales: no message %q in %s", key, c.tag)
	case channel == bot.WebChat && f.Web != nil:
		return words{text: *f.Web, source: key}, nil
	case !buttons(channel) && strings.Contains(f.Short, "{choices}"), channel.Short(), f.Full == "":
		return words{text: f.Short, source: key}, nil
	}
	return words{text: f.Full, source: key}, nil
}

// foreign reports whether Dutch is another language than the catalogue's.
func (c *Catalog) foreign() bool { return baseLanguage(c.tag) != string(bot.Dutch) }

// untranslated puts before Dutch words that they are there in Dutch only.
func (c *Catalog) untranslated(channel bot.Channel, w words) (words, error) {
	notice, err := c.words(channel, "untranslated")
	if err != nil {
		return words{}, err
	}
	between := "\n\n"
	if channel.Short() {
		between = "\n"
	}
	return words{text: notice.text + between + c.below.fill(w.text), source: notice.source + "+" + w.source, foreign: true}, nil
}

func (c *Catalog) answer(channel bot.Channel, intent bot.Intent) (words, error) {
	a, ok := c.answers[intent]
	switch {
	case !ok && c.below != nil:
		w, err := c.below.answer(channel, intent)
		if err != nil || !c.foreign() {
			return w, err
		}
		return c.untranslated(channel, w)
	case !ok:
		return words{}, fmt.Errorf("locales: no answer %q in %s", intent, c.tag)
	}
	w := words{source: fmt.Sprintf("%s@%s-%s", bot.AnswerKey(intent), c.tag, a.Version), text: a.Short}
	if !channel.Short() {
		w.text = c.full(a, channel)
	}
	return w, nil
}

// A page shows a line that begins with sectionMark as a heading, with what follows
// until the next one under it. endOfSections is a line behind the last section.
const (
	sectionMark   = "## "
	endOfSections = "---"
)

// full puts the parts of an answer under their headings; where there are no sections a
// heading is a line of its own.
func (c *Catalog) full(a *Answer, channel bot.Channel) string {
	mark := ""
	if channel == bot.WebChat {
		mark = sectionMark
	}
	var blocks []string
	for _, s := range a.sections() {
		if s.heading != "" {
			s.text = mark + c.heading(s.heading) + "\n" + s.text
		}
		blocks = append(blocks, s.text)
	}
	if about, ok := c.source().answers[a.Intent]; ok && channel == bot.WebChat && about.Kind == KindProduct {
		blocks = append(blocks, mark+c.heading("about")+"\n"+c.about(a, about))
	}
	return strings.Join(blocks, "\n\n")
}

// about says when an answer was checked, and where its facts are from (norm SDG-03):
// of the sources those that residents may be sent to.
func (c *Catalog) about(a, dutch *Answer) string {
	lines := []string{c.fill(c.heading("checked"), "date", c.Date(a.Checked))}
	var hosts []string
	for _, source := range dutch.Sources {
		u, err := url.Parse(source)
		if err != nil {
			continue
		}
		if host := strings.TrimPrefix(u.Host, "www."); c.trusts(host) && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	if len(hosts) > 0 {
		lines = append(lines, c.fill(c.heading("source"), "text", strings.Join(hosts, ", ")))
	}
	return strings.Join(lines, "\n")
}

func (c *Catalog) heading(name string) string {
	if h, ok := c.headings[name]; ok || c.below == nil {
		return h
	}
	return c.below.heading(name)
}

func (c *Catalog) label(id bot.ChoiceID) (string, error) {
	if intent, ok := id.Intent(); ok {
		if a, ok := c.answers[intent]; ok {
			return a.Choice, nil
		}
	} else if choice, ok := c.choices[id]; ok {
		return choice.Label, nil
	}
	if c.below != nil {
		return c.below.label(id)
	}
	return "", fmt.Errorf("locales: no choice %q in %s", id, c.tag)
}

// spellOut writes choices for a channel without buttons: subjects and answers with a
// number, the others as the word to send.
func (c *Catalog) spellOut(choices []bot.Choice) string {
	lines := make([]string, len(choices))
	for i, choice := range choices {
		_, question, form := choice.ID.Form()
		if _, subject := choice.ID.Intent(); subject || form && question != "" {
			lines[i] = fmt.Sprintf("%d %s", i+1, choice.Label)
		} else {
			lines[i] = c.word(choice.ID)
		}
	}
	return strings.Join(lines, "\n")
}

// word is the sentence that says which word to send for a choice.
func (c *Catalog) word(id bot.ChoiceID) string {
	if choice, ok := c.choices[id]; ok || c.below == nil {
		return choice.Word
	}
	return c.below.word(id)
}

// value is what a resident answered: own words, or the label of a choice.
func (c *Catalog) value(answer string) string {
	if _, _, ok := bot.ParseGeoURI(answer); ok {
		answer = choiceOnMap
	}
	if label, err := c.label(bot.ChoiceID(answer)); err == nil {
		return label
	}
	if m := dutchPhone.FindStringSubmatch(answer); m != nil {
		return "0" + m[1] + " " + m[2] + " " + m[3] + " " + m[4] + " " + m[5]
	}
	return answer
}

// choiceOnMap is what a place on the map is called.
const choiceOnMap = "map"

// dutchPhone takes a number apart as people read it aloud: 06 12 34 56 78.
var dutchPhone = regexp.MustCompile(`^\+31(\d)(\d\d)(\d\d)(\d\d)(\d\d)$`)

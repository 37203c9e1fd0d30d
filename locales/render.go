package locales

import (
	"fmt"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// Render turns a reply into the words for a channel. Where the channel has no
// buttons the choices stand in the text, numbered or as a word to send. It fails
// for a key that is not in the catalogue.
func (c *Catalog) Render(channel bot.Channel, reply bot.Reply) (bot.Message, error) {
	message := bot.Message{Author: reply.Author}
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
	for _, part := range reply.Parts {
		text, err := c.form(channel, part.Key)
		if err != nil {
			return bot.Message{}, err
		}
		if spelled != "" && strings.Contains(text, "{choices}") {
			text, spelled = strings.ReplaceAll(text, "{choices}", spelled), ""
		}
		if text = c.fill(text, "name", part.Name, "time", c.Moment(part.At), "text", part.Text); text != "" {
			blocks, sources = append(blocks, text), append(sources, part.Key)
		}
	}
	if spelled != "" {
		blocks = append(blocks, spelled)
	}
	between := "\n\n"
	if channel.Short() {
		between = "\n"
	}
	message.Text, message.Source = strings.Join(blocks, between), strings.Join(sources, "+")
	return message, nil
}

// buttons reports whether the channel shows quick replies itself.
func buttons(channel bot.Channel) bool { return channel == bot.WebChat || channel == bot.Telegram }

// form picks the version of a text that suits the channel.
func (c *Catalog) form(channel bot.Channel, key string) (string, error) {
	if name, ok := strings.CutPrefix(key, bot.AnswerKey("")); ok {
		if a, ok := c.answers[bot.Intent(name)]; ok {
			if channel.Short() {
				return a.Short, nil
			}
			return c.full(a, channel), nil
		}
		return "", fmt.Errorf("locales: no answer %q in %s", name, c.tag)
	}
	f, ok := c.messages[key]
	switch {
	case !ok:
		return "", fmt.Errorf("locales: no message %q in %s", key, c.tag)
	case channel == bot.WebChat && f.Web != nil:
		return *f.Web, nil
	case !buttons(channel) && strings.Contains(f.Short, "{choices}"), channel.Short(), f.Full == "":
		return f.Short, nil
	}
	return f.Full, nil
}

// full puts the parts of an answer under their headings. A page shows a line that
// begins with "## " as a heading; elsewhere it is a line of its own.
func (c *Catalog) full(a *Answer, channel bot.Channel) string {
	mark := ""
	if channel == bot.WebChat {
		mark = "## "
	}
	var blocks []string
	for _, s := range a.sections() {
		if s.heading != "" {
			s.text = mark + c.headings[s.heading] + "\n" + s.text
		}
		blocks = append(blocks, s.text)
	}
	return strings.Join(blocks, "\n\n")
}

func (c *Catalog) label(id bot.ChoiceID) (string, error) {
	if intent, ok := id.Intent(); ok {
		if a, ok := c.answers[intent]; ok {
			return a.Choice, nil
		}
		return "", fmt.Errorf("locales: no answer %q in %s", intent, c.tag)
	}
	if choice, ok := c.choices[id]; ok {
		return choice.Label, nil
	}
	return "", fmt.Errorf("locales: no choice %q in %s", id, c.tag)
}

// spellOut writes choices for a channel without buttons: subjects with a number,
// the others as the word to send.
func (c *Catalog) spellOut(choices []bot.Choice) string {
	lines := make([]string, len(choices))
	for i, choice := range choices {
		if _, ok := choice.ID.Intent(); ok {
			lines[i] = fmt.Sprintf("%d %s", i+1, choice.Label)
		} else {
			lines[i] = c.choices[choice.ID].Word
		}
	}
	return strings.Join(lines, "\n")
}

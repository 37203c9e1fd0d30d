package locales

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// sentenceStop is where a sentence ends and another begins on the same line.
var sentenceStop = regexp.MustCompile(`[.!?؟]\s+`)

// complete leaves out of an answer what the municipality has not configured: the
// sentence, and what becomes empty by it. Where people expect something, it says
// how to ask. It fails when nothing is left to say.
func (c *Catalog) complete(a *Answer) error {
	for _, text := range a.texts() {
		*text = c.glossed(*text)
	}
	missing := c.missing(a)
	a.Unknown = missing
	if len(missing) == 0 {
		return nil
	}
	for _, part := range []struct {
		heading string
		text    *string
	}{{"when", &a.When}, {"cost", &a.Cost}, {"duration", &a.Duration}, {"requirements", &a.Requirements}} {
		if *part.text != "" && c.known(*part.text) == "" {
			*part.text = c.heading("ask")
		}
	}
	for _, text := range a.texts() {
		*text = c.known(*text)
	}
	empty := func(s string) bool { return s == "" }
	a.Steps, a.Bring = slices.DeleteFunc(a.Steps, empty), slices.DeleteFunc(a.Bring, empty)
	if a.Title == "" || a.Choice == "" || a.Short == "" || a.Full == "" && a.Intro == "" {
		return fmt.Errorf("answers/%s.toml: says nothing without the fact %q: add it under [facts]", a.Intent, missing[0])
	}
	return nil
}

var digits = regexp.MustCompile(`\d+`)

// checkTranslations reports translations of facts that there are not, and those with
// other figures than in Dutch.
func (c *Catalog) checkTranslations(facts map[string]string) error {
	figures := func(value string) []string {
		all := digits.FindAllString(value, -1)
		slices.Sort(all)
		return all
	}
	var problems []error
	for _, name := range slices.Sorted(maps.Keys(c.translated)) {
		dutch, ok := facts[name]
		switch mine, theirs := figures(c.translated[name]), figures(dutch); {
		case !ok:
			problems = append(problems, fmt.Errorf("translations.%s.%s: there is no such fact; add it under [facts] or correct the name", c.tag, name))
		case !slices.Equal(mine, theirs):
			problems = append(problems, fmt.Errorf("translations.%s.%s: has the figures %v, the fact %v; write the same ones", c.tag, name, mine, theirs))
		}
	}
	return errors.Join(problems...)
}

// gloss is what a translator says of a fact in case it comes in Dutch, such as
// "[[ (werkdagen: working days)]]".
var gloss = regexp.MustCompile(`\[\[(.*?)\]\]`)

// glossed shows a gloss when the fact that it belongs to is not translated, and leaves
// it out when it is.
func (c *Catalog) glossed(text string) string {
	if !strings.Contains(text, "[[") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		facts := placeholder.FindAllStringSubmatchIndex(line, -1)
		var b strings.Builder
		rest := 0
		for _, at := range gloss.FindAllStringSubmatchIndex(line, -1) {
			b.WriteString(line[rest:at[0]])
			rest = at[1]
			if _, ok := c.translated[glossedFact(line, facts, at[0])]; !ok {
				b.WriteString(line[at[2]:at[3]])
			}
		}
		lines[i] = b.String() + line[rest:]
	}
	return strings.Join(lines, "\n")
}

// glossedFact is the fact that a gloss on a line belongs to: the one right before it,
// else the next one behind it, else the last one before it.
func glossedFact(line string, facts [][]int, place int) string {
	before, behind := "", ""
	for _, at := range facts {
		name := line[at[2]:at[3]]
		switch {
		case at[0] > place && behind == "":
			behind = name
		case at[1] <= place:
			before = name
			if strings.Trim(line[at[1]:place], " .,;:!?") == "" {
				return name
			}
		}
	}
	return cmp.Or(behind, before)
}

// missing are the facts that an answer uses and that are not configured.
func (c *Catalog) missing(a *Answer) []string {
	var all []string
	for _, text := range a.texts() {
		for _, match := range placeholder.FindAllStringSubmatch(*text, -1) {
			if !c.has(match[1]) && !slices.Contains(all, match[1]) {
				all = append(all, match[1])
			}
		}
	}
	slices.Sort(all)
	return all
}

func (c *Catalog) has(fact string) bool {
	_, ok := c.facts[fact]
	return ok || slices.Contains(given, fact)
}

// known is a text without the sentences that use a fact that is not configured.
func (c *Catalog) known(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		kept := c.knownLine(line)
		switch blank := strings.TrimSpace(line) == ""; {
		case kept != "", blank && len(lines) > 0 && lines[len(lines)-1] != "":
			lines = append(lines, kept)
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

func (c *Catalog) knownLine(line string) string {
	var kept strings.Builder
	for line != "" {
		end := len(line)
		if at := sentenceStop.FindStringIndex(line); at != nil {
			end = at[1]
		}
		sentence := line[:end]
		line = line[end:]
		if !slices.ContainsFunc(placeholder.FindAllStringSubmatch(sentence, -1), func(m []string) bool { return !c.has(m[1]) }) {
			kept.WriteString(sentence)
		}
	}
	return strings.TrimRight(kept.String(), " ")
}

package intents

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/BurntSushi/toml"

	"github.com/balie-nl/balie/bot"
)

// Entry describes an intent for people and for the checks on its sentences.
type Entry struct {
	Title      string       `toml:"title"`      // in Dutch, for staff and reports
	UPL        []string     `toml:"upl"`        // names in the Uniforme Productnamenlijst
	Neighbours []bot.Intent `toml:"neighbours"` // intents it is easily confused with
}

// Catalogue describes the intents. It is read only.
type Catalogue map[bot.Intent]Entry

// ReadCatalogue reads intents.toml of a folder of sentences and checks that
// neighbours know each other. It reports all problems at once.
func ReadCatalogue(sentences fs.FS) (Catalogue, error) {
	raw, err := fs.ReadFile(sentences, "intents.toml")
	if err != nil {
		return nil, fmt.Errorf("intents: read catalogue: %w", err)
	}
	var c Catalogue
	meta, err := toml.Decode(string(raw), &c)
	if err != nil {
		return nil, fmt.Errorf("intents: intents.toml: %w", err)
	}
	var problems []error
	for _, key := range meta.Undecoded() {
		problems = append(problems, fmt.Errorf("intents: intents.toml: %s is not a known setting", key))
	}
	for name, entry := range c {
		if entry.Title == "" {
			problems = append(problems, fmt.Errorf("intents: intents.toml: %s has no title", name))
		}
		for _, n := range entry.Neighbours {
			if !slices.Contains(c[n].Neighbours, name) {
				problems = append(problems, fmt.Errorf("intents: intents.toml: %s has neighbour %s, but not the other way round", name, n))
			}
		}
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return c, nil
}

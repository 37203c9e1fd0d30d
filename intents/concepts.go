package intents

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed concepts
var conceptFiles embed.FS

// concepts is what words have in common that letters do not show: "reispas",
// "passport" and "paszport" are one. The files of the concepts folder have a
// concept a line, with the words and expressions for it in the languages that
// residents write in; which of them matter is for the model to learn. Words are
// compared by sound, so one spelling is enough, and a message may be misspelt.
type concepts struct {
	lines   []string // the lines that they were read from
	names   []string
	hashes  []uint32            // of the names
	words   map[string][]uint16 // by sound
	short   map[string][]uint16 // by letter: words too short to tell apart by sound
	starts  map[string][]uint16 // by the sound of their beginning
	ends    map[string][]uint16 // by the sound of their end
	phrases map[string][]expression
}

// expression is the rest of an expression of several words.
type expression struct {
	keys    []string
	open    bool // the last key is a beginning
	concept uint16
}

const (
	shortWord   = 3 // letters of a word that is compared by letter
	leastStem   = 3 // sounds of a beginning or end
	mostPhrase  = 6 // words of an expression
	maxConcepts = 1 << 14
)

// conceptLexicon returns the concepts of the program.
var conceptLexicon = sync.OnceValue(func() *concepts {
	folder, err := fs.Sub(conceptFiles, "concepts")
	if err != nil {
		panic(err) // the embedded folder always exists
	}
	c, err := readConcepts(folder)
	if err != nil {
		panic(err) // the tests read them
	}
	return c
})

// readConcepts reads a folder of concept files. It reports all problems at once.
func readConcepts(folder fs.FS) (*concepts, error) {
	c := &concepts{
		words: map[string][]uint16{}, short: map[string][]uint16{}, starts: map[string][]uint16{}, ends: map[string][]uint16{},
		phrases: map[string][]expression{},
	}
	names, err := fs.Glob(folder, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("intents: list concepts: %w", err)
	}
	var problems []error
	for _, name := range names {
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("intents: read concepts: %w", err)
		}
		n := 0
		for line := range strings.Lines(string(raw)) {
			n++
			if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if err := c.add(line); err != nil {
				problems = append(problems, fmt.Errorf("intents: concepts: %s, line %d: %w", path.Base(name), n, err))
			}
		}
	}
	if len(c.names) > maxConcepts {
		problems = append(problems, fmt.Errorf("intents: %d concepts, at most %d", len(c.names), maxConcepts))
	}
	return c, errors.Join(problems...)
}

// add adds a line: a name, a colon, and items with commas between. A star before
// or behind an item stands for the rest of a word.
func (c *concepts) add(line string) error {
	c.lines = append(c.lines, line)
	name, items, ok := strings.Cut(line, ":")
	if name = strings.TrimSpace(name); !ok || name == "" {
		return errors.New("want a name, a colon and words")
	}
	id := uint16(slices.Index(c.names, name)) //nolint:gosec // maxConcepts
	if !slices.Contains(c.names, name) {
		id = uint16(len(c.names)) //nolint:gosec // maxConcepts
		c.names = append(c.names, name)
		c.hashes = append(c.hashes, mix(hashString(seed(groupConcept, 0), name)))
	}
	var problems []error
	for item := range strings.SplitSeq(items, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		if err := c.item(item, id); err != nil {
			problems = append(problems, err)
		}
	}
	return errors.Join(problems...)
}

func (c *concepts) item(item string, id uint16) error {
	text, start := strings.CutSuffix(item, "*")
	text, end := strings.CutPrefix(text, "*")
	var m message
	m.read(text)
	put := func(in map[string][]uint16, key string) {
		if !slices.Contains(in[key], id) {
			in[key] = append(in[key], id)
		}
	}
	switch n := len(m.words); {
	case n == 0 || n > mostPhrase || strings.Contains(text, "*"):
		return fmt.Errorf("%q is not one to %d words", item, mostPhrase)
	case end && n > 1:
		return fmt.Errorf("%q: a star before an expression", item)
	case n > 1:
		e := expression{slices.Clone(m.keys[1:]), start, id}
		if start {
			e.keys[n-2] = phoneticStem(m.words[n-1])
		}
		c.phrases[m.keys[0]] = append(c.phrases[m.keys[0]], e)
	case start:
		stem := phoneticStem(m.words[0])
		if len(stem) < leastStem {
			return fmt.Errorf("%q is too short for a star", item)
		}
		put(c.starts, stem)
		put(c.words, m.keys[0])
	case end:
		if len(m.keys[0]) < leastStem {
			return fmt.Errorf("%q is too short for a star", item)
		}
		put(c.ends, m.keys[0])
		put(c.words, m.keys[0])
	case len(m.words[0]) <= shortWord:
		put(c.short, m.words[0])
	default:
		put(c.words, m.keys[0])
	}
	return nil
}

// find calls emit with each concept that words of the message from up to to
// stand for, at the place of the word.
func (c *concepts) find(t *message, from, to int, emit func(at int, concept uint16)) {
	all := func(at int, ids []uint16) {
		for _, id := range ids {
			emit(at, id)
		}
	}
	for i := from; i < to; i++ {
		word, key := t.words[i], t.keys[i]
		if len(word) <= shortWord {
			all(i, c.short[word])
		}
		all(i, c.words[key])
		for n := leastStem; n <= len(key); n++ {
			all(i, c.starts[key[:n]])
		}
		for n := 1; n <= len(key)-leastStem; n++ {
			all(i, c.ends[key[n:]])
		}
		for _, e := range c.phrases[key] {
			if e.at(t.keys[i+1 : to]) {
				emit(i, e.concept)
			}
		}
	}
}

// at reports whether keys begin with the rest of the expression.
func (e *expression) at(keys []string) bool {
	last := len(e.keys) - 1
	if len(keys) <= last || !slices.Equal(e.keys[:last], keys[:last]) {
		return false
	}
	if e.open {
		return strings.HasPrefix(keys[last], e.keys[last])
	}
	return keys[last] == e.keys[last]
}

package intents

import (
	"bytes"
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
	hashes  []uint32          // of the names
	words   index[uint16]     // by sound
	short   index[uint16]     // by letter: words too short to tell apart by sound
	starts  index[uint16]     // by the sound of their beginning
	ends    index[uint16]     // by the sound of their end
	phrases index[expression] // by the sound of their first word
	rest    []byte            // the other words of all expressions, by sound, each with a space behind it
}

// expression is the rest of an expression of several words.
type expression struct {
	from, to uint32 // in concepts.rest
	open     bool   // the last word is a beginning
	concept  uint16
}

// index finds values by word. There are tens of thousands of words, so it keeps
// their hashes and no pointers: the garbage collector would follow each of them
// again and again. That two words have one hash of 64 bits does not happen.
type index[T comparable] struct {
	building map[uint64][]T
	spans    map[uint64]span
	values   []T
}

// span is a part of the values.
type span struct{ from, to uint32 }

func (x *index[T]) put(word string, value T) {
	if x.building == nil {
		x.building = map[uint64][]T{}
	}
	h := wordHash(word)
	if !slices.Contains(x.building[h], value) {
		x.building[h] = append(x.building[h], value)
	}
}

// freeze makes what was put findable.
func (x *index[T]) freeze() {
	x.spans = make(map[uint64]span, len(x.building))
	for h, values := range x.building {
		from := uint32(len(x.values)) //nolint:gosec // tens of thousands
		x.values = append(x.values, values...)
		x.spans[h] = span{from, uint32(len(x.values))} //nolint:gosec // tens of thousands
	}
	x.building, x.values = nil, slices.Clip(x.values)
}

func (x *index[T]) find(word string) []T {
	s := x.spans[wordHash(word)]
	return x.values[s.from:s.to]
}

// wordHash is FNV-1a.
func wordHash(word string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(word) {
		h = (h ^ uint64(word[i])) * 1099511628211
	}
	return h
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
	c := &concepts{}
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
	c.words.freeze()
	c.short.freeze()
	c.starts.freeze()
	c.ends.freeze()
	c.phrases.freeze()
	c.rest = slices.Clip(c.rest)
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
	switch n := len(m.words); {
	case n == 0 || n > mostPhrase || strings.Contains(text, "*"):
		return fmt.Errorf("%q is not one to %d words", item, mostPhrase)
	case end && n > 1:
		return fmt.Errorf("%q: a star before an expression", item)
	case n > 1:
		keys := slices.Clone(m.keys[1:])
		if start {
			keys[n-2] = phoneticStem(m.words[n-1])
		}
		e := expression{from: uint32(len(c.rest)), open: start, concept: id} //nolint:gosec // some 100 KB
		for _, key := range keys {
			c.rest = append(append(c.rest, key...), ' ')
		}
		e.to = uint32(len(c.rest)) //nolint:gosec // some 100 KB
		c.phrases.put(m.keys[0], e)
	case start:
		stem := phoneticStem(m.words[0])
		if len(stem) < leastStem {
			return fmt.Errorf("%q is too short for a star", item)
		}
		c.starts.put(stem, id)
		c.words.put(m.keys[0], id)
	case end:
		if len(m.keys[0]) < leastStem {
			return fmt.Errorf("%q is too short for a star", item)
		}
		c.ends.put(m.keys[0], id)
		c.words.put(m.keys[0], id)
	case len(m.words[0]) <= shortWord:
		c.short.put(m.words[0], id)
	default:
		c.words.put(m.keys[0], id)
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
			all(i, c.short.find(word))
		}
		all(i, c.words.find(key))
		for n := leastStem; n <= len(key); n++ {
			all(i, c.starts.find(key[:n]))
		}
		for n := 1; n <= len(key)-leastStem; n++ {
			all(i, c.ends.find(key[n:]))
		}
		for _, e := range c.phrases.find(key) {
			if c.at(e, t.keys[i+1:to]) {
				emit(i, e.concept)
			}
		}
	}
}

// at reports whether keys begin with the rest of the expression.
func (c *concepts) at(e expression, keys []string) bool {
	rest := c.rest[e.from:e.to]
	for _, key := range keys {
		word, after, more := bytes.Cut(rest, []byte{' '})
		switch {
		case len(after) == 0 && e.open:
			return strings.HasPrefix(key, string(word))
		case key != string(word):
			return false
		case len(after) == 0 || !more:
			return true
		}
		rest = after
	}
	return false
}

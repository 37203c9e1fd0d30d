package intents

import (
	"bufio"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

//go:embed training
var training embed.FS

// TrainingData is the folder of sentences that the embedded model was trained
// on: a text file for each intent, a sentence a line.
func TrainingData() fs.FS {
	sub, err := fs.Sub(training, "training")
	if err != nil {
		panic(err) // the embedded folder always exists
	}
	return sub
}

// Corpus is a set of sentences with their labels, to train on. It does not
// change and is safe for concurrent use.
type Corpus struct {
	labels    []bot.Intent
	sentences []labelled
}

type labelled struct {
	text  string
	label int
}

// maxLabels is what fits the model file and far more than people can choose from.
const maxLabels = 1000

// ReadFolder reads a folder of sentences: a file <intent>.txt for each intent,
// a sentence a line. One of the intents must be out_of_scope.
func ReadFolder(sentences fs.FS) (*Corpus, error) {
	names, err := fs.Glob(sentences, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("intents: list sentences: %w", err)
	}
	slices.Sort(names)
	c := &Corpus{}
	for _, name := range names {
		raw, err := fs.ReadFile(sentences, name)
		if err != nil {
			return nil, fmt.Errorf("intents: read sentences: %w", err)
		}
		count := len(c.sentences)
		for line := range strings.Lines(string(raw)) {
			if line = strings.TrimSpace(line); line != "" {
				c.sentences = append(c.sentences, labelled{line, len(c.labels)})
			}
		}
		if len(c.sentences) == count {
			return nil, fmt.Errorf("intents: %s has no sentences", name)
		}
		c.labels = append(c.labels, bot.Intent(strings.TrimSuffix(path.Base(name), ".txt")))
	}
	if !slices.Contains(c.labels, bot.OutOfScope) {
		return nil, errors.New("intents: no sentences for " + string(bot.OutOfScope))
	}
	return c, c.check()
}

// ReadTable reads sentences from lines of text<TAB>label; more columns are
// ignored, and so is a first line with the names of the columns.
func ReadTable(r io.Reader) (*Corpus, error) {
	type row struct{ text, label string }
	var rows []row
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || n == 1 && strings.HasPrefix(line, "text\t") {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) < 2 || columns[0] == "" || columns[1] == "" {
			return nil, fmt.Errorf("intents: line %d is not text, a tab and a label", n)
		}
		rows = append(rows, row{columns[0], columns[1]})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("intents: read sentences: %w", err)
	}
	c := &Corpus{}
	for _, r := range rows {
		c.labels = append(c.labels, bot.Intent(r.label))
	}
	slices.Sort(c.labels)
	c.labels = slices.Compact(c.labels)
	for _, r := range rows {
		label, _ := slices.BinarySearch(c.labels, bot.Intent(r.label))
		c.sentences = append(c.sentences, labelled{r.text, label})
	}
	return c, c.check()
}

func (c *Corpus) check() error {
	if n := len(c.labels); n < 2 || n > maxLabels {
		return fmt.Errorf("intents: sentences of %d intents, want 2 to %d", n, maxLabels)
	}
	return nil
}

// All returns the sentences with their labels.
func (c *Corpus) All() iter.Seq2[string, bot.Intent] {
	return func(yield func(string, bot.Intent) bool) {
		for _, s := range c.sentences {
			if !yield(s.text, c.labels[s.label]) {
				return
			}
		}
	}
}

// Hash identifies what a model is trained on. It changes with every change that
// training would notice: labels, sentences, their order, and the concepts.
type Hash [sha256.Size]byte

// Hash returns the hash of the sentences and the concepts of the program. A model
// remembers the one it was trained on.
func (c *Corpus) Hash() Hash {
	h := sha256.New()
	write := func(s string) {
		var n [4]byte
		binary.LittleEndian.PutUint32(n[:], uint32(len(s)))
		h.Write(n[:])
		h.Write([]byte(s))
	}
	for _, l := range c.labels {
		write(string(l))
	}
	for _, s := range c.sentences {
		write(string(c.labels[s.label]))
		write(s.text)
	}
	for _, line := range conceptLexicon().lines {
		write(line)
	}
	return Hash(h.Sum(nil))
}

// without splits the corpus into the sentences outside fold k of n and those
// in it. A fold is a run of each label's sentences: neighbours in a file come
// from the same writer, so a fold is as new to the rest as it can be.
func (c *Corpus) without(k, n int) (rest, fold *Corpus) {
	rest, fold = &Corpus{labels: c.labels}, &Corpus{labels: c.labels}
	sizes := make([]int, len(c.labels))
	for _, s := range c.sentences {
		sizes[s.label]++
	}
	seen := make([]int, len(c.labels))
	for _, s := range c.sentences {
		at := seen[s.label] * n / sizes[s.label]
		seen[s.label]++
		if at == k {
			fold.sentences = append(fold.sentences, s)
			continue
		}
		rest.sentences = append(rest.sentences, s)
	}
	return rest, fold
}

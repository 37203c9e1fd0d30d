package intents

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
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

// Hash identifies a folder of sentences. A model remembers the hash of the
// folder it was trained on.
type Hash [sha256.Size]byte

// HashSentences returns the hash of a folder of sentences. It changes with
// every change that training would notice: names, sentences and their order.
func HashSentences(sentences fs.FS) (Hash, error) {
	c, err := readCorpus(sentences)
	if err != nil {
		return Hash{}, err
	}
	return c.hash(), nil
}

// corpus is a folder of sentences in memory.
type corpus struct {
	labels    []bot.Intent
	sentences []labelled
}

type labelled struct {
	text  string
	label int
}

// maxLabels is what fits the model file and far more than people can choose from.
const maxLabels = 1000

func readCorpus(sentences fs.FS) (*corpus, error) {
	names, err := fs.Glob(sentences, "*.txt")
	if err != nil {
		return nil, fmt.Errorf("intents: list sentences: %w", err)
	}
	slices.Sort(names)
	if len(names) < 2 || len(names) > maxLabels {
		return nil, fmt.Errorf("intents: %d files of sentences, want 2 to %d", len(names), maxLabels)
	}
	c := &corpus{}
	for _, name := range names {
		raw, err := fs.ReadFile(sentences, name)
		if err != nil {
			return nil, fmt.Errorf("intents: read sentences: %w", err)
		}
		label := len(c.labels)
		c.labels = append(c.labels, bot.Intent(strings.TrimSuffix(path.Base(name), ".txt")))
		count := len(c.sentences)
		for line := range strings.Lines(string(raw)) {
			if line = strings.TrimSpace(line); line != "" {
				c.sentences = append(c.sentences, labelled{line, label})
			}
		}
		if len(c.sentences) == count {
			return nil, fmt.Errorf("intents: %s has no sentences", name)
		}
	}
	if !slices.Contains(c.labels, bot.OutOfScope) {
		return nil, errors.New("intents: no sentences for " + string(bot.OutOfScope))
	}
	return c, nil
}

func (c *corpus) hash() Hash {
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
	return Hash(h.Sum(nil))
}

// without splits the corpus into the sentences outside fold k of n and those
// in it. A fold is a run of each label's sentences: neighbours in a file come
// from the same writer, so a fold is as new to the rest as it can be.
func (c *corpus) without(k, n int) (rest, fold *corpus) {
	rest, fold = &corpus{labels: c.labels}, &corpus{labels: c.labels}
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

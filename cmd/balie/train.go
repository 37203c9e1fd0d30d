package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/balie-nl/balie/intents"
)

type trainCommand struct {
	sentencesFlags
	Out  string `help:"Model file to write." default:"intents/model/intents.bin" type:"path" placeholder:"FILE"`
	Seed uint64 `help:"Seed: the same seed and sentences give the same model." default:"1"`
}

// sentencesFlags say which sentences to train on.
type sentencesFlags struct {
	Sentences string `help:"Folder with a text file per intent, a sentence a line. Without it: the sentences in the program." type:"existingdir" placeholder:"DIR" xor:"sentences"`
	Data      string `help:"File with the sentences, in place of a folder: text<TAB>label, a line each." type:"existingfile" placeholder:"FILE.tsv" xor:"sentences"`
}

// given reports whether there is a flag with sentences.
func (f sentencesFlags) given() bool { return f.Sentences != "" || f.Data != "" }

func (f sentencesFlags) corpus() (*intents.Corpus, error) {
	switch {
	case f.Sentences != "":
		return intents.ReadFolder(os.DirFS(f.Sentences))
	case f.Data == "":
		return intents.ReadFolder(intents.TrainingData())
	}
	file, err := os.Open(f.Data)
	if err != nil {
		return nil, fmt.Errorf("read sentences: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	corpus, err := intents.ReadTable(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Data, err)
	}
	return corpus, nil
}

// Run trains a model, shows its progress and writes it in one go.
func (c trainCommand) Run(ctx context.Context) error {
	corpus, err := c.corpus()
	if err != nil {
		return err
	}
	start := time.Now()
	model, err := intents.Train(ctx, corpus, intents.TrainConfig{Seed: c.Seed, Progress: progress(os.Stderr, start)})
	if err != nil {
		return err
	}
	size, err := writeModel(model, c.Out)
	if err != nil {
		return err
	}
	fmt.Printf("Wrote %s, %.1f MB, in %s\n", c.Out, float64(size)/1e6, time.Since(start).Round(time.Second))
	return nil
}

// progress draws a bar on a terminal, at each percent; elsewhere it writes a
// line at each tenth.
func progress(out *os.File, start time.Time) func(done, total int, loss float64) {
	const width = 30
	last := -1
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	return func(done, total int, loss float64) {
		percent := 100 * done / max(total, 1)
		if percent == last || !terminal && percent%10 != 0 {
			return
		}
		last = percent
		before, after := "", "\n"
		if terminal {
			before = "\r"
			if percent < 100 {
				after = ""
			}
		}
		filled := width * percent / 100
		fmt.Fprintf(out, "%s[%s%s] %3d%%  loss %.3f  %s %s", before, strings.Repeat("#", filled), strings.Repeat(".", width-filled),
			percent, loss, time.Since(start).Round(time.Second), after)
	}
}

// writeModel writes beside the target and renames, so that a model file is never
// half written.
func writeModel(model *intents.Model, path string) (int64, error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".intents-*")
	if err != nil {
		return 0, fmt.Errorf("write model: %w: give a file in an existing folder with --out", err)
	}
	defer os.Remove(file.Name()) //nolint:errcheck // after the rename it is not there any more
	size, err := model.WriteTo(file)
	if err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	if err := file.Close(); err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	if err := os.Chmod(file.Name(), 0o644); err != nil { //nolint:gosec // a model is public
		return 0, fmt.Errorf("write model: %w", err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return 0, fmt.Errorf("write model: %w", err)
	}
	return size, nil
}

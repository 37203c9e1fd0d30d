package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/balie-nl/balie/intents"
	"github.com/balie-nl/balie/intents/baseline"
	"github.com/balie-nl/balie/intents/evaluation"
)

type evalCommand struct {
	modelFile
	sentencesFlags
	Files    []string `arg:"" name:"file" help:"Messages with the labels they should get: text<TAB>label[<TAB>style], a line each." type:"existingfile"`
	Baseline bool     `help:"Also train a linear SVM on the training sentences (--sentences or --data), and compare. Give the sentences of the model."`
	Edits    int      `help:"Spelling mistakes to add to each message." default:"0" placeholder:"N"`
	Seed     uint64   `help:"Seed of the mistakes: the same seed gives the same ones." default:"1"`
	JSON     string   `name:"json" help:"Also write all figures to this file as JSON; - for standard output, in place of the text." placeholder:"FILE"`
	Plot     string   `help:"Also draw calibration and confusions to this file as SVG (of one FILE)." type:"path" placeholder:"FILE.svg"`
}

// measured is what was measured of one file.
type measured struct {
	File       string                 `json:"file"`
	Messages   int                    `json:"messages"`
	Edits      int                    `json:"edits"`
	Seed       uint64                 `json:"seed"`
	Reports    []evaluation.Named     `json:"reports"` // the engine first
	Comparison *evaluation.Comparison `json:"mcnemar,omitempty"`
}

// contender is a classifier with the name that reports give it.
type contender struct {
	name string
	evaluation.Classifier
}

// Validate is called by kong.
func (c *evalCommand) Validate() error {
	switch {
	case c.Edits < 0:
		return errors.New("--edits: a number from 0")
	case c.Plot != "" && len(c.Files) > 1:
		return errors.New("--plot draws one FILE: give the others in another run")
	case c.given() && !c.Baseline:
		return errors.New("--sentences and --data are what --baseline trains on: give that too")
	}
	return nil
}

// Run measures the engine on each file and prints the figures. It judges nothing.
func (c *evalCommand) Run(ctx context.Context) error {
	sets := make([][]evaluation.Message, len(c.Files))
	for i, file := range c.Files {
		set, err := readSet(file)
		if err != nil {
			return err
		}
		sets[i] = c.misspell(set)
	}
	contenders, err := c.contenders(ctx)
	if err != nil {
		return err
	}
	var results []measured
	for i, file := range c.Files {
		m, err := c.measure(file, sets[i], contenders)
		if err != nil {
			return err
		}
		results = append(results, m)
		if c.JSON == "-" {
			continue
		}
		if err := m.writeText(os.Stdout, i > 0); err != nil {
			return err
		}
	}
	if c.JSON != "" {
		if err := writeJSON(c.JSON, results); err != nil {
			return err
		}
	}
	if c.Plot == "" {
		return nil
	}
	return writeFile(c.Plot, func(w io.Writer) error {
		return evaluation.WritePlot(w, results[0].title(), results[0].Reports[0].Report)
	})
}

func readSet(path string) ([]evaluation.Message, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	set, err := evaluation.ReadSet(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return set, nil
}

// misspell adds mistakes to the messages, other ones to each.
func (c *evalCommand) misspell(set []evaluation.Message) []evaluation.Message {
	if c.Edits == 0 {
		return set
	}
	for i := range set {
		set[i].Text = intents.Misspell(set[i].Text, c.Edits, c.Seed<<32+uint64(i))
	}
	return set
}

func (c *evalCommand) contenders(ctx context.Context) ([]contender, error) {
	engine, err := c.engine()
	if err != nil {
		return nil, err
	}
	all := []contender{{"balie", engine}}
	if !c.Baseline {
		return all, nil
	}
	corpus, err := c.corpus()
	if err != nil {
		return nil, err
	}
	start := time.Now()
	fmt.Fprintln(os.Stderr, "Training the SVM ...")
	svm, err := baseline.Train(ctx, corpus.All())
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "Trained the SVM in %s\n", time.Since(start).Round(100*time.Millisecond))
	return append(all, contender{"SVM", svm}), nil
}

func (c *evalCommand) measure(file string, set []evaluation.Message, contenders []contender) (measured, error) {
	m := measured{File: filepath.Base(file), Messages: len(set), Edits: c.Edits, Seed: c.Seed}
	for _, one := range contenders {
		m.Reports = append(m.Reports, evaluation.Named{Name: one.name, Report: evaluation.Measure(one.Classifier, set, time.Now)})
	}
	if len(m.Reports) < 2 {
		return m, nil
	}
	comparison, err := evaluation.Compare(m.Reports[0].Report, m.Reports[1].Report)
	m.Comparison = &comparison
	return m, err
}

func (m measured) title() string {
	title := fmt.Sprintf("%s: %d messages", m.File, m.Messages)
	switch m.Edits {
	case 0:
		return title
	case 1:
		return fmt.Sprintf("%s with 1 spelling mistake each (seed %d)", title, m.Seed)
	}
	return fmt.Sprintf("%s with %d spelling mistakes each (seed %d)", title, m.Edits, m.Seed)
}

func (m measured) writeText(w io.Writer, further bool) error {
	before := ""
	if further {
		before = "\n"
	}
	if _, err := fmt.Fprintf(w, "%s%s\n\n", before, m.title()); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err := evaluation.WriteText(w, m.Reports...); err != nil || m.Comparison == nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nIn scope, only %s is right: %d messages; only %s: %d; exact McNemar test p = %.4g\n",
		m.Reports[0].Name, m.Comparison.OnlyFirst, m.Reports[1].Name, m.Comparison.OnlySecond, m.Comparison.P)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func writeJSON(path string, results []measured) error {
	write := func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		return encoder.Encode(results)
	}
	if path != "-" {
		return writeFile(path, write)
	}
	if err := write(os.Stdout); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

func writeFile(path string, write func(io.Writer) error) error {
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	buffered := bufio.NewWriter(file)
	if err := errors.Join(write(buffered), buffered.Flush(), file.Close()); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}

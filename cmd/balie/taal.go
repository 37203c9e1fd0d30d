package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/balie-nl/balie/locales/plain"
)

type taalCommand struct {
	Files    []string `arg:"" optional:"" name:"file" help:"Texts to report on. Without them: standard input, a text each line, and a number each line: above 0 is too hard."`
	JSON     bool     `help:"Print for each line the hard places as a JSON array."`
	Level    string   `help:"How easy the text must be: ${enum}." enum:"b1,a2" default:"b1"`
	Language string   `help:"Language of the text: ${enum}." enum:"nl,en" default:"nl"`
}

// Run judges texts: those of the files in a report to read, or those of standard
// input line by line.
func (c taalCommand) Run() error {
	checker, err := plain.New(c.Language)
	if err != nil {
		return err
	}
	if len(c.Files) == 0 {
		return c.lines(checker, os.Stdin, os.Stdout)
	}
	if c.JSON {
		return errors.New("--json works on lines: give the text on standard input")
	}
	for _, name := range c.Files {
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read text: %w", err)
		}
		if err := checker.WriteReport(os.Stdout, name, strings.TrimPrefix(string(text), "\ufeff"), c.level()); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return nil
}

func (c taalCommand) level() plain.Level {
	if c.Level == "a2" {
		return plain.A2
	}
	return plain.B1
}

// flagged is a hard place as --json prints it. Start and end count bytes.
type flagged struct {
	Text    string     `json:"w"`
	Instead []string   `json:"s"`
	Why     string     `json:"why"`
	Kind    plain.Kind `json:"kind"`
	Start   int        `json:"start"`
	End     int        `json:"end"`
}

// lines answers each line with one. It flushes when no further line waits, so that
// it can be talked to.
func (c taalCommand) lines(checker *plain.Checker, in io.Reader, out io.Writer) error {
	reader, writer := bufio.NewReaderSize(in, 1<<16), bufio.NewWriterSize(out, 1<<16)
	for done := false; !done; {
		line, err := reader.ReadString('\n')
		done = errors.Is(err, io.EOF)
		if err != nil && !done {
			return fmt.Errorf("read texts: %w", err)
		}
		if line != "" {
			if err := c.line(writer, checker.Check(strings.TrimRight(line, "\r\n"), c.level())); err != nil {
				return err
			}
		}
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return fmt.Errorf("write judgement: %w", err)
			}
		}
	}
	return nil
}

func (c taalCommand) line(w io.Writer, report plain.Report) error {
	if !c.JSON {
		fmt.Fprintf(w, "%.4f\n", report.Score)
		return nil
	}
	all := make([]flagged, 0, len(report.Flags))
	for _, f := range report.Flags {
		all = append(all, flagged{f.Text, append([]string{}, f.Instead...), f.Why, f.Kind, f.Start, f.End})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("write judgement: %w", err)
	}
	return nil
}

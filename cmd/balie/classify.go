package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/balie-nl/balie/intents"
)

type classifyCommand struct {
	modelFile
}

// modelFile is the flag of commands that can use another model.
type modelFile struct {
	Model string `help:"Model file, as balie train writes it. Without it: the model in the program." type:"existingfile" placeholder:"FILE"`
}

func (f modelFile) engine() (*intents.Engine, error) {
	if f.Model == "" {
		return intents.Load()
	}
	file, err := os.Open(f.Model)
	if err != nil {
		return nil, fmt.Errorf("read model: %w", err)
	}
	defer file.Close() //nolint:errcheck // it was only read
	engine, err := intents.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: make one with balie train", f.Model, err)
	}
	return engine, nil
}

// Run prints the best label for each line of standard input, whatever its
// confidence. It flushes when no further line waits, so that it can be talked to.
func (c classifyCommand) Run() error {
	engine, err := c.engine()
	if err != nil {
		return err
	}
	return classify(engine, os.Stdin, os.Stdout)
}

func classify(engine *intents.Engine, in io.Reader, out io.Writer) error {
	reader, writer := bufio.NewReaderSize(in, 1<<16), bufio.NewWriterSize(out, 1<<16)
	for done := false; !done; {
		line, err := reader.ReadString('\n')
		done = errors.Is(err, io.EOF)
		if err != nil && !done {
			return fmt.Errorf("read messages: %w", err)
		}
		if line != "" {
			best := engine.Classify(strings.TrimRight(line, "\r\n"))
			fmt.Fprintf(writer, "%s\t%.4f\n", best.Intent, best.Confidence)
		}
		if reader.Buffered() == 0 || done {
			if err := writer.Flush(); err != nil {
				return fmt.Errorf("write labels: %w", err)
			}
		}
	}
	return nil
}

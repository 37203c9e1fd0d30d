package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/balie-nl/balie/bot"
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

// classifyLines is how many waiting lines are read before their labels are printed.
const classifyLines = 4096

func classify(engine *intents.Engine, in io.Reader, out io.Writer) error {
	reader, writer := bufio.NewReaderSize(in, 1<<18), bufio.NewWriterSize(out, 1<<16)
	var lines []string
	for done := false; !done; {
		line, err := reader.ReadString('\n')
		done = errors.Is(err, io.EOF)
		if err != nil && !done {
			return fmt.Errorf("read messages: %w", err)
		}
		if line != "" {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
		waiting, _ := reader.Peek(reader.Buffered())
		if !done && len(lines) < classifyLines && bytes.IndexByte(waiting, '\n') >= 0 {
			continue
		}
		for _, best := range classifyAll(engine, lines) {
			fmt.Fprintf(writer, "%s\t%.4f\n", best.Intent, best.Confidence)
		}
		lines = lines[:0]
		if err := writer.Flush(); err != nil {
			return fmt.Errorf("write labels: %w", err)
		}
	}
	return nil
}

// classifyAll returns the best label for each line, with all processors at work.
func classifyAll(engine *intents.Engine, lines []string) []bot.Candidate {
	best := make([]bot.Candidate, len(lines))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(lines)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(lines)); i = next.Add(1) - 1 {
				best[i] = engine.Classify(lines[i])
			}
		})
	}
	wg.Wait()
	return best
}

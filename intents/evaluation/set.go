// Package evaluation measures how well a classifier understands messages: it
// reads a set of messages with the labels that they should get, asks the
// classifier, and works out the figures.
//
// A set says what is right (set.go), a classifier is asked (measure.go), the
// figures are computed (report.go), two classifiers are compared on the same
// messages (compare.go), and a report is written for people (text.go, plot.go)
// or as JSON. The package judges nothing: what is good enough is for its reader.
package evaluation

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
)

// Message is a message of a set with the label that it should get.
type Message struct {
	Text   string
	Intent bot.Intent
	Style  string // how it is written; AnyStyle when the set does not say
}

// AnyStyle is the style of messages of which the set gives none.
const AnyStyle = "all"

// ReadSet reads messages from lines of text<TAB>label[<TAB>style]. Empty lines
// and a first line with the names of the columns are skipped, and further
// columns ignored. Lines may end in CRLF, and the text may begin with a byte
// order mark. The error gives the number of the line that is wrong.
func ReadSet(r io.Reader) ([]Message, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("evaluation: read messages: %w", err)
	}
	var set []Message
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(raw), "\ufeff")) {
		n++
		line = strings.TrimRight(line, "\r\n")
		columns := strings.Split(line, "\t")
		if strings.TrimSpace(line) == "" || n == 1 && header(columns) {
			continue
		}
		m, err := parse(columns)
		if err != nil {
			return nil, fmt.Errorf("evaluation: line %d: %w", n, err)
		}
		set = append(set, m)
	}
	if len(set) == 0 {
		return nil, errors.New("evaluation: no messages")
	}
	return set, nil
}

func header(columns []string) bool {
	return len(columns) >= 2 && columns[0] == "text" && (columns[1] == "intent" || columns[1] == "label")
}

func parse(columns []string) (Message, error) {
	if len(columns) < 2 {
		return Message{}, errors.New("no tab between text and label")
	}
	m := Message{Text: columns[0], Intent: bot.Intent(strings.TrimSpace(columns[1])), Style: AnyStyle}
	if len(columns) > 2 && strings.TrimSpace(columns[2]) != "" {
		m.Style = strings.TrimSpace(columns[2])
	}
	switch {
	case strings.TrimSpace(m.Text) == "":
		return Message{}, errors.New("no text before the tab")
	case m.Intent == "":
		return Message{}, errors.New("no label after the tab")
	case !utf8.ValidString(strings.Join(columns, "")):
		return Message{}, errors.New("not UTF-8")
	}
	return m, nil
}

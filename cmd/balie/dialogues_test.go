package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
)

// stored is a state as it comes back from the store.
func stored(t *testing.T, s bot.State) bot.State {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back bot.State
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

var update = flag.Bool("update", false, "write the golden transcripts anew")

var reference = regexp.MustCompile(`\b[A-Z0-9]{3}-[A-Z0-9]{3}\b`)

// TestDialogues plays the conversations of testdata/dialogues with the real engine
// and the real texts, on SMS and in the web chat, and compares what residents read.
// A script holds what they write, a message a line; after an empty line begins a new
// conversation; "sms: " before a line keeps it to that channel. "! 2" presses the second
// quick reply of the last answer; "(photo)" sends a photo, with the words behind it, and
// "(place)" a place on the map.
func TestDialogues(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig("", vars())
	if err != nil {
		t.Fatal(err)
	}
	brain, _, err := newBrain(cfg)
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := filepath.Glob("testdata/dialogues/*.txt")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no dialogues: %v", err)
	}
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, channel := range []bot.Channel{bot.SMS, bot.WebChat} {
			name := strings.TrimSuffix(filepath.Base(script), ".txt") + "." + string(channel)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				var got bytes.Buffer
				state, offered := bot.NewState(), []bot.Choice(nil)
				at := time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)
				for line := range strings.Lines(string(text)) {
					line = strings.TrimSpace(line)
					if line == "" {
						state, offered = bot.NewState(), nil
						fmt.Fprintf(&got, "----\n\n")
						continue
					}
					if only, rest, ok := strings.Cut(line, ": "); ok && (only == string(bot.SMS) || only == string(bot.WebChat)) {
						if only != string(channel) {
							continue
						}
						line = rest
					}
					at = at.Add(time.Minute)
					m := bot.Inbound{Address: bot.Address{Channel: channel, User: "+31612345678"}, Kind: bot.KindText, Text: line, ReceivedAt: at}
					fmt.Fprintf(&got, "> %s\n", line)
					var press int
					if _, err := fmt.Sscanf(line, "! %d", &press); err == nil {
						if press > len(offered) {
							t.Fatalf("%q: only %d quick replies were offered", line, len(offered))
						}
						m.Kind, m.Choice, m.Text = bot.KindChoice, offered[press-1].ID, ""
					}
					if words, ok := strings.CutPrefix(line, "(photo)"); ok {
						m.Photo, m.Text = bot.NewPhotoID(channel, "abc"), strings.TrimSpace(words)
					}
					if line == "(place)" {
						m.Text = bot.GeoURI(52.0907, 5.1214)
					}
					if m.Text == "" && m.Kind == bot.KindText || line == "(place)" {
						m.Kind = bot.KindMedia
					}
					turn, err := brain.Answer(state, m)
					if err != nil {
						t.Fatal(err)
					}
					state, offered = stored(t, turn.State), nil
					for _, reply := range turn.Messages {
						fmt.Fprintln(&got, reference.ReplaceAllString(reply.Text, "XXX-XXX"))
						offered = reply.Choices
						for _, c := range reply.Choices {
							fmt.Fprintf(&got, "[%s]\n", c.Label)
						}
					}
					for _, ticket := range turn.Tickets {
						fmt.Fprintf(&got, "= at the desk: %s %v\n", ticket.Form, ticket.Answers)
					}
					fmt.Fprintf(&got, "= %s\n\n", state.Owner)
				}
				golden := filepath.Join("testdata", "dialogues", name)
				if *update {
					if err := os.WriteFile(golden, got.Bytes(), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got.Bytes(), want) {
					t.Errorf("the transcript differs (write it anew with -update):\n%s", got.Bytes())
				}
			})
		}
	}
}

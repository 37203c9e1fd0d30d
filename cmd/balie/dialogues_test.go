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
	"github.com/balie-nl/balie/bot/pipeline"
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
	brain, _ := brainOf(t, "")
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
				p := newPlayer(t, brain, channel)
				for line := range strings.Lines(string(text)) {
					line = strings.TrimSpace(line)
					if line == "" {
						p = newPlayer(t, brain, channel)
						fmt.Fprintf(&got, "----\n\n")
						continue
					}
					got.WriteString(p.say(line))
				}
				golden(t, name, got.Bytes())
			})
		}
	}
}

// TestEveryStep answers each question of each form with "weet ik niet", TERUG, STOP and
// MEDEWERKER: nobody is stuck, nobody is without a person.
func TestEveryStep(t *testing.T) {
	t.Parallel()
	brain, _ := brainOf(t, testConfig(t))
	forms := [][]string{
		{"ik wil iets melden", "de lamp is uit", "bij de school", "nee", "webchat: geen foto", "ja"},
		{"bel mij", "over een brief", "webchat: 06 12 34 56 78", "ochtend"},
		{"ik wil een afspraak make", "paspoort", "dinsdag", "ochtend", "webchat: 06 12 34 56 78"},
		{"wanneer word me vuilnis opgehaald", "! 1", "1234 AB 12"},
		{"ik ga verhuize", "! 1", "! 2"},
		{"ik wil bezwaar maken", "10 november"},
		{"ik heb schulde en weet nie meer wat ik moet", "nee"},
	}
	for _, channel := range []bot.Channel{bot.SMS, bot.WebChat} {
		t.Run(string(channel), func(t *testing.T) {
			t.Parallel()
			var got bytes.Buffer
			for _, form := range forms {
				for step := 1; step < len(form); step++ {
					if strings.HasPrefix(form[step], "webchat: ") && channel != bot.WebChat {
						continue // no question on this channel
					}
					for _, word := range []string{"weet ik niet", "terug", "stop", "medewerker"} {
						p := newPlayer(t, brain, channel)
						last := ""
						for _, line := range form[:step] {
							if said := p.say(line); said != "" {
								last = said
							}
						}
						if p.state.Form.Name == "" {
							break // an answer with the form behind a button
						}
						if word == "weet ik niet" {
							fmt.Fprintf(&got, "---- step %d\n\n%s", step, last)
						}
						before := p.state
						got.WriteString(p.say(word))
						after := p.state
						switch {
						case word == "medewerker" && after.Owner != bot.OwnedByQueue:
							t.Errorf("%v: no person", form[:step])
						case word == "stop" && (after.Form.Name != "" || after.OptedOut && before.Owner == bot.OwnedByBot):
							t.Errorf("%v: the questions did not stop, or all messages did", form[:step])
						case word == "terug" && before.Form.Asked != "" && after.Form.Asked == before.Form.Asked:
							t.Errorf("%v: not a question back", form[:step])
						case word == "weet ik niet" && after.Failures > before.Failures:
							t.Errorf("%v: not knowing counts as a failure", form[:step])
						}
					}
				}
			}
			golden(t, "steps."+string(channel), got.Bytes())
		})
	}
}

// player holds a conversation.
type player struct {
	t       *testing.T
	brain   pipeline.Brain
	channel bot.Channel
	state   bot.State
	offered []bot.Choice
	at      time.Time
}

func newPlayer(t *testing.T, brain pipeline.Brain, channel bot.Channel) *player {
	t.Helper()
	return &player{t: t, brain: brain, channel: channel, state: bot.NewState(), at: time.Date(2026, 11, 24, 11, 0, 0, 0, time.UTC)}
}

// say plays a line of a script and returns the transcript of it; nothing for a line
// that is for another channel.
func (p *player) say(line string) string {
	p.t.Helper()
	if only, rest, ok := strings.Cut(line, ": "); ok && (only == string(bot.SMS) || only == string(bot.WebChat)) {
		if only != string(p.channel) {
			return ""
		}
		line = rest
	}
	p.at = p.at.Add(time.Minute)
	m := bot.Inbound{Address: bot.Address{Channel: p.channel, User: "+31612345678"}, Kind: bot.KindText, Text: line, ReceivedAt: p.at}
	var got strings.Builder
	fmt.Fprintf(&got, "> %s\n", line)
	var press int
	switch words, photo := strings.CutPrefix(line, "(photo)"); {
	case photo:
		m.Text = strings.TrimSpace(words)
		if p.channel.TakesPhotos() {
			m.Photo = bot.NewPhotoID(p.channel, "abc")
		}
		if m.Text == "" {
			m.Kind = bot.KindMedia
		}
	case line == "(place)":
		m.Kind, m.Text = bot.KindMedia, bot.GeoURI(52.0907, 5.1214)
	default:
		if _, err := fmt.Sscanf(line, "! %d", &press); err == nil {
			if press > len(p.offered) {
				p.t.Fatalf("%q: only %d quick replies were offered", line, len(p.offered))
			}
			m.Kind, m.Choice, m.Text = bot.KindChoice, p.offered[press-1].ID, ""
		}
	}
	turn, err := p.brain.Answer(p.state, m)
	if err != nil {
		p.t.Fatal(err)
	}
	p.state, p.offered = stored(p.t, turn.State), nil
	for _, reply := range turn.Messages {
		fmt.Fprintln(&got, reference.ReplaceAllString(reply.Text, "XXX-XXX"))
		p.offered = reply.Choices
		for _, c := range reply.Choices {
			fmt.Fprintf(&got, "[%s]\n", c.Label)
		}
	}
	for _, ticket := range turn.Tickets {
		fmt.Fprintf(&got, "= at the desk: %s %v\n", ticket.Form, ticket.Answers)
	}
	fmt.Fprintf(&got, "= %s\n\n", p.state.Owner)
	return got.String()
}

// golden compares a transcript with the one that was looked at.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "dialogues", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the transcript differs (write it anew with -update):\n%s", got)
	}
}

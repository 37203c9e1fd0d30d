package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
)

// TestNoWrongDoor asks questions that are for other organisations, and some that
// sound like it: by SMS each gets the right organisation with its number and address,
// or an answer of our own.
func TestNoWrongDoor(t *testing.T) {
	t.Parallel()
	brain, texts := brainOf(t, testConfig(t))
	data, err := os.ReadFile("testdata/organisations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, organisations := 0, map[string]bool{}
	for line := range strings.Lines(string(data)) {
		question, want, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue
		}
		reply := strings.Join(replay(t, brain.Answer, bot.SMS, []string{question}), "\n")
		if want == "-" {
			if got := brain.Understander.Understand(question).Elsewhere; got != "" {
				t.Errorf("%q is ours, and went to %s", question, got)
			}
			continue
		}
		elsewhere++
		organisations[want] = true
		o, ok := texts.Organisation(bot.Organisation(want))
		if !ok {
			t.Errorf("there is no organisation %q", want)
		} else if !strings.Contains(reply, o.Short) || !strings.Contains(reply, o.Phone) || !strings.Contains(reply, o.Link) {
			t.Errorf("%q: want %s, got:\n%s", question, want, reply)
		}
	}
	if elsewhere < 200 || len(organisations) < 75 {
		t.Errorf("only %d questions for %d organisations", elsewhere, len(organisations))
	}
}

// TestOrganisationsLeaveOurs counts in the development messages how many questions
// for the municipality are sent elsewhere: at most one in a hundred.
func TestOrganisationsLeaveOurs(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../../shared/eval/dev_residents.tsv")
	if err != nil {
		t.Skipf("the development messages are not there: %v", err)
	}
	brain, _ := brainOf(t, "")
	var ours, sent, others, helped int
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) < 2 || fields[1] == "intent" {
			continue
		}
		elsewhere := brain.Understander.Understand(fields[0]).Elsewhere != ""
		switch {
		case bot.Intent(fields[1]) == bot.OutOfScope && elsewhere:
			others, helped = others+1, helped+1
		case bot.Intent(fields[1]) == bot.OutOfScope:
			others++
		case elsewhere:
			ours, sent = ours+1, sent+1
			t.Logf("a question about %s was sent to another organisation", fields[1])
		default:
			ours++
		}
	}
	t.Logf("%d of %d questions for the municipality sent elsewhere; %d of %d others helped", sent, ours, helped, others)
	if sent*100 > ours {
		t.Error("too many")
	}
}

// TestOwnOrganisation adds an organisation in the municipality's own folder: residents
// who name it are helped without a start.
func TestOwnOrganisation(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig(testConfig(t), vars())
	if err != nil {
		t.Fatal(err)
	}
	cfg.Content.Folder = t.TempDir()
	brain, texts, err := newBrain(cfg)
	if err != nil {
		t.Fatal(err)
	}
	const question = "is de fietskelder open"
	if got := brain.Understander.Understand(question).Elsewhere; got != "" {
		t.Fatalf("known already: %s", got)
	}
	entry := `[fietskelder]
title = "Fietskelder"
name = "Fietskelder"
words = ["fietskelder"]
phone = "14 0456"
link = "politie.nl"
short = "De Fietskelder is van een ander. Bel 14 0456 of kijk op politie.nl."
full = "De Fietskelder is van een ander. Bel 14 0456 of kijk op politie.nl."
source = "https://www.politie.nl"
checked = 2026-11-27
certain = true
`
	if err := os.Mkdir(filepath.Join(cfg.Content.Folder, "nl"), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(cfg.Content.Folder, "nl", "organisations-ours.toml"), []byte(entry), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := texts.Reload(); err != nil {
		t.Fatal(err)
	}
	if got := brain.Understander.Understand(question).Elsewhere; got != "fietskelder" {
		t.Errorf("got %q", got)
	}
	bad := strings.ReplaceAll(entry, "van een ander.", "van goedkoop-lenen.com.")
	if err := os.WriteFile(filepath.Join(cfg.Content.Folder, "nl", "organisations-ours.toml"), []byte(bad), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := texts.Reload(); err == nil {
		t.Error("a link to anywhere was accepted")
	}
	if got := brain.Understander.Understand("waar blijft mijn kinderbijslag").Elsewhere; got != "svb_kinderbijslag" {
		t.Errorf("of the national ones: %q", got)
	}
}

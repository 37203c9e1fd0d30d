package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
)

// example is a message with the label that a reader gave it.
type example struct {
	text  string
	label bot.Intent
}

// residents reads the development set, which stands beside the project.
func residents(t *testing.T) []example {
	t.Helper()
	path := filepath.Join(channeltest.Cases(t), "..", "eval", "dev_residents.tsv")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("no messages of residents beside the project: %v", err)
	}
	var all []example
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) == 3 && fields[1] != "intent" {
			all = append(all, example{fields[0], bot.Intent(fields[1])})
		}
	}
	return all
}

// TestResidentsBySMS sends what residents wrote as signed webhooks, three
// messages a sender, each of them twice, and checks that every message gets
// exactly one reply, in order.
func TestResidentsBySMS(t *testing.T) {
	t.Parallel()
	messages := residents(t)
	w := newWorld(t)
	server := start(t, w.environ()...)
	const each = 3
	type conversation struct {
		from     string
		examples []example
	}
	var conversations []conversation
	for group := range slices.Chunk(messages, each) {
		conversations = append(conversations, conversation{fmt.Sprintf("+31600%06d", len(conversations)), group})
	}

	var wg sync.WaitGroup
	for i, c := range conversations {
		wg.Go(func() {
			for j, e := range c.examples {
				for range 2 {
					status, err := w.sms(t.Context(), server.base, fmt.Sprintf("SM%032x", i*each+j), c.from, e.text)
					if err != nil || status != 200 {
						t.Errorf("webhook: %d, %v", status, err)
					}
				}
			}
		})
	}
	wg.Wait()
	w.twilio.WaitForMessages(t, len(messages))

	got := w.smsTo()
	right := 0
	for _, c := range conversations {
		var texts []string
		for _, e := range c.examples {
			texts = append(texts, e.text)
		}
		if diff := cmp.Diff(expected(t, bot.SMS, texts), got[c.from]); diff != "" {
			t.Errorf("replies to %s (-want +got):\n%s", c.from, diff)
		}
		id, err := server.db.Conversation(t.Context(), bot.Address{Channel: bot.SMS, Account: smsNumber, User: c.from})
		if err != nil {
			t.Fatal(err)
		}
		entries, err := server.db.Entries(t.Context(), id, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var understood []bot.Intent
		for _, e := range entries {
			if e.Kind == bot.EntrySaid {
				understood = append(understood, e.Intent)
			}
		}
		for j, e := range c.examples {
			if j < len(understood) && understood[j] == e.label {
				right++
			}
		}
	}
	t.Logf("%d messages of residents, each with one reply in order; understood %d (%.1f%%)",
		len(messages), right, 100*float64(right)/float64(len(messages)))
	for _, e := range messages {
		if len(e.text) > 20 && strings.Contains(server.log.String(), e.text) {
			t.Errorf("the log holds a message: %q", e.text)
		}
	}
	if strings.Contains(server.log.String(), "+31600") {
		t.Error("the log holds a phone number")
	}
}

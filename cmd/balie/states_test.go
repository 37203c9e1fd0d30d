package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents"
)

// TestEveryReplyHasWords walks all states that residents and staff can bring
// about with the real answers, and renders every reply on every channel: no key
// without words, no hole, nothing longer than an SMS can be, and from every state
// one word leads to a person.
func TestEveryReplyHasWords(t *testing.T) {
	t.Parallel()
	brain, catalog := brainOf(t, "")
	engine, err := intents.Load()
	if err != nil {
		t.Fatal(err)
	}

	anna := bot.Staff{ID: 1, Name: "Anna"}
	events := []bot.Event{
		bot.Said{Text: "x", Understanding: bot.Understanding{Decision: bot.Refuse}},
		bot.Said{Text: "x", Understanding: bot.Understanding{Decision: bot.Clarify, Candidates: []bot.Candidate{{Intent: "id_kaart"}, {Intent: "rijbewijs"}}}},
		bot.Said{},
		bot.SentMedia{},
		bot.BotFailed{},
		bot.OptedOut{},
		bot.OptedIn{},
		bot.ProviderAnswered{},
		bot.Said{Text: "stop"},
		bot.Said{Text: "bot"},
		bot.Said{Text: "medewerker"},
		bot.Chose{Choice: bot.ChooseHuman},
		bot.Chose{Choice: bot.ChooseBot},
		bot.Claimed{Staff: anna},
		bot.StaffSaid{Staff: anna, Text: "Dag"},
		bot.Released{Staff: anna},
		bot.Closed{Staff: anna},
		bot.TimeIsUp{},
		bot.SaidTooMuch{Text: "x"},
		bot.SaidTooMuch{Text: "stop"},
	}
	for _, label := range engine.Labels() {
		if !catalog.Has(label) {
			t.Errorf("there is no answer for %s", label)
		}
		events = append(events, bot.Said{Text: "x", Understanding: bot.Understanding{Decision: bot.Answer, Candidates: []bot.Candidate{{Intent: label, Confidence: 1}}}})
	}
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	moments := []bot.Moment{{At: at, Desk: bot.Availability{Open: true}}, {At: at, Desk: bot.Availability{NextOpen: at.Add(20 * time.Hour)}}, {At: at}}

	key := func(s bot.State) string {
		// These say nothing about the next reply, or how often something was said.
		s.Topic, s.Reason, s.Recent, s.RecentAt, s.Due, s.QueuedAt, s.Staff = "", "", nil, time.Time{}, time.Time{}, time.Time{}, bot.Staff{}
		s.Urgent, s.OptedOut, s.Reminded, s.Unanswered = false, false, 0, false
		s.Form.Answers, s.Form.Past = nil, nil
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	seen, longest, source, replies := map[string]bool{}, 0, "", 0
	rendered := map[string]bool{}
	todo := []bot.State{bot.NewState()}
	for len(todo) > 0 {
		state := todo[0]
		todo = todo[1:]
		if k := key(state); seen[k] {
			continue
		} else {
			seen[k] = true
		}
		for _, now := range moments {
			for _, ev := range events {
				next, out, err := brain.Dialogue.Step(state, now, ev)
				if err != nil {
					continue // an action of staff that is refused
				}
				todo = append(todo, next)
				for _, reply := range out {
					if said := fmt.Sprintf("%+v", reply); rendered[said] {
						continue
					} else {
						rendered[said] = true
					}
					for _, channel := range []bot.Channel{bot.SMS, bot.WhatsApp, bot.Telegram, bot.WebChat, bot.Terminal} {
						m, err := catalog.Render(channel, reply)
						if err != nil {
							t.Fatal(err)
						}
						replies++
						if m.Text == "" || strings.ContainsAny(m.Text, "{}") {
							t.Errorf("%s on %s: %q", m.Source, channel, m.Text)
						}
						if n := len([]rune(m.Text)); n > channel.MaxReply() {
							t.Errorf("%s on %s: %d characters", m.Source, channel, n)
						} else if channel == bot.SMS && n > longest {
							longest, source = n, m.Source
						}
					}
				}
			}
		}
		person, _, err := brain.Dialogue.Step(state, moments[0], bot.Said{Text: "medewerker"})
		if err != nil || person.Owner == bot.OwnedByBot {
			t.Errorf("no person from %+v", state)
		}
	}
	t.Logf("%d states, %d rendered replies; the longest SMS has %d characters: %s", len(seen), replies, longest, source)
}

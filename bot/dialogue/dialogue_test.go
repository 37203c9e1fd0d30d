package dialogue_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/dialogue"
)

var update = flag.Bool("update", false, "write the golden transcripts anew")

// content has an answer for everything but "onbekend"; debts are sensitive.
type content struct{}

func (content) Has(i bot.Intent) bool         { return i != "onbekend" }
func (content) Sensitive(i bot.Intent) bool   { return i == "schulden" || i == bot.Suicide }
func (content) Knows(o bot.Organisation) bool { return o == "digid" }
func (content) Speaks(l bot.Language) bool    { return l == bot.Dutch || l == "en" || l == "nl-A2" }

// waste knows one address.
type waste struct{}

func (waste) Next(address string, from time.Time) []bot.Collection {
	if address != "1234AB 12" {
		return nil
	}
	return []bot.Collection{{Kind: "rest", Day: from.AddDate(0, 0, 2)}, {Kind: "gft", Day: from.AddDate(0, 0, 9)}}
}

var (
	rules  = dialogue.Rules{Content: content{}, Waste: waste{}}
	noon   = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	open   = bot.Moment{At: noon, Desk: bot.Availability{Open: true}, Reference: "K7F-3MA"}
	closed = bot.Moment{At: noon, Desk: bot.Availability{NextOpen: noon.Add(21 * time.Hour)}, Reference: "K7F-3MA"}
)

// TestTranscripts plays the conversations in testdata. Lines of a resident:
//
//	> words {answer paspoort}    and what the engine makes of them: answer, clarify or refuse with intents
//	                             (also "also=grofvuil", "followup", "language=tr" and what the message names: "place=Kerkstraat_12")
//	! intent:paspoort            a quick reply
//	~ media | photo abc | place 52.1,5.1 | optout | optin | failed | proof 7 (an answer), 8 (an erased one), 9 (none)
//	* words                      more than a person sends
//
// "% 11m" lets time pass; "% due" lets the timer run out. Lines of staff: "@ claim Anna", "@ say Anna words", "@ release Anna", "@ close Anna".
// "# closed" and "# open" set the desk; "# spent", "# all spent" and "# within" what
// may be spent, "# photos" that the channel takes photos. Lines with "<" and "=" are what comes of it.
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			golden, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(golden))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(golden), got); diff != "" && !*update {
				t.Errorf("transcript differs (-want +got):\n%s", diff)
			}
		})
	}
}

func play(t *testing.T, transcript string) string {
	t.Helper()
	var out strings.Builder
	state, now := bot.NewState(), open
	for line := range strings.Lines(transcript) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "<"), strings.HasPrefix(line, "="):
			continue
		case line == "# closed":
			now.Desk = closed.Desk
		case line == "# open":
			now.Desk = open.Desk
		case line == "# photos":
			now.Photos = true
		case line == "# spent":
			now.Budget = bot.SenderSpent
		case line == "# all spent":
			now.Budget = bot.TotalSpent
		case line == "# within":
			now.Budget = bot.WithinBudget
		case line == "% due":
			now.At = state.Due
		case strings.HasPrefix(line, "% "):
			passed, err := time.ParseDuration(line[2:])
			if err != nil {
				t.Fatal(err)
			}
			now.At = now.At.Add(passed)
			fmt.Fprintln(&out, line)
			continue
		}
		fmt.Fprintln(&out, line)
		if line == "" || line[0] == '#' {
			continue
		}
		next, replies, err := rules.Step(state, now, event(t, line))
		var taken *bot.TakenError
		switch {
		case errors.As(err, &taken):
			fmt.Fprintf(&out, "= refused: taken by %q\n", taken.By.Name)
			continue
		case errors.Is(err, bot.ErrNotOwner):
			fmt.Fprintln(&out, "= refused: not the owner")
			continue
		case err != nil:
			t.Fatal(err)
		}
		state = next
		for _, r := range replies {
			fmt.Fprintf(&out, "< %s\n", describe(r))
		}
		fmt.Fprintf(&out, "= %s\n", summary(state))
	}
	return out.String()
}

func event(t *testing.T, line string) bot.Event {
	t.Helper()
	sign, rest, _ := strings.Cut(line, " ")
	switch sign {
	case ">":
		text, note, _ := strings.Cut(rest, " {")
		fields := strings.Fields(strings.TrimSuffix(note, "}"))
		u := bot.Understanding{Decision: bot.Refuse}
		for i, f := range fields {
			if i == 0 {
				u.Decision = bot.Decision(f)
				continue
			}
			switch name, value, _ := strings.Cut(f, "="); name {
			case "also":
				u.Also = bot.Intent(value)
				continue
			case "language":
				u.Language = bot.Language(value)
				continue
			case "followup":
				u.FollowUp = true
				continue
			case "elsewhere":
				u.Elsewhere = bot.Organisation(value)
				continue
			case "place", "postcode", "phone", "date":
				u.Found = append(u.Found, bot.Found{Kind: bot.FoundKind(name), Value: strings.ReplaceAll(value, "_", " ")})
				continue
			}
			u.Candidates = append(u.Candidates, bot.Candidate{Intent: bot.Intent(f), Confidence: 0.9})
		}
		return bot.Said{Text: strings.TrimSpace(text), Understanding: u}
	case "%":
		return bot.TimeIsUp{}
	case "*":
		return bot.SaidTooMuch{Text: rest}
	case "!":
		return bot.Chose{Choice: bot.ChoiceID(rest)}
	case "~":
		if ref, ok := strings.CutPrefix(rest, "proof "); ok {
			return bot.AskedProof{Served: map[string]bot.Served{"7": {Outbound: 7, At: noon, Text: "Kom langs.", Source: "answer.x@nl-1"}, "8": {Outbound: 8}}[ref]}
		}
		if id, ok := strings.CutPrefix(rest, "photo "); ok {
			return bot.SentMedia{Photo: bot.NewPhotoID(bot.Telegram, id)}
		}
		if at, ok := strings.CutPrefix(rest, "place "); ok {
			return bot.SentMedia{Place: "geo:" + at}
		}
		return map[string]bot.Event{"media": bot.SentMedia{}, "optout": bot.OptedOut{}, "optin": bot.OptedIn{}, "failed": bot.BotFailed{}}[rest]
	case "@":
		words := strings.SplitN(rest, " ", 3)
		staff := bot.Staff{ID: int64(len(words[1])), Name: words[1]}
		switch words[0] {
		case "claim":
			return bot.Claimed{Staff: staff}
		case "say":
			return bot.StaffSaid{Staff: staff, Text: words[2]}
		case "release":
			return bot.Released{Staff: staff}
		case "close":
			return bot.Closed{Staff: staff}
		}
	}
	t.Fatalf("line not understood: %q", line)
	return nil
}

func describe(r bot.Reply) string {
	var parts []string
	for _, p := range r.Parts {
		s := p.Key
		if p.Name != "" {
			s += "(" + p.Name + ")"
		}
		if !p.At.IsZero() {
			s += "(" + p.At.Format("2 Jan 15:04") + ")"
		}
		if p.Text != "" {
			s += "(" + p.Text + ")"
		}
		if len(p.Fill) > 0 {
			s += fmt.Sprint(p.Fill)
		}
		parts = append(parts, s)
	}
	text := strings.Join(parts, " + ")
	if r.Author.Human() {
		text = r.Author.Name + ": " + text
	}
	if len(r.Choices) > 0 {
		text += fmt.Sprint(" ", r.Choices)
	}
	if r.Language != "" {
		text += " in " + string(r.Language)
	}
	if r.Ticket != nil {
		text += fmt.Sprintf("\n< ticket %s for %s: %v", r.Ticket.Reference, r.Ticket.Form, r.Ticket.Answers)
	}
	return text
}

func summary(s bot.State) string {
	text := string(s.Owner)
	if s.Staff.Name != "" {
		text += " " + s.Staff.Name
	}
	if s.Reason != "" && s.Owner != bot.OwnedByBot {
		text += " " + string(s.Reason)
	}
	if s.Form.Name != "" {
		text += fmt.Sprintf(" %s asks %s", s.Form.Name, s.Form.Asked)
	}
	if s.Failures > 0 {
		text += fmt.Sprintf(" failures=%d", s.Failures)
	}
	if s.Urgent {
		text += " urgent"
	}
	if s.OptedOut {
		text += " opted-out"
	}
	if !s.Due.IsZero() {
		text += " due " + s.Due.Format("2 Jan 15:04")
	}
	return text
}

// residentEvents are all kinds of things a resident can do.
func residentEvents() []bot.Event {
	said := func(text string, d bot.Decision, intents ...bot.Intent) bot.Event {
		u := bot.Understanding{Decision: d}
		for _, i := range intents {
			u.Candidates = append(u.Candidates, bot.Candidate{Intent: i, Confidence: 0.8})
		}
		return bot.Said{Text: text, Understanding: u}
	}
	found := bot.Understanding{Decision: bot.Answer, Candidates: []bot.Candidate{{Intent: "melding_openbare_ruimte", Confidence: 0.8}}, Found: []bot.Found{
		{Kind: bot.FoundPlace, Value: "Kerkstraat 12"}, {Kind: bot.FoundPostcode, Value: "1234AB 12"}, {Kind: bot.FoundPhone, Value: "+31612345678"}, {Kind: bot.FoundDate, Value: "2026-11-20"},
	}}
	more := bot.Understanding{Decision: bot.Answer, Candidates: []bot.Candidate{{Intent: "paspoort", Confidence: 0.8}}, Also: "schulden"}
	return []bot.Event{
		bot.Said{Text: "me paspoort en me schuld", Understanding: more},
		bot.Said{Text: "wat kost dat", Understanding: bot.Understanding{Decision: bot.Clarify, Candidates: more.Candidates, FollowUp: true}},
		bot.Said{Text: "evim", Understanding: bot.Understanding{Decision: bot.Refuse, Language: "tr"}},
		said("me paspoort", bot.Answer, "paspoort"), said("schuld", bot.Answer, "schulden"),
		said("hoi", bot.Answer, bot.Greeting), said("ja", bot.Answer, bot.Yes), said("nee", bot.Answer, bot.No),
		said("kaart", bot.Clarify, "id_kaart", "paspoort", "rijbewijs"), said("bla", bot.Refuse), said("weer", bot.Refuse, bot.OutOfScope),
		said("weet niet", bot.Answer, bot.DoesNotKnow), said("rot op", bot.Answer, bot.Abuse), said("brand", bot.Answer, bot.Emergency),
		said("ik wil dood", bot.Answer, bot.Suicide), said("", bot.Refuse), said("2", bot.Refuse), said("bot", bot.Refuse), said("stop", bot.Refuse),
		bot.Said{Text: "lamp kapot kerkstraat 12 1234ab 12 0612345678 20 november", Understanding: found},
		said("melding doen", bot.Answer, "melding_openbare_ruimte"), said("verhuizen", bot.Answer, "verhuizing"), said("bezwaar", bot.Answer, "bezwaar"),
		said("afspraak", bot.Answer, "afspraak_maken"), said("afval", bot.Answer, "afval_ophalen"), said("bel mij", bot.Refuse), said("terug", bot.Refuse),
		said("english", bot.Refuse),
		bot.Said{Text: "digid", Understanding: bot.Understanding{Decision: bot.Refuse, Elsewhere: "digid"}},
		bot.Chose{Choice: "language:en"},
		bot.Chose{Choice: "language:xx"},
		bot.Chose{Choice: "form:waste"},
		bot.Chose{Choice: "form:moving:to:here"},
		bot.Chose{Choice: "form:report:confirm:no"},
		bot.Chose{Choice: "form:onbekend"},
		bot.Chose{Choice: "intent:paspoort"},
		bot.Chose{Choice: "intent:onbekend"},
		bot.Chose{Choice: bot.ChooseHuman},
		bot.Chose{Choice: bot.ChooseBot},
		bot.Chose{Choice: "onzin"},
		bot.SentMedia{},
	}
}

// essence is what of a state matters for the next reply. What a form was told before
// is left out but for how much: each form is walked in the transcripts.
func essence(s bot.State) string {
	s.Topic, s.Language, s.Reason, s.Due, s.QueuedAt, s.Staff = "", "", "", time.Time{}, time.Time{}, bot.Staff{}
	s.Urgent, s.OptedOut, s.Reminded, s.Unanswered = false, false, 0, false
	told := len(s.Form.Answers)
	s.Form.Answers, s.Form.Past = nil, nil
	return fmt.Sprintf("%+v %d", s, told)
}

// alike makes all answers in own words the same.
func alike(answers map[string]string) map[string]string {
	same := map[string]string{}
	for question, answer := range answers {
		if _, _, choice := bot.ChoiceID(answer).Form(); !choice && answer != "" {
			answer = "words"
		}
		same[question] = answer
	}
	return same
}

// reachable walks every state that residents and staff can bring about, up to
// what matters for the next reply.
func reachable(t *testing.T) []bot.State {
	t.Helper()
	anna := bot.Staff{ID: 4, Name: "Anna"}
	events := append(residentEvents(), bot.TimeIsUp{}, bot.SaidTooMuch{Text: "en"}, bot.SaidTooMuch{Text: "stop"}, bot.OptedOut{}, bot.OptedIn{}, bot.BotFailed{}, bot.ProviderAnswered{},
		bot.Claimed{Staff: anna}, bot.StaffSaid{Staff: anna, Text: "Hoi"}, bot.Released{Staff: anna}, bot.Closed{Staff: anna})
	seen := map[string]bool{}
	var states []bot.State
	todo := []bot.State{bot.NewState()}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		key := essence(s)
		if seen[key] {
			continue
		}
		seen[key] = true
		states = append(states, s)
		for _, ev := range events {
			for _, now := range []bot.Moment{open, closed} {
				next, _, err := rules.Step(s, now, ev)
				var taken *bot.TakenError
				if err != nil && !errors.As(err, &taken) && !errors.Is(err, bot.ErrNotOwner) {
					t.Fatalf("Step(%+v, %T): %v", s, ev, err)
				}
				// How often something was said is another dimension; see the
				// transcript of machines.
				next.Recent, next.RecentAt = nil, time.Time{}
				next.Form.Answers = alike(next.Form.Answers)
				todo = append(todo, next)
			}
		}
	}
	return states
}

// TestEveryState checks the promises that hold in each state of each dialogue.
func TestEveryState(t *testing.T) {
	t.Parallel()
	states := reachable(t)
	t.Logf("%d states", len(states))
	for _, s := range states {
		for _, ev := range residentEvents() {
			next, replies, err := rules.Step(s, open, ev)
			if err != nil {
				t.Fatal(err)
			}
			if s.Owner == bot.OwnedByStaff {
				if len(replies) != 0 || next.Owner != bot.OwnedByStaff {
					t.Fatalf("the bot spoke while a human owns the conversation: %+v, %+v", s, ev)
				}
				continue
			}
			if len(replies) != 1 || len(replies[0].Parts) == 0 {
				t.Fatalf("%d replies to one message: %+v, %+v", len(replies), s, ev)
			}
			if said, ok := ev.(bot.Said); ok && said.Understanding.Best().Safety() {
				if first := replies[0].Parts[0].Key; first != bot.AnswerKey(said.Understanding.Best()) {
					t.Fatalf("a safety message does not come first but %q: %+v", first, s)
				}
			}
			if len(replies[0].Choices) > 3 {
				t.Fatalf("more than 3 choices: %+v", replies[0])
			}
		}
		for _, word := range []string{"medewerker", "Medewerker!", " MENS ", "/medewerker", "een mens"} {
			next, replies, err := rules.Step(s, open, bot.Said{Text: word, Understanding: bot.Understanding{Decision: bot.Refuse}})
			if err != nil {
				t.Fatal(err)
			}
			if next.Owner == bot.OwnedByBot {
				t.Fatalf("%q does not reach a human from %+v", word, s)
			}
			if s.Owner != bot.OwnedByStaff && !slices.ContainsFunc(replies[0].Parts, func(p bot.Part) bool { return p.Key == "handoff.open" }) {
				t.Fatalf("%q does not say what happens next from %+v: %+v", word, s, replies)
			}
		}
	}
}

// TestClaimHasOneWinner checks that of two colleagues one wins and the other is
// told who.
func TestClaimHasOneWinner(t *testing.T) {
	t.Parallel()
	anna, bram := bot.Staff{ID: 1, Name: "Anna"}, bot.Staff{ID: 2, Name: "Bram"}
	s, _, err := rules.Step(bot.NewState(), open, bot.Chose{Choice: bot.ChooseHuman})
	if err != nil {
		t.Fatal(err)
	}
	if s, _, err = rules.Step(s, open, bot.Claimed{Staff: anna}); err != nil {
		t.Fatal(err)
	}
	var taken *bot.TakenError
	if _, _, err = rules.Step(s, open, bot.Claimed{Staff: bram}); !errors.As(err, &taken) || taken.By != anna {
		t.Fatalf("second claim: %v", err)
	}
	if after, replies, err := rules.Step(s, open, bot.Claimed{Staff: anna}); err != nil || len(replies) != 0 || after.Staff != anna {
		t.Fatalf("claiming again what one has: %+v, %v, %v", after, replies, err)
	}
}

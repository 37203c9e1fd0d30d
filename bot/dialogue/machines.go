package dialogue

import (
	"hash/fnv"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
)

const (
	// remembered is how many texts are compared, and recently for how long.
	remembered = 12
	recently   = 10 * time.Minute
	// A text that comes this often, of that many last ones, was sent by a machine,
	// such as one that says that its owner is away. Short words such as "ja" answer
	// many questions.
	oftenLong  = 4
	oftenShort = 8
	short      = 12 // characters
)

// repeats remembers what was said, and reports whether it was said so often that
// answering it once more would go on for ever.
func repeats(s bot.State, now bot.Moment, ev bot.Event) (bot.State, bool) {
	said, ok := ev.(bot.Said)
	if !ok || said.Text == "" {
		return s, false
	}
	if now.At.Sub(s.RecentAt) > recently {
		s.Recent, s.Looping = nil, false
	}
	text := plain(said.Text)
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(text)) // never fails
	hash := sum.Sum32()
	s.RecentAt = now.At
	s.Recent = append(slices.Clone(s.Recent), hash)
	s.Recent = s.Recent[max(0, len(s.Recent)-remembered):]
	often := oftenLong
	if utf8.RuneCountInString(text) < short {
		often = oftenShort
	}
	count := 0
	for _, h := range s.Recent {
		if h == hash {
			count++
		}
	}
	return s, count >= often
}

// loop stops answering what repeats itself. A person looks at it, and the sender
// hears that once, in case it is a person too.
func loop(s bot.State, now bot.Moment) (bot.State, []bot.Reply) {
	if s.Looping {
		return s, nil
	}
	s.Looping = true
	if s.Owner == bot.OwnedByBot {
		s = queue(s, now, bot.ReasonLoop)
	}
	if now.Budget != bot.WithinBudget {
		return s, nil
	}
	s.Offered, s.Asked = nil, false
	return s, []bot.Reply{say("loop")}
}

// overBudget hands over to people, whose messages have no ceiling. The resident
// hears that once, unless nobody may be told anything any more.
func overBudget(s bot.State, now bot.Moment) (bot.State, []bot.Reply) {
	if s.Owner == bot.OwnedByBot {
		s = queue(s, now, bot.ReasonBudget)
	}
	if now.Budget == bot.TotalSpent || s.Limited {
		return s, nil
	}
	s.Limited = true
	s.Offered, s.Asked = nil, false
	return s, []bot.Reply{say("limit")}
}

// tooMuch answers a sender who sends more than a person can, once. STOP works
// always.
func tooMuch(s bot.State, now bot.Moment, ev bot.SaidTooMuch) (bot.State, []bot.Reply) {
	if in := commands[plain(ev.Text)]; in.is(wantsStop) {
		return optOut(s), []bot.Reply{say("stop")}
	}
	if s.Owner == bot.OwnedByStaff {
		return waitsForStaff(s, now), nil
	}
	if s.Flooded || s.OptedOut || now.Budget != bot.WithinBudget {
		return s, nil
	}
	s.Flooded = true
	return s, []bot.Reply{say("flood")}
}

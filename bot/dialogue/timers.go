package dialogue

import (
	"time"

	"github.com/balie-nl/balie/bot"
)

// timeIsUp is what happens at State.Due: no conversation waits for ever, and the
// resident hears what becomes of it.
func timeIsUp(s bot.State, now bot.Moment) (bot.State, []bot.Reply) {
	s.Due = time.Time{}
	switch {
	case s.Owner == bot.OwnedByQueue && s.Reminded < maxReminders:
		return remind(s, now)
	case s.Owner == bot.OwnedByStaff && s.Unanswered:
		s, reply := handOff(s, now, bot.ReasonLeft, bot.Part{Key: "staff.left", Name: s.Staff.Name})
		return s, unlessOptedOut(s, reply)
	case s.Owner == bot.OwnedByStaff:
		reply := from(bot.Author{}, bot.Part{Key: "staff.closed", Name: s.Staff.Name})
		return reset(s), unlessOptedOut(s, reply)
	}
	return s, nil
}

// remind tells somebody who has waited long that they are not forgotten.
func remind(s bot.State, now bot.Moment) (bot.State, []bot.Reply) {
	s.Reminded++
	s.Due = lateAt(now)
	if now.Budget != bot.WithinBudget {
		return s, nil
	}
	if !now.Desk.Open {
		return s, []bot.Reply{{Parts: []bot.Part{{Key: "queue.still"}, next(now)}, Choices: []bot.ChoiceID{bot.ChooseBot}}}
	}
	s.Due = now.At.Add(6 * patience)
	return s, []bot.Reply{say("queue.late", bot.ChooseBot)}
}

// waitsForStaff sets the timer of a resident who waits for an answer of the
// member of staff who has the conversation.
func waitsForStaff(s bot.State, now bot.Moment) bot.State {
	if !s.Unanswered {
		s.Unanswered, s.Due = true, now.At.Add(unanswered)
	}
	return s
}

func unlessOptedOut(s bot.State, reply bot.Reply) []bot.Reply {
	if s.OptedOut {
		return nil
	}
	return []bot.Reply{reply}
}

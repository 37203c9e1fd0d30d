// Package dialogue decides what happens in a conversation. It is pure: no
// clock, no database, no network and no texts. The same state, moment and event
// always give the same result, so a conversation can be replayed.
//
// It knows who may speak (the bot, nobody while the resident waits, or one
// member of staff), when a person is needed, and which catalogue keys make up a
// reply. One message of a resident gets one reply, made of one or more parts.
package dialogue

import (
	"fmt"
	"slices"
	"time"

	"github.com/balie-nl/balie/bot"
)

// maxFailures is how many messages in a row the bot may fail to understand
// before it hands the resident to a person without being asked.
const maxFailures = 2

const (
	// patience is how long a resident waits in the opening hours before hearing that
	// it takes longer, and maxReminders how often that is said.
	patience     = 10 * time.Minute
	maxReminders = 2
	// unanswered is how long a resident waits for the member of staff who has the
	// conversation, before colleagues see it again.
	unanswered = time.Hour
	// silent is how long the resident is silent before a conversation with a person
	// is closed.
	silent = 24 * time.Hour
)

// Content is what the dialogue needs to know of the curated answers.
type Content interface {
	// Has reports whether there is an answer for the intent.
	Has(bot.Intent) bool
	// Sensitive reports whether the subject always goes to a person as well.
	Sensitive(bot.Intent) bool
	// Knows reports whether there is something to say about another organisation.
	Knows(bot.Organisation) bool
	// Speaks reports whether there are texts in the language.
	Speaks(bot.Language) bool
}

// Rules is a dialogue over some content.
type Rules struct {
	Content Content
	Waste   Waste // nil where nobody knows the days
}

// Step answers one event. Only events of staff can be refused: with a
// *bot.TakenError or bot.ErrNotOwner, and then nothing changes.
func (r Rules) Step(s bot.State, now bot.Moment, ev bot.Event) (bot.State, []bot.Reply, error) {
	s, replies, err := r.step(s, now, ev)
	for i := range replies {
		replies[i].Language = s.Language
	}
	return s, replies, err
}

func (r Rules) step(s bot.State, now bot.Moment, ev bot.Event) (bot.State, []bot.Reply, error) {
	switch ev := ev.(type) {
	case bot.Said, bot.Chose, bot.SentMedia:
		s, replies := r.resident(s, now, ev)
		return s, replies, nil
	case bot.SaidTooMuch:
		s, replies := tooMuch(s, now, ev)
		return s, replies, nil
	case bot.TimeIsUp:
		s, replies := timeIsUp(s, now)
		return s, replies, nil
	case bot.BotFailed:
		if s.Owner != bot.OwnedByBot {
			return s, nil, nil
		}
		s, reply := handOff(s, now, bot.ReasonError, bot.Part{Key: "failed"})
		return s, []bot.Reply{reply}, nil
	case bot.OptedOut:
		return optOut(s), nil, nil
	case bot.OptedIn:
		s.OptedOut = false
		return s, nil, nil
	case bot.ProviderAnswered:
		return s, nil, nil
	case bot.AskedProof:
		if s.Owner == bot.OwnedByStaff {
			return s, nil, nil
		}
		return s, []bot.Reply{proof(ev.Served)}, nil
	case bot.Claimed, bot.StaffSaid, bot.Released, bot.Closed:
		return staff(s, now, ev)
	}
	return s, nil, fmt.Errorf("dialogue: unknown event %T", ev)
}

// resident answers what a resident said, chose or sent.
func (r Rules) resident(s bot.State, now bot.Moment, ev bot.Event) (bot.State, []bot.Reply) {
	s.OptedOut = false // who writes again wants an answer
	s.Flooded = false
	input := r.read(s, ev)
	s = r.language(s, ev, input)

	if s.Owner == bot.OwnedByStaff {
		s.Urgent = s.Urgent || input.intent.Safety()
		return waitsForStaff(s, now), nil
	}
	s, looping := repeats(s, now, ev)
	greeted := s.Greeted
	s.Greeted = true

	var reply bot.Reply
	switch {
	case input.intent.Safety():
		s, reply = r.answer(s, now, input.intent)
	case input.is(wantsStop) && s.Owner == bot.OwnedByBot && s.Form.Name != "":
		s, reply = stopForm(s)
	case input.is(wantsStop):
		s, reply = optOut(s), say("stop")
	case looping:
		return loop(s, now)
	case now.Budget != bot.WithinBudget:
		return overBudget(s, now)
	case s.Owner == bot.OwnedByQueue:
		s, reply = r.waiting(s, now, ev, input)
	case s.Form.Name != "":
		s, reply = r.inForm(s, now, ev, input)
	default:
		s, reply = r.bot(s, now, ev, input)
	}
	switch {
	case greeted:
	case input.intent.Safety(): // its fixed message comes first, always
		reply.Parts = append(reply.Parts, bot.Part{Key: "intro"})
	default:
		reply.Parts = append([]bot.Part{{Key: "intro"}}, reply.Parts...)
	}
	s.Offered = reply.Choices
	s.Asked = slices.ContainsFunc(reply.Parts, func(p bot.Part) bool { return p.Key == "clarify" })
	return s, []bot.Reply{reply}
}

// language goes along with the language that a resident writes in or asks for.
func (r Rules) language(s bot.State, ev bot.Event, in input) bot.State {
	want := in.language
	said, ok := ev.(bot.Said)
	switch {
	case want != "":
		s.LanguageChosen = r.Content.Speaks(want)
	case ok && !s.LanguageChosen:
		want = said.Understanding.Language
	}
	switch {
	case want == "" || !r.Content.Speaks(want):
	case want == bot.Dutch:
		s.Language = ""
	default:
		s.Language = want
	}
	return s
}

// bot answers while the bot owns the conversation.
func (r Rules) bot(s bot.State, now bot.Moment, ev bot.Event, input input) (bot.State, bot.Reply) {
	said, _ := ev.(bot.Said)
	switch {
	case input.is(wantsHuman):
		return handOff(s, now, bot.ReasonAsked)
	case input.is(wantsBot), input.is(wantsBack):
		s.Failures = 0
		return s, say(bot.AnswerKey(bot.Greeting))
	case input.is(wantsLanguage):
		s.Failures = 0
		if !r.Content.Speaks(input.language) {
			return fail(s, now, bot.AnswerKey(bot.OtherLanguage))
		}
		return s, say("language")
	case input.is(meantElsewhere):
		s.Failures = 0
		return s, say(bot.OrganisationKey(input.elsewhere), bot.ChooseHuman)
	case input.is(wantsForm):
		return r.wanted(s, now, said, input)
	case input.is(sentMedia):
		media, _ := ev.(bot.SentMedia)
		if media.Photo == "" {
			return s, say("media", bot.ChooseHuman)
		}
		s.Photo, s.PhotoAt = media.Photo, now.At
		return s, say("media", bot.ChooseForm(bot.FormReport), bot.ChooseHuman)
	case input.is(sentNothing):
		return s, say("empty", bot.ChooseHuman)
	case input.is(saidNone):
		return fail(s, now, "none")
	case input.is(saidNo):
		s.Failures = 0
		return s, say("no")
	case input.is(mayMean) && r.asksWasteDay(said, input):
		return r.begin(s, now, formNamed(bot.FormWaste), said)
	case input.is(mayMean) && s.Asked: // asking back twice in a row is not understanding
		return fail(s, now, "unknown")
	case input.is(mayMean):
		return s, say("clarify", input.offers...)
	case input.is(saidYes):
		return fail(s, now, "clarify", s.Offered...)
	case input.is(otherLanguage):
		return fail(s, now, bot.AnswerKey(bot.OtherLanguage))
	case input.is(notUnderstood):
		return fail(s, now, "unknown")
	case input.intent == bot.OutOfScope, input.intent == bot.DoesNotKnow:
		return fail(s, now, bot.AnswerKey(input.intent))
	}
	if !input.is(followsUp) && input.also == "" {
		if s, reply, ok := r.formFor(s, now, said, input.intent); ok {
			return s, reply
		}
	}
	s, reply := r.answer(s, now, input.intent)
	switch {
	case s.Owner != bot.OwnedByBot: // a person reads the whole message
	case input.is(followsUp):
		reply.Parts = append([]bot.Part{{Key: "followup"}}, reply.Parts...)
		reply.Choices = []bot.ChoiceID{bot.ChooseHuman}
	case input.also != "":
		reply.Parts = append(reply.Parts, bot.Part{Key: "also"})
		reply.Choices = []bot.ChoiceID{bot.ChooseIntent(input.also)}
	}
	return s, reply
}

// answer gives the curated answer for a subject.
func (r Rules) answer(s bot.State, now bot.Moment, intent bot.Intent) (bot.State, bot.Reply) {
	s.Failures = 0
	if intent.Safety() {
		s.Urgent, s.Form = true, bot.Form{}
	}
	if intent.Subject() {
		s.Topic = intent
	}
	part := bot.Part{Key: bot.AnswerKey(intent)}
	if s.Owner != bot.OwnedByBot {
		return s, bot.Reply{Parts: []bot.Part{part}}
	}
	if r.Content.Sensitive(intent) {
		s, reply := handOff(s, now, bot.ReasonSensitive, part)
		if intent == debts {
			s, reply = askUrgent(s, reply)
		}
		return s, reply
	}
	reply := bot.Reply{Parts: []bot.Part{part}}
	if intent == "afval_ophalen" && r.Waste != nil {
		reply.Choices = []bot.ChoiceID{bot.ChooseForm(bot.FormWaste)}
	}
	if intent.Safety() || intent == bot.Abuse {
		reply.Choices = []bot.ChoiceID{bot.ChooseHuman}
	}
	return s, reply
}

// fail says honestly that the bot cannot help with the message, offers a
// person, and after the second time in a row calls one.
func fail(s bot.State, now bot.Moment, key string, choices ...bot.ChoiceID) (bot.State, bot.Reply) {
	s.Failures++
	if s.Failures >= maxFailures {
		return handOff(s, now, bot.ReasonNotUnderstood, bot.Part{Key: "unknown.again"})
	}
	if len(choices) == 0 {
		choices = []bot.ChoiceID{bot.ChooseHuman}
	}
	return s, say(key, choices...)
}

// handOff puts the conversation in the queue and tells what happens next.
func handOff(s bot.State, now bot.Moment, why bot.Reason, first ...bot.Part) (bot.State, bot.Reply) {
	s = queue(s, now, why)
	return s, bot.Reply{Parts: append(first, next(now)), Choices: []bot.ChoiceID{bot.ChooseBot}}
}

// queue puts the conversation in the queue. The timer runs from when there are
// people to answer.
func queue(s bot.State, now bot.Moment, why bot.Reason) bot.State {
	s.Owner, s.QueuedAt, s.Reason, s.Failures, s.Reminded = bot.OwnedByQueue, now.At, why, 0, 0
	s.Staff, s.Unanswered = bot.Staff{}, false
	s.Due = lateAt(now)
	return s
}

// lateAt is when somebody who begins to wait now has waited long; zero when
// nobody knows when there are people again.
func lateAt(now bot.Moment) time.Time {
	switch {
	case now.Desk.Open:
		return now.At.Add(patience)
	case now.Desk.NextOpen.IsZero():
		return time.Time{}
	}
	return now.Desk.NextOpen.Add(patience)
}

// next is the part that tells a waiting resident what happens next.
func next(now bot.Moment) bot.Part {
	switch {
	case now.Desk.Open:
		return bot.Part{Key: "handoff.open"}
	case now.Desk.NextOpen.IsZero():
		return bot.Part{Key: "handoff.later"}
	}
	return bot.Part{Key: "handoff.closed", At: now.Desk.NextOpen}
}

// waiting answers a resident who waits for a person. While people are at work,
// one of them will answer, so the bot only confirms that the message will be
// read. Outside opening hours it answers what it is sure of, and the resident
// keeps the place in the queue.
func (r Rules) waiting(s bot.State, now bot.Moment, ev bot.Event, input input) (bot.State, bot.Reply) {
	if s.Form.Name == bot.FormDebts {
		if s, reply, ok := urgency(s, now, ev, input); ok {
			return s, reply
		}
	}
	switch {
	case input.is(wantsBot), input.is(wantsBack):
		return reset(s), say("bot.back")
	case input.is(wantsHuman):
		return s, bot.Reply{Parts: []bot.Part{{Key: "queue.still"}, next(now)}, Choices: []bot.ChoiceID{bot.ChooseBot}}
	case input.is(aboutSubject) && input.intent.Subject() && !now.Desk.Open:
		s.Topic = input.intent
		return s, bot.Reply{Parts: []bot.Part{{Key: bot.AnswerKey(input.intent)}, {Key: "queue.still"}}, Choices: []bot.ChoiceID{bot.ChooseBot}}
	}
	return s, say("queue.added", bot.ChooseBot)
}

// staff applies what a member of staff does.
func staff(s bot.State, now bot.Moment, ev bot.Event) (bot.State, []bot.Reply, error) {
	if ev, ok := ev.(bot.Claimed); ok {
		if s.Owner == bot.OwnedByStaff && s.Staff.ID == ev.Staff.ID {
			return s, nil, nil
		}
		if s.Owner != bot.OwnedByQueue {
			return s, nil, &bot.TakenError{By: s.Staff}
		}
		s.Owner, s.Staff = bot.OwnedByStaff, ev.Staff
		s.Offered = nil
		return waitsForStaff(s, now), []bot.Reply{from(bot.Author{}, bot.Part{Key: "staff.joined", Name: ev.Staff.Name})}, nil
	}

	var who bot.Staff
	var part bot.Part
	var author bot.Author
	after := s
	switch ev := ev.(type) {
	case bot.StaffSaid:
		who, author, part = ev.Staff, bot.Author{Name: ev.Staff.Name}, bot.Part{Key: "staff.words", Text: ev.Text}
		after.Unanswered, after.Due = false, now.At.Add(silent)
	case bot.Released:
		who, after, part = ev.Staff, reset(s), bot.Part{Key: "staff.released", Name: ev.Staff.Name}
	case bot.Closed:
		who, after, part = ev.Staff, reset(s), bot.Part{Key: "staff.closed", Name: ev.Staff.Name}
	}
	if s.Owner != bot.OwnedByStaff || s.Staff.ID != who.ID {
		return s, nil, bot.ErrNotOwner
	}
	return after, []bot.Reply{from(author, part)}, nil
}

// reset gives the conversation back to the bot with a clean memory. What stays
// known is that the resident was greeted, whether they opted out, and what keeps
// machines in check.
func reset(s bot.State) bot.State {
	return bot.State{
		Owner: bot.OwnedByBot, Greeted: s.Greeted, OptedOut: s.OptedOut, Language: s.Language,
		Flooded: s.Flooded, Recent: s.Recent, RecentAt: s.RecentAt, Looping: s.Looping,
		SpentDay: s.SpentDay, Spent: s.Spent, Limited: s.Limited,
	}
}

// optOut records a STOP. Who waits for a person leaves the queue; a member of
// staff keeps the conversation and sees the flag.
func optOut(s bot.State) bot.State {
	if s.Owner == bot.OwnedByQueue {
		s = reset(s)
	}
	s.OptedOut = true
	return s
}

// proof repeats an answer word for word, with when it was given and in which
// version. Words that were erased cannot be repeated.
func proof(served bot.Served) bot.Reply {
	switch {
	case served.Outbound == 0:
		return say("proof.none")
	case served.Text == "":
		return bot.Reply{Parts: []bot.Part{{Key: "proof.erased", Fill: map[string]string{"reference": served.Reference()}}}}
	}
	return bot.Reply{Parts: []bot.Part{{
		Key: "proof", At: served.At, Text: served.Text,
		Fill: map[string]string{"reference": served.Reference(), "version": served.Source},
	}}}
}

func say(key string, choices ...bot.ChoiceID) bot.Reply {
	return bot.Reply{Parts: []bot.Part{{Key: key}}, Choices: choices}
}

func from(author bot.Author, part bot.Part) bot.Reply {
	return bot.Reply{Author: author, Parts: []bot.Part{part}}
}

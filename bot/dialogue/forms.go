package dialogue

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

// maxMissed is how many messages in a row may leave a question open before a person
// is called.
const maxMissed = 3

// form is a set of questions. Its texts are in the catalogue: the question under
// "form.report.what", what helps who does not know under "form.report.what.help".
type form struct {
	name      bot.FormName
	intents   []bot.Intent // the subjects that it is about
	questions []question
	// finish ends the form when all is answered.
	finish func(r Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply)
}

// question is one of a form. At most three options, or an answer in own words.
type question struct {
	id      string
	options []option
	// read makes out a free answer; nil where only the options count.
	read func(said bot.Said, now bot.Moment) (answer string, ok bool)
	// known is the answer when it need not be asked, empty when it must.
	known func(s bot.State, now bot.Moment, said bot.Said) string
	// sent is the answer that something else than words gives; nil where only words
	// count.
	sent func(bot.SentMedia) string
	// when says that the question belongs to the earlier answers and the channel; nil
	// for always.
	when func(answers map[string]string, now bot.Moment) bool
	// open says that the form can go on without an answer.
	open bool
}

// option is a quick reply, and the words by which it can be meant.
type option struct {
	value string
	words string
}

// wanted begins the form that a resident asked for, or whose button was pressed.
func (r Rules) wanted(s bot.State, now bot.Moment, said bot.Said, in input) (bot.State, bot.Reply) {
	f := formNamed(in.form)
	s, reply := r.begin(s, now, f, said)
	q := f.question(s.Form.Asked)
	if q == nil {
		return s, reply
	}
	if answer, ok := q.option(f, in.choice); ok { // an older button
		return r.answered(s, now, f, q, answer)
	}
	return s, reply
}

// formFor begins the form that fits a question about a subject: at once where only
// the resident can tell what is needed, after the answer where it adds something.
func (r Rules) formFor(s bot.State, now bot.Moment, said bot.Said, intent bot.Intent) (bot.State, bot.Reply, bool) {
	f := formAbout(intent)
	switch {
	case !r.Content.Has(intent) || r.Content.Sensitive(intent):
		return s, bot.Reply{}, false
	case intent == "afval_ophalen" && r.Waste != nil && said.Understanding.Find(bot.FoundPostcode) != "":
		f = formNamed(bot.FormWaste)
	case f == nil:
		return s, bot.Reply{}, false
	}
	s.Topic = intent
	var first []bot.Part
	if f.name == bot.FormObjection {
		first = append(first, bot.Part{Key: bot.AnswerKey(intent)})
	}
	s, reply := r.begin(s, now, f, said, first...)
	return s, reply, true
}

// asksWasteDay reports whether a message that may be about waste names an address.
func (r Rules) asksWasteDay(said bot.Said, in input) bool {
	return r.Waste != nil && said.Understanding.Find(bot.FoundPostcode) != "" && slices.Contains(in.offers, bot.ChooseIntent("afval_ophalen"))
}

const debts bot.Intent = "schulden"

// askUrgent asks who has debts whether there is haste. They wait for a person
// already; the answer only decides who comes first.
func askUrgent(s bot.State, reply bot.Reply) (bot.State, bot.Reply) {
	f := formNamed(bot.FormDebts)
	q := &f.questions[0]
	s.Form = bot.Form{Name: f.name, Asked: q.id}
	reply.Parts = append(reply.Parts, bot.Part{Key: formKey(f, q.id)})
	reply.Choices = q.choices(f)
	return s, reply
}

// urgency reads the answer to that; false when the message is about something else.
func urgency(s bot.State, now bot.Moment, ev bot.Event, in input) (bot.State, bot.Reply, bool) {
	f := formNamed(bot.FormDebts)
	q := &f.questions[0]
	said, _ := ev.(bot.Said)
	answer, ok := q.answer(f, said, now, in)
	if chosen, pressed := ev.(bot.Chose); pressed {
		answer, ok = q.option(f, chosen.Choice)
	}
	if !ok {
		return s, bot.Reply{}, false
	}
	s.Urgent = s.Urgent || answer == string(bot.ChooseAnswer(f.name, q.id, "yes"))
	s.Form = bot.Form{}
	return s, say("form.debts.done", bot.ChooseBot), true
}

func formNamed(name bot.FormName) *form {
	for i := range forms {
		if forms[i].name == name {
			return &forms[i]
		}
	}
	return nil
}

// formAbout is the form that a subject begins, or nil.
func formAbout(intent bot.Intent) *form {
	for i := range forms {
		if slices.Contains(forms[i].intents, intent) {
			return &forms[i]
		}
	}
	return nil
}

func (f *form) question(id string) *question {
	for i := range f.questions {
		if f.questions[i].id == id {
			return &f.questions[i]
		}
	}
	return nil
}

// begin starts a form. What the message says already is not asked again.
func (r Rules) begin(s bot.State, now bot.Moment, f *form, said bot.Said, first ...bot.Part) (bot.State, bot.Reply) {
	s.Failures = 0
	s.Form = bot.Form{Name: f.name, Answers: map[string]string{}}
	for _, q := range f.questions {
		if q.known == nil {
			continue
		}
		if answer := q.known(s, now, said); answer != "" {
			s.Form.Answers[q.id] = answer
		}
	}
	s.Photo, s.PhotoAt = "", time.Time{}
	if s.Form.Answers[photoQuestion] != "" {
		first = append(first, bot.Part{Key: "form.photo"})
	}
	s, reply := r.ask(s, now, f)
	reply.Parts = append(first, reply.Parts...)
	if s.Form.Asked != "" {
		reply.Parts = append(reply.Parts, bot.Part{Key: "form.hint"})
	}
	return s, reply
}

// ask puts the next open question, or finishes the form.
func (r Rules) ask(s bot.State, now bot.Moment, f *form) (bot.State, bot.Reply) {
	s.Form.Missed = 0
	for i := range f.questions {
		q := &f.questions[i]
		if _, answered := s.Form.Answers[q.id]; answered || q.when != nil && !q.when(s.Form.Answers, now) {
			continue
		}
		s.Form.Asked = q.id
		return s, askFor(f, q, s.Form.Answers)
	}
	s.Form.Asked = ""
	return f.finish(r, s, now)
}

// askFor puts a question with its quick replies.
func askFor(f *form, q *question, answers map[string]string) bot.Reply {
	return bot.Reply{Parts: []bot.Part{{Key: formKey(f, q.id), Fill: answers}}, Choices: q.choices(f)}
}

func formKey(f *form, rest string) string { return "form." + string(f.name) + "." + rest }

func (q *question) choices(f *form) []bot.ChoiceID {
	var all []bot.ChoiceID
	for _, o := range q.options {
		all = append(all, bot.ChooseAnswer(f.name, q.id, o.value))
	}
	return all
}

// inForm reads a message against the question that waits for an answer.
func (r Rules) inForm(s bot.State, now bot.Moment, ev bot.Event, in input) (bot.State, bot.Reply) {
	f := formNamed(s.Form.Name)
	if f == nil || f.question(s.Form.Asked) == nil { // a form of an older version
		s.Form = bot.Form{}
		return r.bot(s, now, ev, in)
	}
	q := f.question(s.Form.Asked)
	said, _ := ev.(bot.Said)
	chosen, pressed := ev.(bot.Chose)
	s, _ = attach(s, f, said.Photo)
	switch {
	case in.is(wantsHuman):
		return handOff(s, now, bot.ReasonAsked)
	case in.is(wantsBack):
		return r.back(s, now, f)
	case in.is(wantsBot):
		s.Form = bot.Form{}
		return s, say("form.stopped")
	case in.is(sentMedia):
		return r.sentInForm(s, now, f, q, ev)
	case pressed:
		if answer, ok := q.option(f, chosen.Choice); ok {
			return r.answered(s, now, f, q, answer)
		}
		s.Form = bot.Form{}
		return r.bot(s, now, ev, in) // an older button: what it means it still means
	}
	if answer, ok := q.answer(f, said, now, in); ok {
		return r.answered(s, now, f, q, answer)
	}
	if in.intent == bot.DoesNotKnow || doesNotKnow(said.Text) {
		if q.open && s.Form.Missed > 0 {
			return r.answered(s, now, f, q, "")
		}
		return r.missed(s, now, f, q)
	}
	if u := said.Understanding; u.Decision == bot.Answer && in.intent.Subject() && !slices.Contains(f.intents, in.intent) && r.Content.Has(in.intent) && !r.Content.Sensitive(in.intent) {
		reply := askFor(f, q, s.Form.Answers)
		reply.Parts = append([]bot.Part{{Key: bot.AnswerKey(in.intent)}, {Key: "form.again"}}, reply.Parts...)
		return s, reply
	}
	return r.missed(s, now, f, q)
}

// sentInForm reads a photo, a place on the map or the like against the question that
// waits for an answer.
func (r Rules) sentInForm(s bot.State, now bot.Moment, f *form, q *question, ev bot.Event) (bot.State, bot.Reply) {
	media, _ := ev.(bot.SentMedia)
	if q.sent != nil {
		if answer := q.sent(media); answer != "" {
			return r.answered(s, now, f, q, answer)
		}
	}
	s, kept := attach(s, f, media.Photo)
	first := bot.Part{Key: "media"}
	if kept {
		first.Key = "form.photo"
	}
	where := f.question(placeQuestion)
	if media.Place != "" && where != nil {
		s = remember(s, placeQuestion, media.Place)
	}
	reply := askFor(f, q, s.Form.Answers)
	if media.Place == "" || where == nil {
		reply.Parts = append([]bot.Part{first}, reply.Parts...)
	}
	return s, reply
}

// attach keeps a photo that came with another answer, where the form asks for one.
func attach(s bot.State, f *form, photo bot.PhotoID) (bot.State, bool) {
	if photo == "" || f.question(photoQuestion) == nil {
		return s, false
	}
	return remember(s, photoQuestion, string(photo)), true
}

// remember keeps the answer to a question.
func remember(s bot.State, question, answer string) bot.State {
	answers := map[string]string{question: answer}
	for other, earlier := range s.Form.Answers {
		if other != question {
			answers[other] = earlier
		}
	}
	s.Form.Answers = answers
	return s
}

// answer reads a typed message as an answer to the question.
func (q *question) answer(f *form, said bot.Said, now bot.Moment, in input) (string, bool) {
	if in.choice != "" { // a number
		return q.option(f, in.choice)
	}
	words := plain(said.Text)
	for _, o := range q.options {
		if meant(words, o.words) || o.value == "yes" && (in.intent == bot.Yes || in.is(saidYes)) || o.value == "no" && (in.intent == bot.No || in.is(saidNo)) {
			return string(bot.ChooseAnswer(f.name, q.id, o.value)), true
		}
	}
	if q.read == nil || said.Text == "" || doesNotKnow(said.Text) {
		return "", false
	}
	return q.read(said, now)
}

// meant reports whether one of the alternatives, parted by commas, stands in the
// words.
func meant(words, alternatives string) bool {
	for alternative := range strings.SplitSeq(alternatives, ",") {
		if strings.Contains(" "+words+" ", " "+alternative+" ") {
			return true
		}
	}
	return false
}

// option is the answer that a choice stands for, when it answers this question.
func (q *question) option(f *form, c bot.ChoiceID) (string, bool) {
	for _, o := range q.options {
		if c == bot.ChooseAnswer(f.name, q.id, o.value) {
			return string(c), true
		}
	}
	return "", false
}

// answered keeps an answer and goes on; an empty one says that it is not known.
func (r Rules) answered(s bot.State, now bot.Moment, f *form, q *question, answer string) (bot.State, bot.Reply) {
	s = remember(s, q.id, answer)
	s.Form.Past = append(slices.Clone(s.Form.Past), q.id)
	s.Failures = 0
	return r.ask(s, now, f)
}

// back asks the question before once more; before the first one the form ends.
func (r Rules) back(s bot.State, now bot.Moment, f *form) (bot.State, bot.Reply) {
	n := len(s.Form.Past)
	if n == 0 {
		s.Form = bot.Form{}
		return s, say("form.stopped")
	}
	last := s.Form.Past[n-1]
	s.Form.Past = slices.Clone(s.Form.Past[:n-1])
	s.Form.Answers = maps.Clone(s.Form.Answers)
	// What was asked only because of the answer goes with it.
	delete(s.Form.Answers, last)
	maps.DeleteFunc(s.Form.Answers, func(id, _ string) bool {
		q := f.question(id)
		return q != nil && q.when != nil && !q.when(s.Form.Answers, now)
	})
	return r.ask(s, now, f)
}

// missed explains a question that was not answered, then offers a person, and at
// last calls one.
func (r Rules) missed(s bot.State, now bot.Moment, f *form, q *question) (bot.State, bot.Reply) {
	s.Form.Missed++
	if s.Form.Missed >= maxMissed {
		return handOff(s, now, bot.ReasonNotUnderstood, bot.Part{Key: "unknown.again"})
	}
	reply := bot.Reply{Parts: []bot.Part{{Key: formKey(f, q.id) + ".help"}}, Choices: q.choices(f)}
	if len(reply.Choices) == 0 {
		reply.Choices = []bot.ChoiceID{bot.ChooseHuman}
	}
	return s, reply
}

// doesNotKnow reports whether somebody says not to know.
func doesNotKnow(text string) bool {
	words := plain(text)
	for _, phrase := range [...]string{"weet niet", "weet ik niet", "weet het niet", "ik weet het niet", "ik weet niet", "geen idee", "weetnie", "weet ik nie", "kweenie", "onbekend", "weet ik nog niet"} {
		if words == phrase {
			return true
		}
	}
	return strings.TrimSpace(text) == "?" || strings.TrimSpace(text) == "??"
}

// stopForm ends a form: the first STOP means the questions, a second one all messages.
func stopForm(s bot.State) (bot.State, bot.Reply) {
	s.Form = bot.Form{}
	return s, say("form.stopped")
}

// ticket makes what staff have to do of the answers.
func ticket(f *form, s bot.State, now bot.Moment) *bot.Ticket {
	t := &bot.Ticket{Reference: now.Reference, Form: f.name, CreatedAt: now.At}
	for _, q := range f.questions {
		if answer, ok := s.Form.Answers[q.id]; ok && q.id != "confirm" {
			t.Answers = append(t.Answers, bot.TicketAnswer{Question: q.id, Answer: answer})
		}
	}
	return t
}

// done ends a form with a ticket and says what happens next.
func done(f *form, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
	fill := remember(s, "reference", now.Reference).Form.Answers
	reply := bot.Reply{Parts: []bot.Part{{Key: formKey(f, "done"), Fill: fill}}, Ticket: ticket(f, s, now)}
	s.Form = bot.Form{}
	return s, reply
}

package dialogue

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
)

// objectionWeeks is how long one can object: article 6:7 of the Algemene wet
// bestuursrecht, counted from the day after the decision was sent (6:8).
const objectionWeeks = 6

// photoQuestion and placeQuestion are those of a form that a photo and a place on the
// map answer, whenever they come.
const (
	photoQuestion = "photo"
	placeQuestion = "where"
)

var (
	yesNo = []option{{"yes", "ja,jazeker,klopt,goed,oke,ok,yes"}, {"no", "nee,neen,no"}}
	parts = []option{{"morning", "ochtend,ochtends,morgens,voormiddag"}, {"afternoon", "middag,middags,namiddag"}, {"any", "maakt niet uit,maakt nie uit,beide,allebei,altijd"}}
)

// forms are all forms. Their texts stand in messages.toml of each language.
var forms []form

func init() {
	forms = []form{
		{
			name: bot.FormReport, intents: []bot.Intent{"melding_openbare_ruimte"},
			questions: []question{
				{id: "what", read: words(3), known: told},
				{id: placeQuestion, read: place, sent: func(m bot.SentMedia) string { return m.Place }, known: func(_ bot.State, _ bot.Moment, said bot.Said) string { return placeIn(said) }, open: true},
				{id: "danger", options: yesNo, open: true},
				{
					id: photoQuestion, options: []option{{"no", "nee,neen,no,geen foto,geen,zonder foto"}}, open: true,
					sent:  func(m bot.SentMedia) string { return string(m.Photo) },
					known: photoSent,
					when:  func(_ map[string]string, now bot.Moment) bool { return now.Photos },
				},
				{id: "confirm", options: yesNo},
			},
			finish: func(r Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
				f := formNamed(bot.FormReport)
				if s.Form.Answers["confirm"] == string(bot.ChooseAnswer(f.name, "confirm", "no")) {
					s.Form = bot.Form{Name: f.name, Answers: map[string]string{}}
					s, reply := r.ask(s, now, f)
					reply.Parts = append([]bot.Part{{Key: "form.anew"}}, reply.Parts...)
					return s, reply
				}
				danger := s.Form.Answers["danger"] == string(bot.ChooseAnswer(f.name, "danger", "yes"))
				s, reply := done(f, s, now)
				if danger {
					reply.Parts = append([]bot.Part{{Key: "form.report.urgent"}}, reply.Parts...)
				}
				return s, reply
			},
		},
		{
			name: bot.FormCallBack,
			questions: []question{
				{id: "about", read: words(2), known: topic},
				{id: "phone", read: phone, known: ownPhone},
				{id: "part", options: parts, open: true},
			},
			finish: func(_ Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
				return done(formNamed(bot.FormCallBack), s, now)
			},
		},
		{
			name: bot.FormAppointment, intents: []bot.Intent{"afspraak_maken"},
			questions: []question{
				{id: "about", read: words(2), known: appointmentAbout},
				{id: "day", read: words(1), known: func(_ bot.State, _ bot.Moment, said bot.Said) string { return said.Understanding.Find(bot.FoundDate) }, open: true},
				{id: "part", options: parts, open: true},
				{id: "phone", read: phone, known: ownPhone},
			},
			finish: func(_ Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
				return done(formNamed(bot.FormAppointment), s, now)
			},
		},
		{
			name:      bot.FormWaste,
			questions: []question{{id: "address", read: postcode, known: func(_ bot.State, now bot.Moment, said bot.Said) string { a, _ := postcode(said, now); return a }}},
			finish:    wasteDays,
		},
		{
			name: bot.FormMoving, intents: []bot.Intent{"verhuizing"},
			questions: []question{
				{id: "to", options: []option{{"here", "hier,deze gemeente,zelfde gemeente,binnen"}, {"elsewhere", "andere gemeente,andere stad,ander dorp,ergens anders"}, {"abroad", "buitenland,ander land"}}},
				{id: "from", options: []option{{"here", "hier,deze gemeente,zelfde gemeente,binnen"}, {"elsewhere", "andere gemeente,andere stad,ander dorp,ergens anders"}, {"abroad", "buitenland,ander land"}}, when: func(answers map[string]string, _ bot.Moment) bool {
					return answers["to"] == string(bot.ChooseAnswer(bot.FormMoving, "to", "here"))
				}},
			},
			finish: func(_ Rules, s bot.State, _ bot.Moment) (bot.State, bot.Reply) {
				key := "form.moving.out"
				value := func(question string) string {
					answer := s.Form.Answers[question]
					return answer[strings.LastIndex(answer, ":")+1:]
				}
				switch {
				case value("to") == "abroad":
					key = "form.moving.emigrate"
				case value("to") == "here" && value("from") == "here":
					key = "form.moving.within"
				case value("to") == "here" && value("from") == "abroad":
					key = "form.moving.immigrate"
				case value("to") == "here":
					key = "form.moving.into"
				}
				s.Form = bot.Form{}
				s.Topic = "verhuizing"
				return s, say(key)
			},
		},
		{
			name: bot.FormObjection, intents: []bot.Intent{"bezwaar", "woz_bezwaar", "parkeerboete"},
			questions: []question{{id: "date", read: date, known: func(_ bot.State, now bot.Moment, said bot.Said) string { d, _ := date(said, now); return d }, open: true}},
			finish: func(_ Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
				sent, err := time.Parse(time.DateOnly, s.Form.Answers["date"])
				s.Form = bot.Form{}
				if err != nil {
					return s, say("form.objection.unknown", bot.ChooseHuman)
				}
				last := sent.AddDate(0, 0, 7*objectionWeeks)
				part := bot.Part{Key: "form.objection.until", At: last}
				if last.Before(now.At.Truncate(24 * time.Hour)) {
					part.Key = "form.objection.late"
				}
				return s, bot.Reply{Parts: []bot.Part{part}, Choices: []bot.ChoiceID{bot.ChooseHuman}}
			},
		},
		{
			name:      bot.FormDebts,
			questions: []question{{id: "urgent", options: yesNo}},
			finish: func(_ Rules, s bot.State, _ bot.Moment) (bot.State, bot.Reply) {
				s.Form = bot.Form{}
				return s, say("form.debts.done", bot.ChooseHuman)
			},
		},
	}
}

// words reads any answer of at least so many letters.
func words(letters int) func(bot.Said, bot.Moment) (string, bool) {
	return func(said bot.Said, _ bot.Moment) (string, bool) {
		text := strings.Join(strings.Fields(said.Text), " ")
		return text, utf8.RuneCountInString(text) >= letters
	}
}

// generic are words with which somebody only says to want to report something.
var generic = map[string]bool{}

func init() {
	for _, w := range strings.Fields(`ik wil wou wilt graag een iets wat melden melding doen maken doorgeven meld aangeven hoe kan kun moet waar op in de het straat buiten bij aan jullie
		u gemeente is er kapot stuk vies kapots klacht over openbare ruimte hallo hoi goedemorgen dag mag moe ff even ook voor vraag van`) {
		generic[w] = true
	}
}

// told is a report that the first message holds already.
func told(_ bot.State, _ bot.Moment, said bot.Said) string {
	if said.Understanding.Best() != "melding_openbare_ruimte" {
		return ""
	}
	for w := range strings.FieldsSeq(plain(said.Text)) {
		if !generic[w] {
			return strings.Join(strings.Fields(said.Text), " ")
		}
	}
	return ""
}

// photoFor is how long after a photo a report may be about it.
const photoFor = 10 * time.Minute

// photoSent is the photo that came with the report, or shortly before it.
func photoSent(s bot.State, now bot.Moment, said bot.Said) string {
	if said.Photo == "" && now.At.Sub(s.PhotoAt) < photoFor {
		return string(s.Photo)
	}
	return string(said.Photo)
}

func placeIn(said bot.Said) string {
	if at := said.Understanding.Find(bot.FoundPlace); at != "" {
		return at
	}
	return said.Understanding.Find(bot.FoundPostcode)
}

func place(said bot.Said, now bot.Moment) (string, bool) { return words(3)(said, now) }

func phone(said bot.Said, _ bot.Moment) (string, bool) {
	number := said.Understanding.Find(bot.FoundPhone)
	return number, number != ""
}

func ownPhone(_ bot.State, now bot.Moment, said bot.Said) string {
	if number := said.Understanding.Find(bot.FoundPhone); number != "" {
		return number
	}
	return now.Phone
}

// topic is what the conversation is about.
func topic(s bot.State, _ bot.Moment, _ bot.Said) string {
	if s.Topic == "" {
		return ""
	}
	return string(bot.ChooseIntent(s.Topic))
}

// appointmentAbout is the product that the conversation was about, when people come
// to the town hall for it.
func appointmentAbout(s bot.State, now bot.Moment, said bot.Said) string {
	switch s.Topic {
	case "paspoort", "id_kaart", "rijbewijs", "verhuizing", "uittreksel_brp", "geboorte", "huwelijk", "overlijden", "naamgebruik_achternaam":
		return topic(s, now, said)
	}
	return ""
}

func postcode(said bot.Said, _ bot.Moment) (string, bool) {
	found := said.Understanding.Find(bot.FoundPostcode)
	return found, found != "" && !strings.HasSuffix(found, " 0")
}

func date(said bot.Said, _ bot.Moment) (string, bool) {
	found := said.Understanding.Find(bot.FoundDate)
	return found, found != ""
}

// Waste knows on which days waste is collected at an address.
type Waste interface {
	// Next returns the next collections at an address, the first first; none for an
	// address that is not known. The address is as bot.FoundPostcode writes it.
	Next(address string, from time.Time) []bot.Collection
}

// maxCollections is how many days are told.
const maxCollections = 4

func wasteDays(r Rules, s bot.State, now bot.Moment) (bot.State, bot.Reply) {
	address := s.Form.Answers["address"]
	s.Form = bot.Form{}
	s.Topic = "afval_ophalen"
	var days []bot.Collection
	if r.Waste != nil {
		days = r.Waste.Next(address, now.At)
	}
	if len(days) == 0 {
		return s, say("form.waste.unknown", bot.ChooseHuman)
	}
	reply := bot.Reply{Parts: []bot.Part{{Key: "form.waste.days", Fill: map[string]string{"address": address}}}}
	for _, d := range days[:min(len(days), maxCollections)] {
		reply.Parts = append(reply.Parts, bot.Part{Key: "waste." + d.Kind, At: d.Day})
	}
	return s, reply
}

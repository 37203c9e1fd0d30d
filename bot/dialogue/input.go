package dialogue

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/balie-nl/balie/bot"
)

// meaning is what a resident's message amounts to in the conversation.
type meaning int

const (
	aboutSubject   meaning = iota // input.intent says which
	followsUp                     // asks more about input.intent, the topic
	mayMean                       // one of input.offers
	saidYes                       // yes to a question with several choices
	notUnderstood                 //
	otherLanguage                 // not understood, and not in Dutch
	wantsHuman                    //
	wantsBot                      //
	wantsStop                     //
	wantsBack                     // to the question before
	wantsForm                     // input.form says which
	wantsLanguage                 // input.language says which
	meantElsewhere                // input.elsewhere does it
	saidNo                        // no to the offer of a person
	saidNone                      // none of the subjects offered
	sentMedia                     //
	sentNothing                   // a message without text
)

type input struct {
	meaning meaning
	intent  bot.Intent     // set for aboutSubject and followsUp
	also    bot.Intent     // a second subject asked about, may be set for aboutSubject
	offers  []bot.ChoiceID // set for mayMean
	choice  bot.ChoiceID   // of the last reply, that was named by its number

	form     bot.FormName // set for wantsForm
	language bot.Language // set for wantsLanguage

	elsewhere bot.Organisation // set for meantElsewhere
}

func (i input) is(m meaning) bool { return i.meaning == m }

// commands are the words that mean the same in every state and on every
// channel, also with a slash in front (Telegram) or in capitals.
var commands = map[string]input{
	"medewerker": {meaning: wantsHuman}, "een medewerker": {meaning: wantsHuman}, "mens": {meaning: wantsHuman},
	"een mens": {meaning: wantsHuman}, "medewerkster": {meaning: wantsHuman}, "medewerker aub": {meaning: wantsHuman},
	"medewerker graag": {meaning: wantsHuman}, "echt persoon": {meaning: wantsHuman}, "human": {meaning: wantsHuman},
	"bot": {meaning: wantsBot}, "chatbot": {meaning: wantsBot}, "terug naar de chatbot": {meaning: wantsBot},
	"terug": {meaning: wantsBack}, "vorige": {meaning: wantsBack}, "vorige vraag": {meaning: wantsBack}, "ga terug": {meaning: wantsBack}, "back": {meaning: wantsBack},
	"bel mij": {meaning: wantsForm, form: bot.FormCallBack}, "bel me": {meaning: wantsForm, form: bot.FormCallBack},
	"bel mij terug": {meaning: wantsForm, form: bot.FormCallBack}, "bel me terug": {meaning: wantsForm, form: bot.FormCallBack},
	"terugbellen": {meaning: wantsForm, form: bot.FormCallBack}, "terug bellen": {meaning: wantsForm, form: bot.FormCallBack},
	"melding": {meaning: wantsForm, form: bot.FormReport}, "melding doen": {meaning: wantsForm, form: bot.FormReport},
	"melding maken": {meaning: wantsForm, form: bot.FormReport}, "iets melden": {meaning: wantsForm, form: bot.FormReport},
	"ik wil iets melden": {meaning: wantsForm, form: bot.FormReport}, "ik wil een melding doen": {meaning: wantsForm, form: bot.FormReport},
	"nederlands": {meaning: wantsLanguage, language: bot.Dutch}, "makkelijk": {meaning: wantsLanguage, language: "nl-A2"},
	"makkelijker": {meaning: wantsLanguage, language: "nl-A2"}, "makkelijk nederlands": {meaning: wantsLanguage, language: "nl-A2"},
	"english": {meaning: wantsLanguage, language: "en"}, "engels": {meaning: wantsLanguage, language: "en"},
	"deutsch": {meaning: wantsLanguage, language: "de"}, "duits": {meaning: wantsLanguage, language: "de"},
	"français": {meaning: wantsLanguage, language: "fr"}, "francais": {meaning: wantsLanguage, language: "fr"}, "frans": {meaning: wantsLanguage, language: "fr"},
	"türkçe": {meaning: wantsLanguage, language: "tr"}, "turkce": {meaning: wantsLanguage, language: "tr"}, "turks": {meaning: wantsLanguage, language: "tr"},
	"العربية": {meaning: wantsLanguage, language: "ar"}, "عربي": {meaning: wantsLanguage, language: "ar"}, "arabisch": {meaning: wantsLanguage, language: "ar"},
	"polski": {meaning: wantsLanguage, language: "pl"}, "pools": {meaning: wantsLanguage, language: "pl"},
	"українська": {meaning: wantsLanguage, language: "uk"}, "oekraïens": {meaning: wantsLanguage, language: "uk"}, "oekraiens": {meaning: wantsLanguage, language: "uk"},
	"stop": {meaning: wantsStop}, "stoppen": {meaning: wantsStop}, "afmelden": {meaning: wantsStop}, "unsubscribe": {meaning: wantsStop},
	"start": {intent: bot.Greeting}, "menu": {intent: bot.DoesNotKnow}, "help": {intent: bot.DoesNotKnow},
}

// read makes out what the resident means, given what was offered to them.
func (r Rules) read(s bot.State, ev bot.Event) input {
	switch ev := ev.(type) {
	case bot.SentMedia:
		return input{meaning: sentMedia}
	case bot.Chose:
		return r.chosen(ev.Choice)
	case bot.Said:
		return r.said(s, ev)
	}
	return input{meaning: notUnderstood}
}

func (r Rules) said(s bot.State, ev bot.Said) input {
	if ev.Text == "" {
		return input{meaning: sentNothing}
	}
	words := plain(ev.Text)
	if in, ok := commands[words]; ok {
		return in
	}
	if n, err := strconv.Atoi(words); err == nil && n >= 1 && n <= len(s.Offered) {
		in := r.chosen(s.Offered[n-1])
		in.choice = s.Offered[n-1]
		return in
	}
	if callBack(words) {
		return input{meaning: wantsForm, form: bot.FormCallBack}
	}

	u := ev.Understanding
	best := u.Best()
	switch {
	case best.Safety() && u.Decision == bot.Answer:
		return input{intent: best}
	case u.Elsewhere != "" && r.Content.Knows(u.Elsewhere):
		return input{meaning: meantElsewhere, elsewhere: u.Elsewhere}
	case u.FollowUp && s.Topic != "":
		return input{meaning: followsUp, intent: s.Topic}
	case u.Language.Foreign() && u.Decision != bot.Answer && !r.Content.Speaks(u.Language):
		return input{meaning: otherLanguage}
	}
	switch u.Decision {
	case bot.Answer:
		in := r.settle(s, best)
		if u.Also != "" && r.Content.Has(u.Also) {
			in.also = u.Also
		}
		return in
	case bot.Clarify:
		in := input{meaning: mayMean}
		for _, c := range u.Candidates {
			in.offers = append(in.offers, bot.ChooseIntent(c.Intent))
		}
		return in
	}
	if best == bot.OutOfScope && len(u.Candidates) > 0 {
		return input{intent: bot.OutOfScope}
	}
	return input{meaning: notUnderstood}
}

// settle reads a yes or a no against what was offered; all else is a subject.
func (r Rules) settle(s bot.State, intent bot.Intent) input {
	if intent == bot.WantsHuman {
		return input{meaning: wantsHuman}
	}
	if len(s.Offered) == 0 || intent != bot.Yes && intent != bot.No {
		return input{intent: intent}
	}
	switch {
	case intent == bot.Yes && len(s.Offered) == 1:
		return r.chosen(s.Offered[0])
	case intent == bot.Yes:
		return input{meaning: saidYes}
	case s.Asked:
		return input{meaning: saidNone}
	}
	return input{meaning: saidNo}
}

func (r Rules) chosen(c bot.ChoiceID) input {
	if intent, ok := c.Intent(); ok && intent != bot.WantsHuman && r.Content.Has(intent) {
		return input{intent: intent}
	}
	switch c {
	case bot.ChooseHuman, bot.ChooseIntent(bot.WantsHuman):
		return input{meaning: wantsHuman}
	case bot.ChooseBot:
		return input{meaning: wantsBot}
	}
	if language, ok := c.Language(); ok {
		return input{meaning: wantsLanguage, language: language}
	}
	if name, _, ok := c.Form(); ok && formNamed(name) != nil {
		return input{meaning: wantsForm, form: name, choice: c}
	}
	return input{meaning: notUnderstood}
}

// callBack reports whether somebody asks to be called.
func callBack(words string) bool {
	for _, phrase := range [...]string{"bel mij terug", "bel me terug", "mij terugbellen", "me terugbellen", "mij bellen", "me bellen", "mij terug bellen", "me terug bellen", "me belle", "mij belle", "teruggebeld worden", "bel mij even", "bel me even", "bel mij op", "bel me op"} {
		if strings.Contains(" "+words+" ", " "+phrase+" ") {
			return true
		}
	}
	return false
}

// plain is the text in lower case without punctuation at either end.
func plain(text string) string {
	text = strings.TrimFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	})
	return strings.Join(strings.Fields(text), " ")
}

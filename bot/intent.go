package bot

// Intent is what a resident wants answered, for example "paspoort".
type Intent string

// The intents that the program itself reacts to; all others are subjects with a
// curated answer.
const (
	Greeting      Intent = "groet"
	Thanks        Intent = "bedankt"
	Farewell      Intent = "afscheid"
	Yes           Intent = "ja"
	No            Intent = "nee"
	DoesNotKnow   Intent = "weet_niet"
	WantsHuman    Intent = "medewerker"
	OutOfScope    Intent = "out_of_scope"
	Abuse         Intent = "schelden"
	BotQuestion   Intent = "bot_vraag"
	OtherLanguage Intent = "taal_anders"
	Emergency     Intent = "noodgeval"
	Suicide       Intent = "zelfmoord_crisis"
	HomeViolence  Intent = "huiselijk_geweld"
)

// Safety reports whether the intent outranks every other: its fixed message
// always comes first.
func (i Intent) Safety() bool {
	return i == Emergency || i == Suicide || i == HomeViolence
}

// Subject reports whether the intent is about something that the municipality
// does, rather than about the conversation itself.
func (i Intent) Subject() bool {
	switch i {
	case Greeting, Thanks, Farewell, Yes, No, DoesNotKnow, WantsHuman, OutOfScope, Abuse, BotQuestion, OtherLanguage:
		return false
	}
	return true
}

// Language is a language as a BCP 47 tag, such as "nl" or "tr".
type Language string

// Dutch is the language of the answers.
const Dutch Language = "nl"

// Foreign reports whether it is surely another language than Dutch.
func (l Language) Foreign() bool { return l != "" && l != Dutch }

// Decision is what the engine advises to do with a message.
type Decision string

// The decisions.
const (
	Answer  Decision = "answer"  // sure enough of the first candidate
	Clarify Decision = "clarify" // ask which of the candidates is meant
	Refuse  Decision = "refuse"  // say honestly that it is not understood
)

// Organisation is another organisation that residents ask the municipality about.
type Organisation string

// Candidate is an intent with the engine's confidence in it, from 0 to 1.
type Candidate struct {
	Intent     Intent
	Confidence float64
}

// Understanding is what the engine made of a message. Candidates are ordered,
// best first; for Clarify they are the choices to offer, at most three.
type Understanding struct {
	Decision   Decision
	Candidates []Candidate
	Also       Intent   // a second question in the same message, empty for none
	FollowUp   bool     // names no subject of its own: it may be about the one before
	Language   Language // of the message, empty when it is not sure
	Found      []Found  // what the message names; never stored
	// Elsewhere is the organisation that the message is for, when that is surely not
	// the municipality.
	Elsewhere Organisation
}

// Find returns the first thing of a kind that the message names, or nothing.
func (u Understanding) Find(kind FoundKind) string {
	for _, f := range u.Found {
		if f.Kind == kind {
			return f.Value
		}
	}
	return ""
}

// Best is the first candidate's intent, OutOfScope when there is none.
func (u Understanding) Best() Intent {
	if len(u.Candidates) == 0 {
		return OutOfScope
	}
	return u.Candidates[0].Intent
}

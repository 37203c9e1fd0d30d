package bot

import (
	"strings"
	"time"
)

// FormName names a set of questions, such as "report".
type FormName string

// The forms.
const (
	FormReport      FormName = "report"      // something broken or dirty outside
	FormCallBack    FormName = "callback"    // be called by a person
	FormAppointment FormName = "appointment" // be called to make an appointment
	FormWaste       FormName = "waste"       // on which day waste is collected
	FormMoving      FormName = "moving"      // what to do about a move
	FormObjection   FormName = "objection"   // until when one can object
	FormDebts       FormName = "debts"       // how soon help with debts is needed
)

// Form is how far a resident is with a form. It is empty when there is none.
type Form struct {
	Name    FormName          `json:"name,omitempty"`
	Asked   string            `json:"asked,omitempty"`   // the question that waits for an answer
	Answers map[string]string `json:"answers,omitempty"` // by question
	Past    []string          `json:"past,omitempty"`    // the questions that were asked before, to go back
	Missed  int               `json:"missed,omitempty"`  // messages in a row that did not answer it
}

const formChoice = "form:"

// ChooseAnswer is the choice of an answer to a question of a form.
func ChooseAnswer(form FormName, question, answer string) ChoiceID {
	return ChoiceID(formChoice + string(form) + ":" + question + ":" + answer)
}

// ChooseForm is the choice to begin a form.
func ChooseForm(form FormName) ChoiceID { return ChoiceID(formChoice + string(form)) }

// Form returns the form that a choice begins, or the question that it answers;
// question is empty for the former.
func (c ChoiceID) Form() (form FormName, question string, ok bool) {
	rest, ok := strings.CutPrefix(string(c), formChoice)
	if !ok {
		return "", "", false
	}
	parts := strings.Split(rest, ":")
	if len(parts) > 2 {
		question = parts[1]
	}
	return FormName(parts[0]), question, true
}

// Ticket is something that staff have to do for a resident, who knows its
// reference.
type Ticket struct {
	ID           int64
	Reference    string
	Conversation int64
	Form         FormName
	Answers      []TicketAnswer
	CreatedAt    time.Time
	DoneAt       time.Time // zero while it is open
	DoneBy       Staff
}

// TicketAnswer is what a resident answered to a question: own words, or a ChoiceID.
type TicketAnswer struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// FoundKind says what a message names.
type FoundKind string

// What can be found in a message, and how its value is written.
const (
	FoundPlace    FoundKind = "place"    // Kerkstraat 12
	FoundPostcode FoundKind = "postcode" // 1234AB 12, the number 0 when there is none
	FoundPhone    FoundKind = "phone"    // E.164
	FoundDate     FoundKind = "date"     // 2026-12-31
)

// Found is something that a message names.
type Found struct {
	Kind  FoundKind
	Value string
}

// Collection is a day on which one kind of waste is collected.
type Collection struct {
	Kind string // rest, gft, paper or plastic
	Day  time.Time
}

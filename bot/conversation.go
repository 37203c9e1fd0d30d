package bot

import "time"

// Owner says who may speak to the resident. Exactly one of them owns a
// conversation at any time.
type Owner string

// The owners.
const (
	OwnedByBot   Owner = "bot"
	OwnedByQueue Owner = "queue" // waits for a staff member
	OwnedByStaff Owner = "staff"
)

// Staff is a member of staff as the resident and colleagues see them.
type Staff struct {
	ID   int64
	Name string
}

// State is what the dialogue remembers of a conversation between two events.
// It holds no message text.
type State struct {
	Owner    Owner      `json:"owner"`
	Staff    Staff      `json:"staff,omitzero"`     // set while Owner is OwnedByStaff
	QueuedAt time.Time  `json:"queued_at,omitzero"` // set while Owner is OwnedByQueue
	Urgent   bool       `json:"urgent,omitempty"`   // a safety message was given; shown first at the desk
	Reason   Reason     `json:"reason,omitempty"`   // why a human is asked
	Greeted  bool       `json:"greeted,omitempty"`  // the introduction was given
	Failures int        `json:"failures,omitempty"` // messages in a row that were not understood
	Offered  []ChoiceID `json:"offered,omitempty"`  // the choices under the last reply, in order
	Asked    bool       `json:"asked,omitempty"`    // the last reply asked which of them is meant
	Topic    Intent     `json:"topic,omitempty"`    // the subject of the last answer
	Form     Form       `json:"form,omitzero"`      // the questions that the resident is answering
	// Photo is one that came before anybody asked, and PhotoAt when: what is reported next
	// may be about it.
	Photo    PhotoID   `json:"photo,omitempty"`
	PhotoAt  time.Time `json:"photo_at,omitzero"`
	Language Language  `json:"language,omitempty"` // that the resident reads; empty for Dutch
	// LanguageChosen says that the resident asked for it: a word in another language does
	// not change it.
	LanguageChosen bool      `json:"language_chosen,omitempty"`
	OptedOut       bool      `json:"opted_out,omitempty"`
	Due            time.Time `json:"due,omitzero"`         // when the conversation's timer runs out; zero when none is set
	Reminded       int       `json:"reminded,omitempty"`   // how often a waiting resident was told that it takes longer
	Unanswered     bool      `json:"unanswered,omitempty"` // the resident spoke last, to a member of staff

	Flooded  bool      `json:"flooded,omitempty"`   // was told to slow down
	Recent   []uint32  `json:"recent,omitempty"`    // hashes of the last texts, to recognise a machine that repeats itself
	RecentAt time.Time `json:"recent_at,omitzero"`  // of the last of them
	Looping  bool      `json:"looping,omitempty"`   // was told that a person looks at the repetition
	SpentDay string    `json:"spent_day,omitempty"` // the day that Spent is about
	Spent    int       `json:"spent,omitempty"`     // SMS segments queued on it
	Limited  bool      `json:"limited,omitempty"`   // was told that the day's SMS are used up
}

// NewState is the state of a conversation before its first message.
func NewState() State { return State{Owner: OwnedByBot} }

// Reason is why a conversation was handed to a human.
type Reason string

// The reasons for a hand-off.
const (
	ReasonAsked         Reason = "asked"          // the resident asked for a person
	ReasonNotUnderstood Reason = "not_understood" // two failures in a row
	ReasonSensitive     Reason = "sensitive"      // the subject needs a person
	ReasonError         Reason = "error"          // the bot itself failed
	ReasonLoop          Reason = "loop"           // the resident, or a machine, repeats itself
	ReasonBudget        Reason = "budget"         // the chatbot may send no more SMS today
	ReasonLeft          Reason = "left"           // the member of staff did not come back
)

// Moment is when an event happens and whether people are at work then. The
// dialogue has no clock of its own.
type Moment struct {
	At     time.Time
	Desk   Availability
	Budget Budget
	// Photos says that the channel takes photos.
	Photos bool
	// Phone is the resident's own number, on channels that work with one.
	Phone string
	// Reference names a ticket, if this step makes one.
	Reference string
}

// Budget says whether the chatbot may spend more on the resident today.
type Budget int

// The budgets.
const (
	WithinBudget Budget = iota
	SenderSpent         // this resident's part of the day is used up
	TotalSpent          // so is everybody's
)

// Availability tells whether the desk is staffed.
type Availability struct {
	Open     bool
	NextOpen time.Time // the first opening after now; zero when Open or never
}

// Event is something that happens in a conversation.
type Event interface{ event() }

type (
	// Said is a text message of the resident.
	Said struct {
		Text          string
		Photo         PhotoID // that came with it
		Understanding Understanding
	}
	// Chose is a press on a quick reply.
	Chose struct{ Choice ChoiceID }
	// SentMedia is a photo, voice message, sticker or the like.
	SentMedia struct {
		Photo PhotoID // empty for anything but a photo
		Place string  // GeoURI of a place on the map, empty for anything else
	}
	// OptedOut is a STOP that the provider has handled and answered.
	OptedOut struct{}
	// OptedIn is a START that the provider has handled and answered.
	OptedIn struct{}
	// ProviderAnswered is a message that the provider has answered itself.
	ProviderAnswered struct{}
	// SaidTooMuch is a message of a sender who sends more than a person can.
	SaidTooMuch struct{ Text string }
	// AskedProof is a resident asking for what was answered; Served is empty when
	// there is no such answer.
	AskedProof struct{ Served Served }
	// BotFailed says that the bot could not process a message.
	BotFailed struct{}
	// TimeIsUp is the moment State.Due.
	TimeIsUp struct{}

	// Claimed is a staff member taking the conversation.
	Claimed struct{ Staff Staff }
	// StaffSaid is a message of the staff member who owns the conversation.
	StaffSaid struct {
		Staff Staff
		Text  string
	}
	// Released is the owner giving the conversation back to the bot.
	Released struct{ Staff Staff }
	// Closed is the owner ending the contact.
	Closed struct{ Staff Staff }
)

func (Said) event()             {}
func (Chose) event()            {}
func (SentMedia) event()        {}
func (OptedOut) event()         {}
func (OptedIn) event()          {}
func (ProviderAnswered) event() {}
func (SaidTooMuch) event()      {}
func (AskedProof) event()       {}
func (BotFailed) event()        {}
func (TimeIsUp) event()         {}
func (Claimed) event()          {}
func (StaffSaid) event()        {}
func (Released) event()         {}
func (Closed) event()           {}

// Reply is one message that the dialogue wants sent. It holds keys, not texts:
// the catalogue of the resident's language turns them into a Message.
type Reply struct {
	Author   Author
	Parts    []Part
	Choices  []ChoiceID
	Language Language // that the resident reads; empty for Dutch
	Ticket   *Ticket  // what staff have to do, nil for nothing
}

// Part is a piece of a reply. Which fields it uses depends on the key.
type Part struct {
	Key  string    // of the catalogue, such as "handoff.open" or "answer.paspoort"
	Name string    // of a staff member
	At   time.Time // such as the next opening
	Text string    // the words of a named human, for the key "staff.words"
	// Fill are further words by the name of their place: what the resident said, or a
	// ChoiceID, which is written as its label.
	Fill map[string]string
}

// OrganisationKey is the catalogue key of what the chatbot says about another
// organisation.
func OrganisationKey(o Organisation) string { return "organisation." + string(o) }

// AnswerKey is the catalogue key of the curated answer for an intent.
func AnswerKey(i Intent) string { return "answer." + string(i) }

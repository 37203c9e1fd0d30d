// Package bot is the domain of Balie: what residents send, what they get back,
// who owns a conversation and what can happen in it.
//
// It knows no provider, no database and no text of a message to a resident; it
// imports only the standard library.
package bot

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Channel is the way a resident reaches the municipality.
type Channel string

// The channels of the gateway.
const (
	SMS      Channel = "sms"
	WhatsApp Channel = "whatsapp"
	Telegram Channel = "telegram"
	WebChat  Channel = "webchat"
	Terminal Channel = "terminal" // balie ask
)

// Pulled reports whether the resident's side reads its messages from us, so
// that a stored reply needs no delivery.
func (c Channel) Pulled() bool { return c == WebChat || c == Terminal }

// Short reports whether messages on the channel must be short: people pay by
// the segment, and read on a small screen.
func (c Channel) Short() bool { return c == SMS }

// Paid reports whether each message costs money.
func (c Channel) Paid() bool { return c == SMS }

// MaxReply is how long a message to a resident may be on the channel: Twilio
// refuses an SMS beyond 1600, Telegram a message beyond 4096 UTF-16 units.
func (c Channel) MaxReply() int {
	if c.Short() {
		return 1600
	}
	return MaxText
}

// Address is one resident on one channel: a conversation has exactly one.
type Address struct {
	Channel Channel
	Account string // our own side: the SMS number or the bot's id
	User    string // their side: phone number (E.164), chat id, web chat session
}

// MessageKind says what a resident sent.
type MessageKind string

// The kinds of inbound messages.
const (
	KindText   MessageKind = "text"
	KindChoice MessageKind = "choice" // a button was pressed
	KindMedia  MessageKind = "media"  // photo, voice, sticker: not readable by the bot. A place has its GeoURI as text
	KindOptOut MessageKind = "optout" // the provider has recorded STOP and answers itself
	KindOptIn  MessageKind = "optin"  // the provider has recorded START and answers itself
	KindHelp   MessageKind = "help"   // the provider has answered HELP itself
	KindGone   MessageKind = "gone"   // the resident blocked us
)

// MaxText is the largest number of characters of a message that is kept. It is
// the most any channel can carry (Telegram: 4096).
const MaxText = 4096

// Inbound is one message of a resident, verified and parsed by its channel.
// ProviderID is unique per channel and account for ever: it is what makes a
// message that a provider delivers twice one message.
type Inbound struct {
	Address
	ProviderID string
	Kind       MessageKind
	Text       string
	Choice     ChoiceID
	Photo      PhotoID // that came with it, empty for none
	ReceivedAt time.Time
	// Quiet says that the sender sends more than a person can: the message is kept
	// and shown, but neither read by the bot nor answered.
	Quiet bool
}

// CleanText makes text from outside safe to store and show: valid UTF-8 without
// control characters other than line breaks, trimmed, at most MaxText characters.
func CleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		if r == '\r' || r == 0 || r == utf8.RuneError {
			return -1
		}
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == MaxText {
			return s[:i]
		}
		n++
	}
	return s
}

// Received is a stored inbound message that waits to be processed.
type Received struct {
	ID           int64
	Conversation int64
	Attempts     int  // how many times processing it has failed
	Dead         bool // it was a dead letter, and stands in the record already
	Inbound
}

// DeadLetter is a message that could not be processed. It holds no words.
type DeadLetter struct {
	ID           int64
	Conversation int64
	Channel      Channel
	Kind         MessageKind
	ReceivedAt   time.Time
	Attempts     int
	Error        string
}

// Author says who wrote a message to a resident.
type Author struct {
	Name string // of the staff member; empty for the bot
}

// Human reports whether a staff member wrote it.
func (a Author) Human() bool { return a.Name != "" }

// Message is what a resident gets to read, ready for its channel.
type Message struct {
	Author  Author
	Text    string
	Choices []Choice
	// Source is the content items it was made of, an answer with its language and
	// version, such as "intro+answer.paspoort@nl-8c41f07a".
	Source string
	// Language is what the text is in; empty when a person wrote it.
	Language Language
	// Segments is how many SMS it is paid for; 0 where messages cost nothing.
	Segments int
}

// Outbound is a stored message on its way to a resident.
type Outbound struct {
	ID           int64
	Conversation int64
	Address
	Message
	CreatedAt time.Time
	Attempts  int       // sends tried before this one
	FirstTry  time.Time // zero before the first one
	// Doubtful is true when an earlier send was cut off, so that the provider may
	// have accepted the message without our knowing.
	Doubtful bool
}

// Delivery is how a send ended: Sent, Failed, or Queued to be tried again.
type Delivery struct {
	Outbound     int64
	Conversation int64
	Status       DeliveryStatus
	ProviderID   string    // for Sent, where the provider gives one
	Code         string    // of the error, empty for Sent
	Doubtful     bool      // for Queued: the provider may have accepted it
	Again        time.Time // for Queued: not before
}

// ChoiceID identifies what a quick reply means. It means the same for ever, so
// that an old button still works: "intent:paspoort", "human".
type ChoiceID string

// The choices that are not a subject.
const (
	ChooseHuman ChoiceID = "human" // talk to a person
	ChooseBot   ChoiceID = "bot"   // go on with the bot
)

const (
	intentChoice   = "intent:"
	languageChoice = "language:"
)

// ChooseLanguage is the choice of the language that the chatbot writes in.
func ChooseLanguage(l Language) ChoiceID { return ChoiceID(languageChoice + string(l)) }

// Language returns the language that the choice stands for.
func (c ChoiceID) Language() (Language, bool) {
	l, ok := strings.CutPrefix(string(c), languageChoice)
	return Language(l), ok && l != ""
}

// ChooseIntent is the choice of a subject.
func ChooseIntent(i Intent) ChoiceID { return ChoiceID(intentChoice + string(i)) }

// Intent returns the subject that the choice stands for.
func (c ChoiceID) Intent() (Intent, bool) {
	i, ok := strings.CutPrefix(string(c), intentChoice)
	return Intent(i), ok && i != ""
}

// Choice is a quick reply as the resident sees it.
type Choice struct {
	ID    ChoiceID `json:"id"`
	Label string   `json:"label"`
}

// DeliveryStatus is how far a message to a resident has come. It only moves
// forward.
type DeliveryStatus string

// The steps of a delivery.
const (
	Queued    DeliveryStatus = "queued"
	Sending   DeliveryStatus = "sending"
	Sent      DeliveryStatus = "sent"      // accepted by the provider
	Delivered DeliveryStatus = "delivered" // on the resident's device
	Read      DeliveryStatus = "read"
	Failed    DeliveryStatus = "failed"
)

// Rank orders the statuses; a receipt with a lower or equal rank is ignored.
func (s DeliveryStatus) Rank() int {
	switch s {
	case Queued:
		return 0
	case Sending:
		return 1
	case Sent:
		return 2
	case Delivered, Failed:
		return 3
	case Read:
		return 4
	}
	return -1
}

// Receipt is what a provider says about a message that we sent.
type Receipt struct {
	Outbound   int64 // our id, which travelled in the status callback's address
	ProviderID string
	Status     DeliveryStatus
	Code       string // the provider's error code, empty if none
	// Unreachable says that the resident has said STOP to the provider.
	Unreachable bool
}

// Turn is the outcome of one step of the dialogue, ready to be stored: the new
// state, and the messages to the resident in order.
type Turn struct {
	State         State
	Messages      []Message
	Tickets       []Ticket
	Understanding Understanding // zero when the engine was not asked
	// Dead says that the message that caused the turn could not be processed, and
	// is to be kept as a dead letter.
	Dead bool
}

// Decide makes a turn from the state of a conversation. It is quick and has no
// side effects.
type Decide func(State) (Turn, error)

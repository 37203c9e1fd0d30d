package bot

import "time"

// EntryKind says what an entry of a transcript records.
type EntryKind string

// The kinds of entries.
const (
	EntrySaid    EntryKind = "said"    // the resident wrote, chose or sent something
	EntryReplied EntryKind = "replied" // the bot or a staff member answered
	EntryOwner   EntryKind = "owner"   // the conversation changed hands
	EntryReceipt EntryKind = "receipt" // a reply's delivery status changed
)

// Entry is one line of a conversation as it is shown and streamed. IDs grow
// over all conversations, in the order of commit, so a reader can resume after
// the last one it has seen.
type Entry struct {
	ID           int64
	Conversation int64
	At           time.Time
	Kind         EntryKind

	// EntrySaid
	ProviderID  string
	MessageKind MessageKind
	Text        string
	Choice      ChoiceID
	Photo       PhotoID
	Intent      Intent // what the engine made of it, empty if nothing

	// EntryReplied, EntryReceipt
	Outbound int64
	Message  Message
	Status   DeliveryStatus // as it is now
	Code     string         // of the first delivery error
	Resolved bool           // staff have dealt with the failure

	// EntryOwner
	Owner Owner
	Staff Staff
}

// Summary is a conversation as the desk lists it.
type Summary struct {
	ID int64
	Address
	State     State
	LastText  string    // of the resident's last message that says more than that they want a person
	LastAt    time.Time // of that message
	Undeliver int       // replies that could not be delivered and that nobody has dealt with
}

// Account is a staff member's login.
type Account struct {
	Staff
	Username     string
	PasswordHash string // argon2id, PHC string format
}

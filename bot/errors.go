package bot

import (
	"errors"
	"fmt"
	"time"
)

// The errors that callers branch on.
var (
	// ErrNotFound says that there is no such conversation, message or person.
	ErrNotFound = errors.New("not found")
	// ErrNotOwner says that a staff member acted on a conversation that they do
	// not own.
	ErrNotOwner = errors.New("not the owner of the conversation")
	// ErrNotFailed says that a message is not one that failed and waits for a
	// decision of staff.
	ErrNotFailed = errors.New("the message has not failed, or was dealt with")
)

// TakenError says that a conversation could not be claimed, and who has it.
type TakenError struct {
	By Staff // zero when the conversation is not waiting for anybody
}

func (e *TakenError) Error() string {
	if e.By == (Staff{}) {
		return "conversation is not in the queue"
	}
	return fmt.Sprintf("conversation is taken by staff member %d", e.By.ID)
}

// SendError tells the outbox what to do with a message that could not be sent.
type SendError struct {
	Code       string        // for the log and the desk, such as "twilio.21610"
	Permanent  bool          // do not try again
	Doubtful   bool          // the provider may have accepted it all the same
	RetryAfter time.Duration // the provider's own wish, zero if none
	// Unreachable says that the resident has said STOP to the provider or has
	// blocked us, so that nothing that is sent can arrive.
	Unreachable bool
	Err         error
}

func (e *SendError) Error() string { return e.Code + ": " + e.Err.Error() }

func (e *SendError) Unwrap() error { return e.Err }

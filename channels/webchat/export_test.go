package webchat

import "time"

// SetPatience shortens how long a page waits for an answer.
func (ch *Chat) SetPatience(d time.Duration) { ch.patience = d }

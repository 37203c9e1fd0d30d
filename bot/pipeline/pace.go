package pipeline

import (
	"sync"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Pace is how many messages one sender can have answered: Burst at once, and one
// more each Every. A Burst of zero is no limit.
type Pace struct {
	Burst int
	Every time.Duration
}

// HumanPace is more than a person types, also one who is in a hurry and sends a
// word at a time.
var HumanPace = Pace{Burst: 60, Every: time.Second}

// maxSenders bounds the memory for senders. The ones that are dropped beyond it
// begin with a full bucket.
const maxSenders = 50_000

// pace is a token bucket for each sender. It keeps for each only the moment at
// which the bucket will be full again.
type pace struct {
	limit Pace
	mu    sync.Mutex
	full  map[bot.Address]time.Time
}

func newPace(limit Pace) *pace { return &pace{limit: limit, full: map[bot.Address]time.Time{}} }

// allow takes a token, and reports false when there is none.
func (p *pace) allow(a bot.Address, now time.Time) bool {
	if p.limit.Burst <= 0 {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	full, ok := p.full[a]
	if !ok && len(p.full) >= maxSenders {
		p.forget(now)
	}
	if full.Before(now) {
		full = now
	}
	full = full.Add(p.limit.Every)
	if full.Sub(now) > time.Duration(p.limit.Burst)*p.limit.Every {
		return false
	}
	p.full[a] = full
	return true
}

// forget drops the senders whose bucket is full, or all when that helps nothing.
func (p *pace) forget(now time.Time) {
	for a, full := range p.full {
		if !full.After(now) {
			delete(p.full, a)
		}
	}
	if len(p.full) >= maxSenders {
		clear(p.full)
	}
}

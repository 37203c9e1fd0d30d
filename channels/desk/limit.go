package desk

import (
	"sync"
	"time"

	"github.com/balie-nl/balie/channels/page"
)

const (
	tries      = 5           // at once
	tryAgain   = time.Minute // for each further one
	maxBuckets = 10_000
)

// limiter slows down who guesses passwords: a bucket of tries for each user name
// and for each address. It is safe for concurrent use.
type limiter struct {
	now func() time.Time

	mu      sync.Mutex
	buckets map[string]bucket
}

type bucket struct {
	tries float64
	at    time.Time
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, buckets: map[string]bucket{}}
}

// take uses up a try of every key, or tells how long to wait for one.
func (l *limiter) take(keys ...string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.buckets) >= maxBuckets {
		l.clean(now)
	}
	for _, key := range keys {
		if b := l.level(key, now); b.tries < 1 {
			wait = max(wait, time.Duration((1-b.tries)*float64(tryAgain)))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, key := range keys {
		b := l.level(key, now)
		b.tries--
		l.buckets[page.Hash(key)] = b
	}
	return 0
}

// give returns the try after a login that succeeded.
func (l *limiter) give(keys ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	for _, key := range keys {
		b := l.level(key, now)
		b.tries = min(tries, b.tries+1)
		l.buckets[page.Hash(key)] = b
	}
}

// level is a bucket as it is now.
func (l *limiter) level(key string, now time.Time) bucket {
	b, ok := l.buckets[page.Hash(key)]
	if !ok {
		return bucket{tries: tries, at: now}
	}
	return bucket{tries: min(tries, b.tries+float64(now.Sub(b.at))/float64(tryAgain)), at: now}
}

// clean forgets the buckets that are full again and, when a flood of names has
// left hardly any, half of the others.
func (l *limiter) clean(now time.Time) {
	for key, b := range l.buckets {
		if now.Sub(b.at) >= tries*tryAgain {
			delete(l.buckets, key)
		}
	}
	for key := range l.buckets {
		if len(l.buckets) <= maxBuckets/2 {
			return
		}
		delete(l.buckets, key)
	}
}

// Package pipeline moves messages: it takes them in (Receiver), has them
// answered in order (Processor), delivers the answers (Courier), and does what is
// due (Timers, Retention). Nothing is held only in memory: each part can be killed
// at any moment and goes on from the store. Several processes can do so on one
// store.
//
// It knows neither SQL nor any provider; what it needs of them it declares here.
package pipeline

import (
	"context"
	"time"
)

// Clock tells the time.
type Clock func() time.Time

// wait blocks until woken, until the delay has passed, or until ctx ends.
func wait(ctx context.Context, wake <-chan struct{}, delay time.Duration) {
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}

// wakeUp leaves a hint that there is work; one hint is enough for any amount.
func wakeUp(wake chan<- struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}

// firstFrames cuts a stack trace short. The panic's own value is left out: it
// may hold words of a resident.
func firstFrames(stack []byte) string {
	const enough = 1500
	return string(stack[:min(len(stack), enough)])
}

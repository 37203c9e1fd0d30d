package main

import (
	"context"
	"maps"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	// answerLimit is how long Twilio waits for the answer to a webhook.
	answerLimit = 15 * time.Second
	// retryPause is far shorter than a provider's, so that a run ends soon.
	retryPause = 100 * time.Millisecond
	noAnswer   = "no answer"
)

// gate carries requests to the server, at most one on each connection.
type gate struct {
	client  *fasthttp.HostClient
	slots   chan struct{}
	retries atomic.Int64

	mu      sync.Mutex
	refused map[string]int // attempts without a 200, by what came instead
}

func newGate(host string, connections int) *gate {
	return &gate{
		client: &fasthttp.HostClient{
			Addr: fasthttp.AddMissingPort(host, false), MaxConns: connections, MaxIdleConnDuration: time.Minute,
			DialDualStack: true, NoDefaultUserAgentHeader: true,
			// Whoever uses the gate decides on retries, and counts them.
			MaxIdemponentCallAttempts: 1,
		},
		slots:   make(chan struct{}, connections),
		refused: map[string]int{},
	}
}

// delivery is how a request fared.
type delivery struct {
	sent, done time.Time // done is zero when it was never answered with 200
	failure    string    // the last answer when it was not
}

// deliver sends a request until it is answered with 200, as providers do, but
// not for longer than limit.
func (g *gate) deliver(ctx context.Context, limit time.Duration, req *fasthttp.Request, res *fasthttp.Response) delivery {
	d := delivery{failure: noAnswer}
	for {
		select {
		case g.slots <- struct{}{}:
		case <-ctx.Done():
			return d
		}
		if d.sent.IsZero() {
			d.sent = time.Now()
		}
		status := g.once(req, res)
		<-g.slots
		if status == "200" {
			d.done, d.failure = time.Now(), ""
			return d
		}
		d.failure = status
		g.note(status)
		if time.Since(d.sent) > limit || !pause(ctx, retryPause) {
			return d
		}
		g.retries.Add(1)
	}
}

// once sends a request once and returns the status of the answer.
func (g *gate) once(req *fasthttp.Request, res *fasthttp.Response) string {
	if err := g.client.DoTimeout(req, res, answerLimit); err != nil {
		return noAnswer
	}
	if res.StatusCode() == fasthttp.StatusOK {
		return "200"
	}
	return strconv.Itoa(res.StatusCode())
}

func (g *gate) note(status string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.refused[status]++
}

// refusals are the attempts without a 200 so far.
func (g *gate) refusals() map[string]int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return maps.Clone(g.refused)
}

// pause waits, and reports false when ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

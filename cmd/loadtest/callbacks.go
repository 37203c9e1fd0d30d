package main

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/valyala/fasthttp"
)

const (
	// callbackWorkers is how many messages are reported on at the same time.
	callbackWorkers = 8
	// callbackQueue bounds what waits for a server that is slower with callbacks
	// than with messages.
	callbackQueue = 16 << 10
)

// tally is how status callbacks fared. Twilio does not repeat them.
type tally struct {
	Sent    int64 `json:"sent"`
	Refused int64 `json:"refused"` // of those sent, not answered with 2xx
	Dropped int64 `json:"dropped"` // not sent, because too many waited
}

// acceptedSMS is a message that the server is to hear about.
type acceptedSMS struct{ callback, sid, to string }

// callbacks tell the server how its messages fare.
type callbacks struct {
	*options
	gate    *gate
	queue   chan acceptedSMS
	workers sync.WaitGroup

	sent, refused, dropped atomic.Int64
}

func newCallbacks(o *options) *callbacks {
	return &callbacks{options: o, gate: newGate(o.host(), callbackWorkers), queue: make(chan acceptedSMS, callbackQueue)}
}

func (c *callbacks) start(ctx context.Context) {
	for range callbackWorkers {
		c.workers.Go(func() {
			req, res := &fasthttp.Request{}, &fasthttp.Response{}
			for m := range c.queue {
				// One worker sends all of a message, so that they go in order.
				for _, status := range c.Callbacks {
					if ctx.Err() == nil {
						c.send(req, res, m, status)
					}
				}
			}
		})
	}
}

// stop waits until everything has been reported; report must not be called any
// more.
func (c *callbacks) stop() {
	close(c.queue)
	c.workers.Wait()
}

// report queues the callbacks of a message. It never blocks: the server's sends
// must not wait for its callbacks.
func (c *callbacks) report(callback, sid, to string) {
	if callback == "" || len(c.Callbacks) == 0 {
		return
	}
	select {
	case c.queue <- acceptedSMS{callback, sid, to}:
	default:
		c.dropped.Add(int64(len(c.Callbacks)))
	}
}

// send reports one status.
func (c *callbacks) send(req *fasthttp.Request, res *fasthttp.Response, m acceptedSMS, status string) {
	c.sent.Add(1)
	address, err := url.Parse(m.callback)
	if err != nil {
		c.refused.Add(1)
		return
	}
	req.Reset()
	form := req.PostArgs()
	for _, field := range [...][2]string{ // in the order of their names
		{"AccountSid", c.Account},
		{"ApiVersion", "2010-04-01"},
		{"From", c.Number},
		{"MessageSid", m.sid},
		{"MessageStatus", status},
		{"SmsSid", m.sid},
		{"SmsStatus", status},
		{"To", m.to},
	} {
		form.Add(field[0], field[1])
	}
	post(req, "http://"+c.host()+address.RequestURI())
	req.Header.Set(signatureHeader, sign(c.Token, m.callback, form))
	if status := c.gate.once(req, res); !strings.HasPrefix(status, "2") {
		c.refused.Add(1)
	}
}

func (c *callbacks) tally() *tally {
	return &tally{Sent: c.sent.Load(), Refused: c.refused.Load(), Dropped: c.dropped.Load()}
}

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	// acceptLimit is how long a message may be refused before it is an error.
	acceptLimit = time.Minute
	// learnLimit is the same before the measurement, where a refusal mostly means
	// that the flags and the server's configuration differ.
	learnLimit = 2 * time.Second
)

// channel is a way in which residents reach the server and are reached.
type channel interface {
	// address is where the n-th resident is reached.
	address(n int) string
	// start begins to take in replies; ctx ends the run.
	start(ctx context.Context, t *town)
	// write makes the request that brings a message to the server.
	write(req *fasthttp.Request, r *resident, text string)
	// accepted is told the answer to each message that got its 200.
	accepted(r *resident, res *fasthttp.Response) error
	// stop ends what start began, after all that is on its way to the server.
	stop() error
	// hint says what to look at when nothing gets through.
	hint() string
}

// run is one measurement.
type run struct {
	*options
	town    *town
	gate    *gate
	channel channel
	answers map[string]string // what each message brings
	begin   time.Time

	copies      sync.WaitGroup // second deliveries under way
	redelivered atomic.Int64
}

// measure learns the answers, lets the residents greet and ask, and reports. The
// provider's socket is closed at the end.
func measure(ctx context.Context, o *options, provider net.Listener) (report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := &run{options: o, gate: newGate(o.host(), o.Connections)}
	switch o.Kind {
	case "twilio":
		m.channel = newTwilio(o, provider)
	case "telegram":
		m.channel = newTelegram(o, provider)
	default:
		m.channel = newWebchat(o)
	}
	m.town = newTown(o.Residents, m.channel.address)

	m.channel.start(ctx, m.town)
	meters, err := m.prepare(ctx)
	if err == nil {
		m.askAll(ctx)
		pause(ctx, o.Settle)
		if ctx.Err() != nil {
			err = fmt.Errorf("the run was cut short: %w", ctx.Err())
		}
	}
	if err := errors.Join(err, m.channel.stop()); err != nil {
		return report{}, err
	}
	return m.report(meters), nil
}

// prepare is what comes before the measurement.
func (m *run) prepare(ctx context.Context) (meters, error) {
	if err := m.learn(ctx); err != nil {
		return nil, err
	}
	m.each(func(_ int, r *resident) {
		before := r.received()
		a := &ask{text: greeting, want: m.answers[greeting]}
		m.say(ctx, r, a, acceptLimit)
		if a.failure == "" {
			m.await(ctx, r, func() bool { return r.heard(a.want, before) })
		}
	})
	return newMeters(m.PID)
}

// learn has one resident ask everything, so that it is known which reply each
// question brings on this channel and with this configuration.
func (m *run) learn(ctx context.Context) error {
	r := m.town.learner()
	m.answers = map[string]string{}
	for i, text := range append([]string{greeting}, questions()...) {
		a := &ask{text: text}
		m.say(ctx, r, a, learnLimit)
		if a.failure != "" {
			return fmt.Errorf("learn the answers: the server did not accept %q (%s): %s", text, a.failure, m.channel.hint())
		}
		if !m.await(ctx, r, func() bool { return r.received() > i }) {
			return errors.Join(ctx.Err(), fmt.Errorf("learn the answers: no reply to %q came: %s", text, m.channel.hint()))
		}
		a.want = r.reply(i).text
		for other, answer := range m.answers {
			if answer == a.want {
				return fmt.Errorf("learn the answers: %q and %q bring the same reply, so a doubled one could not be told apart", other, text)
			}
		}
		m.answers[text] = a.want
	}
	if r.received() != len(m.answers) {
		return errors.New("learn the answers: some message brought more than one reply")
	}
	return nil
}

// askAll has the residents ask their questions and waits for the replies.
func (m *run) askAll(ctx context.Context) {
	m.begin = time.Now()
	m.each(func(i int, r *resident) {
		for j := range m.Messages {
			m.askOne(ctx, r, i, j)
		}
		m.await(ctx, r, func() bool { return r.outcome().lost == 0 })
	})
	m.copies.Wait()
}

// askOne has the i-th resident ask the j-th question.
func (m *run) askOne(ctx context.Context, r *resident, i, j int) {
	all := questions()
	text := all[(i+j)%len(all)]
	a := &ask{text: text, want: m.answers[text], counted: true}
	if m.Rate > 0 {
		// The residents take turns. One whose last message is still on its way is
		// late, which counts: the wait is the server's doing.
		turn := float64(j*m.Residents + i)
		a.due = m.begin.Add(time.Duration(turn / m.Rate * float64(time.Second)))
		pause(ctx, time.Until(a.due))
	}
	if ctx.Err() != nil {
		return
	}
	before := r.received()
	m.say(ctx, r, a, acceptLimit)
	if m.loop() == "closed" && a.failure == "" {
		m.await(ctx, r, func() bool { return r.heard(a.want, before) })
	}
}

// loop names what the residents wait for.
func (m *run) loop() string {
	switch {
	case m.Rate > 0:
		return "open"
	case m.Pipeline:
		return "pipeline"
	}
	return "closed"
}

// say brings a message to the server, or twice.
func (m *run) say(ctx context.Context, r *resident, a *ask, limit time.Duration) {
	a.begun = time.Now()
	r.asked = append(r.asked, a)
	m.channel.write(r.request, r, a.text)
	twice := a.counted && rand.Float64() < m.Duplicates
	together := twice && rand.IntN(2) == 0
	if together {
		m.again(ctx, r.request)
	}
	d := m.gate.deliver(ctx, limit, r.request, r.answer)
	if a.due.IsZero() {
		a.due = d.sent
	}
	a.accepted, a.failure = d.done, d.failure
	if a.failure != "" {
		return
	}
	m.town.touch(d.done)
	if err := m.channel.accepted(r, r.answer); err != nil {
		a.accepted, a.failure = time.Time{}, err.Error()
		return
	}
	if twice && !together {
		m.again(ctx, r.request)
	}
}

// again delivers a copy of a request beside whatever else goes on.
func (m *run) again(ctx context.Context, req *fasthttp.Request) {
	second, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.CopyTo(second)
	m.redelivered.Add(1)
	m.copies.Go(func() {
		defer fasthttp.ReleaseRequest(second)
		defer fasthttp.ReleaseResponse(answer)
		m.gate.deliver(ctx, acceptLimit, second, answer)
	})
}

// await waits until done, which is asked anew after each reply. It reports false
// when nothing happened to anybody for too long: while others are served, a slow
// server is slow and has lost nothing.
func (m *run) await(ctx context.Context, r *resident, done func() bool) bool {
	timer := time.NewTimer(m.Patience)
	defer timer.Stop()
	for !done() {
		select {
		case <-r.news:
		case <-timer.C:
			left := m.Patience - m.town.quiet()
			if left <= 0 {
				return false
			}
			timer.Reset(left)
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// each plays all residents at the same time.
func (m *run) each(play func(i int, r *resident)) {
	var group sync.WaitGroup
	for i, r := range m.town.measured() {
		group.Go(func() { play(i, r) })
	}
	group.Wait()
}

// report sums up what the residents saw.
func (m *run) report(meters meters) report {
	rep := report{
		Kind: m.Kind, Loop: m.loop(), Residents: m.Residents,
		Redelivered: int(m.redelivered.Load()), Strangers: int(m.town.strangers.Load()),
		Retries: int(m.gate.retries.Load()), Refusals: m.gate.refusals(), Errors: map[string]int{},
	}
	var toAccept, toReply []time.Duration
	lastAccept, lastReply := m.begin, m.begin
	for _, r := range m.town.residents {
		o := r.outcome()
		rep.Losses += o.lost
		rep.Duplicates += o.doubled
		rep.Disorder += o.disorder
		rep.Unexpected += o.unexpected
		if o.sample != "" {
			rep.Sample = o.sample
		}
		for i, a := range r.asked {
			if a.failure != "" {
				rep.Errors[a.failure]++
			}
			if !a.counted {
				continue
			}
			rep.Messages++
			if a.failure == "" {
				toAccept = append(toAccept, max(0, a.accepted.Sub(a.due)))
				lastAccept = later(lastAccept, a.accepted)
			}
			if o.answers[i] >= 0 {
				at := r.reply(o.answers[i]).at
				toReply = append(toReply, max(0, at.Sub(a.due)))
				lastReply = later(lastReply, at)
			}
		}
	}
	rep.Accepted, rep.Replies = len(toAccept), len(toReply)
	rep.Seconds = later(lastAccept, lastReply).Sub(m.begin).Seconds()
	rep.AcceptsPerSecond = perSecond(rep.Accepted, lastAccept.Sub(m.begin))
	rep.RepliesPerSecond = perSecond(rep.Replies, lastReply.Sub(m.begin))
	rep.ToAccept, rep.ToReply = newSpread(toAccept), newSpread(toReply)
	rep.Processes = meters.read(rep.Messages)
	if t, ok := m.channel.(*twilio); ok {
		rep.Callbacks = t.callbacks.tally()
	}
	return rep
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func perSecond(n int, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// spread is how latencies are spread, in milliseconds.
type spread struct {
	P50  float64 `json:"p50_ms"`
	P90  float64 `json:"p90_ms"`
	P99  float64 `json:"p99_ms"`
	P999 float64 `json:"p99_9_ms"`
	Max  float64 `json:"max_ms"`
}

// newSpread sorts the latencies. Each percentile is the smallest latency that at
// least so many of all do not exceed.
func newSpread(latencies []time.Duration) spread {
	if len(latencies) == 0 {
		return spread{}
	}
	slices.Sort(latencies)
	at := func(perMille int) float64 {
		rank := (len(latencies)*perMille + 999) / 1000
		return float64(latencies[rank-1]) / float64(time.Millisecond)
	}
	return spread{P50: at(500), P90: at(900), P99: at(990), P999: at(999), Max: at(1000)}
}

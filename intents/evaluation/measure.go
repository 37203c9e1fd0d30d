package evaluation

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Classifier says what a message is about. It must be safe for concurrent use.
type Classifier interface {
	// Rank returns the n best labels, best first; fewer where there is no choice.
	// A message that it does not know is bot.OutOfScope. Confidences only have to
	// be comparable between messages, but the calibration is measured of
	// confidences from 0 to 1.
	Rank(text string, n int) []bot.Candidate
}

// Decider is a classifier that also decides what to do with a message.
type Decider interface {
	Understand(text string) bot.Understanding
}

// Speed is how fast a classifier is.
type Speed struct {
	// A message at a time: the 50th, 95th and 99th percentile, in nanoseconds in JSON.
	P50 time.Duration `json:"p50_ns"`
	P95 time.Duration `json:"p95_ns"`
	P99 time.Duration `json:"p99_ns"`
	// Messages per second when every processor is given messages.
	PerSecond  float64 `json:"messages_per_second"`
	Processors int     `json:"processors"`
}

// choices is among how many labels the right one is looked for.
const choices = 3

// prediction is what a classifier made of a message.
type prediction struct {
	label         bot.Intent
	confidence    float64
	ranked        []bot.Candidate
	understanding bot.Understanding
}

// Measure asks a classifier about all messages, and what it would do with them
// if it is a Decider. The clock gives the time, as time.Now does.
func Measure(c Classifier, set []Message, clock func() time.Time) *Report {
	predictions := make([]prediction, len(set))
	took := make([]time.Duration, len(set))
	c.Rank("hallo", choices) // the first message also pays for what is done once
	for i, m := range set {
		start := clock()
		ranked := c.Rank(m.Text, choices)
		took[i] = clock().Sub(start)
		predictions[i] = newPrediction(ranked)
	}
	decider, decides := c.(Decider)
	if decides {
		for i, m := range set {
			predictions[i].understanding = decider.Understand(m.Text)
		}
	}
	r := newReport(set, predictions)
	if decides {
		r.Decisions = newDecisions(set, predictions)
	}
	r.Speed = newSpeed(took)
	r.Speed.PerSecond = throughput(c, set, r.Speed.Processors, clock)
	return r
}

func newPrediction(ranked []bot.Candidate) prediction {
	p := prediction{label: bot.OutOfScope, ranked: ranked}
	if len(ranked) > 0 {
		p.confidence = ranked[0].Confidence
		if ranked[0].Intent != "" {
			p.label = ranked[0].Intent
		}
	}
	return p
}

func newSpeed(took []time.Duration) Speed {
	s := Speed{Processors: runtime.GOMAXPROCS(0)}
	if len(took) == 0 {
		return s
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(q float64) time.Duration {
		return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
	}
	s.P50, s.P95, s.P99 = at(0.5), at(0.95), at(0.99)
	return s
}

// throughput classifies all messages once more with some workers, and returns
// how many were done in a second.
func throughput(c Classifier, set []Message, workers int, clock func() time.Time) float64 {
	var next atomic.Int64
	var wg sync.WaitGroup
	start := clock()
	for range workers {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(set) {
					return
				}
				c.Rank(set[i].Text, choices)
			}
		})
	}
	wg.Wait()
	if took := clock().Sub(start); took > 0 {
		return float64(len(set)) / took.Seconds()
	}
	return 0
}

// Package stream keeps live views up to date: server-sent events for the web
// chat and the desk.
//
// It knows topics, events with growing ids, and connections. It must not know
// what an event means or where it is stored: a stream asks its reader (Next) for
// what came after the last event that the client has, each time the topic is
// notified. A notification is only a hint, so losing one loses no event, and a
// client that reconnects goes on where it was.
//
// Connections are taken over from fasthttp (hijacked): only then is a client
// that leaves noticed at once, and do server timeouts not cut a stream.
package stream

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// Event is one message to a client. One with only an ID shows nothing and moves
// the client on.
type Event struct {
	// ID is where a client resumes after this event. Events without one (0) are
	// not repeated.
	ID   int64
	Name string // of the event; empty is "message"
	Data string // may have several lines, such as an HTML fragment
}

// MaxEvents is how many events a client is brought up to date with. One that has
// missed more gets a single event "resync" in their place: it has to load the page
// anew.
const MaxEvents = 500

// Stream says what a client follows.
type Stream struct {
	Topic   string // whose notifications wake the stream
	Session string // who follows; the number of streams of one session is limited
	// Since is the id of the last event that the client has. What the client says
	// itself counts first: the header Last-Event-ID, then the query ?since=.
	Since int64
	// Next returns the events after since, oldest first, and behind those with ids the
	// others; of many at least one more than MaxEvents, and none when there are none
	// yet. It is asked again while it returns events with ids. It is called by one
	// goroutine at a time; ctx ends when the client leaves. An error ends the
	// stream, and the client tries again.
	Next func(ctx context.Context, since int64) ([]Event, error)
	// Refresh also asks Next at this interval, for views that change by the
	// passing of time. Zero is never.
	Refresh time.Duration
}

// Config sets the limits. Every field may be left zero.
type Config struct {
	Log           *slog.Logger  // defaults to no log
	MaxStreams    int           // at the same time; defaults to 5000
	MaxPerSession int           // at the same time; defaults to 8
	Heartbeat     time.Duration // between signs of life; defaults to 15 seconds
	WriteLimit    time.Duration // for one write to a client; defaults to 10 seconds
	MaxLife       time.Duration // after which the client must reconnect; defaults to 30 minutes
}

// Hub connects notifications with the streams that wait for them. It is safe for
// concurrent use.
type Hub struct {
	cfg Config

	mu       sync.Mutex
	topics   map[string]map[chan struct{}]struct{}
	sessions map[string]int
	open     int
	closed   bool

	life    context.Context // of all streams; ended by Close
	end     context.CancelFunc
	streams sync.WaitGroup
}

// NewHub makes a hub.
func NewHub(cfg Config) *Hub {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.MaxStreams = cmp.Or(cfg.MaxStreams, 5000)
	cfg.MaxPerSession = cmp.Or(cfg.MaxPerSession, 8)
	cfg.Heartbeat = cmp.Or(cfg.Heartbeat, 15*time.Second)
	cfg.WriteLimit = cmp.Or(cfg.WriteLimit, 10*time.Second)
	cfg.MaxLife = cmp.Or(cfg.MaxLife, 30*time.Minute)
	life, end := context.WithCancel(context.Background())
	return &Hub{
		cfg: cfg, life: life, end: end,
		topics: map[string]map[chan struct{}]struct{}{}, sessions: map[string]int{},
	}
}

// Notify wakes everybody who follows the topic. It never blocks.
func (h *Hub) Notify(topic string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for hint := range h.topics[topic] {
		select {
		case hint <- struct{}{}:
		default: // a hint waits already; one is enough for any number of changes
		}
	}
}

// NotifyAll wakes everybody, after notifications may have been missed.
func (h *Hub) NotifyAll() {
	h.mu.Lock()
	topics := slices.Collect(maps.Keys(h.topics))
	h.mu.Unlock()
	for _, topic := range topics {
		h.Notify(topic)
	}
}

// Subscribe returns a channel that gets a hint after the topic was notified;
// several notifications may become one hint. The function ends the subscription.
// Whoever subscribes first and reads the store then misses nothing.
func (h *Hub) Subscribe(topic string) (<-chan struct{}, func()) {
	hint := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.topics[topic] == nil {
		h.topics[topic] = map[chan struct{}]struct{}{}
	}
	h.topics[topic][hint] = struct{}{}
	return hint, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(h.topics[topic], hint)
		if len(h.topics[topic]) == 0 {
			delete(h.topics, topic)
		}
	}
}

// Close ends all streams and waits for them. Each client is told to come back
// after a moment of its own, so that they do not all come at once. New streams
// are refused. It may be called more than once.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.end()
	h.streams.Wait()
}

// full reports whether a stream of the session would be refused now.
func (h *Hub) full(session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return !h.room(session)
}

// room is for who holds the lock.
func (h *Hub) room(session string) bool {
	return !h.closed && h.open < h.cfg.MaxStreams && h.sessions[session] < h.cfg.MaxPerSession
}

// enter counts a stream in, and reports false when there is no room. After true
// leave must be called.
func (h *Hub) enter(session string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.room(session) {
		return false
	}
	h.open++
	h.sessions[session]++
	h.streams.Add(1)
	return true
}

func (h *Hub) leave(session string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open--
	if h.sessions[session]--; h.sessions[session] == 0 {
		delete(h.sessions, session)
	}
	h.streams.Done()
}

// Open is the number of streams now.
func (h *Hub) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// between is a random delay, so that clients spread out.
func between(least, most time.Duration) time.Duration {
	return least + rand.N(most-least)
}

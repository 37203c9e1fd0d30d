// Package channeltest plays the outside world for tests: stand-ins for Twilio
// and Telegram that speak their documented protocols over HTTP, a recording
// receiver, and guards that keep tests off the internet.
//
// The stand-ins live in the test's process, so they remember what was sent also
// when the program under test is killed. They share no code with the channels:
// where both were wrong in the same way, a test would not see it.
package channeltest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// patience is how long a test waits for something that should happen at once.
const patience = 20 * time.Second

// longPatience is for what can take until a lease runs out.
const longPatience = 2 * time.Minute

// Failure is what a stand-in does with the next send instead of accepting it.
type Failure struct {
	Status     int    // of the answer
	Code       int    // Twilio's error code
	RetryAfter string // header of Twilio, in seconds; Telegram's retry_after
	Body       string // replaces the whole answer
	Accept     bool   // the message is taken all the same
	Drop       bool   // the connection is cut instead of answering
	Hang       bool   // nothing is answered until the client leaves
}

// The failures that occur most.
var (
	// ServerError is a 500 without taking the message.
	ServerError = Failure{Status: http.StatusInternalServerError, Code: 20500}
	// Dropped cuts the connection without taking the message.
	Dropped = Failure{Drop: true}
	// DroppedAccepted takes the message and cuts the connection before answering.
	DroppedAccepted = Failure{Drop: true, Accept: true}
	// Hanging never answers.
	Hanging = Failure{Hang: true}
	// HangingAccepted takes the message and never answers.
	HangingAccepted = Failure{Hang: true, Accept: true}
	// OptedOut is Twilio's refusal to write to who said STOP.
	OptedOut = Failure{Status: http.StatusBadRequest, Code: 21610}
	// Blocked is Telegram's answer when the resident blocked the bot.
	Blocked = Failure{Status: http.StatusForbidden}
)

// TooMany is a 429 with the wish to wait for a number of seconds.
func TooMany(seconds string) Failure {
	return Failure{Status: http.StatusTooManyRequests, Code: 20429, RetryAfter: seconds}
}

// board is shared state that tests wait on. Its zero value is not usable.
type board struct {
	sync.Mutex
	changed  chan struct{} // closed and replaced at each change
	failures []Failure
	closing  chan struct{}
}

func newBoard() *board {
	return &board{changed: make(chan struct{}), closing: make(chan struct{})}
}

// announce tells the waiting that something changed; the lock must be held.
func (b *board) announce() {
	close(b.changed)
	b.changed = make(chan struct{})
}

// Fail queues failures for the sends to come, one each.
func (b *board) Fail(failures ...Failure) {
	b.Lock()
	defer b.Unlock()
	b.failures = append(b.failures, failures...)
}

// failure takes the next one; the lock must be held.
func (b *board) failure() (Failure, bool) {
	if len(b.failures) == 0 {
		return Failure{}, false
	}
	f := b.failures[0]
	b.failures = b.failures[1:]
	return f, true
}

// until blocks until done, called under the lock, says true.
func (b *board) until(ctx context.Context, done func() bool) error {
	for {
		b.Lock()
		ok, changed := done(), b.changed
		b.Unlock()
		if ok {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-b.closing:
			return errors.New("the stand-in was closed")
		}
	}
}

// await is until for a test, with its patience.
func (b *board) await(t testing.TB, what string, done func() bool) {
	t.Helper()
	b.awaitFor(t, patience, what, done)
}

func (b *board) awaitFor(t testing.TB, patience time.Duration, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := b.until(ctx, done); err != nil {
		t.Fatalf("waiting for %s: %v", what, err)
	}
}

// interrupt carries out what a failure does to the connection; false when an answer
// is to be given.
func (b *board) interrupt(w http.ResponseWriter, r *http.Request, f Failure) bool {
	switch {
	case f.Drop:
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_ = conn.Close()
		}
	case f.Hang:
		select {
		case <-r.Context().Done():
		case <-b.closing:
		}
	default:
		return false
	}
	return true
}

// Serve runs an app on a loopback port until the test ends, and returns its
// address.
func Serve(t testing.TB, app *fiber.App) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(listener) }()
	t.Cleanup(func() {
		if err := app.ShutdownWithTimeout(patience); err != nil {
			t.Error("shutdown:", err)
		}
		// A shutdown that comes before the app serves is lost; this is not.
		_ = listener.Close()
		if err := <-done; err != nil {
			t.Error("listener:", err)
		}
	})
	return "http://" + listener.Addr().String()
}

// Guard is a transport that refuses every address but loopback.
type Guard struct{ Next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (g Guard) RoundTrip(r *http.Request) (*http.Response, error) {
	if !Loopback(r.URL.Hostname()) {
		return nil, errors.New("channeltest: a test tried to reach " + r.URL.Host)
	}
	next := g.Next
	if next == nil {
		next = plain
	}
	return next.RoundTrip(r)
}

// plain uses no proxy and keeps no connections, so that none outlives its test.
var plain = &http.Transport{DisableKeepAlives: true}

// Loopback reports whether a host is this machine.
func Loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// Offline is an environment for a program under test in which every request
// over HTTP to another machine fails at once.
func Offline() []string {
	dead := "http://127.0.0.1:1"
	return []string{"HTTP_PROXY=" + dead, "HTTPS_PROXY=" + dead, "NO_PROXY=127.0.0.1,localhost,::1"}
}

// Cases returns the folder with provider payloads that nobody here wrote. The
// test is skipped where it is absent: it stands beside the project, or where
// BALIE_SHARED says.
func Cases(t testing.TB) string {
	t.Helper()
	shared := os.Getenv("BALIE_SHARED")
	if shared == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			parent := filepath.Dir(dir)
			if parent == dir {
				break
			}
			dir = parent
		}
		shared = filepath.Join(dir, "..", "shared")
	}
	cases := filepath.Join(shared, "cases")
	if _, err := os.Stat(filepath.Join(cases, "manifest.jsonl")); err != nil {
		t.Skip("no provider payloads beside the project; set BALIE_SHARED to the folder with cases/manifest.jsonl")
	}
	return cases
}

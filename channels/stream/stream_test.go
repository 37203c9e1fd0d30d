package stream_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/channels/page/pagetest"
	"github.com/balie-nl/balie/channels/stream"
)

// book is a list of events that grows, as the event table does.
type book struct {
	mu     sync.Mutex
	events []stream.Event
}

func (b *book) add(hub *stream.Hub, data string) {
	b.mu.Lock()
	b.events = append(b.events, stream.Event{ID: int64(len(b.events) + 1), Name: "entry", Data: data})
	b.mu.Unlock()
	hub.Notify("topic")
}

// next gives at most two events at a time, so that a reader has to ask again.
func (b *book) next(_ context.Context, since int64) ([]stream.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if since >= int64(len(b.events)) {
		return nil, nil
	}
	rest := b.events[since:]
	return append([]stream.Event(nil), rest[:min(2, len(rest))]...), nil
}

// all gives all at once.
func (b *book) all(_ context.Context, since int64) ([]stream.Event, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]stream.Event(nil), b.events[since:]...), nil
}

func serve(t *testing.T, cfg stream.Config, s stream.Stream) (*stream.Hub, *pagetest.Browser) {
	t.Helper()
	hub := stream.NewHub(cfg)
	s.Topic = "topic"
	base := pagetest.Serve(t, func(r fiber.Router) {
		r.Get("/stream", func(c *fiber.Ctx) error {
			s := s
			s.Session = c.Query("session", s.Session)
			return hub.Serve(c, s)
		})
	})
	t.Cleanup(hub.Close)
	return hub, pagetest.NewBrowser(t, base)
}

// expect waits for events with these data.
func expect(t *testing.T, live *pagetest.Live, want ...string) {
	t.Helper()
	for _, w := range want {
		got, err := live.Next()
		if err != nil {
			t.Fatalf("want %q, got %v", w, err)
		}
		if got.Data != w {
			t.Fatalf("got %q, want %q", got.Data, w)
		}
	}
}

// eventually waits for what another goroutine must bring about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.NewTimer(pagetest.Patience)
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("it did not happen: %s", what)
		}
	}
}

func TestReplayThenLive(t *testing.T) {
	t.Parallel()
	b := &book{}
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: b.next})
	for _, data := range []string{"a", "b", "c\nsecond line\r\nthird", "d", "e"} {
		b.add(hub, data)
	}
	live := browser.Follow("/stream")
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no",
		"X-Content-Type-Options": "nosniff", "Content-Length": "",
	} {
		if got := live.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	expect(t, live, "a", "b", "c\nsecond line\nthird", "d", "e")
	b.add(hub, "f")
	expect(t, live, "f")
	if ms, err := strconv.Atoi(live.Retry); err != nil || ms < 2000 || ms > 4000 {
		t.Errorf("retry is %q", live.Retry)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	b := &book{}
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: b.next, Since: 1})
	for _, data := range []string{"a", "b", "c", "d"} {
		b.add(hub, data)
	}
	for _, tt := range []struct {
		name, path, header, want string
	}{
		{"as the page says", "/stream", "", "b"},
		{"as the address says", "/stream?since=2", "", "c"},
		{"as the header says, which is newer", "/stream?since=1", "3", "d"},
		{"nonsense counts for nothing", "/stream?since=-5", "abc", "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			live := browser.Follow(tt.path+map[bool]string{true: "&", false: "?"}[strings.Contains(tt.path, "?")]+"session="+strconv.Itoa(len(tt.name)), "Last-Event-ID", tt.header)
			expect(t, live, tt.want)
		})
	}
}

// TestTooManyMissed gives a client that missed more than it is brought up to date
// with one event that says so, and goes on behind it.
func TestTooManyMissed(t *testing.T) {
	t.Parallel()
	b := &book{}
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: b.all})
	for range stream.MaxEvents + 1 {
		b.add(hub, "missed")
	}
	live := browser.Follow("/stream")
	if e, err := live.Next(); err != nil || e.Name != "resync" || e.ID != strconv.Itoa(stream.MaxEvents+1) {
		t.Fatalf("got %+v, %v; want a resync to the newest", e, err)
	}
	b.add(hub, "after it")
	expect(t, live, "after it")
	last, err := browser.Follow("/stream?since=2").Next()
	if err != nil || last.Data != "missed" {
		t.Fatalf("got %+v, %v; want the events, which are just few enough", last, err)
	}
}

func TestMovingOnWithoutShowing(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var asked []int64
	_, browser := serve(t, stream.Config{}, stream.Stream{Next: func(_ context.Context, since int64) ([]stream.Event, error) {
		mu.Lock()
		defer mu.Unlock()
		asked = append(asked, since)
		switch since {
		case 0:
			return []stream.Event{{ID: 5}}, nil
		case 5:
			return []stream.Event{{ID: 6, Data: "shown"}}, nil
		}
		return nil, nil
	}})
	expect(t, browser.Follow("/stream"), "shown")
	mu.Lock()
	defer mu.Unlock()
	if asked[0] != 0 || asked[1] != 5 {
		t.Errorf("asked from %v", asked)
	}
}

func TestRefreshWithoutHint(t *testing.T) {
	t.Parallel()
	n := 0
	_, browser := serve(t, stream.Config{}, stream.Stream{Refresh: time.Millisecond, Next: func(context.Context, int64) ([]stream.Event, error) {
		n++
		return []stream.Event{{Data: strconv.Itoa(n)}}, nil
	}})
	expect(t, browser.Follow("/stream"), "1", "2", "3")
}

func TestLeavingIsNoticedAtOnce(t *testing.T) {
	t.Parallel()
	left := make(chan struct{})
	b := &book{}
	hub, browser := serve(t, stream.Config{Heartbeat: time.Hour}, stream.Stream{Next: func(ctx context.Context, since int64) ([]stream.Event, error) {
		events, err := b.next(ctx, since)
		if len(events) == 0 && since == 1 {
			<-ctx.Done() // a reader that hangs sees it too
			close(left)
			return nil, ctx.Err()
		}
		return events, err
	}})
	b.add(hub, "a")
	live := browser.Follow("/stream")
	expect(t, live, "a")
	live.Close()
	select {
	case <-left:
	case <-time.After(pagetest.Patience / 2):
		t.Fatal("the reader was not told")
	}
	eventually(t, "the stream is gone", func() bool { return hub.Open() == 0 })
}

func TestCloseSaysGoodbye(t *testing.T) {
	t.Parallel()
	b := &book{}
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: b.next})
	b.add(hub, "a")
	live := browser.Follow("/stream")
	expect(t, live, "a")
	hub.Close()
	if hub.Open() != 0 {
		t.Error("Close did not wait for the streams")
	}
	if _, err := live.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("the stream goes on: %v", err)
	}
	if ms, err := strconv.Atoi(live.Retry); err != nil || ms < 1000 || ms > 6000 {
		t.Errorf("retry is %q", live.Retry)
	}
	if again := browser.Follow("/stream"); again.Status != http.StatusServiceUnavailable {
		t.Errorf("a stream after the end: %d", again.Status)
	}
	hub.Close()
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		cfg     stream.Config
		session string // of the stream that is refused
	}{
		{"in total", stream.Config{MaxStreams: 2}, "other"},
		{"of one session", stream.Config{MaxPerSession: 2}, "mine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := &book{}
			hub, browser := serve(t, tt.cfg, stream.Stream{Next: b.next})
			b.add(hub, "a")
			first, second := browser.Follow("/stream?session=mine"), browser.Follow("/stream?session=mine")
			expect(t, first, "a")
			expect(t, second, "a")
			refused := browser.Follow("/stream?session=" + tt.session)
			if refused.Status != http.StatusServiceUnavailable || refused.Header.Get("Retry-After") == "" {
				t.Errorf("status %d, Retry-After %q", refused.Status, refused.Header.Get("Retry-After"))
			}
			first.Close()
			eventually(t, "there is room again", func() bool { return hub.Open() == 1 })
			expect(t, browser.Follow("/stream?session="+tt.session), "a")
		})
	}
}

func TestStreamEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		cfg  stream.Config
		next func(context.Context, int64) ([]stream.Event, error)
	}{
		{"when its reader fails", stream.Config{}, func(context.Context, int64) ([]stream.Event, error) { return nil, errors.New("store is gone") }},
		{"when its reader has no more", stream.Config{}, func(context.Context, int64) ([]stream.Event, error) { return nil, stream.ErrEnd }},
		{"when its reader panics", stream.Config{}, func(context.Context, int64) ([]stream.Event, error) { panic("words of a resident") }},
		{"when it is old", stream.Config{MaxLife: time.Millisecond}, func(context.Context, int64) ([]stream.Event, error) { return nil, nil }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			hub, browser := serve(t, tt.cfg, stream.Stream{Next: tt.next})
			if e, err := browser.Follow("/stream").Next(); !errors.Is(err, io.EOF) {
				t.Errorf("got %+v, %v", e, err)
			}
			eventually(t, "the stream is gone", func() bool { return hub.Open() == 0 })
		})
	}
}

// TestStalledReader takes nothing of an endless stream: the write limit must end
// it.
func TestStalledReader(t *testing.T) {
	t.Parallel()
	data := strings.Repeat("x", 1<<20)
	hub, browser := serve(t, stream.Config{WriteLimit: 50 * time.Millisecond}, stream.Stream{Next: func(_ context.Context, since int64) ([]stream.Event, error) {
		return []stream.Event{{ID: since + 1, Data: data}}, nil
	}})
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(browser.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the stream is open", func() bool { return hub.Open() == 1 })
	eventually(t, "the stream is cut", func() bool { return hub.Open() == 0 })
}

func TestHeartbeat(t *testing.T) {
	t.Parallel()
	_, browser := serve(t, stream.Config{Heartbeat: time.Millisecond}, stream.Stream{Next: func(context.Context, int64) ([]stream.Event, error) { return nil, nil }})
	res, err := browser.Client.Get(browser.Base + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	buffer := make([]byte, 0, 512)
	for !strings.Contains(string(buffer), "\n:\n\n:\n\n") {
		n, err := res.Body.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if err != nil {
			t.Fatalf("%v after %q", err, buffer)
		}
	}
}

func TestHeadOpensNoStream(t *testing.T) {
	t.Parallel()
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: (&book{}).next})
	res, err := browser.Client.Head(browser.Base + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || hub.Open() != 0 {
		t.Errorf("status %d, %d streams", res.StatusCode, hub.Open())
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	hub := stream.NewHub(stream.Config{})
	hint, stop := hub.Subscribe("a")
	other, stopOther := hub.Subscribe("b")
	for range 3 {
		hub.Notify("a") // never blocks
	}
	<-hint
	select {
	case <-hint:
		t.Error("three changes gave two hints")
	case <-other:
		t.Error("a hint for another topic")
	default:
	}
	stop()
	hub.Notify("a")
	select {
	case <-hint:
		t.Error("a hint after the end")
	default:
	}
	stop()
	stopOther()
}

// TestCloseDoesNotWaitForTheStore closes while a reader hangs.
func TestCloseDoesNotWaitForTheStore(t *testing.T) {
	t.Parallel()
	reading := make(chan struct{})
	hub, browser := serve(t, stream.Config{}, stream.Stream{Next: func(ctx context.Context, _ int64) ([]stream.Event, error) {
		close(reading)
		<-ctx.Done()
		return nil, ctx.Err()
	}})
	live := browser.Follow("/stream")
	<-reading
	hub.Close()
	if _, err := live.Next(); !errors.Is(err, io.EOF) || live.Retry == "" {
		t.Errorf("%v, retry %q", err, live.Retry)
	}
}

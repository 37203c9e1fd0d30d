package stream

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

const (
	readLimit   = 10 * time.Second // for one call of Next
	fullRetry   = "10"             // seconds
	stackLimit  = 1500
	closingTime = time.Second // for the last write when the hub closes
)

// ErrEnd is what Next returns when there is nothing more to follow, such as
// after a logout. It is not logged.
var ErrEnd = errors.New("stream: no more events")

// errPanic says that Next panicked; where, was logged.
var errPanic = errors.New("stream: panic in a reader")

// Serve answers a request with a stream. It returns at once: the stream goes on
// after the handler, and uses nothing of c. Where there is no room it fails with
// 503 and sets Retry-After.
func (h *Hub) Serve(c *fiber.Ctx, s Stream) error {
	s.Since = since(c.Get("Last-Event-ID"), c.Query("since"), s.Since)
	if h.full(s.Session) {
		return refuse(c)
	}
	if c.Method() == fiber.MethodHead {
		c.Set(fiber.HeaderContentType, contentType)
		return nil
	}
	head := header(&c.Response().Header)
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) {
		// The place is taken here and not above: this is the first moment from which
		// on it is certain to be given back.
		if !h.enter(s.Session) {
			_, _ = io.WriteString(conn, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: "+fullRetry+"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			return
		}
		defer h.leave(s.Session)
		h.run(conn, head, s)
	})
	return nil
}

func refuse(c *fiber.Ctx) error {
	c.Set(fiber.HeaderRetryAfter, fullRetry)
	return fiber.NewError(fiber.StatusServiceUnavailable)
}

// since is the first of the candidates that is an id.
func since(header, query string, otherwise int64) int64 {
	for _, s := range []string{header, query} {
		if id, err := strconv.ParseInt(s, 10, 64); err == nil && id >= 0 {
			return id
		}
	}
	return otherwise
}

const contentType = "text/event-stream; charset=utf-8"

// header is the head of the answer: what middleware has set, and what a stream
// needs. The end of the connection is the end of the body.
func header(set *fasthttp.ResponseHeader) []byte {
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 200 OK\r\n")
	set.VisitAll(func(key, value []byte) {
		switch string(key) {
		case fiber.HeaderContentType, fiber.HeaderContentLength, fiber.HeaderConnection, fiber.HeaderCacheControl, fiber.HeaderTransferEncoding:
		default:
			fmt.Fprintf(&b, "%s: %s\r\n", key, value)
		}
	})
	b.WriteString("Content-Type: " + contentType + "\r\nCache-Control: no-store, no-transform\r\nX-Accel-Buffering: no\r\nConnection: close\r\n\r\n")
	return b.Bytes()
}

// connection is a client that is being written to.
type connection struct {
	conn  net.Conn
	limit time.Duration
}

// expired is a deadline that has passed: setting it ends a blocked call.
var expired = time.Unix(1, 0)

// write fails when the client does not take the bytes in time. The deadline is
// set when the time is up, not before: so no clock is needed.
func (c *connection) write(b []byte) error {
	fired := make(chan struct{})
	guard := time.AfterFunc(c.limit, func() {
		defer close(fired)
		_ = c.conn.SetWriteDeadline(expired)
	})
	_, err := c.conn.Write(b)
	if !guard.Stop() {
		<-fired
	}
	return err
}

// run serves one client until it leaves, the hub closes, or something fails.
func (h *Hub) run(conn net.Conn, head []byte, s Stream) {
	ctx, cancel := context.WithCancel(h.life)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		defer cancel()
		defer h.recover()
		_, _ = io.Copy(io.Discard, conn) // returns when the client has gone
	}()
	defer func() {
		cancel()
		_ = conn.SetReadDeadline(expired)
		<-gone
	}()
	defer h.recover()

	hints, unsubscribe := h.Subscribe(s.Topic)
	defer unsubscribe()
	client := &connection{conn: conn, limit: h.cfg.WriteLimit}
	if err := client.write(append(head, retry(2*time.Second, 4*time.Second)...)); err != nil {
		return
	}
	h.follow(ctx, client, hints, s)
	if h.life.Err() != nil {
		client.limit = closingTime
		_ = client.write(retry(time.Second, 6*time.Second))
	}
}

// follow writes what Next returns until there is a reason to stop.
func (h *Hub) follow(ctx context.Context, client *connection, hints <-chan struct{}, s Stream) {
	heartbeat := time.NewTicker(h.cfg.Heartbeat)
	defer heartbeat.Stop()
	life := time.NewTimer(h.cfg.MaxLife)
	defer life.Stop()
	var refresh <-chan time.Time
	if s.Refresh > 0 {
		ticker := time.NewTicker(s.Refresh)
		defer ticker.Stop()
		refresh = ticker.C
	}

	if !h.send(ctx, client, &s) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-life.C:
			return
		case <-heartbeat.C:
			if client.write([]byte(":\n\n")) != nil {
				return
			}
		case <-hints:
			if !h.send(ctx, client, &s) {
				return
			}
		case <-refresh:
			if !h.send(ctx, client, &s) {
				return
			}
		}
	}
}

// send writes all events after s.Since and moves it on. It reports false when
// the stream must end.
func (h *Hub) send(ctx context.Context, client *connection, s *Stream) bool {
	tooMany := false
	for {
		events, err := h.next(ctx, s)
		if err != nil {
			if ctx.Err() == nil && !errors.Is(err, errPanic) && !errors.Is(err, ErrEnd) {
				h.cfg.Log.Warn("live view ended", "topic", s.Topic, "err", err)
			}
			return false
		}
		before := s.Since
		tooMany = tooMany || len(events) > MaxEvents && events[MaxEvents].ID > 0
		var b bytes.Buffer
		for _, e := range events {
			if !tooMany {
				e.format(&b)
			}
			s.Since = max(s.Since, e.ID)
		}
		upToDate := s.Since == before || ctx.Err() != nil
		if upToDate && tooMany {
			// Without data a browser would not tell the page.
			Event{ID: s.Since, Name: "resync", Data: "resync"}.format(&b)
		}
		if b.Len() > 0 && client.write(b.Bytes()) != nil {
			return false
		}
		if upToDate {
			return true
		}
	}
}

// next asks the reader. A panic in it ends this stream, not the process.
func (h *Hub) next(ctx context.Context, s *Stream) (events []Event, err error) {
	defer func() {
		if r := recover(); r != nil {
			h.logPanic(r)
			err = errPanic
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	return s.Next(ctx, s.Since)
}

// recover keeps a panic in a stream from ending the process.
func (h *Hub) recover() {
	if r := recover(); r != nil {
		h.logPanic(r)
	}
}

// logPanic logs where a panic was. Its value may hold words of a resident.
func (h *Hub) logPanic(value any) {
	stack := debug.Stack()
	h.cfg.Log.Error("panic in a stream", "kind", fmt.Sprintf("%T", value), "stack", string(stack[:min(len(stack), stackLimit)]))
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// format writes the event as text/event-stream has it.
func (e Event) format(b *bytes.Buffer) {
	if e.ID > 0 {
		fmt.Fprintf(b, "id: %d\n", e.ID)
	}
	if e.Name == "" && e.Data == "" { // only moves the client on
		b.WriteByte('\n')
		return
	}
	if e.Name != "" {
		fmt.Fprintf(b, "event: %s\n", e.Name)
	}
	for line := range strings.SplitSeq(lineEnds.Replace(e.Data), "\n") {
		fmt.Fprintf(b, "data: %s\n", line)
	}
	b.WriteByte('\n')
}

// retry tells the client how long to wait before it reconnects.
func retry(least, most time.Duration) []byte {
	return fmt.Appendf(nil, "retry: %d\n\n", between(least, most).Milliseconds())
}

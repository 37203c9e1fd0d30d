package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	chatCookie = "balie_chat"
	// reconnectPause is how long a page waits when its stream has ended.
	reconnectPause = 500 * time.Millisecond
)

// webchat plays browsers with the chat page open: forms as the page's script
// sends them, and the event stream in which the replies come.
type webchat struct {
	*options
	town    *town
	pages   map[string]*chatPage // by the address of the resident
	life    context.Context      // of the streams, which outlive the calls that open them
	end     context.CancelFunc
	streams sync.WaitGroup
}

// chatPage is what a resident's browser holds. Only the goroutine that plays the
// resident uses it.
type chatPage struct {
	start  string // becomes the cookie with the first message
	cookie string
	key    string // of the next message
}

func newWebchat(o *options) *webchat {
	return &webchat{options: o, pages: map[string]*chatPage{}}
}

// address is a name for the resident: to the server a resident is a cookie.
func (s *webchat) address(n int) string {
	name := strconv.Itoa(n)
	s.pages[name] = &chatPage{start: randomKey(), key: randomKey()}
	return name
}

// randomKey is a key as the page has it in its form.
func randomKey() string { return fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) }

func (s *webchat) hint() string { return "see that the server serves /chat at --url" }

func (s *webchat) start(ctx context.Context, t *town) {
	s.town = t
	s.life, s.end = context.WithCancel(ctx)
}

func (s *webchat) stop() error {
	s.end()
	s.streams.Wait()
	return nil
}

// write makes the request by which the page's script sends a message.
func (s *webchat) write(req *fasthttp.Request, r *resident, text string) {
	page := s.pages[r.address]
	req.Reset()
	post(req, "http://"+s.host()+"/chat")
	req.Header.Set(fasthttp.HeaderAccept, "application/json")
	form := req.PostArgs()
	form.Add("key", page.key)
	if page.cookie == "" {
		form.Add("start", page.start)
	} else {
		req.Header.SetCookie(chatCookie, page.cookie)
	}
	form.Add("text", text)
}

// accepted takes the key of the next message, and after the first one opens the
// stream.
func (s *webchat) accepted(r *resident, res *fasthttp.Response) error {
	page := s.pages[r.address]
	var answer struct {
		OK  bool   `json:"ok"`
		Key string `json:"key"`
	}
	if err := json.Unmarshal(res.Body(), &answer); err != nil || !answer.OK || answer.Key == "" {
		return errors.New("200 without a key")
	}
	page.key = answer.Key
	if page.cookie != "" {
		return nil
	}
	var cookie fasthttp.Cookie
	if err := cookie.ParseBytes(res.Header.PeekCookie(chatCookie)); err != nil || len(cookie.Value()) == 0 {
		return errors.New("200 without a cookie")
	}
	page.cookie = string(cookie.Value())
	token := page.cookie
	s.streams.Go(func() { s.follow(r, token) })
	return nil
}

// follow reads a resident's stream, and opens it anew from where it was when it
// ends, as browsers do.
func (s *webchat) follow(r *resident, cookie string) {
	stream := &eventStream{handle: func(fragment []byte) {
		if text, ok := botWords(fragment); ok {
			at := time.Now()
			s.town.touch(at)
			r.receive(text, "", at)
		}
	}}
	for s.life.Err() == nil {
		// Why a stream ended does not matter: what it failed to bring is seen to be
		// lost.
		_ = s.open(stream, cookie)
		pause(s.life, reconnectPause)
	}
}

// open reads the stream once, until it ends.
func (s *webchat) open(stream *eventStream, cookie string) error {
	conn, err := (&net.Dialer{}).DialContext(s.life, "tcp", fasthttp.AddMissingPort(s.host(), false))
	if err != nil {
		return fmt.Errorf("open the stream: %w", err)
	}
	defer context.AfterFunc(s.life, func() { _ = conn.Close() })()
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET /chat/stream?since=%d HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\nCookie: %s=%s\r\n\r\n",
		stream.last, s.host(), chatCookie, cookie)
	if err != nil {
		return fmt.Errorf("open the stream: %w", err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return fmt.Errorf("open the stream: %w", err)
	}
	defer func() {
		_ = conn.Close() // first: a body is read to its end when it is closed
		_ = answer.Body.Close()
	}()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("open the stream: status %d", answer.StatusCode)
	}
	return stream.read(bufio.NewScanner(answer.Body))
}

// eventStream reads server-sent events.
type eventStream struct {
	handle func(data []byte)
	last   int64 // id of the newest event
	data   []byte
}

// read hands on the data of each event that is newer than the last: a page shows
// an entry once, however often it comes.
func (e *eventStream) read(lines *bufio.Scanner) error {
	id := int64(0)
	e.data = e.data[:0]
	for lines.Scan() {
		line := lines.Bytes()
		switch name, value, _ := bytes.Cut(line, []byte(": ")); string(name) {
		case "id":
			id, _ = strconv.ParseInt(string(value), 10, 64)
		case "data":
			e.data = append(append(e.data, value...), '\n')
		case "": // the event is complete
			if id > e.last {
				e.last = id
				e.handle(e.data)
			}
			e.data = e.data[:0]
		}
	}
	return lines.Err()
}

// botWords are the words in a fragment of the transcript, false when it is not
// the bot who says them.
func botWords(fragment []byte) ([]byte, bool) {
	if !bytes.Contains(fragment, []byte(`data-from="bot"`)) {
		return nil, false
	}
	_, rest, found := bytes.Cut(fragment, []byte(`<div class="words"`))
	_, rest, open := bytes.Cut(rest, []byte(">"))
	words, _, end := bytes.Cut(rest, []byte("</div>"))
	return words, found && open && end
}

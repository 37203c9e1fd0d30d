package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store/storetest"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/page/pagetest"
)

// deliver posts an SMS until it is answered with 200, as Twilio does, and returns
// the statuses of the tries before.
func (w *world) deliver(t *testing.T, base, sid, from, text string) (refused []int) {
	t.Helper()
	for t.Context().Err() == nil {
		status, err := w.sms(t.Context(), base, sid, from, text)
		if err == nil && status == http.StatusOK {
			return refused
		}
		refused = append(refused, status)
		select {
		case <-time.After(50 * time.Millisecond): // the provider's own pause
		case <-t.Context().Done():
		}
	}
	return refused
}

// TestFaultyProvider lets sends fail in every way that a provider can, and its
// reports arrive doubled and in reverse. Every resident gets every answer once and
// in order, and every message ends as delivered.
func TestFaultyProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := start(t, w.environ()...)
	w.twilio.ReportTo(server.base, "delivered", "delivered", "sent", "queued")
	w.twilio.Fail(
		channeltest.ServerError, channeltest.TooMany("1"), channeltest.Dropped, channeltest.DroppedAccepted,
		channeltest.Failure{Status: http.StatusOK, Body: "{}", Accept: true}, channeltest.Failure{Status: http.StatusBadGateway, Body: "<html>"},
		channeltest.HangingAccepted, channeltest.Hanging,
	)
	const residents, each = 6, 4
	var group sync.WaitGroup
	for i := range residents {
		group.Go(func() {
			for j, q := range questions[:each] {
				w.deliver(t, server.base, fmt.Sprintf("SM%032x", i*100+j), number(i), q)
			}
		})
	}
	group.Wait()
	want := expected(t, bot.SMS, questions[:each])
	w.twilio.WaitForAll(t, residents, func(m channeltest.TwilioMessage) bool { return m.Body == want[each-1] })
	got := w.smsTo()
	for i := range residents {
		if strings.Join(got[number(i)], "|") != strings.Join(want, "|") {
			t.Errorf("%s got\n%q, want\n%q", number(i), got[number(i)], want)
		}
	}
	if w.twilio.Lists() == 0 {
		t.Error("Twilio was not asked about the doubtful messages")
	}
	server.eventually(t, "all messages are delivered", func() bool {
		for id := range int64(residents) {
			entries, err := server.db.Entries(t.Context(), id+1, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if e.Kind == bot.EntryReplied && e.Status != bot.Delivered {
					return false
				}
			}
		}
		return true
	})
}

// eventually waits for what a change of any conversation can bring about.
func (r *running) eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	hint, stop := r.hub.Subscribe("desk")
	defer stop()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for !ok() {
		select {
		case <-hint:
		case <-ctx.Done():
			t.Fatalf("it did not happen: %s", what)
		}
	}
}

// gate is a way to a server that can be closed.
type gate struct {
	listener net.Listener
	to       string
	shut     atomic.Bool
	mu       sync.Mutex
	open     map[net.Conn]bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, to: to, open: map[net.Conn]bool{}}
	t.Cleanup(func() {
		_ = listener.Close()
		g.close()
	})
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go g.carry(in)
		}
	}()
	return g
}

func (g *gate) carry(in net.Conn) {
	out, err := net.Dial("tcp4", g.to)
	if err != nil || g.shut.Load() {
		_ = in.Close()
		return
	}
	g.mu.Lock()
	g.open[in], g.open[out] = true, true
	g.mu.Unlock()
	go func() {
		_, _ = io.Copy(out, in)
		_ = out.Close()
	}()
	_, _ = io.Copy(in, out)
	_ = in.Close()
}

// close cuts every connection, and refuses new ones until shut is false again.
func (g *gate) close() {
	g.shut.Store(true)
	g.mu.Lock()
	defer g.mu.Unlock()
	for conn := range g.open {
		_ = conn.Close()
	}
	clear(g.open)
}

// TestDatabaseDisappears cuts the way to the database during traffic. While it is
// away webhooks are answered with 503, quickly and never with 200; afterwards
// every message has its reply once, and live pages go on.
func TestDatabaseDisappears(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(storetest.PostgresAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(t, address.Host)
	through := *address
	through.Host = g.listener.Addr().String()
	w := newWorld(t)
	server := start(t, append(w.environ(), "BALIE_DATABASE", through.String())...)
	chat := pagetest.NewBrowser(t, server.base)
	ask(chat, "wat zijn de openingstijden")
	live := chat.Follow("/chat/stream")
	until(t, live, "open")

	const residents = 20
	var group sync.WaitGroup
	var mu sync.Mutex
	var refused []int
	before := make(chan struct{}, residents)
	cut := make(chan struct{})
	for i := range residents {
		group.Go(func() {
			for j, q := range questions {
				if j == 3 {
					before <- struct{}{}
					<-cut
				}
				tries := w.deliver(t, server.base, fmt.Sprintf("SM%032x", i*100+j), number(i), q)
				mu.Lock()
				refused = append(refused, tries...)
				mu.Unlock()
			}
		})
	}
	for range residents {
		<-before
	}
	g.close()
	close(cut)
	time.Sleep(time.Duration(size(2, 30)) * time.Second) // how long it is away is what is tested
	if got := pagetest.NewBrowser(t, server.base).Get("/readyz").Status; got != http.StatusServiceUnavailable {
		t.Errorf("/readyz is %d while the database is away", got)
	}
	g.shut.Store(false)
	group.Wait()
	if len(refused) == 0 {
		t.Error("no message was refused while the database was away")
	}
	for _, status := range refused {
		if status != http.StatusServiceUnavailable {
			t.Errorf("a message was refused with %d, want 503", status)
		}
	}
	want := expected(t, bot.SMS, questions)
	w.twilio.WaitForAll(t, residents, func(m channeltest.TwilioMessage) bool { return m.Body == want[len(want)-1] })
	got := w.smsTo()
	for i := range residents {
		if strings.Join(got[number(i)], "|") != strings.Join(want, "|") {
			t.Errorf("%s got %d replies\n%q", number(i), len(got[number(i)]), got[number(i)])
		}
	}
	ask(chat, "kwil me paspoort verlenge")
	until(t, chat.Follow("/chat/stream"), "paspoort")
}

// ask sends a question in the web chat.
func ask(b *pagetest.Browser, text string) {
	p := b.Get("/chat")
	b.Post("/chat", url.Values{"key": {p.Field("key")}, "start": {p.Field("start")}, "text": {text}}, "Accept", "application/json")
}

// until reads a stream up to an entry of the chatbot with the word.
func until(t *testing.T, live *pagetest.Live, word string) {
	t.Helper()
	for {
		e, err := live.Next()
		if err != nil {
			t.Fatalf("no entry with %q: %v", word, err)
		}
		if e.Name == "entry" && strings.Contains(e.Data, `data-from="bot"`) && strings.Contains(e.Data, word) {
			return
		}
	}
}

// TestServersShareLiveViews asks a question at one server and follows the
// conversation at another one.
func TestServersShareLiveViews(t *testing.T) {
	t.Parallel()
	address := storetest.PostgresAddress(t)
	one, other := start(t, "BALIE_DATABASE", address), start(t, "BALIE_DATABASE", address)
	b := pagetest.NewBrowser(t, one.base)
	ask(b, "wat zijn de openingstijden")
	b.Base = other.base // the cookie is for both
	live := b.Follow("/chat/stream")
	until(t, live, "open")
	for range 3 {
		b.Base = one.base
		ask(b, "kwil me paspoort verlenge")
		until(t, live, "paspoort")
	}
}

// TestDiskFull fills the disk during traffic. Messages are then answered with 503
// and never with 200; what was stored is not lost, and when there is room again
// everything goes on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	disk := t.TempDir()
	p := spawnOnDisk(t, disk, "8m", testConfig(t), w.environ())
	defer p.kill()
	filler := filepath.Join("/proc", fmt.Sprint(p.cmd.Process.Pid), "root", disk, "filler")

	asked := map[string]string{} // what was answered with 200
	full := 0
	for i := 0; full < 20; i++ {
		if i > 20_000 {
			t.Fatal("the disk does not fill")
		}
		sid, q := fmt.Sprintf("SM%032x", i), questions[i%len(questions)]
		switch status, err := w.sms(t.Context(), p.base, sid, number(i), q); {
		case err != nil:
			t.Fatal(err)
		case status == http.StatusOK:
			asked[number(i)] = q
		case status == http.StatusServiceUnavailable:
			full++
		default:
			t.Fatalf("status %d, want 200 or 503", status)
		}
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		sid, from := fmt.Sprintf("SM%032x", 900_000+i), number(900_000+i)
		w.deliver(t, p.base, sid, from, questions[i])
		asked[from] = questions[i]
	}
	w.twilio.WaitForMessages(t, len(asked))
	got := w.smsTo()
	for from := range asked {
		if len(got[from]) != 1 {
			t.Errorf("%s got %d replies, want 1", from, len(got[from]))
		}
	}
	t.Logf("%d messages stored, %d refused while the disk was full", len(asked), full)
}

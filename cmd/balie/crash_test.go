package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store/storetest"
	"github.com/balie-nl/balie/channels/channeltest"
)

// questions are asked in this order; no two answers in a row are alike, so that
// a doubled reply can be told from a second question.
var questions = []string{
	"kwil me paspoort verlenge", "wat zijn de openingstijden", "me rijbewijs is kwijt", "grofvuil ophalen", "hoe vraag ik een uittreksel aan",
	"ik ga verhuizen", "wat kost een parkeervergunning", "wanneer is de milieustraat open", "ik wil trouwen", "mijn kind is geboren",
}

// cluster is one or more processes on one database behind a reverse proxy.
type cluster struct {
	config, data string
	environ      []string
	mu           sync.RWMutex // held for writing while a process is replaced
	processes    []*process
	next         atomic.Int64
	proxy        *httptest.Server
}

// newCluster starts n processes. They end with the test.
func newCluster(t *testing.T, n int, config string, environ []string) *cluster {
	t.Helper()
	c := &cluster{config: config, data: t.TempDir(), environ: environ}
	for range n {
		c.processes = append(c.processes, spawn(t, c.config, c.data, "127.0.0.1:0", c.environ))
	}
	t.Cleanup(func() {
		for _, p := range c.processes {
			p.kill()
		}
	})
	c.proxy = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			c.mu.RLock()
			defer c.mu.RUnlock()
			base, err := url.Parse(c.processes[int(c.next.Add(1))%len(c.processes)].base)
			if err != nil {
				panic(err)
			}
			r.SetURL(base)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		Transport:    channeltest.Guard{Next: &http.Transport{MaxIdleConnsPerHost: 64}},
	})
	t.Cleanup(c.proxy.Close)
	return c
}

// crash kills one process, or all at once, and starts anew what was killed.
func (c *cluster) crash(t *testing.T, all bool) {
	t.Helper()
	victims := []int{rand.IntN(len(c.processes))}
	if all {
		victims = nil
		for i := range c.processes {
			victims = append(victims, i)
		}
	}
	for _, i := range victims {
		_ = c.processes[i].cmd.Process.Kill()
	}
	for _, i := range victims {
		old := c.processes[i]
		<-old.done
		fresh := spawn(t, c.config, c.data, strings.TrimPrefix(old.base, "http://"), c.environ)
		c.mu.Lock()
		c.processes[i] = fresh
		c.mu.Unlock()
	}
}

// size is how much a crash test does: a little in every test run, and what the
// promises rest on when BALIE_TEST_CRASH is "long".
func size(short, long int) int {
	if os.Getenv("BALIE_TEST_CRASH") == "long" {
		return long
	}
	return short
}

// TestCrashesLoseNothing kills the program at random moments during traffic, on
// each store. The senders deliver again what was not answered with 200, and some
// messages twice at once, as the providers do. Afterwards every message has its
// reply, in order; Twilio, which can be asked, got none twice; those that Telegram
// got twice are counted.
func TestCrashesLoseNothing(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := newCluster(t, 1, testConfig(t), w.environ())
		endure(t, w, c, size(25, 2600), size(15, 150), size(6, 25))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := newCluster(t, 3, testConfig(t), append(w.environ(), "BALIE_DATABASE", storetest.PostgresAddress(t)))
		endure(t, w, c, size(25, 2600), size(15, 150), size(6, 25))
	})
}

func endure(t *testing.T, w *world, c *cluster, residents, chats, crashes int) {
	t.Helper()
	w.twilio.ReportTo(c.proxy.URL, "sent", "delivered")
	// A crash and the start after it take about 700 ms: the pauses of the senders
	// spread the messages over all of them.
	pause := time.Duration(crashes) * 700 * time.Millisecond / time.Duration(len(questions))
	var open atomic.Int64
	open.Store(int64(residents + chats))
	var senders sync.WaitGroup
	for i := range residents {
		senders.Go(func() {
			defer open.Add(-1)
			converse(t, i, pause, func(ctx context.Context, j int, q string) (int, error) {
				return w.sms(ctx, c.proxy.URL, fmt.Sprintf("SM%032x", i*100+j), number(i), q)
			})
		})
	}
	for i := range chats { // fewer: Telegram takes 30 messages a second
		senders.Go(func() {
			defer open.Add(-1)
			converse(t, i, pause, func(ctx context.Context, j int, q string) (int, error) {
				return channeltest.PostTelegram(ctx, c.proxy.URL, "/webhooks/telegram", webhookSecret, channeltest.TextUpdate(int64(i*100+j+1), chat(i), q))
			})
		})
	}
	crashed := 0
	for ; crashed < crashes && open.Load() > 0; crashed++ {
		time.Sleep(time.Duration(50+rand.IntN(300)) * time.Millisecond) // a random moment is what is tested
		c.crash(t, rand.IntN(3) == 0)
	}
	senders.Wait()
	if crashed < crashes {
		t.Errorf("only %d of %d crashes fell into the traffic", crashed, crashes)
	}
	doubled := settled(t, w, residents, chats)
	const inFlight = 64 // sends under way at once, of each process
	if most := crashed * inFlight * len(c.processes); doubled > most {
		t.Errorf("%d replies were sent twice by Telegram, more than the %d that were under way at the crashes", doubled, most)
	}
	t.Logf("%d messages, %d crashes of %d processes: 0 lost, 0 out of order, 0 SMS sent twice, %d Telegram messages sent twice",
		(residents+chats)*len(questions), crashed, len(c.processes), doubled)
}

// converse asks the questions one after the other. Each is delivered until it is
// answered with 200; some are delivered twice at the same time.
func converse(t *testing.T, seed int, pause time.Duration, post func(ctx context.Context, j int, q string) (int, error)) {
	random := rand.New(rand.NewPCG(uint64(seed), 1))
	for j, q := range questions {
		deliver := func() {
			for t.Context().Err() == nil {
				if status, err := post(t.Context(), j, q); err == nil && status == http.StatusOK {
					return
				}
				// A provider waits before it tries again.
				select {
				case <-time.After(20 * time.Millisecond):
				case <-t.Context().Done():
				}
			}
		}
		var twice sync.WaitGroup
		if random.IntN(20) == 0 {
			twice.Go(deliver)
		}
		deliver()
		twice.Wait()
		time.Sleep(time.Duration(random.Int64N(2*int64(pause) + 1)))
	}
}

// settled waits until every resident has the last answer, checks that each has
// all answers in order, and returns how many Telegram messages came twice.
func settled(t *testing.T, w *world, residents, chats int) (doubled int) {
	t.Helper()
	wantSMS, wantTelegram := expected(t, bot.SMS, questions), expected(t, bot.Telegram, questions)
	for i := 1; i < len(questions); i++ {
		if wantSMS[i] == wantSMS[i-1] || wantTelegram[i] == wantTelegram[i-1] {
			t.Fatalf("two answers in a row are alike: %q", wantSMS[i])
		}
	}
	// The lease of a process that died runs for 30 seconds.
	w.twilio.WaitForAll(t, residents, func(m channeltest.TwilioMessage) bool { return m.Body == wantSMS[len(wantSMS)-1] })
	w.telegram.WaitForAll(t, chats, func(m channeltest.TelegramMessage) bool { return m.Text == wantTelegram[len(wantTelegram)-1] })
	sms, telegram := w.smsTo(), map[int64][]string{}
	for _, m := range w.telegram.Messages() {
		telegram[m.Chat] = append(telegram[m.Chat], m.Text)
	}
	for i := range residents {
		if got := sms[number(i)]; !slices.Equal(got, wantSMS) {
			t.Errorf("%s got %d SMS, want the %d answers once each and in order:\n%q", number(i), len(got), len(wantSMS), got)
		}
	}
	for i := range chats {
		got := telegram[chat(i)]
		once := slices.Compact(slices.Clone(got))
		if !slices.Equal(once, wantTelegram) {
			t.Errorf("chat %d got %d messages, want the %d answers in order:\n%q", chat(i), len(got), len(wantTelegram), got)
		}
		doubled += len(got) - len(once)
	}
	return doubled
}

func number(i int) string { return fmt.Sprintf("+31611%06d", i) }

func chat(i int) int64 { return int64(1_000_000 + i) }

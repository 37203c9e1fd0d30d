package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/valyala/fasthttp"

	signing "github.com/balie-nl/balie/channels/twilio"
)

// fault is what the fake server does wrong, with the sixth message of one
// resident.
type fault int

const (
	none fault = iota
	lose
	double
	swap       // with the seventh
	babble     // say something more that nobody asked for
	refuseOnce // answer 503 at first
)

const faulty = 5

// fake is a small server that answers each message at once and, apart from its
// fault, once and in order.
type fake struct {
	t        *testing.T
	options  options // of the server
	provider string
	fault    fault

	order     sync.Mutex // held from hearing a message until its replies are sent
	mu        sync.Mutex
	news      *sync.Cond
	seen      map[string]bool     // ids of messages
	residents []string            // in order of appearance
	heard     map[string][]string // by resident
	shown     map[string][]string // replies in the web chat
	held      string              // a reply that another is to overtake
	refused   bool
	callbacks map[string]int // by status
	closing   bool
}

// play runs a fake server and measures it.
func play(t *testing.T, fault fault, change func(*options)) (report, *fake, error) {
	t.Helper()
	o := &options{
		Kind: "twilio", PublicURL: "https://gw.example.nl", Provider: "127.0.0.1:0",
		Account: "AC01", Token: "12345", Number: "+3197010240000", BotToken: "123456:ABC", Secret: "s",
		Residents: 3, Messages: 15, Connections: 4, Patience: 30 * time.Second,
	}
	f := &fake{
		t: t, options: *o, fault: fault, seen: map[string]bool{}, heard: map[string][]string{},
		shown: map[string][]string{}, callbacks: map[string]int{},
	}
	f.news = sync.NewCond(&f.mu)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks/twilio/sms", f.sms)
	mux.HandleFunc("POST /webhooks/twilio/status", f.status)
	mux.HandleFunc("POST /webhooks/telegram", f.telegram)
	mux.HandleFunc("POST /chat", f.chat)
	mux.HandleFunc("GET /chat/stream", f.stream)
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		f.mu.Lock()
		f.closing = true
		f.mu.Unlock()
		f.news.Broadcast()
		server.Close()
	})
	o.URL = server.URL
	change(o)
	if err := o.Validate(); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", o.Provider)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	f.provider = "http://" + l.Addr().String()
	r, err := measure(t.Context(), o, l)
	return r, f, err
}

// take hears a message and returns the replies to send now; false when it is to
// be refused.
func (f *fake) take(resident, id, text string) (replies []string, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.seen[id] {
		return nil, true
	}
	if !slices.Contains(f.residents, resident) {
		f.residents = append(f.residents, resident)
	}
	n := len(f.heard[resident])
	answer := "Antwoord op: " + text
	// The first resident is the one who learns.
	if len(f.residents) > 1 && f.residents[1] == resident {
		switch {
		case n == faulty && f.fault == refuseOnce && !f.refused:
			f.refused = true
			return nil, false
		case n == faulty && f.fault == double:
			replies = []string{answer}
		case n == faulty && f.fault == babble:
			replies = []string{"Mooi weer vandaag."}
		case n == faulty && f.fault == swap:
			f.held, answer = answer, ""
		case n == faulty && f.fault == lose:
			answer = ""
		}
	}
	f.seen[id] = true
	f.heard[resident] = append(f.heard[resident], text)
	if answer != "" {
		replies = append(replies, answer)
	}
	if f.held != "" && answer != "" && f.residents[1] == resident {
		replies = append(replies, f.held)
		f.held = ""
	}
	return replies, true
}

func (f *fake) sms(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	if !f.signed(r) || r.PostForm.Get("AccountSid") != f.options.Account || r.PostForm.Get("To") != f.options.Number {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	f.order.Lock()
	defer f.order.Unlock()
	replies, ok := f.take(r.PostForm.Get("From"), r.PostForm.Get("MessageSid"), r.PostForm.Get("Body"))
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, text := range replies {
		form := url.Values{
			"To": {r.PostForm.Get("From")}, "From": {f.options.Number}, "Body": {text},
			"StatusCallback": {f.options.PublicURL + "/webhooks/twilio/status?message=7"},
		}
		f.send("/2010-04-01/Accounts/"+f.options.Account+"/Messages.json", "application/x-www-form-urlencoded", strings.NewReader(form.Encode()), http.StatusCreated)
	}
	_, _ = io.WriteString(w, "<Response/>")
}

// signed checks with the server's own code.
func (f *fake) signed(r *http.Request) bool {
	return signing.Valid(f.options.Token, f.options.PublicURL+r.RequestURI, r.Header.Get("X-Twilio-Signature"), r.PostForm)
}

// status does not accept that anything was delivered.
func (f *fake) status(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	if !f.signed(r) || r.URL.Query().Get("message") != "7" {
		f.t.Errorf("callback %s is not signed", r.RequestURI)
	}
	status := r.PostForm.Get("MessageStatus")
	f.mu.Lock()
	f.callbacks[status]++
	f.mu.Unlock()
	if status == "delivered" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

func (f *fake) telegram(w http.ResponseWriter, r *http.Request) {
	var u update
	if err := json.NewDecoder(r.Body).Decode(&u); err != nil || r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != f.options.Secret {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	f.order.Lock()
	defer f.order.Unlock()
	replies, ok := f.take(u.Message.Chat.ID.String(), strconv.FormatInt(u.ID, 10), u.Message.Text)
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	for _, text := range replies {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("chat_id", u.Message.Chat.ID.String())
		_ = form.WriteField("text", text)
		_ = form.Close()
		f.send("/bot"+f.options.BotToken+"/sendMessage", form.FormDataContentType(), &body, http.StatusOK)
	}
}

// send calls the provider.
func (f *fake) send(path, kind string, body io.Reader, want int) {
	req, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.provider+path, body)
	if err != nil {
		f.t.Error(err)
		return
	}
	req.Header.Set("Content-Type", kind)
	req.SetBasicAuth(f.options.Account, f.options.Token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		f.t.Errorf("send: %v", err)
		return
	}
	_ = res.Body.Close()
	if res.StatusCode != want {
		f.t.Errorf("the stand-in answered %d to %s", res.StatusCode, path)
	}
}

func (f *fake) chat(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Accept") != "application/json" {
		f.t.Error("not sent as the page's script does")
	}
	token := r.FormValue("start")
	if c, err := r.Cookie("balie_chat"); err == nil {
		token = c.Value
	}
	f.order.Lock()
	defer f.order.Unlock()
	replies, ok := f.take(token, r.FormValue("key"), r.FormValue("text"))
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	f.mu.Lock()
	f.shown[token] = append(f.shown[token], replies...)
	f.mu.Unlock()
	f.news.Broadcast()
	http.SetCookie(w, &http.Cookie{Name: "balie_chat", Value: token, Path: "/chat", Secure: true})
	_, _ = fmt.Fprintf(w, `{"ok":true,"key":%q}`, randomKey())
}

// stream ends after a few events, and begins with one that the page has.
func (f *fake) stream(w http.ResponseWriter, r *http.Request) {
	const most = 9
	since, _ := strconv.Atoi(r.URL.Query().Get("since"))
	c, err := r.Cookie("balie_chat")
	if err != nil {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	_, _ = io.WriteString(w, "retry: 2000\n\n:\n\n")
	for id := max(1, since); id < since+most; id++ {
		text, ok := f.reply(c.Value, id)
		if !ok {
			return
		}
		said := fmt.Sprintf("<li id=\"m%d\" data-from=\"you\">\n<div class=\"words\" dir=\"auto\">%s</div></li>", id, text)
		if id%3 == 0 { // what the resident said is no reply
			_, _ = fmt.Fprintf(w, "event: entry\ndata: %s\n\n", strings.ReplaceAll(said, "\n", "\ndata: "))
		}
		replied := fmt.Sprintf("<li id=\"m%d\" data-from=\"bot\">\n<div class=\"words\" lang=\"nl\" dir=\"auto\"><p>%s\n</p></div></li>", id, text)
		_, _ = fmt.Fprintf(w, "id: %d\nevent: entry\ndata: %s\n\n", id, strings.ReplaceAll(replied, "\n", "\ndata: "))
		w.(http.Flusher).Flush()
	}
}

// reply waits for the n-th reply to a resident, counted from 1.
func (f *fake) reply(token string, n int) (string, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for len(f.shown[token]) < n {
		if f.closing {
			return "", false
		}
		f.news.Wait()
	}
	return f.shown[token][n-1], true
}

func TestAllIsWell(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"twilio", "telegram", "webchat"} {
		for name, change := range map[string]func(*options){
			"closed":   func(*options) {},
			"pipeline": func(o *options) { o.Pipeline = true },
			"open":     func(o *options) { o.Rate = 1000 },
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				r, f, err := play(t, none, func(o *options) {
					o.Kind, o.Duplicates = kind, 1
					change(o)
				})
				if err != nil {
					t.Fatal(err)
				}
				if r.Messages != 45 || r.Accepted != 45 || r.Replies != 45 || r.Redelivered != 45 || r.Loop != name {
					t.Errorf("got %+v", r)
				}
				if !r.clean() || r.Retries != 0 || r.Strangers != 0 {
					t.Errorf("not clean: %+v", r)
				}
				if r.ToReply.P50 <= 0 || r.ToReply.Max < r.ToReply.P50 || r.AcceptsPerSecond <= 0 || r.RepliesPerSecond <= 0 {
					t.Errorf("latencies %+v", r)
				}
				for _, resident := range f.residents[1:] {
					heard := f.heard[resident]
					if len(heard) != 16 || heard[0] != greeting || len(slices.Compact(slices.Clone(heard))) != 16 {
						t.Errorf("asked %q", heard)
					}
				}
			})
		}
	}
}

func TestFaultsAreFound(t *testing.T) {
	t.Parallel()
	type faults struct{ losses, duplicates, disorder, unexpected, retries, replies int }
	for name, tc := range map[string]struct {
		fault fault
		want  faults
		clean bool
	}{
		"loses one":    {lose, faults{losses: 1, replies: 44}, false},
		"doubles one":  {double, faults{duplicates: 1, replies: 45}, false},
		"swaps two":    {swap, faults{disorder: 1, replies: 45}, false},
		"babbles":      {babble, faults{unexpected: 1, replies: 45}, false},
		"refuses once": {refuseOnce, faults{retries: 1, replies: 45}, true},
	} {
		for _, kind := range []string{"twilio", "telegram", "webchat"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				r, _, err := play(t, tc.fault, func(o *options) {
					o.Kind, o.Pipeline = kind, true
					if tc.fault == lose {
						o.Patience = 3 * time.Second
					}
				})
				if err != nil {
					t.Fatal(err)
				}
				got := faults{r.Losses, r.Duplicates, r.Disorder, r.Unexpected, r.Retries, r.Replies}
				if got != tc.want || r.clean() != tc.clean || r.Accepted != 45 || len(r.Errors) != 0 {
					t.Errorf("got %+v, want %+v; %+v", got, tc.want, r)
				}
				if tc.fault == refuseOnce && r.Refusals["503"] != 1 {
					t.Errorf("refusals %v", r.Refusals)
				}
			})
		}
	}
}

func TestCallbacks(t *testing.T) {
	t.Parallel()
	r, f, err := play(t, none, func(o *options) { o.Callbacks = []string{"sent", "delivered"} })
	if err != nil {
		t.Fatal(err)
	}
	// All answers count: 15 and the greeting of each, and what was learned.
	n := 3*16 + 1 + len(questions())
	if want := (tally{Sent: int64(2 * n), Refused: int64(n)}); r.Callbacks == nil || *r.Callbacks != want {
		t.Errorf("got %+v, want %+v", r.Callbacks, want)
	}
	if f.callbacks["sent"] != n || f.callbacks["delivered"] != n {
		t.Errorf("the server got %v, want %d of each", f.callbacks, n)
	}
}

func TestWrongConfigurationIsExplained(t *testing.T) {
	t.Parallel()
	_, _, err := play(t, none, func(o *options) { o.PublicURL = "https://other.example.nl" })
	if err == nil || !strings.Contains(err.Error(), "403") || !strings.Contains(err.Error(), "--public-url") {
		t.Errorf("got %v", err)
	}
}

// TestList asks the stand-in what it accepted, as a server does after it was
// killed.
func TestList(t *testing.T) {
	t.Parallel()
	o := &options{Account: "AC01", Token: "12345"}
	s := newTwilio(o, nil)
	s.town = newTown(1, s.address)
	r := s.town.measured()[0]
	r.receive([]byte("een"), "SM1", time.Now())
	r.receive([]byte("twee"), "SM2", time.Now())

	ctx := &fasthttp.RequestCtx{}
	ctx.Request.SetRequestURI(s.path + "?PageSize=1&To=" + url.QueryEscape(r.address))
	s.handle(ctx)
	if ctx.Response.StatusCode() != http.StatusUnauthorized {
		t.Errorf("without a login: %d", ctx.Response.StatusCode())
	}
	ctx.Request.Header.Set("Authorization", s.login)
	s.handle(ctx)
	var got struct{ Messages []struct{ SID, Body string } }
	if err := json.Unmarshal(ctx.Response.Body(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Messages) != 1 || got.Messages[0].SID != "SM2" || got.Messages[0].Body != "twee" {
		t.Errorf("got %+v", got)
	}
}

// TestMatch writes conversations as letters: what was asked, and the replies as
// they came.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, asked, came                   string
		lost, doubled, unexpected, disorder int
	}{
		{"nothing", "", "", 0, 0, 0, 0},
		{"all", "abcabc", "abcabc", 0, 0, 0, 0},
		{"none came", "abc", "", 3, 0, 0, 0},
		{"first lost", "abcabc", "bcabc", 1, 0, 0, 0},
		{"middle lost", "abcabc", "abcbc", 1, 0, 0, 0},
		{"last lost", "abcabc", "abcab", 1, 0, 0, 0},
		{"first doubled", "abcabc", "aabcabc", 0, 1, 0, 0},
		{"last doubled", "abcabc", "abcabcc", 0, 1, 0, 0},
		{"doubled late", "abcdabcd", "abacdabcd", 0, 1, 0, 0},
		{"all doubled", "abc", "aabbcc", 0, 3, 0, 0},
		{"swapped", "abcabc", "acbabc", 0, 0, 0, 1},
		{"one far too late", "abcdef", "bcdefa", 0, 0, 0, 1},
		{"lost and doubled", "abcdef", "abbdef", 1, 1, 0, 0},
		{"strange", "abc", "axbc", 0, 0, 1, 0},
	} {
		begin := time.Now()
		var asked []*ask
		for _, c := range tc.asked {
			asked = append(asked, &ask{want: string(c), begun: begin, accepted: begin})
		}
		var replies []reply
		for _, c := range tc.came {
			replies = append(replies, reply{at: begin, text: string(c)})
		}
		o := match(asked, replies)
		if o.lost != tc.lost || o.doubled != tc.doubled || o.unexpected != tc.unexpected || o.disorder != tc.disorder {
			t.Errorf("%s: got %+v", tc.name, o)
		}
	}
}

// TestMatchByTime has a reply come before its question: it is a doubled one, and
// the second question got none.
func TestMatchByTime(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	at := func(seconds int) time.Time { return begin.Add(time.Duration(seconds) * time.Second) }
	asked := []*ask{{want: "a", begun: at(0), accepted: at(0)}, {want: "a", begun: at(10), accepted: at(10)}}
	o := match(asked, []reply{{at: at(1), text: "a"}, {at: at(2), text: "a"}})
	if o.lost != 1 || o.doubled != 1 || o.disorder != 0 || !slices.Equal(o.answers, []int{0, -1}) {
		t.Errorf("got %+v", o)
	}
	asked[1].accepted = time.Time{} // what was never accepted is not lost
	if o := match(asked, []reply{{at: at(1), text: "a"}}); o.lost != 0 {
		t.Errorf("got %+v", o)
	}
}

func TestSpread(t *testing.T) {
	t.Parallel()
	var latencies []time.Duration
	for _, i := range rand.Perm(2000) {
		latencies = append(latencies, time.Duration(i+1)*time.Millisecond)
	}
	if got, want := newSpread(latencies), (spread{1000, 1800, 1980, 1998, 2000}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got, want := newSpread(latencies[:3]), (spread{2, 3, 3, 3, 3}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := newSpread(nil); got != (spread{}) {
		t.Errorf("got %+v", got)
	}
}

func TestFlags(t *testing.T) {
	t.Parallel()
	twilio := "--kind=twilio --account=AC01 --token=12345"
	for _, tc := range []struct{ flags, problem string }{
		{twilio, ""},
		{twilio + " --url=http://localhost:8080/ --provider=[::1]:9900 --rate=5 --pid=1,2", ""},
		{twilio + " --callbacks=", ""},
		{twilio + " --url=http://192.168.1.5:8080", "--url http://192.168.1.5:8080 is not this machine"},
		{twilio + " --url=http://balie.example.nl", "is not this machine"},
		{twilio + " --url=https://127.0.0.1", "--url must look like"},
		{twilio + " --url=http://127.0.0.1/chat", "--url must look like"},
		{twilio + " --provider=0.0.0.0:9900", "--provider 0.0.0.0:9900 is not this machine"},
		{twilio + " --provider=:9900", "is not this machine"},
		{twilio + " --rate=5 --pipeline", "exclude each other"},
		{twilio + " --duplicates=2", "--duplicates"},
		{twilio + " --residents=0", "1 or more"},
		{"--kind=twilio --account= --token=", "--kind twilio needs"},
		{"--kind=telegram --bot-token= --secret=", "--kind telegram needs"},
		{"--kind=pigeon", "must be one of"},
	} {
		var o options
		parser, err := kong.New(&o)
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse(strings.Fields(tc.flags))
		if tc.problem == "" && err != nil || tc.problem != "" && (err == nil || !strings.Contains(err.Error(), tc.problem)) {
			t.Errorf("%s: got %v, want %q", tc.flags, err, tc.problem)
		}
		if strings.HasSuffix(tc.flags, "--callbacks=") && len(o.Callbacks) != 0 {
			t.Errorf("%s: got %q", tc.flags, o.Callbacks)
		}
	}
}

func TestProcesses(t *testing.T) {
	t.Parallel()
	m, err := newMeters([]int{os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range m.read(10) {
		if p.PID != os.Getpid() || p.Name == "" || p.CPU < 0 || p.EndMB <= 0 || p.PeakMB < p.EndMB || p.Finished {
			t.Errorf("got %+v", p)
		}
	}
	if _, err := newMeters([]int{-1}); err == nil {
		t.Error("a process that is not there: no error")
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	r := report{
		Kind: "twilio", Loop: "closed", Residents: 2, Messages: 40, Accepted: 39, Replies: 38,
		Refusals: map[string]int{"503": 3, noAnswer: 1}, Errors: map[string]int{"503": 1}, Losses: 1,
		ToReply: spread{1, 2, 3, 4, 5}, Callbacks: &tally{Sent: 10, Refused: 2},
		Processes: []process{{PID: 7, Name: "balie", CPU: 1, CPUPer: 250, PeakMB: 80, EndMB: 70}, {PID: 8, Name: "gone", Finished: true}},
	}
	var table, object bytes.Buffer
	if err := r.write(&table, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"3 of 503, 1 of no answer", "p50 1.0, p90 2.0, p99 3.0, p99.9 4.0, max 5.0 ms", "10, 2 refused", "balie (7)", "250.00 s for 10,000 messages",
	} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, &table)
		}
	}
	if err := r.write(&object, true); err != nil {
		t.Fatal(err)
	}
	var back report
	if err := json.Unmarshal(object.Bytes(), &back); err != nil || back.Losses != 1 || back.ToReply != r.ToReply || len(back.Processes) != 2 {
		t.Errorf("got %+v %v", back, err)
	}
}

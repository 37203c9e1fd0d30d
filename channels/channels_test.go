package channels_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/channeltest"
)

// journal is a log that is read while it is written.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// start serves the gateway with a few routes that misbehave.
func start(t *testing.T, change func(*channels.Config)) (base string, logs *journal) {
	t.Helper()
	logs = &journal{}
	cfg := channels.Config{
		PublicURL: "https://gw.example.nl", Registry: prometheus.NewRegistry(), Log: slog.New(slog.NewTextHandler(logs, nil)),
	}
	if change != nil {
		change(&cfg)
	}
	app, err := channels.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	app.Get("/page/:name", func(c *fiber.Ctx) error { return c.SendString("page") })
	app.Post("/echo", func(c *fiber.Ctx) error { return c.Send(c.Body()) })
	app.Get("/panic", func(*fiber.Ctx) error { panic("mijn bsn is 111222333") })
	app.Get("/secret", func(*fiber.Ctx) error { return errors.New("pq: password for balie is hunter2") })
	app.Get("/unavailable", func(*fiber.Ctx) error { return channels.Unavailable() })
	app.Get("/teapot", func(*fiber.Ctx) error { return fiber.NewError(fiber.StatusTeapot, "a clear reason") })
	app.Get("/inside", func(*fiber.Ctx) error { return fiber.NewError(fiber.StatusBadGateway, "upstream 10.0.0.7") })
	app.Get("/ip", func(c *fiber.Ctx) error { return c.SendString(c.IP()) })
	return channeltest.Serve(t, app), logs
}

func get(t *testing.T, address string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := channeltest.Guard{}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	base, _ := start(t, nil)
	for _, tc := range []struct {
		path   string
		status int
		body   string
	}{
		{"/healthz", 200, "ok"},
		{"/readyz", 200, "ready"},
		{"/page/paspoort", 200, "page"},
		{"/page/paspoort/", 404, "Not Found"},
		{"/Page/paspoort", 404, "Not Found"},
		{"/<script>alert(1)</script>", 404, "Not Found"},
		{"/echo", 405, "Method Not Allowed"},
		{"/panic", 500, "Internal Server Error"},
		{"/secret", 500, "Internal Server Error"},
		{"/inside", 502, "Bad Gateway"},
		{"/teapot", 418, "a clear reason"},
		{"/unavailable", 503, "Service Unavailable"},
	} {
		t.Run(tc.path, func(t *testing.T) {
			t.Parallel()
			res, body := get(t, base+tc.path)
			if res.StatusCode != tc.status || body != tc.body {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, body, tc.status, tc.body)
			}
			for name, want := range map[string]string{
				"Content-Security-Policy":   "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
				"X-Content-Type-Options":    "nosniff",
				"Referrer-Policy":           "same-origin",
				"Strict-Transport-Security": "max-age=31536000",
			} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if retry := res.Header.Get("Retry-After"); (retry != "") != (tc.status == 503) {
				t.Errorf("Retry-After is %q", retry)
			}
		})
	}
}

func TestPanicIsLoggedWithoutItsWords(t *testing.T) {
	t.Parallel()
	base, logs := start(t, nil)
	get(t, base+"/panic")
	get(t, base+"/healthz") // the first answer's log is complete when the next came
	if got := logs.String(); !strings.Contains(got, "panic in a handler") || strings.Contains(got, "111222333") {
		t.Errorf("log: %s", got)
	}
}

func TestPlainHTTPDoesNotPromiseHTTPS(t *testing.T) {
	t.Parallel()
	base, _ := start(t, func(cfg *channels.Config) { cfg.PublicURL = "http://localhost:8080/" })
	if res, _ := get(t, base+"/healthz"); res.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS on a http address")
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		ready  func(context.Context) error
		status int
	}{
		{"ready", func(context.Context) error { return nil }, 200},
		{"not ready", func(context.Context) error { return errors.New("database is at 10.0.0.7") }, 503},
		{"stuck", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, 503},
		{"panic", func(context.Context) error { panic("boom") }, 500},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			base, _ := start(t, func(cfg *channels.Config) { cfg.Ready = tc.ready })
			res, body := get(t, base+"/readyz")
			if res.StatusCode != tc.status || strings.Contains(body, "10.0.0.7") {
				t.Errorf("got %d %q, want %d", res.StatusCode, body, tc.status)
			}
			if res, _ := get(t, base+"/healthz"); res.StatusCode != http.StatusOK {
				t.Errorf("healthz: %d", res.StatusCode)
			}
		})
	}
}

func TestMetricsNameRoutesNotPaths(t *testing.T) {
	t.Parallel()
	base, _ := start(t, nil)
	for _, path := range []string{"/page/a", "/page/b", "/nowhere/0612345678", "/panic", "/teapot", "/"} {
		get(t, base+path)
	}
	res, body := get(t, base+"/metrics")
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.StatusCode)
	}
	for _, want := range []string{
		`balie_http_requests_total{method="GET",route="/page/:name",status="200"} 2`,
		`balie_http_requests_total{method="GET",route="none",status="404"} 2`,
		`balie_http_requests_total{method="GET",route="/panic",status="500"} 1`,
		`balie_http_requests_total{method="GET",route="/teapot",status="418"} 1`,
		`balie_http_request_duration_seconds_count{method="GET",route="/page/:name"} 2`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("missing %s in\n%s", want, body)
		}
	}
	if strings.Contains(body, "0612345678") {
		t.Error("a path became a label")
	}
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	base, _ := start(t, nil)
	status, body, err := channeltest.Post(t.Context(), base+"/echo", strings.Repeat("x", 64<<10), nil)
	if err != nil || status != 200 || len(body) != 64<<10 {
		t.Errorf("64 KB: %d, %d bytes, %v", status, len(body), err)
	}
	// The answer can be lost when the rest of the body meets a closed connection.
	if status, _, err := channeltest.Post(t.Context(), base+"/echo", strings.Repeat("x", 64<<10+1), nil); err == nil && status != 413 {
		t.Errorf("more than 64 KB: %d", status)
	}
}

// TestUploads checks that a file may be sent where that is asked, and only there; and
// that not everybody can do so at once.
func TestUploads(t *testing.T) {
	t.Parallel()
	base, _ := start(t, func(cfg *channels.Config) { cfg.Uploads = map[string]int{"/echo": 1 << 20} })
	post := func(path string, size int) int {
		status, body, err := channeltest.Post(t.Context(), base+path, strings.Repeat("x", size), nil)
		if err != nil {
			return 413 // the connection was closed while we still sent
		}
		if status == 200 && len(body) != size {
			t.Errorf("%d bytes came back as %d", size, len(body))
		}
		return status
	}
	if got := post("/echo?taal=en", 1<<20); got != 200 {
		t.Errorf("an upload: %d", got)
	}
	if got := post("/echo", 1<<20+1); got != 413 {
		t.Errorf("too large an upload: %d", got)
	}
	if got := post("/ip", 1<<20); got != 413 {
		t.Errorf("an upload elsewhere: %d", got)
	}
	refused := 0
	for range 30 {
		if post("/echo", 100<<10) == 413 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("there is no limit to uploads at the same time")
	}
	if got := post("/echo", 1000); got != 200 {
		t.Errorf("a small message meanwhile: %d", got)
	}
}

func TestCompressedBodyIsRefused(t *testing.T) {
	t.Parallel()
	base, _ := start(t, nil)
	for encoding, want := range map[string]int{"gzip": 415, "br, gzip": 415, "identity": 200, "": 200} {
		status, _, err := channeltest.Post(t.Context(), base+"/echo", "x", map[string]string{"Content-Encoding": encoding})
		if err != nil || status != want {
			t.Errorf("%q: got %d %v, want %d", encoding, status, err, want)
		}
	}
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	trusting, _ := start(t, func(cfg *channels.Config) { cfg.TrustedProxies = []string{"127.0.0.0/8"} })
	wary, _ := start(t, func(cfg *channels.Config) { cfg.TrustedProxies = []string{"192.0.2.1"} })
	for _, tc := range []struct {
		name, base, header, value, want string
	}{
		{"trusted proxy", trusting, "X-Real-IP", "198.51.100.9", "198.51.100.9"},
		{"client's own list is not believed", trusting, "X-Forwarded-For", "198.51.100.9", "127.0.0.1"},
		{"stranger", wary, "X-Real-IP", "198.51.100.9", "127.0.0.1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, got := get(t, tc.base+"/ip", tc.header, tc.value); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	log := slog.New(slog.DiscardHandler)
	for _, tc := range []struct {
		name string
		cfg  channels.Config
	}{
		{"no address", channels.Config{Log: log, Registry: prometheus.NewRegistry()}},
		{"no scheme", channels.Config{PublicURL: "gw.example.nl", Log: log, Registry: prometheus.NewRegistry()}},
		{"query", channels.Config{PublicURL: "https://gw.example.nl/?x=1", Log: log, Registry: prometheus.NewRegistry()}},
		{"password", channels.Config{PublicURL: "https://a:b@gw.example.nl", Log: log, Registry: prometheus.NewRegistry()}},
		{"no log", channels.Config{PublicURL: "https://gw.example.nl", Registry: prometheus.NewRegistry()}},
		{"no registry", channels.Config{PublicURL: "https://gw.example.nl", Log: log}},
		{"proxy is a name", channels.Config{PublicURL: "https://gw.example.nl", Log: log, Registry: prometheus.NewRegistry(), TrustedProxies: []string{"proxy"}}},
		{"everybody is a proxy", channels.Config{PublicURL: "https://gw.example.nl", Log: log, Registry: prometheus.NewRegistry(), TrustedProxies: []string{"0.0.0.0/0"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if _, err := channels.New(tc.cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// TestRequestSmuggling sends two requests of which the second is hidden in the
// first for whoever measures its length the other way. Only one answer may come.
func TestRequestSmuggling(t *testing.T) {
	t.Parallel()
	base, _ := start(t, nil)
	hidden := "GET /page/hidden HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, tc := range []struct{ name, request string }{
		{"both lengths", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden},
		{"both lengths, other order", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + hidden},
		{"both lengths, odd case", "POST /echo HTTP/1.1\r\nHost: x\r\ncontent-LENGTH: 4\r\ntransfer-ENCODING: chunked\r\n\r\n0\r\n\r\n" + hidden},
		{"identity", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: identity\r\n\r\nabcd" + hidden},
		{"two lengths", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 44\r\n\r\nabcd" + hidden},
		{"unknown encoding", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden},
		{"line feed in chunk extension", "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0;\nx\r\n\r\n" + hidden},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(t.Context(), "tcp", strings.TrimPrefix(base, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close() }()
			if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(conn, tc.request); err != nil {
				t.Fatal(err)
			}
			reader := bufio.NewReader(conn)
			res, err := http.ReadResponse(reader, nil)
			if err != nil {
				return // closed without an answer is as good
			}
			_, _ = io.Copy(io.Discard, res.Body)
			if res.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d, want 400", res.StatusCode)
			}
			if !res.Close {
				t.Error("the connection stays open")
			}
			if rest, _ := io.ReadAll(reader); len(rest) > 0 {
				t.Errorf("the hidden request was answered: %.100q", rest)
			}
		})
	}
}

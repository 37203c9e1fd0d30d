package channels_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/channels"
)

func TestExchange(t *testing.T) {
	t.Parallel()
	drop := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		_ = conn.Close()
	}
	refuse := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	}
	var path string
	for _, tc := range []struct {
		name    string
		handler http.HandlerFunc // nil: nobody listens
		written bool
		status  int
		wish    time.Duration
	}{
		{"nobody listens", nil, false, 0, 0},
		{"cut off", drop, true, 0, 0},
		{"refused", refuse, true, 429, 7 * time.Second},
		{"answered", func(_ http.ResponseWriter, r *http.Request) { path = r.URL.Path }, true, 200, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			base := nobody(t)
			if tc.handler != nil {
				server := httptest.NewServer(tc.handler)
				defer server.Close()
				base = server.URL
			}
			transport, err := channels.NewTransport(base + "/prefix/")
			if err != nil {
				t.Fatal(err)
			}
			ctx, exchange := channels.Watch(t.Context())
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.example.com/send?secret=1", strings.NewReader("x"))
			if err != nil {
				t.Fatal(err)
			}
			res, err := (&http.Client{Transport: transport}).Do(r)
			if err == nil {
				_ = res.Body.Close()
			} else if strings.Contains(channels.Redacted(err).Error(), "secret") {
				t.Errorf("the address is in the error: %v", channels.Redacted(err))
			}
			if exchange.Written() != tc.written || exchange.Status() != tc.status || exchange.RetryAfter(time.Time{}) != tc.wish {
				t.Errorf("written %v, status %d, retry after %v", exchange.Written(), exchange.Status(), exchange.RetryAfter(time.Time{}))
			}
		})
	}
	if path != "/prefix/send" {
		t.Errorf("path %q", path)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		header string
		want   time.Duration
	}{
		{"", 0},
		{"3", 3 * time.Second},
		{" 1.5 ", 1500 * time.Millisecond},
		{"-1", 0},
		{"soon", 0},
		{"NaN", 0},
		{"99999999999999999999", time.Hour},
		{"Mon, 23 Nov 2026 12:00:30 GMT", 30 * time.Second},
		{"Mon, 23 Nov 2026 11:00:00 GMT", 0},
	} {
		t.Run(tc.header, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", tc.header)
			}))
			defer server.Close()
			transport, err := channels.NewTransport("")
			if err != nil {
				t.Fatal(err)
			}
			ctx, exchange := channels.Watch(t.Context())
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
			res, err := transport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if got := exchange.RetryAfter(now); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestProviderAddressIsChecked(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"127.0.0.1:1", "ftp://x", "https://", "https://x?y=1", "https://x#y"} {
		if _, err := channels.NewTransport(base); err == nil {
			t.Errorf("%q accepted", base)
		}
	}
}

// nobody is an address on which nobody listens.
func nobody(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return "http://" + listener.Addr().String()
}

package channels

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// SendLimit is how long one request to a provider may take.
	SendLimit = 10 * time.Second
	// maxAnswer bounds what a provider's answer may occupy in memory.
	maxAnswer = 4 << 20
	// maxWish bounds for how long a provider can silence us.
	maxWish = time.Hour
)

// Exchange is what became of one request to a provider, as far as the
// provider's library does not tell. Use it for one request at a time.
type Exchange struct {
	written    atomic.Bool
	status     atomic.Int64
	retryAfter atomic.Value
}

// Written reports whether the provider may have seen the request: a connection
// existed and it was, at least in part, sent.
func (e *Exchange) Written() bool { return e.written.Load() }

// Status is that of the answer, 0 when none came.
func (e *Exchange) Status() int { return int(e.status.Load()) }

// RetryAfter is how long the provider asked us to wait, zero if it did not.
func (e *Exchange) RetryAfter(now time.Time) time.Duration {
	header, _ := e.retryAfter.Load().(string)
	if header == "" {
		return 0
	}
	wish := time.Duration(0)
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(header), 64); err == nil && seconds > 0 {
		wish = time.Duration(min(seconds, maxWish.Seconds()) * float64(time.Second))
	} else if at, err := http.ParseTime(header); err == nil {
		wish = at.Sub(now)
	}
	return min(max(wish, 0), maxWish)
}

type exchangeKey struct{}

// Watch returns a context whose request is recorded in the exchange.
func Watch(ctx context.Context) (context.Context, *Exchange) {
	e := &Exchange{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		// From the first header on, the provider may have understood enough to act.
		WroteHeaderField: func(string, []string) { e.written.Store(true) },
		WroteHeaders:     func() { e.written.Store(true) },
	})
	return context.WithValue(ctx, exchangeKey{}, e), e
}

// Transport carries requests to a provider: to the address that is configured
// for it, with bounded answers.
type Transport struct {
	base *url.URL // nil: where the request wants to go
	next http.RoundTripper
}

// NewTransport makes a transport that sends everything to apiBase instead of to
// the address that the provider's library has built in; empty leaves that one.
func NewTransport(apiBase string) (*Transport, error) {
	next := &http.Transport{
		Proxy:       http.ProxyFromEnvironment,
		DialContext: (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		// HTTP/2 is left off: its stream errors do not tell whether a request was
		// processed, and what is sent at once needs a connection each, and they are kept.
		ForceAttemptHTTP2:   false,
		MaxIdleConnsPerHost: 64, IdleConnTimeout: 60 * time.Second,
		TLSHandshakeTimeout: 5 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
	t := &Transport{next: next}
	if apiBase == "" {
		return t, nil
	}
	u, err := url.Parse(apiBase)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("channels: a provider's address must look like https://api.example.com")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	t.base = u
	return t, nil
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if t.base != nil {
		r.URL.Scheme, r.URL.Host = t.base.Scheme, t.base.Host
		r.URL.Path = t.base.Path + r.URL.Path
		r.URL.RawPath = ""
		r.Host = ""
	}
	res, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if e, ok := r.Context().Value(exchangeKey{}).(*Exchange); ok {
		e.status.Store(int64(res.StatusCode))
		e.retryAfter.Store(res.Header.Get("Retry-After"))
	}
	limit, ok := r.Context().Value(sizeKey{}).(int64)
	if !ok {
		limit = maxAnswer
	}
	res.Body = bounded{io.LimitReader(res.Body, limit), res.Body}
	return res, nil
}

type sizeKey struct{}

// WithAnswer lets the answers to requests with the context be so many bytes long, such
// as for a file. What comes after is cut off.
func WithAnswer(ctx context.Context, size int64) context.Context {
	return context.WithValue(ctx, sizeKey{}, size)
}

type bounded struct {
	io.Reader
	io.Closer
}

// Redacted takes the address out of an error of net/http: it can hold a token
// or a phone number.
func Redacted(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("%s: %w", u.Op, u.Err)
	}
	return err
}

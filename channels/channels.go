// Package channels is the gateway: the HTTP server that all channels share, and
// what they have in common when they talk to a provider.
//
// It knows HTTP, headers and health. It must not know what a message means, how
// it is stored or answered, nor any particular provider: a channel registers
// its routes on the app that New returns, and hands messages to a Receiver.
package channels

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/valyala/fasthttp"
	"golang.org/x/time/rate"

	"github.com/balie-nl/balie/bot"
)

// ReceiveLimit is how long a webhook may wait for the store. It is shorter than
// the 15 seconds that Twilio waits, so that the provider hears from us that it
// must try again.
const ReceiveLimit = 10 * time.Second

// maxConnections are served at the same time, besides live streams; others hear 503
// at once. Each takes some 50 KB.
const maxConnections = 4096

// bodyLimit is the largest request, in bytes, but for uploads. Of those at most
// uploadsAtOnce begin together, and one more each uploadEvery; with their time limit
// that is 25 at the same time.
const (
	bodyLimit     = 64 << 10
	uploadsAtOnce = 10
	uploadEvery   = 2 * time.Second
	uploadLimit   = 30 * time.Second
)

// readyLimit is how long /readyz waits for the parts that it asks.
const readyLimit = 2 * time.Second

// Receiver takes in what residents send.
type Receiver interface {
	// Receive stores a message and returns after the commit; false when it was
	// stored before. After an error the provider must deliver it again.
	Receive(context.Context, bot.Inbound) (bool, error)
}

// Receipts takes in what providers say about messages that we sent.
type Receipts interface {
	// Receipt gives bot.ErrNotFound for a message that is not ours.
	Receipt(context.Context, bot.Receipt) error
}

// Config is what the gateway needs. PublicURL, Log and Registry are required.
type Config struct {
	// PublicURL is the address under which residents and providers reach us.
	PublicURL string
	// TrustedProxies are addresses or networks whose X-Real-IP is believed.
	TrustedProxies []string
	// Uploads are the paths to which files may be sent, with the most bytes of each.
	Uploads map[string]int
	// Ready says whether messages can be taken in now; nil means always.
	Ready func(context.Context) error
	Log   *slog.Logger
	// Registry is shown on /metrics, and gets the gateway's own metrics.
	Registry *prometheus.Registry
}

// New makes the app with everything but the channels: they register their
// routes on it, and whoever starts the program listens.
func New(cfg Config) (*fiber.App, error) {
	public, err := ParsePublicURL(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	if cfg.Log == nil || cfg.Registry == nil {
		return nil, errors.New("channels: a log and a metrics registry are needed")
	}
	for _, proxy := range cfg.TrustedProxies {
		if err := CheckProxy(proxy); err != nil {
			return nil, fmt.Errorf("channels: %w", err)
		}
	}
	metrics, err := newMetrics(cfg.Registry)
	if err != nil {
		return nil, err
	}

	app := fiber.New(fiber.Config{
		Immutable: true, CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true,
		BodyLimit: bodyLimit, ReadBufferSize: 16 << 10, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: 75 * time.Second, Concurrency: maxConnections, EnableTrustedProxyCheck: true, TrustedProxies: cfg.TrustedProxies,
		ProxyHeader: "X-Real-IP", EnableIPValidation: true, ErrorHandler: writeError,
	})
	app.Server().HeaderReceived = uploads(cfg.Uploads)
	app.Use(observe(metrics, cfg.Log))
	app.Use(securityHeaders(public.Scheme == "https"))
	app.Use(refuseAmbiguousLength)
	app.Use(refuseCompressed)
	app.Get("/healthz", func(c *fiber.Ctx) error { return plain(c, fiber.StatusOK, "ok") })
	app.Get("/readyz", readiness(cfg.Ready, cfg.Log))
	app.Get("/metrics", metrics.handler(cfg.Registry))
	return app, nil
}

// uploads lets files be sent to some paths. A file is read into memory before anybody is
// asked, so only so many may come at the same time; others are refused as too large.
func uploads(sizes map[string]int) func(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	pace := rate.NewLimiter(rate.Every(uploadEvery), uploadsAtOnce)
	return func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		path, _, _ := strings.Cut(string(h.RequestURI()), "?")
		size, ok := sizes[path]
		if !ok || !h.IsPost() || h.ContentLength() <= bodyLimit || !pace.Allow() {
			return fasthttp.RequestConfig{}
		}
		return fasthttp.RequestConfig{MaxRequestBodySize: size, ReadTimeout: uploadLimit}
	}
}

// ParsePublicURL checks the address under which the world reaches us. Provider
// signatures are made with it, so it must be exact.
func ParsePublicURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("channels: the public address must look like https://chat.example.nl")
	}
	if u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("channels: the public address must not have a query, a fragment or a password")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = strings.TrimRight(u.RawPath, "/")
	return u, nil
}

// CheckProxy refuses what fiber would only warn about, and networks so wide
// that everybody would be trusted.
func CheckProxy(s string) error {
	if _, err := netip.ParseAddr(s); err == nil {
		return nil
	}
	network, err := netip.ParsePrefix(s)
	if err != nil {
		return fmt.Errorf("trusted proxy %q is neither an address such as 10.0.0.1 nor a network such as 10.0.0.0/8", s)
	}
	if network.Bits() == 0 {
		return fmt.Errorf("trusted proxy %q trusts everybody: name the addresses of your proxies", s)
	}
	return nil
}

// readiness answers whether messages can be taken in now.
func readiness(ready func(context.Context) error, log *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if ready == nil {
			return plain(c, fiber.StatusOK, "ready")
		}
		ctx, cancel := context.WithTimeout(c.UserContext(), readyLimit)
		defer cancel()
		if err := ready(ctx); err != nil {
			log.Warn("not ready", "err", err)
			return fiber.NewError(fiber.StatusServiceUnavailable)
		}
		return plain(c, fiber.StatusOK, "ready")
	}
}

// Unavailable is the answer when a message could not be stored: the provider
// must deliver it again. The error handler adds Retry-After.
func Unavailable() error { return fiber.NewError(fiber.StatusServiceUnavailable) }

// plain answers with a short text that no cache keeps.
func plain(c *fiber.Ctx, status int, text string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Status(status).SendString(text)
}

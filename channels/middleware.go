package channels

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	// policy allows pages only what we serve ourselves, and no other site to frame
	// them. A route that is made to be embedded sets its own.
	policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
	// retryAfter is in seconds: what a client is asked to wait when we cannot serve.
	retryAfter = "5"
	// stackLimit cuts a logged stack trace short.
	stackLimit = 2000
	// noRoute labels requests that no route matched: their path is the client's
	// choice and must not become a label.
	noRoute = "none"
)

// metrics are the gateway's own.
type metrics struct {
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(registry *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "balie_http_requests_total", Help: "HTTP requests answered.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "balie_http_request_duration_seconds", Help: "Time to answer an HTTP request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method"}),
	}
	for _, collector := range []prometheus.Collector{m.requests, m.duration} {
		if err := registry.Register(collector); err != nil {
			return nil, fmt.Errorf("channels: metrics: %w", err)
		}
	}
	return m, nil
}

func (*metrics) handler(registry *prometheus.Registry) fiber.Handler {
	return adaptor.HTTPHandler(promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
}

// observe is the outermost middleware: it turns a panic into an answer, writes
// the answer to an error, and counts.
func observe(m *metrics, log *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) error {
		route := noRoute
		timer := prometheus.NewTimer(prometheus.ObserverFunc(func(seconds float64) {
			m.duration.WithLabelValues(route, method(c)).Observe(seconds)
		}))
		own := c.Route()
		err := next(c, log)
		if matched := c.Route(); matched != own && matched.Path != "/" || c.Path() == "/" && err == nil {
			route = matched.Path
		}
		if err != nil {
			logFailure(err, route, log)
			if err := writeError(c, err); err != nil {
				return err
			}
		}
		timer.ObserveDuration()
		m.requests.WithLabelValues(route, method(c), strconv.Itoa(c.Response().StatusCode())).Inc()
		return nil
	}
}

// next runs the handlers behind the middleware. The value of a panic may hold
// words of a resident: only the place is logged.
func next(c *fiber.Ctx, log *slog.Logger) (err error) {
	defer func() {
		if r := recover(); r != nil {
			stack := debug.Stack()
			log.Error("panic in a handler", "kind", fmt.Sprintf("%T", r), "stack", string(stack[:min(len(stack), stackLimit)]))
			err = fiber.NewError(fiber.StatusInternalServerError)
		}
	}()
	return c.Next()
}

// logFailure keeps what the client is not told. Errors that a handler made for
// the client (*fiber.Error) were logged where they arose.
func logFailure(err error, route string, log *slog.Logger) {
	var answer *fiber.Error
	if !errors.As(err, &answer) {
		log.Error("request failed", "route", route, "err", err)
	}
}

// method is a label: of a fixed set, because clients can send any word.
func method(c *fiber.Ctx) string {
	switch m := c.Method(); m {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodOptions, fiber.MethodPut, fiber.MethodDelete, fiber.MethodPatch:
		return m
	}
	return "other"
}

// securityHeaders sets headers that hold for every answer; a handler may replace
// them. Only an https address may ask browsers never to use http again.
func securityHeaders(https bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		if https {
			c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
		}
		return c.Next()
	}
}

// refuseAmbiguousLength refuses requests with both Content-Length and
// Transfer-Encoding. Where a proxy and we believe different ones, a second
// request can hide in the body of the first (request smuggling), so whatever
// follows on the connection is not read.
func refuseAmbiguousLength(c *fiber.Ctx) error {
	var length, encoding bool
	for line := range bytes.Lines(c.Request().Header.RawHeaders()) {
		name, _, _ := bytes.Cut(line, []byte(":"))
		name = bytes.TrimSpace(name)
		length = length || bytes.EqualFold(name, []byte(fiber.HeaderContentLength))
		encoding = encoding || bytes.EqualFold(name, []byte(fiber.HeaderTransferEncoding))
	}
	if length && encoding {
		c.Context().SetConnectionClose()
		return fiber.NewError(fiber.StatusBadRequest, "Content-Length and Transfer-Encoding exclude each other")
	}
	return c.Next()
}

// refuseCompressed refuses compressed bodies. Nobody who calls us compresses,
// fiber unpacks without being asked, and within the body limit fits enough to
// fill the memory.
func refuseCompressed(c *fiber.Ctx) error {
	if encoding := c.Get(fiber.HeaderContentEncoding); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fiber.NewError(fiber.StatusUnsupportedMediaType, "compressed requests are not accepted")
	}
	return c.Next()
}

// writeError answers an error without showing anything of our insides: only a
// *fiber.Error below 500 was written for the client.
func writeError(c *fiber.Ctx, err error) error {
	status, text := fiber.StatusInternalServerError, ""
	var answer *fiber.Error
	if errors.As(err, &answer) {
		status, text = answer.Code, answer.Message
	}
	// fiber's own "Cannot GET /path" repeats what the client sent.
	if status >= fiber.StatusInternalServerError || strings.HasPrefix(text, "Cannot ") {
		text = utils.StatusMessage(status)
	}
	if status == fiber.StatusServiceUnavailable && c.GetRespHeader(fiber.HeaderRetryAfter) == "" {
		c.Set(fiber.HeaderRetryAfter, retryAfter)
	}
	return plain(c, status, text)
}

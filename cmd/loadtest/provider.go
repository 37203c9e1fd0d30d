package main

import (
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// standIn serves the API of a provider to the server under test.
type standIn struct {
	listener net.Listener

	busy    sync.RWMutex // held for reading while a request is answered
	stopped bool
}

// serve answers with the handler until stop.
func (s *standIn) serve(handler fasthttp.RequestHandler) {
	server := &fasthttp.Server{
		NoDefaultServerHeader: true, NoDefaultDate: true, Logger: silent{},
		Handler: func(ctx *fasthttp.RequestCtx) {
			s.busy.RLock()
			defer s.busy.RUnlock()
			if s.stopped {
				respond(ctx, fasthttp.StatusServiceUnavailable, nil)
				return
			}
			handler(ctx)
		},
	}
	go func() { _ = server.Serve(s.listener) }() // it ends without an error when the listener is closed
}

// stop lets the requests under way finish; later ones are refused. Connections
// are left to their clients: fasthttp's own shutdown waits for ever for one that
// was opened in reserve and never used.
func (s *standIn) stop() error {
	err := s.listener.Close()
	s.busy.Lock()
	defer s.busy.Unlock()
	s.stopped = true
	return err
}

// silent drops fasthttp's remarks on connections that are cut off, which is what
// happens when the server under test is killed.
type silent struct{}

func (silent) Printf(string, ...any) {}

// respond answers with JSON.
func respond(ctx *fasthttp.RequestCtx, status int, body []byte) {
	ctx.SetStatusCode(status)
	ctx.SetContentType("application/json")
	ctx.SetBody(body)
}

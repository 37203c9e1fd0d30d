package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	updatePath   = "/webhooks/telegram"
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
)

// telegram plays Telegram: residents with the app, and the Bot API.
type telegram struct {
	*options
	*standIn
	town *town

	first   int64 // chat; each run has its own residents
	updates atomic.Int64
	sent    atomic.Int64
}

func newTelegram(o *options, l net.Listener) *telegram {
	// Ids have up to 52 bits. Those of updates must be new to the server.
	s := &telegram{options: o, standIn: &standIn{listener: l}, first: 1<<33 + rand.Int64N(1<<50)}
	s.updates.Store(rand.Int64N(1 << 50))
	return s
}

func (s *telegram) address(n int) string { return strconv.FormatInt(s.first+int64(n), 10) }

func (s *telegram) hint() string {
	return "see that --bot-token and --secret are the server's, and that it has BALIE_TELEGRAM_API_BASE=http://" + s.Provider
}

func (s *telegram) start(_ context.Context, t *town) {
	s.town = t
	s.serve(s.handle)
}

// The parts of an update.
type (
	update struct {
		ID      int64   `json:"update_id"`
		Message message `json:"message"`
	}
	message struct {
		ID   int64  `json:"message_id"`
		Date int64  `json:"date"`
		Text string `json:"text"`
		Chat chat   `json:"chat"`
		From person `json:"from"`
	}
	chat struct {
		ID   json.Number `json:"id"`
		Type string      `json:"type"`
	}
	person struct {
		ID    json.Number `json:"id"`
		IsBot bool        `json:"is_bot"`
		Name  string      `json:"first_name"`
	}
)

// write makes the request by which Telegram brings a message.
func (s *telegram) write(req *fasthttp.Request, r *resident, text string) {
	id := s.updates.Add(1)
	body, err := json.Marshal(update{ID: id, Message: message{
		ID: id, Date: time.Now().Unix(), Text: text,
		Chat: chat{json.Number(r.address), "private"}, From: person{ID: json.Number(r.address), Name: "Noor"},
	}})
	if err != nil {
		panic(err) // of strings and numbers JSON can always be made
	}
	req.Reset()
	req.Header.SetMethod(fasthttp.MethodPost)
	req.SetRequestURI("http://" + s.host() + updatePath)
	req.Header.SetContentType("application/json")
	req.Header.Set(secretHeader, s.Secret)
	req.SetBody(body)
}

func (s *telegram) accepted(*resident, *fasthttp.Response) error { return nil }

// handle is the Bot API.
func (s *telegram) handle(ctx *fasthttp.RequestCtx) {
	at := time.Now()
	method, ok := strings.CutPrefix(string(ctx.Path()), "/bot"+s.BotToken+"/")
	switch {
	case !ok:
		respond(ctx, fasthttp.StatusUnauthorized, []byte(`{"ok":false,"error_code":401}`))
	case method == "sendMessage":
		// The server's library sends multipart forms.
		chat, text := ctx.FormValue("chat_id"), ctx.FormValue("text")
		if len(chat) == 0 || len(text) == 0 {
			respond(ctx, fasthttp.StatusBadRequest, []byte(`{"ok":false,"error_code":400}`))
			return
		}
		id := s.sent.Add(1)
		s.town.deliver(chat, text, "", at)
		time.Sleep(s.Latency)
		respond(ctx, fasthttp.StatusOK, fmt.Appendf(nil,
			`{"ok":true,"result":{"message_id":%d,"date":%d,"chat":{"id":%s,"type":"private"}}}`, id, at.Unix(), chat))
	default: // setWebhook and the like
		respond(ctx, fasthttp.StatusOK, []byte(`{"ok":true,"result":true}`))
	}
}

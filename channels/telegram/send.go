package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
)

const (
	maxCallbackData = 64 // bytes
	// interval between sends and burst keep us under Telegram's limit of about 30
	// messages a second.
	interval = time.Second / 25
	burst    = time.Second
	// unknownPause is the wait when Telegram says that we are too fast, but not
	// for how long.
	unknownPause = 5 * time.Second
	// configurationDelay is the wait when Telegram does not accept our token: the
	// messages are in order, somebody must correct the configuration.
	configurationDelay = 5 * time.Minute
)

// Send hands a message to Telegram and returns its message id. It is sent as
// plain text: a name or an answer with * or < in it must not be taken for
// mark-up. Errors are *bot.SendError.
func (ch *Channel) Send(ctx context.Context, m bot.Outbound) (string, error) {
	chat, err := strconv.ParseInt(m.User, 10, 64)
	switch {
	case err != nil || strconv.FormatInt(chat, 10) != m.User:
		return "", permanent("address", "the address is not a chat id")
	case strings.TrimSpace(m.Text) == "":
		return "", permanent("empty", "the message has no text")
	case len(utf16.Encode([]rune(m.Text))) > bot.Telegram.MaxReply():
		return "", permanent("too_long", "the message is longer than Telegram takes")
	}
	if wish := ch.pace.paused(); wish > 0 {
		return "", tooFast(wish)
	}
	if err := ch.pace.wait(ctx); err != nil {
		return "", &bot.SendError{Code: "telegram.unsent", Err: err}
	}

	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	ctx, exchange := channels.Watch(ctx)
	params := &tg.SendMessageParams{ChatID: chat, Text: m.Text}
	if keyboard := ch.keyboard(m); keyboard != nil {
		params.ReplyMarkup = keyboard
	}
	sent, err := ch.api.SendMessage(ctx, params)
	switch {
	case err == nil && sent.ID != 0:
		return strconv.Itoa(sent.ID), nil
	case err == nil:
		return "", nil
	case accepted(err):
		ch.log.Warn("message accepted, but Telegram's description of it not understood", "message", m.ID)
		return "", nil
	}
	return "", ch.refusal(err, exchange)
}

// accepted reports whether Telegram said ok, and only the message that it sent
// back could not be read: the library's types are strict. Sending again would
// give the resident the same message for as long as the courier keeps trying.
func accepted(err error) bool {
	return strings.HasPrefix(err.Error(), "error decode response result")
}

// keyboard shows each choice as a button on a row of its own: labels differ in
// length, and a full row is easiest to hit.
func (ch *Channel) keyboard(m bot.Outbound) *models.InlineKeyboardMarkup {
	var rows [][]models.InlineKeyboardButton
	for _, choice := range m.Choices {
		if choice.Label == "" || choice.ID == "" || len(choice.ID) > maxCallbackData {
			// The text without a button is worth more to the resident than nothing.
			ch.log.Error("choice does not fit on a button", "message", m.ID, "choice", string(choice.ID))
			continue
		}
		rows = append(rows, []models.InlineKeyboardButton{{Text: choice.Label, CallbackData: string(choice.ID)}})
	}
	if rows == nil {
		return nil
	}
	return &models.InlineKeyboardMarkup{InlineKeyboard: rows}
}

// refusal says what an error means for the message.
func (ch *Channel) refusal(err error, exchange *channels.Exchange) *bot.SendError {
	status := exchange.Status()
	if status == 0 {
		return &bot.SendError{Code: "telegram.unreachable", Doubtful: exchange.Written(), Err: channels.Redacted(err)}
	}
	var limit *tg.TooManyRequestsError
	tooMany := errors.As(err, &limit)
	refusal := &bot.SendError{
		Code: "telegram." + strconv.Itoa(status),
		Err:  fmt.Errorf("telegram answered with status %d", status),
	}
	switch {
	case tooMany || status == http.StatusTooManyRequests:
		wish := exchange.RetryAfter(ch.now())
		if tooMany && limit.RetryAfter > 0 {
			wish = time.Duration(limit.RetryAfter) * time.Second
		}
		if wish <= 0 {
			wish = unknownPause
		}
		ch.pace.pause(wish)
		return tooFast(wish)
	case errors.Is(err, tg.ErrorForbidden) || status == http.StatusForbidden:
		// Blocked, deactivated, or never started by the resident.
		refusal.Code, refusal.Permanent, refusal.Unreachable = "telegram.blocked", true, true
	case status == http.StatusUnauthorized || status == http.StatusNotFound:
		ch.log.Error("telegram does not accept the bot's token", "code", refusal.Code)
		refusal.RetryAfter = configurationDelay
	case status < 300:
		// It said yes, or a part of an answer was lost.
		refusal.Doubtful = true
	case status == http.StatusBadRequest || status == http.StatusRequestEntityTooLarge:
		refusal.Permanent = true
	}
	return refusal
}

func permanent(code, why string) *bot.SendError {
	return &bot.SendError{Code: code, Permanent: true, Err: errors.New("telegram: " + why)}
}

func tooFast(wish time.Duration) *bot.SendError {
	return &bot.SendError{Code: "telegram.429", RetryAfter: wish, Err: errors.New("telegram: too many requests")}
}

// pacer spreads sends, and stops them all when Telegram asks for it: its limit
// is for the whole bot.
type pacer struct {
	now   func() time.Time
	mu    sync.Mutex
	next  time.Time // when the next send may go
	until time.Time // the end of the pause
}

func newPacer(now func() time.Time) *pacer { return &pacer{now: now} }

// paused is how long nothing may be sent.
func (p *pacer) paused() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return max(0, p.until.Sub(p.now()))
}

func (p *pacer) pause(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until := p.now().Add(d); until.After(p.until) {
		p.until = until
	}
}

// reserve takes the next place in the line and returns the wait for it.
func (p *pacer) reserve() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if earliest := now.Add(-burst + interval); p.next.Before(earliest) {
		p.next = earliest
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(interval)
	return max(0, wait)
}

func (p *pacer) wait(ctx context.Context) error { return sleep(ctx, p.reserve()) }

// sleep waits, or fails when ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

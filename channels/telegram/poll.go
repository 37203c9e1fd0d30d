package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	tg "github.com/go-telegram/bot"

	"github.com/balie-nl/balie/channels"
)

const (
	// pollTime is how long Telegram holds the line when there is nothing new.
	pollTime = 50 * time.Second
	// pollLimit is how long we hold it.
	pollLimit = pollTime + channels.SendLimit
	// maxBackoff bounds the wait after failed polls.
	maxBackoff = time.Minute
)

// Poll fetches updates until ctx ends, for a computer that Telegram cannot call.
// It switches the webhook off. An update is confirmed by asking for the next
// one, so only after it was stored; one that arrives twice is stored once.
func (ch *Channel) Poll(ctx context.Context) error {
	wait := ch.backoff
	retry := func(doing string, err error) {
		if ctx.Err() != nil {
			return
		}
		ch.log.Warn("polling telegram failed", "doing", doing, "err", channels.Redacted(err))
		if sleep(ctx, wait) == nil {
			wait = min(2*wait, maxBackoff)
		}
	}

	for ctx.Err() == nil {
		err := ch.deleteWebhook(ctx)
		if err == nil {
			break
		}
		retry("switching the webhook off", err)
	}
	var offset int64
	for ctx.Err() == nil {
		updates, err := ch.updates(ctx, offset)
		if err != nil {
			retry("asking for updates", err)
			continue
		}
		if offset, err = ch.takeAll(ctx, offset, updates); err != nil {
			retry("taking in updates", err)
			continue
		}
		wait = ch.backoff
	}
	return nil
}

// takeAll takes in updates in order up to the first that fails, and returns from
// which one on to ask.
func (ch *Channel) takeAll(ctx context.Context, offset int64, updates []json.RawMessage) (int64, error) {
	var unknown error
	for _, raw := range updates {
		ctx, cancel := context.WithTimeout(ctx, channels.ReceiveLimit)
		id, err := ch.take(ctx, raw)
		cancel()
		switch {
		case errors.Is(err, errNotUpdate):
			unknown = err // the next one's id leads past it
		case err != nil:
			return offset, err
		default:
			offset, unknown = id+1, nil
		}
	}
	return offset, unknown
}

func (ch *Channel) deleteWebhook(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	_, err := ch.api.DeleteWebhook(ctx, &tg.DeleteWebhookParams{})
	return err
}

// updates asks for what is new. The library decodes updates strictly and offers
// no call for it.
func (ch *Channel) updates(ctx context.Context, offset int64) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, pollLimit)
	defer cancel()
	question, err := json.Marshal(map[string]any{
		"offset": offset, "timeout": int(pollTime.Seconds()), "allowed_updates": allowedUpdates(),
	})
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, officialAPI+"/bot"+ch.token+"/getUpdates", bytes.NewReader(question))
	if err != nil {
		return nil, errors.New("telegram: the request could not be made") // the error holds the token
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := ch.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		OK     bool              `json:"ok"`
		Result []json.RawMessage `json:"result"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || !answer.OK {
		return nil, fmt.Errorf("telegram answered with status %d", res.StatusCode)
	}
	return answer.Result, nil
}

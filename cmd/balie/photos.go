package main

import (
	"context"
	"fmt"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/channels/photo"
	"github.com/balie-nl/balie/channels/telegram"
)

// photos finds the photos of residents: those from the web chat are in the store, those
// from Telegram stay there until somebody looks.
type photos struct {
	db       *store.Store
	telegram *telegram.Channel // nil when it is off
	cleaner  *photo.Cleaner
}

var _ desk.Photos = photos{}

// Photo implements desk.Photos.
func (p photos) Photo(ctx context.Context, conversation int64, id bot.PhotoID) ([]byte, error) {
	if err := p.db.HasPhoto(ctx, conversation, id); err != nil {
		return nil, err
	}
	channel, key := id.Cut()
	switch {
	case channel == bot.WebChat:
		return p.db.KeptPhoto(ctx, key)
	case channel == bot.Telegram && p.telegram != nil:
		data, err := p.telegram.Photo(ctx, key)
		if err != nil {
			return nil, err
		}
		return p.cleaner.Clean(ctx, data)
	}
	return nil, fmt.Errorf("photo over %s: %w", channel, bot.ErrNotFound)
}

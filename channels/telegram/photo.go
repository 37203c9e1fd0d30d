package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	tg "github.com/go-telegram/bot"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
)

// maxPhoto is the largest photo that is fetched, in bytes. Telegram makes them smaller
// than that.
const maxPhoto = 10 << 20

// Photo fetches a photo that a resident sent, by its id at Telegram. It gives
// bot.ErrNotFound for one that Telegram no longer has.
func (ch *Channel) Photo(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	file, err := ch.api.GetFile(ctx, &tg.GetFileParams{FileID: id})
	if errors.Is(err, tg.ErrorBadRequest) || errors.Is(err, tg.ErrorNotFound) {
		return nil, fmt.Errorf("telegram: photo: %w", bot.ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("telegram: photo: %w", channels.Redacted(err))
	}
	r, err := http.NewRequestWithContext(channels.WithAnswer(ctx, maxPhoto+1), http.MethodGet, officialAPI+"/file/bot"+ch.token+"/"+file.FilePath, nil)
	if err != nil {
		return nil, errors.New("telegram: photo: the request could not be made") // the error holds the token
	}
	res, err := ch.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("telegram: photo: %w", channels.Redacted(err))
	}
	defer func() { _ = res.Body.Close() }()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return nil, fmt.Errorf("telegram: photo: %w", bot.ErrNotFound)
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("telegram: photo: status %d", res.StatusCode)
	}
	data, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("telegram: photo: %w", channels.Redacted(err))
	}
	if len(data) > maxPhoto {
		return nil, errors.New("telegram: photo: it is too large")
	}
	return data, nil
}

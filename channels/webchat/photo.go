package webchat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
	"github.com/balie-nl/balie/channels/photo"
)

// photoLimit is how long a photo may take to be cleaned and stored, others before it
// included.
const photoLimit = 20 * time.Second

// asksPhoto reports whether a photo answers a message: it offers to go on without.
func asksPhoto(m message) bool {
	for _, c := range m.Choices {
		if strings.HasSuffix(string(c.ID), ":photo:no") {
			return true
		}
	}
	return false
}

// receivePhoto takes in a photo, if the last message asks for one.
func (ch *Chat) receivePhoto(c *fiber.Ctx) error {
	if !page.SameOrigin(c) {
		return fiber.NewError(fiber.StatusForbidden)
	}
	t, ok := token(c)
	if !ok {
		return fiber.NewError(fiber.StatusForbidden)
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), photoLimit)
	defer cancel()
	entries, err := ch.transcript(ctx, address(t))
	if err != nil && !errors.Is(err, bot.ErrNotFound) {
		return ch.failed(c, view{}, err)
	}
	if shown := ch.messages(entries); len(shown) == 0 || shown[len(shown)-1].Photo == "" {
		return c.Redirect(ch.path("")+"#laatste", fiber.StatusSeeOther) // of an old page: the question has been answered
	}
	data, err := uploaded(c)
	if err == nil {
		data, err = ch.cfg.Cleaner.Clean(ctx, data)
	}
	if errors.Is(err, photo.ErrNotAPhoto) {
		return ch.refuse(c, fiber.StatusUnprocessableEntity, view{Error: ch.cfg.Texts.Text("chat.error.photo")})
	}
	if err != nil {
		return ch.failed(c, view{}, err)
	}
	key := page.FormKey(c)
	// The name under which it is kept cannot be guessed from the form, nor chosen by it.
	name := page.Hash(t + key)
	if err := ch.cfg.Photos.KeepPhoto(ctx, name, data, ch.cfg.Now()); err != nil {
		return ch.failed(c, view{}, err)
	}
	return ch.store(ctx, c, t, bot.Inbound{
		Address: address(t), ProviderID: key, Kind: bot.KindMedia, Photo: bot.NewPhotoID(bot.WebChat, name), ReceivedAt: ch.cfg.Now(),
	}, view{})
}

// uploaded is the file of a form; photo.ErrNotAPhoto when there is none.
func uploaded(c *fiber.Ctx) ([]byte, error) {
	header, err := c.FormFile("photo")
	if err != nil || header.Size > photo.MaxBytes {
		return nil, photo.ErrNotAPhoto
	}
	file, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("webchat: photo: %w", err)
	}
	data, err := io.ReadAll(file)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, fmt.Errorf("webchat: photo: %w", err)
	}
	return data, nil
}

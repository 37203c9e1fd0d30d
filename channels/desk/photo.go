package desk

import (
	"context"
	"errors"
	"html/template"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
)

// photoLimit is how long a photo may take to come from the provider.
const photoLimit = 30 * time.Second

// showPhoto answers with a photo that a resident sent.
func (d *Desk) showPhoto(c *fiber.Ctx, s session) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.UserContext()), photoLimit)
	defer cancel()
	id := conversation(c)
	data, err := d.cfg.Photos.Photo(ctx, id, bot.PhotoID(c.Query("id")))
	if errors.Is(err, bot.ErrNotFound) {
		return d.notice(c, s, fiber.StatusNotFound, notice{Message: d.cfg.Texts.Text("desk.photo.gone"), Back: conversationPath(id)})
	}
	if err != nil {
		d.cfg.Log.Error("a photo could not be shown", "err", err)
		return d.notice(c, s, fiber.StatusBadGateway, notice{Message: d.cfg.Texts.Text("desk.photo.failed"), Back: conversationPath(id)})
	}
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(data)
}

// photo is the link to a photo.
func (d *Desk) photo(conversation int64, id bot.PhotoID) template.HTML {
	return link(conversationPath(conversation)+"/photo?id="+url.QueryEscape(string(id)), d.cfg.Texts.Text("desk.photo"))
}

// place is the link to a place on the map; empty for what is none.
func (d *Desk) place(text string) template.HTML {
	latitude, longitude, ok := bot.ParseGeoURI(text)
	if !ok {
		return ""
	}
	query := url.Values{"mlat": {latitude}, "mlon": {longitude}}
	return link("https://www.openstreetmap.org/?"+query.Encode()+"#map=18/"+url.PathEscape(latitude)+"/"+url.PathEscape(longitude), d.cfg.Texts.Text("desk.map"))
}

// link opens beside the desk, so that nothing that was typed is lost.
func link(to, words string) template.HTML {
	return template.HTML(`<a href="` + template.HTMLEscapeString(to) + `" target="_blank" rel="noopener noreferrer">` + template.HTMLEscapeString(words) + `</a>`) //nolint:gosec // escaped
}

package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/intents/entities"
	"github.com/balie-nl/balie/locales"
)

// reader tells staff in words what the finder finds in a message.
type reader struct {
	finder *entities.Finder
	texts  *locales.Library
}

var _ desk.Reader = reader{}

// Read implements desk.Reader.
func (r reader) Read(text string, at time.Time) []desk.Named {
	var all []desk.Named
	for _, e := range r.finder.Find(text, at) {
		all = append(all, r.named(e.Value))
	}
	return all
}

func (r reader) named(value entities.Value) desk.Named {
	switch v := value.(type) {
	case entities.Date:
		return r.date(v)
	case entities.Clock:
		return desk.Named{Kind: desk.KindClock, Words: fmt.Sprintf("%d.%02d", v.Minutes/60, v.Minutes%60), Ambiguous: v.Ambiguous}
	case entities.Postcode:
		return desk.Named{Kind: desk.KindPostcode, Words: join(v.Code[:4], v.Code[4:], house(v.House))}
	case entities.Place:
		return desk.Named{Kind: desk.KindPlace, Words: join(v.Name, house(v.House))}
	case entities.Phone:
		return desk.Named{Kind: desk.KindPhone, Words: v.E164}
	case entities.Email:
		return desk.Named{Kind: desk.KindEmail, Words: v.Address}
	case entities.Plate:
		return desk.Named{Kind: desk.KindPlate, Words: v.Number}
	case entities.Amount:
		return desk.Named{Kind: desk.KindAmount, Words: fmt.Sprintf("€ %d,%02d", v.Cents/100, v.Cents%100)}
	}
	return desk.Named{Kind: desk.KindBSN}
}

func (r reader) date(d entities.Date) desk.Named {
	day := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
	switch d.Granularity {
	case entities.Week:
		return desk.Named{Kind: desk.KindWeek, Words: r.texts.Dutch().Date(day), Ambiguous: d.Ambiguous}
	case entities.Month:
		return desk.Named{Kind: desk.KindDate, Words: r.texts.Dutch().Month(day), Ambiguous: d.Ambiguous}
	}
	return desk.Named{Kind: desk.KindDate, Words: r.texts.Dutch().Date(day), Ambiguous: d.Ambiguous}
}

func house(h entities.House) string {
	if h.Number == 0 {
		return ""
	}
	return join(strconv.Itoa(h.Number), h.Addition)
}

// join writes words with a space between, without the empty ones.
func join(words ...string) string { return strings.Join(strings.Fields(strings.Join(words, " ")), " ") }

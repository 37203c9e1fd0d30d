package main

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/intents"
	"github.com/balie-nl/balie/intents/entities"
	"github.com/balie-nl/balie/locales"
)

// understander joins what a message is about with what it names.
type understander struct {
	engine *intents.Engine
	finder *entities.Finder
	others *directory
}

// directory is the names of other organisations, as the texts have them.
type directory struct {
	texts *locales.Library
	known atomic.Pointer[names]
}

// names are those of one reading of the texts.
type names struct {
	of *locales.Catalog
	in *intents.Directory
}

// find returns the name of another organisation in a message.
func (d *directory) find(text string) (intents.Match, bool) {
	dutch := d.texts.Dutch()
	known := d.known.Load()
	if known == nil || known.of != dutch { // the texts were read anew
		known = &names{of: dutch, in: intents.NewDirectory(d.texts.OrganisationNames())}
		d.known.Store(known)
	}
	return known.in.Find(text)
}

var _ pipeline.Understander = understander{}

// Understand implements pipeline.Understander.
func (u understander) Understand(text string) bot.Understanding {
	understanding := u.engine.Understand(text)
	if match, ok := u.others.find(text); ok && intents.Elsewhere(match, understanding) {
		understanding.Elsewhere = bot.Organisation(match.ID)
	}
	for _, e := range u.finder.Find(text, time.Now()) {
		if found, ok := foundIn(e.Value); ok {
			understanding.Found = append(understanding.Found, found)
		}
	}
	return understanding
}

// foundIn writes what was found as the dialogue reads it; false for what no form
// asks for.
func foundIn(value entities.Value) (bot.Found, bool) {
	switch v := value.(type) {
	case entities.Place:
		return bot.Found{Kind: bot.FoundPlace, Value: join(v.Name, house(v.House))}, true
	case entities.Postcode:
		return bot.Found{Kind: bot.FoundPostcode, Value: fmt.Sprintf("%s %d%s", v.Code, v.Number, v.Addition)}, true
	case entities.Phone:
		return bot.Found{Kind: bot.FoundPhone, Value: v.E164}, true
	case entities.Date:
		if v.Granularity == entities.Day {
			return bot.Found{Kind: bot.FoundDate, Value: fmt.Sprintf("%04d-%02d-%02d", v.Year, v.Month, v.Day)}, true
		}
	}
	return bot.Found{}, false
}

package locales

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	cldr "github.com/go-playground/locales"
	"github.com/go-playground/locales/ar"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/nl"
	"github.com/go-playground/locales/pl"
	"github.com/go-playground/locales/tr"
	"github.com/go-playground/locales/uk"
)

// language is how a language writes days and numbers, from the Unicode CLDR.
type language struct{ cldr.Translator }

// languages that texts can be in. A variant such as nl-A2 is written like the
// language before the hyphen.
var languages = map[string]language{
	"nl": {nl.New()}, "en": {en.New()}, "de": {de.New()}, "fr": {fr.New()},
	"tr": {tr.New()}, "ar": {ar.New()}, "pl": {pl.New()}, "uk": {uk.New()},
}

func languageOf(tag string) (language, error) {
	l, ok := languages[baseLanguage(tag)]
	if !ok {
		return language{}, fmt.Errorf("locales: no language %q: the folders may be named nl, nl-A2, en, de, fr, tr, ar, pl and uk", tag)
	}
	return l, nil
}

// when fills in the parts of a moment.
func (c *Catalog) when(text string, t time.Time) string {
	return c.fill(text,
		"weekday", c.language.WeekdayWide(t.Weekday()), "day", strconv.Itoa(t.Day()), "month", c.language.MonthWide(t.Month()),
		"year", strconv.Itoa(t.Year()), "clock", fmt.Sprintf("%d.%02d", t.Hour(), t.Minute()), "hour", strconv.Itoa(t.Hour()), "minute", fmt.Sprintf("%02d", t.Minute()))
}

// plural picks the form of a text for a number: its key with .one, .two, .few,
// .many or .other behind it, as the language has them.
func (c *Catalog) plural(key string, n int) string {
	form := "other"
	switch c.language.CardinalPluralRule(float64(n), 0) {
	case cldr.PluralRuleZero:
		form = "zero"
	case cldr.PluralRuleOne:
		form = "one"
	case cldr.PluralRuleTwo:
		form = "two"
	case cldr.PluralRuleFew:
		form = "few"
	case cldr.PluralRuleMany:
		form = "many"
	}
	if _, ok := c.texts[key+"."+form]; ok {
		return key + "." + form
	}
	return key + ".other"
}

// keepsFor is how long messages are kept, a fact that follows from a setting.
const keepsFor = "bewaartermijn"

// translateDays writes that in the language of the catalogue.
func (c *Catalog) translateDays() {
	days, ok := strings.CutSuffix(c.facts[keepsFor], " dagen")
	n, err := strconv.Atoi(days)
	if _, has := c.texts["chat.days.other"]; !ok || err != nil || !has {
		return
	}
	if c.translated == nil {
		c.translated = map[string]string{}
	}
	c.translated[keepsFor] = c.Count("chat.days", n)
	c.facts[keepsFor] = c.translated[keepsFor]
}

// Count returns a text of a page in the form for a number, with {n} filled in.
func (c *Catalog) Count(key string, n int, pairs ...string) string {
	form := c.plural(key, n)
	if _, ok := c.texts[form]; !ok && c.below != nil {
		return c.below.Count(key, n, pairs...)
	}
	return c.Text(form, append(pairs, "n", strconv.Itoa(n))...)
}

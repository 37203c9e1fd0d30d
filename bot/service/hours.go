// Package service knows when people are at work: opening hours, Dutch public
// holidays and days that the municipality itself is closed. It is the only
// answer to "is anybody there?", for the bot's texts and for the desk alike.
package service

import (
	"errors"
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // the binary must know Europe/Amsterdam on a machine without zone files

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/nl"

	"github.com/balie-nl/balie/bot"
)

// Zone is the time zone of the municipality.
const Zone = "Europe/Amsterdam"

// Config holds the opening hours of the desk.
type Config struct {
	// Hours gives for each day one or more spans such as "09:00-17:00", separated
	// by commas; a day that is absent or empty is closed.
	Hours map[time.Weekday]string
	// Closed holds further closed days, as "2026-12-24".
	Closed []string
}

// Hours answers whether the desk is staffed. It is safe for concurrent use.
type Hours struct {
	zone     *time.Location
	week     [7][]span
	closed   map[string]bool
	holidays *cal.BusinessCalendar
}

// The library lists the Mondays only; a desk that opens on Sundays is closed on
// these two.
var (
	easter    = &cal.Holiday{Name: "Eerste Paasdag", Type: cal.ObservancePublic, Func: cal.CalcEasterOffset}
	pentecost = &cal.Holiday{Name: "Eerste Pinksterdag", Type: cal.ObservancePublic, Offset: 49, Func: cal.CalcEasterOffset}
)

// span is an opening from and until a time of day, in minutes after midnight.
type span struct{ from, until int }

// New checks the opening hours. The error names every entry that is wrong.
func New(cfg Config) (*Hours, error) {
	zone, err := time.LoadLocation(Zone)
	if err != nil {
		return nil, fmt.Errorf("service: load time zone: %w", err)
	}
	h := &Hours{zone: zone, closed: map[string]bool{}, holidays: cal.NewBusinessCalendar()}
	h.holidays.AddHoliday(
		nl.Nieuwjaar, easter, nl.TweedePaasdag, nl.Koningsdag, nl.Hemelvaart,
		pentecost, nl.TweedePinksterDag, nl.EersteKerstdag, nl.TweedeKerstdag,
	)
	var problems []error
	for day, text := range cfg.Hours {
		spans, err := parseSpans(text)
		if err != nil {
			problems = append(problems, fmt.Errorf("opening hours of %s: %w", strings.ToLower(day.String()), err))
		}
		h.week[day] = spans
	}
	for _, day := range cfg.Closed {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			problems = append(problems, fmt.Errorf("closed day %q: write it as 2026-12-24", day))
		}
		h.closed[day] = true
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return h, nil
}

func parseSpans(text string) ([]span, error) {
	var spans []span
	last := 0
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		from, until, ok := strings.Cut(part, "-")
		a, err1 := minutes(from)
		b, err2 := minutes(until)
		if !ok || err1 != nil || err2 != nil || a >= b || a < last {
			return nil, fmt.Errorf("%q: write spans as 09:00-17:00, in order", part)
		}
		spans, last = append(spans, span{a, b}), b
	}
	return spans, nil
}

func minutes(clock string) (int, error) {
	clock = strings.TrimSpace(clock)
	if clock == "24:00" {
		return 24 * 60, nil
	}
	t, err := time.Parse("15:04", clock)
	return t.Hour()*60 + t.Minute(), err
}

// At tells whether the desk is staffed at t, and if not, when it next opens.
// It looks a year ahead.
func (h *Hours) At(t time.Time) bot.Availability {
	local := t.In(h.zone)
	year, month, day := local.Date()
	for ahead := range 366 {
		date := time.Date(year, month, day+ahead, 12, 0, 0, 0, h.zone)
		for _, s := range h.spans(date) {
			from, until := h.clock(date, s.from), h.clock(date, s.until)
			switch {
			case !t.Before(from) && t.Before(until):
				return bot.Availability{Open: true}
			case t.Before(from):
				return bot.Availability{NextOpen: from}
			}
		}
	}
	return bot.Availability{}
}

// spans are the openings on a date, none on holidays.
func (h *Hours) spans(date time.Time) []span {
	if h.closed[date.Format(time.DateOnly)] {
		return nil
	}
	if actual, observed, _ := h.holidays.IsHoliday(date); actual || observed {
		return nil
	}
	return h.week[date.Weekday()]
}

// clock is the moment at which the wall clock shows the minutes on the date,
// also on the two days a year that the clock is changed.
func (h *Hours) clock(date time.Time, minutes int) time.Time {
	y, m, d := date.Date()
	return time.Date(y, m, d, minutes/60, minutes%60, 0, 0, h.zone)
}

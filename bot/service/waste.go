package service

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

// WasteCalendar knows on which days waste is collected at an address. It is safe
// for concurrent use.
type WasteCalendar struct {
	rows map[string][]wasteRow // by postcode
}

// wasteRow is a day, or one of every so many days, for some houses.
type wasteRow struct {
	first, last int // house numbers
	kind        string
	day         time.Time
	every       int // days; 0 for this day only
}

// wasteKinds are the kinds of waste that texts can name.
var wasteKinds = []string{"rest", "gft", "paper", "plastic"}

var postcodes = regexp.MustCompile(`^[1-9][0-9]{3}[A-Z]{2}$`)

// ReadWaste reads a table in CSV with the columns postcode, first and last house
// number, kind and date, under a line with their names. A date such as
// 2026-12-01/14 stands for that day and each fourteenth day after it. The error
// names every line that is wrong.
func ReadWaste(r io.Reader) (*WasteCalendar, error) {
	table := csv.NewReader(r)
	table.FieldsPerRecord = 5
	table.TrimLeadingSpace = true
	c := &WasteCalendar{rows: map[string][]wasteRow{}}
	var problems []error
	for line := 1; ; line++ {
		cells, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("waste: %w", err)
		}
		if line == 1 {
			continue
		}
		row, err := readWasteRow(cells)
		postcode := strings.ToUpper(strings.ReplaceAll(cells[0], " ", ""))
		if !postcodes.MatchString(postcode) {
			err = errors.Join(err, fmt.Errorf("%q is no postcode such as 1234AB", cells[0]))
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("waste: line %d: %w", line, err))
			continue
		}
		c.rows[postcode] = append(c.rows[postcode], row)
	}
	return c, errors.Join(problems...)
}

func readWasteRow(cells []string) (wasteRow, error) {
	var row wasteRow
	var problems []error
	var err error
	if row.first, err = strconv.Atoi(cells[1]); err != nil {
		problems = append(problems, fmt.Errorf("first house %q is no number", cells[1]))
	}
	if row.last, err = strconv.Atoi(cells[2]); err != nil || row.last < row.first {
		problems = append(problems, fmt.Errorf("last house %q is no number from %s on", cells[2], cells[1]))
	}
	if row.kind = cells[3]; !slices.Contains(wasteKinds, row.kind) {
		problems = append(problems, fmt.Errorf("kind %q is not one of %s", cells[3], strings.Join(wasteKinds, ", ")))
	}
	day, every, repeats := strings.Cut(cells[4], "/")
	if row.day, err = time.Parse(time.DateOnly, day); err != nil {
		problems = append(problems, fmt.Errorf("%q is no day such as 2026-12-31", day))
	}
	if repeats {
		if row.every, err = strconv.Atoi(every); err != nil || row.every < 1 {
			problems = append(problems, fmt.Errorf("%q is no number of days", every))
		}
	}
	return row, errors.Join(problems...)
}

var wasteAddress = regexp.MustCompile(`^([1-9][0-9]{3}[A-Z]{2}) ([0-9]+)`)

// Next returns the next collection of each kind at an address, the first first. The
// address is as bot.FoundPostcode writes it; from counts as its day in the zone of
// from. Whoever asks on the day itself hears of that day.
func (c *WasteCalendar) Next(address string, from time.Time) []bot.Collection {
	at := wasteAddress.FindStringSubmatch(address)
	if at == nil {
		return nil
	}
	house, err := strconv.Atoi(at[2])
	if err != nil {
		return nil
	}
	zone := from.Location()
	today := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	soonest := map[string]time.Time{}
	for _, row := range c.rows[at[1]] {
		day := row.next(today)
		if house < row.first || house > row.last || day.IsZero() {
			continue
		}
		if known, ok := soonest[row.kind]; !ok || day.Before(known) {
			soonest[row.kind] = day
		}
	}
	var all []bot.Collection
	for _, kind := range wasteKinds {
		if day, ok := soonest[kind]; ok {
			all = append(all, bot.Collection{Kind: kind, Day: time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)})
		}
	}
	slices.SortStableFunc(all, func(a, b bot.Collection) int { return a.Day.Compare(b.Day) })
	return all
}

// next is the first day of the row that is today or later; zero when there is none.
func (r wasteRow) next(today time.Time) time.Time {
	if !r.day.Before(today) {
		return r.day
	}
	if r.every == 0 {
		return time.Time{}
	}
	passed := int(today.Sub(r.day).Hours() / 24)
	return r.day.AddDate(0, 0, (passed+r.every-1)/r.every*r.every)
}

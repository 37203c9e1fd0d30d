// Package entities recognises what a resident names in a message: an address, a
// day and a time, a telephone number, an e-mail address, a licence plate, an
// amount of money, a street or district of the municipality, and a citizen
// service number (BSN), so that it can be masked.
//
// The message is cut into tokens: runs of letters, runs of digits and single
// symbols. (token.go) Each kind has a recogniser that starts at a token and
// reads as far as it can: address.go, date.go, clock.go, contact.go, plate.go,
// amount.go, place.go and bsn.go. Where two overlap, the one that explains most
// of the text wins, and between equals the kind with the stricter form.
//
// Words are read as residents write them: in dialect, by ear and in the short
// forms of text messages. When in doubt nothing is recognised: a wrong day in an
// appointment is worse than the question for which day it should be.
package entities

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// maxRunes is how much of a message is read, as much as the classifier reads.
const maxRunes = 4096

// Entity is something that a message names.
type Entity struct {
	// Start and End are the byte offsets [Start, End) in the message, both at the
	// boundary of a character.
	Start, End int
	Value      Value
}

// Value is what an entity means: a Postcode, Date, Clock, Phone, Email, Plate,
// Amount, Place or BSN.
type Value interface {
	Kind() Kind
	sealed()
}

// Kind is the kind of an entity. Unlike a value, it may be logged.
type Kind int

// The kinds, those with the stricter form first.
const (
	KindEmail Kind = iota
	KindBSN
	KindPhone
	KindPlate
	KindPostcode
	KindAmount
	KindPlace
	KindDate
	KindClock
)

var kindNames = [...]string{"email", "bsn", "phone", "plate", "postcode", "amount", "place", "date", "clock"}

// String returns the name of the kind in lower case.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("Kind(%d)", int(k))
	}
	return kindNames[k]
}

// House is a house number with its addition.
type House struct {
	Number   int    // 0 when none was given
	Addition string // in upper case: "A", "BIS", "2"
}

// Postcode is a Dutch postcode, with the house number when it follows.
type Postcode struct {
	Code string // as "1234AB"
	House
}

// Granularity is how precisely a date was given.
type Granularity int

// A date is a day, the week from its Monday or the month from its first day.
const (
	Day Granularity = iota
	Week
	Month
)

// Date is a civil date. Of a week it is the Monday, of a month the first day.
type Date struct {
	Year        int
	Month       time.Month
	Day         int
	Granularity Granularity
	// Ambiguous is set when the words allow another date too: "volgende vrijdag"
	// said on a Monday, or a day of the week that does not belong to the date.
	Ambiguous bool
}

// Clock is a time of day.
type Clock struct {
	Minutes int // after midnight, below 24*60
	// Ambiguous is set when only the half of the day was left open. Minutes then
	// lies between seven in the morning and seven in the evening.
	Ambiguous bool
}

// Phone is a valid telephone number.
type Phone struct {
	E164 string // as "+31612345678"
}

// Email is a valid e-mail address, the domain in lower case.
type Email struct {
	Address string
}

// Plate is a Dutch licence plate.
type Plate struct {
	Number string // in upper case with dashes: "GB-123-X"
}

// Amount is an amount of money.
type Amount struct {
	Cents int
}

// Place is a street or district of the municipality, with the house number when
// it follows the street.
type Place struct {
	Name     string // as in the configuration
	District bool
	House
}

// BSN marks nine digits that are a valid citizen service number. It does not
// hold the number: nobody needs it, and what is not held cannot be logged.
type BSN struct{}

func (Postcode) Kind() Kind { return KindPostcode }
func (Date) Kind() Kind     { return KindDate }
func (Clock) Kind() Kind    { return KindClock }
func (Phone) Kind() Kind    { return KindPhone }
func (Email) Kind() Kind    { return KindEmail }
func (Plate) Kind() Kind    { return KindPlate }
func (Amount) Kind() Kind   { return KindAmount }
func (Place) Kind() Kind    { return KindPlace }
func (BSN) Kind() Kind      { return KindBSN }

func (Postcode) sealed() {}
func (Date) sealed()     {}
func (Clock) sealed()    {}
func (Phone) sealed()    {}
func (Email) sealed()    {}
func (Plate) sealed()    {}
func (Amount) sealed()   {}
func (Place) sealed()    {}
func (BSN) sealed()      {}

// Places are the names that only this municipality knows.
type Places struct {
	Streets   []string
	Districts []string
}

// Finder finds entities. It is safe for concurrent use.
type Finder struct {
	places *gazetteer
}

// New returns a finder that also knows the places. Building it takes time and
// memory in proportion to their number; empty names are left out, and a name
// that is both a street and a district is a street.
func New(places Places) *Finder {
	return &Finder{places: newGazetteer(places)}
}

// candidate is an entity in tokens [from, to).
type candidate struct {
	from, to int
	value    Value
}

// Find returns what the first 4096 characters of a message name, in order and
// without overlap. Dates are relative to now, on the calendar of its own
// location: pass the local time of the municipality. A day or month without a
// year lies ahead of now, unless the words say that it is past.
func (f *Finder) Find(text string, now time.Time) []Entity {
	s := newScan(text, now)
	recognisers := [...]func(int) (Value, int){
		s.email, s.bsn, s.phone, s.plate, s.postcode, s.amount,
		func(i int) (Value, int) { return s.place(f.places, i) },
		s.date, s.clock,
	}
	var found []candidate
	for i := range s.tokens {
		if s.tokens[i].blocked {
			continue
		}
		for _, recognise := range recognisers {
			if v, to := recognise(i); v != nil {
				found = append(found, candidate{i, to, v})
			}
		}
	}
	return s.entities(found)
}

// entities leaves out what overlaps with something better.
func (s *scan) entities(found []candidate) []Entity {
	length := func(c candidate) int { return s.tokens[c.to-1].end - s.tokens[c.from].start }
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(length(b), length(a)), cmp.Compare(a.value.Kind(), b.value.Kind()), cmp.Compare(a.from, b.from))
	})
	var out []Entity
	for _, c := range found {
		if slices.ContainsFunc(s.tokens[c.from:c.to], func(t token) bool { return t.blocked }) {
			continue
		}
		for i := c.from; i < c.to; i++ {
			s.tokens[i].blocked = true
		}
		out = append(out, Entity{Start: s.tokens[c.from].start, End: s.tokens[c.to-1].end, Value: c.value})
	}
	slices.SortFunc(out, func(a, b Entity) int { return cmp.Compare(a.Start, b.Start) })
	return out
}

package entities

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// set is a set of words.
type set map[string]bool

// words makes a set of the words in a line.
func words(line string) set {
	all := set{}
	for w := range strings.FieldsSeq(line) {
		all[w] = true
	}
	return all
}

// units are the words that make the number before them a count: "2-3 dagen" is
// no date and "Dorpsstraat 2 keer" no address.
var units = words("keer x maal dag dagen dage dgn week weken weke wk maand maanden maande mnd jaar jaren uur uren u " +
	"minuten minuut min seconden euro euros eur cent procent personen persoon mensen kinderen kind kids man vrouwen " +
	"stuks stuk autos km kilometer m meter cm kg kilo gram liter m2 nachten kamers")

// months are the names that stand for a month on their own.
var months = map[string]time.Month{
	"januari": time.January, "februari": time.February, "maart": time.March, "april": time.April,
	"juni": time.June, "juli": time.July, "augustus": time.August, "september": time.September,
	"oktober": time.October, "november": time.November, "december": time.December,
	"febuari": time.February, "februarie": time.February, "feberwari": time.February, "febrewari": time.February,
	"mrt": time.March, "maartt": time.March, "appril": time.April, "aprill": time.April, "aug": time.August,
	"sept": time.September, "okt": time.October, "januarie": time.January,
}

// shortMonths need a day, a year or a preposition to be a month: "mei" may be
// "mij", "jan" a man and "julie" all of you.
var shortMonths = map[string]time.Month{
	"jan": time.January, "feb": time.February, "febr": time.February, "mart": time.March, "maard": time.March,
	"apr": time.April, "mei": time.May, "jun": time.June, "junie": time.June, "jul": time.July,
	"julie": time.July, "sep": time.September, "oct": time.October, "nov": time.November, "dec": time.December,
	"ougustus": time.August, "aprl": time.April,
}

var longMonths = soundsOf(map[string]time.Month{
	"januari": time.January, "februari": time.February, "augustus": time.August, "september": time.September,
	"oktober": time.October, "november": time.November, "december": time.December,
})

// month is the month that a word names, 0 for none.
type month struct {
	time.Month
	alone bool // needs no other word to be a month
}

func monthOf(t *token) month {
	if m, ok := months[t.text]; ok {
		return month{m, true}
	}
	if m, ok := shortMonths[t.text]; ok {
		return month{m, false}
	}
	if len(t.text) < 6 || len(t.text) > 12 {
		return month{}
	}
	for _, l := range longMonths {
		if oneEdit(l.sound, t.sound) {
			return month{l.value, true}
		}
	}
	return month{}
}

// named is a value with the sound of its name.
type named[T any] struct {
	sound string
	value T
}

func soundsOf[T any](names map[string]T) []named[T] {
	var all []named[T]
	for _, name := range slices.Sorted(maps.Keys(names)) {
		all = append(all, named[T]{sound(name), names[name]})
	}
	return all
}

var weekdays = soundsOf(map[string]time.Weekday{
	"maandag": time.Monday, "dinsdag": time.Tuesday, "woensdag": time.Wednesday, "donderdag": time.Thursday,
	"vrijdag": time.Friday, "zaterdag": time.Saturday, "zondag": time.Sunday,
	"dingsdag": time.Tuesday, "diensdag": time.Tuesday, "dienstdag": time.Tuesday, "woendag": time.Wednesday,
	"woesdag": time.Wednesday, "donerdag": time.Thursday, "vredag": time.Friday, "zaderdag": time.Saturday,
})

// notWeekdays sound like one. The names of habits ("maandags") are no single day.
var notWeekdays = words("mandaat mandaag zondig zondige zondaar maandags dinsdags woensdags donderdags vrijdags zaterdags zondags " +
	"middag mandate zonda zondak vrijaf")

// dayparts are the parts of the day that people write onto a day.
var dayparts = []string{"ochtend", "ochtent", "morgen", "middag", "middach", "avond", "avont", "nacht"}

// weekdayOf returns the day of the week that a word names, as in "dinsdach" and
// "vrijdagmiddag".
func weekdayOf(t *token) (time.Weekday, bool) {
	if len(t.text) < 5 || len(t.text) > 18 || notWeekdays[t.text] {
		return 0, false
	}
	key := t.sound
	for _, part := range dayparts {
		if day, ok := strings.CutSuffix(t.text, part); ok && len(day) >= 5 {
			key = sound(strings.TrimSuffix(day, "s"))
			break
		}
	}
	for _, w := range weekdays {
		if key == w.sound {
			return w.value, true
		}
	}
	for _, w := range weekdays {
		if oneEdit(w.sound, key) {
			return w.value, true
		}
	}
	return 0, false
}

// shortDays are the short forms of the days. The first group means nothing else;
// of "ma", "do" and "zo" only the words around them tell that they are days.
var shortDays = map[string]time.Weekday{
	"di": time.Tuesday, "wo": time.Wednesday, "woe": time.Wednesday, "vr": time.Friday, "vrij": time.Friday, "za": time.Saturday, "zat": time.Saturday,
	"ma": time.Monday, "do": time.Thursday, "zo": time.Sunday,
}

var wordyDays = words("ma do zo vrij")

// sound returns a rough spelling of how a word is said, so that "dinsdach" and
// "dinsdag" are one. The text is in lower case.
func sound(w string) string {
	out := make([]byte, 0, 24)
	for i := 0; i < len(w); {
		c, n := w[i], 1
		rest := w[i:]
		switch {
		case strings.HasPrefix(rest, "ch"), strings.HasPrefix(rest, "gh"):
			c, n = 'g', 2
		case strings.HasPrefix(rest, "ij"), strings.HasPrefix(rest, "ei"), strings.HasPrefix(rest, "ey"):
			c, n = 'y', 2
		case strings.HasPrefix(rest, "ie"):
			c, n = 'i', 2
		case strings.HasPrefix(rest, "ouw"), strings.HasPrefix(rest, "auw"):
			c, n = 'A', 3
		case strings.HasPrefix(rest, "ou"), strings.HasPrefix(rest, "au"):
			c, n = 'A', 2
		case strings.HasPrefix(rest, "th"), strings.HasPrefix(rest, "dt"):
			c, n = 't', 2
		case strings.HasPrefix(rest, "ck"):
			c, n = 'k', 2
		case strings.HasPrefix(rest, "ph"):
			c, n = 'f', 2
		case c == 'c' && len(rest) > 1 && (rest[1] == 'e' || rest[1] == 'i'), c == 'z':
			c = 's'
		case c == 'c', c == 'q':
			c = 'k'
		case c == 'v':
			c = 'f'
		}
		if c == 'x' {
			out = append(out, 'k')
			c = 's'
		}
		if len(out) == 0 || out[len(out)-1] != c {
			out = append(out, c)
		}
		i += n
	}
	return string(out)
}

// oneEdit reports whether two texts begin with the same letter and are equal but
// for one letter more, less or other, or two that changed places.
func oneEdit(a, b string) bool {
	if a == "" || b == "" || a[0] != b[0] {
		return false
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) > len(b):
		return a[i+1:] == b[i:]
	case i == len(a) || a[i+1:] == b[i+1:]:
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

var smallNumbers = map[string]int{
	"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
	"elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17,
	"achttien": 18, "negentien": 19,
	"twe": 2, "drij": 3, "vyf": 5, "vijv": 5, "zeve": 7, "seven": 7, "ses": 6, "neegen": 9, "nege": 9, "tin": 10,
	"elv": 11, "twalf": 12, "twaalv": 12, "achtien": 18, "vijtien": 15,
}

var tens = map[string]int{
	"twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80,
	"negentig": 90, "twintich": 20, "dertich": 30, "veertich": 40, "vijftich": 50, "vijtig": 50, "tagtig": 80,
}

// numberWord reads a number below a million that is written out in one word.
func numberWord(w string) (int, bool) {
	if len(w) < 2 || len(w) > 60 {
		return 0, false
	}
	if before, after, ok := strings.Cut(w, "duizend"); ok {
		a, ok1 := optional(before, 1, below1000)
		b, ok2 := optional(strings.TrimPrefix(after, "en"), 0, below1000)
		return a*1000 + b, ok1 && ok2
	}
	return below1000(w)
}

func below1000(w string) (int, bool) {
	if before, after, ok := strings.Cut(w, "honderd"); ok {
		a, ok1 := optional(before, 1, below100)
		b, ok2 := optional(strings.TrimPrefix(after, "en"), 0, below100)
		return a*100 + b, ok1 && ok2
	}
	return below100(w)
}

func below100(w string) (int, bool) {
	if n, ok := smallNumbers[w]; ok {
		return n, true
	}
	if n, ok := tens[w]; ok {
		return n, true
	}
	for i := 2; i <= 6 && i+2 < len(w); i++ {
		if w[i:i+2] != "en" {
			continue
		}
		unit, ok1 := smallNumbers[w[:i]]
		ten, ok2 := tens[w[i+2:]]
		if ok1 && ok2 && unit < 10 {
			return ten + unit, true
		}
	}
	return 0, false
}

// ordinalWord reads "eerste", "vijftiende" and "eenentwintigste", and returns 0
// for other words.
func ordinalWord(w string) int {
	switch w {
	case "eerste":
		return 1
	case "derde":
		return 3
	}
	for _, ending := range [...]string{"ste", "de"} {
		if stem, ok := strings.CutSuffix(w, ending); ok {
			n, _ := numberWord(stem)
			return n
		}
	}
	return 0
}

func optional(w string, otherwise int, read func(string) (int, bool)) (int, bool) {
	if w == "" {
		return otherwise, true
	}
	return read(w)
}

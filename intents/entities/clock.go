package entities

import "strings"

var (
	hourWords    = words("uur u ur uurr uru h")
	quarterWords = words("kwart kwartier kwartje kwrt")
	halfWords    = words("half haf halv halluf halfff")

	// clockLeads make a bare number a time: "om 10".
	clockLeads = words("om vanaf rond tegen omstreeks")

	// durations stand before or after a length of time, not a time of day.
	durationBefore = words("over al binnen per elke iedere minimaal maximaal minstens hooguit duurt duurde duren paar wel werk werkt werken " +
		"krijg krijgt kreeg elk ander anderhalf max min eerste laatste slechts alle heb hele nog gratis wacht wachtte")
	durationAfter = words("lang per geleden gewacht wachten wacht parkeren parkeer gratis hulp huishoudelijke zorg werken werk gewerkt werkt later " +
		"eerder durend rijden lopen week duren duurt duurde bellen vrij tijd rust taalles begeleiding opvang")
)

// clock recognises "14:30", "14.30 uur", "half 3", "kwart over 9", "10 voor
// half 4", "9 uur" and "3 uur smiddags".
func (s *scan) clock(i int) (Value, int) {
	if !s.opens(i) && !s.timeRange(i-1) {
		return nil, 0
	}
	for _, read := range [...]func(int) (int, bool, int){s.digital, s.spoken, s.hour} {
		minutes, open, to := read(i)
		if to == 0 || s.in(to, units) && !s.in(to, hourWords) {
			continue
		}
		part, after := s.daypart(to)
		if after > 0 {
			to = after
		} else if part = s.daypartBefore(i); part == "" {
			part = s.daypartWord(to)
		}
		if !s.shuts(to) && !s.timeRange(to) {
			continue
		}
		// "9:30 savonds" leaves as little open as "half 10 savonds".
		open = open || part != "" && minutes >= 60 && minutes < 13*60
		return settle(minutes, open, part), to
	}
	return nil, 0
}

// timeRange reports whether token i is the dash of 9:00-12:00.
func (s *scan) timeRange(i int) bool {
	return s.is(i, "-") && s.is(i-2, ":") && s.digits(i-1, 2, 2) && s.digits(i+1, 1, 2) && s.is(i+2, ":")
}

// settle chooses the half of the day.
func settle(minutes int, open bool, part string) Clock {
	switch {
	case !open:
		return Clock{Minutes: minutes}
	case part == "ochtend":
		return Clock{Minutes: minutes}
	case part == "nacht":
		if minutes >= 10*60 {
			minutes += 12 * 60
		}
		return Clock{Minutes: minutes % (24 * 60)}
	case part == "middag", part == "avond":
		if minutes < 12*60 || part == "avond" {
			minutes += 12 * 60
		}
		return Clock{Minutes: minutes % (24 * 60)}
	}
	if minutes < 7*60 {
		minutes += 12 * 60
	}
	return Clock{Minutes: minutes, Ambiguous: true}
}

// digital reads 14:30, 14.30 uur, 14u30 and "om 14.30". The time is open when
// the hour is one that nobody writes for the early morning.
func (s *scan) digital(i int) (minutes int, open bool, to int) {
	h, m := s.at(i), s.at(i+2)
	if !s.digits(i, 1, 2) || h.value > 23 || !s.digits(i+2, 2, 2) || m.value > 59 {
		return 0, false, 0
	}
	to = i + 3
	hour := s.hourAt(to)
	switch {
	case s.is(i+1, ":") && s.joined(i, to):
		if s.is(to, ":") && s.joined(to-1, to+2) && s.digits(to+1, 2, 2) {
			to, hour = to+2, 0 // seconds
		}
	case s.is(i+1, ".", ",") && s.joined(i, to) && (hour > 0 || s.is(i+1, ".") && (s.in(i-1, clockLeads) || s.is(i-1, "van", "tot", "na", "tussen") && !s.isEuro(to))):
	case s.is(i+1, "u", "h") && s.at(i+1).glued && m.glued:
	case s.is(i+1, "uur", "u") && hour == 0 && s.in(i-1, clockLeads) && !s.in(to, units):
	default:
		return 0, false, 0
	}
	if hour > 0 {
		to = hour
	}
	return h.value*60 + m.value, h.value > 0 && h.value < 7 && len(h.text) == 1, to
}

// hourAt skips the word for hour, and returns 0 without one.
func (s *scan) hourAt(i int) int {
	if !s.in(i, hourWords) {
		return 0
	}
	return i + 1
}

// spoken reads "half 3", "kwart over 9" and "10 voor half 4".
func (s *scan) spoken(i int) (minutes int, open bool, to int) {
	before, t := 0, s.at(i)
	switch {
	case s.in(i, halfWords):
		return s.around(i, 0, "")
	case s.in(i, quarterWords):
		before, to = 15, i+1
	case t.value >= 1 && t.value < 30 && (t.kind == word || len(t.text) <= 2):
		before, to = t.value, i+1
		if s.is(to, "min", "minuten", "minuut") {
			to++
		}
	default:
		return 0, false, 0
	}
	direction := ""
	switch {
	case s.is(to, "over", "ovr"):
		direction = "over"
	case s.is(to, "voor", "vor", "vr"):
		direction = "voor"
	default:
		return 0, false, 0
	}
	to++
	if !s.in(to, halfWords) && before != 5 && before != 10 && before != 15 && before != 20 {
		return 0, false, 0 // 2 voor 1
	}
	return s.around(to, before, direction)
}

// around reads the hour or half hour at token i and goes so many minutes from it.
func (s *scan) around(i, distance int, direction string) (minutes int, open bool, to int) {
	half := s.in(i, halfWords)
	if half {
		i++
	}
	t := s.at(i)
	if t.value < 1 || t.value > 12 || t.kind == number && len(t.text) > 2 || s.is(i, "n") {
		return 0, false, 0
	}
	if s.is(i+1, ".", ",", ":", "-", "/") && s.joined(i, i+3) && s.at(i+2).kind == number {
		return 0, false, 0
	}
	month := s.at(i + 1).month.Month
	if month != 0 {
		return 0, false, 0
	}
	minutes = t.value % 12 * 60
	if half {
		minutes -= 30
	}
	if direction == "voor" {
		minutes -= distance
	} else {
		minutes += distance
	}
	if minutes < 60 {
		minutes += 12 * 60 // round twelve o'clock: noon, unless the words say night
	}
	to = i + 1
	if after := s.hourAt(to); after > 0 {
		to = after
	}
	return minutes, true, to
}

// hour reads "9 uur", "10u" and "om 10".
func (s *scan) hour(i int) (minutes int, open bool, to int) {
	t := s.at(i)
	if t.value < 0 || t.value > 23 || t.kind == number && len(t.text) > 2 || s.in(i-1, durationBefore) {
		return 0, false, 0
	}
	lead := s.in(i-1, clockLeads)
	if s.is(i, "een", "acht") && !lead && !s.in(i-1, dateNear) {
		return 0, false, 0 // "een uur" lasts sixty minutes
	}
	_, part := s.daypart(i + 1)
	if after := s.hourAt(i + 1); after > 0 {
		_, part = s.daypart(after)
	}
	switch to = s.hourAt(i + 1); {
	case to > 0 && s.is(i+1, "h") && !s.at(i+1).glued:
		return 0, false, 0
	case to > 0 && s.in(to, durationAfter):
		return 0, false, 0
	case to > 0 && part == 0 && s.is(to, "in") && s.is(to+1, "de", "het", "t") && !lead && !s.is(i-1, "tot", "na", "voor"):
		return 0, false, 0
	case to == 0 && lead && (part > 0 || s.endsClause(i+1)):
		to = i + 1
	case to == 0:
		return 0, false, 0
	}
	written24 := t.kind == number && t.text[0] == '0' // 09 uur
	return t.value * 60, t.value <= 12 && !written24, to
}

var dateNear = words("vandaag morgen morge overmorgen tot tussen voor na smiddags savonds")

// endsClause reports whether a sentence ends at token i, or goes on with a word
// that does not belong to a number.
func (s *scan) endsClause(i int) bool {
	t := s.at(i)
	return t.kind == none || t.kind == symbol && s.shuts(i) && !s.is(i, "%", "€", "-", "/", "+") ||
		s.in(i, clauseWords)
}

var clauseWords = words("kan graag of en morgen vandaag kom is dan bij ben heb")

// daypart reads a part of the day after a time: "smiddags", "'s middags", "in de
// ochtend".
func (s *scan) daypart(i int) (part string, to int) {
	j := i
	switch {
	case s.is(i, "'", "’", "‘", "`") && s.is(i+1, "s"):
		j = i + 2
	case s.is(i, "s"):
		j = i + 1
	case s.is(i, "in") && s.is(i+1, "de", "den", "d"):
		j = i + 2
	}
	t := s.at(j)
	if t.kind != word {
		return "", 0
	}
	w := strings.TrimSuffix(t.text, "s")
	if j == i {
		if w == t.text {
			return "", 0 // "middag" alone is a word of its own
		}
		w = strings.TrimPrefix(w, "s")
	}
	if part, ok := partNames[w]; ok {
		return part, j + 1
	}
	return "", 0
}

var partNames = map[string]string{
	"ochtend": "ochtend", "ochtent": "ochtend", "ogtend": "ochtend", "morgen": "ochtend", "morge": "ochtend",
	"middag": "middag", "middach": "middag", "midag": "middag", "namiddag": "middag",
	"avond": "avond", "avon": "avond", "avont": "avond", "navond": "avond", "nacht": "nacht", "nagt": "nacht",
}

// daypartWord is the part of the day in a word that may be a day as well:
// "vanmiddag", "vrijdagochtend", "morgenavond".
func (s *scan) daypartWord(i int) string {
	t := s.at(i)
	if t.kind != word || t.text == "morgen" || t.text == "overmorgen" || t.text == "goedemorgen" || t.text == "goedemiddag" || t.text == "goedenavond" {
		return ""
	}
	for _, name := range dayparts {
		if strings.HasSuffix(t.text, name) {
			return partNames[name]
		}
	}
	if part, ok := partNames[strings.TrimPrefix(strings.TrimSuffix(t.text, "s"), "s")]; ok && t.text != "morge" {
		return part
	}
	return ""
}

// daypartBefore looks for a part of the day in the words before a time.
func (s *scan) daypartBefore(i int) string {
	for j := i - 1; j >= i-3; j-- {
		if s.is(j, ".", "!", "?", ",") {
			return ""
		}
		if part := s.daypartWord(j); part != "" {
			return part
		}
	}
	return ""
}

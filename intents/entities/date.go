package entities

import "time"

// direction is where a date lies in the words of the writer.
type direction int

const (
	coming direction = iota // what is meant without further words
	past
	next // "volgende": in the next week or month
	this // "deze": in this week or month
)

var directions = map[string]direction{
	"volgende": next, "volgend": next, "volgede": next, "volgnde": next, "vlgnde": next, "vlgd": next, "volgene": next,
	"folgende": next, "vollgende": next,
	"komende": coming, "komend": coming, "komde": coming, "kommende": coming, "komede": coming, "eerstvolgende": coming,
	"aankomende": coming, "aankomend": coming, "ankomende": coming, "aankomede": coming, "aankommende": coming, "aankomde": coming,
	"aanstaande": coming, "aanstaand": coming, "aanstande": coming, "aanst": coming,
	"deze": this, "dese": this, "dit": this, "dees": this,
	"vorige": past, "vorig": past, "vorrige": past, "vorege": past, "afgelopen": past, "afgelope": past, "afglopen": past,
	"verleden": past, "verlede": past, "laatstleden": past,
}

// relativeDays are the words that name a day by themselves, as days from today.
var relativeDays = map[string]int{
	"vandaag": 0, "vandaaag": 0, "vandag": 0, "vandaach": 0, "vndaag": 0, "vanmiddag": 0, "vanavond": 0, "vanochtend": 0, "vanmorgen": 0,
	"morgen": 1, "morge": 1, "morguh": 1, "morgn": 1, "mrgn": 1, "mrgen": 1, "morregen": 1, "morrege": 1,
	"morgenochtend": 1, "morgenmiddag": 1, "morgenavond": 1, "morgenvroeg": 1, "morgeochtend": 1, "morgemiddag": 1,
	"overmorgen": 2, "overmorge": 2, "overmorgn": 2, "overmrgn": 2,
	"gisteren": -1, "gister": -1, "gistere": -1, "gisterren": -1, "gisteravond": -1, "gistermiddag": -1, "gisterochtend": -1,
	"eergisteren": -2, "eergister": -2,
}

var (
	dayUnits   = words("dag dagen dage dagn dgn")
	weekUnits  = words("week weken weke wk wkn weeken weekn")
	monthUnits = words("maand maanden maande mnd mnden manden")
	habits     = words("elke iedere ieder elk alle per doorgaans meestal")
	greetings  = words("goede goeie goei goed goeden goedemorgen dag hallo hoi")
	partOf     = words("begin eind einde half medio midden halverwege")
	monthLeads = words("in vanaf sinds tot rond begin eind einde half medio midden halverwege van voor na")
	dayLeads   = words("op vanaf tot voor rond na tussen sinds per")
	since      = words("sinds sins geboren")
)

// date recognises days, weeks and months: "12-3", "dinsdag 12 maart '26", "de
// 12e", "volgende week dinsdag", "over 2 weken", "begin maart".
func (s *scan) date(i int) (Value, int) {
	if s.at(i).kind == symbol || !s.opens(i) {
		return nil, 0
	}
	var best Date
	to := 0
	for _, read := range [...]func(int) (Date, int){s.calendar, s.ordinal, s.weekday, s.shortDay, s.relative, s.period, s.ahead, s.ago, s.month} {
		if d, end := read(i); end > to {
			best, to = d, end
		}
	}
	timeFollows := s.at(to-1).kind == word && s.at(to).kind == number // maandag9uur
	if to == 0 || !s.shuts(to) && !timeFollows {
		return nil, 0
	}
	if s.unplaced(i, to) && s.tellsPast(i) && !time.Date(best.Year, best.Month, best.Day, 0, 0, 0, 0, time.UTC).Before(s.now) {
		best.Ambiguous = true
	}
	return best, to
}

// unplaced reports whether the words of a date leave open in which week or year
// it lies.
func (s *scan) unplaced(i, to int) bool {
	for j := i; j < to; j++ {
		t := s.at(j)
		_, placed := directions[t.text]
		_, relative := relativeDays[t.text]
		if placed || relative || s.digits(j, 4, 4) || s.is(j, "'", "’", "‘", "`", "over", "geleden", "terug", "jaar", "a", "as") {
			return false
		}
	}
	return !s.numericYear(i, to)
}

// numericYear reports whether the date ends in a year of two digits: 12-3-26.
func (s *scan) numericYear(i, to int) bool { return to-i == 5 && s.digits(to-1, 2, 2) }

// tells are words of somebody who tells what happened: "mijn man is zaterdag
// overleden", "ik had dinsdag een afspraak".
var tells = words("was waren had hadden kreeg kregen ging gingen kwam kwamen werd werden stond stonden belde stuurde betaalde verhuisde " +
	"overleden overlede ingeslapen gestorven geboren gebore bevallen verhuisd gescheiden gescheide getrouwd gekregen gekrege gekomen gekome " +
	"geweest gewees gebeurd gebeurt gevallen gestolen gejat verloren verkocht gekocht betaald betaalt gestuurd gestuurt verstuurd opgestuurd " +
	"ontvangen gezien gebeld gebelt gedaan ingeleverd ingediend aangevraagd opgehaald geleegd geleegt beboet gehad gekeurd")

// tellsPast reports whether the sentence of token i tells what happened.
func (s *scan) tellsPast(i int) bool {
	for _, step := range [...]int{-1, 1} {
		for j := i; j > i-25 && j < i+25; j += step {
			if s.is(j, ".", "!", "?") || s.at(j).kind == none {
				break
			}
			if s.in(j, tells) {
				return true
			}
		}
	}
	return false
}

// on is the day t.
func on(t time.Time) Date {
	return Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// weekOf is the week in which t lies, which starts on Monday.
func weekOf(t time.Time) Date {
	d := on(monday(t))
	d.Granularity = Week
	return d
}

func monday(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) }

func monthAt(year int, month time.Month) Date {
	d := on(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC))
	d.Granularity = Month
	return d
}

// civil is the day, or false when the calendar has no such day.
func civil(year int, month time.Month, day int) (time.Time, bool) {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return t, t.Day() == day && t.Month() == month
}

// choose places a day without a year before or after today.
func (s *scan) choose(month time.Month, day int, d direction) (Date, bool) {
	year := s.now.Year()
	t, _ := civil(year, month, day)
	switch {
	case d == past && !t.Before(s.now):
		year--
	case d != past && t.Before(s.now):
		year++
	}
	t, ok := civil(year, month, day)
	return on(t), ok
}

// year reads the year after a month: 2026, '26 or, when it is this or the next
// year, 26.
func (s *scan) year(i int) (year, to int) {
	t := s.at(i)
	switch {
	case s.digits(i, 4, 4) && t.value >= 1900 && t.value < 2100 && !s.isEuro(i+1) && s.shuts(i+1):
		return t.value, i + 1
	case s.is(i, "'", "’", "‘", "`") && s.digits(i+1, 2, 2) && s.at(i+1).glued:
		return s.century(s.at(i + 1).value), i + 2
	case s.digits(i, 2, 2) && !s.in(i+1, units) && !s.in(i+1, hourWords) && !s.is(i+1, "€", "over", "voor", "-", "/", ":", ".") && s.shuts(i+1):
		if now := s.now.Year() % 100; t.value == now || t.value == now+1 {
			return s.century(t.value), i + 1
		}
	}
	return 0, 0
}

// century completes a year of two digits: at most twenty years ahead, otherwise
// it is a year of birth.
func (s *scan) century(yy int) int {
	year := s.now.Year()/100*100 + yy
	if year > s.now.Year()+20 {
		year -= 100
	}
	return year
}

// calendar reads a day of the month with its month: 12-3, 12/03/2026, 2026-03-12,
// 12 maart, 12e van maart '26, twaalf maart.
func (s *scan) calendar(i int) (Date, int) {
	t := s.at(i)
	day := t.value
	if n := ordinalWord(t.text); t.kind == word && n > 0 {
		day = n
	}
	if s.digits(i, 4, 4) && s.is(i+1, "-") && s.is(i+3, "-") && s.joined(i, i+5) && s.digits(i+2, 2, 2) && s.digits(i+4, 2, 2) {
		return s.exactly(t.value, s.at(i+2).value, s.at(i+4).value, i+5)
	}
	if day < 1 || day > 31 || t.kind == number && len(t.text) > 2 {
		return Date{}, 0
	}
	if d, to := s.numeric(i); to > 0 {
		return d, to
	}
	j := i + 1
	if t.kind == number && s.is(j, "e", "de", "ste", "en") && (s.at(j).glued || !s.is(j, "en")) {
		j++
	}
	if s.is(j, "van", "v") {
		j++
	}
	if t.kind == number && s.is(j, "-", ".") && s.joined(i, j+2) {
		j++ // 12-maart-2026
	}
	month := s.at(j).month.Month
	if month == 0 || t.kind == word && t.value == 1 {
		return Date{}, 0
	}
	j++
	if s.is(j, ".") && s.at(j).glued && s.at(j+1).kind == number || s.is(j, "-") && s.joined(j-1, j+2) {
		j++ // 12 mrt. 2026
	}
	if year, to := s.year(j); to > 0 {
		return s.exactly(year, int(month), day, to)
	}
	return s.yearless(month, day, i, j)
}

func (s *scan) exactly(year, month, day, to int) (Date, int) {
	t, ok := civil(year, time.Month(month), day)
	if !ok || year < 1900 || year >= 2100 {
		return Date{}, 0
	}
	return on(t), to
}

// noDate are the words after or before which 2-3 or 1/4 is no date.
var (
	notAfterRange  = words("van deel deelt gevuld liter persoons kamer sterren regeling dienst")
	notBeforeRange = words("artikel art nr nummer huisnummer huisnr groep score stand lid versie kamer flat")
)

// numeric reads 12-3, 12/03/2026 and 12.03.26.
func (s *scan) numeric(i int) (Date, int) {
	sep, month := s.at(i+1), s.at(i+2)
	if !s.is(i+1, "-", "/", ".") || !s.digits(i, 1, 2) || !s.digits(i+2, 1, 2) || s.in(i-1, notBeforeRange) {
		return Date{}, 0
	}
	if s.is(i+3, sep.text) && (s.joined(i, i+5) && s.digits(i+4, 2, 2) || s.digits(i+4, 4, 4)) {
		year := s.at(i + 4).value
		if year < 100 {
			year = s.century(year)
		}
		return s.exactly(year, month.value, s.at(i).value, i+5)
	}
	to := i + 3
	if sep.text == "." || !s.joined(i, to) || !s.shuts(to) || month.value < 1 || month.value > 12 ||
		s.in(to, units) || s.in(to, hourWords) || s.in(to, notAfterRange) || s.at(i).value == 24 && month.value == 7 {
		return Date{}, 0
	}
	return s.yearless(time.Month(month.value), s.at(i).value, i, to)
}

// yearless places the day of tokens [i, to) in a year.
func (s *scan) yearless(month time.Month, day, i, to int) (Date, int) {
	if year, end := s.relativeYear(to); end > 0 {
		return s.exactly(year, int(month), day, end)
	}
	d := coming
	if end := s.lately(to); end > 0 {
		d, to = past, end
	} else if s.in(i-1, since) || s.in(i-2, since) || directions[s.at(i-1).text] == past && s.at(i-1).kind == word {
		d = past
	}
	date, ok := s.choose(month, day, d)
	if !ok {
		return Date{}, 0
	}
	return date, to
}

// relativeYear reads "vorig jaar", "dit jaar" and "volgend jaar".
func (s *scan) relativeYear(i int) (year, to int) {
	d, ok := directions[s.at(i).text]
	if !ok || !s.is(i+1, "jaar", "jr") {
		return 0, 0
	}
	switch d {
	case past:
		return s.now.Year() - 1, i + 2
	case this:
		return s.now.Year(), i + 2
	}
	return s.now.Year() + 1, i + 2
}

// lately skips "jl" or "j.l.", which puts a date in the past; soon skips "as" or
// "a.s.", which does not.
func (s *scan) lately(i int) int { return s.initials(i, "j", "l", "jl") }

func (s *scan) soon(i int) int {
	to := s.initials(i, "a", "s", "as")
	if s.is(i, "as") && !s.endsClause(to) {
		return 0 // "as" is also how people write "als"
	}
	return to
}

func (s *scan) initials(i int, first, second, both string) int {
	switch {
	case s.is(i, both):
		return i + 1
	case s.is(i, first) && s.is(i+1, ".") && s.is(i+2, second) && s.joined(i, i+3):
		if s.is(i+3, ".") && s.at(i+3).glued {
			return i + 4
		}
		return i + 3
	}
	return 0
}

// ordinal reads "de 12e", "op de 3e" and "12e van volgende maand". The second
// and third of something need a word that makes them a day.
func (s *scan) ordinal(i int) (Date, int) {
	j := i
	article := s.is(i, "de", "den")
	if article {
		j++
	}
	n, to := s.ordinalDay(j)
	if to == 0 {
		return Date{}, 0
	}
	if s.is(to, "van") {
		if s.is(to+1, "de") && s.in(to+2, monthUnits) {
			return s.dayOfMonth(n, to+3)
		}
		if d, ok := directions[s.at(to+1).text]; ok && s.in(to+2, monthUnits) {
			months := map[direction]int{next: 1, past: -1}[d]
			first := time.Date(s.now.Year(), s.now.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
			return s.exactly(first.Year(), int(first.Month()), n, to+3)
		}
	}
	month := s.at(to).month.Month
	if !article || month != 0 || !s.endsClause(to) || n <= 5 && !s.in(i-1, dayLeads) {
		return Date{}, 0
	}
	return s.dayOfMonth(n, to)
}

// ordinalDay reads 12e, 12de or 1ste.
func (s *scan) ordinalDay(i int) (n, to int) {
	t := s.at(i)
	if !s.digits(i, 1, 2) || t.value < 1 || t.value > 31 || !s.is(i+1, "e", "de", "ste") || !s.at(i+1).glued {
		return 0, 0
	}
	return t.value, i + 2
}

// dayOfMonth is the next such day, in this month or a later one.
func (s *scan) dayOfMonth(day, to int) (Date, int) {
	for ahead := range time.Month(4) {
		first := time.Date(s.now.Year(), s.now.Month()+ahead, 1, 0, 0, 0, 0, time.UTC)
		t, ok := civil(first.Year(), first.Month(), day)
		if ok && !t.Before(s.now) {
			return on(t), to
		}
	}
	return Date{}, 0
}

// weekday reads a day of the week and what belongs to it.
func (s *scan) weekday(i int) (Date, int) {
	day := s.at(i).weekday
	if day < 0 || s.in(i-1, habits) {
		return Date{}, 0
	}
	d, to := s.weekdayAnd(time.Weekday(day), i+1)
	if to == i+1 && s.in(i-1, since) {
		d = s.nearest(time.Weekday(day), past)
	}
	return d, to
}

// weekdayAnd reads on after a day of the week: "dinsdag 12 maart", "dinsdag over
// een week", "dinsdag de 12e", "dinsdag jl.".
func (s *scan) weekdayAnd(day time.Weekday, i int) (Date, int) {
	if d, to := s.dayAfterWeekday(day, i); to > 0 {
		return d, to
	}
	if d, ok := directions[s.at(i).text]; ok && s.in(i+1, weekUnits) {
		return s.inWeek(day, d), i + 2
	}
	if s.is(i, "over") && s.in(i+2, weekUnits) && s.count(i+1) > 0 {
		return on(s.dayIn(monday(s.now).AddDate(0, 0, 7*s.count(i+1)), day)), i + 3
	}
	if to := s.lately(i); to > 0 {
		return s.nearest(day, past), to
	}
	if to := s.soon(i); to > 0 {
		return s.nearest(day, coming), to
	}
	return s.nearest(day, coming), i
}

// dayAfterWeekday reads the date after a day of the week. It is ambiguous when
// that date is another day of the week.
func (s *scan) dayAfterWeekday(day time.Weekday, i int) (Date, int) {
	if s.is(i, ",", ".") {
		i++
	}
	d, to := s.ordinal(i)
	if to == 0 {
		if n, end := s.ordinalDay(i); end > 0 {
			if month := s.at(end).month.Month; month == 0 && s.endsClause(end) {
				d, to = s.dayOfMonth(n, end)
			}
		}
	}
	if s.is(i, "de", "den") {
		i++
	}
	if date, end := s.calendar(i); end > to {
		d, to = date, end
	}
	if to == 0 || !s.shuts(to) {
		return Date{}, 0
	}
	t, _ := civil(d.Year, d.Month, d.Day)
	d.Ambiguous = t.Weekday() != day
	return d, to
}

// dayIn is the day of the week that starts at the Monday.
func (s *scan) dayIn(monday time.Time, day time.Weekday) time.Time {
	return monday.AddDate(0, 0, (int(day)+6)%7)
}

// inWeek is the day in the last, this or next week.
func (s *scan) inWeek(day time.Weekday, d direction) Date {
	return on(s.dayIn(monday(s.now).AddDate(0, 0, 7*weeks(d)), day))
}

func weeks(d direction) int {
	switch d {
	case past:
		return -1
	case this:
		return 0
	}
	return 1
}

// nearest is the day of the week before or after today; today itself has names
// of its own.
func (s *scan) nearest(day time.Weekday, d direction) Date {
	ahead := (int(day)-int(s.now.Weekday())+6)%7 + 1
	switch d {
	case past:
		return on(s.now.AddDate(0, 0, -((int(s.now.Weekday())-int(day)+6)%7 + 1)))
	case next:
		date := s.inWeek(day, next)
		date.Ambiguous = date != on(s.now.AddDate(0, 0, ahead))
		return date
	}
	return on(s.now.AddDate(0, 0, ahead))
}

// shortDay reads ma, di, wo, do, vr, za and zo where nothing else can be meant.
func (s *scan) shortDay(i int) (Date, int) {
	day, ok := shortDays[s.at(i).text]
	if !ok || s.at(i).kind != word || s.in(i-1, habits) {
		return Date{}, 0
	}
	j := i + 1
	if s.is(j, ".") && s.at(j).glued && s.at(j+1).kind == number {
		j++
	}
	d, to := s.dayAfterWeekday(day, j)
	soon, lately := s.soon(j), s.lately(j)
	direct := s.is(j, "om") && (s.at(j+1).value > 0 || s.in(j+1, halfWords) || s.in(j+1, quarterWords))
	at := s.at(j).kind == number && s.clockAt(j)
	lead := s.in(i-1, dayLeads)
	other := s.or(i)
	switch {
	case to > 0:
		return d, to
	case soon > 0:
		return s.nearest(day, coming), soon
	case lately > 0:
		return s.nearest(day, past), lately
	case s.is(i, "zo"):
		return Date{}, 0
	case at, lead && direct, !wordyDays[s.at(i).text] && (direct || other || lead && s.endsClause(j)), s.is(i, "do") && (direct || other):
		return s.nearest(day, coming), i + 1
	}
	return Date{}, 0
}

// clockAt reports whether a time starts at token i.
func (s *scan) clockAt(i int) bool {
	v, _ := s.clock(i)
	return v != nil
}

// or reports whether token i is one of two days: "wo of do", "dinsdag of wo".
func (s *scan) or(i int) bool {
	isDay := func(i int) bool {
		if s.at(i).weekday >= 0 {
			return true
		}
		_, ok := shortDays[s.at(i).text]
		return ok && !s.is(i, "zo", "ma")
	}
	return s.is(i+1, "of", "en") && isDay(i+2) || s.is(i-1, "of", "en") && isDay(i-2)
}

// relative reads the words that name a day by themselves.
func (s *scan) relative(i int) (Date, int) {
	days, ok := relativeDays[s.at(i).text]
	if s.is(i, "over") && s.is(i+1, "morgen", "morge") {
		return on(s.now.AddDate(0, 0, 2)), i + 2
	}
	if !ok || s.at(i).kind != word {
		return Date{}, 0
	}
	if days == 1 {
		greeting := i == 0 && s.is(1, ",", "!") && len(s.tokens) > 2
		if s.at(i-1).weekday >= 0 || greeting || s.in(i-1, greetings) || s.in(i-1, habits) || s.is(i-1, "s", "de", "een", "over") {
			return Date{}, 0
		}
	}
	return on(s.now.AddDate(0, 0, days)), i + 1
}

// period reads "volgende week", "volgende week dinsdag", "komende vrijdag",
// "vorige maand", "afgelopen maart" and "begin volgende maand".
func (s *scan) period(i int) (Date, int) {
	j := i
	if s.in(i, partOf) {
		j++
		if s.is(j, "van") {
			j++
		}
		if s.is(j, "de") && s.in(j+1, monthUnits) && j > i+1 {
			return monthAt(s.now.Year(), s.now.Month()), j + 2
		}
	}
	d, ok := directions[s.at(j).text]
	if !ok || s.at(j).kind != word {
		return Date{}, 0
	}
	at := s.at(j).text
	j++
	switch {
	case s.in(j, weekUnits):
		k := j + 1
		if s.is(k, "op") {
			k++
		}
		if day, ok := s.anyDay(k); ok && !s.in(i, partOf) {
			return s.inWeek(day, d), k + 1
		}
		week := weekOf(s.now.AddDate(0, 0, 7*weeks(d)))
		week.Ambiguous = d == coming // of these seven days, or from Monday
		return week, j + 1
	case s.in(j, monthUnits):
		return monthAt(s.now.Year(), s.now.Month()+time.Month(weeks(d))), j + 1
	}
	if day, ok := s.anyDay(j); ok {
		if date, to := s.dayAfterWeekday(day, j+1); to > 0 {
			return date, to
		}
		return s.nearest(day, d), j + 1
	}
	if date, to := s.calendar(j); to > 0 && at != "dit" {
		return date, to
	}
	if month := s.at(j).month.Month; month != 0 && (d == coming || d == past) {
		return s.monthOfYear(month, d), j + 1
	}
	if year, k := s.relativeYear(j - 1); k > 0 {
		if month := s.at(k).month.Month; month != 0 {
			return monthAt(year, month), k + 1
		}
	}
	return Date{}, 0
}

// anyDay is the day of the week at token i, in full or short.
func (s *scan) anyDay(i int) (time.Weekday, bool) {
	if day := s.at(i).weekday; day >= 0 {
		return time.Weekday(day), true
	}
	day, ok := shortDays[s.at(i).text]
	return day, ok && !s.is(i, "zo")
}

// count is the number at token i when it can count days: "2", "twee", "een", "n".
func (s *scan) count(i int) int {
	if s.is(i, "n") {
		return 1
	}
	if v := s.at(i).value; v >= 1 && v <= 400 {
		return v
	}
	return 0
}

// ahead reads "over 2 weken" and "over drie dagen".
func (s *scan) ahead(i int) (Date, int) {
	if !s.is(i, "over", "ovr") {
		return Date{}, 0
	}
	j := i + 1
	if s.is(j, "'", "’", "een") && s.is(j+1, "n") {
		j++
	}
	n := s.count(j)
	if n == 0 {
		return Date{}, 0
	}
	d, to := s.away(n, j+1)
	if day, ok := s.anyDay(to); ok && to > 0 && d.Granularity == Week {
		return on(s.dayIn(monday(s.now).AddDate(0, 0, 7*n), day)), to + 1
	}
	return d, to
}

// ago reads "3 dagen geleden" and "een week terug".
func (s *scan) ago(i int) (Date, int) {
	n := s.count(i)
	if n == 0 || s.is(i-1, "over", "binnen", "na", "in", "om") || !s.is(i+2, "geleden", "geleeden", "gelede", "terug", "trug") {
		return Date{}, 0
	}
	d, to := s.away(-n, i+1)
	if to == 0 {
		return Date{}, 0
	}
	return d, to + 1
}

// away is so many of the unit at token i from today. Weeks and months away are
// meant roughly.
func (s *scan) away(n, i int) (Date, int) {
	switch {
	case s.in(i, dayUnits):
		return on(s.now.AddDate(0, 0, n)), i + 1
	case s.in(i, weekUnits):
		return weekOf(s.now.AddDate(0, 0, 7*n)), i + 1
	case s.in(i, monthUnits):
		return monthAt(s.now.Year(), s.now.Month()+time.Month(n)), i + 1
	}
	return Date{}, 0
}

// month reads a month, with a year or with the part of it that is meant.
func (s *scan) month(i int) (Date, int) {
	j := i
	part := s.in(i, partOf)
	if part {
		j++
		if s.is(j, "van") {
			j++
		}
	}
	month, alone := s.at(j).month.Month, s.at(j).month.alone
	if month == 0 {
		return Date{}, 0
	}
	before := s.at(i - 1)
	if before.kind == number || before.value >= 2 || before.kind == word && ordinalWord(before.text) > 1 || before.kind == word && before.glued && s.at(i-2).kind == number || s.is(i-1, "-", "/", ".") && s.at(i-2).kind == number && s.at(i).glued {
		return Date{}, 0 // of a day that does not exist: 31 februari
	}
	j++
	if year, to := s.year(j); to > 0 && year >= 100 {
		return monthAt(year, month), to
	}
	if year, to := s.relativeYear(j); to > 0 {
		return monthAt(year, month), to
	}
	// "van jan" and "tot mei" may be people.
	lead := s.in(i-1, monthLeads) && !s.is(j-1, "jan") && !s.is(i-1, "van", "voor", "na", "tot")
	if !alone && !part && !lead {
		return Date{}, 0
	}
	d := coming
	if s.in(i-1, since) {
		d = past
	}
	return s.monthOfYear(month, d), j
}

// monthOfYear is the month of this year or, when that has passed, of the next;
// of the past, the other way round.
func (s *scan) monthOfYear(month time.Month, d direction) Date {
	year := s.now.Year()
	switch {
	case d == past && month > s.now.Month():
		year--
	case d != past && month < s.now.Month():
		year++
	}
	return monthAt(year, month)
}

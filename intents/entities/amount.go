package entities

import "strings"

var (
	euroWords = words("euro euros eur euri eurie euroos oiro")
	notes     = map[string]int{"vijfje": 500, "tientje": 1000, "tientjes": 1000, "twintigje": 2000, "vijftigje": 5000, "honderdje": 10000}
)

// amount recognises "€ 12,50", "12 euro 50", "1.250,-", "vijftig euro" and "een
// tientje".
func (s *scan) amount(i int) (Value, int) {
	if (s.is(i, "€") || s.is(i, "eur", "euro")) && s.at(i+1).kind == number {
		if cents, to, _ := s.figure(i + 1); to > 0 && s.shuts(to) && (s.is(i, "€") || s.opens(i)) {
			return Amount{Cents: cents}, to
		}
		return nil, 0
	}
	if !s.opens(i) {
		return nil, 0
	}
	if v, ok := notes[s.at(i).text]; ok && !strings.HasSuffix(s.at(i).text, "s") {
		return Amount{Cents: v}, i + 1
	}
	if cents, to, dash := s.figure(i); to > 0 {
		if dash && s.shuts(to) && !s.isEuro(to) {
			return Amount{Cents: cents}, to
		}
		return s.euros(cents, to)
	}
	if n, to := s.written(i); to > 0 {
		if v, ok := notes[s.at(to).text]; ok {
			return Amount{Cents: n * v}, to + 1
		}
		return s.euros(n*100, to)
	}
	return nil, 0
}

func (s *scan) isEuro(i int) bool { return s.is(i, "€") || s.in(i, euroWords) }

// euros completes an amount of which the figure ends before token i.
func (s *scan) euros(cents, i int) (Value, int) {
	switch {
	case s.isEuro(i):
		i++
	case s.is(i, "cent", "cents", "ct", "centen") && cents%100 == 0:
		if !s.shuts(i+1) || s.is(i-1, "een") { // "geen cent", "nooit een cent"
			return nil, 0
		}
		return Amount{Cents: cents / 100}, i + 1
	case notes[s.at(i).text] > 0 && cents%100 == 0:
		return Amount{Cents: cents / 100 * notes[s.at(i).text]}, i + 1
	default:
		return nil, 0
	}
	if !s.shuts(i) && s.at(i).kind != number {
		return nil, 0
	}
	if extra, to := s.cents(i); to > 0 && cents%100 == 0 {
		return Amount{Cents: cents + extra}, to
	}
	if !s.shuts(i) {
		return nil, 0
	}
	return Amount{Cents: cents}, i
}

// cents reads the "50" of "12 euro 50" and "12 euro en 50 cent".
func (s *scan) cents(i int) (cents, to int) {
	joined := s.is(i, "en")
	if joined {
		i++
	}
	t := s.at(i)
	n, to := t.value, i+1
	if t.kind == number && len(t.text) != 2 && !s.is(to, "cent", "ct") {
		return 0, 0
	}
	if t.kind == word {
		n, to = s.written(i)
	}
	if n < 1 || n > 99 || to == 0 {
		return 0, 0
	}
	if s.is(to, "cent", "ct", "cents") && s.shuts(to+1) {
		return n, to + 1
	}
	month := s.at(to).month.Month
	if joined || n < 5 || month != 0 || s.in(to, units) || s.isEuro(to) || !s.shuts(to) || s.is(to, "-", "/", ":", "%") {
		return 0, 0
	}
	return n, to
}

// figure reads an amount in digits: 12, 1250, 1.250, 12,50, 12.50, 12,-. It also
// tells whether the amount ended in a dash for the cents.
func (s *scan) figure(i int) (cents, to int, dash bool) {
	t := s.at(i)
	if !s.digits(i, 1, 9) {
		return 0, 0, false
	}
	euros, to := t.value, i+1
	if len(t.text) <= 3 && t.text[0] != '0' {
		for n := 0; n < 2 && s.is(to, ".") && s.digits(to+1, 3, 3) && s.joined(to-1, to+2); n++ {
			euros = euros*1000 + s.at(to+1).value
			to += 2
		}
	}
	if !s.is(to, ",", ".") || !s.joined(to-1, to+2) {
		return euros * 100, to, false
	}
	switch after := s.at(to + 1); {
	case s.digits(to+1, 2, 2):
		return euros*100 + after.value, to + 2, false
	case s.digits(to+1, 1, 1) && s.is(to, ","):
		return euros*100 + after.value*10, to + 2, false
	case s.is(to+1, "-", "=", "–"):
		to += 2
		if s.is(to, "-") && s.at(to).glued {
			to++
		}
		return euros * 100, to, true
	case after.kind == number:
		return 0, 0, false
	}
	return euros * 100, to, false
}

// written reads a number in words, which may be one word or several: "twee
// honderd vijftig".
func (s *scan) written(i int) (n, to int) {
	if s.at(i).kind != word || s.at(i).value < 0 {
		return 0, 0
	}
	all := s.at(i).text
	n, to = s.at(i).value, i+1
	for j := i + 1; j < i+6 && len(all) < 60; j++ {
		if t := s.at(j); t.kind != word || t.value < 0 && t.text != "en" {
			break
		}
		all += s.at(j).text
		if v, ok := numberWord(all); ok {
			n, to = v, j+1
		}
	}
	return n, to
}

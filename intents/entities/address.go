package entities

import "strings"

// postcodeWords announce a postcode, houseWords a house number.
var (
	postcodeWords = words("postcode postkode poscode postcod pc adres")
	houseWords    = words("nr nummer numer no huisnummer huisnr hnr huisnumer")
	additions     = words("bis hs huis boven beneden rd ii iii iv vi")
)

// noPostcode are pairs of letters that are never issued.
var noPostcode = words("sa sd ss")

// measures are letters that make the four digits before them a measure.
var measures = words("km kg cm mm ml cl mb gb eu kw pk nr m2")

// shortWords are the words of two letters that follow a year in plain Dutch:
// "in 2026 en", "1200 of".
var shortWords = words("en of is in op de te we ze je ik me er om al nu zo ja na do ma wo vr za di af ga zn mn hb ff as ne ni ie kg km eu")

// postcode recognises "1234 AB", "1234ab" and "1234 ab nr 12 bis".
func (s *scan) postcode(i int) (Value, int) {
	code, j := s.postcodeAt(i)
	if code == "" {
		return nil, 0
	}
	house, k := s.house(j)
	if k == 0 {
		if !s.shuts(j) {
			return nil, 0
		}
		k = j
	}
	return Postcode{Code: code, House: house}, k
}

// postcodeAt reads the postcode alone.
func (s *scan) postcodeAt(i int) (code string, to int) {
	digits, letters := s.at(i), s.at(i+1)
	if digits.kind != number || len(digits.text) != 4 || digits.text[0] == '0' || !s.opens(i) {
		return "", 0
	}
	if letters.kind != word || letters.end-letters.start != 2 || len(letters.text) != 2 || noPostcode[letters.text] || !asciiLetters(letters.text) {
		return "", 0
	}
	announced := s.shortlyBefore(i, 4, postcodeWords)
	capitals := s.upper(i+1) && s.lower
	switch {
	case announced:
	case s.directPlateCue(i):
		return "", 0 // 1234AB is the shape of a licence plate too
	case measures[letters.text] && !capitals:
		return "", 0
	case !letters.glued && !capitals && shortWords[letters.text]:
		return "", 0
	}
	return digits.text + strings.ToUpper(letters.text), i + 2
}

func asciiLetters(w string) bool {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// house reads a house number with its addition: "12", ", nr. 12 a", "12-bis".
func (s *scan) house(i int) (House, int) {
	i, named := s.houseIntro(i)
	t := s.at(i)
	if !s.digits(i, 1, 5) || t.text[0] == '0' || !named && !s.plainHouse(i) {
		return House{}, 0
	}
	if addition, to := s.addition(i + 1); to > 0 {
		return House{Number: t.value, Addition: strings.ToUpper(addition)}, to
	}
	if !s.shuts(i + 1) {
		return House{}, 0
	}
	return House{Number: t.value}, i + 1
}

// houseIntro skips what stands between a postcode or street and the number, and
// tells whether it names a house number.
func (s *scan) houseIntro(i int) (to int, named bool) {
	if s.is(i, ",", ".", "-", "/") {
		i++
	}
	j := i
	for n := 0; n < 3 && s.is(j, "en", "met", "het", "op", "huis"); n++ {
		j++
	}
	if !s.in(j, houseWords) {
		return i, false
	}
	j++
	for n := 0; n < 2 && s.is(j, ".", ":", "=", "is"); n++ {
		j++
	}
	return j, true
}

// plainHouse reports whether a number that nobody called a house number is one:
// it is not a year, a count, a date, a time or the start of something longer.
func (s *scan) plainHouse(i int) bool {
	if v := s.at(i).value; s.digits(i, 4, 4) && v >= 1900 && v < 2100 {
		return false
	}
	if month := s.at(i + 1).month.Month; month != 0 || s.in(i+1, units) || s.is(i+1, "%", "€", "+") {
		return false
	}
	if s.joined(i, i+3) && s.at(i+2).kind == number {
		switch {
		case s.is(i+1, ":", ",", "."):
			return false
		case s.is(i+1, "-", "/") && s.joined(i, i+4) && s.is(i+3, "-", "/"):
			return false // 12-3-2026
		}
	}
	if s.is(i+1, "over", "voor") && (s.is(i+2, "half") || s.at(i+2).value > 0) {
		return false // 10 voor half 4
	}
	code, _ := s.postcodeAt(i)
	return code == ""
}

// addition reads what follows a house number: a letter, "bis", "-3", "II".
func (s *scan) addition(i int) (string, int) {
	t, to := s.at(i), i+1
	switch after := s.additionName(i); {
	case after > 0:
		t, to = s.at(after), after+1
		if t.kind != word && t.kind != number || len(t.text) > 4 {
			return "", 0
		}
	case s.is(i, "-", "/") && s.joined(i-1, i+2):
		t, to = s.at(i+1), i+2
		if t.kind == number && len(t.text) > 4 || t.kind == word && len(t.text) > 1 && !additions[t.text] || t.kind == symbol {
			return "", 0
		}
	case t.kind != word:
		return "", 0
	case t.glued:
		if (len(t.text) > 1 || s.is(i, "u", "x")) && !additions[t.text] {
			return "", 0
		}
	default:
		letter := len(t.text) == 1 && t.text[0] >= 'a' && t.text[0] <= 'h'
		if !letter && (!additions[t.text] || s.is(i, "huis", "boven", "beneden")) {
			return "", 0
		}
	}
	if !s.shuts(to) {
		return "", 0
	}
	return t.text, to
}

// additionName skips a word that names the addition, and returns 0 without one.
func (s *scan) additionName(i int) int {
	if s.is(i, ",") {
		i++
	}
	if !s.is(i, "toevoeging", "toev", "huisletter") {
		return 0
	}
	if s.is(i+1, ".", ":") {
		i++
	}
	return i + 1
}

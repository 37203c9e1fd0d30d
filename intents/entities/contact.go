package entities

import (
	"net/mail"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// email recognises an address that starts at token i and is valid by RFC 5322,
// with a domain of two or more parts.
func (s *scan) email(i int) (Value, int) {
	before := i
	if s.is(i-1, ".", "-") && s.at(i).glued {
		before-- // the dash of a list, or the end of the sentence before
	}
	if t := s.at(i); t.kind == symbol && t.text != "_" || s.at(before).glued && s.inAddress(before-1) {
		return nil, 0
	}
	at := i
	for s.inAddress(at) && at-i < 32 && (at == i || s.at(at).glued) {
		at++
	}
	if at == i || !s.is(at, "@") || !s.at(at).glued {
		return nil, 0
	}
	to := at + 1
	for s.inDomain(to) && to-at < 32 && s.at(to).glued {
		to++
	}
	for to > at && s.at(to-1).kind == symbol {
		to--
	}
	if to == at || s.is(to, "@") || !s.joined(i, to) {
		return nil, 0
	}
	local, domain, _ := strings.Cut(s.text[s.at(i).start:s.at(to-1).end], "@")
	address := local + "@" + strings.ToLower(domain)
	top := domain[strings.LastIndexByte(domain, '.')+1:]
	if len(top) == len(domain) || len(top) < 2 || isDigit(rune(top[0])) {
		return nil, 0
	}
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return nil, 0
	}
	return Email{Address: address}, to
}

func (s *scan) inAddress(i int) bool {
	t := s.at(i)
	return t.kind == word || t.kind == number || s.is(i, ".", "_", "-", "+", "%")
}

func (s *scan) inDomain(i int) bool {
	t := s.at(i)
	return t.kind == word || t.kind == number || s.is(i, ".", "-")
}

// maxPhoneCalls bounds the work of the library, some 40 µs for each number.
const maxPhoneCalls = 16

// phone recognises numbers with the Dutch zero or an international prefix in
// front, however grouped. Digits that form a date or other code are left alone.
func (s *scan) phone(i int) (Value, int) {
	first := s.at(i)
	international := s.is(i, "+") && s.digits(i+1, 1, 15) && s.at(i+1).glued || first.kind == number && strings.HasPrefix(first.text, "00")
	national := first.kind == number && first.text[0] == '0' && (len(first.text) > 2 || first.text == "06")
	second := s.is(i-1, "/") && s.digits(i-2, 6, 15) // of two numbers with a slash between them
	if !international && !national || !s.opens(i) && !second || s.fullDate(i) {
		return nil, 0
	}
	// The tokens at whose end the digits could be complete.
	var ends []int
	digits, groups := 0, 0
	for j := i; groups < 10 && j < i+30; j++ {
		t := s.at(j)
		switch {
		case t.kind == number:
			digits += len(t.text)
			groups++
			if digits <= 15 && completePhone(first, digits, international) {
				ends = append(ends, j+1)
			}
			continue
		case j == i, s.is(j, "(", ")", "/"), s.is(j, "-", ".", "–") && (t.glued || s.at(j+1).kind == number):
			continue
		}
		break
	}
	for k := len(ends) - 1; k >= 0; k-- {
		to := ends[k]
		if s.phoneCalls >= maxPhoneCalls || !s.shutsPhone(to) {
			continue
		}
		s.phoneCalls++
		n, err := phonenumbers.Parse(s.text[first.start:s.at(to-1).end], "NL")
		if err == nil && phonenumbers.IsValidNumber(n) {
			return Phone{E164: phonenumbers.Format(n, phonenumbers.E164)}, to
		}
	}
	return nil, 0
}

// completePhone reports whether so many digits can be a number: ten in the
// Netherlands, eight or eleven for 0800 and 0900.
func completePhone(first *token, digits int, international bool) bool {
	switch {
	case international:
		return digits >= 9
	case strings.HasPrefix(first.text, "0800"), strings.HasPrefix(first.text, "090"):
		return digits == 8 || digits == 11
	}
	return digits == 10
}

// shutsPhone is as shuts, but two numbers may be joined by a slash.
func (s *scan) shutsPhone(to int) bool {
	return s.shuts(to) || s.is(to, "/")
}

// fullDate reports whether token i starts a date such as 06-12-2026.
func (s *scan) fullDate(i int) bool {
	return s.digits(i, 1, 2) && s.is(i+1, "-", "/", ".") && s.digits(i+2, 1, 2) && s.is(i+3, "-", "/", ".") && s.digits(i+4, 4, 4) && s.joined(i, i+5)
}

package entities

import "strings"

// plateShapes are the sidecodes 1 to 14 of the Dutch road authority (RDW), each
// letter written as X and each digit as 9.
var plateShapes = map[string]string{
	"XX9999": "XX-99-99", "9999XX": "99-99-XX", "99XX99": "99-XX-99", "XX99XX": "XX-99-XX", "XXXX99": "XX-XX-99",
	"99XXXX": "99-XX-XX", "99XXX9": "99-XXX-9", "9XXX99": "9-XXX-99", "XX999X": "XX-999-X", "X999XX": "X-999-XX",
	"XXX99X": "XXX-99-X", "X99XXX": "X-99-XXX", "9XX999": "9-XX-999", "999XX9": "999-XX-9",
}

var (
	// directPlateWords announce a licence plate, plateWords make one likely.
	directPlateWords = words("kenteken kentekens kentekken kenteke kentken kentekenplaat nummerbord numerbord nummerplaat nummerboord")
	plateWords       = words("kenteken kentekens kentekken kenteke kentken kentekenplaat nummerbord numerbord nummerplaat nummerboord " +
		"auto wagen voertuig motor scooter brommer camper caravan aanhanger bus busje bestelbus parkeren parkeervergunning parkeerboete")
)

func (s *scan) directPlateCue(i int) bool { return s.shortlyBefore(i, 4, directPlateWords) }

// plate recognises the licence plates of the Netherlands. Without dashes they
// need capitals or a word such as "auto" near, with spaces the word "kenteken".
func (s *scan) plate(i int) (Value, int) {
	if s.at(i).kind == symbol || !s.opens(i) {
		return nil, 0
	}
	var codeBytes, shapeBytes [12]byte
	code, shape := codeBytes[:0], shapeBytes[:0]
	j, dashes, spaces, capitals := i, 0, 0, true
	for len(code) < 6 {
		t := s.at(j)
		switch {
		case j > i && t.glued && s.is(j, "-"):
			dashes++
			j++
			t = s.at(j)
			if !t.glued {
				return nil, 0
			}
		case j > i && !t.glued:
			spaces++
		}
		if t.kind != word && t.kind != number || len(code)+len(t.text) > 6 || t.kind == word && (!asciiLetters(t.text) || t.end-t.start != len(t.text)) {
			return nil, 0
		}
		for range len(t.text) {
			if t.kind == word {
				shape = append(shape, 'X')
			} else {
				shape = append(shape, '9')
			}
		}
		capitals = capitals && (t.kind == number || s.upper(j))
		code = append(code, t.text...)
		j++
	}
	grouped, ok := plateShapes[string(shape)]
	if !ok || !s.shuts(j) {
		return nil, 0
	}
	// Groups that do not stand where the dashes do are something else.
	number := dashed(string(code), grouped)
	direct := s.directPlateCue(i) || s.shortlyAfter(j, 3, directPlateWords)
	switch written := strings.ToUpper(s.text[s.at(i).start:s.at(j-1).end]); {
	case spaces > 0 && (!direct || dashes > 0 || shortWords[s.at(i).text]):
		return nil, 0 // "nummerbord is 12 ab"
	case written == number, direct:
	case string(shape) == "9999XX":
		return nil, 0 // a postcode
	case dashes == 0 && capitals && s.lower, s.near(i, j, 5, plateWords):
	case dashes == 0 && capitals && i == 0 && j == len(s.tokens):
	default:
		return nil, 0
	}
	return Plate{Number: number}, j
}

// dashed writes the code in capitals with the dashes of its shape.
func dashed(code, shape string) string {
	var b strings.Builder
	for i, n := 0, 0; i < len(shape); i++ {
		if shape[i] == '-' {
			b.WriteByte('-')
			continue
		}
		b.WriteByte(code[n])
		n++
	}
	return strings.ToUpper(b.String())
}

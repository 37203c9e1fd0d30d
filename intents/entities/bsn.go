package entities

// bsn recognises nine digits that pass the test of eleven of citizen service
// numbers (Logisch Ontwerp BSN): 9a+8b+7c+6d+5e+4f+3g+2h-i is a multiple of 11.
// Between the digits may stand spaces or dots: 1234.56.782. Eight digits count
// only after a word that names the number.
func (s *scan) bsn(i int) (Value, int) {
	var digits []byte
	j := i
	for len(digits) < 9 {
		if j > i && s.is(j, ".", "-") && s.joined(j-1, j+2) {
			j++
		}
		t := s.at(j)
		if t.kind != number || j > i && len(t.text) < 2 {
			break
		}
		digits = append(digits, t.text...)
		j++
	}
	if len(digits) == 8 && s.shortlyBefore(i, 4, bsnWords) {
		digits = append([]byte{'0'}, digits...)
	}
	if len(digits) != 9 || !eleven(digits) || !s.opens(i) || !s.shuts(j) {
		return nil, 0
	}
	return BSN{}, j
}

var bsnWords = words("bsn bsnnummer burgerservicenummer burgerservicenumer sofi sofinummer")

func eleven(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		weight := 9 - i
		if i == 8 {
			weight = -1
		}
		sum += weight * int(d-'0')
	}
	return sum > 0 && sum%11 == 0
}

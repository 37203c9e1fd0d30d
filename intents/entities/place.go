package entities

import (
	"slices"
	"strings"
)

const (
	maxPlaceWords = 6
	maxPlaceBytes = 80
	minFuzzySound = 7 // shorter names have too many neighbours
)

// gazetteer knows the names of streets and districts. It is not changed after it
// has been built.
type gazetteer struct {
	names    []Place
	said     []string         // the sound of each name
	exact    map[string]int   // by the letters without spaces
	sounds   map[string][]int // by sound
	deletes  map[string][]int // by the sound less one letter
	maxWords int
}

func newGazetteer(places Places) *gazetteer {
	g := &gazetteer{exact: map[string]int{}, sounds: map[string][]int{}, deletes: map[string][]int{}}
	for _, name := range places.Streets {
		g.add(Place{Name: name})
	}
	for _, name := range places.Districts {
		g.add(Place{Name: name, District: true})
	}
	return g
}

func (g *gazetteer) add(p Place) {
	s := scan{text: p.Name}
	s.tokenise()
	var letters, sounds []byte
	n := 0
	for i := range s.tokens {
		if s.tokens[i].kind != symbol {
			letters = append(letters, s.tokens[i].text...)
			sounds = appendSound(sounds, placeSound(&s.tokens[i]))
			n++
		}
	}
	key, said := string(letters), string(sounds)
	if _, known := g.exact[key]; known || key == "" || n > maxPlaceWords || len(key) > maxPlaceBytes {
		return
	}
	id := len(g.names)
	g.names, g.said = append(g.names, p), append(g.said, said)
	g.exact[key] = id
	g.maxWords = max(g.maxWords, n)
	if len(said) < minFuzzySound {
		return
	}
	g.sounds[said] = append(g.sounds[said], id)
	for i := 1; i < len(said); i++ {
		less := said[:i] + said[i+1:]
		if ids := g.deletes[less]; !slices.Contains(ids, id) {
			g.deletes[less] = append(ids, id)
		}
	}
}

// shortNames are the short forms within the names of streets.
var shortNames = map[string]string{
	"str": "straat", "strt": "straat", "ln": "laan", "pln": "plein", "wg": "weg", "burg": "burgemeester", "burgem": "burgemeester",
	"dr": "dokter", "prof": "professor", "st": "sint", "ds": "dominee", "mr": "meester", "gen": "generaal", "pr": "prins", "kon": "koning",
}

// placeSound is the sound of a word within a name, short forms written out.
func placeSound(t *token) string {
	if full, ok := shortNames[t.text]; ok {
		return sound(full)
	}
	for _, short := range [...]string{"strt", "str", "pln"} {
		if stem, ok := strings.CutSuffix(t.text, short); ok && len(stem) >= 3 {
			return sound(stem + shortNames[short])
		}
	}
	if t.kind == number {
		return t.text
	}
	return t.sound
}

// appendSound adds the sound of the next word; a sound is not doubled.
func appendSound(said []byte, next string) []byte {
	if n := len(said); n > 0 && next != "" && said[n-1] == next[0] && !isDigit(rune(next[0])) {
		next = next[1:]
	}
	return append(said, next...)
}

// place recognises the longest name that starts at token i. Written without
// mistakes it wins from a longer one with a mistake only if that adds nothing.
func (s *scan) place(g *gazetteer, i int) (Value, int) {
	if g.maxWords == 0 || s.at(i).kind == symbol || !s.opens(i) {
		return nil, 0
	}
	var best Place
	to := 0
	var keyBytes, saidBytes [maxPlaceBytes]byte
	key, said, n := keyBytes[:0], saidBytes[:0], 0
	for j := i; n <= g.maxWords; j++ {
		t := s.at(j)
		if t.kind == symbol && (t.text == "." || t.text == "-") && (t.glued || n == 0) {
			continue
		}
		if t.kind != word && t.kind != number || len(key)+len(t.text) > maxPlaceBytes {
			break
		}
		before := len(said)
		key, said = append(key, t.text...), appendSound(said, placeSound(t))
		added := len(said) - before
		n++
		if added == 0 || !s.shuts(j+1) && s.at(j+1).kind != number {
			continue
		}
		if p, ok := g.lookup(key, said, n == 1 || added > 1); ok {
			best, to = p, j+1
		}
	}
	if to == 0 {
		return nil, 0
	}
	if !best.District {
		if house, after := s.house(to); after > 0 {
			best.House = house
			return best, after
		}
	}
	if !s.shuts(to) {
		return nil, 0
	}
	return best, to
}

// lookup finds the one name with these letters or this sound, or, when mistakes
// are allowed, within one letter of it. Of two such names it chooses neither.
func (g *gazetteer) lookup(key, said []byte, mistakes bool) (Place, bool) {
	if id, ok := g.exact[string(key)]; ok {
		return g.names[id], true
	}
	if ids := g.sounds[string(said)]; len(ids) == 1 {
		return g.names[ids[0]], true
	} else if len(ids) > 1 || !mistakes || len(said) < minFuzzySound-1 {
		return Place{}, false
	}
	found := -1
	try := func(ids []int) bool {
		for _, id := range ids {
			if id == found || !oneEdit(g.said[id], string(said)) || numerals(g.said[id]) != numerals(string(said)) {
				continue
			}
			if found >= 0 {
				return false
			}
			found = id
		}
		return true
	}
	unique := try(g.deletes[string(said)])
	var less [2 * maxPlaceBytes]byte
	for i := 1; i < len(said) && unique; i++ {
		shorter := append(append(less[:0], said[:i]...), said[i+1:]...)
		unique = try(g.sounds[string(shorter)]) && try(g.deletes[string(shorter)])
	}
	if found < 0 || !unique {
		return Place{}, false
	}
	return g.names[found], true
}

// numerals are the digits of a name: in "Plein 1944" they leave no room for
// mistakes.
func numerals(name string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, name)
}

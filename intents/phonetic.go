package intents

import "strings"

// PhoneticKey returns how a normalised Dutch word sounds, in a rough spelling
// that forgets the distinctions people with little schooling do not write.
// Words that sound alike get the same key: "wijzigen", "weizigen" and
// "wijsige" become one.
func PhoneticKey(word string) string {
	p := phonetics{in: word, out: make([]byte, 0, len(word)+2)}
	p.run()
	p.endings()
	return string(p.out)
}

// phoneticStem is the phonetic key of the beginning of a word: the rules for
// the end of a word do not hold there.
func phoneticStem(start string) string {
	p := phonetics{in: start}
	p.run()
	return string(p.out)
}

// phonetics scans a word from left to right; each rule reads one to four
// letters and writes a sound.
type phonetics struct {
	in  string
	pos int
	out []byte
}

// Sounds that Dutch spells with two letters get one byte of their own.
const (
	soundAu = 'A' // au, ou, auw, ouw
	soundEi = 'Y' // ei, ij, y
	soundUi = 'O' // ui, eu, uj
	soundSg = 'C' // sch, sg
	soundNg = 'N' // ng, nk
)

func (p *phonetics) run() {
	for p.pos < len(p.in) {
		p.step()
	}
}

// next reports the letter i places ahead, 0 beyond the end.
func (p *phonetics) next(i int) byte {
	if p.pos+i < len(p.in) {
		return p.in[p.pos+i]
	}
	return 0
}

func (p *phonetics) has(s string) bool { return strings.HasPrefix(p.in[p.pos:], s) }

// emit writes a sound after n letters. A sound is never doubled: "vergadering"
// with one or two d's, and "straat" or "strat", are the same to the ear of a
// writer who does not know the rule of open and closed syllables.
func (p *phonetics) emit(sound byte, n int) {
	p.pos += n
	if len(p.out) == 0 || p.out[len(p.out)-1] != sound {
		p.out = append(p.out, sound)
	}
}

func (p *phonetics) step() {
	c := p.in[p.pos]
	switch c {
	case 'a', 'e', 'i', 'o', 'u', 'y':
		p.vowel(c)
	default:
		p.consonant(c)
	}
}

func (p *phonetics) vowel(c byte) {
	switch {
	case p.has("eau"): // bureau, cadeau: said with a long o
		p.emit('o', 3)
	case p.has("ouw"), p.has("auw"): // bouwen and bouen sound alike
		p.emit(soundAu, 3)
	case p.has("ou"), p.has("au"): // one sound, two spellings
		p.emit(soundAu, 2)
	case p.has("eij"), p.has("ijj"): // both spellings at once
		p.emit(soundEi, 3)
	case p.has("ij"), p.has("ei"), p.has("ey"): // korte ei, lange ij
		p.emit(soundEi, 2)
	case c == 'y':
		p.emit(soundEi, 1) // y is how many people write ij
	case p.has("ui"), p.has("eu"), p.has("uj"), p.has("uy"): // heard alike by second-language speakers
		p.emit(soundUi, 2)
	case p.has("oe"), p.has("ue"): // moet, mut
		p.emit('u', 2)
	case p.has("iee"): // categorieen
		p.emit('i', 3)
		p.emit('e', 0)
	case p.has("ie"): // the long i is written with and without e
		p.emit('i', 2)
	default:
		p.emit(c, 1)
	}
}

func (p *phonetics) consonant(c byte) {
	n := p.next(1)
	soft := n == 'e' || n == 'i' || n == 'y'
	switch {
	case p.has("sch"):
		p.emit(soundSg, 3) // school, sgool
	case p.has("sgh"):
		p.emit(soundSg, 3)
	case p.has("sg"):
		p.emit(soundSg, 2)
	case c == 'c' && n == 'h': // lachen, lagen: the soft g
		p.emit('g', 2)
	case c == 'c' && n == 'k':
		p.emit('k', 2)
	case c == 'c' && soft: // centrum, sentrum
		p.emit('s', 1)
	case c == 'c':
		p.emit('k', 1) // contact, kontakt
	case c == 'q': // qu is kw
		p.emit('k', 1)
		if n == 'u' {
			p.emit('w', 1)
		}
	case c == 'x': // extra, ekstra
		p.emit('k', 1)
		p.emit('s', 0)
	case c == 'p' && n == 'h', c == 'v': // f and v have merged in most mouths
		p.emit('f', 1+btoi(c == 'p'))
	case c == 'z': // s and z too
		p.emit('s', 1)
	case p.has("tie"), p.has("tio"): // politie, station
		p.tie()
	case c == 't' && n == 'h': // thuis, tuis
		p.emit('t', 2)
	case c == 'd' && n == 't': // wordt, wort
		p.emit('t', 2)
	case c == 'n' && (n == 'g' || n == 'k'): // lang, lank
		p.emit(soundNg, 2)
	case c == 'g' && n == 'h':
		p.emit('g', 2)
	default:
		p.emit(c, 1)
	}
}

// tie reads the ending -tie and -tio-, which sound like "sie" except after s
// (kwestie) and at the start of a word (tien).
func (p *phonetics) tie() {
	if p.pos == 0 || p.pos+3 < len(p.in) && p.in[p.pos+2] == 'e' && p.in[p.pos+3] != 's' || p.in[p.pos-1] == 's' {
		p.emit('t', 1)
		return
	}
	if last := p.out[len(p.out)-1]; last == 'k' || last == 't' {
		p.emit('s', 1) // actie, akzie
		return
	}
	p.emit('s', 1)
}

// endings applies the rules for the end of a word.
func (p *phonetics) endings() {
	if n := len(p.out); n > 3 && p.out[n-1] == 'n' && p.out[n-2] == 'e' {
		p.out = p.out[:n-1] // the n after a mute e is not said: lopen, lope
	}
	p.replace("lYk", "luk") // -lijk has a mute vowel: -lik, -luk
	p.replace("lik", "luk")
	p.replace("lYke", "luke")
	p.replace("ig", "ug") // -ig is said -ug
	p.replace("ige", "uge")
	p.replace("isC", "is") // praktisch, praktis
	p.replace("iC", "is")
	p.replace("iCe", "ise")
	p.replace("iw", "iu") // nieuw, niew
	p.replace("uw", "u")
	p.replace("dt", "t")
	p.replace("td", "t")
	p.replace("d", "t") // hard at the end: tijd, tijt
	p.replace("b", "p") // heb, hep
}

// replace changes the end of the word.
func (p *phonetics) replace(end, by string) {
	n := len(p.out) - len(end)
	if n > 0 && string(p.out[n:]) == end {
		p.out = append(p.out[:n], by...)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

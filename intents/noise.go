package intents

import (
	"math/rand/v2"
	"strings"
)

// noise spells a sentence the way people with little schooling, in a hurry or
// with another mother tongue do. Training sees every sentence in many
// spellings, so that the model does not lean on the right one.
//
// The kinds of mistakes are the common ones of Dutch: sounds that have two
// spellings, d and t at the end, open and closed syllables, the silent n,
// words joined and split, and slips of the thumb.
type noise struct {
	rng *rand.Rand
}

// spell returns text with about the given number of mistakes.
func (n noise) spell(text string, mistakes int) string {
	s := strings.Join(strings.Fields(Normalise(text)), " ")
	for done, tries := 0, 0; done < mistakes && tries < 8*mistakes; tries++ {
		if t, ok := n.mistake(s); ok && t != s && strings.TrimSpace(t) != "" {
			s = t
			done++
		}
	}
	return s
}

func (n noise) mistake(s string) (string, bool) {
	switch k := n.rng.IntN(24); {
	case k < 10:
		return n.swapSound(s)
	case k < 13:
		return n.endHard(s)
	case k < 16:
		return n.syllable(s)
	case k < 18:
		return n.dropLetter(s)
	case k < 19:
		return n.twist(s)
	case k < 20:
		return n.join(s)
	case k < 21:
		return n.split(s)
	default:
		return n.short(s)
	}
}

// sounds are spellings that writers take for each other; "^" and "$" stand for
// the start and the end of a word.
var sounds = [][2]string{
	{"ij", "ei"},
	{"ei", "ij"},
	{"ij", "y"},
	{"au", "ou"},
	{"ou", "au"},
	{"ouw", "ou"},
	{"lijk$", "luk"},
	{"lijk$", "lik"},
	{"lijke$", "luke"},
	{"ig$", "ug"},
	{"ig$", "ich"},
	{"ige$", "uge"},
	{"tie$", "sie"},
	{"th", "t"},
	{"eau", "oo"},
	{"oe", "u"},
	{"oe", "oo"},
	{"eu", "ui"},
	{"ui", "eu"},
	{"ee", "e"},
	{"^ver", "fur"},
	{"^ver", "vur"},
	{"^ge", "gu"},
	{"^be", "bu"},
	{"ch", "g"},
	{"cht", "gt"},
	{"gt", "cht"},
	{"sch", "sg"},
	{"sch", "s"},
	{"ce", "se"},
	{"ci", "si"},
	{"ca", "ka"},
	{"co", "ko"},
	{"ck", "k"},
	{"ks", "x"},
	{"x", "ks"},
	{"qu", "kw"},
	{"ph", "f"},
	{"^v", "f"},
	{"^z", "s"},
	{"^f", "v"},
	{"eve", "efe"},
	{"ze", "se"},
	{"za", "sa"},
	{"ng$", "nk"},
	{"nk", "ng"},
	{"ie", "i"},
	{"i", "ie"},
	{"en$", "e"},
	{"en$", "e"},
	{"en$", "e"},
	{"en$", "un"},
	{"er$", "ur"},
	{"el$", "ul"},
	{"^h", ""},
	{"uw$", "u"},
	{"eeuw", "eew"},
	{"isch$", "ies"},
	{"wr", "vr"},
	{"^g", "ch"},
	{"n$", ""},
	{"oor", "or"},
	{"eer", "ir"},
	{"aar", "ar"},
}

// swapSound replaces one spelling of a sound by another, at a random place.
func (n noise) swapSound(s string) (string, bool) {
	padded := " " + s + " "
	for range 6 {
		r := sounds[n.rng.IntN(len(sounds))]
		from := strings.Replace(strings.Replace(r[0], "^", " ", 1), "$", " ", 1)
		at := n.find(padded, from)
		if at < 0 {
			continue
		}
		to := r[1]
		if from[0] == ' ' {
			to = " " + to
		}
		if from[len(from)-1] == ' ' {
			to += " "
		}
		return strings.TrimSpace(padded[:at] + to + padded[at+len(from):]), true
	}
	return s, false
}

// find returns the place of a random occurrence of part, -1 if there is none.
func (n noise) find(s, part string) int {
	count := strings.Count(s, part)
	if count == 0 {
		return -1
	}
	at := 0
	for range n.rng.IntN(count) + 1 {
		at += strings.Index(s[at:], part) + 1
	}
	return at - 1
}

// endHard confuses d, t and dt at the end of a word, or leaves the t out.
func (n noise) endHard(s string) (string, bool) {
	words := strings.Split(s, " ")
	for range 6 {
		i := n.rng.IntN(len(words))
		w := words[i]
		if len(w) < 3 {
			continue
		}
		stem := w[:len(w)-1]
		switch {
		case strings.HasSuffix(w, "dt"):
			words[i] = w[:len(w)-2] + pick(n.rng, "d", "t")
		case strings.HasSuffix(w, "d"):
			words[i] = stem + pick(n.rng, "t", "dt", "")
		case strings.HasSuffix(w, "t"):
			words[i] = stem + pick(n.rng, "d", "", "dt", "")
		case strings.HasSuffix(w, "b"):
			words[i] = stem + "p"
		default:
			continue
		}
		return strings.Join(words, " "), true
	}
	return s, false
}

// syllable doubles or halves a letter, as writers do who have not learnt the
// rule of open and closed syllables.
func (n noise) syllable(s string) (string, bool) {
	for range 10 {
		i := 1 + n.rng.IntN(max(1, len(s)-1))
		if i >= len(s) || s[i] < 'a' || s[i] > 'z' {
			continue
		}
		if s[i] == s[i-1] {
			return s[:i] + s[i+1:], true
		}
		if s[i-1] != ' ' && i+1 < len(s) && s[i+1] != ' ' && n.rng.IntN(2) == 0 {
			return s[:i] + s[i:i+1] + s[i:], true
		}
	}
	return s, false
}

func (n noise) dropLetter(s string) (string, bool) {
	for range 6 {
		i := 1 + n.rng.IntN(max(1, len(s)-1))
		if i < len(s) && isLetter(s[i]) && isLetter(s[i-1]) {
			return s[:i] + s[i+1:], true
		}
	}
	return s, false
}

// twist swaps two letters.
func (n noise) twist(s string) (string, bool) {
	for range 6 {
		i := 1 + n.rng.IntN(max(1, len(s)-1))
		if i+1 < len(s) && isLetter(s[i]) && isLetter(s[i+1]) && s[i] != s[i+1] {
			return s[:i] + string([]byte{s[i+1], s[i]}) + s[i+2:], true
		}
	}
	return s, false
}

func (n noise) join(s string) (string, bool) {
	at := n.find(s, " ")
	if at < 0 {
		return s, false
	}
	return s[:at] + s[at+1:], true
}

// split breaks a long word between two letters that are not vowels, where the
// parts of a compound usually meet.
func (n noise) split(s string) (string, bool) {
	for range 12 {
		i := n.rng.IntN(len(s) + 1)
		if i < 4 || i+3 >= len(s) || !isLetter(s[i]) || !isLetter(s[i-1]) || isVowel(s[i]) {
			continue
		}
		if strings.Contains(s[i-4:i+3], " ") {
			continue
		}
		return s[:i] + " " + s[i:], true
	}
	return s, false
}

// spoken are short words and how people shorten them. Normalisation writes
// some of these out again; the others are what the model must learn.
var spoken = map[string][]string{
	"wanneer": {"wneer", "waneer"}, "mijn": {"me", "mij", "mn", "m"}, "ik": {"k", "ikke"}, "niet": {"nie", "nit"},
	"dat": {"da", "dt"}, "wat": {"wa", "wt"}, "moet": {"mot", "moe", "mut"}, "kan": {"ken", "kn"}, "heb": {"hep", "heeft", "he"},
	"van": {"v", "vn", "va"}, "voor": {"vor", "foor"}, "hoeveel": {"hoevel"}, "hoe": {"oe", "ho"}, "waar": {"war", "wa"},
	"wil": {"wl", "wiel"}, "hebben": {"hebbe", "heb"}, "mij": {"me", "mei"}, "geen": {"gen", "gin"}, "als": {"as"},
	"uit": {"uut", "ut"}, "is": {"iz", "s"}, "wij": {"we"}, "jullie": {"julie", "u"}, "zijn": {"zn", "zyn"}, "die": {"di"},
	"nieuwe": {"nieue", "niewe"}, "nieuw": {"niew"}, "aanvragen": {"aanvrage", "anvragen"}, "gemeente": {"gemente", "gemeentehuis"},
	"krijgen": {"krege", "kryge"}, "betalen": {"betale"}, "iemand": {"iemant"}, "wordt": {"word", "wor"}, "deze": {"dese"},
	"het": {"t", "et"}, "een": {"n", "un", ""}, "de": {"d", ""},
}

func (n noise) short(s string) (string, bool) {
	words := strings.Split(s, " ")
	for range 6 {
		i := n.rng.IntN(len(words))
		if forms := spoken[words[i]]; forms != nil {
			words[i] = pick(n.rng, forms...)
			return strings.Join(strings.Fields(strings.Join(words, " ")), " "), true
		}
	}
	return s, false
}

func pick(rng *rand.Rand, of ...string) string { return of[rng.IntN(len(of))] }

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' }

func isVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'
}

// Misspell returns the message as Normalise does, with about the given number of
// mistakes of the kinds that training adds. The same arguments give the same
// result. It is for measuring what mistakes cost.
func Misspell(text string, mistakes int, seed uint64) string {
	return noise{rand.New(rand.NewPCG(seed, 0))}.spell(text, mistakes)
}

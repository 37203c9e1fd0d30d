package intents

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// Directory recognises names in messages, also when they are misspelt: those of
// organisations that residents take for the municipality. It is safe for concurrent
// use.
type Directory struct {
	names []directoryName // the longest first
	// Where names are whose first word begins with a letter, or sounds like something.
	byLetter map[byte][]int
	bySound  map[string][]int
}

// directoryName is one way to call something.
type directoryName struct {
	id    string
	sure  bool
	words []string // normalised
	keys  []string // how they sound
}

// Match is a name that was found.
type Match struct {
	ID string
	// Exact says that it was spelt right.
	Exact bool
	// Sure says that nobody writes the name who means the municipality.
	Sure bool
	// Words is how many words the message has.
	Words int
}

// surelyOurs is how sure the engine must be of a subject of the municipality to
// prefer it to the name of another organisation.
const (
	surelyOurs         = 0.9 // when the name is spelt right
	surelyOursMisspelt = 0.5 // when it is not
	// story is the number of words from which a message tells a story: names occur in it
	// that it is not about.
	story = 20
)

// anybodys are wishes that people have of any organisation: a number, an appointment,
// a complaint. The name says of whom they have it.
var anybodys = []bot.Intent{
	"afspraak_maken", "afspraak_verzetten", "contact", "klacht", "openingstijden", "status_aanvraag", bot.WantsHuman,
}

// Elsewhere reports whether a message in which a name was found is for that other
// organisation, and not for the municipality.
func Elsewhere(m Match, u bot.Understanding) bool {
	best := u.Best()
	switch {
	case best.Safety():
		return false
	case m.Sure, len(u.Candidates) == 0, !best.Subject() && best != bot.WantsHuman, slices.Contains(anybodys, best):
		return true
	case m.Words >= story:
		return u.Decision == bot.Refuse
	case m.Exact:
		return u.Candidates[0].Confidence < surelyOurs
	}
	return u.Candidates[0].Confidence < surelyOursMisspelt
}

const (
	// between is how many words may stand between two words of a name.
	between = 2
	// soundAlike is how long a word must be to be known by its sound, and misspelt
	// how long to be known with a letter wrong.
	soundAlike, misspelt = 5, 7
)

// NewDirectory makes a directory of the words by which each thing is called, and of the
// names that surely mean it.
func NewDirectory(words, sure map[string][]string) *Directory {
	d := &Directory{}
	d.add(words, false)
	d.add(sure, true)
	slices.SortStableFunc(d.names, func(a, b directoryName) int {
		return cmp.Or(cmp.Compare(len(b.words), len(a.words)), cmp.Compare(len(strings.Join(b.words, "")), len(strings.Join(a.words, ""))))
	})
	d.byLetter, d.bySound = map[byte][]int{}, map[string][]int{}
	for at, n := range d.names {
		d.byLetter[n.words[0][0]] = append(d.byLetter[n.words[0][0]], at)
		d.bySound[n.keys[0]] = append(d.bySound[n.keys[0]], at)
	}
	return d
}

func (d *Directory) add(names map[string][]string, sure bool) {
	for _, id := range slices.Sorted(maps.Keys(names)) {
		for _, name := range names[id] {
			words := strings.Fields(Normalise(name))
			if len(words) == 0 {
				continue
			}
			n := directoryName{id: id, sure: sure, words: words}
			for _, w := range words {
				n.keys = append(n.keys, PhoneticKey(w))
			}
			d.names = append(d.names, n)
		}
	}
}

// Find returns the name in a text: a sure one first, then one that is spelt right, then
// the longest. It reports false when there is none.
func (d *Directory) Find(text string) (Match, bool) {
	words := strings.Fields(Normalise(text))
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = PhoneticKey(w)
	}
	var best Match
	longest := len(d.names)
	for i, word := range words {
		for _, places := range [...][]int{d.byLetter[word[0]], d.bySound[keys[i]]} {
			for _, at := range places {
				n := &d.names[at]
				exact, ok := n.at(words, keys, i)
				if !ok {
					continue
				}
				m := Match{ID: n.id, Exact: exact, Sure: n.sure, Words: len(words)}
				if better := cmp.Compare(m.rank(), best.rank()); best.ID == "" || better > 0 || better == 0 && at < longest {
					best, longest = m, at
				}
			}
		}
	}
	return best, best.ID != ""
}

// rank is how much a name tells.
func (m Match) rank() int {
	rank := 0
	if m.Exact {
		rank++
	}
	if m.Sure {
		rank += 2
	}
	return rank
}

// at reports whether the name begins at a word, and whether it is spelt right.
func (n *directoryName) at(words, keys []string, i int) (exact, ok bool) {
	exact = true
	at := i
	for j := range n.words {
		last := at
		if j > 0 {
			last = min(at+between, len(words)-1)
		}
		found := false
		for ; at <= last; at++ {
			same := words[at] == n.words[j]
			if !same && !n.alike(j, words[at], keys[at]) {
				continue
			}
			exact = exact && same
			found = true
			break
		}
		if !found {
			return false, false
		}
		at++
	}
	return exact, true
}

// alike reports whether a word is the j-th of the name, misspelt.
func (n *directoryName) alike(j int, word, key string) bool {
	want := n.words[j]
	if len(want) >= soundAlike && len(word) >= soundAlike-1 && key == n.keys[j] && key != "" {
		return true
	}
	return len(want) >= misspelt && word != "" && word[0] == want[0] && oneEdit(word, want)
}

// oneEdit reports whether two words differ in one letter: another one, one more, one
// less, or two that changed places.
func oneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	if i == len(a) || a[i+1:] == b[i+1:] {
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

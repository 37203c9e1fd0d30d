package language

import (
	"math"
	"slices"

	"github.com/balie-nl/balie/bot"
)

// The settings of the model were chosen by cross-validation on the texts.
const (
	maxGram    = 4   // letters in a group, with the edges of the word
	gramBits   = 15  // groups whose hashes share these bits are taken together
	prior      = 0.5 // added to each count
	logPrior   = -math.Ln2
	gramWeight = 0.4 // groups overlap, so that each says less than it seems to
	wordWeight = 2.0
	wordLimit  = 8.0 // the most that one word can say
)

// edge stands before and after a word in its letter groups.
const edge = '_'

// learner counts the words and letter groups of the texts in one script.
type learner struct {
	languages []counts
	index     map[uint32]int // of a word in the counts, by hash
}

// counts are those of a language.
type counts struct {
	tag          bot.Language
	size         float32 // letter groups in all
	grams, words []float32
}

// add counts the words of a text. The texts of a language come one after another.
func (l *learner) add(tag bot.Language, words [][]rune) {
	n := len(l.languages)
	if n == 0 || l.languages[n-1].tag != tag {
		l.languages = append(l.languages, counts{tag: tag, grams: make([]float32, 1<<gramBits)})
		n++
	}
	if l.index == nil {
		l.index = map[uint32]int{}
	}
	c := &l.languages[n-1]
	for _, w := range words {
		h := hash(w)
		i, ok := l.index[h]
		if !ok {
			i = len(l.index)
			l.index[h] = i
		}
		for len(c.words) <= i {
			c.words = append(c.words, 0)
		}
		c.words[i]++
		eachGram(w, func(row int) {
			c.grams[row]++
			c.size++
		})
	}
}

// model returns what was learnt.
func (l *learner) model() *model {
	k := len(l.languages)
	m := &model{
		grams: make([]float32, k<<gramBits),
		words: make([]float32, k*len(l.index)),
		index: l.index,
	}
	if k > 0 {
		m.firsts = len(l.languages[0].words)
	}
	var mean float32
	for _, c := range l.languages {
		m.tags = append(m.tags, c.tag)
		mean += c.size / float32(k)
	}
	seen := make([]float32, k)
	for row := range 1 << gramBits {
		for i, c := range l.languages {
			seen[i] = c.grams[row] * mean / c.size
		}
		compare(m.grams[row*k:(row+1)*k], seen, gramWeight)
	}
	for row := range len(l.index) {
		for i, c := range l.languages {
			seen[i] = 0
			if row < len(c.words) {
				seen[i] = c.words[row] * mean / c.size
			}
		}
		compare(m.words[row*k:(row+1)*k], seen, wordWeight)
	}
	return m
}

// compare fills row with how much likelier each language is than the first, as a
// weighted logarithm, where something was seen this often in texts of the same
// length.
func compare(row, seen []float32, weight float32) {
	first := logarithm(seen[0])
	for i, n := range seen {
		row[i] = weight * (logarithm(n) - first)
	}
}

func logarithm(n float32) float32 {
	if n == 0 { // mostly
		return logPrior
	}
	return float32(math.Log(float64(n + prior)))
}

// model compares the languages of a script, the first one with each of the
// others. It is naive Bayes over words and letter groups, except that a word
// never says more than wordLimit. What no text has says nothing.
type model struct {
	tags         []bot.Language
	grams, words []float32      // by row and language
	index        map[uint32]int // the row of a word, by hash
	firsts       int            // the rows below are words of the first language
}

// verdict is what a model makes of a message.
type verdict struct {
	best  bot.Language
	lead  float32 // of the best language over the first
	top   float32 // the part of lead that is from one word
	words int
	sure  int // words that are surely of the first language rather than the best
	first int // words that the texts of the first language have
	known int // words that those of the best language have, and more often
}

// surely is what a word of the first language says at least.
const surely = 5.0

// judge compares the languages for the words of a message. It uses s as working
// space.
func (m *model) judge(words [][]rune, s *scores) verdict {
	k := len(m.tags)
	s.reset(k, len(words))
	for n, w := range words {
		score := s.words[n]
		eachGram(w, func(row int) {
			for i, v := range m.grams[row*k : (row+1)*k] {
				score[i] += v
			}
		})
		if row, ok := m.index[hash(w)]; ok {
			for i, v := range m.words[row*k : (row+1)*k] {
				score[i] += v
			}
		}
		// Which language it would be, and whether that is not the first, are
		// two questions; a very sure word may say more about the former.
		for i, v := range score {
			s.all[i] += clamp(v, wordLimit, 2*wordLimit)
		}
	}
	best := 0
	for i, v := range s.all {
		if v > s.all[best] {
			best = i
		}
	}
	v := verdict{best: m.tags[best], words: len(words)}
	for n, w := range words {
		says := clamp(s.words[n][best], wordLimit, wordLimit)
		v.lead += says
		v.top = max(v.top, says)
		if says < -surely {
			v.sure++
		}
		row, ok := m.index[hash(w)]
		if ok && row < m.firsts {
			v.first++
		}
		if ok && m.words[row*k+best] > 0 {
			v.known++
		}
	}
	return v
}

func clamp(v, below, above float32) float32 { return max(-below, min(v, above)) }

// scores are the working space of judge, reused.
type scores struct {
	numbers []float32   // of the slices below
	all     []float32   // by language
	words   [][]float32 // by word, by language
}

// reset makes room for a number of languages and words.
func (s *scores) reset(languages, words int) {
	n := languages * (words + 1)
	s.numbers = slices.Grow(s.numbers[:0], n)[:n]
	clear(s.numbers)
	s.all, s.words = s.numbers[:languages], s.words[:0]
	for i := range words {
		s.words = append(s.words, s.numbers[(i+1)*languages:(i+2)*languages])
	}
}

// eachGram calls f with the row of each letter group of a word.
func eachGram(w []rune, f func(row int)) {
	for i := -1; i < len(w); i++ {
		h := uint32(offset)
		for j := i; j < i+maxGram && j <= len(w); j++ {
			r := edge
			if j >= 0 && j < len(w) {
				r = w[j]
			}
			h = step(h, r)
			f(int(h * spread >> (32 - gramBits)))
		}
	}
}

// The hash is FNV-1a over letters; multiplying by spread mixes its low bits into
// the high ones.
const (
	offset = 2166136261
	prime  = 16777619
	spread = 2654435769
)

func step(h uint32, r rune) uint32 { return (h ^ uint32(r)) * prime }

func hash(w []rune) uint32 {
	h := uint32(offset)
	for _, r := range w {
		h = step(h, r)
	}
	return h
}

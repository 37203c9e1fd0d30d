package intents

import (
	"math"
	"slices"
	"unicode/utf8"
)

// group is a family of features. Each is scaled to the same length on its own,
// so that a word's hundred letter groups do not drown the word.
type group uint8

const (
	groupWord        group = iota // words
	groupPair                     // two words in a row, or with one between them
	groupChar                     // 2 to 5 letters of a word, edges included
	groupSound                    // phonetic keys
	groupSoundRun                 // 3 to 5 sounds, over the spaces: "rij bewijs" is "rijbewijs"
	groupConcept                  // concepts of the lexicon
	groupConceptPair              // two concepts in one message, in any order
	groups
)

// groupScale is the length each group is scaled to.
var groupScale = [groups]float32{1, 1, 2, 0.7, 2, 1.2, 1}

// unseenShare is how much a feature that training never saw counts in the
// length of its group: a message of unknown words gets short vectors, and so
// little confidence.
const unseenShare = 0.25

const (
	minGram, maxGram   = 2, 5
	minSound, maxSound = 3, 5
)

// feature is one row of the model with its weight.
type feature struct {
	row    int32
	weight float32
}

// hashing: FNV-1a with a seed for each group, finished with a mix so that the
// low bits are good enough for the table.
const (
	hashPrime = 16777619
	hashStart = 2166136261
)

func seed(g group, n int) uint32 {
	return (hashStart^uint32(g+1))*hashPrime ^ uint32(n)*0x9e3779b9
}

func mix(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	return h
}

func hashString(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * hashPrime
	}
	return h
}

// grams calls emit with the hash of every run of lo to hi characters of s.
func grams(g group, s []byte, lo, hi int, emit func(group, uint32)) {
	start := seed(g, 0)
	for i := range s {
		if !utf8.RuneStart(s[i]) {
			continue
		}
		h := start
		for j, n := i, 0; j < len(s) && n < hi; {
			h = (h ^ uint32(s[j])) * hashPrime
			if j++; j < len(s) && !utf8.RuneStart(s[j]) {
				continue
			}
			if n++; n >= lo {
				emit(g, mix(h))
			}
		}
	}
}

// extractor finds the features of messages. It is scratch space for one goroutine.
type extractor struct {
	concepts *concepts
	buf      []byte
	found    []uint16
}

// extract calls emit with every feature of the words of a message from up to to,
// repeats included.
func (x *extractor) extract(t *message, from, to int, emit func(group, uint32)) {
	for i := from; i < to; i++ {
		w := t.words[i]
		emit(groupWord, mix(hashString(seed(groupWord, 0), w)))
		emit(groupSound, mix(hashString(seed(groupSound, 0), t.keys[i])))
		for gap := 1; gap <= 2 && i+gap < to; gap++ {
			h := hashString(seed(groupPair, gap), t.keys[i])
			emit(groupPair, mix(hashString((h^' ')*hashPrime, t.keys[i+gap])))
		}
		x.buf = append(x.buf[:0], ' ')
		x.buf = append(x.buf, w...)
		x.buf = append(x.buf, ' ')
		grams(groupChar, x.buf, minGram, maxGram, emit)
	}
	x.buf = append(x.buf[:0], ' ')
	for i := from; i < to; i++ {
		x.buf = append(x.buf, t.keys[i]...)
	}
	x.buf = append(x.buf, ' ')
	grams(groupSoundRun, x.buf, minSound, maxSound, emit)
	x.extractConcepts(t, from, to, emit)
}

// maxPaired is how many concepts of a message are paired with each other.
const maxPaired = 12

func (x *extractor) extractConcepts(t *message, from, to int, emit func(group, uint32)) {
	x.found = x.found[:0]
	x.concepts.find(t, from, to, func(_ int, id uint16) {
		emit(groupConcept, x.concepts.hashes[id])
		if len(x.found) < maxPaired && !slices.Contains(x.found, id) {
			x.found = append(x.found, id)
		}
	})
	for i, a := range x.found {
		for _, b := range x.found[:i] {
			// Addition does not mind the order.
			emit(groupConceptPair, mix(seed(groupConceptPair, 0)^(x.concepts.hashes[a]+x.concepts.hashes[b])))
		}
	}
}

// vocabulary maps feature hashes to rows. Training decides what is in it: a
// feature that training has not seen has no row, so it cannot say anything by
// accident.
type vocabulary struct {
	keys   []uint32 // by row; sorted within a group
	starts [groups + 1]int32
	idf    []float32       // in steps, so that a byte holds one
	unseen [groups]float32 // squared weight of one unseen feature

	table []entry // open addressing
	shift uint32
}

// entry is a place in the lookup table.
type entry struct {
	key uint32
	row int32 // plus 1, 0 for an empty place
}

const idfSteps = 16 // of 1

// index builds the lookup table and the weights of unseen features.
func (v *vocabulary) index() {
	size := 1
	bits := uint32(0)
	for size < 2*len(v.keys)+1 {
		size *= 2
		bits++
	}
	v.table = make([]entry, size)
	v.shift = 32 - bits
	mask := uint32(size - 1)
	for g := range groups {
		top := float32(0)
		for row := v.starts[g]; row < v.starts[g+1]; row++ {
			top = max(top, v.idf[row])
			at := v.slot(g, v.keys[row])
			for v.table[at].row != 0 {
				at = (at + 1) & mask
			}
			v.table[at] = entry{v.keys[row], row + 1}
		}
		v.unseen[g] = unseenShare * top * top
	}
}

func (v *vocabulary) slot(g group, key uint32) uint32 {
	if len(v.table) == 1 {
		return 0
	}
	return (key ^ uint32(g)*0x9e3779b9) * 0x9e3779b1 >> v.shift
}

// row returns the row of a feature, -1 when it is unknown.
func (v *vocabulary) row(g group, key uint32) int32 {
	mask := uint32(len(v.table) - 1)
	for at := v.slot(g, key); ; at = (at + 1) & mask {
		row := v.table[at].row - 1
		if row < 0 {
			return -1
		}
		if v.table[at].key == key && row >= v.starts[g] && row < v.starts[g+1] {
			return row
		}
	}
}

// encoder turns messages into features. It is scratch space for one goroutine.
type encoder struct {
	v        *vocabulary
	count    []uint16 // by row, zero between messages
	touched  [groups][]int32
	unknown  [groups]int
	features []feature
	extractor
	emit func(group, uint32)
}

func newEncoder(v *vocabulary) *encoder {
	e := &encoder{v: v, count: make([]uint16, len(v.keys)), extractor: extractor{concepts: conceptLexicon()}}
	e.emit = e.hit // one closure for the encoder's life, not one a message
	return e
}

func (e *encoder) hit(g group, key uint32) {
	row := e.v.row(g, key)
	if row < 0 {
		e.unknown[g]++
		return
	}
	if e.count[row] == 0 {
		e.touched[g] = append(e.touched[g], row)
	}
	if e.count[row] < math.MaxUint16 {
		e.count[row]++
	}
}

// encode returns the weighted features of words from up to to. The result is
// valid until the next call.
func (e *encoder) encode(t *message, from, to int) []feature {
	e.features, e.unknown = e.features[:0], [groups]int{}
	e.extract(t, from, to, e.emit)
	for g := range groups {
		start := len(e.features)
		length := float32(e.unknown[g]) * e.v.unseen[g]
		for _, row := range e.touched[g] {
			w := e.v.idf[row] * frequency(e.count[row])
			e.count[row] = 0
			length += w * w
			e.features = append(e.features, feature{row, w})
		}
		e.touched[g] = e.touched[g][:0]
		if length == 0 {
			continue
		}
		scale := groupScale[g] / float32(math.Sqrt(float64(length)))
		for i := start; i < len(e.features); i++ {
			e.features[i].weight *= scale
		}
	}
	return e.features
}

// frequency dampens repetition: the second time a word is said adds less.
func frequency(n uint16) float32 {
	if n == 1 {
		return 1
	}
	return 1 + float32(math.Log(float64(n)))
}

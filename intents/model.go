package intents

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"

	"github.com/balie-nl/balie/bot"
)

// Model is a trained model: plain slices, no graph. It is what is stored in
// the model file and what messages are classified with.
//
// A row has the weights of a feature: first those for the labels, then those for
// the hidden units, each part with a scale of its own. A weight takes four bits,
// so that a quarter of a million features fit the file: more features of coarse
// weights are worth more than fewer of fine ones.
type Model struct {
	hash        Hash
	labels      []bot.Intent
	temperature float32
	hidden      int
	vocabulary
	scales []byte // two by row: the exponent of one unit of its weights, 0 for a part without any
	rows   []byte // rows x stride

	hiddenBias []float32
	out        []float32 // labels x hidden
	outBias    []float32
}

// Hash identifies the sentences that the model was trained on.
func (m *Model) Hash() Hash { return m.hash }

// Labels are the intents that the model knows.
func (m *Model) Labels() []bot.Intent { return slices.Clone(m.labels) }

const (
	wordWeights = 16 // weights in a word of 64 bits
	weightZero  = 8  // the four bits that stand for a weight of zero
	topWeight   = 7  // the largest weight, in units
)

// words is how many words of 64 bits a part of a row takes.
func words(weights int) int { return (weights + wordWeights - 1) / wordWeights }

// stride is the size of a row in bytes.
func (m *Model) stride() int { return 8 * (words(len(m.labels)) + words(m.hidden)) }

// shape makes room for the rows, all zero.
func (m *Model) shape() {
	m.scales = make([]byte, 2*len(m.keys))
	m.rows = bytes.Repeat([]byte{weightZero<<4 | weightZero}, m.stride()*len(m.keys))
}

// The scale of a part of a row is a power of two in steps of an eighth.
const (
	scaleSteps = 8
	scaleZero  = 200 // the exponent of 1
)

// scaleOf are the values of the exponents.
var scaleOf = func() (of [256]float32) {
	for q := 1; q < len(of); q++ {
		of[q] = float32(math.Exp2(float64(q-scaleZero) / scaleSteps))
	}
	return of
}()

// flatten makes one model of networks that were trained alike and of the margin
// weights: their logits are added up. For the linear part that is the sum of the
// weights; hidden layers are put side by side.
func flatten(c *Corpus, v *vocabulary, nets []*network, margin *margin) *Model {
	m := &Model{
		labels:      c.labels,
		temperature: 1,
		vocabulary:  *v,
		outBias:     make([]float32, len(c.labels)),
	}
	share := 1 / float32(len(nets))
	addScaled(m.outBias, margin.bias, 1)
	for _, n := range nets {
		m.hidden += n.hidden
		m.hiddenBias = append(m.hiddenBias, weights(n.Hidden)...)
		addScaled(m.outBias, weights(n.Out.B), share)
	}
	for label := range c.labels {
		for _, n := range nets {
			for _, w := range weights(n.Out.W)[label*n.hidden:][:n.hidden] {
				m.out = append(m.out, w*share)
			}
		}
	}
	m.shape()
	linear := make([]float32, len(c.labels))
	var hidden []float32
	for i := range v.keys {
		copy(linear, margin.row(i))
		hidden = hidden[:0]
		for _, n := range nets {
			w := weights(n.Rows.Weights[i])
			addScaled(linear, w[:n.labels], share)
			hidden = append(hidden, w[n.labels:]...)
		}
		row := m.rows[i*m.stride():][:m.stride()]
		at := 8 * words(len(m.labels))
		m.scales[2*i] = roundRow(row[:at], linear)
		m.scales[2*i+1] = roundRow(row[at:], hidden)
	}
	return m
}

// roundRow rounds weights to four bits and returns the exponent of their scale:
// the one with the smallest squared error.
func roundRow(row []byte, w []float32) byte {
	top := 0.0
	for _, x := range w {
		top = max(top, math.Abs(float64(x)))
	}
	if top == 0 {
		return 0
	}
	// With the largest scale no weight is cut off; with smaller ones the large
	// weights are, and the small ones are finer.
	largest := int(math.Ceil(scaleZero + scaleSteps*math.Log2(top/topWeight)))
	best, least := 0, math.Inf(1)
	for q := largest; q > largest-scaleSteps; q-- {
		q := min(max(q, 1), 255)
		sum := 0.0
		for _, x := range w {
			d := float64(x - scaleOf[q]*float32(units(x, scaleOf[q])))
			sum += d * d
		}
		if sum < least {
			best, least = q, sum
		}
	}
	for j, x := range w {
		putWeight(row, j, units(x, scaleOf[best]))
	}
	return byte(best)
}

func units(x, scale float32) int {
	return min(max(int(math.Round(float64(x/scale))), -topWeight), topWeight)
}

// putWeight sets weight j of a part of a row, in units.
func putWeight(row []byte, j, units int) {
	shift := j % 2 * 4
	row[j/2] = row[j/2]&^(0xf<<shift) | byte(units+weightZero)<<shift
}

// weight returns weight j of a part of a row, in units.
func weight(row []byte, j int) int { return int(row[j/2]>>(j%2*4)&0xf) - weightZero }

// The sum over rows is done in whole numbers, two weights at a time: the four
// bits of a weight are spread over lanes of 32 bits, and multiplied by the
// feature's weight as a number of at most factorBits bits. A lane holds at least
// maxTerms such products.
const (
	factorBits = 14
	maxTerms   = 1 << (32 - 4 - factorBits)
	laneMask   = 0x0000000f_0000000f
)

// part is one of the two parts of all rows.
type part struct {
	at, words int // in words from the start of a row
	scale     int // 0 or 1, in scales
}

// term is a row to add up, with a factor.
type term struct {
	at     int // in bytes from the first row
	factor uint64
}

// workspace is scratch space for logits.
type workspace struct {
	hidden []float32
	terms  []term
}

func (m *Model) workspace() *workspace { return &workspace{hidden: make([]float32, m.hidden)} }

// sums adds up a part of the rows of features into out.
func (m *Model) sums(out []float32, ws *workspace, p part, features []feature) {
	clear(out)
	top := float32(0)
	for _, f := range features {
		top = max(top, f.weight*scaleOf[m.scales[2*int(f.row)+p.scale]])
	}
	if top == 0 {
		return
	}
	unit := top / (1<<factorBits - 1)
	stride := m.stride()
	for len(features) > 0 {
		n := min(len(features), maxTerms)
		ws.terms = ws.terms[:0]
		total := uint64(0)
		for _, f := range features[:n] {
			factor := uint64(f.weight*scaleOf[m.scales[2*int(f.row)+p.scale]]/unit + 0.5)
			total += factor
			ws.terms = append(ws.terms, term{int(f.row)*stride + 8*p.at, factor})
		}
		zero := float32(total) * weightZero
		for word := range p.words {
			lanes := m.lanes(ws.terms, 8*word)
			// Lane k of a word has its weights k and k+8.
			for j := range min(wordWeights, len(out)-word*wordWeights) {
				lane := lanes[j%len(lanes)]
				if j >= len(lanes) {
					lane >>= 32
				}
				out[word*wordWeights+j] += unit * (float32(uint32(lane)) - zero)
			}
		}
		features = features[n:]
	}
}

// lanes adds up one word of each row.
func (m *Model) lanes(terms []term, at int) [8]uint64 {
	var l0, l1, l2, l3, l4, l5, l6, l7 uint64
	for _, t := range terms {
		x := binary.LittleEndian.Uint64(m.rows[t.at+at:])
		l0 += t.factor * (x & laneMask)
		l1 += t.factor * (x >> 4 & laneMask)
		l2 += t.factor * (x >> 8 & laneMask)
		l3 += t.factor * (x >> 12 & laneMask)
		l4 += t.factor * (x >> 16 & laneMask)
		l5 += t.factor * (x >> 20 & laneMask)
		l6 += t.factor * (x >> 24 & laneMask)
		l7 += t.factor * (x >> 28 & laneMask)
	}
	return [8]uint64{l0, l1, l2, l3, l4, l5, l6, l7}
}

// logits computes the logits of a message into out.
func (m *Model) logits(out []float32, ws *workspace, features []feature) {
	linear := part{words: words(len(m.labels))}
	m.sums(out, ws, linear, features)
	m.sums(ws.hidden, ws, part{at: linear.words, words: words(m.hidden), scale: 1}, features)
	for i, bias := range m.hiddenBias {
		ws.hidden[i] = max(0, ws.hidden[i]+bias)
	}
	for i := range out {
		row := m.out[i*m.hidden:][:m.hidden]
		sum := m.outBias[i] + out[i]
		for j, h := range ws.hidden {
			sum += h * row[j]
		}
		out[i] = sum
	}
}

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
type Model struct {
	hash        Hash
	labels      []bot.Intent
	temperature float32
	hidden      int
	vocabulary
	scale  []float32 // by row: the value of one unit of its weights
	stride int       // bytes in a row: labels + hidden, rounded up to eight
	rows   []byte    // rows x stride, each a signed byte plus 128

	hiddenBias []float32
	out        []float32 // labels x hidden
	outBias    []float32
}

// Hash identifies the sentences that the model was trained on.
func (m *Model) Hash() Hash { return m.hash }

// Labels are the intents that the model knows.
func (m *Model) Labels() []bot.Intent { return slices.Clone(m.labels) }

// weightZero is the byte that stands for a weight of zero.
const weightZero = 128

// shape sets the size of a row and makes room for the rows, all zero.
func (m *Model) shape() {
	m.stride = (len(m.labels) + m.hidden + 7) &^ 7
	m.rows = bytes.Repeat([]byte{weightZero}, m.stride*len(m.keys))
}

// row returns the weights of a row, without padding.
func (m *Model) row(i int) []byte {
	return m.rows[i*m.stride:][:len(m.labels)+m.hidden]
}

// flatten makes one model of networks that were trained alike: their logits
// are averaged. For the linear part that is the mean of the weights; hidden
// layers are put side by side. Rows get a byte for each weight.
func flatten(c *Corpus, v *vocabulary, nets []*network) *Model {
	m := &Model{
		labels:      c.labels,
		temperature: 1,
		vocabulary:  *v,
		scale:       make([]float32, len(v.keys)),
		outBias:     make([]float32, len(c.labels)),
	}
	share := 1 / float32(len(nets))
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
	sum := make([]float32, 0, m.stride)
	for i := range v.keys {
		sum = append(sum[:0], make([]float32, len(c.labels))...)
		for _, n := range nets {
			w := weights(n.Rows.Weights[i])
			addScaled(sum[:n.labels], w[:n.labels], share)
			sum = append(sum, w[n.labels:]...)
		}
		m.setRow(i, sum)
	}
	return m
}

// setRow rounds the weights of a row.
func (m *Model) setRow(i int, w []float32) {
	top := float32(0)
	for _, x := range w {
		top = max(top, x, -x)
	}
	if top == 0 {
		return
	}
	m.scale[i] = top / math.MaxInt8
	row := m.row(i)
	for j, x := range w {
		row[j] = byte(weightZero + int(math.Round(float64(x/m.scale[i]))))
	}
}

// The sum over rows is done in whole numbers, eight weights at a time: the
// bytes of a 64-bit word are spread over four words of two 32-bit lanes, and
// multiplied by the feature's weight as a number of at most weightBits bits. A
// lane holds at least maxTerms such products.
const (
	weightBits = 12
	maxTerms   = 1 << (32 - 8 - weightBits)
	laneMask   = 0x000000ff_000000ff
)

// sums adds up the rows of features into out, which has room for a stride.
// lanes is scratch space of half a stride.
func (m *Model) sums(out []float32, lanes []uint64, features []feature) {
	top := float32(0)
	for _, f := range features {
		top = max(top, f.weight*m.scale[f.row])
	}
	clear(out)
	if top == 0 {
		return
	}
	unit := top / (1<<weightBits - 1)
	for len(features) > 0 {
		n := min(len(features), maxTerms)
		clear(lanes)
		total := uint64(0)
		for _, f := range features[:n] {
			w := uint64(f.weight*m.scale[f.row]/unit + 0.5)
			total += w
			row := m.rows[int(f.row)*m.stride:][:m.stride]
			for j := 0; j+8 <= len(row) && j/2+4 <= len(lanes); j += 8 {
				x := binary.LittleEndian.Uint64(row[j:])
				lane := lanes[j/2:][:4]
				lane[0] += w * (x & laneMask)
				lane[1] += w * (x >> 8 & laneMask)
				lane[2] += w * (x >> 16 & laneMask)
				lane[3] += w * (x >> 24 & laneMask)
			}
		}
		// Lane k of a word has bytes k and k+4 of the row's eight.
		zero := float32(total) * weightZero
		for j := range out {
			lane := lanes[j/8*4+j%4]
			if j%8 >= 4 {
				lane >>= 32
			}
			out[j] += unit * (float32(uint32(lane)) - zero)
		}
		features = features[n:]
	}
}

// workspace is scratch space for logits.
type workspace struct {
	sums  []float32
	lanes []uint64
}

func (m *Model) workspace() *workspace {
	return &workspace{sums: make([]float32, m.stride), lanes: make([]uint64, m.stride/2)}
}

// logits computes the logits of a message into out.
func (m *Model) logits(out []float32, ws *workspace, features []feature) {
	m.sums(ws.sums, ws.lanes, features)
	hidden := ws.sums[len(out):][:m.hidden]
	for i, bias := range m.hiddenBias {
		hidden[i] = max(0, hidden[i]+bias)
	}
	for i := range out {
		row := m.out[i*m.hidden:][:m.hidden]
		sum := m.outBias[i] + ws.sums[i]
		for j, h := range hidden {
			sum += h * row[j]
		}
		out[i] = sum
	}
}

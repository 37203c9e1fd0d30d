package intents

import (
	"context"
	"io/fs"
	"slices"

	"github.com/nlpodyssey/spago/mat"
)

// BothLogits trains two little networks and returns the mean logits of each
// sentence twice: from spago's graphs and from the flat model made of them. The
// networks get the rounded weights of the model first, so that only the
// arithmetic can differ.
func BothLogits(ctx context.Context, sentences fs.FS) (graph, flat [][]float32, err error) {
	c, err := ReadFolder(sentences)
	if err != nil {
		return nil, nil, err
	}
	v := collect(c, 5)
	var nets []*network
	for seed := range uint64(2) {
		t := newTrainer(c, v, seed)
		if err := t.run(ctx, 3, func(float64) {}); err != nil {
			return nil, nil, err
		}
		nets = append(nets, t.net)
	}
	m := flatten(c, v, nets)
	width := len(c.labels)
	for i := range v.keys {
		row := m.row(i)
		for k, n := range nets {
			w := weights(n.Rows.Weights[i])
			for j := range w {
				from := j
				if j >= width {
					from += k * hiddenUnits
				}
				w[j] = m.scale[i] * (float32(row[from]) - weightZero)
			}
		}
	}
	b := &batch{}
	enc := newEncoder(v)
	var text message
	for _, s := range c.sentences {
		text.read(s.text)
		fs := slices.Clone(enc.encode(&text, 0, len(text.words)))
		b.examples = append(b.examples, fs)
		out := make([]float32, width)
		m.logits(out, m.workspace(), fs)
		flat = append(flat, out)
	}
	b.invert(make([]int32, len(v.keys)))
	for range b.examples {
		graph = append(graph, make([]float32, width))
	}
	for _, n := range nets {
		all := mat.Data[float32](n.forward(b).Value())
		for i := range graph {
			addScaled(graph[i], all[i*width:(i+1)*width], 0.5)
		}
	}
	return graph, flat, nil
}

package intents

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/nlpodyssey/spago/ag"
	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/nn"
	"github.com/nlpodyssey/spago/nn/embedding"
	"github.com/nlpodyssey/spago/nn/linear"
)

// network is the model while it is trained, in spago's terms. A message is the
// weighted sum of the rows of its features. The first part of that sum are
// logits already (a linear classifier, which few examples are enough for); the
// rest goes through a hidden layer, which adds what a linear one cannot say.
type network struct {
	nn.Module
	Rows   *embedding.Model // rows x (labels + hidden)
	Hidden *nn.Param        // 1 x hidden: the bias of the hidden layer
	Out    *linear.Model    // labels x hidden, and the labels' bias
	labels int
	hidden int
}

func newNetwork(rows, labels, hidden int, rng *rand.Rand) *network {
	n := &network{
		Rows:   embedding.New[float32](rows, labels+hidden),
		Hidden: nn.NewParam(mat.NewDense[float32](mat.WithShape(1, hidden))),
		Out:    linear.New[float32](hidden, labels),
		labels: labels,
		hidden: hidden,
	}
	for _, row := range n.Rows.Weights {
		w := weights(row)
		for i := labels; i < len(w); i++ {
			w[i] = float32(rng.NormFloat64() * 0.15)
		}
	}
	w, scale := weights(n.Out.W), math.Sqrt(2/float64(hidden+labels))
	for i := range w {
		w[i] = float32(rng.NormFloat64() * scale)
	}
	return n
}

// weights are the values of a parameter, not a copy.
func weights(p *nn.Param) []float32 { return mat.Data[float32](p.Matrix) }

// forward returns the logits of a batch, a row for each example.
func (n *network) forward(b *batch) mat.Tensor {
	size := len(b.examples)
	ones := mat.NewDense[float32](mat.WithShape(size, 1))
	one := mat.Data[float32](ones)
	for i := range one {
		one[i] = 1
	}
	sum := ag.NewOperator(&bag{rows: n.Rows, batch: b, width: n.labels + n.hidden}).Run()
	skip := ag.Slice(sum, 0, 0, size, n.labels)
	hidden := ag.Slice(sum, 0, n.labels, size, n.labels+n.hidden)
	hidden = ag.ReLU(ag.Add(hidden, ag.Mul(ones, n.Hidden)))
	if b.keep != nil {
		hidden = ag.Prod(hidden, b.keep)
	}
	out := ag.Add(ag.Mul(hidden, ag.T(n.Out.W)), ag.Mul(ones, ag.T(n.Out.B)))
	return ag.Add(skip, out)
}

// step trains the network on one batch and returns the mean loss.
func (n *network) step(b *batch, optimizer *adamW) (float64, error) {
	loss := ag.NewOperator(&crossEntropy{logits: n.forward(b), batch: b}).Run()
	if err := ag.Backward(loss); err != nil {
		return 0, fmt.Errorf("intents: back-propagate: %w", err)
	}
	parallel(len(b.rows), func(_, from, to int) {
		for _, row := range b.rows[from:to] {
			optimizer.step(n.Rows.Weights[row])
		}
	})
	for _, p := range []*nn.Param{n.Hidden, n.Out.W, n.Out.B} {
		optimizer.step(p)
	}
	value := loss.Value().Item().F64()
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return 0, errors.New("intents: training diverged")
	}
	return value, nil
}

// batch is some encoded examples, with the same features by row.
type batch struct {
	examples [][]feature
	labels   []int
	smooth   float32    // of the wanted distribution that all labels share
	keep     mat.Matrix // dropout mask for the hidden layer, nil for none

	rows     []int32   // the rows in use, ascending
	postings [][]usage // by index in rows: where each is used
}

type usage struct {
	example int32
	weight  float32
}

// invert fills rows and postings. index is by row and all zero, before and after.
func (b *batch) invert(index []int32) {
	for _, fs := range b.examples {
		for _, f := range fs {
			if index[f.row] == 0 {
				b.rows = append(b.rows, f.row)
				index[f.row] = int32(len(b.rows))
			}
		}
	}
	b.postings = make([][]usage, len(b.rows))
	for i, fs := range b.examples {
		for _, f := range fs {
			at := index[f.row] - 1
			b.postings[at] = append(b.postings[at], usage{int32(i), f.weight})
		}
	}
	for _, row := range b.rows {
		index[row] = 0
	}
}

// bag is the embedding bag as a function that spago can differentiate: it sums
// the rows of each example's features. One operator for a whole batch replaces
// a graph node for each of its twenty thousand features, and its gradients are
// added up in the same order every time, so that training can be repeated.
type bag struct {
	rows  *embedding.Model
	batch *batch
	width int
}

// Operands are the rows in use.
func (f *bag) Operands() []mat.Tensor {
	operands := make([]mat.Tensor, len(f.batch.rows))
	for i, row := range f.batch.rows {
		operands[i] = f.rows.Weights[row]
	}
	return operands
}

// Forward sums the rows.
func (f *bag) Forward() (mat.Tensor, error) {
	out := mat.NewDense[float32](mat.WithShape(len(f.batch.examples), f.width))
	data := mat.Data[float32](out)
	parallel(len(f.batch.examples), func(_, from, to int) {
		for i := from; i < to; i++ {
			sum := data[i*f.width : (i+1)*f.width]
			for _, x := range f.batch.examples[i] {
				addScaled(sum, weights(f.rows.Weights[x.row]), x.weight)
			}
		}
	})
	return out, nil
}

// Backward gives each row the gradients of the examples that use it.
func (f *bag) Backward(gy mat.Tensor) error {
	grads := mat.Data[float32](gy)
	parallel(len(f.batch.rows), func(_, from, to int) {
		sum := make([]float32, f.width)
		for i := from; i < to; i++ {
			clear(sum)
			for _, u := range f.batch.postings[i] {
				addScaled(sum, grads[int(u.example)*f.width:(int(u.example)+1)*f.width], u.weight)
			}
			f.rows.Weights[f.batch.rows[i]].AccGrad(mat.NewDense[float32](mat.WithBacking(sum)))
		}
	})
	return nil
}

// crossEntropy is the mean loss of a batch against its labels, smoothed.
type crossEntropy struct {
	logits mat.Tensor
	batch  *batch
	grad   []float32
}

// Operands are the logits.
func (f *crossEntropy) Operands() []mat.Tensor { return []mat.Tensor{f.logits} }

// Forward computes the loss, and the gradient along the way.
func (f *crossEntropy) Forward() (mat.Tensor, error) {
	logits := mat.Data[float32](f.logits.Value())
	size := len(f.batch.examples)
	width := len(logits) / size
	f.grad = make([]float32, len(logits))
	total := 0.0
	for i, label := range f.batch.labels {
		p := f.grad[i*width : (i+1)*width]
		copy(p, logits[i*width:(i+1)*width])
		softmax(p, 1)
		for j := range p {
			want := f.batch.smooth / float32(width)
			if j == label {
				want += 1 - f.batch.smooth
			}
			total -= float64(want) * math.Log(max(float64(p[j]), 1e-9))
			p[j] = (p[j] - want) / float32(size)
		}
	}
	return mat.Scalar[float32](float32(total / float64(size))), nil
}

// Backward hands the gradient on.
func (f *crossEntropy) Backward(gy mat.Tensor) error {
	if !f.logits.RequiresGrad() {
		return nil
	}
	g := mat.NewDense[float32](mat.WithBacking(f.grad), mat.WithShape(f.logits.Shape()...))
	f.logits.AccGrad(g.ProdScalar(gy.Item().F64()))
	return nil
}

// workers is fixed, so that the same work is divided alike on every machine.
const workers = 2

// parallel calls fn for parts of 0..n and waits for all of them.
func parallel(n int, fn func(worker, from, to int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { fn(w, w*n/workers, (w+1)*n/workers) })
	}
	wg.Wait()
}

// addScaled adds w times row to sum.
func addScaled(sum, row []float32, w float32) {
	row = row[:len(sum)]
	for i := range sum {
		sum[i] += w * row[i]
	}
}

// softmax turns logits into probabilities, at a temperature.
func softmax(x []float32, temperature float32) {
	top := x[0]
	for _, v := range x {
		top = max(top, v)
	}
	sum := float32(0)
	for i, v := range x {
		x[i] = float32(math.Exp(float64((v - top) / temperature)))
		sum += x[i]
	}
	for i := range x {
		x[i] /= sum
	}
}

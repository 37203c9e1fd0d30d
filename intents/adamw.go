package intents

import (
	"math"

	"github.com/nlpodyssey/spago/mat"
	"github.com/nlpodyssey/spago/nn"
)

// adamW is the optimizer of Loshchilov and Hutter, "Decoupled Weight Decay
// Regularization" (2019), as a strategy for spago's parameters. It steps only
// the parameters it is given, so that the rows that a batch does not use cost
// nothing. spago's own does the same through ten temporary matrices for each
// of the ten thousand rows of a batch, which was more than half of the time
// that training takes.
type adamW struct {
	rate         float64 // step size
	beta1, beta2 float64
	decay        float64 // weight decay, times the rate
	steps        int     // batches so far
	alpha        float32 // the rate with the correction for the first batches
}

// moments are the running means of a parameter's gradient and of its square.
type moments struct{ mean, square []float32 }

const adamEpsilon = 1e-7

// next starts a batch, with a step size.
func (o *adamW) next(rate float64) {
	o.steps++
	o.rate = rate
	t := float64(o.steps)
	o.alpha = float32(rate * math.Sqrt(1-math.Pow(o.beta2, t)) / (1 - math.Pow(o.beta1, t)))
}

// step changes a parameter by its gradient, and clears the gradient.
func (o *adamW) step(p *nn.Param) {
	if !p.HasGrad() {
		return
	}
	w, g := weights(p), mat.Data[float32](p.Grad().(mat.Matrix))
	state, ok := p.State.(*moments)
	if !ok {
		both := make([]float32, 2*len(w))
		state = &moments{both[:len(w)], both[len(w):]}
		p.State = state
	}
	b1, b2, keep := float32(o.beta1), float32(o.beta2), 1-o.alpha*float32(o.decay)
	mean, square := state.mean[:len(w)], state.square[:len(w)]
	g = g[:len(w)]
	for i := range w {
		mean[i] = b1*mean[i] + (1-b1)*g[i]
		square[i] = b2*square[i] + (1-b2)*g[i]*g[i]
		w[i] = keep*w[i] - o.alpha*mean[i]/(float32(math.Sqrt(float64(square[i])))+adamEpsilon)
	}
	p.ZeroGrad()
}

package intents

import (
	"cmp"
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/nlpodyssey/spago/mat"
)

// TrainConfig says how to train. The zero value is a good choice for
// everything but tests.
type TrainConfig struct {
	Seed   uint64 // the same seed and sentences give the same model
	Epochs int    // passes over the sentences, 0 for the default
	// Progress is called after every step, if set: a batch or a label.
	Progress func(done, total int, loss float64)
}

// recipe is how a model is trained. The values of defaultRecipe were chosen by
// training on the sentences of half the writers and testing on those of the
// other half.
type recipe struct {
	epochs       int
	members      int // networks
	hidden       int // units of each network's hidden layer
	batchSize    int // sentences
	step         float64
	decay        float64 // of weights
	smoothing    float32 // of labels
	featureDrop  float64 // share of the features left out of an example
	hiddenDrop   float64
	clean        float64       // share of the sentences seen without mistakes added
	mistakes     int           // most in a sentence
	rows         int           // most features
	spellings    int           // of each sentence, to collect the vocabulary from
	folds        int           // for calibration
	copies       int           // misspelt ones of each sentence, for the margin
	penalty      float64       // of errors of the margin
	marginShare  float32       // of the margin in the logits
	minSentences [groups]int32 // that a feature occurs in, to be in the vocabulary
}

var defaultRecipe = recipe{
	epochs:       10,
	members:      1,
	hidden:       48,
	batchSize:    48,
	step:         0.006,
	decay:        0.03,
	smoothing:    0.1,
	featureDrop:  0.15,
	hiddenDrop:   0.3,
	clean:        0.35,
	mistakes:     4,
	rows:         250_000, // keeps the file under 16 MB
	spellings:    5,
	folds:        2,
	copies:       4,
	penalty:      0.1,
	marginShare:  10,
	minSentences: [groups]int32{2, 2, 2, 2, 3, 1, 2},
}

// Train makes a model of sentences. It uses two cores, for some minutes with
// the sentences of this program.
func Train(ctx context.Context, c *Corpus, cfg TrainConfig) (*Model, error) {
	if cfg.Epochs < 0 {
		return nil, errors.New("intents: negative number of epochs")
	}
	r := defaultRecipe
	if cfg.Epochs > 0 {
		r.epochs = cfg.Epochs
	}
	return r.train(ctx, c, cfg)
}

func (r recipe) train(ctx context.Context, c *Corpus, cfg TrainConfig) (*Model, error) {
	progress := r.progress(cfg.Progress, c)
	temperature, err := r.calibrate(ctx, c, cfg.Seed, progress)
	if err != nil {
		return nil, err
	}
	m, err := r.fit(ctx, c, cfg.Seed, progress)
	if err != nil {
		return nil, err
	}
	m.temperature = temperature
	m.hash = c.Hash()
	return m, nil
}

// fit trains the networks, which differ in where they start and in the mistakes
// they see, and the margin, and makes one model of them: together they are right
// more often than each.
func (r recipe) fit(ctx context.Context, c *Corpus, seed uint64, p *progress) (*Model, error) {
	vocab := r.collect(c, seed)
	nets := make([]*network, r.members)
	for k := range nets {
		t := r.trainer(c, vocab, seed+uint64(k)<<32)
		if err := t.run(ctx, p.step); err != nil {
			return nil, err
		}
		nets[k] = t.net
	}
	margin, err := r.margin(ctx, c, vocab, seed, func() { p.step(p.loss) })
	if err != nil {
		return nil, err
	}
	return flatten(c, vocab, nets, margin), nil
}

// trainer trains one network.
type trainer struct {
	recipe
	c       *Corpus
	seed    uint64
	net     *network
	enc     [workers]*encoder
	index   []int32
	maskRNG *rand.Rand
}

func (r recipe) trainer(c *Corpus, vocab *vocabulary, seed uint64) *trainer {
	t := &trainer{
		recipe:  r,
		c:       c,
		seed:    seed,
		net:     newNetwork(len(vocab.keys), len(c.labels), r.hidden, rand.New(rand.NewPCG(seed, 1))),
		index:   make([]int32, len(vocab.keys)),
		maskRNG: rand.New(rand.NewPCG(seed, 2)),
	}
	for w := range t.enc {
		t.enc[w] = newEncoder(vocab)
	}
	return t
}

// run trains for some passes over the sentences.
func (t *trainer) run(ctx context.Context, done func(loss float64)) error {
	optimizer := &adamW{beta1: 0.9, beta2: 0.99, decay: t.decay}
	order := make([]int, len(t.c.sentences))
	for i := range order {
		order[i] = i
	}
	steps := t.epochs * t.batches(len(order))
	step := 0
	for epoch := range t.epochs {
		rng := rand.New(rand.NewPCG(t.seed, uint64(1000+epoch)))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += t.batchSize {
			if err := ctx.Err(); err != nil {
				return err
			}
			b := t.encode(order[from:min(from+t.batchSize, len(order))], epoch)
			// The step shrinks to a tenth.
			optimizer.next(t.step * (1 - 0.9*float64(step)/float64(steps)))
			loss, err := t.net.step(b, optimizer)
			if err != nil {
				return err
			}
			done(loss)
			step++
		}
	}
	return nil
}

func (r recipe) batches(sentences int) int { return (sentences + r.batchSize - 1) / r.batchSize }

// encode encodes some sentences, each with its own mistakes.
func (t *trainer) encode(of []int, epoch int) *batch {
	b := &batch{examples: make([][]feature, len(of)), labels: make([]int, len(of)), smooth: t.smoothing}
	parallel(len(of), func(worker, from, to int) {
		var m message
		for i := from; i < to; i++ {
			s := t.c.sentences[of[i]]
			rng := rand.New(rand.NewPCG(t.seed^uint64(of[i])<<20, uint64(epoch)))
			m.read(t.vary(s.text, rng))
			b.labels[i] = s.label
			b.examples[i] = t.thin(t.enc[worker].encode(&m, 0, len(m.words)), rng)
		}
	})
	b.keep = t.mask(len(of))
	b.invert(t.index)
	return b
}

// vary returns the sentence as somebody else might have spelt it.
func (r recipe) vary(text string, rng *rand.Rand) string {
	if rng.Float64() < r.clean {
		return text
	}
	return noise{rng}.spell(text, 1+rng.IntN(r.mistakes))
}

// thin copies features, without some of them: the model must not rest on one.
func (r recipe) thin(fs []feature, rng *rand.Rand) []feature {
	out := make([]feature, 0, len(fs))
	for _, f := range fs {
		if rng.Float64() >= r.featureDrop {
			f.weight /= float32(1 - r.featureDrop)
			out = append(out, f)
		}
	}
	return out
}

// mask is the dropout of the hidden layer. It is drawn here and not by spago,
// whose generator is shared by the whole program.
func (t *trainer) mask(size int) mat.Matrix {
	m := mat.NewDense[float32](mat.WithShape(size, t.hidden))
	data := mat.Data[float32](m)
	for i := range data {
		if t.maskRNG.Float64() >= t.hiddenDrop {
			data[i] = float32(1 / (1 - t.hiddenDrop))
		}
	}
	return m
}

// collect makes the vocabulary: the features that occur in more than one
// sentence, in any of their spellings.
func (r recipe) collect(c *Corpus, seed uint64) *vocabulary {
	type stats struct {
		last      int32 // the last sentence it was seen in
		sentences int32
		texts     int32 // counting each spelling
		lastText  int32
	}
	var seen [groups]map[uint32]*stats
	for g := range seen {
		seen[g] = map[uint32]*stats{}
	}
	var m message
	x := extractor{concepts: conceptLexicon()}
	text := int32(0)
	for i, s := range c.sentences {
		rng := rand.New(rand.NewPCG(seed^uint64(i)<<20, 999))
		for k := range r.spellings {
			text++
			spelt := s.text
			if k > 0 {
				spelt = noise{rng}.spell(s.text, 1+rng.IntN(r.mistakes))
			}
			m.read(spelt)
			x.extract(&m, 0, len(m.words), func(g group, key uint32) {
				st := seen[g][key]
				if st == nil {
					st = &stats{last: -1}
					seen[g][key] = st
				}
				if st.last != int32(i) {
					st.last = int32(i)
					st.sentences++
				}
				if st.lastText != text {
					st.lastText = text
					st.texts++
				}
			})
		}
	}
	type candidate struct {
		g   group
		key uint32
		*stats
	}
	var all []candidate
	for g := range groups {
		for key, st := range seen[g] {
			if st.sentences >= r.minSentences[g] {
				all = append(all, candidate{g, key, st})
			}
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.texts, a.texts), cmp.Compare(a.g, b.g), cmp.Compare(a.key, b.key))
	})
	if len(all) > r.rows {
		all = all[:r.rows] // the rarest go
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Or(cmp.Compare(a.g, b.g), cmp.Compare(a.key, b.key)) })
	v := &vocabulary{}
	for _, e := range all {
		v.keys = append(v.keys, e.key)
		idf := 1 + math.Log(float64(1+text)/float64(1+e.texts))
		v.idf = append(v.idf, float32(math.Round(idf*idfSteps)/idfSteps))
		for g := e.g; g < groups; g++ {
			v.starts[g+1] = int32(len(v.keys))
		}
	}
	v.index()
	return v
}

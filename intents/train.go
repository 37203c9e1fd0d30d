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
	// Progress is called after every batch, if set.
	Progress func(done, total int, loss float64)
}

// The recipe. The values were chosen by training on the sentences of half the
// writers and testing on those of the other half.
const (
	defaultEpochs   = 8
	members         = 2  // networks
	hiddenUnits     = 48 // of each
	batchSize       = 48
	stepSize        = 0.006
	weightDecay     = 0.03
	smoothing       = 0.1
	featureDrop     = 0.15 // share of the features left out of an example
	hiddenDrop      = 0.3
	cleanShare      = 0.35 // of the sentences seen without mistakes added
	maxMistakes     = 4
	maxRows         = 90_000 // keeps the file under 16 MB
	spellings       = 5      // of each sentence, to collect the vocabulary from
	folds           = 2      // for calibration
	minSentences    = 2      // that a feature occurs in, to be in the vocabulary
	minRunSentences = 3      // the same for sound groups, of which there are too many
)

// Train makes a model of sentences. It uses two cores, for some minutes with
// the sentences of this program.
func Train(ctx context.Context, c *Corpus, cfg TrainConfig) (*Model, error) {
	if cfg.Epochs < 0 {
		return nil, errors.New("intents: negative number of epochs")
	}
	if cfg.Epochs == 0 {
		cfg.Epochs = defaultEpochs
	}
	progress := newProgress(cfg, c)
	temperature, err := calibrate(ctx, c, cfg, progress)
	if err != nil {
		return nil, err
	}
	m, err := fit(ctx, c, cfg, members, progress)
	if err != nil {
		return nil, err
	}
	m.temperature = temperature
	m.hash = c.Hash()
	return m, nil
}

// fit trains some networks that differ in where they start and in the mistakes
// they see, and averages them: together they are right more often than each.
func fit(ctx context.Context, c *Corpus, cfg TrainConfig, members int, p *progress) (*Model, error) {
	vocab := collect(c, cfg.Seed)
	nets := make([]*network, members)
	for k := range nets {
		t := newTrainer(c, vocab, cfg.Seed+uint64(k)<<32)
		if err := t.run(ctx, cfg.Epochs, p.batch); err != nil {
			return nil, err
		}
		nets[k] = t.net
	}
	return flatten(c, vocab, nets), nil
}

// trainer trains one network.
type trainer struct {
	c       *Corpus
	seed    uint64
	net     *network
	enc     [workers]*encoder
	index   []int32
	maskRNG *rand.Rand
}

func newTrainer(c *Corpus, vocab *vocabulary, seed uint64) *trainer {
	t := &trainer{
		c:       c,
		seed:    seed,
		net:     newNetwork(len(vocab.keys), len(c.labels), hiddenUnits, rand.New(rand.NewPCG(seed, 1))),
		index:   make([]int32, len(vocab.keys)),
		maskRNG: rand.New(rand.NewPCG(seed, 2)),
	}
	for w := range t.enc {
		t.enc[w] = newEncoder(vocab)
	}
	return t
}

// run trains for some passes over the sentences.
func (t *trainer) run(ctx context.Context, epochs int, done func(loss float64)) error {
	optimizer := &adamW{beta1: 0.9, beta2: 0.99, decay: weightDecay}
	order := make([]int, len(t.c.sentences))
	for i := range order {
		order[i] = i
	}
	steps := epochs * batches(len(order))
	step := 0
	for epoch := range epochs {
		rng := rand.New(rand.NewPCG(t.seed, uint64(1000+epoch)))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += batchSize {
			if err := ctx.Err(); err != nil {
				return err
			}
			b := t.batch(order[from:min(from+batchSize, len(order))], epoch)
			// The step shrinks to a tenth.
			optimizer.next(stepSize * (1 - 0.9*float64(step)/float64(steps)))
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

func batches(sentences int) int { return (sentences + batchSize - 1) / batchSize }

// batch encodes some sentences, each with its own mistakes.
func (t *trainer) batch(of []int, epoch int) *batch {
	b := &batch{examples: make([][]feature, len(of)), labels: make([]int, len(of)), smooth: smoothing}
	parallel(len(of), func(worker, from, to int) {
		var m message
		for i := from; i < to; i++ {
			s := t.c.sentences[of[i]]
			rng := rand.New(rand.NewPCG(t.seed^uint64(of[i])<<20, uint64(epoch)))
			m.read(vary(s.text, rng))
			b.labels[i] = s.label
			b.examples[i] = thin(t.enc[worker].encode(&m, 0, len(m.words)), rng)
		}
	})
	b.keep = t.mask(len(of))
	b.invert(t.index)
	return b
}

// vary returns the sentence as somebody else might have spelt it.
func vary(text string, rng *rand.Rand) string {
	if rng.Float64() < cleanShare {
		return text
	}
	return noise{rng}.spell(text, 1+rng.IntN(maxMistakes))
}

// thin copies features, without some of them: the model must not rest on one.
func thin(fs []feature, rng *rand.Rand) []feature {
	out := make([]feature, 0, len(fs))
	for _, f := range fs {
		if rng.Float64() >= featureDrop {
			f.weight /= 1 - featureDrop
			out = append(out, f)
		}
	}
	return out
}

// mask is the dropout of the hidden layer. It is drawn here and not by spago,
// whose generator is shared by the whole program.
func (t *trainer) mask(size int) mat.Matrix {
	m := mat.NewDense[float32](mat.WithShape(size, hiddenUnits))
	data := mat.Data[float32](m)
	for i := range data {
		if t.maskRNG.Float64() >= hiddenDrop {
			data[i] = 1 / (1 - hiddenDrop)
		}
	}
	return m
}

// collect makes the vocabulary: the features that occur in more than one
// sentence, in any of their spellings.
func collect(c *Corpus, seed uint64) *vocabulary {
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
	var buf []byte
	text := int32(0)
	for i, s := range c.sentences {
		rng := rand.New(rand.NewPCG(seed^uint64(i)<<20, 999))
		for k := range spellings {
			text++
			spelt := s.text
			if k > 0 {
				spelt = noise{rng}.spell(s.text, 1+rng.IntN(maxMistakes))
			}
			m.read(spelt)
			buf = m.extract(0, len(m.words), buf, func(g group, key uint32) {
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
	type entry struct {
		g   group
		key uint32
		*stats
	}
	var all []entry
	for g := range groups {
		for key, st := range seen[g] {
			least := int32(minSentences)
			if g == groupSoundRun {
				least = minRunSentences
			}
			if st.sentences >= least {
				all = append(all, entry{g, key, st})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(b.texts, a.texts), cmp.Compare(a.g, b.g), cmp.Compare(a.key, b.key))
	})
	if len(all) > maxRows {
		all = all[:maxRows] // the rarest go
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Or(cmp.Compare(a.g, b.g), cmp.Compare(a.key, b.key)) })
	v := &vocabulary{}
	for _, e := range all {
		v.keys = append(v.keys, e.key)
		v.idf = append(v.idf, float32(1+math.Log(float64(1+text)/float64(1+e.texts))))
		for g := e.g; g < groups; g++ {
			v.starts[g+1] = int32(len(v.keys))
		}
	}
	v.index()
	return v
}

package intents

// Long messages: people tell what happened and ask somewhere inside.
const (
	longWords   = 25  // from this many words on, a message is also read in parts
	partWords   = 20  // words in a part
	partStep    = 10  // words from one part to the next
	wholeWeight = 0.7 // of the whole message; the rest is for its parts
)

// probabilities fills s.probs for the message in s.text.
func (e *Engine) probabilities(s *scratch) {
	n := len(s.text.words)
	e.part(s, s.probs, 0, n)
	if n < longWords {
		return
	}
	// The parts vote, each with its confidence in a subject; parts that say
	// nothing about one (out of scope, a greeting) do not count.
	votes := make([]float32, len(s.probs))
	total := float32(0)
	for from := 0; ; from += partStep {
		to := min(from+partWords, n)
		e.part(s, s.part, from, to)
		best := 0
		for i, p := range s.part {
			if p > s.part[best] {
				best = i
			}
		}
		if e.choosable[best] {
			w := s.part[best] * s.part[best]
			total += w
			for i, p := range s.part {
				votes[i] += w * p
			}
		}
		if to == n {
			break
		}
	}
	if total == 0 {
		return
	}
	for i := range s.probs {
		s.probs[i] = wholeWeight*s.probs[i] + (1-wholeWeight)*votes[i]/total
	}
}

// part fills probs for some of the words.
func (e *Engine) part(s *scratch, probs []float32, from, to int) {
	e.model.logits(probs, s.ws, s.enc.encode(&s.text, from, to))
	softmax(probs, e.model.temperature)
}

package intents

import (
	"errors"

	"github.com/balie-nl/balie/bot"
)

// Thresholds decide between an answer, a question back and a refusal. A wrong
// answer costs a resident more than one question extra.
type Thresholds struct {
	Answer  float64 // confidence from which the best subject is answered
	Margin  float64 // and how far it must be ahead of the second
	Clarify float64 // confidence from which a subject is worth offering
}

// DefaultThresholds were chosen on the development messages.
var DefaultThresholds = Thresholds{Answer: 0.55, Margin: 0.2, Clarify: 0.06}

// maxChoices is how many subjects a question back offers.
const maxChoices = 3

// WithThresholds returns an engine that decides with other thresholds.
func (e *Engine) WithThresholds(t Thresholds) (*Engine, error) {
	for _, x := range []float64{t.Answer, t.Margin, t.Clarify} {
		if !(x >= 0 && x <= 1) {
			return nil, errors.New("intents: a threshold is not between 0 and 1")
		}
	}
	if t.Clarify > t.Answer {
		return nil, errors.New("intents: the threshold for asking back is above the one for answering")
	}
	other := *e
	other.thresholds = t
	return &other, nil
}

// Understand decides what to do with a message. A safety intent is always
// answered, and what is out of scope is always refused.
func (e *Engine) Understand(text string) bot.Understanding {
	s := e.pool.Get().(*scratch)
	defer e.pool.Put(s)
	if c, ok := e.read(s, text); ok {
		decision := bot.Answer
		if c.Intent == bot.OutOfScope {
			decision = bot.Refuse
		}
		return bot.Understanding{Decision: decision, Candidates: []bot.Candidate{c}}
	}
	e.rank(s)
	u := e.decide(s)
	if asked := e.questions(s); len(asked) == 2 {
		u = bot.Understanding{Decision: bot.Answer, Candidates: asked[:1], Also: asked[1].Intent}
	}
	chat := u.Decision == bot.Answer && !u.Best().Subject() // "wie ben jij" is no follow-up
	u.FollowUp = !chat && s.text.followUp()
	u.Language = e.languages.Recognise(text)
	return u
}

func (e *Engine) decide(s *scratch) bot.Understanding {
	t := e.thresholds
	first, second := s.ranked[0], s.ranked[1]
	confidence := float64(s.probs[first])
	switch {
	case first == e.outOfScope:
		return bot.Understanding{Decision: bot.Refuse, Candidates: []bot.Candidate{e.candidate(s, first)}}
	case confidence >= t.Answer && confidence-float64(s.probs[second]) >= t.Margin:
		return bot.Understanding{Decision: bot.Answer, Candidates: []bot.Candidate{e.candidate(s, first)}}
	}
	var choices []bot.Candidate
	for _, i := range s.ranked {
		if len(choices) == maxChoices || float64(s.probs[i]) < t.Clarify {
			break
		}
		if e.choosable[i] {
			choices = append(choices, e.candidate(s, i))
		}
	}
	if len(choices) == 0 {
		return bot.Understanding{Decision: bot.Refuse, Candidates: []bot.Candidate{e.candidate(s, first)}}
	}
	return bot.Understanding{Decision: bot.Clarify, Candidates: choices}
}

func (e *Engine) candidate(s *scratch, label int) bot.Candidate {
	return bot.Candidate{Intent: e.model.labels[label], Confidence: float64(s.probs[label])}
}

// choosable reports whether an intent makes sense as a choice ("Do you mean
// ...?"). Small talk does not, and nobody should be asked whether they mean
// violence at home.
func choosable(i bot.Intent) bool {
	wish := i == bot.WantsHuman || i == bot.OtherLanguage
	return wish || i.Subject() && !i.Safety()
}

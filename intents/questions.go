package intents

import (
	"slices"

	"github.com/balie-nl/balie/bot"
)

// Several questions in one message. A message is cut where a sentence or a
// clause starts; a piece counts as a question of its own when it asks for
// something and the model is sure what for. Two pieces about the same subject,
// or about subjects that are easily confused, are one question.
const (
	questionWords = 3    // fewest words of a piece that can be a question
	questionSure  = 0.75 // confidence from which a piece counts
)

// joints are words that start another question. They are compared as they are
// written: "een" sounds like "en".
var joints = map[string]bool{"en": true, "ook": true, "verder": true, "daarnaast": true, "plus": true, "trouwens": true, "tevens": true}

// asking are words that a question or a request has, by phonetic key.
var asking = keysOf(`hoe wat waar wanneer waarom wie welk welke hoeveel waarmee waarvoor kan kun kunt kunnen mag mogen
	moet moeten wil willen wou zou zoek graag nodig aanvragen regelen doorgeven melden maken verlengen krijg krijgen weten
	vraag vragen kost kosten how what where when can`)

// questions returns the first two subjects that the message asks about, in the
// order in which they are asked. There are fewer than two when it asks one
// thing, or when it is not sure that it asks more.
func (e *Engine) questions(s *scratch) []bot.Candidate {
	var found []bot.Candidate
	from := 0
	for to := 1; to <= len(s.text.words); to++ {
		if to < len(s.text.words) && !slices.Contains(s.text.breaks, to) && !joints[s.text.words[to]] {
			continue
		}
		if c, ok := e.question(s, from, to); ok && !e.asked(found, c.Intent) {
			found = append(found, c)
			if len(found) == 2 {
				break
			}
		}
		from = to
	}
	return found
}

// question reports what the words from up to to ask for, if it is sure.
func (e *Engine) question(s *scratch, from, to int) (bot.Candidate, bool) {
	if to-from < questionWords || !slices.ContainsFunc(s.text.keys[from:to], func(k string) bool { return asking[k] }) {
		return bot.Candidate{}, false
	}
	e.part(s, s.part, from, to)
	best := 0
	for i, p := range s.part {
		if p > s.part[best] {
			best = i
		}
	}
	if s.part[best] < questionSure || !e.choosable[best] {
		return bot.Candidate{}, false
	}
	return bot.Candidate{Intent: e.model.labels[best], Confidence: float64(s.part[best])}, true
}

// asked reports whether one of the questions is about the intent or about one
// that is easily confused with it.
func (e *Engine) asked(questions []bot.Candidate, i bot.Intent) bool {
	return slices.ContainsFunc(questions, func(q bot.Candidate) bool {
		return q.Intent == i || slices.Contains(e.catalogue[q.Intent].Neighbours, i)
	})
}

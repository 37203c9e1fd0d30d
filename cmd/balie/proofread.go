package main

import (
	"sync"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/locales/plain"
)

// proofreader judges what staff write with the checker that the content has to
// pass as well: an SMS at level A2, all else at B1. The checker takes memory, so it
// is made when somebody first types.
type proofreader struct {
	checker func() (*plain.Checker, error)
}

func newProofreader() proofreader {
	return proofreader{sync.OnceValues(func() (*plain.Checker, error) { return plain.New("nl") })}
}

var _ desk.Proofreader = proofreader{}

// Proofread implements desk.Proofreader.
func (p proofreader) Proofread(text string, channel bot.Channel) desk.Proof {
	level := plain.B1
	if channel.Short() {
		level = plain.A2
	}
	checker, err := p.checker()
	if err != nil {
		return desk.Proof{} // its data are part of the program; see the tests of plain
	}
	report := checker.Check(text, level)
	proof := desk.Proof{TooHard: report.TooHard()}
	for _, f := range report.Flags {
		place := desk.Place{Start: f.Start, End: f.End, Why: f.Why, Instead: f.Instead, Word: f.Fits}
		// Of a sentence that is both long and knotty one remark is enough.
		if n := len(proof.Places); n > 0 && proof.Places[n-1].Start == f.Start && proof.Places[n-1].End == f.End {
			continue
		}
		proof.Places = append(proof.Places, place)
	}
	return proof
}

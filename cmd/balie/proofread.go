package main

import (
	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/locales/plain"
)

// proofreader judges what staff write with the checker that the content has to
// pass as well: an SMS at level A2, all else at B1.
type proofreader struct{ checker *plain.Checker }

var _ desk.Proofreader = proofreader{}

// Proofread implements desk.Proofreader.
func (p proofreader) Proofread(text string, channel bot.Channel) desk.Proof {
	level := plain.B1
	if channel.Short() {
		level = plain.A2
	}
	report := p.checker.Check(text, level)
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

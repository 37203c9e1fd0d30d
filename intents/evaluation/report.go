package evaluation

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"slices"

	"github.com/balie-nl/balie/bot"
)

// Share is a count out of a total.
type Share struct{ Count, Of int }

// Value is the share from 0 to 1, and 0 of an empty total.
func (s Share) Value() float64 { return ratio(float64(s.Count), float64(s.Of)) }

// Interval is the 95% interval of a share by Wilson (1927), Journal of the
// American Statistical Association 22: it also holds for shares near 0 and 1.
func (s Share) Interval() (low, high float64) {
	if s.Of == 0 {
		return 0, 0
	}
	const z = 1.96
	n, p := float64(s.Of), s.Value()
	d := 1 + z*z/n
	middle := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return (middle - half) / d, (middle + half) / d
}

// MarshalJSON writes the count, the total and the share.
func (s Share) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"count": s.Count, "of": s.Of, "share": s.Value()})
}

func (s *Share) add(counts bool) {
	s.Of++
	if counts {
		s.Count++
	}
}

// Report holds the figures of one classifier on one set. Shares and figures are
// from 0 to 1. Messages that should be bot.OutOfScope are out of scope, all
// others in scope. A part is nil where the set or the classifier has nothing to
// measure it with.
type Report struct {
	Accuracy         Share        `json:"accuracy"`          // in-scope messages with the right label
	AccuracyInterval [2]float64   `json:"accuracy_ci95"`     // 95%, see Share.Interval
	AccuracyAll      Share        `json:"accuracy_all"`      // the same of all messages
	Top3             Share        `json:"top3"`              // in-scope messages with the right label among the best three
	MacroF1          float64      `json:"macro_f1"`          // mean F1 of the in-scope labels
	MacroF1InScope   float64      `json:"macro_f1_in_scope"` // the same over in-scope messages only
	Styles           []Style      `json:"styles"`            // in the order of the set
	Labels           []Label      `json:"labels"`            // lowest F1 first
	Confusions       []Mistake    `json:"confusions"`        // most frequent first
	Coverage         []Coverage   `json:"accuracy_surest"`   // accuracy of the surest part
	OutOfScope       *Unknown     `json:"out_of_scope"`      // nil without messages out of scope
	Calibration      *Calibration `json:"calibration"`       // nil if a confidence is not from 0 to 1
	Safety           *Safety      `json:"safety"`            // nil without safety messages
	Decisions        *Decisions   `json:"decisions"`         // nil if the classifier decides nothing
	Speed            Speed        `json:"speed"`

	right []bool // by in-scope message
}

// Style is the accuracy on in-scope messages of one style.
type Style struct {
	Name     string `json:"name"`
	Accuracy Share  `json:"accuracy"`
}

// Label has the figures of one label of the set, over all messages.
type Label struct {
	Intent    bot.Intent `json:"intent"`
	Messages  int        `json:"messages"`  // that should get the label
	Precision float64    `json:"precision"` // share of the messages with the label that should have it
	Recall    float64    `json:"recall"`    // share of the messages that should have the label that have it
	F1        float64    `json:"f1"`        // harmonic mean of both
}

// Mistake is a label that messages got in place of the right one.
type Mistake struct {
	Want  bot.Intent `json:"want"`
	Got   bot.Intent `json:"got"`
	Count int        `json:"count"`
}

// Coverage is the accuracy of the part of the in-scope messages that the
// classifier was surest of.
type Coverage struct {
	Part     float64 `json:"part"`
	Accuracy Share   `json:"accuracy"`
}

// Unknown tells how well messages out of scope are told from those in scope.
type Unknown struct {
	Recognised Share      `json:"recognised"` // of the messages out of scope
	AUROC      float64    `json:"auroc"`      // chance that an in-scope message has more confidence than one out of scope
	AtRecall   []AtRecall `json:"at_recall"`
}

// AtRecall is what is left of the in-scope messages when the lowest confidence
// that is still answered is set so high that a part of the messages out of scope
// is refused. It is chosen on the set itself, so it is a measure of order and
// not a setting to use.
type AtRecall struct {
	Recall    float64 `json:"recall"`    // part of the messages out of scope that is refused at least
	Threshold float64 `json:"threshold"` // scores up to here are refused
	Right     Share   `json:"right"`     // in-scope messages answered rightly
	Answered  Share   `json:"answered"`  // in-scope messages answered
}

// Calibration tells whether a confidence means what it says, over in-scope messages.
type Calibration struct {
	// ECE is the expected calibration error: how far confidence and accuracy are
	// apart in a bin, averaged over the messages.
	ECE  float64 `json:"ece"`
	Bins [10]Bin `json:"bins"`
}

// Bin has the in-scope messages with a confidence in one tenth of 0 to 1.
type Bin struct {
	Right      Share   `json:"right"`
	Confidence float64 `json:"confidence"` // mean; 0 in an empty bin
}

// Safety tells how safety messages fare.
type Safety struct {
	Recall []Recall `json:"recall"` // of each label, by name
	// Together counts a safety message as recognised with any safety label.
	Together    Share `json:"together"`
	FalseAlarms Share `json:"false_alarms"` // other messages with a safety label
}

// Recall is the share of the messages of a label that got it.
type Recall struct {
	Intent bot.Intent `json:"intent"`
	Found  Share      `json:"found"`
}

// What an outcome costs a resident, in questions extra. A right answer, and the
// refusal of what is out of scope, cost nothing.
const (
	CostWrongAnswer  = 5.0
	CostAskedWith    = 1.0 // a question back with the right subject among the choices
	CostAskedWithout = 2.0 // a question back without it
	CostRefused      = 2.0 // of a message in scope
)

// Decisions tells what the classifier did with the messages.
type Decisions struct {
	InScope    Outcomes `json:"in_scope"`
	OutOfScope Outcomes `json:"out_of_scope"`
	Cost       float64  `json:"cost"` // mean of all messages
}

// Outcomes counts messages; each is in one count.
type Outcomes struct {
	AnsweredRight int `json:"answered_right"`
	AnsweredWrong int `json:"answered_wrong"`
	AskedWith     int `json:"asked_with_right_choice"`
	AskedWithout  int `json:"asked_without_right_choice"`
	Refused       int `json:"refused"`
}

// Messages is the sum of the counts.
func (o Outcomes) Messages() int {
	return o.AnsweredRight + o.AnsweredWrong + o.AskedWith + o.AskedWithout + o.Refused
}

// score orders messages from out of scope to in scope: the confidence of a label,
// and for bot.OutOfScope below all of these, lower the surer.
func (p prediction) score() float64 {
	if p.label == bot.OutOfScope {
		return -math.Abs(p.confidence) - 1
	}
	return p.confidence
}

// newReport works out all that follows from the labels and confidences.
func newReport(set []Message, predictions []prediction) *Report {
	r := &Report{}
	var in, out []float64
	var all, inScope counts
	styles := map[string]int{}
	confused := map[[2]bot.Intent]int{}
	for i, m := range set {
		p := predictions[i]
		right := p.label == m.Intent
		r.AccuracyAll.add(right)
		all.add(m.Intent, p.label)
		if key := [2]bot.Intent{m.Intent, p.label}; !right {
			at, known := confused[key]
			if !known {
				at = len(r.Confusions)
				confused[key] = at
				r.Confusions = append(r.Confusions, Mistake{Want: m.Intent, Got: p.label})
			}
			r.Confusions[at].Count++
		}
		if m.Intent == bot.OutOfScope {
			out = append(out, p.score())
			continue
		}
		in = append(in, p.score())
		inScope.add(m.Intent, p.label)
		r.right = append(r.right, right)
		r.Accuracy.add(right)
		r.Top3.add(slices.ContainsFunc(p.ranked, func(c bot.Candidate) bool { return c.Intent == m.Intent }))
		at, known := styles[m.Style]
		if !known {
			at = len(r.Styles)
			styles[m.Style] = at
			r.Styles = append(r.Styles, Style{Name: m.Style})
		}
		r.Styles[at].Accuracy.add(right)
	}
	slices.SortStableFunc(r.Confusions, func(a, b Mistake) int { return cmp.Compare(b.Count, a.Count) })
	r.AccuracyInterval[0], r.AccuracyInterval[1] = r.Accuracy.Interval()
	labels := slices.Sorted(maps.Keys(inScope.wanted))
	r.MacroF1, r.MacroF1InScope = all.macroF1(labels), inScope.macroF1(labels)
	r.Labels = all.labels()
	r.Coverage = surest(in, r.right)
	r.OutOfScope = newUnknown(all.of(bot.OutOfScope), in, r.right, out)
	r.Calibration = newCalibration(set, predictions)
	r.Safety = newSafety(set, predictions)
	return r
}

// counts holds for each label how many messages should get it, got it, and both.
type counts struct{ wanted, given, right map[bot.Intent]int }

func (c *counts) add(want, got bot.Intent) {
	if c.wanted == nil {
		c.wanted, c.given, c.right = map[bot.Intent]int{}, map[bot.Intent]int{}, map[bot.Intent]int{}
	}
	c.wanted[want]++
	c.given[got]++
	if want == got {
		c.right[want]++
	}
}

// of is the share of the messages of a label that got it.
func (c *counts) of(l bot.Intent) Share { return Share{c.right[l], c.wanted[l]} }

func (c *counts) f1(l bot.Intent) float64 {
	return ratio(float64(2*c.right[l]), float64(c.wanted[l]+c.given[l]))
}

func (c *counts) macroF1(labels []bot.Intent) float64 {
	sum := 0.0
	for _, l := range labels {
		sum += c.f1(l)
	}
	return ratio(sum, float64(len(labels)))
}

// labels are the figures of each label that messages should get, lowest F1 first.
func (c *counts) labels() []Label {
	var all []Label
	for l, n := range c.wanted {
		all = append(all, Label{
			Intent: l, Messages: n, F1: c.f1(l), Recall: c.of(l).Value(),
			Precision: ratio(float64(c.right[l]), float64(c.given[l])),
		})
	}
	slices.SortFunc(all, func(a, b Label) int {
		return cmp.Or(cmp.Compare(a.F1, b.F1), cmp.Compare(a.Intent, b.Intent))
	})
	return all
}

// surest computes the accuracy of the messages with the highest scores.
func surest(scores []float64, right []bool) []Coverage {
	if len(scores) == 0 {
		return nil
	}
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	var all []Coverage
	for _, part := range []float64{0.5, 0.8, 0.9} {
		c := Coverage{Part: part}
		for _, i := range order[:max(1, int(part*float64(len(order))))] {
			c.Accuracy.add(right[i])
		}
		all = append(all, c)
	}
	return all
}

// newUnknown compares the scores of the messages in scope and out of scope.
func newUnknown(recognised Share, in []float64, right []bool, out []float64) *Unknown {
	if len(out) == 0 {
		return nil
	}
	u := &Unknown{Recognised: recognised, AUROC: auroc(in, out)}
	sorted := slices.Sorted(slices.Values(out))
	for _, recall := range []float64{0.8, 0.9, 0.95} {
		at := min(len(sorted), int(math.Ceil(recall*float64(len(sorted))))) - 1
		a := AtRecall{Recall: recall, Threshold: sorted[at]}
		for i, s := range in {
			a.Answered.add(s > a.Threshold)
			a.Right.add(s > a.Threshold && right[i])
		}
		u.AtRecall = append(u.AtRecall, a)
	}
	return u
}

// auroc is the area under the curve of true against false positives: the chance
// that one of the first has a higher score than one of the second, where a tie
// counts half. It is computed from the sum of the ranks, as Mann and Whitney do.
func auroc(positive, negative []float64) float64 {
	type scored struct {
		score    float64
		positive bool
	}
	var all []scored
	for _, s := range positive {
		all = append(all, scored{s, true})
	}
	for _, s := range negative {
		all = append(all, scored{s, false})
	}
	slices.SortFunc(all, func(a, b scored) int { return cmp.Compare(a.score, b.score) })
	ranks := 0.0
	for i := 0; i < len(all); {
		j, ties := i, 0
		for ; j < len(all) && all[j].score == all[i].score; j++ {
			if all[j].positive {
				ties++
			}
		}
		ranks += float64(ties) * float64(i+1+j) / 2
		i = j
	}
	p, n := float64(len(positive)), float64(len(negative))
	return ratio(ranks-p*(p+1)/2, p*n)
}

// rounding is how far above 1 a confidence may be.
const rounding = 1e-7

func newCalibration(set []Message, predictions []prediction) *Calibration {
	c := &Calibration{}
	n := 0
	for i, m := range set {
		p := predictions[i]
		if !(p.confidence >= 0 && p.confidence <= 1+rounding) {
			return nil
		}
		if m.Intent == bot.OutOfScope {
			continue
		}
		n++
		b := &c.Bins[min(len(c.Bins)-1, int(p.confidence*float64(len(c.Bins))))]
		b.Right.add(p.label == m.Intent)
		b.Confidence += p.confidence // the sum, until the mean is taken below
	}
	for i := range c.Bins {
		b := &c.Bins[i]
		c.ECE += ratio(math.Abs(b.Confidence-float64(b.Right.Count)), float64(n))
		b.Confidence = ratio(b.Confidence, float64(b.Right.Of))
	}
	return c
}

func newSafety(set []Message, predictions []prediction) *Safety {
	s := &Safety{}
	found := map[bot.Intent]*Share{}
	for i, m := range set {
		got := predictions[i].label
		if !m.Intent.Safety() {
			s.FalseAlarms.add(got.Safety())
			continue
		}
		s.Together.add(got.Safety())
		if found[m.Intent] == nil {
			found[m.Intent] = &Share{}
		}
		found[m.Intent].add(got == m.Intent)
	}
	if len(found) == 0 {
		return nil
	}
	for _, l := range slices.Sorted(maps.Keys(found)) {
		s.Recall = append(s.Recall, Recall{l, *found[l]})
	}
	return s
}

func newDecisions(set []Message, predictions []prediction) *Decisions {
	d := &Decisions{}
	cost := 0.0
	for i, m := range set {
		outcomes, refusal := &d.InScope, CostRefused
		if m.Intent == bot.OutOfScope {
			outcomes, refusal = &d.OutOfScope, 0
		}
		u := predictions[i].understanding
		switch {
		case u.Decision == bot.Answer && u.Best() == m.Intent:
			outcomes.AnsweredRight++
		case u.Decision == bot.Answer:
			outcomes.AnsweredWrong++
			cost += CostWrongAnswer
		case u.Decision == bot.Clarify && slices.ContainsFunc(u.Candidates, func(c bot.Candidate) bool { return c.Intent == m.Intent }):
			outcomes.AskedWith++
			cost += CostAskedWith
		case u.Decision == bot.Clarify:
			outcomes.AskedWithout++
			cost += CostAskedWithout
		default:
			outcomes.Refused++
			cost += refusal
		}
	}
	d.Cost = ratio(cost, float64(len(set)))
	return d
}

// ratio is a/b, and 0 where there is nothing to divide by.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

package plain

// dutchWeights are what each measure adds to the score. They come from a logistic
// regression with a ridge penalty on pairs of a harder and a simpler text and on
// texts of known level: municipal sentences simplified by professionals, and
// letters and chat replies written for the purpose; of these the half for
// development. The signs were fixed beforehand: no measure can make a text easier,
// but speaking to the reader. Four measures are too rare there to be fitted and
// have the least weight that was allowed: phrases before nouns, brackets, double
// negation and names of laws.
var dutchWeights = vector{
	sentenceLength:   0.607,
	longSentences:    1.400,
	wordFrequency:    8.404,
	rareWords:        3.968,
	wordLoad:         1.672,
	longWords:        3.728,
	officialWords:    2.211,
	contentPerClause: 0.115,
	subordinate:      0.785,
	embedded:         2.658,
	passive:          3.438,
	participles:      0.933,
	verbFrame:        0.397,
	beforeNoun:       2.006,
	prepositionCount: 0.194,
	brackets:         0.345,
	nominalisation:   1.069,
	doubleNegation:   0.800,
	abbreviations:    0.642,
	laws:             0.600,
	numbersInWords:   3.333,
	infinitives:      0.481,
	addressed:        -1.308,
}

// dutchBias puts the border of B1 at a score of zero.
const dutchBias = -3.412

// What level A2 asks beyond B1 is chosen, not fitted, for there are no texts to
// fit it on: half of the texts that are B1 are to be A2 as well, and each word of
// the list for A2 in a sentence counts.
const (
	a2Shift = 3.2
	a2Word  = 1.5
)

// dutchScore weighs the measures. a2Words is how many words of the list for A2
// a sentence has on average.
func dutchScore(v vector, level Level, a2Words float64) (float64, []Measure) {
	score := dutchBias + 0.0
	if level == A2 {
		score += a2Shift + a2Word*min(a2Words, 2)
	}
	measures := make([]Measure, measureCount)
	for i, value := range v {
		part := dutchWeights[i] * value
		measures[i] = Measure{measureNames[i], value, part}
		score += part
	}
	return score, measures
}

package baseline

import (
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/balie-nl/balie/intents/svm"
)

// row is a text as features, ascending. Its Euclidean length is 1, or 0 when
// nothing of the text is known.
type row = []svm.Term

// The sizes of letter groups, in characters.
const (
	shortest = 2
	longest  = 5
)

// groups returns the letter groups of each word in lower case, with a space on
// both sides of the word; a word shorter than a group counts once, as a whole.
func groups(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for word := range strings.FieldsSeq(strings.ToLower(text)) {
			word = " " + word + " "
			var starts []int
			for at := range word {
				starts = append(starts, at)
			}
			starts = append(starts, len(word))
			for n := shortest; n <= longest; n++ {
				if n >= len(starts)-1 {
					if !yield(word) {
						return
					}
					break
				}
				for i := 0; i+n < len(starts); i++ {
					if !yield(word[starts[i]:starts[i+n]]) {
						return
					}
				}
			}
		}
	}
}

// vocabulary numbers the letter groups of the training texts.
type vocabulary struct {
	index map[string]int32
	idf   []float64 // inverse document frequency, by feature
}

func (v *vocabulary) size() int { return len(v.idf) }

// collect makes the vocabulary of texts, and their rows.
func collect(texts []string) (*vocabulary, []row) {
	v := &vocabulary{index: map[string]int32{}}
	rows := make([]row, len(texts))
	var documents []int
	for i, text := range texts {
		rows[i] = v.count(text, func(group string) int32 {
			next := int32(len(documents))
			v.index[strings.Clone(group)] = next
			documents = append(documents, 0)
			return next
		})
		for _, t := range rows[i] {
			documents[t.Feature]++
		}
	}
	// Smoothed, as if one more text had every group.
	for _, n := range documents {
		v.idf = append(v.idf, 1+math.Log(float64(1+len(texts))/float64(1+n)))
	}
	for _, r := range rows {
		v.weigh(r)
	}
	return v, rows
}

// row returns the features of a text; groups that are not in the vocabulary are
// left out.
func (v *vocabulary) row(text string) row {
	r := v.count(text, func(string) int32 { return -1 })
	v.weigh(r)
	return r
}

// count returns the features of a text with how often each occurs. New decides
// about groups that are not in the vocabulary; a negative number leaves it out.
func (v *vocabulary) count(text string, unknown func(group string) int32) row {
	var found []int32
	for group := range groups(text) {
		feature, known := v.index[group]
		if !known {
			feature = unknown(group)
		}
		if feature >= 0 {
			found = append(found, feature)
		}
	}
	slices.Sort(found)
	var r row
	for _, feature := range found {
		if last := len(r) - 1; last >= 0 && r[last].Feature == feature {
			r[last].Weight++
			continue
		}
		r = append(r, svm.Term{Feature: feature, Weight: 1})
	}
	return r
}

// weigh turns counts into weights: sublinear in the count, more for rare groups.
func (v *vocabulary) weigh(r row) {
	sum := 0.0
	for i := range r {
		w := (1 + math.Log(float64(r[i].Weight))) * v.idf[r[i].Feature]
		r[i].Weight = float32(w)
		sum += w * w
	}
	length := float32(math.Sqrt(sum))
	for i := range r {
		r[i].Weight /= length
	}
}

package intents

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/balie-nl/balie/bot"
)

// Least sentences of an intent. Fewer teach too little of the ways in which
// people say a thing.
const (
	leastOfSubject    = 120
	leastOfSmallTalk  = 60
	leastOfOutOfScope = 400
)

// tooAlike is the share of letter groups that sentences of two intents may not
// have in common (the Jaccard index): one of the labels would be wrong.
const tooAlike = 0.8

// Lint checks the sentences of a corpus: enough for each intent of the
// catalogue, no intent outside it, none twice, and none nearly the same under
// two intents. It returns what is wrong, a problem each.
func (c *Corpus) Lint(catalogue Catalogue) []error {
	var problems []error
	counts := make([]int, len(c.labels))
	for _, s := range c.sentences {
		counts[s.label]++
	}
	for i, label := range c.labels {
		if _, ok := catalogue[label]; !ok {
			problems = append(problems, fmt.Errorf("%s has sentences but is not in intents.toml", label))
		}
		if least := least(label); counts[i] < least {
			problems = append(problems, fmt.Errorf("%s has %d sentences, want at least %d", label, counts[i], least))
		}
	}
	for label := range catalogue {
		if !slices.Contains(c.labels, label) {
			problems = append(problems, fmt.Errorf("%s is in intents.toml but has no sentences", label))
		}
	}
	seen := map[string]labelled{}
	for _, s := range c.sentences {
		key := Normalise(s.text)
		if before, ok := seen[key]; ok && before.label == s.label {
			problems = append(problems, fmt.Errorf("twice in %s: %q and %q", c.labels[s.label], before.text, s.text))
		}
		seen[key] = s
	}
	c.alike(func(a, b labelled) {
		problems = append(problems, fmt.Errorf("nearly the same: %q in %s and %q in %s", a.text, c.labels[a.label], b.text, c.labels[b.label]))
	})
	return problems
}

func least(i bot.Intent) int {
	switch {
	case i == bot.OutOfScope:
		return leastOfOutOfScope
	case i.Subject():
		return leastOfSubject
	}
	return leastOfSmallTalk
}

// alike calls found for every two sentences of different intents that are too
// much alike. It compares only sentences that share one of their rarest letter
// groups, as two that are alike must (Bayardo, Ma and Srikant, "Scaling up all
// pairs similarity search", 2007).
func (c *Corpus) alike(found func(a, b labelled)) {
	sets := c.soundGroups()
	byGroup := map[int][]int{}
	last := make([]int, len(sets)) // the sentence each was compared with last
	for i, set := range sets {
		prefix := len(set) - int(math.Ceil(tooAlike*float64(len(set)))) + 1
		for _, g := range set[:min(prefix, len(set))] {
			for _, j := range byGroup[g] {
				if last[j] == i || c.sentences[j].label == c.sentences[i].label {
					continue
				}
				last[j] = i
				if jaccard(sets[j], set) >= tooAlike {
					found(c.sentences[j], c.sentences[i])
				}
			}
			byGroup[g] = append(byGroup[g], i)
		}
	}
}

// soundGroups returns, for each sentence, its runs of three sounds as a set of
// ranks: the rarest of all sentences is 0.
func (c *Corpus) soundGroups() [][]int {
	sets := make([][]int, len(c.sentences))
	seen := map[int]int{}
	var m message
	for i, s := range c.sentences {
		m.read(s.text)
		sounds := " " + strings.Join(m.keys, "") + " "
		for at := range len(sounds) - minSound + 1 {
			g := int(hashString(hashStart, sounds[at:at+minSound]))
			if !slices.Contains(sets[i], g) {
				sets[i] = append(sets[i], g)
				seen[g]++
			}
		}
	}
	ranks := make(map[int]int, len(seen))
	for rank, g := range slices.SortedFunc(maps.Keys(seen), func(a, b int) int {
		return cmp.Or(cmp.Compare(seen[a], seen[b]), cmp.Compare(a, b))
	}) {
		ranks[g] = rank
	}
	for _, set := range sets {
		for k, g := range set {
			set[k] = ranks[g]
		}
		slices.Sort(set)
	}
	return sets
}

// jaccard is the share of the elements of two sorted sets that are in both.
func jaccard(a, b []int) float64 {
	common := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			common++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(common) / float64(max(1, len(a)+len(b)-common))
}

package intents_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
)

// devMessage is a message of the development set with the label it should get.
type devMessage struct {
	text  string
	label bot.Intent
	style string
}

// developmentSet reads the development messages, which are not part of this
// repository. They lie beside it, or where BALIE_SHARED says.
func developmentSet(t *testing.T) []devMessage {
	t.Helper()
	shared := os.Getenv("BALIE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "shared")
	}
	raw, err := os.ReadFile(filepath.Join(shared, "eval", "dev_residents.tsv"))
	if err != nil {
		t.Skipf("no development set (set BALIE_SHARED to the folder that has eval/dev_residents.tsv): %v", err)
	}
	var set []devMessage
	for i, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			t.Fatalf("line %d of the development set has %d columns", i+1, len(fields))
		}
		if i > 0 {
			set = append(set, devMessage{fields[0], bot.Intent(fields[1]), fields[2]})
		}
	}
	return set
}

// share counts how often something is right.
type share struct{ right, of int }

func (s *share) add(right bool) {
	s.of++
	if right {
		s.right++
	}
}

func (s share) value() float64 { return float64(s.right) / float64(max(1, s.of)) }

func (s share) String() string { return fmt.Sprintf("%.1f%% of %d", 100*s.value(), s.of) }

// TestDevelopmentSet prints the figures of the embedded model, and fails when
// they are far below what they were.
func TestDevelopmentSet(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	var accuracy, unknown, recall, alarms, answers, choices share
	styles := map[string]*share{}
	decisions := map[bot.Decision]int{}
	var bins [10]struct{ sum, right, n float64 }
	for _, m := range developmentSet(t) {
		c, u := e.Classify(m.text), e.Understand(m.text)
		right := c.Intent == m.label
		if m.label.Safety() {
			recall.add(c.Intent.Safety())
		} else {
			alarms.add(c.Intent.Safety())
		}
		switch u.Decision {
		case bot.Answer:
			answers.add(u.Best() == m.label)
		case bot.Clarify:
			offered := false
			for _, c := range u.Candidates {
				offered = offered || c.Intent == m.label
			}
			choices.add(offered)
		case bot.Refuse:
		}
		if m.label == bot.OutOfScope {
			unknown.add(right)
			continue
		}
		decisions[u.Decision]++
		accuracy.add(right)
		if styles[m.style] == nil {
			styles[m.style] = &share{}
		}
		styles[m.style].add(right)
		b := &bins[min(9, int(c.Confidence*10))]
		b.n++
		b.sum += c.Confidence
		if right {
			b.right++
		}
	}
	ece := 0.0
	for _, b := range bins {
		ece += math.Abs(b.sum-b.right) / float64(accuracy.of)
	}
	t.Logf("in scope right %v, out of scope recognised %v, by style %v", accuracy, unknown, styles)
	t.Logf("safety recall %v, false alarms %v, calibration error %.3f", recall, alarms, ece)
	t.Logf("in scope %v; answers right %v, choices with the right one %v", decisions, answers, choices)
	for name, ok := range map[string]bool{
		"accuracy under 85%":        accuracy.value() >= 0.85,
		"a safety message missed":   recall.right == recall.of,
		"false alarms over 1%":      alarms.value() <= 0.01,
		"calibration error over .1": ece <= 0.1,
		"right answers under 92%":   answers.value() >= 0.92,
	} {
		if !ok {
			t.Error(name)
		}
	}
}

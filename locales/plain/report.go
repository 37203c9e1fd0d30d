package plain

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// String is the name of the level.
func (l Level) String() string {
	if l == A2 {
		return "A2"
	}
	return "B1"
}

// WriteReport judges a text and writes what it found for people to read, in the
// language of the text.
func (c *Checker) WriteReport(w io.Writer, name, text string, level Level) error {
	out := bufio.NewWriter(w)
	c.judge.write(out, name, text, c.Check(text, level), level)
	if err := out.Flush(); err != nil {
		return fmt.Errorf("plain: %w", err)
	}
	return nil
}

func (d *dutch) write(w io.Writer, name, text string, r Report, level Level) {
	verdict := "goed voor " + level.String()
	if r.TooHard() {
		verdict = "te moeilijk voor " + level.String()
	}
	fmt.Fprintf(w, "%s: %s\n", name, verdict)
	fmt.Fprintf(w, "Score %.1f (boven 0 is te moeilijk). %s, %s, gemiddeld %.1f woorden per zin.\n", r.Score, count(r.Sentences, "zin", "zinnen"), count(r.Words, "woord", "woorden"), mean(r))
	if parts := r.hardest(); len(parts) > 0 {
		fmt.Fprintf(w, "\nDit maakt de tekst moeilijk:\n")
		for _, m := range parts {
			fmt.Fprintf(w, "  %+5.1f  %s\n", m.Part, dutchNames[m.Name])
		}
	}
	if len(r.Flags) > 0 {
		fmt.Fprintf(w, "\nVerander dit:\n")
		writeFlags(w, text, r.Flags, "regel %d, teken %d: %s\n", "Schrijf liever: ")
	}
	fmt.Fprintln(w)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func mean(r Report) float64 { return float64(r.Words) / float64(max(r.Sentences, 1)) }

// hardest are the measures that add at least half a point, the greatest first; at
// most five.
func (r Report) hardest() []Measure {
	all := slices.DeleteFunc(slices.Clone(r.Measures), func(m Measure) bool { return m.Part < 0.5 })
	slices.SortStableFunc(all, func(a, b Measure) int { return cmp.Compare(b.Part, a.Part) })
	return all[:min(len(all), 5)]
}

func writeFlags(w io.Writer, text string, flags []Flag, where, instead string) {
	for _, f := range flags {
		before := text[:f.Start]
		line := strings.Count(before, "\n") + 1
		column := utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:]) + 1
		fmt.Fprintf(w, where, line, column, quoted(f.Text))
		fmt.Fprintf(w, "  %s\n", f.Why)
		if len(f.Instead) > 0 {
			fmt.Fprintf(w, "  %s%s\n", instead, strings.Join(f.Instead, ", "))
		}
	}
}

// quoted shortens a long sentence to its start.
func quoted(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if words := strings.Fields(s); len(words) > 6 {
		s = strings.Join(words[:6], " ") + " ..."
	}
	return `"` + s + `"`
}

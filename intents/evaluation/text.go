package evaluation

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Named is a report with the name of its classifier.
type Named struct {
	Name string `json:"name"`
	*Report
}

// worst is how many labels and confusions a text shows.
const worst = 10

// WriteText writes reports on the same set side by side, and of the first one
// the weakest labels, the confusions and the calibration as well. Shares are
// percentages.
func WriteText(w io.Writer, reports ...Named) error {
	if len(reports) == 0 {
		return nil
	}
	var b strings.Builder
	figures(reports).write(&b)
	reports[0].details(&b)
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("evaluation: write report: %w", err)
	}
	return nil
}

// table is text in columns: the first aligned left, the others right.
type table [][]string

func (t *table) add(cells ...string) { *t = append(*t, cells) }

func (t table) write(b *strings.Builder) {
	var widths []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range t {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				line.WriteString(cell + space)
				continue
			}
			line.WriteString("  " + space + cell)
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// figures has a row for each figure and a column for each report.
func figures(reports []Named) table {
	var t table
	add := func(name string, cell func(r *Report) string) {
		cells, empty := []string{name}, true
		for _, r := range reports {
			c := cell(r.Report)
			empty = empty && c == ""
			cells = append(cells, c)
		}
		if !empty {
			t.add(cells...)
		}
	}
	names := []string{""}
	for _, r := range reports {
		names = append(names, r.Name)
	}
	t.add(names...)
	first := reports[0].Report
	add(fmt.Sprintf("Accuracy in scope (%d messages)", first.Accuracy.Of), func(r *Report) string { return share(r.Accuracy) })
	add("  95% interval", func(r *Report) string {
		return fmt.Sprintf("%.1f-%.1f%%", 100*r.AccuracyInterval[0], 100*r.AccuracyInterval[1])
	})
	add("  right one among the best 3", func(r *Report) string { return share(r.Top3) })
	for i, s := range first.Styles {
		if len(first.Styles) > 1 {
			add(fmt.Sprintf("  style %s (%d)", s.Name, s.Accuracy.Of), func(r *Report) string { return share(r.Styles[i].Accuracy) })
		}
	}
	for i, c := range first.Coverage {
		add(fmt.Sprintf("  of the surest %.0f%% (%d)", 100*c.Part, c.Accuracy.Of), func(r *Report) string { return share(r.Coverage[i].Accuracy) })
	}
	add(fmt.Sprintf("Accuracy of all labels (%d)", first.AccuracyAll.Of), func(r *Report) string { return share(r.AccuracyAll) })
	add("Macro-F1, all messages", func(r *Report) string { return percent(r.MacroF1) })
	add("Macro-F1, in scope only", func(r *Report) string { return percent(r.MacroF1InScope) })
	add("Calibration error (ECE, 0 to 1)", func(r *Report) string {
		if r.Calibration == nil {
			return ""
		}
		return fmt.Sprintf("%.3f", r.Calibration.ECE)
	})
	if u := first.OutOfScope; u != nil {
		add(fmt.Sprintf("Out of scope recognised (%d)", u.Recognised.Of), func(r *Report) string { return share(r.OutOfScope.Recognised) })
		add("  AUROC (0 to 1)", func(r *Report) string { return fmt.Sprintf("%.3f", r.OutOfScope.AUROC) })
		for i, a := range u.AtRecall {
			add(fmt.Sprintf("  right in scope with %.0f%% of it refused", 100*a.Recall), func(r *Report) string { return share(r.OutOfScope.AtRecall[i].Right) })
			add("    in scope still answered", func(r *Report) string { return share(r.OutOfScope.AtRecall[i].Answered) })
		}
	}
	if s := first.Safety; s != nil {
		add(fmt.Sprintf("Safety messages recognised (%d)", s.Together.Of), func(r *Report) string { return share(r.Safety.Together) })
		for i, c := range s.Recall {
			add(fmt.Sprintf("  %s (%d)", c.Intent, c.Found.Of), func(r *Report) string { return share(r.Safety.Recall[i].Found) })
		}
		add(fmt.Sprintf("  false alarms (of %d others)", s.FalseAlarms.Of), func(r *Report) string { return share(r.Safety.FalseAlarms) })
	}
	for _, o := range []struct {
		name  string
		of    func(d *Decisions) Outcomes
		count func(o Outcomes) int
	}{
		{"In scope: answered rightly", inScope, func(o Outcomes) int { return o.AnsweredRight }},
		{"  answered wrongly", inScope, func(o Outcomes) int { return o.AnsweredWrong }},
		{"  asked back, right one offered", inScope, func(o Outcomes) int { return o.AskedWith }},
		{"  asked back, right one missing", inScope, func(o Outcomes) int { return o.AskedWithout }},
		{"  refused", inScope, func(o Outcomes) int { return o.Refused }},
		{"Out of scope: refused", outOfScope, func(o Outcomes) int { return o.Refused + o.AnsweredRight }},
		{"  answered wrongly", outOfScope, func(o Outcomes) int { return o.AnsweredWrong }},
		{"  asked back", outOfScope, func(o Outcomes) int { return o.AskedWith + o.AskedWithout }},
	} {
		add(o.name, func(r *Report) string {
			if r.Decisions == nil || o.of(r.Decisions).Messages() == 0 {
				return ""
			}
			return share(Share{o.count(o.of(r.Decisions)), o.of(r.Decisions).Messages()})
		})
	}
	add("Expected cost a message (questions)", func(r *Report) string {
		if r.Decisions == nil {
			return ""
		}
		return fmt.Sprintf("%.3f", r.Decisions.Cost)
	})
	for _, q := range []struct {
		name string
		of   func(s Speed) time.Duration
	}{
		{"Time a message, median", func(s Speed) time.Duration { return s.P50 }},
		{"  95 of 100 within", func(s Speed) time.Duration { return s.P95 }},
		{"  99 of 100 within", func(s Speed) time.Duration { return s.P99 }},
	} {
		add(q.name, func(r *Report) string {
			return fmt.Sprintf("%.3f ms", float64(q.of(r.Speed))/float64(time.Millisecond))
		})
	}
	add(fmt.Sprintf("Throughput, %d processors", first.Speed.Processors), func(r *Report) string { return fmt.Sprintf("%.0f/s", r.Speed.PerSecond) })
	return t
}

func inScope(d *Decisions) Outcomes { return d.InScope }

func outOfScope(d *Decisions) Outcomes { return d.OutOfScope }

// details writes what is only shown of one report.
func (r Named) details(b *strings.Builder) {
	var t table
	for _, l := range r.Labels {
		if l.F1 == 1 || len(t) > worst {
			break
		}
		if len(t) == 0 {
			t.add("Weakest labels of "+r.Name, "messages", "precision", "recall", "F1")
		}
		t.add("  "+string(l.Intent), fmt.Sprint(l.Messages), percent(l.Precision), percent(l.Recall), percent(l.F1))
	}
	section(b, t)
	t = nil
	for _, c := range r.Confusions[:min(worst, len(r.Confusions))] {
		if len(t) == 0 {
			t.add("Confusions of "+r.Name, "messages")
		}
		t.add(fmt.Sprintf("  %s taken for %s", c.Want, c.Got), fmt.Sprint(c.Count))
	}
	section(b, t)
	if r.Calibration == nil {
		return
	}
	t = table{{"Confidence of " + r.Name, "messages", "mean confidence", "right"}}
	for i, bin := range r.Calibration.Bins {
		if bin.Right.Of > 0 {
			t.add(fmt.Sprintf("  %d to %d%%", 10*i, 10*i+10), fmt.Sprint(bin.Right.Of), percent(bin.Confidence), share(bin.Right))
		}
	}
	section(b, t)
}

func section(b *strings.Builder, t table) {
	if len(t) > 0 {
		b.WriteString("\n")
		t.write(b)
	}
}

func share(s Share) string { return percent(s.Value()) }

func percent(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

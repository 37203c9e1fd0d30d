package evaluation

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
)

//go:embed plot.svg
var plotTemplate string

// WritePlot writes a picture of a report as SVG: how far confidence can be
// trusted, and which labels are taken for which. All that the colours tell
// stands there as a number too, and the description tells the main figures. The
// title names what was measured.
func WritePlot(w io.Writer, title string, r *Report) error {
	t, err := template.New("plot").Parse(plotTemplate)
	if err != nil {
		return fmt.Errorf("evaluation: draw plot: %w", err)
	}
	if err := t.Execute(w, newPlot(title, r)); err != nil {
		return fmt.Errorf("evaluation: draw plot: %w", err)
	}
	return nil
}

// The places in the picture, in pixels.
const (
	margin = 24
	// The reliability diagram.
	diagramLeft = 96
	diagramTop  = 104
	diagramSize = 400
	barGap      = 2
	// The confusion matrix.
	cellSize  = 26
	charWidth = 7.4 // of a label, about
	headSpace = 96  // above the labels of the columns
	// captionWidth is room for the text above the matrix.
	captionWidth = 640
	// maxConfused is how many rows and columns the matrix has: more cannot be read.
	maxConfused = 30
)

// plot is what the template draws.
type plot struct {
	Title, Description string
	Width, Height      int
	Diagram            *diagram // nil if the confidences are not from 0 to 1
	Matrix             matrix
}

type diagram struct {
	Left, Top, Right, Bottom int
	Size, Middle             int
	Caption                  string
	Ticks                    []tick
	Bars                     []bar
}

type tick struct {
	X, Y int
	Text string
}

type bar struct {
	X, Width      int
	Y, Height     int // of the bar, as high as the accuracy
	DotX, DotY    int // the mean confidence and the accuracy
	Middle, Count int
	Tip           string
}

type matrix struct {
	Left, Top, Right, Bottom int
	CaptionLeft              int
	Width, Height            int
	Caption                  string
	Rows, Columns            []tick
	Cells                    []cell
}

type cell struct {
	X, Y, Size, TextX, TextY int
	Count                    int
	Fill, Ink, Tip           string
}

func newPlot(title string, r *Report) plot {
	p := plot{Title: title, Description: describe(r)}
	left := margin
	if r.Calibration != nil {
		p.Diagram = newDiagram(r)
		left = p.Diagram.Right + 2*margin
		p.Height = p.Diagram.Bottom + 4*margin
	}
	p.Matrix = newMatrix(left, r)
	p.Width = max(p.Matrix.Right+margin, left+captionWidth)
	p.Height = max(p.Height, p.Matrix.Bottom+2*margin)
	return p
}

func describe(r *Report) string {
	text := fmt.Sprintf("%d of %d messages in scope got the right label (%s).", r.Accuracy.Count, r.Accuracy.Of, share(r.Accuracy))
	if r.Calibration != nil {
		text += fmt.Sprintf(" On average, confidence and accuracy are %.1f points apart.", 100*r.Calibration.ECE)
		for i, b := range r.Calibration.Bins {
			if b.Right.Of > 0 {
				text += fmt.Sprintf(" Confidence %d to %d%%: %d messages, %s right.", 10*i, 10*i+10, b.Right.Of, share(b.Right))
			}
		}
	}
	before := " Most frequent confusions, with the number of messages: "
	for _, c := range r.Confusions[:min(worst, len(r.Confusions))] {
		text += fmt.Sprintf("%s%s taken for %s (%d)", before, c.Want, c.Got, c.Count)
		before = ", "
	}
	if len(r.Confusions) > 0 {
		text += "."
	}
	return text
}

func newDiagram(r *Report) *diagram {
	d := &diagram{
		Left: diagramLeft, Top: diagramTop, Right: diagramLeft + diagramSize, Bottom: diagramTop + diagramSize,
		Size: diagramSize, Middle: diagramLeft + diagramSize/2,
		Caption: fmt.Sprintf("Calibration error (ECE) %.3f, %d messages in scope", r.Calibration.ECE, r.Accuracy.Of),
	}
	along := func(x float64) int { return int(math.Round(x * diagramSize)) }
	for k := 0; k <= 10; k += 2 {
		at := along(float64(k) / 10)
		d.Ticks = append(d.Ticks, tick{d.Left + at, d.Bottom - at, fmt.Sprintf("%d%%", 10*k)})
	}
	const width = diagramSize / len(r.Calibration.Bins)
	for i, b := range r.Calibration.Bins {
		height := along(b.Right.Value())
		x := d.Left + i*width
		d.Bars = append(d.Bars, bar{
			X: x + barGap, Width: width - 2*barGap, Y: d.Bottom - height, Height: height,
			DotX: d.Left + along(b.Confidence), DotY: d.Bottom - height, Middle: x + width/2, Count: b.Right.Of,
			Tip: fmt.Sprintf("Confidence %d to %d%%: %d messages, mean confidence %s, right %s", 10*i, 10*i+10, b.Right.Of, percent(b.Confidence), share(b.Right)),
		})
	}
	return d
}

// newMatrix draws the most frequent confusions, the labels by name.
func newMatrix(left int, r *Report) matrix {
	pairs, wanted, given := confused(r)
	m := matrix{CaptionLeft: left, Left: left + widest(wanted) + margin, Top: headSpace + widest(given) + margin}
	m.Width, m.Height = len(given)*cellSize, len(wanted)*cellSize
	m.Right, m.Bottom = m.Left+m.Width, m.Top+m.Height
	for i, l := range wanted {
		m.Rows = append(m.Rows, tick{m.Left - 8, m.Top + i*cellSize + 18, string(l)})
	}
	for i, l := range given {
		m.Columns = append(m.Columns, tick{m.Left + i*cellSize + 18, m.Top - 8, string(l)})
	}
	total, shown, most := 0, 0, 0
	for _, c := range r.Confusions {
		total += c.Count
	}
	for _, c := range pairs {
		shown += c.Count
		most = max(most, c.Count)
	}
	for _, c := range pairs {
		x, y := m.Left+slices.Index(given, c.Got)*cellSize, m.Top+slices.Index(wanted, c.Want)*cellSize
		fill, ink := shade(float64(c.Count) / float64(most))
		m.Cells = append(m.Cells, cell{
			X: x, Y: y, Size: cellSize, TextX: x + cellSize/2, TextY: y + 18, Count: c.Count, Fill: fill, Ink: ink,
			Tip: fmt.Sprintf("%s taken for %s: %d", c.Want, c.Got, c.Count),
		})
	}
	m.Caption = fmt.Sprintf("%d of the %d wrong labels; a row is the right label, a column what it was taken for", shown, total)
	if total == 0 {
		m.Caption = "No message got a wrong label"
	}
	return m
}

// widest is about the width of the longest of some labels.
func widest(labels []bot.Intent) int {
	width := 0.0
	for _, l := range labels {
		width = max(width, charWidth*float64(utf8.RuneCountInString(string(l))))
	}
	return int(width)
}

// confused returns the most frequent confusions that fit into the rows and
// columns, and the labels of these.
func confused(r *Report) (pairs []Mistake, wanted, given []bot.Intent) {
	rows, columns := map[bot.Intent]bool{}, map[bot.Intent]bool{}
	for _, c := range r.Confusions {
		if !rows[c.Want] && len(rows) == maxConfused || !columns[c.Got] && len(columns) == maxConfused {
			continue
		}
		rows[c.Want], columns[c.Got] = true, true
		pairs = append(pairs, c)
	}
	return pairs, slices.Sorted(maps.Keys(rows)), slices.Sorted(maps.Keys(columns))
}

// shade is a blue for a part of the most, from light to dark, and the colour of
// the text on it with a contrast of at least 4.5 to 1.
func shade(part float64) (fill, ink string) {
	mix := func(light, dark float64) int { return int(math.Round(light + (dark-light)*part)) }
	ink = "#000000"
	if part > 0.61 {
		ink = "#ffffff"
	}
	return fmt.Sprintf("#%02x%02x%02x", mix(222, 8), mix(235, 48), mix(247, 107)), ink
}

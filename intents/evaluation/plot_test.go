package evaluation_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/intents/evaluation"
)

func plotted(t *testing.T, title string, r *evaluation.Report) string {
	t.Helper()
	var b strings.Builder
	if err := evaluation.WritePlot(&b, title, r); err != nil {
		t.Fatal(err)
	}
	decoder := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatalf("the picture is not XML: %v\n%s", err, b.String())
		}
	}
}

func TestWritePlot(t *testing.T) {
	t.Parallel()
	set, c := golden(t)
	svg := plotted(t, "Set <1> & more", evaluation.Measure(c, set, stepping(1)))
	for _, want := range []string{
		`role="img"`, `aria-labelledby="plot-title plot-description"`,
		`<title id="plot-title">Set &lt;1&gt; &amp; more</title>`,
		"9 of 15 messages in scope got the right label (60.0%)", "Confidence 90 to 100%: 4 messages, 100.0% right",
		"grofvuil taken for afval_ophalen (2), paspoort taken for afspraak_maken (1)",
		"<title>grofvuil taken for afval_ophalen: 2</title>", ">zelfmoord_crisis</text>", "9 of the 9 wrong labels",
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture lacks %q:\n%s", want, svg)
		}
	}
	if regexp.MustCompile(`url\(|<image|<script|<style|href|@font`).MatchString(svg) {
		t.Error("the picture needs something from outside")
	}
}

func TestWritePlotOfLittle(t *testing.T) {
	t.Parallel()
	set := []evaluation.Message{{"a", "one", "x"}}
	perfect := plotted(t, "perfect", evaluation.Measure(recorded{"a": candidates("one", 1.0)}, set, stepping(1)))
	if !strings.Contains(perfect, "No message got a wrong label") {
		t.Errorf("a picture without mistakes:\n%s", perfect)
	}
	scores := plotted(t, "scores", evaluation.Measure(recorded{"a": candidates("two", 7.0)}, set, stepping(1)))
	if strings.Contains(scores, "<circle") || !strings.Contains(scores, "one taken for two") {
		t.Errorf("a picture of scores that are no probabilities:\n%s", scores)
	}
	if err := evaluation.WritePlot(brokenWriter{}, "x", evaluation.Measure(recorded{}, set, stepping(1))); !errors.Is(err, errBroken) {
		t.Errorf("a write error becomes %v", err)
	}
}

// TestPlotCanBeRead makes more confusions than fit, of every frequency, and
// checks the contrast of the numbers on their colours.
func TestPlotCanBeRead(t *testing.T) {
	t.Parallel()
	var set []evaluation.Message
	c := recorded{}
	for label := range 60 {
		for k := range label + 1 {
			text := fmt.Sprintf("%d-%d", label, k)
			set = append(set, evaluation.Message{Text: text, Intent: bot.Intent(fmt.Sprintf("label_%02d", label)), Style: "x"})
			c[text] = candidates(fmt.Sprintf("label_%02d", (label+1)%60), 0.5)
		}
	}
	svg := plotted(t, "many", evaluation.Measure(c, set, stepping(1)))
	cells := regexp.MustCompile(`fill="(#[0-9a-f]{6})"/><text [^>]*fill="(#[0-9a-f]{6})">(\d+)</text>`).FindAllStringSubmatch(svg, -1)
	if len(cells) != 30 || cells[0][3] != "60" {
		t.Fatalf("%d confusions are shown, the first %v", len(cells), cells)
	}
	for _, cell := range cells {
		if got := contrast(t, cell[1], cell[2]); got < 4.5 {
			t.Errorf("%s on %s has contrast %.2f, want 4.5", cell[2], cell[1], got)
		}
	}
}

// contrast is the contrast ratio of WCAG 2.2 between two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(colour string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			x := float64(n) / 255
			if x <= 0.04045 {
				sum += weight * x / 12.92
				continue
			}
			sum += weight * math.Pow((x+0.055)/1.055, 2.4)
		}
		return sum
	}
	low, high := luminance(a), luminance(b)
	if low > high {
		low, high = high, low
	}
	return (high + 0.05) / (low + 0.05)
}

package main

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/balie-nl/balie/channels/sms"
	"github.com/balie-nl/balie/locales"
	"github.com/balie-nl/balie/locales/plain"
)

type contentReportCommand struct {
	settings
	HTML string `help:"Write the report as a page with a plot to this file." type:"path" placeholder:"FILE"`
}

//go:embed contentreport.html
var contentReportPage string

// textFigures is a text with its figures.
type textFigures struct {
	locales.Sheet
	Judged   bool    // its language has a checker
	Score    float64 // of the full text; above 0 is too hard
	Sentence float64 // words a sentence
	Words    int
	Segments int
	Flags    int
	X, Y     float64 // in the plot
}

// Run prints a table of all content by language, or writes it as a page.
func (c contentReportCommand) Run() error {
	texts, cfg, err := c.texts()
	if err != nil {
		return err
	}
	rows, err := measureContent(texts)
	if err != nil {
		return err
	}
	if c.HTML == "" {
		return writeContentTable(os.Stdout, rows)
	}
	file, err := os.Create(c.HTML)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return errors.Join(writeContentPage(file, rows, cfg.facts()["gemeente"], time.Now()), file.Close())
}

// measureContent judges every text.
func measureContent(texts *locales.Library) ([]textFigures, error) {
	checkers := map[string]*plain.Checker{}
	for _, language := range []string{"nl", "en"} {
		checker, err := plain.New(language)
		if err != nil {
			return nil, err
		}
		checkers[language] = checker
	}
	var rows []textFigures
	for _, sheet := range texts.Sheets() {
		m := textFigures{Sheet: sheet, Segments: sms.Segments(sheet.Short)}
		sentences := locales.Sentences(sheet.Full)
		for _, s := range sentences {
			m.Words += len(strings.Fields(s))
		}
		m.Sentence = float64(m.Words) / float64(max(1, len(sentences)))
		base, _, _ := strings.Cut(sheet.Language, "-")
		if checker := checkers[base]; checker != nil && !sheet.Mixed {
			report := checker.Check(sheet.Full, plain.B1)
			m.Judged, m.Score, m.Flags = true, report.Score, len(report.Flags)
		}
		rows = append(rows, m)
	}
	return rows, nil
}

func writeContentTable(w io.Writer, rows []textFigures) error {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "language\titem\tdifficulty\twords\twords a sentence\tSMS\tpointed at\tchecked\treview")
	for _, m := range rows {
		score, flags := "-", "-"
		if m.Judged {
			score, flags = fmt.Sprintf("%.1f", m.Score), fmt.Sprint(m.Flags)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%.1f\t%d\t%s\t%s\t%s\n", m.Language, m.Item, score, m.Words, m.Sentence, m.Segments, flags, day(m.Checked), day(m.Review))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// summary is a language in figures.
type summary struct {
	Language           string
	Texts, Words       int
	Sentence           float64
	Judged             int
	Hardest            float64
	TooHard, Segments3 int
}

func summaries(rows []textFigures) []summary {
	by := map[string]*summary{}
	var order []string
	for _, m := range rows {
		s := by[m.Language]
		if s == nil {
			s = &summary{Language: m.Language, Hardest: -100}
			by[m.Language] = s
			order = append(order, m.Language)
		}
		s.Texts++
		s.Words += m.Words
		s.Sentence += m.Sentence
		if m.Segments > 2 {
			s.Segments3++
		}
		if m.Judged {
			s.Judged++
			s.Hardest = max(s.Hardest, m.Score)
			if m.Score > 0 {
				s.TooHard++
			}
		}
	}
	all := make([]summary, 0, len(order))
	for _, language := range order {
		s := by[language]
		s.Sentence /= float64(s.Texts)
		all = append(all, *s)
	}
	return all
}

// The plot: a dot for each text, words a sentence from left to right, difficulty from
// below.
const (
	plotWidth, plotHeight = 900.0, 420.0
	plotMargin            = 50.0
	mostWords             = 16.0
	lowestScore, topScore = -8.0, 4.0
)

func place(rows []textFigures) []textFigures {
	var dots []textFigures
	for _, m := range rows {
		if !m.Judged {
			continue
		}
		m.X = plotMargin + min(m.Sentence, mostWords)/mostWords*(plotWidth-2*plotMargin)
		m.Y = scoreY(m.Score)
		dots = append(dots, m)
	}
	slices.SortFunc(dots, func(a, b textFigures) int { return cmp.Compare(a.Score, b.Score) })
	return dots
}

func scoreY(score float64) float64 {
	score = min(max(score, lowestScore), topScore)
	return plotHeight - plotMargin - (score-lowestScore)/(topScore-lowestScore)*(plotHeight-2*plotMargin)
}

func writeContentPage(w io.Writer, rows []textFigures, municipality string, now time.Time) error {
	page, err := template.New("report").Funcs(template.FuncMap{"day": day}).Parse(contentReportPage)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	err = page.Execute(w, map[string]any{
		"Municipality": municipality, "Date": day(now), "Rows": rows, "Summaries": summaries(rows), "Dots": place(rows),
		"Width": plotWidth, "Height": plotHeight, "Border": scoreY(0), "Margin": plotMargin,
	})
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

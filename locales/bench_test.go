package locales_test

import (
	"testing"

	"github.com/balie-nl/balie/bot"
)

// BenchmarkReload reads and judges all texts, as at the start and after a change.
func BenchmarkReload(b *testing.B) {
	texts := library(b, b.TempDir())
	for b.Loop() {
		if err := texts.Reload(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJudge judges a draft, as each time an editor asks.
func BenchmarkJudge(b *testing.B) {
	texts := library(b, b.TempDir())
	d, err := texts.Draft(bot.Dutch, "paspoort")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := texts.Judge(d, today); err != nil {
			b.Fatal(err)
		}
	}
}

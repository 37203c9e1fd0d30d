package plain_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/balie-nl/balie/locales/plain"
)

const message = "Goedemorgen! Uw aanvraag voor een parkeervergunning is binnen. Derhalve dient u thans uw kentekenbewijs over te leggen. Heeft u nog vragen? Bel ons op werkdagen tussen 9 en 17 uur."

// BenchmarkMessage is the time of one chat message.
func BenchmarkMessage(b *testing.B) {
	c := checker(b, "nl")
	b.ReportAllocs()
	for b.Loop() {
		c.Check(message, plain.B1)
	}
}

// BenchmarkLetter is the time of a letter of about 1,500 words.
func BenchmarkLetter(b *testing.B) {
	c := checker(b, "nl")
	letter := strings.Repeat(message+"\n", 50)
	b.SetBytes(int64(len(letter)))
	for b.Loop() {
		c.Check(letter, plain.B1)
	}
}

// BenchmarkLoad is the time to make a checker, and the memory it keeps.
func BenchmarkLoad(b *testing.B) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c := checker(b, "nl")
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		checker(b, "nl")
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "MB-kept")
	runtime.KeepAlive(c)
}

package sms_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/sms"
)

func TestSegments(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       int
	}{
		{"nothing", "", 0},
		{"one letter", "a", 1},
		{"full", strings.Repeat("a", 160), 1},
		{"one too many", strings.Repeat("a", 161), 2},
		{"euro signs count twice", strings.Repeat("€", 80), 1},
		{"and more of them", strings.Repeat("€", 81), 2},
		{"a character is not cut in two", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3},
		{"a trema makes all wide", "ë" + strings.Repeat("a", 69), 1},
		{"and then 70 is the most", "ë" + strings.Repeat("a", 70), 2},
		{"an emoji counts twice", strings.Repeat("🙂", 35), 1},
		{"curly quotes are sent as straight ones", strings.Repeat("’", 160), 1},
	} {
		if got := sms.Segments(tt.text); got != tt.want {
			t.Errorf("%s: %d segments, want %d", tt.name, got, tt.want)
		}
	}
}

// TestSegmentsOfTwilio compares with what Twilio's own calculator says of texts
// whose characters are sent as they are.
func TestSegmentsOfTwilio(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(channeltest.Cases(t), "sms-segments", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var c struct {
			Body     string
			Segments int
		}
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatal(err)
		}
		if sms.Encodable(c.Body) != c.Body {
			continue
		}
		if got := sms.Segments(c.Body); got != c.Segments {
			t.Errorf("%s: %d segments, Twilio counts %d", filepath.Base(file), got, c.Segments)
		}
	}
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestContentReport runs the program: a row for every text, as a table and as a page.
func TestContentReport(t *testing.T) {
	t.Parallel()
	table, err := command(t, nil, "content", "report").Output()
	if err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(t.TempDir(), "report.html")
	if out, err := command(t, nil, "content", "report", "--html", page).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"paspoort", "handoff.closed"} {
		if !strings.Contains(string(table), want) || !strings.Contains(string(html), want) {
			t.Errorf("a report lacks %q", want)
		}
	}
	if day := regexp.MustCompile(`\b20\d\d-\d\d-\d\d\b`); !day.Match(table) || !day.Match(html) {
		t.Error("a report lacks the days on which texts were checked")
	}
	dutch := 0
	for line := range strings.Lines(string(table)) {
		if strings.HasPrefix(line, "nl ") {
			dutch++
		}
	}
	if dots := strings.Count(string(html), "<circle"); dutch == 0 || dots < dutch || strings.Contains(string(html), "http") {
		t.Errorf("%d rows in Dutch, %d dots in the plot; and nothing may be loaded from elsewhere", dutch, dots)
	}
}

// TestContentPasses has the gate judge everything: nothing that it rejects is built
// into the program.
func TestContentPasses(t *testing.T) {
	t.Parallel()
	if out, err := command(t, nil, "content", "check").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

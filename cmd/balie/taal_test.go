package main

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

const (
	plainLine = "U kunt uw pas morgen ophalen."
	stiffLine = "Derhalve dient u de bescheiden onverwijld te retourneren."
)

func TestTaalPrintsANumberForEachLine(t *testing.T) {
	t.Parallel()
	out, errOut, err := run(t, plainLine+"\n\n"+stiffLine, nil, "taal")
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines for 3 texts:\n%s", len(lines), out)
	}
	var scores []float64
	for _, line := range lines {
		score, err := strconv.ParseFloat(line, 64)
		if err != nil {
			t.Fatal(err)
		}
		scores = append(scores, score)
	}
	if scores[0] > 0 || scores[2] <= 0 {
		t.Errorf("scores %v: the first text is plain, the last is not", scores)
	}
}

func TestTaalPrintsHardWordsAsJSON(t *testing.T) {
	t.Parallel()
	out, errOut, err := run(t, stiffLine+"\n"+plainLine+"\n", nil, "taal", "--json")
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	first, second, _ := strings.Cut(strings.TrimSuffix(out, "\n"), "\n")
	if second != "[]" {
		t.Errorf("a plain text has %s, want []", second)
	}
	var places []struct {
		W, Why     string
		S          []string
		Start, End int
	}
	if err := json.Unmarshal([]byte(first), &places); err != nil {
		t.Fatalf("%v: %s", err, first)
	}
	if len(places) < 4 {
		t.Fatalf("%d hard places: %s", len(places), first)
	}
	for _, p := range places {
		if stiffLine[p.Start:p.End] != p.W || p.Why == "" {
			t.Errorf("%+v", p)
		}
	}
	if places[0].W != "Derhalve" || len(places[0].S) == 0 {
		t.Errorf("first place %+v", places[0])
	}
}

func TestTaalReportsOnFiles(t *testing.T) {
	t.Parallel()
	file := write(t, plainLine+"\n"+stiffLine+"\n")
	out, errOut, err := run(t, "", nil, "taal", file)
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	for _, want := range []string{"te moeilijk voor B1", `regel 2, teken 1: "Derhalve"`, "Schrijf liever:"} {
		if !strings.Contains(out, want) {
			t.Errorf("the report lacks %q:\n%s", want, out)
		}
	}
	if _, errOut, err := run(t, "", nil, "taal", "--json", file); err == nil || !strings.Contains(errOut, "standard input") {
		t.Errorf("--json with a file: %v, %s", err, errOut)
	}
}

func TestTaalLevelsAndLanguages(t *testing.T) {
	t.Parallel()
	score := func(text string, args ...string) float64 {
		t.Helper()
		out, errOut, err := run(t, text, nil, append([]string{"taal"}, args...)...)
		if err != nil {
			t.Fatalf("%v\n%s", err, errOut)
		}
		s, err := strconv.ParseFloat(strings.TrimSpace(out), 64)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if b1, a2 := score(plainLine), score(plainLine, "--level", "a2"); a2 <= b1 {
		t.Errorf("A2 asks more than B1: %v, %v", a2, b1)
	}
	if s := score("Call us if you need help.", "--language", "en"); s > 0 {
		t.Errorf("plain English scores %v", s)
	}
	if _, _, err := run(t, "", nil, "taal", "--level", "c1"); err == nil {
		t.Error("no error for a level that is not there")
	}
}

package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot/service"
)

func weekdays() map[time.Weekday]string {
	week := map[time.Weekday]string{}
	for d := time.Monday; d <= time.Friday; d++ {
		week[d] = "09:00-17:00"
	}
	week[time.Thursday] = "09:00-12:30, 13:30-20:00"
	return week
}

func TestAt(t *testing.T) {
	t.Parallel()
	hours, err := service.New(service.Config{Hours: weekdays(), Closed: []string{"2026-12-24"}})
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, at string
		open     bool
		next     string
	}{
		{"in the morning", "2026-11-23 09:00", true, ""},
		{"last minute", "2026-11-23 16:59", true, ""},
		{"closing time", "2026-11-23 17:00", false, "2026-11-24 09:00"},
		{"before opening", "2026-11-23 08:59", false, "2026-11-23 09:00"},
		{"lunch break", "2026-11-26 13:00", false, "2026-11-26 13:30"},
		{"late opening", "2026-11-26 19:59", true, ""},
		{"weekend", "2026-11-28 12:00", false, "2026-11-30 09:00"},
		{"King's Day", "2026-04-27 10:00", false, "2026-04-28 09:00"},
		{"King's Day moves off a Sunday", "2025-04-26 10:00", false, "2025-04-28 09:00"},
		{"Easter Monday", "2026-04-06 10:00", false, "2026-04-07 09:00"},
		{"Ascension Day", "2026-05-14 10:00", false, "2026-05-15 09:00"},
		{"own closed day before Christmas", "2026-12-24 10:00", false, "2026-12-28 09:00"},
		{"Friday evening before the clock goes forward", "2026-03-27 18:00", false, "2026-03-30 09:00"},
		{"Friday evening before the clock goes back", "2026-10-23 18:00", false, "2026-10-26 09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, err := time.ParseInLocation("2006-01-02 15:04", tt.at, zone)
			if err != nil {
				t.Fatal(err)
			}
			got := hours.At(at.UTC())
			next := ""
			if !got.NextOpen.IsZero() {
				next = got.NextOpen.In(zone).Format("2006-01-02 15:04")
			}
			if got.Open != tt.open || next != tt.next {
				t.Errorf("At(%s) = open %v, next %q; want %v, %q", tt.at, got.Open, next, tt.open, tt.next)
			}
		})
	}
}

func TestNeverOpen(t *testing.T) {
	t.Parallel()
	hours, err := service.New(service.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if got := hours.At(time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC)); got.Open || !got.NextOpen.IsZero() {
		t.Errorf("At = %+v, want closed for good", got)
	}
}

func TestNewNamesEveryProblem(t *testing.T) {
	t.Parallel()
	_, err := service.New(service.Config{
		Hours: map[time.Weekday]string{
			time.Monday: "9-17", time.Tuesday: "17:00-09:00", time.Wednesday: "09:00-12:00,11:00-17:00", time.Friday: "09:00-17:00",
		},
		Closed: []string{"kerst"},
	})
	if err == nil {
		t.Fatal("New accepted wrong hours")
	}
	for _, want := range []string{"monday", "tuesday", "wednesday", `"kerst"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %s: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "friday") {
		t.Errorf("error names a right entry: %v", err)
	}
}

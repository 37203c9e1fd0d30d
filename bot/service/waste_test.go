package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot/service"
)

const wasteTable = `postcode,first,last,kind,date
1234 AB,1,20,rest,2026-11-30/14
1234ab,1,20,gft,2026-12-01/7
1234AB,1,20,gft,2026-11-27
1234AB,21,99,rest,2026-11-28
1234AB,1,20,paper,2026-11-20
`

func TestWasteCalendar(t *testing.T) {
	t.Parallel()
	calendar, err := service.ReadWaste(strings.NewReader(wasteTable))
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		t.Fatal(err)
	}
	at := func(day int) time.Time { return time.Date(2026, 11, day, 23, 30, 0, 0, zone) }
	for _, tt := range []struct {
		address string
		from    time.Time
		want    string
	}{
		{"1234AB 12", at(26), "gft 11-27, rest 11-30"},
		{"1234AB 12A", at(27), "gft 11-27, rest 11-30"},
		{"1234AB 20", at(28), "rest 11-30, gft 12-01"},
		{"1234AB 1", time.Date(2027, 1, 1, 0, 10, 0, 0, zone), "gft 01-05, rest 01-11"},
		{"1234AB 1", time.Date(2026, 12, 14, 0, 10, 0, 0, zone), "rest 12-14, gft 12-15"},
		{"1234AB 30", at(26), "rest 11-28"},
		{"1234AB 30", at(29), ""},
		{"1234AB 100", at(26), ""},
		{"1234AB 0", at(26), ""},
		{"9999ZZ 1", at(26), ""},
		{"1234AB", at(26), ""},
		{"1234AB 99999999999999999999", at(26), ""},
	} {
		var got []string
		for _, c := range calendar.Next(tt.address, tt.from) {
			got = append(got, c.Kind+" "+c.Day.Format("01-02"))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s from %s: %v, want %q", tt.address, tt.from, got, tt.want)
		}
	}
}

func TestWasteTableNamesEveryMistake(t *testing.T) {
	t.Parallel()
	_, err := service.ReadWaste(strings.NewReader("postcode,first,last,kind,date\n123AB,x,1,glas,morgen\n1234AB,5,1,rest,2026-12-01/0\n"))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"line 2", "line 3", "123AB", `"x"`, "glas", "morgen", "last house", `"0"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not name %s: %v", want, err)
		}
	}
	if _, err := service.ReadWaste(strings.NewReader("a,b\n")); err == nil {
		t.Error("accepted a table of two columns")
	}
}

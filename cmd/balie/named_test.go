package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/intents/entities"
	"github.com/balie-nl/balie/locales"
)

func TestReaderWritesOutWhatResidentsName(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig("", func(string) string { return "" })
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	texts, err := locales.Open(locales.Options{Facts: cfg.facts(), Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	r := reader{entities.New(entities.Places{Streets: cfg.Places.Streets, Districts: cfg.Places.Districts}), texts}
	monday := time.Date(2026, 11, 23, 14, 0, 0, 0, zone)
	for text, want := range map[string][]desk.Named{
		"kan ik overmorge om half 3 kome": {
			{Kind: desk.KindDate, Words: "woensdag 25 november 2026"}, {Kind: desk.KindClock, Words: "14.30", Ambiguous: true},
		},
		"over 2 weken ben ik er":                  {{Kind: desk.KindWeek, Words: "maandag 7 december 2026"}},
		"mijn pas verloopt in maart 2027":         {{Kind: desk.KindDate, Words: "maart 2027"}},
		"ik woon op 1234ab 5 bis":                 {{Kind: desk.KindPostcode, Words: "1234 AB 5 BIS"}},
		"lantaarn kapot in de statsionsstraat 12": {{Kind: desk.KindPlace, Words: "Stationsstraat 12"}},
		"bel 06-12345678 of mail jan@x.nl":        {{Kind: desk.KindPhone, Words: "+31612345678"}, {Kind: desk.KindEmail, Words: "jan@x.nl"}},
		"boete van 45,50 euro voor GB-123-X":      {{Kind: desk.KindAmount, Words: "€ 45,50"}, {Kind: desk.KindPlate, Words: "GB-123-X"}},
		"me bsn is 111222333":                     {{Kind: desk.KindBSN}},
		"ik wil een paspoort":                     nil,
	} {
		if diff := cmp.Diff(want, r.Read(text, monday)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

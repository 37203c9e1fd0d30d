package entities_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/balie-nl/balie/intents/entities"
)

// tuesday is the moment at which the tests read: 10 March 2026.
var tuesday = time.Date(2026, time.March, 10, 9, 30, 0, 0, time.FixedZone("CET", 3600))

var places = entities.Places{
	Streets: []string{
		"Dorpsstraat", "Kerkstraat", "Burgemeester van Lierstraat", "Laan van Meerdervoort", "Plein 1944", "Laan",
		"Prinses Beatrixlaan", "Lijsterstraat", "Lijnterstraat", "Molenweg", "'s-Gravenweg", "Markt", "Élisabethdreef",
	},
	Districts: []string{"Centrum", "Oud-Zuid", "De Bloemenbuurt", "Noord"},
}

// house writes a house number as people do.
func house(h entities.House) string {
	if h.Number == 0 {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf(" %d-%s", h.Number, h.Addition), "-")
}

func describe(v entities.Value) string {
	switch v := v.(type) {
	case entities.Postcode:
		return v.Code + house(v.House)
	case entities.Date:
		out := fmt.Sprintf("%04d-%02d-%02d", v.Year, int(v.Month), v.Day)
		switch v.Granularity {
		case entities.Week:
			out = "week of " + out
		case entities.Month:
			out = out[:7]
		}
		if v.Ambiguous {
			out += "?"
		}
		return out
	case entities.Clock:
		out := fmt.Sprintf("%02d:%02d", v.Minutes/60, v.Minutes%60)
		if v.Ambiguous {
			out += "?"
		}
		return out
	case entities.Phone:
		return v.E164
	case entities.Email:
		return v.Address
	case entities.Plate:
		return v.Number
	case entities.Amount:
		return fmt.Sprintf("%d cents", v.Cents)
	case entities.Place:
		kind := "street "
		if v.District {
			kind = "district "
		}
		return kind + v.Name + house(v.House)
	case entities.BSN:
		return "-"
	}
	return fmt.Sprintf("unknown %T", v)
}

// list writes entities as "kind [text] value", one after the other.
func list(text string, found []entities.Entity) string {
	var all []string
	for _, e := range found {
		all = append(all, fmt.Sprintf("%v [%s] %s", e.Value.Kind(), text[e.Start:e.End], describe(e.Value)))
	}
	return strings.Join(all, "; ")
}

// message is a text with everything that is to be found in it.
type message struct{ text, want string }

func check(t *testing.T, messages []message) {
	t.Helper()
	finder := entities.New(places)
	for _, m := range messages {
		if got := list(m.text, finder.Find(m.text, tuesday)); got != m.want {
			t.Errorf("%q\n got %s\nwant %s", m.text, got, m.want)
		}
	}
}

func TestPostcode(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"ik woon op 1234AB", "postcode [1234AB] 1234AB"},
		{"1234 ab", "postcode [1234 ab] 1234AB"},
		{"1234AB 12a", "postcode [1234AB 12a] 1234AB 12-A"},
		{"1234 AB, 12", "postcode [1234 AB, 12] 1234AB 12"},
		{"1234 ab nr 12 bis", "postcode [1234 ab nr 12 bis] 1234AB 12-BIS"},
		{"1234ab nr. 7 hs", "postcode [1234ab nr. 7 hs] 1234AB 7-HS"},
		{"postcode 1234AB huisnummer 12", "postcode [1234AB huisnummer 12] 1234AB 12"},
		{"postkode is 1234 ab en huis nummer is 3", "postcode [1234 ab en huis nummer is 3] 1234AB 3"},
		{"1234AB-12", "postcode [1234AB-12] 1234AB 12"},
		{"1234AB12", "postcode [1234AB12] 1234AB 12"},
		{"1234AB 12-3", "postcode [1234AB 12-3] 1234AB 12-3"},
		{"1234AB 12-bis.", "postcode [1234AB 12-bis] 1234AB 12-BIS"},
		{"1234AB 12 II", "postcode [1234AB 12 II] 1234AB 12-II"},
		{"1234AB 12 toevoeging: 3b", "postcode [1234AB 12] 1234AB 12"},
		{"1234AB 12 toevoeging b", "postcode [1234AB 12 toevoeging b] 1234AB 12-B"},
		{"1234AB, 12, huisletter c", "postcode [1234AB, 12, huisletter c] 1234AB 12-C"},
		{"1234AB huisnr 2026", "postcode [1234AB huisnr 2026] 1234AB 2026"},
		{"1234AB 2026", "postcode [1234AB] 1234AB"},
		{"1234AB 12 maart", "postcode [1234AB] 1234AB; date [12 maart] 2026-03-12"},
		{"1234AB 12-3-2026", "postcode [1234AB] 1234AB; date [12-3-2026] 2026-03-12"},
		{"1234AB 14:30", "postcode [1234AB] 1234AB; clock [14:30] 14:30"},
		{"1234AB 2 keer gebeld", "postcode [1234AB] 1234AB"},
		{"1234AB 0612345678", "postcode [1234AB] 1234AB; phone [0612345678] +31612345678"},
		{"(1234AB)", "postcode [1234AB] 1234AB"},
		{"postcode 2026 en", "postcode [2026 en] 2026EN"},
		{"in 2026 EN later", "postcode [2026 EN] 2026EN"},
		// No postcodes.
		{"0123 AB", ""},
		{"1234SA en 1234 SD en 1234ss", ""},
		{"in 2026 en daarna", ""},
		{"sinds 1998 ik", ""},
		{"van 2024 is dat", ""},
		{"ik rij 1200 km en weeg 1000kg", ""},
		{"kost 1500 eu", ""},
		{"51234 AB", ""},
		{"1234ABC", ""},
		{"1234 a b", ""},
		{"zaak 2026-1234AB", ""},
	})
}

func TestDate(t *testing.T) {
	t.Parallel()
	check(t, []message{
		// The calendar.
		{"12-3", "date [12-3] 2026-03-12"},
		{"op 9-3", "date [9-3] 2027-03-09"},
		{"10/3 dus vandaag", "date [10/3] 2026-03-10; date [vandaag] 2026-03-10"},
		{"12/03/2026", "date [12/03/2026] 2026-03-12"},
		{"12.03.2026", "date [12.03.2026] 2026-03-12"},
		{"12 - 3 - 2026", "date [12 - 3 - 2026] 2026-03-12"},
		{"geboren 5-6-85", "date [5-6-85] 1985-06-05"},
		{"geboren op 5-6-2004", "date [5-6-2004] 2004-06-05"},
		{"2026-03-12", "date [2026-03-12] 2026-03-12"},
		{"12 maart", "date [12 maart] 2026-03-12"},
		{"12maart graag", "date [12maart] 2026-03-12"},
		{"op12maart", "date [12maart] 2026-03-12"},
		{"op de 12e maart", "date [12e maart] 2026-03-12"},
		{"12 mrt '26", "date [12 mrt '26] 2026-03-12"},
		{"12 mrt. 2027", "date [12 mrt. 2027] 2027-03-12"},
		{"12-mrt-2027", "date [12-mrt-2027] 2027-03-12"},
		{"12 maart 26", "date [12 maart 26] 2026-03-12"},
		{"12 maart 10 uur", "date [12 maart] 2026-03-12; clock [10 uur] 10:00?"},
		{"4 febuari", "date [4 febuari] 2027-02-04"},
		{"20 desember", "date [20 desember] 2026-12-20"},
		{"3 augustes", "date [3 augustes] 2026-08-03"},
		{"1 mei", "date [1 mei] 2026-05-01"},
		{"twaalf april", "date [twaalf april] 2026-04-12"},
		{"1 april", "date [1 april] 2026-04-01"},
		{"op 1 maart vorig jaar", "date [1 maart vorig jaar] 2025-03-01"},
		{"12 maart jl.", "date [12 maart jl] 2025-03-12"},
		{"sinds 4 maart", "date [4 maart] 2026-03-04"},
		{"29-2-2028", "date [29-2-2028] 2028-02-29"},
		{"van 12-3 t/m 15-3", "date [12-3] 2026-03-12; date [15-3] 2026-03-15"},
		{"de vijftiende van maart", "date [vijftiende van maart] 2026-03-15"},
		{"eerste mei", "date [eerste mei] 2026-05-01"},
		// What the writer tells of may be past.
		{"mijn man is zaterdag overleden", "date [zaterdag] 2026-03-14?"},
		{"ik ben in februari verhuisd", "date [februari] 2027-02?"},
		{"ik had 12-3 een afspraak", "date [12-3] 2026-03-12?"},
		{"ik was ziek. kan het zaterdag?", "date [zaterdag] 2026-03-14"},
		{"was op 1 mei 2027", "date [1 mei 2027] 2027-05-01"},
		{"ik had komende vrijdag een afspraak", "date [komende vrijdag] 2026-03-13"},
		{"niet geleegd sinds maandag", "date [maandag] 2026-03-09"},
		// Ordinals.
		{"de 12e", "date [de 12e] 2026-03-12"},
		{"kan het op de 3e?", "date [de 3e] 2026-04-03"},
		{"op de 31ste graag", "date [de 31ste] 2026-03-31"},
		{"de 9de", "date [de 9de] 2026-04-09"},
		{"12e van de maand", "date [12e van de maand] 2026-03-12"},
		{"de 3e van volgende maand", "date [de 3e van volgende maand] 2026-04-03"},
		// Days of the week, also as they sound.
		{"dinsdag", "date [dinsdag] 2026-03-17"},
		{"woesdag", "date [woesdag] 2026-03-11"},
		{"dinsdach", "date [dinsdach] 2026-03-17"},
		{"dingsdag", "date [dingsdag] 2026-03-17"},
		{"donderdg", "date [donderdg] 2026-03-12"},
		{"vrydag", "date [vrydag] 2026-03-13"},
		{"vrijdach", "date [vrijdach] 2026-03-13"},
		{"saterdag", "date [saterdag] 2026-03-14"},
		{"sondach", "date [sondach] 2026-03-15"},
		{"mandag", "date [mandag] 2026-03-16"},
		{"maandg", "date [maandg] 2026-03-16"},
		{"VRIJDAG", "date [VRIJDAG] 2026-03-13"},
		{"vrijdagmiddag", "date [vrijdagmiddag] 2026-03-13"},
		{"maandagochtend", "date [maandagochtend] 2026-03-16"},
		{"dinsdag 17 maart", "date [dinsdag 17 maart] 2026-03-17"},
		{"dinsdag 18 maart", "date [dinsdag 18 maart] 2026-03-18?"},
		{"dinsdag de 17e", "date [dinsdag de 17e] 2026-03-17"},
		{"volgende week dinsdag", "date [volgende week dinsdag] 2026-03-17"},
		{"vlgd week wo", "date [vlgd week wo] 2026-03-18"},
		{"dinsdag volgende week", "date [dinsdag volgende week] 2026-03-17"},
		{"vrijdag over 2 weken", "date [vrijdag over 2 weken] 2026-03-27"},
		{"over 2 weken vrijdag", "date [over 2 weken vrijdag] 2026-03-27"},
		{"komende vrijdag", "date [komende vrijdag] 2026-03-13"},
		{"aankomende maandag", "date [aankomende maandag] 2026-03-16"},
		{"volgende vrijdag", "date [volgende vrijdag] 2026-03-20?"},
		{"volgende maandag", "date [volgende maandag] 2026-03-16"},
		{"deze week vrijdag", "date [deze week vrijdag] 2026-03-13"},
		{"vorige week dinsdag", "date [vorige week dinsdag] 2026-03-03"},
		{"afgelopen maandag", "date [afgelopen maandag] 2026-03-09"},
		{"afgelopen dinsdag", "date [afgelopen dinsdag] 2026-03-03"},
		{"vrijdag jl.", "date [vrijdag jl] 2026-03-06"},
		// Their short forms.
		{"ma 16 maart", "date [ma 16 maart] 2026-03-16"},
		{"zo 15-3", "date [zo 15-3] 2026-03-15"},
		{"do. 12 mrt", "date [do. 12 mrt] 2026-03-12"},
		{"op wo om 10u", "date [wo] 2026-03-11; clock [10u] 10:00?"},
		{"kan op vr?", "date [vr] 2026-03-13"},
		{"wo of do", "date [wo] 2026-03-11; date [do] 2026-03-12"},
		{"komende za", "date [komende za] 2026-03-14"},
		{"di a.s.", "date [di a.s.] 2026-03-17"},
		{"do 14:30", "date [do] 2026-03-12; clock [14:30] 14:30"},
		// Relative.
		{"vandaag", "date [vandaag] 2026-03-10"},
		{"morge", "date [morge] 2026-03-11"},
		{"kan ik morgen komen", "date [morgen] 2026-03-11"},
		{"overmorgen", "date [overmorgen] 2026-03-12"},
		{"over morge", "date [over morge] 2026-03-12"},
		{"gisteren", "date [gisteren] 2026-03-09"},
		{"gister", "date [gister] 2026-03-09"},
		{"eergisteren", "date [eergisteren] 2026-03-08"},
		{"over drie dagen", "date [over drie dagen] 2026-03-13"},
		{"over 14 dgn", "date [over 14 dgn] 2026-03-24"},
		{"over 2 weken", "date [over 2 weken] week of 2026-03-23"},
		{"over een week", "date [over een week] week of 2026-03-16"},
		{"over twee maanden", "date [over twee maanden] 2026-05"},
		{"over 11 maanden", "date [over 11 maanden] 2027-02"},
		{"3 dagen geleden", "date [3 dagen geleden] 2026-03-07"},
		{"een week terug", "date [een week terug] week of 2026-03-02"},
		{"volgende week", "date [volgende week] week of 2026-03-16"},
		{"deze week", "date [deze week] week of 2026-03-09"},
		{"komende week", "date [komende week] week of 2026-03-16?"},
		{"volgende maand", "date [volgende maand] 2026-04"},
		{"vorige maand", "date [vorige maand] 2026-02"},
		{"begin volgende maand", "date [begin volgende maand] 2026-04"},
		{"maandag as.", "date [maandag as] 2026-03-16"},
		{"as t zondag is telt maandag as dag 1", "date [zondag] 2026-03-15; date [maandag] 2026-03-16"},
		{"eind van de maand", "date [eind van de maand] 2026-03"},
		{"begin maart", "date [begin maart] 2026-03"},
		{"eind mei", "date [eind mei] 2026-05"},
		{"half februari", "date [half februari] 2027-02"},
		{"in mei", "date [mei] 2026-05"},
		{"september 2027", "date [september 2027] 2027-09"},
		{"sinds december", "date [december] 2025-12"},
		{"vanaf okt '27", "date [okt '27] 2027-10"},
		{"volgend jaar maart", "date [volgend jaar maart] 2027-03"},
		{"maart volgend jaar", "date [maart volgend jaar] 2027-03"},
	})
}

func TestNoDate(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"31-2", ""},
		{"31-2-2026", ""},
		{"31 februari", ""},
		{"30 februari 2026", ""},
		{"29-2", ""}, // there is none in 2027
		{"32-1", ""},
		{"12-13", ""},
		{"0-0", ""},
		{"1 keer", ""},
		{"2-3 keer per week", ""},
		{"1-2 weken wachten", ""},
		{"2/3 van de huur", ""},
		{"24/7 bereikbaar", ""},
		{"versie 1.2", ""},
		{"artikel 3-2", ""},
		{"kenmerk AB12-3", ""},
		{"zaak 12345-12-3", ""},
		{"kan iemand mij helpen", ""},
		{"bel mei", ""},
		{"jan belt", ""},
		{"de brief van jan", ""},
		{"het is zo ver", ""},
		{"ik kom zo om 3 te halen", ""},
		{"mijn ma is ziek", ""},
		{"ma en zo", ""},
		{"op zo n dag", ""},
		{"do you speak english", ""},
		{"ik do dat", ""},
		{"kan ma om hulp vragen", ""},
		{"vr groet", ""},
		{"de 2e keer", ""},
		{"de 2e", ""},
		{"de 1e hulp", ""},
		{"20e eeuw", ""},
		{"goede morgen", ""},
		{"goedemorgen", ""},
		{"Morgen, ik heb een vraag", ""},
		{"'s morgens", ""},
		{"elke dinsdag", ""},
		{"iedere ma", ""},
		{"s maandags", ""},
		{"mandaat", ""},
		{"een zondaar", ""},
		{"verjaardag", ""},
		{"een half jaar", ""},
		{"over een tijdje", ""},
		{"over een paar weken", ""},
		{"2 weken vakantie", ""},
		{"dertigste februari", ""},
		{"binnen drie dagen terug zijn", ""},
		{"3 maanden oud", ""},
		{"volgende keer", ""},
		{"deze brief", ""},
		{"maar dan", ""},
	})
}

func TestClock(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"14:30", "clock [14:30] 14:30"},
		{"14.30 uur", "clock [14.30 uur] 14:30"},
		{"14,30 uur", "clock [14,30 uur] 14:30"},
		{"om 14.30", "clock [14.30] 14:30"},
		{"14u30", "clock [14u30] 14:30"},
		{"van 9:00-12:00", "clock [9:00] 09:00; clock [12:00] 12:00"},
		{"9:05", "clock [9:05] 09:05"},
		{"3:30", "clock [3:30] 15:30?"},
		{"03:30", "clock [03:30] 03:30"},
		{"0:15", "clock [0:15] 00:15"},
		{"half 3", "clock [half 3] 14:30?"},
		{"half drie", "clock [half drie] 14:30?"},
		{"haf 3", "clock [haf 3] 14:30?"},
		{"half 10", "clock [half 10] 09:30?"},
		{"half 1", "clock [half 1] 12:30?"},
		{"half 3 smiddags", "clock [half 3 smiddags] 14:30"},
		{"half 3 snachts", "clock [half 3 snachts] 02:30"},
		{"half 8 's avonds", "clock [half 8 's avonds] 19:30"},
		{"kwart over 9", "clock [kwart over 9] 09:15?"},
		{"kwartier voor tien", "clock [kwartier voor tien] 09:45?"},
		{"kwart voor 1", "clock [kwart voor 1] 12:45?"},
		{"kwart over 12 snachts", "clock [kwart over 12 snachts] 00:15"},
		{"10 voor half 4", "clock [10 voor half 4] 15:20?"},
		{"vijf over half 9", "clock [vijf over half 9] 08:35?"},
		{"10 minuten over 9", "clock [10 minuten over 9] 09:10?"},
		{"5 voor 12", "clock [5 voor 12] 11:55?"},
		{"tot 12 uur s avons", "clock [12 uur s avons] 00:00"},
		{"die van 13.30 kan niet", "clock [13.30] 13:30"},
		{"9 uur", "clock [9 uur] 09:00?"},
		{"13 uur", "clock [13 uur] 13:00"},
		{"negen uur", "clock [negen uur] 09:00?"},
		{"3 uur smiddags", "clock [3 uur smiddags] 15:00"},
		{"3 uur in de middag", "clock [3 uur in de middag] 15:00"},
		{"11 uur 's ochtends", "clock [11 uur 's ochtends] 11:00"},
		{"12 uur snachts", "clock [12 uur snachts] 00:00"},
		{"smiddags om 3 uur", "clock [3 uur] 15:00"},
		{"vanavond 8 uur", "date [vanavond] 2026-03-10; clock [8 uur] 20:00"},
		{"vrijdagmiddag 3 uur", "date [vrijdagmiddag] 2026-03-13; clock [3 uur] 15:00"},
		{"om 10u", "clock [10u] 10:00?"},
		{"om9uur", "clock [9uur] 09:00?"},
		{"maandag9uur", "date [maandag] 2026-03-16; clock [9uur] 09:00?"},
		{"kan ik om 10 langs", ""},
		{"kom om 10.", "clock [10] 10:00?"},
		{"om een uur", "clock [een uur] 13:00?"},
		{"tussen 9 uur en 12 uur", "clock [9 uur] 09:00?; clock [12 uur] 12:00?"},
		{"volgende week dinsdag half 3", "date [volgende week dinsdag] 2026-03-17; clock [half 3] 14:30?"},
		{"dinsdag 10 uur", "date [dinsdag] 2026-03-17; clock [10 uur] 10:00?"},
		// No times of day.
		{"half jaar", ""},
		{"half 2 maanden", ""},
		{"2 uur gewacht", ""},
		{"al 3 uur in de rij", ""},
		{"over 2 uur", ""},
		{"3 uur hulp per week", ""},
		{"8 uur in de week", ""},
		{"binnen 24 uur", ""},
		{"24 uur", ""},
		{"twee uur in de wachtkamer", ""},
		{"een uur", ""},
		{"per uur", ""},
		{"25:00", ""},
		{"14:75", ""},
		{"1:2", ""},
		{"2 voor 1", ""},
		{"10 voor 4 personen", ""},
		{"anderhalf uur", ""},
		{"uren wachten", ""},
		{"14.30", ""},
	})
}

func TestContact(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"06-12 34 56 78", "phone [06-12 34 56 78] +31612345678"},
		{"06 12345678", "phone [06 12345678] +31612345678"},
		{"bel 0612345678.", "phone [0612345678] +31612345678"},
		{"tel:0612345678", "phone [0612345678] +31612345678"},
		{"06.12.34.56.78", "phone [06.12.34.56.78] +31612345678"},
		{"+31 6 12345678", "phone [+31 6 12345678] +31612345678"},
		{"+31(0)6-12345678", "phone [+31(0)6-12345678] +31612345678"},
		{"0031612345678", "phone [0031612345678] +31612345678"},
		{"020 123 4567", "phone [020 123 4567] +31201234567"},
		{"0346-561234", "phone [0346-561234] +31346561234"},
		{"+32 470 12 34 56", "phone [+32 470 12 34 56] +32470123456"},
		{"0900-1234567", "phone [0900-1234567] +319001234567"},
		{"06-12345678/020-1234567", "phone [06-12345678] +31612345678; phone [020-1234567] +31201234567"},
		{"0612345678 om 10 uur", "phone [0612345678] +31612345678; clock [10 uur] 10:00?"},
		{"06-12-2026 14:30", "date [06-12-2026] 2026-12-06; clock [14:30] 14:30"},
		{"01-02-2026 14 uur", "date [01-02-2026] 2026-02-01; clock [14 uur] 14:00"},
		{"ik heb 06 maar weet niet", ""},
		{"061234567", ""},
		{"06123456789", ""},
		{"kenmerk Z0612345678", ""},
		{"zaak 2026-0612345678", ""},
		{"NL91ABNA0417164300", ""},
		{"nl91 abna 0417 1643 00", ""},
		{"0,50", ""},

		{"mail jan@voorbeeld.nl.", "email [jan@voorbeeld.nl] jan@voorbeeld.nl"},
		{"Jan.de.Vries+bal1@Mail.Voorbeeld.NL", "email [Jan.de.Vries+bal1@Mail.Voorbeeld.NL] Jan.de.Vries+bal1@mail.voorbeeld.nl"},
		{"(j_k-1985@a-b.nl)", "email [j_k-1985@a-b.nl] j_k-1985@a-b.nl"},
		{"06-12-2026@voorbeeld.nl", "email [06-12-2026@voorbeeld.nl] 06-12-2026@voorbeeld.nl"},
		{"email:jan@voorbeeld.nl", "email [jan@voorbeeld.nl] jan@voorbeeld.nl"},
		{"-jan@voorbeeld.nl", "email [jan@voorbeeld.nl] jan@voorbeeld.nl"},
		{"@gemeente", ""},
		{"jan@voorbeeld", ""},
		{"jan@@voorbeeld.nl", ""},
		{"jan..k@voorbeeld.nl", ""},
		{"jan@voorbeeld.1", ""},
		{"ik ben @ thuis", ""},
	})
}

func TestBSN(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"mijn bsn is 123456782", "bsn [123456782] -"},
		{"123 456 782", "bsn [123 456 782] -"},
		{"1234.56.782", "bsn [1234.56.782] -"},
		{"BSN:123456782,", "bsn [123456782] -"},
		{"012345672", "bsn [012345672] -"},
		{"bsn 12345672", "bsn [12345672] -"},
		{"12345672", ""},
		{"123456783", ""},
		{"000000000", ""},
		{"1234567821", ""},
		{"0612345678", "phone [0612345678] +31612345678"},
		{"kenmerk A123456782", ""},
		{"123456782-1", ""},
	})
}

// TestBSNIsNotHeld keeps the number out of everything that prints a value.
func TestBSNIsNotHeld(t *testing.T) {
	t.Parallel()
	text := "bsn 123456782"
	found := entities.New(entities.Places{}).Find(text, tuesday)
	if len(found) != 1 {
		t.Fatalf("found %d entities, want 1", len(found))
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("found", "entity", found[0])
	plain, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{log.String(), string(plain), fmt.Sprintf("%+v %#v", found, found)} {
		if strings.Contains(out, "123456782") {
			t.Errorf("the number is in %s", out)
		}
	}
}

func TestPlate(t *testing.T) {
	t.Parallel()
	var all []message
	for _, number := range []string{
		"AB-12-34", "12-34-AB", "12-AB-34", "AB-12-CD", "AB-CD-12", "12-AB-CD", "12-ABC-3", "1-ABC-23", "AB-123-C", "A-123-BC",
		"ABC-12-D", "A-12-BCD", "1-AB-234", "123-AB-4",
	} {
		plain := strings.ReplaceAll(number, "-", "")
		low, lowPlain := strings.ToLower(number), strings.ToLower(plain)
		spaced := strings.ReplaceAll(low, "-", " ")
		for _, written := range []string{number, low} {
			all = append(all, message{written, "plate [" + written + "] " + number})
		}
		all = append(all,
			message{"kenteken " + lowPlain, "plate [" + lowPlain + "] " + number},
			message{"nummerbord is " + spaced, "plate [" + spaced + "] " + number},
		)
		if number != "12-34-AB" { // the shape of a postcode
			all = append(all,
				message{"de boete voor " + plain + " dus", "plate [" + plain + "] " + number},
				message{"mijn auto " + lowPlain, "plate [" + lowPlain + "] " + number},
			)
		}
	}
	check(t, append(all,
		message{"GB123X", "plate [GB123X] GB-123-X"},
		message{"mn auto is gb123x weg", "plate [gb123x] GB-123-X"},
		message{"gb123x is gezien", ""},
		message{"gb 123 x", ""},
		message{"mijn auto gb 123 x", ""},
		message{"GB-123-XY", ""},
		message{"GB-12-3X", ""},
		message{"AB-12-34-56", ""},
		message{"ABCDEF of 123456", ""},
		message{"1234AB", "postcode [1234AB] 1234AB"},
		message{"kenteken 1234AB", "plate [1234AB] 12-34-AB"},
	))
}

func TestAmount(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"€ 12,50", "amount [€ 12,50] 1250 cents"},
		{"€12", "amount [€12] 1200 cents"},
		{"€1.250,00", "amount [€1.250,00] 125000 cents"},
		{"EUR 12.50", "amount [EUR 12.50] 1250 cents"},
		{"12,50 euro", "amount [12,50 euro] 1250 cents"},
		{"12.50 euro", "amount [12.50 euro] 1250 cents"},
		{"12,5 euro", "amount [12,5 euro] 1250 cents"},
		{"12 euro 50", "amount [12 euro 50] 1250 cents"},
		{"12 euro en 50 cent", "amount [12 euro en 50 cent] 1250 cents"},
		{"twaalf euro vijftig", "amount [twaalf euro vijftig] 1250 cents"},
		{"12euro", "amount [12euro] 1200 cents"},
		{"50€", "amount [50€] 5000 cents"},
		{"100 eur boete", "amount [100 eur] 10000 cents"},
		{"1.250,-", "amount [1.250,-] 125000 cents"},
		{"12,-", "amount [12,-] 1200 cents"},
		{"12,- euro", "amount [12,- euro] 1200 cents"},
		{"1.250 euro", "amount [1.250 euro] 125000 cents"},
		{"1.250.000 euro", "amount [1.250.000 euro] 125000000 cents"},
		{"vijftig euro", "amount [vijftig euro] 5000 cents"},
		{"tweehonderdvijftig euro", "amount [tweehonderdvijftig euro] 25000 cents"},
		{"twee honderd vijftig euro", "amount [twee honderd vijftig euro] 25000 cents"},
		{"vijf en twintig euro", "amount [vijf en twintig euro] 2500 cents"},
		{"duizend euro", "amount [duizend euro] 100000 cents"},
		{"vijftich euros", "amount [vijftich euros] 5000 cents"},
		{"een tientje", "amount [een tientje] 1000 cents"},
		{"tientje", "amount [tientje] 1000 cents"},
		{"2 tientjes", "amount [2 tientjes] 2000 cents"},
		{"50 cent", "amount [50 cent] 50 cents"},
		{"12 euro 10 uur", "amount [12 euro] 1200 cents; clock [10 uur] 10:00?"},
		{"12 euro 15 maart", "amount [12 euro] 1200 cents; date [15 maart] 2026-03-15"},
		{"10 euro 2 keer", "amount [10 euro] 1000 cents"},
		// No amounts.
		{"12,50", ""},
		{"12k euro", ""},
		{"€ 12k", ""},
		{"€", ""},
		{"euro", ""},
		{"tientjes", ""},
		{"nooit een cent gezien", ""},
		{"1.25.0 euro", ""},
		{"vijftig mensen", ""},
		{"europa 12", ""},
	})
}

func TestPlace(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"lantaarn kapot in de Dorpsstraat", "place [Dorpsstraat] street Dorpsstraat"},
		{"dorpsstraat 12a", "place [dorpsstraat 12a] street Dorpsstraat 12-A"},
		{"dorpstraat 12", "place [dorpstraat 12] street Dorpsstraat 12"},
		{"dorpsstr. 12", "place [dorpsstr. 12] street Dorpsstraat 12"},
		{"kerkstr 3", "place [kerkstr 3] street Kerkstraat 3"},
		{"kerk straat nr 3", "place [kerk straat nr 3] street Kerkstraat 3"},
		{"kerk str", "place [kerk str] street Kerkstraat"},
		{"kerkstaat", "place [kerkstaat] street Kerkstraat"},
		{"kerkstrata", "place [kerkstrata] street Kerkstraat"},
		{"kerkstraat a", "place [kerkstraat] street Kerkstraat"},
		{"kerkstraat 12-3", "place [kerkstraat 12-3] street Kerkstraat 12-3"},
		{"kerkstraat 12, 1234AB", "place [kerkstraat 12] street Kerkstraat 12; postcode [1234AB] 1234AB"},
		{"kerkstraat 1234 AB", "place [kerkstraat] street Kerkstraat; postcode [1234 AB] 1234AB"},
		{"kerkstraat 2026", "place [kerkstraat] street Kerkstraat"},
		{"kerkstraat 12 maart", "place [kerkstraat] street Kerkstraat; date [12 maart] 2026-03-12"},
		{"kerkstraat 3 keer", "place [kerkstraat] street Kerkstraat"},
		{"kerkstraat 10 voor half 4", "place [kerkstraat] street Kerkstraat; clock [10 voor half 4] 15:20?"},
		{"burg van lierstr 5", "place [burg van lierstr 5] street Burgemeester van Lierstraat 5"},
		{"burgemeester van lierstraat", "place [burgemeester van lierstraat] street Burgemeester van Lierstraat"},
		{"laan van meerdevoort 100", "place [laan van meerdevoort 100] street Laan van Meerdervoort 100"},
		{"plein 1944", "place [plein 1944] street Plein 1944"},
		{"plein 1944 nr 3", "place [plein 1944 nr 3] street Plein 1944 3"},
		{"plein 1945", ""},
		{"prinses beatrikslaan", "place [prinses beatrikslaan] street Prinses Beatrixlaan"},
		{"'s-gravenweg 1", "place [s-gravenweg 1] street 's-Gravenweg 1"},
		{"elisabethdreef", "place [elisabethdreef] street Élisabethdreef"},
		{"oud zuid", "place [oud zuid] district Oud-Zuid"},
		{"Oud-Zuid", "place [Oud-Zuid] district Oud-Zuid"},
		{"wijk de blomenbuurt", "place [de blomenbuurt] district De Bloemenbuurt"},
		{"centrum 12", "place [centrum] district Centrum"},
		// Whole words, and no guesses.
		{"kerkstraatje", ""},
		{"noordelijk", ""},
		{"marktplaats", ""},
		{"lijterstraat", ""}, // Lijsterstraat or Lijnterstraat
		{"kerk", ""},
		{"nord", ""}, // too short for mistakes
	})
}

func TestMessages(t *testing.T) {
	t.Parallel()
	check(t, []message{
		{"", ""},
		{"hoi kan ik ff mn paspoort ophalen", ""},
		{
			"kan ik vlgd week wo half 3 langs, mn nr is 06-12345678 gr ma",
			"date [vlgd week wo] 2026-03-18; clock [half 3] 14:30?; phone [06-12345678] +31612345678",
		},
		{
			"Ik verhuis per 1 april naar Dorpsstraat 12a, 1234 AB. Mail: jan@voorbeeld.nl",
			"date [1 april] 2026-04-01; place [Dorpsstraat 12a] street Dorpsstraat 12-A; postcode [1234 AB] 1234AB; email [jan@voorbeeld.nl] jan@voorbeeld.nl",
		},
		{
			"boete van 95 euro gekregen gister voor auto ab12cd in de kerkstr",
			"amount [95 euro] 9500 cents; date [gister] 2026-03-09; plate [ab12cd] AB-12-CD; place [kerkstr] street Kerkstraat",
		},
		{"😀😀 morgen 14:30 é 12 maart", "date [morgen] 2026-03-11; clock [14:30] 14:30; date [12 maart] 2026-03-12"},
		{"👩‍👩‍👧12-3👍", "date [12-3] 2026-03-12"},
		{"€ 5 in de e\u0301lisabethdreef", "amount [€ 5] 500 cents; place [e\u0301lisabethdreef] street Élisabethdreef"},
		{"12\u00a0maart\u202f2026", "date [12\u00a0maart\u202f2026] 2026-03-12"},
		{"\xff12-3\xff", "date [12-3] 2026-03-12"},
	})
}

// TestFirstCharacters checks that a long message is read as far as the limit.
func TestFirstCharacters(t *testing.T) {
	t.Parallel()
	finder := entities.New(entities.Places{})
	for _, tt := range []struct {
		filling int
		want    int
	}{{4000, 1}, {4096, 0}} {
		text := strings.Repeat("é", tt.filling-1) + " 14:30"
		if got := len(finder.Find(text, tuesday)); got != tt.want {
			t.Errorf("after %d characters: %d entities, want %d", tt.filling, got, tt.want)
		}
	}
}

// TestToday checks that the day is that of the place of now.
func TestToday(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, time.March, 10, 23, 30, 0, 0, time.UTC)
	finder := entities.New(entities.Places{})
	for _, tt := range []struct {
		now  time.Time
		want string
	}{
		{late, "date [vandaag] 2026-03-10"},
		{late.In(time.FixedZone("CET", 3600)), "date [vandaag] 2026-03-11"},
		{time.Date(2026, time.December, 31, 12, 0, 0, 0, time.UTC), "date [vandaag] 2026-12-31"},
	} {
		if got := list("vandaag", finder.Find("vandaag", tt.now)); got != tt.want {
			t.Errorf("at %v: %s, want %s", tt.now, got, tt.want)
		}
	}
}

// TestEveryDay checks on every day of four years that what lies ahead is not
// placed in the past.
func TestEveryDay(t *testing.T) {
	t.Parallel()
	finder := entities.New(entities.Places{})
	for day := range 4 * 366 {
		now := time.Date(2024, time.January, 1+day, 12, 0, 0, 0, time.UTC)
		for _, text := range []string{"12-3", "28 februari", "vrijdag", "komende zondag", "volgende week maandag", "volgende vrijdag", "op de 31e", "morgen"} {
			found := finder.Find(text, now)
			if len(found) != 1 {
				t.Fatalf("%q at %v: %d entities, want 1", text, now, len(found))
			}
			d := found[0].Value.(entities.Date)
			at := time.Date(d.Year, d.Month, d.Day, 23, 0, 0, 0, time.UTC)
			if at.Before(now) || at.After(now.AddDate(1, 0, 2)) {
				t.Errorf("%q at %v is %s", text, now.Format(time.DateOnly), describe(d))
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{
		"", "1234AB 12a", "volgende week dinsdag half 3", "12-3-2026 14:30", "06-12345678 jan@voorbeeld.nl", "€ 12,50 kenteken ab12cd",
		"burg van lierstr 5", "bsn 123456782", "😀 de 12e 's middags", "over 2 weken wo om 10u", "\xff\xfe12", "eind van de maand jl. a.s.",
	} {
		f.Add(seed, int64(1773136800))
	}
	finder := entities.New(places)
	f.Fuzz(func(t *testing.T, text string, at int64) {
		now := time.Unix(at%(1<<36), 0).UTC()
		last := 0
		for _, e := range finder.Find(text, now) {
			if e.Start < last || e.End <= e.Start || e.End > len(text) {
				t.Fatalf("positions [%d, %d) after %d in %d bytes", e.Start, e.End, last, len(text))
			}
			last = e.End
			if !boundary(text, e.Start) || !boundary(text, e.End) {
				t.Fatalf("positions [%d, %d) within a character", e.Start, e.End)
			}
			consistent(t, e.Value)
		}
	})
}

// boundary reports whether byte i starts a character or ends the text.
func boundary(text string, i int) bool {
	for at := range text {
		if at >= i {
			return at == i
		}
	}
	return i == len(text)
}

// consistent checks that a value is one that can exist.
func consistent(t *testing.T, v entities.Value) {
	t.Helper()
	ok := true
	switch v := v.(type) {
	case entities.Postcode:
		ok = len(v.Code) == 6 && v.Code[0] != '0' && v.Number >= 0 && v.Number < 100000 && (v.Number > 0 || v.Addition == "")
	case entities.Date:
		at := time.Date(v.Year, v.Month, v.Day, 0, 0, 0, 0, time.UTC)
		ok = at.Year() == v.Year && at.Month() == v.Month && at.Day() == v.Day
		ok = ok && (v.Granularity != entities.Week || at.Weekday() == time.Monday) && (v.Granularity != entities.Month || v.Day == 1)
	case entities.Clock:
		ok = v.Minutes >= 0 && v.Minutes < 24*60 && (!v.Ambiguous || v.Minutes >= 7*60 && v.Minutes < 19*60)
	case entities.Phone:
		ok = len(v.E164) > 5 && len(v.E164) <= 18 && v.E164[0] == '+'
	case entities.Email:
		ok = strings.Count(v.Address, "@") == 1 && utf8.ValidString(v.Address)
	case entities.Plate:
		ok = len(v.Number) == 8 && strings.Count(v.Number, "-") == 2
	case entities.Amount:
		ok = v.Cents >= 0
	case entities.Place:
		ok = v.Name != "" && (v.Number > 0 || v.Addition == "") && (!v.District || v.House == entities.House{})
	case entities.BSN:
	default:
		ok = false
	}
	if !ok {
		t.Fatalf("%v: %+v", v.Kind(), v)
	}
}

func BenchmarkFind(b *testing.B) {
	streets := make([]string, 6000)
	for i := range streets {
		streets[i] = fmt.Sprintf("%c%crweg van %cl%cstraat", 'a'+i%26, 'a'+i/26%26, 'a'+i/7%26, 'a'+i/676%26)
	}
	finder := entities.New(entities.Places{Streets: streets})
	for _, bench := range []struct{ name, text string }{
		{"question", "Kan ik volgende week dinsdag om half 3 mijn paspoort ophalen? Ik woon op 1234 AB 12."},
		{"words", strings.Repeat("kerkstraat ", 380)},
		{"numbers", strings.Repeat("06 12-3 ", 520)},
		{"phones", strings.Repeat("0612345678 ", 380)},
		{"mail", strings.Repeat("a@b.nl ", 600)},
		{"letters", strings.Repeat("a ", 2048)},
		{"dates", strings.Repeat("volgende week dinsdag ", 190)},
		{"dots", strings.Repeat("0.", 2048)},
		{"plates", strings.Repeat("ab12cd auto ", 340)},
		{"twenty", strings.Repeat("een en ", 580)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				finder.Find(bench.text, tuesday)
			}
		})
	}
}

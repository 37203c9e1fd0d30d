package main

import (
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
)

// TestFormalMessages sends what would be an official message on paper (norm WMEBV-02):
// on every channel the answer says at once that this chat is not the place, and names the
// way that is; nothing is taken in as an objection, a complaint or an application.
func TestFormalMessages(t *testing.T) {
	t.Parallel()
	brain, _ := brainOf(t, testConfig(t))
	for _, tt := range []struct{ said, route string }{
		{"ik maak bezwaar tegen jullie besluit", "/bezwaar"},
		{"hierbij maak ik bezwaar", "/bezwaar"},
		{"ik wil bezwaar indienen tegen de brief van vorige week", "/bezwaar"},
		{"bezwaarschrift sturen", "/bezwaar"},
		{"ik ben het niet eens met jullie beslissing", "/bezwaar"},
		{"ik ga in beroep tegen de uitkering die stopt", "/bezwaar"},
		{"bezwar make kan dat hier", "/bezwaar"},
		{"bezwaar tegen afwijzing bijstand", "/bezwaar"},
		{"bezwar tegen woz waarde", "/woz"},
		{"mijn woz is te hoog bezwaar", "/woz"},
		{"ik wil een klacht indienen over een medewerker", "/klacht"},
		{"klacht over jullie gemeente", "/klacht"},
		{"hierbij dien ik een klacht in", "/klacht"},
		{"ik wil een officiele klacht doen", "/klacht"},
		{"me klacht gaat over de man aan de balie", "/klacht"},
		{"ik ben het niet eens met me parkeer boete bezwaar", "/parkeerboete"},
		{"woo verzoek indienen", "/woo"},
	} {
		for _, channel := range []bot.Channel{bot.SMS, bot.Telegram, bot.WebChat} {
			turn, err := brain.Answer(bot.NewState(), bot.Inbound{
				Address: bot.Address{Channel: channel, User: "+31612345678"}, Kind: bot.KindText, Text: tt.said, ReceivedAt: time.Now(),
			})
			if err != nil {
				t.Fatal(err)
			}
			said := ""
			for _, m := range turn.Messages {
				said += m.Text + "\n"
			}
			if !strings.Contains(said, "ia deze chat kan") && !strings.Contains(said, "ia deze chat kunt u geen") || !strings.Contains(said, "voorbeeld.example"+tt.route) {
				t.Errorf("%q on %s: no warning, or not the way to %s:\n%s", tt.said, channel, tt.route, said)
			}
			if len(turn.Tickets) > 0 {
				t.Errorf("%q on %s became a ticket", tt.said, channel)
			}
		}
	}
}

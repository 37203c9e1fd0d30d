package intents_test

import (
	"testing"

	"github.com/balie-nl/balie/bot"
)

// The cases here are our own, not those of the development set.
var unsafeMessages = []struct {
	text string
	want bot.Intent
}{
	{"Ik wil dood", bot.Suicide},
	{"ik wil nie meer lefe", bot.Suicide},
	{"kwil er niet meer zijn", bot.Suicide},
	{"ik denk aan zelfmoord", bot.Suicide},
	{"selfmoort", bot.Suicide},
	{"ik ken nie meer leve zo", bot.Suicide},
	{"ik kan niet meer werken en wil dood", bot.Suicide},
	{"kan niet meer lopen en wil niet meer leven", bot.Suicide},
	{"ik sta op de brug en ga springen", bot.Suicide},
	{"zij wil voor de trein springen", bot.Suicide},
	{"mijn dochter zegt dat ze dood wil", bot.Suicide},
	{"ik ga er een einde aan maken", bot.Suicide},
	{"iedereen is beter af zonder mij", bot.Suicide},
	{"me broer wil zich van kant maken", bot.Suicide},
	{"ik heb een vraag over mijn schulden maar eigenlijk zie ik het leven niet meer zitten, ik denk de hele dag aan doodgaan", bot.Suicide},
	{"mijn man slaat mij", bot.HomeViolence},
	{"me man slaad mij en de kindere", bot.HomeViolence},
	{"mn vriend heb me geslage", bot.HomeViolence},
	{"mijn ex stalkt mij", bot.HomeViolence},
	{"huiselik gewelt", bot.HomeViolence},
	{"ik ben bang voor mijn man", bot.HomeViolence},
	{"mijn vader doet mij pijn", bot.HomeViolence},
	{"ze willen dat ik met mijn neef trouw", bot.HomeViolence},
	{"ik mag niet naar buiten van mijn man", bot.HomeViolence},
	{"me pa slaat me zusje", bot.HomeViolence},
	{"waar is veilig thuis", bot.HomeViolence},
	{"kindermishandeling melden", bot.HomeViolence},
	{"ik word uitgehuwelijkt en wil dat niet", bot.HomeViolence},
	{"he hits me every day", bot.HomeViolence},
	{"er is brand", bot.Emergency},
	{"BRAND!!", bot.Emergency},
	{"mijn huis staat in brant", bot.Emergency},
	{"ik ruik gas", bot.Emergency},
	{"112", bot.Emergency},
	{"bel een ambulance snel", bot.Emergency},
	{"mijn vrouw ademt niet", bot.Emergency},
	{"me man heb n hart aanval", bot.Emergency},
	{"er ligt iemand op straat en hij beweegt niet meer", bot.Emergency},
	{"help help", bot.Emergency},
	{"er is een inbreker in huis", bot.Emergency},
	{"hij heeft een mes", bot.Emergency},
}

var harmlessMessages = []string{
	"ik lach me dood",
	"ik lag me dood om jullie website",
	"ik schaam me dood",
	"ik schrok me dood van de aanslag",
	"ik verveel me dood",
	"we betalen ons dood aan belasting",
	"ik werk me kapot en hou niks over",
	"mijn telefoon is dood",
	"de boom voor mijn deur is dood",
	"dat slaat nergens op",
	"wat een klap die rekening",
	"mijn hoofd staat in brand van al die brieven",
	"brandgang is vies",
	"de straatlantaarn brandt niet",
	"mijn paspoort is kwijt",
	"waar vraag ik een vergunning voor een vreugdevuur aan",
	"mijn man is overleden",
	"mijn opa is dood, hoe geef ik dat aan",
	"kan ik mijn afspraak verzetten",
	"gasrekening is te hoog",
	"hoe meld ik dat mijn ex is verhuisd",
	"ik stap over naar een andere gemeente",
	"nee hoeft niet meer",
	"help je me even met mijn rijbewijs",
	"kan ik mijn kliko ophalen",
	"mijn kind mag niet naar school met de bus",
	"mijn rug doet me pijn, krijg ik een parkeerkaart",
	"mag ik niet op het kenteken van mijn man parkeren",
	"moet ik trouwen met mijn vriend voor een verblijfsvergunning",
	"wij willen trouwen met alleen mijn man zijn moeder erbij",
	"ik kan niet meer leven van mijn uitkering",
	"me kan nie meer lefe fan bijstant",
	"kinderen springen van de brug in het kanaal",
	"de hond van de buren laat mij niet slapen",
	"in de laatste brief van de gemeente staat een fout",
	"parkeren bij het station voor de trein",
	"hoe maak ik een einde aan mijn vergunning",
	"ik wil een einde maken aan het contract met de gemeente",
	"ik zie geen reden om te betalen",
	"mijn vrouw kan niet meer lopen",
	"me moeder ken niet meer trap lopen",
	"bij een ongeluk met mijn fiets door een gat in de weg wil ik schade claimen",
	"er is vorige week in mijn schuur ingebroken, mag ik nu een hoger hek",
	"mijn man heeft een beroerte gehad en wil een traplift",
	"ik heb pijn in mijn knie en wil een scootmobiel",
	"de politie zei dat ik bij jullie moest zijn voor geluidsoverlast",
	"mijn moeder is gevallen en heeft nu hulp in huis nodig",
	"is er een cursus brandveiligheid voor bedrijven",
	"hoe kom ik van het gas af",
	"hebben jullie een nummer dat niet 112 is voor een vraag over afval",
}

func TestSafety(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for _, tt := range unsafeMessages {
		if got := e.Classify(tt.text); got.Intent != tt.want {
			t.Errorf("Classify(%q) = %v, want %s", tt.text, got, tt.want)
		}
		if u := e.Understand(tt.text); u.Decision != bot.Answer || u.Best() != tt.want {
			t.Errorf("Understand(%q) = %v, want an answer to %s", tt.text, u, tt.want)
		}
	}
	for _, text := range harmlessMessages {
		if got := e.Classify(text); got.Intent.Safety() {
			t.Errorf("Classify(%q) = %v, want no safety intent", text, got)
		}
	}
}

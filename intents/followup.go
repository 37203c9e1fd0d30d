package intents

import "strings"

// followUpMost is how many words a question can have that leaves out what it is
// about.
const followUpMost = 10

// Words of follow-up questions ("en wat kost dat?", "moet mijn vrouw ook
// mee?"), by phonetic key. Pointers say nothing on their own; aspects are what
// one can ask about any subject.
var (
	pointers = keysOf(`en maar of dan dus ook nog wel niet geen want als om te in op aan bij met zonder naar van voor er
		ik je jij u hij zij ze we wij mij me mijn uw zijn haar ons onze jullie hun hen
		de het een dit dat die deze daar hier ie zo iets alles zelf alleen samen allebei
		is was ben bent zijn wordt worden heb hebt heeft hebben had kan kun kunt kunnen mag mogen moet moeten hoef hoeft hoeven
		wil willen zou zouden gaat gaan ga komt komen kom doe doen doet krijg krijgt krijgen geldt geld
		oke ok even precies ongeveer eigenlijk weer meer iemand anders`)
	aspects = keysOf(`hoe wat waar wanneer waarom wie welke hoeveel hoelang waarmee
		kost kosten prijs duur goedkoper gratis betalen betaal pinnen contant euro korting
		lang snel sneller duurt wachten klaar dagen weken week maand spoed
		meenemen mee nemen brengen meebrengen papieren bewijs foto formulier invullen nodig documenten
		online internet digitaal thuis website telefoon telefonisch langskomen persoonlijk balie
		kind kinderen zoon dochter baby man vrouw partner vriend vriendin moeder vader ouders opa oma broer zus buurman buurvrouw gezin
		ophalen opsturen sturen aanvragen aanvraag regelen doorgeven stoppen veranderen verlengen kwijt verloren gestolen verlopen nieuw nieuwe
		how much what when where long`)
)

// followUp reports whether the message names no subject of its own, but asks
// something that can be asked about any subject.
func (t *message) followUp() bool {
	if len(t.words) == 0 || len(t.words) > followUpMost {
		return false
	}
	asks := false
	for _, k := range t.keys {
		switch {
		case aspects[k]:
			asks = true
		case !pointers[k]:
			return false
		}
	}
	return asks
}

// keysOf returns the phonetic keys of words.
func keysOf(words string) map[string]bool {
	keys := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		keys[PhoneticKey(w)] = true
	}
	return keys
}

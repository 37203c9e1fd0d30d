package intents_test

import (
	"testing"

	"github.com/balie-nl/balie/bot"
)

func TestTwoQuestions(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for _, tt := range []struct {
		text        string
		first, also bot.Intent
	}{
		{"hoe vraag ik een paspoort aan en wanneer wordt het grofvuil opgehaald", "paspoort", "grofvuil"},
		{"kwil me rijbewijs verlenge en ook een parkeervergunning aanvrage", "rijbewijs", "parkeervergunning"},
		{"Wat kost een paspoort? En hoe geef ik mijn verhuizing door?", "paspoort", "verhuizing"},
		// One question, however long or with more about the same.
		{"ik wil een paspoort aanvragen en ik wil weten wat een paspoort kost", "paspoort", ""},
		{"Kan mijn zoon met een beperking een parkeerkaart krijgen?", "gehandicaptenparkeerkaart", ""},
		{"Ik ga trouwen en mijn paspoort ligt klaar, hoe meld ik een huwelijk?", "huwelijk", ""},
	} {
		u := e.Understand(tt.text)
		if u.Best() != tt.first || u.Also != tt.also {
			t.Errorf("Understand(%q) = %s and %q, want %s and %q", tt.text, u.Best(), u.Also, tt.first, tt.also)
		}
	}
	// An emergency is never one of two questions.
	if u := e.Understand("wat kost een paspoort en er is brand bij mij in huis"); u.Best() != bot.Emergency || u.Also != "" {
		t.Errorf("fire and a passport = %+v", u)
	}
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for text, want := range map[string]bool{
		"en wat kost dat?":          true,
		"en voor me kind?":          true,
		"hoelang duurt da":          true,
		"mot me man dan ok mee":     true,
		"Hoeveel?":                  true,
		"kan dat ook online":        true,
		"wat kost een paspoort":     false,
		"en wanneer grofvuil":       false,
		"wie ben jij":               false,
		"hoe laat zijn jullie open": false,
		"ja":                        false,
		"dank je wel":               false,
		"en er is brand":            false,
		"":                          false,
	} {
		if u := e.Understand(text); u.FollowUp != want {
			t.Errorf("Understand(%q).FollowUp = %v: %+v", text, u.FollowUp, u)
		}
	}
}

func TestUnderstandTellsTheLanguage(t *testing.T) {
	t.Parallel()
	e := loaded(t)
	for text, want := range map[string]bool{
		"Pasaportumu kaybettim, ne yapmalıyım?": true,
		"Jak mogę przedłużyć paszport?":         true,
		"kheb me paspoort verloore wa nu":       false,
		"mien kliko is neet opgehaald":          false,
	} {
		if u := e.Understand(text); u.Language.Foreign() != want {
			t.Errorf("Understand(%q).Language = %q", text, u.Language)
		}
	}
}

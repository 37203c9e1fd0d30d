package desk

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page"
)

// Proofreader judges how plain the words of a colleague are. It only advises: what
// a named human says is theirs.
type Proofreader interface {
	// Proofread judges a reply for a channel. It is fast enough to be asked at each
	// pause while somebody types.
	Proofread(text string, channel bot.Channel) Proof
}

// Proof is the judgement of a reply.
type Proof struct {
	// TooHard says that the text as a whole is too hard for the channel.
	TooHard bool
	// Places are the hard places, from the start of the text to its end.
	Places []Place
}

// Place is a hard place in a reply.
type Place struct {
	// Start and End are the first byte and the byte after the last.
	Start, End int
	// Why says in plain words what is hard.
	Why string
	// Instead are easier words, the best first. Word says that one of them can
	// stand in the place of the text.
	Instead []string
	Word    bool
}

const (
	maxPlaces  = 5
	maxInstead = 3
	maxQuote   = 48 // characters of a hard place that are shown
)

// proof is what the page shows of a judgement.
type proof struct {
	Verdict string
	Places  []place
	More    string // how many places are not shown, in words
}

// place has its offsets as scripts count: in units of UTF-16.
type place struct {
	Text, Why  string
	Start, End int
	Instead    []string
	Word       bool
}

// proof judges what was typed; nil for no text.
func (d *Desk) proof(text string, channel bot.Channel) *proof {
	if strings.TrimSpace(text) == "" || page.TooLong(text, channel.MaxReply()) {
		return nil
	}
	p := d.cfg.Proofreader.Proofread(text, channel)
	v := &proof{}
	switch n := len(p.Places); {
	case n == 0 && !p.TooHard:
		v.Verdict = d.cfg.Texts.Text("desk.language.plain")
	case p.TooHard:
		v.Verdict = d.cfg.Texts.Text("desk.language.hard")
	default:
		v.Verdict = d.cfg.Texts.Text("desk.language.almost")
	}
	at, units := 0, 0
	to := func(end int) int {
		for _, r := range text[at:end] {
			units += utf16.RuneLen(r)
		}
		at = end
		return units
	}
	for i, hard := range p.Places {
		if i == maxPlaces {
			v.More = d.cfg.Texts.Text("desk.language.more", "n", strconv.Itoa(len(p.Places)-maxPlaces))
			break
		}
		if hard.Start < at {
			at, units = 0, 0
		}
		start := to(hard.Start)
		v.Places = append(v.Places, place{
			Text: quote(text[hard.Start:hard.End]), Why: hard.Why, Word: hard.Word,
			Start: start, End: to(hard.End), Instead: hard.Instead[:min(len(hard.Instead), maxInstead)],
		})
	}
	return v
}

// quote shortens a sentence to its start.
func quote(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= maxQuote {
		return s
	}
	return strings.TrimRight(string([]rune(s)[:maxQuote]), " ") + "…"
}

// check judges a reply that is not sent yet: as a fragment for the script, or on
// the page with the text kept.
func (d *Desk) check(c *fiber.Ctx, s session) error {
	id, typed := conversation(c), c.FormValue("text")
	summary, err := d.cfg.Conversations.Summary(c.UserContext(), id)
	if err != nil {
		return d.refused(c, s, id, err)
	}
	v := d.proof(typed, summary.Channel)
	if !page.WantsJSON(c) {
		return d.conversationPage(c, s, fiber.StatusOK, draft{Text: typed, Proof: v})
	}
	html, err := d.fragment("proof", v)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.JSON(fiber.Map{"html": html})
}

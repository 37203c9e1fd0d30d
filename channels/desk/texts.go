package desk

import (
	"errors"
	"html/template"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/locales"
)

// Library is where editors change what residents read.
type Library interface {
	// Languages are those that there are texts in, Dutch first.
	Languages() []bot.Language
	// Entries are the answers in a language; none for an unknown language.
	Entries(bot.Language) []locales.Entry
	// Draft gives bot.ErrNotFound for an unknown answer.
	Draft(bot.Language, bot.Intent) (locales.Draft, error)
	// Judge says whether a draft may be published.
	Judge(d locales.Draft, now time.Time) (locales.Verdict, error)
	// Publish takes a draft into use. It refuses with locales.ErrRejected or
	// locales.ErrChanged.
	Publish(d locales.Draft, by string, now time.Time) (locales.Verdict, error)
}

// languageNames are what languages are called at the desk.
var languageNames = map[bot.Language]string{
	"nl": "desk.texts.lang.nl", "nl-A2": "desk.texts.lang.easy", "en": "desk.texts.lang.en", "de": "desk.texts.lang.de", "fr": "desk.texts.lang.fr",
	"tr": "desk.texts.lang.tr", "ar": "desk.texts.lang.ar", "pl": "desk.texts.lang.pl", "uk": "desk.texts.lang.uk",
}

// partNames are what the parts of an answer are called at the desk, with what is asked
// for.
var partNames = map[string]struct{ label, hint string }{
	"title":        {"desk.texts.title", "desk.texts.title.hint"},
	"choice":       {"desk.texts.choice", "desk.texts.choice.hint"},
	"short":        {"desk.texts.short", "desk.texts.short.hint"},
	"speech":       {"desk.texts.speech", "desk.texts.speech.hint"},
	"full":         {"desk.texts.full", "desk.texts.full.hint"},
	"intro":        {"desk.texts.intro", "desk.texts.intro.hint"},
	"steps":        {"desk.texts.steps", "desk.texts.steps.hint"},
	"when":         {"desk.texts.when", "desk.texts.when.hint"},
	"bring":        {"desk.texts.bring", "desk.texts.bring.hint"},
	"cost":         {"desk.texts.cost", "desk.texts.cost.hint"},
	"duration":     {"desk.texts.duration", "desk.texts.duration.hint"},
	"more":         {"desk.texts.more", "desk.texts.more.hint"},
	"requirements": {"desk.texts.requirements", "desk.texts.business.hint"},
	"authority":    {"desk.texts.authority", "desk.texts.business.hint"},
	"rule":         {"desk.texts.rule", "desk.texts.business.hint"},
	"disagree":     {"desk.texts.disagree", "desk.texts.disagree.hint"},
	"link":         {"desk.texts.link", "desk.texts.link.hint"},
	"terms":        {"desk.texts.terms", "desk.texts.terms.hint"},
	"sources":      {"desk.texts.sources", "desk.texts.sources.hint"},
	"review":       {"desk.texts.review", "desk.texts.review.hint"},
}

// language is a language in the list of them.
type language struct {
	Path, Name string
	Current    bool
}

// entry is an answer in the list of an editor.
type entry struct {
	Path, Title string
	Checked     string // in words
	Late, Own   bool
	Missing     bool
}

// textsView is the list of answers in a language.
type textsView struct {
	frame
	Languages []language
	Published string // what was published just now
	Entries   []entry
}

// editors wraps a handler that only editors may use.
func (d *Desk) editors(next handler) handler {
	return func(c *fiber.Ctx, s session) error {
		if !s.editor {
			return d.notice(c, s, fiber.StatusForbidden, notice{Message: d.cfg.Texts.Text("desk.texts.forbidden"), Text: typed(c)})
		}
		return next(c, s)
	}
}

func textPath(l bot.Language, i bot.Intent) string {
	return "/desk/texts/" + string(l) + "/" + string(i)
}

func (d *Desk) languageName(l bot.Language) string {
	if key, ok := languageNames[l]; ok {
		return d.cfg.Texts.Text(key)
	}
	return string(l)
}

func (d *Desk) languages(current bot.Language) []language {
	var all []language
	for _, l := range d.cfg.Library.Languages() {
		all = append(all, language{Path: "/desk/texts/" + string(l), Name: d.languageName(l), Current: l == current})
	}
	return all
}

func (d *Desk) showTexts(c *fiber.Ctx, s session) error {
	tongue := bot.Language(c.Params("language", string(bot.Dutch)))
	entries := d.cfg.Library.Entries(tongue)
	if entries == nil {
		return d.notice(c, s, fiber.StatusNotFound, notice{Message: d.cfg.Texts.Text("desk.texts.unknown"), Back: "/desk/texts"})
	}
	v := textsView{frame: d.frame(s, d.cfg.Texts.Text("desk.texts.heading")), Languages: d.languages(tongue)}
	published := bot.Intent(c.Query("published"))
	for _, e := range entries {
		shown := entry{Path: textPath(tongue, e.Intent), Title: e.Title, Own: e.Own, Missing: e.Missing, Late: e.Review.Before(d.cfg.Now())}
		if !e.Checked.IsZero() {
			shown.Checked = e.Checked.Format("2-1-2006")
		}
		if e.Intent == published {
			v.Published = d.cfg.Texts.Text("desk.texts.published", "title", e.Title)
		}
		v.Entries = append(v.Entries, shown)
	}
	slices.SortStableFunc(v.Entries, func(a, b entry) int { return strings.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title)) })
	return d.render(c, fiber.StatusOK, "texts.html", v)
}

// textField is a part of an answer in the form.
type textField struct {
	Name, Label, Hint string
	Text              string
	Rows              int // of the box; 0 for a single line
	Day               bool
	Problems, Advice  []string
}

// textView is the form with an answer.
type textView struct {
	frame
	Path, List string
	Tongue     string // the language of the text
	Name       string // of the answer
	Language   string // in words
	Version    string
	Source     string // the Dutch text, for translators
	Fields     []textField
	Facts      []namedFact
	Error      string      // why it was not published
	Wrong      []textField // those with problems
	Whole      []string    // problems of the answer as a whole
	Advice     []string
	Judged     bool
	OK         bool
	SMS        string
	Segments   string
	Page       template.HTML
}

// namedFact is what a placeholder stands for.
type namedFact struct{ Name, Value string }

func (d *Desk) showText(c *fiber.Ctx, s session) error {
	draft, err := d.textDraft(c)
	if err != nil {
		return d.unknownText(c, s, err)
	}
	return d.render(c, fiber.StatusOK, "text.html", d.textView(s, draft))
}

func (d *Desk) textDraft(c *fiber.Ctx) (locales.Draft, error) {
	return d.cfg.Library.Draft(bot.Language(c.Params("language")), bot.Intent(c.Params("intent")))
}

func (d *Desk) unknownText(c *fiber.Ctx, s session, err error) error {
	if errors.Is(err, bot.ErrNotFound) {
		return d.notice(c, s, fiber.StatusNotFound, notice{Message: d.cfg.Texts.Text("desk.texts.unknown"), Text: typed(c), Back: "/desk/texts"})
	}
	d.cfg.Log.Error("a text could not be read", "err", err)
	return d.notice(c, s, fiber.StatusServiceUnavailable, notice{Message: d.cfg.Texts.Text("desk.texts.failed"), Text: typed(c), Back: "/desk/texts"})
}

// changed is the draft with what was typed.
func (d *Desk) changed(c *fiber.Ctx) (locales.Draft, error) {
	draft, err := d.textDraft(c)
	draft.Version = c.FormValue("version")
	for i := range draft.Fields {
		draft.Fields[i].Text = strings.ReplaceAll(c.FormValue("part."+draft.Fields[i].Name), "\r\n", "\n")
	}
	return draft, err
}

// checkText judges what was typed, and shows how residents would get it.
func (d *Desk) checkText(c *fiber.Ctx, s session) error {
	draft, err := d.changed(c)
	if err != nil {
		return d.unknownText(c, s, err)
	}
	verdict, err := d.cfg.Library.Judge(draft, d.cfg.Now())
	if err != nil {
		return d.unknownText(c, s, err)
	}
	return d.render(c, fiber.StatusOK, "text.html", d.judged(d.textView(s, draft), draft, verdict))
}

// publishText publishes what was typed, unless the gate refuses it.
func (d *Desk) publishText(c *fiber.Ctx, s session) error {
	draft, err := d.changed(c)
	if err != nil {
		return d.unknownText(c, s, err)
	}
	verdict, err := d.cfg.Library.Publish(draft, s.username, d.cfg.Now())
	v := d.judged(d.textView(s, draft), draft, verdict)
	switch {
	case errors.Is(err, locales.ErrRejected):
		v.Title = d.cfg.Texts.Text("desk.title.error", "title", v.Title)
		v.Error = d.cfg.Texts.Text("desk.texts.rejected")
		return d.render(c, fiber.StatusUnprocessableEntity, "text.html", v)
	case errors.Is(err, locales.ErrChanged):
		v.Title = d.cfg.Texts.Text("desk.title.error", "title", v.Title)
		v.Error = d.cfg.Texts.Text("desk.texts.changed")
		now, err := d.textDraft(c)
		if err != nil {
			return d.unknownText(c, s, err)
		}
		v.Version = now.Version // publishing once more is then a decision
		return d.render(c, fiber.StatusConflict, "text.html", v)
	case err != nil:
		return d.unknownText(c, s, err)
	}
	d.cfg.Log.Info("text published", "language", string(draft.Language), "answer", string(draft.Intent), "staff", s.staff.ID)
	return c.Redirect("/desk/texts/"+string(draft.Language)+"?published="+string(draft.Intent), fiber.StatusSeeOther)
}

// textView shows a draft.
func (d *Desk) textView(s session, draft locales.Draft) textView {
	v := textView{
		Path: textPath(draft.Language, draft.Intent), List: "/desk/texts/" + string(draft.Language), Tongue: strings.TrimSuffix(string(draft.Language), "-A2"),
		Language: d.languageName(draft.Language), Version: draft.Version, Source: draft.Source, Name: string(draft.Intent),
	}
	for _, f := range draft.Fields {
		shown := textField{Name: f.Name, Label: f.Name, Text: f.Text, Day: f.Day}
		if name, ok := partNames[f.Name]; ok {
			shown.Label, shown.Hint = d.cfg.Texts.Text(name.label), d.cfg.Texts.Text(name.hint)
		}
		if !f.Day && f.Name != "title" && f.Name != "choice" && f.Name != "link" {
			shown.Rows = max(3, min(14, strings.Count(f.Text, "\n")+1+len(f.Text)/70))
		}
		if f.Name == "title" && f.Text != "" {
			v.Name = f.Text
		}
		v.Fields = append(v.Fields, shown)
	}
	for name, value := range draft.Facts {
		v.Facts = append(v.Facts, namedFact{"{" + name + "}", value})
	}
	slices.SortFunc(v.Facts, func(a, b namedFact) int { return strings.Compare(a.Name, b.Name) })
	v.frame = d.frame(s, v.Name)
	return v
}

// judged adds what the gate says to the fields that it is about.
func (d *Desk) judged(v textView, draft locales.Draft, verdict locales.Verdict) textView {
	v.Judged, v.OK = true, verdict.OK()
	for _, p := range verdict.Problems {
		message, i := p.Message, d.fieldOf(p.Part, v.Fields)
		if in, _, _ := strings.Cut(p.File, "/"); p.Warning && in != string(draft.Language) {
			message, i = d.cfg.Texts.Text("desk.texts.withheld", "language", d.languageName(bot.Language(in))), -1
		} else if p.Item != string(draft.Intent) {
			message, i = p.File+": "+message, -1
		}
		switch {
		case slices.Contains(v.Advice, message):
		case i < 0 && p.Warning:
			v.Advice = append(v.Advice, message)
		case i < 0:
			v.Whole = append(v.Whole, message)
		case p.Warning:
			v.Fields[i].Advice = append(v.Fields[i].Advice, message)
		default:
			v.Fields[i].Problems = append(v.Fields[i].Problems, message)
		}
	}
	for _, f := range v.Fields {
		if len(f.Problems) > 0 {
			v.Wrong = append(v.Wrong, f)
		}
	}
	if verdict.SMS != "" {
		v.SMS, v.Page = verdict.SMS, d.writer.Rich(verdict.Page)
		v.Segments = d.plural("desk.texts.segments", verdict.Segments)
	}
	return v
}

// fieldOf is the field that a problem is about, -1 for none.
func (d *Desk) fieldOf(part string, fields []textField) int {
	name, _, _ := strings.Cut(part, " ")
	return slices.IndexFunc(fields, func(f textField) bool {
		return f.Name == name || name == "text" && (f.Name == "full" || f.Name == "intro")
	})
}

// typed is all that was typed in a form, so that nothing is lost.
func typed(c *fiber.Ctx) string {
	if text := c.FormValue("text"); text != "" {
		return text
	}
	var parts []string
	c.Context().PostArgs().VisitAll(func(key, value []byte) {
		if name, ok := strings.CutPrefix(string(key), "part."); ok && len(value) > 0 {
			parts = append(parts, name+":\n"+string(value))
		}
	})
	return strings.Join(parts, "\n\n")
}

package locales

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

// Why a text is not published.
var (
	// ErrRejected is given for what the gate rejects.
	ErrRejected = errors.New("locales: the text may not be published as it is")
	// ErrChanged is given when somebody else published meanwhile.
	ErrChanged = errors.New("locales: the text was changed by somebody else")
)

// Entry is an answer in the list of editors.
type Entry struct {
	Intent  bot.Intent
	Title   string // in the language; in Dutch when it is not translated
	Checked time.Time
	Review  time.Time // by when it must be checked again
	// Own says that the municipality has a text of its own.
	Own bool
	// Missing says that it is not translated, or that the translation is withheld
	// because it says something else than the Dutch text.
	Missing bool
}

// Entries are the answers in a language, by subject; none for an unknown language.
func (l *Library) Entries(language bot.Language) []Entry {
	s := l.shelf.Load()
	c := s.catalogues[language]
	if c == nil {
		return nil
	}
	var all []Entry
	for _, intent := range s.dutch.Intents() {
		about := s.dutch.answers[intent]
		e := Entry{Intent: intent, Title: about.Title, Review: about.Review, Own: l.own(answerFile(language, intent))}
		if a, ok := c.answers[intent]; ok {
			e.Title, e.Checked = a.Title, a.Checked
		} else {
			e.Missing = true
		}
		all = append(all, e)
	}
	return all
}

// Draft is an answer as an editor has it at hand.
type Draft struct {
	Language bot.Language
	Intent   bot.Intent
	// Version is that of the text it was made from, empty for a new translation.
	Version string
	Fields  []Field
	// Facts are what the placeholders stand for, by name.
	Facts map[string]string
	// Source is the Dutch text, for translators; empty in Dutch.
	Source string
}

// Field is a part of an answer in a form: the text, the items of a list on lines of
// their own, or a day as 2026-11-27.
type Field struct {
	Name string // the key in the file, such as "short"; see docs/content.md
	Text string
	List bool
	Day  bool
}

// Verdict is what the gate says of a draft, and how residents would get it.
type Verdict struct {
	Problems []Problem
	SMS      string
	Segments int
	Page     string
}

// OK reports whether the draft may be published.
func (v Verdict) OK() bool { return len(Errors(v.Problems)) == 0 }

// Draft returns an answer to be changed, or bot.ErrNotFound for a subject or a
// language that there is not.
func (l *Library) Draft(language bot.Language, intent bot.Intent) (Draft, error) {
	a, err := l.unfilled(language, intent)
	if err != nil {
		return Draft{}, err
	}
	s := l.shelf.Load()
	d := Draft{Language: language, Intent: intent, Version: a.Version, Facts: map[string]string{}}
	for _, p := range a.editable(s.dutch.answers[intent], language) {
		f := Field{Name: p.name, List: p.list != nil, Day: p.day != nil}
		switch {
		case p.text != nil:
			f.Text = *p.text
		case p.list != nil:
			f.Text = strings.Join(*p.list, "\n")
		case !p.day.IsZero():
			f.Text = p.day.Format(time.DateOnly)
		}
		d.Fields = append(d.Fields, f)
	}
	for _, name := range slices.Concat(placeholders(a), placeholders(s.dutch.answers[intent])) {
		d.Facts[name] = s.catalogues[language].facts[name]
	}
	if c := s.catalogues[language]; c.foreign() {
		d.Source = s.dutch.fill(s.dutch.full(s.dutch.answers[intent], bot.Telegram))
	}
	return d, nil
}

// editable are the parts that an editor changes: those that an answer of its kind
// has.
func (a *Answer) editable(about *Answer, language bot.Language) []part {
	product := []string{"intro", "steps", "when", "bring", "cost", "duration", "more", "requirements", "authority", "rule", "disagree", "link"}
	business := []string{"requirements", "authority", "rule"}
	all := slices.DeleteFunc(a.parts(), func(p part) bool {
		if about.Kind != KindProduct {
			return slices.Contains(product, p.name)
		}
		return p.name == "full" || about.Audience == "citizen" && slices.Contains(business, p.name)
	})
	all = append(all, part{name: "terms", list: &a.Terms})
	if language == bot.Dutch {
		all = append(all, part{name: "sources", list: &a.Sources}, part{name: "review", day: &a.Review})
	}
	return all
}

// answerFile is where an answer stands.
func answerFile(language bot.Language, intent bot.Intent) string {
	return path.Join(string(language), "answers", string(intent)+".toml")
}

// unfilled is an answer as its file has it, with the facts still to be filled in; an
// empty one for what is not translated.
func (l *Library) unfilled(language bot.Language, intent bot.Intent) (*Answer, error) {
	s := l.shelf.Load()
	if s.catalogues[language] == nil || s.dutch.answers[intent] == nil {
		return nil, bot.ErrNotFound
	}
	files, err := l.files()
	if err != nil {
		return nil, err
	}
	a, err := readAnswer(files, answerFile(language, intent))
	if errors.Is(err, fs.ErrNotExist) {
		return &Answer{Intent: intent}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	return &a, nil
}

// Judge says whether a draft may be published. It fails with bot.ErrNotFound and
// when the texts cannot be read.
func (l *Library) Judge(d Draft, now time.Time) (Verdict, error) {
	_, v, err := l.judge(d, now)
	return v, err
}

// Publish writes a draft that the gate allows into the folder of the municipality, and
// takes it into use: here at once, in other servers on the same folder within seconds.
// It fails with ErrRejected, with the verdict, and with ErrChanged.
func (l *Library) Publish(d Draft, by string, now time.Time) (Verdict, error) {
	l.publishing.Lock()
	defer l.publishing.Unlock()
	if l.options.Folder == "" {
		return Verdict{}, errors.New("locales: there is no folder for own texts: set [content] folder")
	}
	a, v, err := l.judge(d, now)
	switch {
	case err != nil:
		return v, err
	case !v.OK():
		return v, ErrRejected
	case a.Version != d.Version:
		return v, ErrChanged
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Published at the desk by %q on %s.\n\n", by, now.Format("2006-01-02 15:04"))
	b.Write(a.file())
	if err := replaceFile(filepath.Join(l.options.Folder, filepath.FromSlash(answerFile(d.Language, d.Intent))), b.Bytes()); err != nil {
		return v, fmt.Errorf("locales: publish: %w", err)
	}
	return v, l.Reload()
}

// judge makes the answer of a draft, of which Version is still that of the file, and
// judges it.
func (l *Library) judge(d Draft, now time.Time) (*Answer, Verdict, error) {
	a, err := l.unfilled(d.Language, d.Intent)
	if err != nil {
		return nil, Verdict{}, err
	}
	s, err := l.read()
	if err != nil {
		return nil, Verdict{}, err
	}
	file := answerFile(d.Language, d.Intent)
	refuse := func(name, rule, message string) (*Answer, Verdict, error) {
		return a, Verdict{Problems: []Problem{{File: file, Item: string(d.Intent), Part: name, Rule: rule, Message: message}}}, nil
	}
	for _, p := range a.editable(s.dutch.answers[d.Intent], d.Language) {
		if err := p.set(d.field(p.name)); err != nil {
			return refuse(p.name, "required", err.Error())
		}
	}
	a.Checked = now.UTC().Truncate(24 * time.Hour)
	served, err := parseAnswer(d.Intent, a.file())
	if err != nil {
		return refuse("", "required", err.Error())
	}
	c := s.catalogues[d.Language]
	if err := c.complete(&served); err != nil {
		return refuse("", "facts", err.Error())
	}
	c.answers[d.Intent] = &served

	problems, err := s.check(l.options.Gate, func(f string) bool {
		return f == file || inDutch(f) == file || l.own(f)
	})
	if err != nil {
		return nil, Verdict{}, err
	}
	v := Verdict{}
	for _, p := range problems {
		switch {
		case p.File == file:
		case p.Item == string(d.Intent) && p.differs():
			p.Warning = true // the translation is withheld until it says the same
		case !p.Warning && l.own(p.File): // nothing new is taken into use with it
		default:
			continue
		}
		v.Problems = append(v.Problems, p)
	}
	return a, v, l.preview(&v, c, d.Intent)
}

// preview adds how residents would get an answer.
func (l *Library) preview(v *Verdict, c *Catalog, intent bot.Intent) error {
	reply := bot.Reply{Parts: []bot.Part{{Key: bot.AnswerKey(intent)}}}
	sms, err := c.Render(bot.SMS, reply)
	if err != nil {
		return err
	}
	page, err := c.Render(bot.WebChat, reply)
	if err != nil {
		return err
	}
	gate, err := l.options.Gate(c.tag)
	if err != nil {
		return err
	}
	v.SMS, v.Page, v.Segments = sms.Text, page.Text, gate.Segments(sms.Text)
	return nil
}

// field is the text of a field, empty when there is none.
func (d Draft) field(name string) string {
	for _, f := range d.Fields {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}

// set puts the text of a form into its place.
func (p part) set(text string) error {
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	switch {
	case p.text != nil:
		*p.text = text
	case p.list != nil:
		*p.list = nil
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" {
				*p.list = append(*p.list, line)
			}
		}
	default:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return errors.New("geef een dag, zoals 2027-06-30")
		}
		*p.day = day
	}
	return nil
}

// replaceFile writes a file so that a reader sees all of it or nothing, also after a
// loss of power.
func replaceFile(name string, data []byte) (err error) {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // texts are public
		return err
	}
	f, err := os.CreateTemp(folder, ".publish-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(data)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil { //nolint:gosec // texts are public
		return err
	}
	return os.Rename(f.Name(), name)
}

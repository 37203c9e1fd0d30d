package locales

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/balie-nl/balie/bot"
)

//go:embed */*.toml */answers/*.toml
var embedded embed.FS

// Library is the texts in all languages with the facts of one municipality. It is
// safe for concurrent use; Reload changes what it holds at once for everybody.
type Library struct {
	options    Options
	shelf      atomic.Pointer[shelf]
	publishing sync.Mutex
}

// Options say what a library holds.
type Options struct {
	// Facts are what differs per municipality; their names stand in texts in braces.
	Facts map[string]string
	// Translations are facts in other languages, by language and name. What is not there
	// is used in Dutch.
	Translations map[string]map[string]string
	// Zone is where the moments in texts are.
	Zone *time.Location
	// Folder holds files of the municipality itself, each in the place of the
	// program's own file with the same name, such as nl/answers/paspoort.toml. It is
	// empty for none.
	Folder string
	// Gate judges the texts of a language. Of the folder nothing is taken that it
	// rejects; the program's own texts have passed it with the example's facts.
	Gate func(language string) (Gate, error)
}

// shelf is what a library holds at one moment.
type shelf struct {
	dutch      *Catalog
	catalogues map[bot.Language]*Catalog
}

// Open reads the texts. Its error names every problem.
func Open(o Options) (*Library, error) {
	l := &Library{options: o}
	if err := l.Reload(); err != nil {
		return nil, err
	}
	return l, nil
}

// Reload reads all texts anew. When that fails, or the gate rejects a file of the
// municipality, everything stays as it was. A translation that says something else
// than the municipality's own Dutch text is left out, so that Dutch comes instead.
func (l *Library) Reload() error {
	s, err := l.read()
	if err != nil {
		return err
	}
	if l.options.Folder != "" {
		// The program's own texts have been judged; those of the municipality have not,
		// nor whether translations still fit them.
		problems, err := s.check(l.options.Gate, func(file string) bool { return l.own(file) || l.own(inDutch(file)) })
		if err != nil {
			return err
		}
		var rejected []error
		for _, p := range Errors(problems) {
			if p.differs() {
				s.withhold(p)
			} else if l.own(p.File) {
				rejected = append(rejected, errors.New(p.String()))
			}
		}
		if err := errors.Join(rejected...); err != nil {
			return err
		}
	}
	l.shelf.Store(s)
	return nil
}

// inDutch is the Dutch file with the name of a file in any language.
func inDutch(file string) string {
	_, name, _ := strings.Cut(file, "/")
	return string(bot.Dutch) + "/" + name
}

// own reports whether the municipality has a file of its own with this name.
func (l *Library) own(file string) bool {
	_, err := os.Stat(filepath.Join(l.options.Folder, filepath.FromSlash(file)))
	return l.options.Folder != "" && err == nil
}

// withhold leaves out the translation that a problem is about.
func (s *shelf) withhold(p Problem) {
	language, _, _ := strings.Cut(p.File, "/")
	delete(s.catalogues[bot.Language(language)].answers, bot.Intent(p.Item))
}

// read reads all texts.
func (l *Library) read() (*shelf, error) {
	files, err := l.files()
	if err != nil {
		return nil, err
	}
	folders, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, fmt.Errorf("locales: %w", err)
	}
	dutch, err := load(string(bot.Dutch), nil, files, l.options)
	if err != nil {
		return nil, err
	}
	s := &shelf{dutch: dutch, catalogues: map[bot.Language]*Catalog{bot.Dutch: dutch}}
	var problems []error
	for _, folder := range folders {
		if !folder.IsDir() || folder.Name() == dutch.tag {
			continue
		}
		c, err := load(folder.Name(), dutch, files, l.options)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		s.catalogues[bot.Language(c.tag)] = c
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return s, nil
}

// files are the program's own texts with those of the municipality over them.
func (l *Library) files() (fs.FS, error) {
	if l.options.Folder == "" {
		return embedded, nil
	}
	if info, err := os.Stat(l.options.Folder); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("locales: the folder with own content %s is not there: make it, or leave [content] folder empty", l.options.Folder)
	}
	return overlay{below: embedded, above: os.DirFS(l.options.Folder)}, nil
}

// overlay is a file system whose upper layer hides files of the lower one.
type overlay struct{ below, above fs.FS }

// Open implements fs.FS.
func (o overlay) Open(name string) (fs.File, error) {
	f, err := o.above.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return o.below.Open(name)
	}
	return f, err
}

// ReadDir implements fs.ReadDirFS: the names of both layers.
func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	all := map[string]fs.DirEntry{}
	found := false
	for _, layer := range []fs.FS{o.below, o.above} {
		entries, err := fs.ReadDir(layer, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = true
		for _, e := range entries {
			all[e.Name()] = e
		}
	}
	if !found {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	names := slices.Sorted(maps.Keys(all))
	entries := make([]fs.DirEntry, len(names))
	for i, name := range names {
		entries[i] = all[name]
	}
	return entries, nil
}

// Dutch is the catalogue that the others are translations of.
func (l *Library) Dutch() *Catalog { return l.shelf.Load().dutch }

// Catalog is the catalogue of a language; the Dutch one for a language without.
func (l *Library) Catalog(language bot.Language) *Catalog {
	s := l.shelf.Load()
	if c, ok := s.catalogues[language]; ok {
		return c
	}
	return s.dutch
}

// Speaks reports whether there are texts in a language.
func (l *Library) Speaks(language bot.Language) bool {
	_, ok := l.shelf.Load().catalogues[language]
	return ok
}

// Languages are the languages that there are texts in, Dutch first.
func (l *Library) Languages() []bot.Language { return l.shelf.Load().languages() }

func (s *shelf) languages() []bot.Language {
	all := slices.Sorted(maps.Keys(s.catalogues))
	i := slices.Index(all, bot.Dutch)
	return append([]bot.Language{bot.Dutch}, slices.Delete(all, i, i+1)...)
}

// Has reports whether there is a curated answer for the intent.
func (l *Library) Has(i bot.Intent) bool { return l.Dutch().Has(i) }

// Sensitive reports whether the subject always goes to a person as well.
func (l *Library) Sensitive(i bot.Intent) bool { return l.Dutch().Sensitive(i) }

// Text returns a text of a page in Dutch; see Catalog.Text.
func (l *Library) Text(key string, pairs ...string) string { return l.Dutch().Text(key, pairs...) }

// Label returns what a choice is called in Dutch, empty for one that is not known.
func (l *Library) Label(id bot.ChoiceID) string {
	label, err := l.Dutch().label(id)
	if err != nil {
		return ""
	}
	return label
}

// Tag is the language of Text.
func (l *Library) Tag() string { return l.Dutch().Tag() }

// Check judges all texts, also translations that are withheld because they say
// something else than the municipality's own Dutch text: those are warnings.
func (l *Library) Check() ([]Problem, error) {
	s, err := l.read()
	if err != nil {
		return nil, err
	}
	all, err := s.check(l.options.Gate, func(string) bool { return true })
	for i, p := range all {
		if p.differs() && l.own(answerFile(bot.Dutch, bot.Intent(p.Item))) {
			all[i].Warning = true
		}
	}
	return all, err
}

func (s *shelf) check(gate func(string) (Gate, error), wanted func(file string) bool) ([]Problem, error) {
	var all []Problem
	for _, language := range s.languages() {
		g, err := gate(string(language))
		if err != nil {
			return nil, fmt.Errorf("locales: gate for %s: %w", language, err)
		}
		all = append(all, g.check(s.catalogues[language], s.dutch, s.catalogues["en"], wanted)...)
	}
	return all, nil
}

// Fingerprint changes when a file of the municipality's folder does; it is the same
// for ever without a folder.
func (l *Library) Fingerprint() (string, error) {
	if l.options.Folder == "" {
		return "", nil
	}
	sum := sha256.New()
	err := fs.WalkDir(os.DirFS(l.options.Folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		fmt.Fprintln(sum, path, info.Size(), info.ModTime().UnixNano())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("locales: look at %s: %w", l.options.Folder, err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Voice is the texts of the pages in one language, as they are at each moment.
type Voice struct {
	library *Library
	tag     bot.Language
}

// Voices are the languages other than Dutch that pages can be in.
func (l *Library) Voices() []Voice {
	var all []Voice
	for _, language := range l.Languages()[1:] {
		all = append(all, Voice{l, language})
	}
	return all
}

// Text returns a text of a page; see Catalog.Text.
func (v Voice) Text(key string, pairs ...string) string {
	return v.library.Catalog(v.tag).Text(key, pairs...)
}

// Tag is the language as BCP 47, but for easier Dutch.
func (v Voice) Tag() string { return string(v.tag) }

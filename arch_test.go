// Package balie_test checks what holds for the project as a whole: which package
// may import what, and where the clock may be read.
package balie_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/balie-nl/balie"

// fasthttpVersion is the newest release with which fiber's own tests pass. An
// older one reads requests in ways that a proxy does not, and newer ones change
// what fiber relies on. Raise it only together with fiber.
const fasthttpVersion = "v1.61.0"

// rule says what a package may import besides the standard library. A name ends
// in /... when everything below it is meant too.
type rule struct {
	ours   []string // inside the module
	others []string
	never  []string // of the standard library
}

var (
	noProvider = []string{"net/http", "database/sql"}
	web        = []string{"github.com/gofiber/fiber/v2/...", "github.com/valyala/fasthttp/..."}
	shared     = []string{"bot", "bot/service", "locales", "channels", "channels/stream", "channels/page"}
)

// rules is the table of design: a package without a row is checked by the row of
// the folder above it.
var rules = map[string]rule{
	"bot":                 {never: noProvider},
	"bot/dialogue":        {ours: []string{"bot"}, never: noProvider},
	"bot/service":         {ours: []string{"bot"}, others: []string{"github.com/rickar/cal/v2/..."}, never: noProvider},
	"bot/pipeline":        {ours: []string{"bot", "bot/dialogue"}, never: noProvider},
	"bot/store":           {ours: []string{"bot"}, others: []string{"modernc.org/sqlite/...", "github.com/jackc/pgx/v5/...", "github.com/pressly/goose/v3/..."}, never: []string{"net/http"}},
	"bot/store/storetest": {ours: []string{"bot", "bot/store"}, others: []string{"github.com/google/go-cmp/...", "github.com/jackc/pgx/v5"}},
	"intents":             {ours: []string{"bot", "intents/language", "intents/svm"}, others: []string{"github.com/nlpodyssey/spago/...", "github.com/BurntSushi/toml", "golang.org/x/text/..."}, never: noProvider},
	"intents/evaluation":  {ours: []string{"bot"}, never: noProvider},
	"intents/language":    {ours: []string{"bot"}, others: []string{"golang.org/x/text/unicode/norm"}, never: noProvider},
	"intents/baseline":    {ours: []string{"bot", "intents/svm"}, never: noProvider},
	"intents/svm":         {others: []string{"golang.org/x/sync/errgroup"}, never: noProvider},
	"intents/entities":    {others: []string{"github.com/nyaruka/phonenumbers", "golang.org/x/text/unicode/norm"}, never: noProvider},
	"locales":             {ours: []string{"bot", "locales/plain"}, others: []string{"github.com/BurntSushi/toml", "github.com/go-playground/locales/..."}, never: noProvider},
	"locales/plain":       {never: noProvider},
	"locales/plain/fit":   {ours: []string{"locales/plain"}, never: noProvider},
	"channels":            {ours: shared, others: append([]string{"github.com/prometheus/client_golang/...", "golang.org/x/time/rate"}, web...), never: []string{"database/sql"}},
	"channels/stream":     {ours: shared, others: web, never: []string{"database/sql"}},
	"channels/page":       {ours: shared, others: web, never: []string{"database/sql"}},
	// Helpers for the tests of pages.
	"channels/page/pagetest": {ours: append([]string{"channels/channeltest"}, shared...), others: append([]string{"github.com/BurntSushi/toml"}, web...)},
	"channels/photo":         {others: []string{"github.com/bep/imagemeta", "golang.org/x/image/draw"}, never: noProvider},
	"channels/webchat":       {ours: append([]string{"channels/photo"}, shared...), others: web, never: []string{"database/sql"}},
	"channels/desk":          {ours: shared, others: append([]string{"golang.org/x/crypto/..."}, web...), never: []string{"database/sql"}},
	"channels/twilio":        {ours: shared, others: append([]string{"github.com/twilio/twilio-go/client", "github.com/twilio/twilio-go/rest/api/v2010"}, web...), never: []string{"database/sql"}},
	"channels/sms":           {ours: append([]string{"channels/twilio"}, shared...), others: append([]string{"golang.org/x/text/unicode/norm"}, web...), never: []string{"database/sql"}},
	"channels/telegram":      {ours: shared, others: append([]string{"github.com/go-telegram/bot/..."}, web...), never: []string{"database/sql"}},
	"channels/channeltest":   {ours: []string{"bot"}, others: web},
}

// listed is what go list says of a package.
type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(run(t, "go", "list", "-json=ImportPath,Dir,Imports,GoFiles", "./...")))
	var all []listed
	for {
		var p listed
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	command := exec.CommandContext(t.Context(), name, args...)
	var problems bytes.Buffer
	command.Stderr = &problems
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, &problems)
	}
	return out
}

// inside returns the path of a package of ours within the module.
func inside(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// ruleFor finds the row of a package, or of the nearest folder above it.
func ruleFor(name string) (rule, bool) {
	for {
		if r, ok := rules[name]; ok {
			return r, true
		}
		above, _, nested := cutLast(name)
		if !nested {
			return rule{}, false
		}
		name = above
	}
}

func cutLast(s string) (before, after string, found bool) {
	i := strings.LastIndex(s, "/")
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// allowed reports whether a path is on a list.
func allowed(list []string, path string) bool {
	return slices.ContainsFunc(list, func(name string) bool {
		folder, below := strings.CutSuffix(name, "/...")
		return path == folder || below && strings.HasPrefix(path, folder+"/")
	})
}

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

func TestDependencies(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range packages(t) {
		name, ok := inside(p.ImportPath)
		if !ok || name == "" || strings.HasPrefix(name, "cmd/") || strings.HasPrefix(name, "node_modules/") {
			continue
		}
		seen++
		r, ok := ruleFor(name)
		if !ok {
			t.Errorf("%s has no row in the table of what may be imported", name)
			continue
		}
		for _, path := range p.Imports {
			ours, isOurs := inside(path)
			switch {
			case isOurs && !allowed(r.ours, ours), !isOurs && !standard(path) && !allowed(r.others, path), allowed(r.never, path):
				t.Errorf("%s must not import %s", name, path)
			}
		}
	}
	if seen < 8 {
		t.Errorf("only %d packages were checked", seen)
	}
}

// TestClock finds code that reads the clock by itself. Tests could not set the
// time of such code, and what it did could not be repeated.
func TestClock(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		name, ok := inside(p.ImportPath)
		if !ok || strings.HasPrefix(name, "cmd/") || name == "channels/channeltest" {
			continue
		}
		for _, file := range p.GoFiles {
			for _, at := range clockReads(t, filepath.Join(p.Dir, file)) {
				t.Errorf("%s: time.Now outside cmd; take a clock as a value", at)
			}
		}
	}
}

// clockReads returns where a file uses time.Now, time.Since or time.Until.
func clockReads(t *testing.T, path string) []token.Position {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	clock := ""
	for _, spec := range file.Imports {
		if imported, err := strconv.Unquote(spec.Path.Value); err != nil || imported != "time" {
			continue
		}
		clock = "time"
		if spec.Name != nil {
			clock = spec.Name.Name
		}
	}
	var found []token.Position
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from, ok := selector.X.(*ast.Ident)
		if ok && clock != "" && from.Name == clock && slices.Contains([]string{"Now", "Since", "Until"}, selector.Sel.Name) {
			found = append(found, files.Position(selector.Pos()))
		}
		return true
	})
	return found
}

// TestFasthttpVersion guards the pin that go get of another library can move.
func TestFasthttpVersion(t *testing.T) {
	t.Parallel()
	got := strings.TrimSpace(string(run(t, "go", "list", "-m", "-f", "{{.Version}}", "github.com/valyala/fasthttp")))
	if got != fasthttpVersion {
		t.Errorf("fasthttp is %s, want %s", got, fasthttpVersion)
	}
}

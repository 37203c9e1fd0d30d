package channeltest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// Case is a webhook request that nobody here wrote, and what is expected of it.
type Case struct {
	File        string
	Provider    string
	Expectation struct {
		HTTP   []int
		Stored any // true, false or "optional"
		Text   *string
		Kind   string
		Status string
		Sender json.Number
		Code   int `json:"error_code"`
	}
	SignURL string `json:"sign_url"`
	Token   string `json:"auth_token"`
	Headers map[string]string
	Target  string // path and query of the request
	Body    string
}

// CasesOf reads the cases of one provider. The test is skipped where they are
// absent.
func CasesOf(t testing.TB, provider string) []Case {
	t.Helper()
	dir := Cases(t)
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var found []Case
	for line := range bytes.Lines(manifest) {
		var head struct{ Provider string }
		if err := json.Unmarshal(line, &head); err != nil {
			t.Fatal(err)
		}
		if head.Provider != provider {
			continue
		}
		var c Case
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, c.File))
		if err != nil {
			t.Fatal(err)
		}
		c.Body = string(raw)
		if filepath.Ext(c.File) == ".http" {
			c.read(t, raw)
		}
		found = append(found, c)
	}
	if len(found) == 0 {
		t.Fatalf("no cases for %s", provider)
	}
	return found
}

// read takes a whole recorded request apart.
func (c *Case) read(t testing.TB, raw []byte) {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatalf("%s: %v", c.File, err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("%s: %v", c.File, err)
	}
	c.Target, c.Body, c.Headers = r.RequestURI, string(body), map[string]string{}
	for name := range r.Header {
		c.Headers[name] = r.Header.Get(name)
	}
}

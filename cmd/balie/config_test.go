package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// vars is an environment for a test.
func vars(pairs ...string) func(string) string {
	env := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "balie.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestExampleConfigServes(t *testing.T) {
	t.Parallel()
	cfg, err := LoadConfig("", vars())
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := newBrain(cfg); err != nil {
		t.Fatalf("the example lacks something: %v", err)
	}
	if cfg.Twilio.On() || cfg.Telegram.On() {
		t.Error("a channel is on without credentials")
	}
}

func TestEveryProblemIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	path := write(t, `
		public_url = "chat.gemeente.nl/pad"
		trusted_proxies = ["overal"]
		kleur = "blauw"
		[content]
		editors = ["a.jansen"]
		[twilio]
		number = "0612345678"
		[telegram]
		api_base = "nergens"
	`)
	_, err := LoadConfig(path, vars("BALIE_TELEGRAM_TOKEN", "geheim", "BALIE_DATABASE", "mysql://x", "BALIE_TELEGRAM_SECRET_FILE", "/bestaat/niet"))
	if err == nil {
		t.Fatal("LoadConfig accepted it")
	}
	text := explain(err)
	for _, want := range []string{
		"things to mend", "kleur", "BALIE_PUBLIC_URL", "trusted_proxies", "BALIE_TWILIO_ACCOUNT_SID and BALIE_TWILIO_AUTH_TOKEN",
		"BALIE_TELEGRAM_API_BASE", "BALIE_TELEGRAM_TOKEN", "BALIE_TELEGRAM_SECRET_FILE", "BALIE_DATABASE", "facts.gemeente", "facts.telefoon", "content.folder",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the list does not name %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "geheim") {
		t.Error("the list shows a secret")
	}
}

func TestHalfConfiguredChannels(t *testing.T) {
	t.Parallel()
	twilio := []string{"BALIE_TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000001", "BALIE_TWILIO_AUTH_TOKEN", "12345", "BALIE_TWILIO_NUMBER", "+3197010240000"}
	for _, tt := range []struct {
		name string
		env  []string
		want string // empty: accepted
	}{
		{"SMS complete", append([]string{"BALIE_PUBLIC_URL", "https://gw.example.nl/"}, twilio...), ""},
		{"SMS without public address", twilio, "BALIE_PUBLIC_URL"},
		{"SMS without token", []string{"BALIE_TWILIO_ACCOUNT_SID", "AC1", "BALIE_TWILIO_NUMBER", "+3197010240000"}, "BALIE_TWILIO_AUTH_TOKEN"},
		{"Telegram on a laptop", []string{"BALIE_TELEGRAM_TOKEN", "1:a"}, ""},
		{"Telegram with a webhook", []string{"BALIE_TELEGRAM_TOKEN", "1:a", "BALIE_TELEGRAM_SECRET", "s", "BALIE_PUBLIC_URL", "https://gw.example.nl"}, ""},
		{"Telegram with a webhook without secret", []string{"BALIE_TELEGRAM_TOKEN", "1:a", "BALIE_PUBLIC_URL", "https://gw.example.nl"}, "BALIE_TELEGRAM_SECRET"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := LoadConfig("", vars(tt.env...))
			switch {
			case tt.want == "" && err != nil:
				t.Fatal(err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Fatalf("error %v, want one that names %s", err, tt.want)
			case strings.HasSuffix(cfg.PublicURL, "/"):
				t.Errorf("public address %q ends with a slash", cfg.PublicURL)
			}
		})
	}
}

func TestSecretFromFile(t *testing.T) {
	t.Parallel()
	path := write(t, "1:abc\n")
	cfg, err := LoadConfig("", vars("BALIE_TELEGRAM_TOKEN_FILE", path))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Telegram.Token != "1:abc" {
		t.Errorf("token %q", cfg.Telegram.Token)
	}
}

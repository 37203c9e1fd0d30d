package twilio_test

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/twilio"
)

// vector is a signature made by Twilio's own libraries.
type vector struct {
	Token, URL, Signature string
	Params                map[string]any
	Body                  *string
	Valid                 bool
}

func (v vector) form() url.Values {
	form := url.Values{}
	for name, value := range v.Params {
		switch value := value.(type) {
		case string:
			form.Add(name, value)
		case []any:
			for _, one := range value {
				form.Add(name, one.(string))
			}
		}
	}
	return form
}

func TestSignatureVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(channeltest.Cases(t), "twilio-signature", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v vector
			if err := json.Unmarshal(raw, &v); err != nil {
				t.Fatal(err)
			}
			var got bool
			if v.Body != nil && v.Params == nil {
				got = twilio.ValidBody(v.Token, v.URL, v.Signature, []byte(*v.Body))
			} else {
				got = twilio.Valid(v.Token, v.URL, v.Signature, v.form())
			}
			if got != v.Valid {
				t.Errorf("valid: %v, want %v", got, v.Valid)
			}
			if twilio.Valid("other"+v.Token, v.URL, v.Signature, v.form()) || twilio.Valid("", v.URL, v.Signature, v.form()) {
				t.Error("valid with a wrong token or none")
			}
			if v.Params != nil {
				form := v.form()
				form.Set("Extra", "1")
				if twilio.Valid(v.Token, v.URL, v.Signature, form) {
					t.Error("valid with a parameter that was not signed")
				}
			}
		})
	}
}

func TestNoTokenIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := twilio.NewVerifier("https://gw.example.nl", ""); err == nil {
		t.Error("a verifier without a token")
	}
	if _, err := twilio.NewVerifier("gw.example.nl", "12345"); err == nil {
		t.Error("a verifier without an address")
	}
	signature := channeltest.SignTwilio("", "https://gw.example.nl/x", nil)
	if twilio.Valid("", "https://gw.example.nl/x", signature, nil) {
		t.Error("a signature without a token is valid")
	}
}

// TestForm sends real requests, whose address fiber must pass on unchanged.
func TestForm(t *testing.T) {
	t.Parallel()
	const public = "https://gw.example.nl/balie"
	base := serve(t, public+"/", "12345")
	form := url.Values{"A": {"1"}, "B": {"é 👋", ""}}
	for _, tc := range []struct {
		name, path, signedPath, body string
		token                        string
		header                       map[string]string
		status                       int
	}{
		{name: "plain", path: "/in", body: form.Encode(), status: 200},
		{name: "query", path: "/in?message=7&x=%20", body: form.Encode(), status: 200},
		{name: "empty query", path: "/in?", body: form.Encode(), status: 200},
		{name: "empty body", path: "/in", status: 200},
		{name: "quote escaped on the way", path: "/in?a=it%27s", signedPath: "/in?a=it's", body: form.Encode(), status: 200},
		{name: "other query", path: "/in?message=8", signedPath: "/in?message=7", body: form.Encode(), status: 403},
		{name: "other token", path: "/in", body: form.Encode(), token: "54321", status: 403},
		{
			name: "headers do not count", path: "/in", body: form.Encode(), status: 200,
			header: map[string]string{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
		},
		{name: "malformed form", path: "/in", body: "A=1&B=%zz", status: 400},
		{name: "malformed and unsigned", path: "/in", body: "A=1&B=%zz", token: "54321", status: 403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			token, signed := "12345", tc.path
			if tc.token != "" {
				token = tc.token
			}
			if tc.signedPath != "" {
				signed = tc.signedPath
			}
			values, _ := url.ParseQuery(tc.body)
			header := map[string]string{
				"Content-Type":       "application/x-www-form-urlencoded",
				"X-Twilio-Signature": channeltest.SignTwilio(token, public+signed, values),
			}
			for name, value := range tc.header {
				header[name] = value
			}
			status, body, err := channeltest.Post(t.Context(), base+tc.path, tc.body, header)
			if err != nil || status != tc.status {
				t.Errorf("got %d %q %v, want %d", status, body, err, tc.status)
			}
		})
	}
	t.Run("unsigned", func(t *testing.T) {
		t.Parallel()
		if status, _, err := channeltest.Post(t.Context(), base+"/in", form.Encode(), nil); err != nil || status != 403 {
			t.Errorf("got %d %v, want 403", status, err)
		}
	})
	t.Run("body by its hash", func(t *testing.T) {
		t.Parallel()
		path := "/in?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
		for body, want := range map[string]int{"{}": 200, "{ }": 403} {
			status, _, err := channeltest.Post(t.Context(), base+path, body, map[string]string{
				"Content-Type": "application/json", "X-Twilio-Signature": channeltest.SignTwilio("12345", public+path, nil),
			})
			if err != nil || status != want {
				t.Errorf("%s: got %d %v, want %d", body, status, err, want)
			}
		}
	})
}

func serve(t *testing.T, public, token string) string {
	t.Helper()
	app, err := channels.New(channels.Config{PublicURL: public, Log: slog.New(slog.DiscardHandler), Registry: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := twilio.NewVerifier(public, token)
	if err != nil {
		t.Fatal(err)
	}
	app.Post("/in", func(c *fiber.Ctx) error {
		if _, err := verifier.Form(c); err != nil {
			return err
		}
		return c.SendStatus(fiber.StatusOK)
	})
	return channeltest.Serve(t, app)
}

// FuzzSignature checks that what is signed is valid, and that both sides agree
// on the signature, for any address and form.
func FuzzSignature(f *testing.F) {
	f.Add("https://gw.example.nl/in?a='", "A=1&A=1&A=0&B=")
	f.Add("http://gw.example.nl:8080/in", "a=%00&%zz")
	f.Add("https://[::1]/in?x=%27", "")
	f.Add("?\x00", ";;&&==")
	f.Fuzz(func(t *testing.T, address, body string) {
		form, _ := url.ParseQuery(body)
		signature := twilio.Sign("12345", address, form)
		if signature != channeltest.SignTwilio("12345", address, form) {
			t.Error("another signature")
		}
		if !twilio.Valid("12345", address, signature, form) {
			t.Error("signed, but not valid")
		}
		if twilio.Valid("1234", address, signature, form) {
			t.Error("valid with another token")
		}
	})
}

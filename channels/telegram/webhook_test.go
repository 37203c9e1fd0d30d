package telegram_test

import (
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/channeltest"
	"github.com/balie-nl/balie/channels/telegram"
)

const (
	public = "https://gw.example.nl"
	path   = "/webhooks/telegram"
	secret = "DEADBEEF12345678DEADBEEF87654321"
	botID  = "123456"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// gateway is a Telegram channel behind a real listener.
type gateway struct {
	channel  *telegram.Channel
	telegram *channeltest.Telegram
	inbox    *channeltest.Inbox
	base     string
}

func start(t *testing.T, secret string, clock func() time.Time) *gateway {
	t.Helper()
	g := &gateway{telegram: channeltest.NewTelegram(t), inbox: channeltest.NewInbox()}
	log := slog.New(slog.DiscardHandler)
	channel, err := telegram.New(telegram.Config{
		Token: g.telegram.Token, Secret: secret, APIBase: g.telegram.URL(), Now: clock, Log: log,
	}, g.inbox)
	if err != nil {
		t.Fatal(err)
	}
	app, err := channels.New(channels.Config{PublicURL: public, Log: log, Registry: prometheus.NewRegistry()})
	if err != nil {
		t.Fatal(err)
	}
	channel.Routes(app)
	g.channel, g.base = channel, channeltest.Serve(t, app)
	return g
}

func fixed() time.Time { return now }

func (g *gateway) post(t *testing.T, update string) int {
	t.Helper()
	code, err := channeltest.PostTelegram(t.Context(), g.base, path, secret, update)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// message is an update with a message of these fields in a private chat.
func message(fields string) string {
	return `{"update_id":5,"message":{"message_id":9,"date":1,"chat":{"id":23,"type":"private"},"from":{"id":42,"is_bot":false},` + fields + `}}`
}

func TestInbound(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("paspoort ", 500)
	text := func(s string) *bot.Inbound { return &bot.Inbound{Kind: bot.KindText, Text: s} }
	media := &bot.Inbound{Kind: bot.KindMedia}
	for _, tc := range []struct {
		name, update string
		want         *bot.Inbound // nil: nothing stored
	}{
		{"text", message(`"text":"Ik wil een paspoort"`), text("Ik wil een paspoort")},
		{"start", message(`"text":"/start folder_7","entities":[{"type":"bot_command","offset":0,"length":6}]`), text("/start folder_7")},
		{"emoji only", message(`"text":"👋🏽🙏"`), text("👋🏽🙏")},
		{"right to left", message(`"text":"أريد جواز سفر"`), text("أريد جواز سفر")},
		{"over 4,000 characters", message(`"text":"` + long + `"`), text(long[:bot.MaxText])},
		{"control characters", message(`"text":"a\u0000b\u001bc"`), text("ab c")},
		{"half a surrogate pair", message(`"text":"a\ud83d"`), text("a")},
		{"photo, the largest size", message(`"photo":[{"file_id":"s","width":90},{"file_id":"x","width":1280},{"file_id":"m","width":320}]`), &bot.Inbound{Kind: bot.KindMedia, Photo: "telegram:x"}},
		{"photo with text", message(`"photo":[{"file_id":"x"}],"caption":"deze lantaarn"`), &bot.Inbound{Kind: bot.KindText, Text: "deze lantaarn", Photo: "telegram:x"}},
		{"photo with an odd name", message(`"photo":[{"file_id":"../x"}]`), media},
		{"photos of an odd form", message(`"photo":{"file_id":7}`), media},
		{"voice", message(`"voice":{"file_id":"x","duration":3}`), media},
		{"sticker of an odd form", message(`"sticker":{"is_animated":1}`), media},
		{"location", message(`"location":{"latitude":52.090737,"longitude":5.12142}`), &bot.Inbound{Kind: bot.KindMedia, Text: "geo:52.09074,5.12142"}},
		{"location off the earth", message(`"location":{"latitude":152.1,"longitude":5.1}`), media},
		{"location of an odd form", message(`"location":{"latitude":"x"}`), media},
		{"contact", message(`"contact":{"phone_number":"+31612345678"}`), media},
		{"document", message(`"document":{"file_id":"x"}`), media},
		{"kind of the future", message(`"hologram":{"file_id":"x"}`), media},
		{"nothing that the Bot API can show", message(`"has_protected_content":true`), media},
		{"pinned", message(`"pinned_message":{"message_id":1}`), nil},
		{"another bot", `{"update_id":5,"message":{"chat":{"id":23,"type":"private"},"from":{"id":42,"is_bot":true},"text":"x"}}`, nil},
		{"group", `{"update_id":5,"message":{"chat":{"id":-23,"type":"group"},"from":{"id":42},"text":"x"}}`, nil},
		{"edited", `{"update_id":5,"edited_message":{"chat":{"id":23,"type":"private"},"text":"x"}}`, nil},
		{"channel", `{"update_id":5,"channel_post":{"chat":{"id":-23,"type":"channel"},"text":"x"}}`, nil},
		{"unknown kind", `{"update_id":5,"new_update_kind":{"x":1}}`, nil},
		{"no chat", `{"update_id":5,"message":{"text":"x"}}`, nil},
		{"chat of an odd form", `{"update_id":5,"message":{"chat":[],"text":"x"}}`, nil},
		{"text of an odd form", message(`"text":{"a":1}`), nil},
		{"message of an odd form", `{"update_id":5,"message":7}`, nil},
		{"null", `{"update_id":5,"message":null}`, nil},
		{"choice", channeltest.ChoiceUpdate(5, 23, "q1", "intent:paspoort"), &bot.Inbound{Kind: bot.KindChoice, Choice: "intent:paspoort"}},
		{
			"choice with its label",
			`{"update_id":5,"callback_query":{"id":"q1","from":{"id":42},"data":"human","message":{"chat":{"id":23,"type":"private"},"reply_markup":{"inline_keyboard":[[{"text":"Paspoort","callback_data":"intent:paspoort"}],[{"text":"Medewerker","callback_data":"human"}]]}}}}`,
			&bot.Inbound{Kind: bot.KindChoice, Choice: bot.ChooseHuman, Text: "Medewerker"},
		},
		{"choice under an inaccessible message", `{"update_id":5,"callback_query":{"id":"q1","from":{"id":42},"data":"human","message":{"date":0,"message_id":1,"chat":{"id":23,"type":"private"}}}}`, &bot.Inbound{Kind: bot.KindChoice, Choice: bot.ChooseHuman}},
		{"choice without a message", `{"update_id":5,"callback_query":{"id":"q1","from":{"id":23},"data":"human","inline_message_id":"x"}}`, &bot.Inbound{Kind: bot.KindChoice, Choice: bot.ChooseHuman}},
		{"choice in a group", `{"update_id":5,"callback_query":{"id":"q1","from":{"id":42},"data":"human","message":{"chat":{"id":-23,"type":"group"}}}}`, nil},
		{"choice without data", `{"update_id":5,"callback_query":{"id":"q1","from":{"id":23}}}`, nil},
		{"blocked", `{"update_id":5,"my_chat_member":{"chat":{"id":23,"type":"private"},"new_chat_member":{"status":"kicked"}}}`, &bot.Inbound{Kind: bot.KindGone}},
		{"allowed again", `{"update_id":5,"my_chat_member":{"chat":{"id":23,"type":"private"},"new_chat_member":{"status":"member"}}}`, &bot.Inbound{Kind: bot.KindOptIn}},
		{"restricted", `{"update_id":5,"my_chat_member":{"chat":{"id":23,"type":"private"},"new_chat_member":{"status":"restricted"}}}`, nil},
		{"thrown out of a group", `{"update_id":5,"my_chat_member":{"chat":{"id":-23,"type":"group"},"new_chat_member":{"status":"kicked"}}}`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := start(t, secret, fixed)
			if code := g.post(t, tc.update); code != 200 {
				t.Fatalf("got %d", code)
			}
			var want []bot.Inbound
			if tc.want != nil {
				in := *tc.want
				in.Address = bot.Address{Channel: bot.Telegram, Account: botID, User: "23"}
				in.ProviderID, in.ReceivedAt = "5", now
				want = append(want, in)
			}
			if got := g.inbox.Messages(); !slices.Equal(got, want) {
				t.Errorf("stored %+v\nwant %+v", got, want)
			}
			if callback := strings.Contains(tc.update, "callback_query"); callback != slices.Contains(g.telegram.Answered(), "q1") {
				t.Errorf("answered %v", g.telegram.Answered())
			}
		})
	}
}

func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	good := channeltest.TextUpdate(1, 23, "hallo")
	for _, tc := range []struct {
		name, own, given, body string
		status                 int
	}{
		{"no secret given", secret, "", good, 403},
		{"wrong secret", secret, "wrong", good, 403},
		{"secret with more", secret, secret + "x", good, 403},
		{"none configured", "", "", good, 403},
		{"none configured, some given", "", "x", good, 403},
		{"broken JSON", secret, secret, `{invalid json}`, 400},
		{"cut JSON", secret, secret, good[:len(good)-2], 400},
		{"empty", secret, secret, "", 400},
		{"binary", secret, secret, "\x00\xff\xfe", 400},
		{"list", secret, secret, `[]`, 400},
		{"null", secret, secret, `null`, 400},
		{"number", secret, secret, `7`, 400},
		{"no update_id", secret, secret, `{"message":{}}`, 400},
		{"update_id of words", secret, secret, `{"update_id":"5"}`, 400},
		{"form", secret, secret, "a=1&b=2", 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			g := start(t, tc.own, fixed)
			code, err := channeltest.PostTelegram(t.Context(), g.base, path, tc.given, tc.body)
			if err != nil || code != tc.status {
				t.Errorf("got %d %v, want %d", code, err, tc.status)
			}
			if got := g.inbox.Messages(); len(got) != 0 {
				t.Errorf("stored %+v", got)
			}
		})
	}
}

func TestDuplicateIsAcknowledged(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	for range 3 {
		if code := g.post(t, channeltest.TextUpdate(5, 23, "hallo")); code != 200 {
			t.Errorf("got %d", code)
		}
	}
	if code := g.post(t, channeltest.TextUpdate(4, 23, "een lager nummer")); code != 200 {
		t.Errorf("got %d", code)
	}
	if got := g.inbox.Messages(); len(got) != 2 {
		t.Errorf("stored %d", len(got))
	}
}

func TestStoreFailure(t *testing.T) {
	t.Parallel()
	g := start(t, secret, fixed)
	g.inbox.SetError(errors.New("disk full"))
	update := channeltest.ChoiceUpdate(5, 23, "q1", "human")
	if code := g.post(t, update); code != 503 {
		t.Errorf("got %d", code)
	}
	if len(g.telegram.Answered()) != 0 {
		t.Error("a press that was not stored was answered")
	}
	g.inbox.SetError(nil)
	if code := g.post(t, update); code != 200 || len(g.inbox.Messages()) != 1 || len(g.telegram.Answered()) != 1 {
		t.Errorf("after the repair: %d, stored %d", code, len(g.inbox.Messages()))
	}
}

// TestCases sends updates that nobody here wrote.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, c := range channeltest.CasesOf(t, "telegram") {
		t.Run(c.File, func(t *testing.T) {
			t.Parallel()
			g := start(t, c.Headers["X-Telegram-Bot-Api-Secret-Token"], fixed)
			duplicate := strings.Contains(c.File, "duplicate")
			for range map[bool]int{true: 2, false: 1}[duplicate] {
				code, _, err := channeltest.Post(t.Context(), g.base+path, c.Body, c.Headers)
				if err != nil || !slices.Contains(c.Expectation.HTTP, code) {
					t.Fatalf("got %d %v, want %v", code, err, c.Expectation.HTTP)
				}
			}
			got := g.inbox.Messages()
			if duplicate {
				if len(got) != 1 {
					t.Errorf("stored %+v", got)
				}
				return
			}
			if stored, known := c.Expectation.Stored.(bool); known && stored != (len(got) == 1) {
				t.Fatalf("stored %+v, want %v", got, stored)
			}
			if len(got) == 0 {
				return
			}
			if c.Expectation.Text != nil && got[0].Text != *c.Expectation.Text {
				t.Errorf("text %q, want %q", got[0].Text, *c.Expectation.Text)
			}
			if c.Expectation.Sender != "" && got[0].User != c.Expectation.Sender.String() {
				t.Errorf("sender %s, want %s", got[0].User, c.Expectation.Sender)
			}
			switch kind := c.Expectation.Kind; kind {
			case "":
			case "callback":
				if got[0].Kind != bot.KindChoice || len(g.telegram.Answered()) != 1 {
					t.Errorf("kind %s, answered %v", got[0].Kind, g.telegram.Answered())
				}
			default:
				if got[0].Kind != bot.KindMedia {
					t.Errorf("kind %s for %s", got[0].Kind, kind)
				}
			}
			if strings.Contains(c.File, "blocked") && got[0].Kind != bot.KindGone {
				t.Errorf("kind %s", got[0].Kind)
			}
		})
	}
}

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	inbox := channeltest.NewInbox()
	good := telegram.Config{Token: "1:a", Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	if _, err := telegram.New(good, inbox); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*telegram.Config){
		"no token":                   func(c *telegram.Config) { c.Token = "" },
		"token with a slash":         func(c *telegram.Config) { c.Token = "1:a/../b" },
		"secret with a space":        func(c *telegram.Config) { c.Secret = "geheim woord" },
		"secret too long":            func(c *telegram.Config) { c.Secret = strings.Repeat("a", 257) },
		"no clock":                   func(c *telegram.Config) { c.Now = nil },
		"API address without scheme": func(c *telegram.Config) { c.APIBase = "localhost:1" },
	} {
		cfg := good
		change(&cfg)
		if _, err := telegram.New(cfg, inbox); err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "geheim woord") {
			t.Errorf("%s: the error shows it", name)
		}
	}
}

func TestUpdatesOfTheStandInAreUpdates(t *testing.T) {
	t.Parallel()
	for _, update := range []string{channeltest.TextUpdate(1, 2, "\"\\"), channeltest.ChoiceUpdate(1, 2, "q", "d")} {
		if !json.Valid([]byte(update)) {
			t.Error(update)
		}
	}
}

package telegram

import (
	"testing"
	"time"
	"unicode/utf8"

	"github.com/balie-nl/balie/bot"
)

// SetBackoff shortens the wait after a failed poll.
func SetBackoff(ch *Channel, d time.Duration) { ch.backoff = d }

func TestPacer(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := newPacer(func() time.Time { return now })
	for i := range 25 {
		if wait := p.reserve(); wait != 0 {
			t.Fatalf("send %d waits %v", i, wait)
		}
	}
	for i := range 10 {
		if wait, want := p.reserve(), time.Duration(i+1)*interval; wait != want {
			t.Errorf("send %d waits %v, want %v", 25+i, wait, want)
		}
	}
	now = now.Add(time.Minute)
	if wait := p.reserve(); wait != 0 {
		t.Errorf("after a minute: %v", wait)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"update_id":1,"message":{"chat":{"id":23,"type":"private"},"from":{"is_bot":1},"text":"hallo"}}`,
		`{"update_id":0,"callback_query":{"id":"q","from":{"id":1},"data":"human"}}`,
		`{"update_id":2,"my_chat_member":{"chat":{"id":0,"type":"private"},"new_chat_member":{"status":"kicked"}}}`,
		`{"update_id":3,"message":{"chat":{"id":23,"type":"private"},"sticker":{"is_animated":1}}}`,
		`{"update_id":null}`, `[`, `{"UPDATE_ID":1,"Message":[]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		u, err := parse(body)
		if err != nil || u.message == nil {
			return
		}
		m := *u.message
		if m.Channel != bot.Telegram || m.ProviderID == "" || m.User == "" || m.Kind == "" {
			t.Errorf("stored %+v", m)
		}
		if !utf8.ValidString(m.Text) || !utf8.ValidString(string(m.Choice)) || utf8.RuneCountInString(m.Text) > bot.MaxText {
			t.Errorf("unsafe %q %q", m.Text, m.Choice)
		}
	})
}

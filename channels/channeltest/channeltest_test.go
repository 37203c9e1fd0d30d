package channeltest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/channeltest"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.8.9.1": true, "::1": true, "localhost": true,
		"api.twilio.com": false, "10.0.0.1": false, "169.254.169.254": false, "localhost.example.nl": false, "": false, "0.0.0.0": false,
	} {
		if got := channeltest.Loopback(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.twilio.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if res, err := (channeltest.Guard{}).RoundTrip(r); err == nil {
		_ = res.Body.Close()
		t.Error("the guard let a request out")
	}
	if _, _, err := channeltest.Post(t.Context(), "https://api.telegram.org/", "", nil); err == nil {
		t.Error("a helper let a request out")
	}
}

// create sends a message as Twilio documents it, without any library.
func create(t *testing.T, s *channeltest.Twilio, form url.Values) (*http.Response, map[string]any) {
	t.Helper()
	return call(t, s, http.MethodPost, "", form)
}

func call(t *testing.T, s *channeltest.Twilio, method, query string, form url.Values) (*http.Response, map[string]any) {
	t.Helper()
	address := s.URL() + "/2010-04-01/Accounts/" + s.AccountSID + "/Messages.json" + query
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(s.AccountSID, s.AuthToken)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := (channeltest.Guard{}).RoundTrip(r)
	if err != nil {
		return nil, nil
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return res, answer
}

func TestTwilioKeepsWhatItAccepted(t *testing.T) {
	t.Parallel()
	s := channeltest.NewTwilio(t)
	form := url.Values{"From": {"+3197010240000"}, "To": {"+31612345678"}, "Body": {"hallo"}}
	s.Fail(channeltest.ServerError, channeltest.TooMany("3"), channeltest.Dropped, channeltest.DroppedAccepted)
	for i, want := range []int{500, 429, 0, 0, 201} {
		res, _ := create(t, s, form)
		if got := status(res); got != want {
			t.Errorf("send %d: %d, want %d", i, got, want)
		}
		if want == 429 && res.Header.Get("Retry-After") != "3" {
			t.Error("no Retry-After")
		}
	}
	if n := s.Count("+31612345678", "hallo"); n != 2 || s.Refused() != 4 {
		t.Errorf("%d accepted, %d refused", n, s.Refused())
	}
	for name, bad := range map[string]url.Values{
		"no body":  {"From": {"+3197010240000"}, "To": {"+31612345678"}},
		"too long": {"From": {"+3197010240000"}, "To": {"+31612345678"}, "Body": {strings.Repeat("x", 1601)}},
	} {
		if res, answer := create(t, s, bad); status(res) != 400 || answer["code"] == 0.0 {
			t.Errorf("%s: %v", name, answer)
		}
	}
}

func status(res *http.Response) int {
	if res == nil {
		return 0
	}
	return res.StatusCode
}

func TestTwilioLists(t *testing.T) {
	t.Parallel()
	s := channeltest.NewTwilio(t)
	at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s.SetClock(func() time.Time { return at })
	for _, body := range []string{"een", "twee", "drie"} {
		create(t, s, url.Values{"From": {"+3197010240000"}, "To": {"+31612345678"}, "Body": {body}})
		at = at.Add(24 * time.Hour)
	}
	for _, tc := range []struct {
		query string
		want  string
		more  bool
	}{
		{"", "drie twee een", false},
		{"?To=%2B31612345678&From=%2B3197010240000", "drie twee een", false},
		{"?To=%2B31600000000", "", false},
		{"?PageSize=2", "drie twee", true},
		{"?PageSize=2&Page=1", "een", false},
		{"?DateSent=2026-11-24", "twee", false},
		{"?DateSent%3E=2026-11-24", "drie twee", false},
		{"?DateSent%3C=2026-11-24T12:00:00Z", "twee een", false},
	} {
		_, page := call(t, s, http.MethodGet, tc.query, nil)
		var got []string
		for _, m := range page["messages"].([]any) {
			got = append(got, m.(map[string]any)["body"].(string))
		}
		if strings.Join(got, " ") != tc.want || (page["next_page_uri"] != nil) != tc.more {
			t.Errorf("%s: %v, next %v", tc.query, got, page["next_page_uri"])
		}
	}
	if s.Lists() != 8 {
		t.Errorf("%d lists", s.Lists())
	}
}

func TestTwilioAsksForThePassword(t *testing.T) {
	t.Parallel()
	s := channeltest.NewTwilio(t)
	address := s.URL() + "/2010-04-01/Accounts/" + s.AccountSID + "/Messages.json"
	if code, _, err := channeltest.Post(t.Context(), address, "To=x", nil); err != nil || code != 401 {
		t.Errorf("got %d %v", code, err)
	}
}

func TestTelegramPolls(t *testing.T) {
	t.Parallel()
	s := channeltest.NewTelegram(t)
	poll := func(offset string) (int, string) {
		t.Helper()
		code, body, err := channeltest.Post(t.Context(), s.URL()+"/bot"+s.Token+"/getUpdates", `{"timeout":20,"offset":`+offset+`}`,
			map[string]string{"Content-Type": "application/json"})
		if err != nil {
			t.Fatal(err)
		}
		return code, body
	}
	go s.Push(t, channeltest.TextUpdate(5, 23, "een")) // while it waits, or just before
	if code, body := poll("0"); code != 200 || !strings.Contains(body, "een") {
		t.Errorf("got %d %s", code, body)
	}
	s.Push(t, channeltest.TextUpdate(6, 23, "twee"))
	if _, body := poll("6"); strings.Contains(body, "een") || !strings.Contains(body, "twee") {
		t.Errorf("got %s", body)
	}
	s.SetWebhook(channeltest.TelegramWebhook{URL: "https://gw.example.nl"})
	if code, _ := poll("7"); code != 409 {
		t.Errorf("with a webhook: %d", code)
	}
}

func TestTelegramCalls(t *testing.T) {
	t.Parallel()
	s := channeltest.NewTelegram(t)
	for _, tc := range []struct {
		method, body string
		status       int
	}{
		{"getMe", "", 200},
		{"nothing", "", 404},
		{"sendMessage", `{"chat_id":23,"text":"hallo"}`, 200},
		{"sendMessage", `{"chat_id":"23","text":"hallo","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`, 200},
		{"sendMessage", `{"chat_id":23}`, 400},
		{"sendMessage", `{"text":"hallo"}`, 400},
		{"sendMessage", `{"chat_id":23,"text":"x","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("x", 65) + `"}]]}}`, 400},
	} {
		header := map[string]string{}
		if tc.body != "" {
			header["Content-Type"] = "application/json"
		}
		code, body, err := channeltest.Post(t.Context(), s.URL()+"/bot"+s.Token+"/"+tc.method, tc.body, header)
		if err != nil || code != tc.status {
			t.Errorf("%s %s: %d %s %v", tc.method, tc.body, code, body, err)
		}
	}
	if n := s.Count(23, "hallo"); n != 2 {
		t.Errorf("%d accepted", n)
	}
	if code, _, err := channeltest.Post(t.Context(), s.URL()+"/bot1:wrong/getMe", "", nil); err != nil || code != 401 {
		t.Errorf("wrong token: %d %v", code, err)
	}
}

func TestInbox(t *testing.T) {
	t.Parallel()
	inbox := channeltest.NewInbox()
	m := bot.Inbound{Address: bot.Address{Channel: bot.SMS, Account: "a"}, ProviderID: "1"}
	other := m
	other.Account = "b"
	for i, tc := range []struct {
		m     bot.Inbound
		fresh bool
	}{{m, true}, {m, false}, {other, true}} {
		if fresh, err := inbox.Receive(t.Context(), tc.m); fresh != tc.fresh || err != nil {
			t.Errorf("%d: %v %v", i, fresh, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	m.ProviderID = "2"
	if _, err := inbox.Receive(ended, m); err == nil {
		t.Error("stored after the time was up")
	}
}

package channeltest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TwilioMessage is a message that the stand-in accepted.
type TwilioMessage struct {
	SID, From, To, Body, StatusCallback string
	Status                              string // "queued" at first
	CreatedAt                           time.Time
}

// Twilio plays Twilio's REST API for messages.
type Twilio struct {
	*board
	AccountSID, AuthToken string

	server    *httptest.Server
	now       func() time.Time
	messages  []TwilioMessage
	refused   int
	lists     int
	callbacks []string // statuses reported by itself
	base      string   // where callbacks go instead of to their own host
	calling   sync.WaitGroup
}

// NewTwilio starts a Twilio that runs until the test ends.
func NewTwilio(t testing.TB) *Twilio {
	t.Helper()
	s := &Twilio{
		board: newBoard(), now: time.Now,
		AccountSID: "AC" + strings.Repeat("0", 31) + "1", AuthToken: "12345",
	}
	mux := http.NewServeMux()
	path := "/2010-04-01/Accounts/{account}/Messages.json"
	mux.HandleFunc("POST "+path, s.create)
	mux.HandleFunc("GET "+path, s.list)
	s.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		close(s.closing)
		s.calling.Wait()
		s.server.Close()
	})
	return s
}

// URL is the address to use instead of https://api.twilio.com.
func (s *Twilio) URL() string { return s.server.URL }

// SetClock makes the stand-in tell another time.
func (s *Twilio) SetClock(now func() time.Time) {
	s.Lock()
	defer s.Unlock()
	s.now = now
}

// ReportTo makes the stand-in report statuses of each message that it accepts,
// in this order and signed, to the message's callback address. When base is not
// empty the requests go there instead of to the address's own host.
func (s *Twilio) ReportTo(base string, statuses ...string) {
	s.Lock()
	defer s.Unlock()
	s.base, s.callbacks = base, statuses
}

// Messages are the messages accepted so far, in order.
func (s *Twilio) Messages() []TwilioMessage {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.messages)
}

// Count is how many messages with this text were accepted for this number.
func (s *Twilio) Count(to, body string) int {
	n := 0
	for _, m := range s.Messages() {
		if m.To == to && m.Body == body {
			n++
		}
	}
	return n
}

// Refused is how many sends were answered by a Failure.
func (s *Twilio) Refused() int {
	s.Lock()
	defer s.Unlock()
	return s.refused
}

// Lists is how many times messages were asked for.
func (s *Twilio) Lists() int {
	s.Lock()
	defer s.Unlock()
	return s.lists
}

// WaitForMessages waits until at least n messages were accepted.
func (s *Twilio) WaitForMessages(t testing.TB, n int) []TwilioMessage {
	t.Helper()
	s.await(t, fmt.Sprintf("%d messages at Twilio", n), func() bool { return len(s.messages) >= n })
	return s.Messages()
}

// WaitForAll waits until at least n numbers got a message that matches.
func (s *Twilio) WaitForAll(t testing.TB, n int, matches func(TwilioMessage) bool) {
	t.Helper()
	numbers, seen := map[string]bool{}, 0
	s.awaitFor(t, longPatience, fmt.Sprintf("%d numbers with the message", n), func() bool {
		for _, m := range s.messages[seen:] {
			if matches(m) {
				numbers[m.To] = true
			}
		}
		seen = len(s.messages)
		return len(numbers) >= n
	})
}

// WaitForText waits until a message whose text contains part was accepted for
// this number.
func (s *Twilio) WaitForText(t testing.TB, to, part string) TwilioMessage {
	t.Helper()
	var found TwilioMessage
	s.await(t, fmt.Sprintf("%q at Twilio", part), func() bool {
		for _, m := range s.messages {
			if m.To == to && strings.Contains(m.Body, part) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// WaitForRefused waits until at least n sends were answered by a Failure.
func (s *Twilio) WaitForRefused(t testing.TB, n int) {
	t.Helper()
	s.await(t, fmt.Sprintf("%d refusals by Twilio", n), func() bool { return s.refused >= n })
}

// SetStatus changes the status of a message, as lists show it.
func (s *Twilio) SetStatus(sid, status string) {
	s.Lock()
	defer s.Unlock()
	for i := range s.messages {
		if s.messages[i].SID == sid {
			s.messages[i].Status = status
		}
	}
}

// Report sends one signed status callback for a message and returns the status
// of the answer. The code is Twilio's error code, empty for none.
func (s *Twilio) Report(ctx context.Context, base string, m TwilioMessage, status, code string) (int, error) {
	form := url.Values{
		"MessageSid": {m.SID}, "SmsSid": {m.SID}, "MessageStatus": {status}, "SmsStatus": {status},
		"AccountSid": {s.AccountSID}, "From": {m.From}, "To": {m.To}, "ApiVersion": {"2010-04-01"},
	}
	if code != "" {
		form.Set("ErrorCode", code)
	}
	u, err := url.Parse(m.StatusCallback)
	if err != nil {
		return 0, err
	}
	public := u.Scheme + "://" + u.Host
	if base == "" {
		base = public
	}
	answer, _, err := PostTwilio(ctx, base, public, u.RequestURI(), s.AuthToken, form)
	return answer, err
}

// Inbound are the parameters of a message by a resident, ready for PostTwilio.
func (s *Twilio) Inbound(sid, from, to, body string) url.Values {
	return url.Values{
		"MessageSid": {sid}, "SmsSid": {sid}, "SmsMessageSid": {sid}, "AccountSid": {s.AccountSID},
		"From": {from}, "To": {to}, "Body": {body}, "NumMedia": {"0"}, "NumSegments": {"1"},
		"SmsStatus": {"received"}, "FromCountry": {"NL"}, "ToCountry": {"NL"}, "FromCity": {""}, "ApiVersion": {"2010-04-01"},
	}
}

func (s *Twilio) create(w http.ResponseWriter, r *http.Request) {
	if !s.authentic(w, r) {
		return
	}
	// The whole request must be here before it counts as accepted.
	if err := r.ParseForm(); err != nil {
		twilioError(w, Failure{Status: http.StatusBadRequest, Code: 20001})
		return
	}
	if missing := s.check(r.PostForm); missing != 0 {
		twilioError(w, Failure{Status: http.StatusBadRequest, Code: missing})
		return
	}
	s.Lock()
	failure, failing := s.failure()
	var m TwilioMessage
	if !failing || failure.Accept {
		m = TwilioMessage{
			SID:  fmt.Sprintf("SM%032x", len(s.messages)+1),
			From: r.PostForm.Get("From"), To: r.PostForm.Get("To"), Body: r.PostForm.Get("Body"),
			StatusCallback: r.PostForm.Get("StatusCallback"), Status: "queued", CreatedAt: s.now().UTC().Truncate(time.Second),
		}
		s.messages = append(s.messages, m)
		s.report(m)
	}
	if failing {
		s.refused++
	}
	s.announce()
	s.Unlock()

	if failing {
		if !s.interrupt(w, r, failure) {
			twilioError(w, failure)
		}
		return
	}
	writeJSON(w, http.StatusCreated, s.resource(m))
}

// check returns Twilio's error code for parameters that it would refuse.
func (s *Twilio) check(form url.Values) int {
	switch {
	case form.Get("To") == "":
		return 21604
	case form.Get("From") == "":
		return 21603
	case form.Get("Body") == "":
		return 21602
	case len([]rune(form.Get("Body"))) > 1600:
		return 21617
	}
	return 0
}

func (s *Twilio) list(w http.ResponseWriter, r *http.Request) {
	if !s.authentic(w, r) {
		return
	}
	q := r.URL.Query()
	size, page := 50, 0
	if n, err := strconv.Atoi(q.Get("PageSize")); err == nil && n > 0 {
		size = min(n, 1000)
	}
	if n, err := strconv.Atoi(q.Get("Page")); err == nil && n > 0 {
		page = n
	}
	s.Lock()
	s.lists++
	s.announce()
	var found []map[string]any
	for _, m := range slices.Backward(s.messages) {
		if is(q.Get("To"), m.To) && is(q.Get("From"), m.From) && sentWithin(q, m.CreatedAt) {
			found = append(found, s.resource(m))
		}
	}
	s.Unlock()

	start := min(page*size, len(found))
	end := min(start+size, len(found))
	envelope := map[string]any{
		"page": page, "page_size": size, "start": start, "end": max(start, end-1), "uri": r.URL.RequestURI(),
		"first_page_uri": r.URL.Path, "next_page_uri": nil, "previous_page_uri": nil,
		"messages": append([]map[string]any{}, found[start:end]...),
	}
	if end < len(found) {
		q.Set("Page", strconv.Itoa(page+1))
		envelope["next_page_uri"] = r.URL.Path + "?" + q.Encode()
	}
	writeJSON(w, http.StatusOK, envelope)
}

func is(wanted, got string) bool { return wanted == "" || wanted == got }

// sentWithin applies the DateSent filters.
func sentWithin(q url.Values, at time.Time) bool {
	for name, ok := range map[string]func(time.Time) bool{
		"DateSent":  func(d time.Time) bool { return at.Format(time.DateOnly) == d.UTC().Format(time.DateOnly) },
		"DateSent<": func(d time.Time) bool { return !at.After(d) },
		"DateSent>": func(d time.Time) bool { return !at.Before(d) },
	} {
		text := q.Get(name)
		if text == "" {
			continue
		}
		d, err := time.Parse(time.RFC3339, text)
		if err != nil {
			d, err = time.Parse(time.DateOnly, text)
		}
		if err == nil && !ok(d) {
			return false
		}
	}
	return true
}

func (s *Twilio) authentic(w http.ResponseWriter, r *http.Request) bool {
	user, password, _ := r.BasicAuth()
	if user != s.AccountSID || password != s.AuthToken || r.PathValue("account") != s.AccountSID {
		twilioError(w, Failure{Status: http.StatusUnauthorized, Code: 20003})
		return false
	}
	return true
}

// report starts the status callbacks for a message; the lock must be held.
func (s *Twilio) report(m TwilioMessage) {
	if m.StatusCallback == "" || len(s.callbacks) == 0 {
		return
	}
	base, statuses := s.base, slices.Clone(s.callbacks)
	s.calling.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		for _, status := range statuses {
			// A program that is being killed does not answer; Twilio does not mind.
			_, _ = s.Report(ctx, base, m, status, "")
		}
	})
}

func (s *Twilio) resource(m TwilioMessage) map[string]any {
	var sent any
	if m.Status != "queued" && m.Status != "accepted" {
		sent = m.CreatedAt.Format(time.RFC1123Z)
	}
	return map[string]any{
		"sid": m.SID, "account_sid": s.AccountSID, "api_version": "2010-04-01", "from": m.From, "to": m.To, "body": m.Body,
		"status": m.Status, "direction": "outbound-api", "num_segments": "1", "num_media": "0",
		"date_created": m.CreatedAt.Format(time.RFC1123Z), "date_updated": m.CreatedAt.Format(time.RFC1123Z), "date_sent": sent,
		"error_code": nil, "error_message": nil, "price": nil, "price_unit": nil, "messaging_service_sid": nil,
		"uri": "/2010-04-01/Accounts/" + s.AccountSID + "/Messages/" + m.SID + ".json",
	}
}

func twilioError(w http.ResponseWriter, f Failure) {
	if f.RetryAfter != "" {
		w.Header().Set("Retry-After", f.RetryAfter)
	}
	if f.Body != "" {
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
		return
	}
	writeJSON(w, f.Status, map[string]any{
		"code": f.Code, "message": http.StatusText(f.Status), "status": f.Status,
		"more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(f.Code),
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

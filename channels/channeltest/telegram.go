package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TelegramMessage is a message that the stand-in accepted.
type TelegramMessage struct {
	ID        int
	Chat      int64
	Text      string
	ParseMode string
	Buttons   []TelegramButton // of all rows
}

// TelegramButton is a button under a message.
type TelegramButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

// TelegramWebhook is where updates are to be delivered.
type TelegramWebhook struct {
	URL            string
	Secret         string
	AllowedUpdates []string
}

// Telegram plays the Bot API for one bot.
type Telegram struct {
	*board
	Token string

	server   *httptest.Server
	messages []TelegramMessage
	files    map[string][]byte
	refused  int
	answered []string
	badPolls []Failure
	updates  []telegramUpdate // not yet confirmed
	offsets  []int64          // asked for so far
	webhook  TelegramWebhook
}

type telegramUpdate struct {
	id  int64
	raw json.RawMessage
}

// NewTelegram starts a Telegram that runs until the test ends.
func NewTelegram(t testing.TB) *Telegram {
	t.Helper()
	s := &Telegram{board: newBoard(), Token: "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"}
	s.server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(func() {
		close(s.closing)
		s.server.Close()
	})
	return s
}

// URL is the address to use instead of https://api.telegram.org.
func (s *Telegram) URL() string { return s.server.URL }

// Messages are the messages accepted so far, in order.
func (s *Telegram) Messages() []TelegramMessage {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.messages)
}

// Count is how many messages with this text were accepted for this chat.
func (s *Telegram) Count(chat int64, text string) int {
	n := 0
	for _, m := range s.Messages() {
		if m.Chat == chat && m.Text == text {
			n++
		}
	}
	return n
}

// Refused is how many sends were answered by a Failure.
func (s *Telegram) Refused() int {
	s.Lock()
	defer s.Unlock()
	return s.refused
}

// Answered are the ids of the callback queries that were answered.
func (s *Telegram) Answered() []string {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.answered)
}

// Webhook is the webhook that is set; its URL is empty when none is.
func (s *Telegram) Webhook() TelegramWebhook {
	s.Lock()
	defer s.Unlock()
	return s.webhook
}

// SetWebhook sets a webhook as if it had been left by someone else.
func (s *Telegram) SetWebhook(w TelegramWebhook) {
	s.Lock()
	defer s.Unlock()
	s.webhook = w
	s.announce()
}

// Push offers an update to who polls. It must be JSON with an update_id.
func (s *Telegram) Push(t testing.TB, update string) {
	t.Helper()
	var head struct {
		ID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal([]byte(update), &head); err != nil || head.ID == nil {
		t.Fatalf("not an update: %s", update)
	}
	s.Lock()
	defer s.Unlock()
	s.updates = append(s.updates, telegramUpdate{*head.ID, json.RawMessage(update)})
	s.announce()
}

// FailPolls queues failures for the calls of getUpdates to come, one each.
func (s *Telegram) FailPolls(failures ...Failure) {
	s.Lock()
	defer s.Unlock()
	s.badPolls = append(s.badPolls, failures...)
}

// WaitForMessages waits until at least n messages were accepted.
func (s *Telegram) WaitForMessages(t testing.TB, n int) []TelegramMessage {
	t.Helper()
	s.await(t, fmt.Sprintf("%d messages at Telegram", n), func() bool { return len(s.messages) >= n })
	return s.Messages()
}

// WaitForAll waits until at least n chats got a message that matches.
func (s *Telegram) WaitForAll(t testing.TB, n int, matches func(TelegramMessage) bool) {
	t.Helper()
	chats, seen := map[int64]bool{}, 0
	s.awaitFor(t, longPatience, fmt.Sprintf("%d chats with the message", n), func() bool {
		for _, m := range s.messages[seen:] {
			if matches(m) {
				chats[m.Chat] = true
			}
		}
		seen = len(s.messages)
		return len(chats) >= n
	})
}

// WaitForText waits until a message whose text contains part was accepted for
// this chat.
func (s *Telegram) WaitForText(t testing.TB, chat int64, part string) TelegramMessage {
	t.Helper()
	var found TelegramMessage
	s.await(t, fmt.Sprintf("%q at Telegram", part), func() bool {
		for _, m := range s.messages {
			if m.Chat == chat && strings.Contains(m.Text, part) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// WaitForPoll waits until updates from this offset on were asked for.
func (s *Telegram) WaitForPoll(t testing.TB, offset int64) {
	t.Helper()
	s.await(t, fmt.Sprintf("a poll from offset %d", offset), func() bool { return slices.Contains(s.offsets, offset) })
}

// TextUpdate is an update with a message in a private chat.
func TextUpdate(id, chat int64, text string) string {
	return encode(map[string]any{"update_id": id, "message": map[string]any{
		"message_id": id, "date": 1700000000, "text": text,
		"chat": map[string]any{"id": chat, "type": "private", "first_name": "Noor"},
		"from": map[string]any{"id": chat, "is_bot": false, "first_name": "Noor"},
	}})
}

// ChoiceUpdate is an update with the press of a button in a private chat.
func ChoiceUpdate(id, chat int64, query, data string) string {
	person := map[string]any{"id": chat, "is_bot": false, "first_name": "Noor"}
	return encode(map[string]any{"update_id": id, "callback_query": map[string]any{
		"id": query, "from": person, "chat_instance": "1", "data": data,
		"message": map[string]any{"message_id": 1, "date": 1700000000, "chat": map[string]any{"id": chat, "type": "private"}},
	}})
}

func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// PostTelegram delivers an update to path at base, and returns the status of the
// answer.
func PostTelegram(ctx context.Context, base, path, secret, update string) (int, error) {
	header := map[string]string{"Content-Type": "application/json"}
	if secret != "" {
		header["X-Telegram-Bot-Api-Secret-Token"] = secret
	}
	status, _, err := Post(ctx, trim(base)+path, update, header)
	return status, err
}

func (s *Telegram) serve(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.Token+"/"); ok {
		s.file(w, path)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.Token+"/")
	if !ok {
		telegramError(w, Failure{Status: http.StatusUnauthorized})
		return
	}
	params, err := parameters(r)
	if err != nil {
		telegramError(w, Failure{Status: http.StatusBadRequest})
		return
	}
	switch method {
	case "getMe":
		id, _, _ := strings.Cut(s.Token, ":")
		telegramOK(w, map[string]any{"id": json.Number(id), "is_bot": true, "first_name": "Balie", "username": "balie_bot"})
	case "sendMessage":
		s.send(w, r, params)
	case "getFile":
		s.Lock()
		_, ok := s.files[params["file_id"]]
		s.Unlock()
		if !ok {
			telegramError(w, Failure{Status: http.StatusBadRequest})
			return
		}
		telegramOK(w, map[string]any{"file_id": params["file_id"], "file_unique_id": "u", "file_path": "photos/" + params["file_id"] + ".jpg"})
	case "answerCallbackQuery":
		s.Lock()
		s.answered = append(s.answered, params["callback_query_id"])
		s.announce()
		s.Unlock()
		telegramOK(w, true)
	case "getUpdates":
		s.poll(w, r, params)
	case "setWebhook", "deleteWebhook":
		var allowed []string
		_ = json.Unmarshal([]byte(params["allowed_updates"]), &allowed)
		s.SetWebhook(TelegramWebhook{URL: params["url"], Secret: params["secret_token"], AllowedUpdates: allowed})
		telegramOK(w, true)
	default:
		telegramError(w, Failure{Status: http.StatusNotFound})
	}
}

// AddFile makes a file that residents sent, to be fetched by its id.
func (s *Telegram) AddFile(id string, data []byte) {
	s.Lock()
	defer s.Unlock()
	if s.files == nil {
		s.files = map[string][]byte{}
	}
	s.files[id] = data
}

// file gives what was sent.
func (s *Telegram) file(w http.ResponseWriter, path string) {
	s.Lock()
	data, ok := s.files[strings.TrimSuffix(strings.TrimPrefix(path, "photos/"), ".jpg")]
	s.Unlock()
	if !ok {
		telegramError(w, Failure{Status: http.StatusNotFound})
		return
	}
	_, _ = w.Write(data)
}

func (s *Telegram) send(w http.ResponseWriter, r *http.Request, params map[string]string) {
	chat, err := strconv.ParseInt(params["chat_id"], 10, 64)
	if err != nil || params["text"] == "" || len([]rune(params["text"])) > 4096 {
		telegramError(w, Failure{Status: http.StatusBadRequest})
		return
	}
	var markup struct {
		Rows [][]TelegramButton `json:"inline_keyboard"`
	}
	if params["reply_markup"] != "" {
		if err := json.Unmarshal([]byte(params["reply_markup"]), &markup); err != nil {
			telegramError(w, Failure{Status: http.StatusBadRequest})
			return
		}
	}
	for _, b := range slices.Concat(markup.Rows...) {
		if b.Text == "" || b.Data == "" || len(b.Data) > 64 {
			telegramError(w, Failure{Status: http.StatusBadRequest})
			return
		}
	}
	s.Lock()
	failure, failing := s.failure()
	m := TelegramMessage{
		ID: len(s.messages) + 1, Chat: chat, Text: params["text"], ParseMode: params["parse_mode"], Buttons: slices.Concat(markup.Rows...),
	}
	if !failing || failure.Accept {
		s.messages = append(s.messages, m)
	}
	if failing {
		s.refused++
	}
	s.announce()
	s.Unlock()
	if failing {
		if !s.interrupt(w, r, failure) {
			telegramError(w, failure)
		}
		return
	}
	telegramOK(w, map[string]any{
		"message_id": m.ID, "date": 1700000000, "text": m.Text, "chat": map[string]any{"id": chat, "type": "private"},
	})
}

// poll answers as soon as there are updates, or when the time is up.
func (s *Telegram) poll(w http.ResponseWriter, r *http.Request, params map[string]string) {
	offset, _ := strconv.ParseInt(params["offset"], 10, 64)
	seconds, _ := strconv.Atoi(params["timeout"])
	ctx, cancel := context.WithTimeout(r.Context(), time.Duration(seconds)*time.Second)
	defer cancel()

	s.Lock()
	s.offsets = append(s.offsets, offset)
	s.updates = slices.DeleteFunc(s.updates, func(u telegramUpdate) bool { return u.id < offset })
	failing := len(s.badPolls) > 0
	var failure Failure
	if failing {
		failure, s.badPolls = s.badPolls[0], s.badPolls[1:]
	}
	conflict := s.webhook.URL != ""
	s.announce()
	s.Unlock()
	switch {
	case failing && s.interrupt(w, r, failure):
		return
	case failing:
		telegramError(w, failure)
		return
	case conflict:
		telegramError(w, Failure{Status: http.StatusConflict})
		return
	}
	found := []json.RawMessage{}
	_ = s.until(ctx, func() bool {
		for _, u := range s.updates {
			if len(found) < 100 {
				found = append(found, u.raw)
			}
		}
		return len(found) > 0
	})
	telegramOK(w, found)
}

// parameters reads what the method is called with: the Bot API takes forms of
// both kinds and JSON.
func parameters(r *http.Request) (map[string]string, error) {
	params := map[string]string{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var values map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&values); err != nil {
			return nil, err
		}
		for name, raw := range values {
			var text string
			if json.Unmarshal(raw, &text) != nil {
				text = string(raw)
			}
			params[name] = text
		}
		return params, nil
	}
	// A method without parameters is sent as an empty multipart body.
	if err := r.ParseMultipartForm(1 << 20); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, http.ErrNotMultipart) {
		return nil, err
	}
	// Only when the body was read to its end does the server notice that the
	// client leaves.
	_, _ = io.Copy(io.Discard, r.Body)
	for name := range r.Form {
		params[name] = r.Form.Get(name)
	}
	return params, nil
}

func telegramOK(w http.ResponseWriter, result any) {
	writeJSON(w, http.StatusOK, map[string]any{"ok": true, "result": result})
}

func telegramError(w http.ResponseWriter, f Failure) {
	if f.Body != "" {
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
		return
	}
	answer := map[string]any{"ok": false, "error_code": f.Status, "description": http.StatusText(f.Status)}
	if f.RetryAfter != "" {
		answer["parameters"] = map[string]any{"retry_after": json.RawMessage(f.RetryAfter)}
	}
	writeJSON(w, f.Status, answer)
}

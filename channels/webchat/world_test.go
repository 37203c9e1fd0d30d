package webchat_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"math"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/page/pagetest"
	"github.com/balie-nl/balie/channels/photo"
	"github.com/balie-nl/balie/channels/stream"
	"github.com/balie-nl/balie/channels/webchat"
)

// world takes messages in and answers them, as the pipeline and the store do.
type world struct {
	hub *stream.Hub

	mu            sync.Mutex
	seen          map[string]bool
	conversations map[string]int64
	entries       []bot.Entry
	held          []bot.Inbound // while silent
	silent        bool          // messages are stored and not yet answered
	broken        error
	photos        map[string][]byte
}

var start = time.Date(2026, 11, 23, 13, 0, 0, 0, time.UTC)

func (w *world) Receive(_ context.Context, m bot.Inbound) (bool, error) {
	w.mu.Lock()
	if w.broken != nil {
		defer w.mu.Unlock()
		return false, w.broken
	}
	if _, ok := w.conversations[m.User]; !ok {
		w.conversations[m.User] = int64(len(w.conversations) + 1)
	}
	key := string(m.Channel) + m.Account + m.ProviderID
	fresh := !w.seen[key]
	w.seen[key] = true
	if fresh {
		w.held = append(w.held, m)
	}
	silent := w.silent
	w.mu.Unlock()
	if !silent {
		go w.answer() // after the commit, as the processor does
	}
	return fresh, nil
}

// answer processes what was taken in.
func (w *world) answer() {
	w.mu.Lock()
	held := w.held
	w.held = nil
	for _, m := range held {
		c := w.conversations[m.User]
		w.add(bot.Entry{Conversation: c, Kind: bot.EntrySaid, ProviderID: m.ProviderID, MessageKind: m.Kind, Text: m.Text, Choice: m.Choice, Photo: m.Photo})
		if m.Text == "meld" {
			w.add(bot.Entry{Conversation: c, Kind: bot.EntryReplied, Message: bot.Message{
				Text: "Hebt u een foto?", Choices: []bot.Choice{{ID: "form:report:photo:no", Label: "Geen foto"}},
			}})
			continue
		}
		w.add(bot.Entry{Conversation: c, Kind: bot.EntryReplied, Message: bot.Message{
			Text:    "Antwoord op " + m.Text,
			Choices: []bot.Choice{{ID: "intent:id_kaart", Label: "ID-kaart <of> pas"}, {ID: bot.ChooseHuman, Label: "Ik wil een medewerker"}},
		}})
	}
	w.mu.Unlock()
	for _, m := range held {
		w.hub.Notify(webchat.Topic(w.conversations[m.User]))
	}
}

// KeepPhoto keeps the first photo with a key.
func (w *world) KeepPhoto(_ context.Context, key string, data []byte, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.photos == nil {
		w.photos = map[string][]byte{}
	}
	if _, ok := w.photos[key]; !ok {
		w.photos[key] = data
	}
	return w.broken
}

func (w *world) kept() map[string][]byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.photos)
}

// Clean takes what begins like a JPEG.
func (*world) Clean(_ context.Context, data []byte) ([]byte, error) {
	if !bytes.HasPrefix(data, []byte("jpeg ")) {
		return nil, photo.ErrNotAPhoto
	}
	return bytes.TrimPrefix(data, []byte("jpeg ")), nil
}

func (w *world) add(e bot.Entry) {
	e.ID, e.At = int64(len(w.entries)+1), start
	w.entries = append(w.entries, e)
}

// staff has a colleague say something in a conversation.
func (w *world) staff(conversation int64, name, text string) {
	w.mu.Lock()
	w.add(bot.Entry{Conversation: conversation, Kind: bot.EntryOwner, Owner: bot.OwnedByStaff, Staff: bot.Staff{ID: 3, Name: name}})
	w.add(bot.Entry{Conversation: conversation, Kind: bot.EntryReplied, Message: bot.Message{Author: bot.Author{Name: name}, Text: text}})
	w.mu.Unlock()
	w.hub.Notify(webchat.Topic(conversation))
}

func (w *world) Conversation(_ context.Context, a bot.Address) (int64, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if id, ok := w.conversations[a.User]; ok && a.Channel == bot.WebChat && a.Account == webchat.Account {
		return id, nil
	}
	return 0, bot.ErrNotFound
}

func (w *world) Newest(ctx context.Context, conversation int64, limit int) ([]bot.Entry, error) {
	entries, err := w.Entries(ctx, conversation, 0, math.MaxInt)
	return entries[max(0, len(entries)-limit):], err
}

func (w *world) Entries(ctx context.Context, conversation, since int64, limit int) ([]bot.Entry, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []bot.Entry
	for _, e := range w.entries {
		if e.Conversation == conversation && e.ID > since && len(found) < limit {
			found = append(found, e)
		}
	}
	return found, ctx.Err()
}

func (w *world) said() []bot.Entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	var said []bot.Entry
	for _, e := range w.entries {
		if e.Kind == bot.EntrySaid {
			said = append(said, e)
		}
	}
	return said
}

type harness struct {
	*world
	chat *webchat.Chat
	base string
	log  *bytes.Buffer
}

func newHarness(t *testing.T, secure bool) *harness {
	t.Helper()
	log := &bytes.Buffer{}
	hub := stream.NewHub(stream.Config{})
	w := &world{hub: hub, seen: map[string]bool{}, conversations: map[string]int64{}}
	chat, err := webchat.New(webchat.Config{
		Texts: pagetest.NewTexts(t, "chat.toml"), Receiver: w, Transcripts: w, Photos: w, Cleaner: w, Hub: hub, Secure: secure,
		Now: func() time.Time { return start.Add(time.Minute) }, Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	h := &harness{world: w, chat: chat, log: log, base: pagetest.Serve(t, func(r fiber.Router) { chat.Routes(r) })}
	t.Cleanup(hub.Close)
	return h
}

// form is the form of a page, filled in.
func form(p pagetest.Page, pairs ...string) url.Values {
	f := url.Values{"key": {p.Field("key")}, "start": {p.Field("start")}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Set(pairs[i], pairs[i+1])
	}
	return f
}

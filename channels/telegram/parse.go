package telegram

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"

	"github.com/go-telegram/bot/models"

	"github.com/balie-nl/balie/bot"
)

// errNotUpdate says that a body is not an update of the Bot API.
var errNotUpdate = errors.New("telegram: not an update")

const private = "private"

// parsed is what an update says to us.
type parsed struct {
	id       int64
	message  *bot.Inbound // nil: nothing for us; without account and time
	callback string       // of a pressed button, to be answered
	odd      bool         // a part that should be understood is not
}

// The parts of an update that are read. The library's types are not used for
// this: one field of an unexpected form, anywhere, makes them fail, and Telegram
// would deliver the same update for a day.
type (
	rawUpdate struct {
		ID           *int64          `json:"update_id"`
		Message      json.RawMessage `json:"message"`
		Callback     json.RawMessage `json:"callback_query"`
		MyChatMember json.RawMessage `json:"my_chat_member"`
	}
	rawChat struct {
		ID   *int64 `json:"id"`
		Type string `json:"type"`
	}
	rawUser struct {
		ID    *int64 `json:"id"`
		IsBot any    `json:"is_bot"`
	}
	rawMessage struct {
		Chat    rawChat `json:"chat"`
		From    rawUser `json:"from"`
		Text    string  `json:"text"`
		Caption string  `json:"caption"`
		// Photo is the same photo in several sizes, Location a place on the map.
		Photo    json.RawMessage `json:"photo"`
		Location json.RawMessage `json:"location"`
	}
	rawCallback struct {
		ID      string          `json:"id"`
		From    rawUser         `json:"from"`
		Data    string          `json:"data"`
		Message json.RawMessage `json:"message"`
	}
	rawPressed struct {
		Chat        rawChat         `json:"chat"`
		ReplyMarkup json.RawMessage `json:"reply_markup"`
	}
	rawMember struct {
		Chat rawChat `json:"chat"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
)

// allowedUpdates are the kinds of updates that parse understands.
func allowedUpdates() []string {
	return []string{models.AllowedUpdateMessage, models.AllowedUpdateCallbackQuery, models.AllowedUpdateMyChatMember}
}

// parse reads an update. Only private chats count: in a group a municipality's
// answer to one would be read by all.
func parse(body []byte) (parsed, error) {
	var raw rawUpdate
	if err := json.Unmarshal(body, &raw); err != nil {
		return parsed{}, fmt.Errorf("%w: no JSON object with update_id", errNotUpdate)
	}
	if raw.ID == nil {
		return parsed{}, fmt.Errorf("%w: update_id is missing", errNotUpdate)
	}
	u := parsed{id: *raw.ID}
	var err error
	switch {
	case present(raw.Message):
		err = u.said(raw.Message)
	case present(raw.Callback):
		err = u.pressed(raw.Callback)
	case present(raw.MyChatMember):
		err = u.membership(raw.MyChatMember)
	}
	u.odd = err != nil
	if u.message != nil {
		u.message.Channel = bot.Telegram
		u.message.ProviderID = strconv.FormatInt(u.id, 10)
	}
	return u, nil
}

// said reads a message: its text, or the text under a photo or file.
func (u *parsed) said(raw json.RawMessage) error {
	var m rawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	if m.Chat.ID == nil {
		return errors.New("no chat")
	}
	if m.Chat.Type != private || m.From.IsBot == true {
		return nil
	}
	text := m.Text
	if text == "" {
		text = m.Caption
	}
	in := bot.Inbound{Kind: bot.KindText, Text: bot.CleanText(text), Photo: largest(m.Photo)}
	if text == "" {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return err
		}
		if service(fields) {
			return nil
		}
		in.Kind, in.Text = bot.KindMedia, place(m.Location)
	}
	in.User = chatID(m.Chat.ID)
	u.message = &in
	return nil
}

// largest is the photo in its largest size, empty when there is none.
func largest(raw json.RawMessage) bot.PhotoID {
	var sizes []struct {
		ID    string `json:"file_id"`
		Width int    `json:"width"`
	}
	if !present(raw) || json.Unmarshal(raw, &sizes) != nil {
		return ""
	}
	id, width := "", -1
	for _, size := range sizes {
		if fileID.MatchString(size.ID) && size.Width > width {
			id, width = size.ID, size.Width
		}
	}
	if id == "" {
		return ""
	}
	return bot.NewPhotoID(bot.Telegram, id)
}

// fileID is what the names of files at Telegram look like.
var fileID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// place is a place on the map, empty when there is none.
func place(raw json.RawMessage) string {
	var at struct {
		Latitude  *float64 `json:"latitude"`
		Longitude *float64 `json:"longitude"`
	}
	if !present(raw) || json.Unmarshal(raw, &at) != nil || at.Latitude == nil || at.Longitude == nil ||
		math.Abs(*at.Latitude) > 90 || math.Abs(*at.Longitude) > 180 {
		return ""
	}
	return bot.GeoURI(*at.Latitude, *at.Longitude)
}

// pressed reads the press of a button. Its message may be too old to be shown,
// or absent.
func (u *parsed) pressed(raw json.RawMessage) error {
	var q rawCallback
	if err := json.Unmarshal(raw, &q); err != nil {
		return err
	}
	u.callback = q.ID
	user, label := q.From.ID, ""
	if present(q.Message) {
		var m rawPressed
		if err := json.Unmarshal(q.Message, &m); err != nil {
			return err
		}
		if m.Chat.Type != private {
			return nil
		}
		user, label = m.Chat.ID, labelOf(m.ReplyMarkup, q.Data)
	}
	choice := bot.CleanText(q.Data)
	if user == nil {
		return errors.New("no chat")
	}
	if choice == "" {
		return nil
	}
	u.message = &bot.Inbound{
		Address: bot.Address{User: chatID(user)},
		Kind:    bot.KindChoice, Choice: bot.ChoiceID(choice), Text: label,
	}
	return nil
}

// labelOf finds the words on the button with this data; empty if they are not
// given.
func labelOf(markup json.RawMessage, data string) string {
	var keyboard struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if !present(markup) || json.Unmarshal(markup, &keyboard) != nil {
		return ""
	}
	for _, row := range keyboard.Rows {
		for _, button := range row {
			if button.Data == data {
				return bot.CleanText(button.Text)
			}
		}
	}
	return ""
}

// membership reads that a resident blocked the bot or allowed it again.
func (u *parsed) membership(raw json.RawMessage) error {
	var m rawMember
	if err := json.Unmarshal(raw, &m); err != nil {
		return err
	}
	if m.Chat.ID == nil {
		return errors.New("no chat")
	}
	if m.Chat.Type != private {
		return nil
	}
	in := bot.Inbound{Address: bot.Address{User: chatID(m.Chat.ID)}}
	switch models.ChatMemberType(m.New.Status) {
	case models.ChatMemberTypeBanned:
		in.Kind = bot.KindGone
	case models.ChatMemberTypeMember:
		in.Kind = bot.KindOptIn
	default:
		return nil
	}
	u.message = &in
	return nil
}

// service reports whether a message without text is about the chat itself. All
// others are something that a resident sent, also of kinds that are yet to come:
// they must not be met with silence.
func service(fields map[string]json.RawMessage) bool {
	for _, name := range []string{
		"pinned_message", "message_auto_delete_timer_changed", "migrate_to_chat_id", "migrate_from_chat_id",
		"new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
		"group_chat_created", "supergroup_chat_created", "channel_chat_created", "chat_background_set",
		"connected_website", "write_access_allowed", "users_shared", "chat_shared", "web_app_data",
		"invoice", "successful_payment", "refunded_payment", "gift", "unique_gift", "boost_added",
		"giveaway", "giveaway_created", "giveaway_winners", "giveaway_completed", "proximity_alert_triggered",
		"video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited",
		"forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
	} {
		if present(fields[name]) {
			return true
		}
	}
	return false
}

func present(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }

func chatID(id *int64) string { return strconv.FormatInt(*id, 10) }

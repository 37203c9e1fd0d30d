package sms

import (
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels/twilio"
)

// maxSender is longer than any phone number or sender name.
const maxSender = 32

// The reasons to refuse a request; they are shown to Twilio, so they hold
// nothing of it.
var (
	errNoSID    = errors.New("parameter MessageSid is missing or not a SID")
	errNoFrom   = errors.New("parameter From is missing or not a sender of SMS")
	errMessage  = errors.New("parameter message of the address is not a number")
	errNoStatus = errors.New("parameter MessageStatus is missing")
)

// parse makes an inbound message of Twilio's parameters; the caller fills in the
// account and the time.
func parse(form url.Values) (bot.Inbound, error) {
	sid := first(form, "MessageSid", "SmsMessageSid", "SmsSid")
	if !twilio.ValidSID(sid) {
		return bot.Inbound{}, errNoSID
	}
	from := form.Get("From")
	if !sender(from) {
		return bot.Inbound{}, errNoFrom
	}
	m := bot.Inbound{
		Address:    bot.Address{Channel: bot.SMS, User: from},
		ProviderID: sid,
		Kind:       bot.KindText,
		Text:       bot.CleanText(form.Get("Body")),
	}
	media, _ := strconv.Atoi(form.Get("NumMedia"))
	switch strings.ToUpper(form.Get("OptOutType")) {
	case "STOP":
		m.Kind = bot.KindOptOut
	case "START":
		m.Kind = bot.KindOptIn
	case "HELP":
		m.Kind = bot.KindHelp
	default:
		if m.Text == "" && media > 0 {
			m.Kind = bot.KindMedia
		}
	}
	return m, nil
}

// parseReceipt makes a receipt of Twilio's parameters and our message parameter
// from the address, which is empty for messages that Balie did not send. The
// status is empty for one that says nothing about delivery.
func parseReceipt(form url.Values, message string) (bot.Receipt, error) {
	r := bot.Receipt{ProviderID: first(form, "MessageSid", "SmsSid")}
	if !twilio.ValidSID(r.ProviderID) {
		return bot.Receipt{}, errNoSID
	}
	if message != "" {
		id, err := strconv.ParseInt(message, 10, 64)
		if err != nil || id <= 0 {
			return bot.Receipt{}, errMessage
		}
		r.Outbound = id
	}
	status := first(form, "MessageStatus", "SmsStatus")
	if status == "" {
		return bot.Receipt{}, errNoStatus
	}
	r.Status = deliveryStatus(status)
	if code, err := strconv.Atoi(form.Get("ErrorCode")); err == nil && code > 0 {
		r.Code = "twilio." + strconv.Itoa(code)
		r.Unreachable = code == twilio.OptedOut
	}
	return r, nil
}

func deliveryStatus(s string) bot.DeliveryStatus {
	switch strings.ToLower(s) {
	case "accepted", "scheduled", "queued":
		return bot.Queued
	case "sending":
		return bot.Sending
	case "sent":
		return bot.Sent
	case "delivered":
		return bot.Delivered
	case "read":
		return bot.Read
	case "failed", "undelivered", "canceled":
		return bot.Failed
	}
	return ""
}

// sender reports whether s can be who sent an SMS: a phone number, a short code
// or a name. Addresses of other channels, such as whatsapp:+31..., cannot: a
// reply by SMS would never arrive.
func sender(s string) bool {
	if s == "" || len(s) > maxSender || strings.TrimSpace(s) != s {
		return false
	}
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !strings.ContainsRune("+ -_&.", r) {
			return false
		}
	}
	return true
}

// first returns the first of the parameters that is not empty.
func first(form url.Values, names ...string) string {
	for _, name := range names {
		if v := form.Get(name); v != "" {
			return v
		}
	}
	return ""
}

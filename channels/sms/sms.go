// Package sms is the SMS channel, over Twilio.
//
// It knows which parameters Twilio sends and takes for an SMS, and which letters
// fit in one. It must not know what residents and the bot say, nor how messages
// are stored: it hands them to a Receiver, and sends what it is given.
package sms

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/twilio"
)

const (
	// clockSkew is how far Twilio's clock, which shows whole seconds, may be behind
	// ours.
	clockSkew = time.Minute
	// trialPrefix is what Twilio puts before the messages of a trial account.
	trialPrefix = "Sent from your Twilio trial account - "

	inboundPath = "/webhooks/twilio/sms"
	statusPath  = "/webhooks/twilio/status"
	// messageParameter carries our id of a message through the callback's address.
	messageParameter = "message"
)

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Config is an SMS number at Twilio. All but APIBase and SecondaryToken are required.
type Config struct {
	AccountSID string
	AuthToken  string
	// SecondaryToken also proves that a request is Twilio's; empty for none.
	SecondaryToken string
	Number         string // E.164: +3197...
	APIBase        string // replaces Twilio's own address
	PublicURL      string // the address that Twilio calls
	Now            func() time.Time
	Log            *slog.Logger
}

// Channel receives and sends SMS. It is safe for concurrent use.
type Channel struct {
	account  string
	number   string
	callback string
	now      func() time.Time
	log      *slog.Logger
	client   *twilio.Client
	verifier *twilio.Verifier
	receiver channels.Receiver
	receipts channels.Receipts
}

// ValidNumber reports whether s is a phone number as Twilio writes it (E.164).
func ValidNumber(s string) bool { return e164.MatchString(s) }

// New checks the configuration; it makes no request.
func New(cfg Config, receiver channels.Receiver, receipts channels.Receipts) (*Channel, error) {
	if !ValidNumber(cfg.Number) {
		return nil, errors.New("sms: the number must be written like +3197010240000")
	}
	if receiver == nil || receipts == nil {
		return nil, errors.New("sms: a receiver of messages and of receipts are needed")
	}
	client, err := twilio.NewClient(twilio.Config{
		AccountSID: cfg.AccountSID, AuthToken: cfg.AuthToken, APIBase: cfg.APIBase, Now: cfg.Now, Log: cfg.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("sms: %w", err)
	}
	tokens := []string{cfg.AuthToken}
	if cfg.SecondaryToken != "" {
		tokens = append(tokens, cfg.SecondaryToken)
	}
	verifier, err := twilio.NewVerifier(cfg.PublicURL, tokens...)
	if err != nil {
		return nil, fmt.Errorf("sms: %w", err)
	}
	return &Channel{
		account: cfg.AccountSID, number: cfg.Number,
		callback: strings.TrimRight(cfg.PublicURL, "/") + statusPath,
		now:      cfg.Now, log: cfg.Log,
		client: client, verifier: verifier, receiver: receiver, receipts: receipts,
	}, nil
}

// Routes registers what Twilio calls.
func (ch *Channel) Routes(r fiber.Router) {
	r.Post(inboundPath, ch.inbound)
	r.Post(statusPath, ch.status)
}

// Send hands a message to Twilio and returns its SID. Errors are *bot.SendError.
func (ch *Channel) Send(ctx context.Context, m bot.Outbound) (string, error) {
	body := Encodable(m.Text)
	switch {
	case body == "":
		return "", &bot.SendError{Code: "empty", Permanent: true, Err: errors.New("sms: the message has no text")}
	case len(utf16.Encode([]rune(body))) > bot.SMS.MaxReply():
		// Cutting it would send residents half a sentence and hide the fault in the
		// content, which is checked for length where it is written.
		return "", &bot.SendError{Code: "too_long", Permanent: true, Err: errors.New("sms: the message is longer than Twilio takes")}
	}
	return ch.client.Send(ctx, twilio.Message{
		From: ch.number, To: m.User, Body: body,
		StatusCallback: ch.callback + "?" + messageParameter + "=" + strconv.FormatInt(m.ID, 10),
	})
}

// Accepted returns the SIDs of the messages at Twilio that look like this one
// and are not older than its first try, oldest first.
func (ch *Channel) Accepted(ctx context.Context, m bot.Outbound) ([]string, error) {
	since := m.FirstTry
	if since.IsZero() {
		since = m.CreatedAt
	}
	since = since.Add(-clockSkew)
	records, err := ch.client.Sent(ctx, ch.number, m.User)
	if err != nil {
		return nil, fmt.Errorf("sms: %w", err)
	}
	body := Encodable(m.Text)
	var sids []string
	for _, r := range records {
		failed := r.Status == "failed" || r.Status == "canceled"
		same := strings.TrimSpace(strings.TrimPrefix(r.Body, trialPrefix)) == body
		if r.SID != "" && same && !failed && !r.CreatedAt.Before(since) {
			sids = append(sids, r.SID)
		}
	}
	slices.Reverse(sids) // Twilio lists the newest first
	return sids, nil
}

// inbound takes in a message of a resident. The answer is always empty: replies
// go through the outbox, and never both ways.
func (ch *Channel) inbound(c *fiber.Ctx) error {
	form, err := ch.form(c)
	if err != nil {
		return err
	}
	m, err := parse(form)
	if err != nil {
		ch.log.Warn("message of Twilio not understood", "err", err)
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	m.Account, m.ReceivedAt = ch.number, ch.now()

	ctx, cancel := context.WithTimeout(c.UserContext(), channels.ReceiveLimit)
	defer cancel()
	if _, err := ch.receiver.Receive(ctx, m); err != nil {
		ch.log.Error("message could not be stored", "channel", string(bot.SMS), "err", err)
		return channels.Unavailable()
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextXMLCharsetUTF8)
	return c.SendString("<Response/>")
}

// status takes in what Twilio reports about a message that we sent.
func (ch *Channel) status(c *fiber.Ctx) error {
	form, err := ch.form(c)
	if err != nil {
		return err
	}
	r, err := parseReceipt(form, c.Query(messageParameter))
	if err != nil {
		ch.log.Warn("receipt of Twilio not understood", "err", err)
		return fiber.NewError(fiber.StatusBadRequest, err.Error())
	}
	if r.Status == "" {
		return c.SendStatus(fiber.StatusNoContent) // a status that says nothing about delivery
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), channels.ReceiveLimit)
	defer cancel()
	switch err := ch.receipts.Receipt(ctx, r); {
	case errors.Is(err, bot.ErrNotFound):
		// Not ours, or erased since: telling it again would not help.
		ch.log.Info("receipt for an unknown message", "message", r.Outbound)
	case err != nil:
		ch.log.Error("receipt could not be stored", "message", r.Outbound, "err", err)
		return channels.Unavailable()
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextXMLCharsetUTF8)
	return c.SendString("<Response/>")
}

// form returns the parameters of a request that Twilio signed for our account.
func (ch *Channel) form(c *fiber.Ctx) (url.Values, error) {
	form, err := ch.verifier.Form(c)
	if err != nil {
		ch.log.Warn("request refused", "channel", string(bot.SMS), "err", err)
		return nil, err
	}
	if form.Get("AccountSid") != ch.account {
		ch.log.Warn("request for another account refused", "channel", string(bot.SMS))
		return nil, fiber.NewError(fiber.StatusForbidden, "AccountSid is not ours")
	}
	return form, nil
}

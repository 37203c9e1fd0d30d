// Package telegram is the Telegram channel.
//
// It knows the Bot API: what an update looks like and how a message is sent. It
// must not know what residents and the bot say, nor how messages are stored: it
// hands them to a Receiver, and sends what it is given.
//
// Of the client library only the calls and their types are used. Its way of
// receiving answers 200 before anything is stored, so that is done here.
package telegram

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"time"

	tg "github.com/go-telegram/bot"
	"github.com/gofiber/fiber/v2"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/channels"
)

const (
	webhookPath  = "/webhooks/telegram"
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"
	officialAPI  = "https://api.telegram.org"
	// answerLimit is how long the button that a resident pressed may wait to be
	// told that the press arrived. It is a courtesy only.
	answerLimit = 3 * time.Second
)

var (
	tokenPattern  = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{1,128}$`)
	secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
)

// Config is a bot at Telegram. Token, Now and Log are required.
type Config struct {
	Token   string
	Secret  string // proves that a webhook request comes from Telegram; without it all are refused
	APIBase string // replaces https://api.telegram.org
	Now     func() time.Time
	Log     *slog.Logger
}

// Channel receives and sends Telegram messages. It is safe for concurrent use.
type Channel struct {
	account  string // the bot's id
	token    string
	secret   string
	now      func() time.Time
	log      *slog.Logger
	api      *tg.Bot
	http     *http.Client
	receiver channels.Receiver
	pace     *pacer
	backoff  time.Duration // the first wait after a failed poll
}

// ValidToken reports whether s looks like a token of @BotFather.
func ValidToken(s string) bool { return tokenPattern.MatchString(s) }

// ValidSecret reports whether Telegram takes s as the secret of a webhook.
func ValidSecret(s string) bool { return secretPattern.MatchString(s) }

// New checks the configuration; it makes no request.
func New(cfg Config, receiver channels.Receiver) (*Channel, error) {
	switch {
	case !ValidToken(cfg.Token):
		return nil, errors.New("telegram: the token must look like 123456:ABC-DEF")
	case cfg.Secret != "" && !ValidSecret(cfg.Secret):
		return nil, errors.New("telegram: the secret must be 1 to 256 letters, digits, _ and -")
	case cfg.Now == nil || cfg.Log == nil || receiver == nil:
		return nil, errors.New("telegram: a clock, a log and a receiver are needed")
	}
	server := strings.TrimRight(cfg.APIBase, "/")
	if server == "" {
		server = officialAPI
	}
	transport, err := channels.NewTransport(server)
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	ch := &Channel{
		token: cfg.Token, secret: cfg.Secret, now: cfg.Now, log: cfg.Log,
		receiver: receiver, pace: newPacer(cfg.Now), backoff: time.Second,
		http: &http.Client{
			Transport:     transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	ch.account, _, _ = strings.Cut(cfg.Token, ":")
	ch.api, err = tg.New(cfg.Token,
		tg.WithSkipGetMe(), tg.WithUpdatesChannelCap(0),
		// The transport leads to the server; it needs the address that is built in.
		tg.WithHTTPClient(time.Minute, ch.http),
		tg.WithErrorsHandler(func(error) { cfg.Log.Warn("telegram client failed to clean up") }))
	if err != nil {
		return nil, fmt.Errorf("telegram: %w", err)
	}
	return ch, nil
}

// Routes registers what Telegram calls.
func (ch *Channel) Routes(r fiber.Router) { r.Post(webhookPath, ch.webhook) }

// SetWebhook tells Telegram to call us at the public address.
func (ch *Channel) SetWebhook(ctx context.Context, publicURL string) error {
	if ch.secret == "" {
		return errors.New("telegram: a webhook needs a secret")
	}
	public, err := channels.ParsePublicURL(publicURL)
	if err != nil {
		return fmt.Errorf("telegram: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, channels.SendLimit)
	defer cancel()
	_, err = ch.api.SetWebhook(ctx, &tg.SetWebhookParams{
		URL: public.String() + webhookPath, SecretToken: ch.secret, AllowedUpdates: allowedUpdates(),
	})
	if err != nil {
		return fmt.Errorf("telegram: set the webhook: %w", channels.Redacted(err))
	}
	return nil
}

// webhook takes in one update. Telegram delivers again whatever is not answered
// with 200, so that is given for all that could never be understood too.
func (ch *Channel) webhook(c *fiber.Ctx) error {
	given := c.Get(secretHeader)
	if ch.secret == "" || subtle.ConstantTimeCompare([]byte(given), []byte(ch.secret)) != 1 {
		ch.log.Warn("request refused", "channel", string(bot.Telegram))
		return fiber.NewError(fiber.StatusForbidden, "the secret token is wrong")
	}
	ctx, cancel := context.WithTimeout(c.UserContext(), channels.ReceiveLimit)
	defer cancel()
	_, err := ch.take(ctx, c.BodyRaw())
	switch {
	case errors.Is(err, errNotUpdate):
		ch.log.Warn("update of Telegram not understood", "err", err)
		return fiber.NewError(fiber.StatusBadRequest, "not an update of the Bot API")
	case err != nil:
		return channels.Unavailable()
	}
	return c.Status(fiber.StatusOK).SendString("")
}

// take stores what an update says, if it says something to us, and returns the
// update's id. It fails with errNotUpdate or when the store fails.
func (ch *Channel) take(ctx context.Context, body []byte) (int64, error) {
	u, err := parse(body)
	if err != nil {
		return 0, err
	}
	if u.odd {
		ch.log.Warn("update with an unknown form ignored", "channel", string(bot.Telegram))
	}
	if u.message != nil {
		m := *u.message
		m.Account, m.ReceivedAt = ch.account, ch.now()
		if _, err := ch.receiver.Receive(ctx, m); err != nil {
			ch.log.Error("message could not be stored", "channel", string(bot.Telegram), "err", err)
			return u.id, fmt.Errorf("telegram: store: %w", err)
		}
	}
	if u.callback != "" {
		ch.answerCallback(ctx, u.callback)
	}
	return u.id, nil
}

// answerCallback stops the button from showing that it waits. Whether that
// succeeds does not matter to the message, which is stored.
func (ch *Channel) answerCallback(ctx context.Context, id string) {
	if ch.pace.paused() > 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, answerLimit)
	defer cancel()
	if _, err := ch.api.AnswerCallbackQuery(ctx, &tg.AnswerCallbackQueryParams{CallbackQueryID: id}); err != nil {
		ch.log.Info("callback query could not be answered", "err", channels.Redacted(err))
	}
}

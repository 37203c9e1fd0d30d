package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/dialogue"
	"github.com/balie-nl/balie/bot/pipeline"
	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/channels"
	"github.com/balie-nl/balie/channels/desk"
	"github.com/balie-nl/balie/channels/photo"
	"github.com/balie-nl/balie/channels/sms"
	"github.com/balie-nl/balie/channels/stream"
	"github.com/balie-nl/balie/channels/telegram"
	"github.com/balie-nl/balie/channels/webchat"
	"github.com/balie-nl/balie/intents"
	"github.com/balie-nl/balie/intents/entities"
	"github.com/balie-nl/balie/locales"
)

// shutdownLimit is how long requests and sends under way may take at the end.
const shutdownLimit = 20 * time.Second

// sharedWorkers is how many batches one process works on at once, where the
// database is on the other side of a connection.
const sharedWorkers = 2

// The fit of the parts, checked at compile time.
var (
	_ pipeline.InboxStore     = (*store.Store)(nil)
	_ pipeline.WorkStore      = (*store.Store)(nil)
	_ pipeline.DeskStore      = (*store.Store)(nil)
	_ pipeline.OutboxStore    = (*store.Store)(nil)
	_ pipeline.TimerStore     = (*store.Store)(nil)
	_ pipeline.CostStore      = (*store.Store)(nil)
	_ pipeline.RetentionStore = (*store.Store)(nil)
	_ pipeline.Record         = (*store.Store)(nil)
	_ pipeline.Understander   = (*intents.Engine)(nil)
	_ pipeline.Renderer       = (*locales.Library)(nil)
	_ pipeline.Dialogue       = dialogue.Rules{}
	_ pipeline.Sender         = (*sms.Channel)(nil)
	_ pipeline.Asker          = (*sms.Channel)(nil)
	_ pipeline.Sender         = (*telegram.Channel)(nil)
	_ channels.Receiver       = (*pipeline.Receiver)(nil)
	_ channels.Receipts       = (*pipeline.Courier)(nil)
	_ desk.Actions            = (*pipeline.Actions)(nil)
)

// App is the whole program as a value, so that tests can start it.
type App struct {
	cfg      Config
	db       *store.Store
	hub      *stream.Hub
	web      *fiber.App
	telegram *telegram.Channel // nil when it is off
	log      *slog.Logger
	parts    []func(context.Context) error
	listener net.Listener
	// FirstPassword is the password of the account "beheer" that was made because
	// there was none; empty otherwise.
	FirstPassword string
}

// newBrain makes what is needed to answer, and the texts.
func newBrain(cfg Config) (pipeline.Brain, *locales.Library, error) {
	hours, errHours := service.New(cfg.Hours.service())
	texts, errTexts := openTexts(cfg)
	engine, errEngine := loadEngine(cfg.Understanding)
	calendar, errWaste := loadWaste(cfg.Waste)
	if err := errors.Join(errHours, errTexts, errEngine, errWaste); err != nil {
		return pipeline.Brain{}, nil, err
	}
	reader := understander{
		engine: engine, others: &directory{texts: texts},
		finder: entities.New(entities.Places{Streets: cfg.Places.Streets, Districts: cfg.Places.Districts}),
	}
	return pipeline.Brain{Dialogue: dialogue.Rules{Content: texts, Waste: calendar}, Understander: reader, Renderer: texts, Hours: hours}, texts, nil
}

// loadEngine loads the embedded model with the configured thresholds.
func loadEngine(u Understanding) (*intents.Engine, error) {
	engine, err := intents.Load()
	if err != nil {
		return nil, err
	}
	thresholds := intents.DefaultThresholds
	if u.Answer != 0 {
		thresholds.Answer = u.Answer
	}
	if u.Clarify != 0 {
		thresholds.Clarify = u.Clarify
	}
	return engine.WithThresholds(thresholds)
}

// NewApp opens the database and the listener and wires everything. Its error
// lists every problem of the configuration. Run must be called, or Close.
func NewApp(ctx context.Context, cfg Config, listen, data string, log *slog.Logger) (app *App, err error) {
	brain, texts, err := newBrain(cfg)
	if err != nil {
		return nil, err
	}
	a := &App{cfg: cfg, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Close())
		}
	}()
	// The socket first: when the port is taken nothing else has to be undone.
	if a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", listen); err != nil {
		return nil, fmt.Errorf("%w: choose another address with --listen, such as 127.0.0.1:8081", err)
	}
	if cfg.PublicURL == "" {
		cfg.PublicURL = "http://" + a.Addr()
	}
	if a.db, err = openStore(ctx, cfg.Database, data); err != nil {
		return nil, err
	}
	if !a.db.Shared() {
		if err = soleOwner(data); err != nil {
			return nil, err
		}
	}
	if err = errors.Join(a.db.PurgeSessions(ctx, time.Now()), a.firstAccount(ctx)); err != nil {
		return nil, err
	}
	if err = a.wire(cfg, brain, texts); err != nil {
		return nil, err
	}
	// Reading the model and the texts took more memory than keeping them.
	debug.FreeOSMemory()
	return a, nil
}

// wire makes the parts and lays the routes.
func (a *App) wire(cfg Config, brain pipeline.Brain, texts *locales.Library) error {
	a.hub = stream.NewHub(stream.Config{Log: a.log})
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return fmt.Errorf("time zone: %w", err)
	}
	ceilings := pipeline.Ceilings{Sender: cfg.Limits.SMSPerSender, Total: cfg.Limits.SMSPerDay}
	brain.Record = a.db
	brain.Costs = pipeline.NewCosts(a.db, ceilings, sms.Segments, zone, time.Now, a.log)
	workers := 1 // SQLite has one writer, and nobody keeps two readers apart
	if a.db.Shared() {
		workers = sharedWorkers
	}
	processor := pipeline.NewProcessor(a.db, brain, workers, time.Now, a.log)
	pace := pipeline.Pace{Burst: cfg.Limits.MessagesAtOnce, Every: pipeline.HumanPace.Every}
	receiver := pipeline.NewReceiver(a.db, processor, pace, a.log)
	actions := pipeline.NewActions(a.db, processor)
	senders := map[bot.Channel]pipeline.Sender{}
	courier := pipeline.NewCourier(a.db, processor, actions, senders, time.Now, a.log)
	timers := pipeline.NewTimers(a.db, processor)
	retention := pipeline.NewRetention(a.db, time.Duration(cfg.Privacy.KeepDays)*24*time.Hour, time.Now, a.log)
	a.parts = []func(context.Context) error{
		receiver.Run, processor.Run, courier.Run, timers.Run, retention.Run, brain.Costs.Run, a.listen, watchTexts(texts, a.log),
	}

	registry := prometheus.NewRegistry()
	if err := registry.Register(backlog{a.db, brain.Costs}); err != nil {
		return fmt.Errorf("metrics: %w", err)
	}
	web, err := channels.New(channels.Config{
		PublicURL: cfg.PublicURL, TrustedProxies: cfg.TrustedProxies, Ready: a.db.Ping, Log: a.log, Registry: registry,
		Uploads: map[string]int{webchat.PhotoPath: photo.MaxBytes + 1<<20}, // with the form around it
	})
	if err != nil {
		return err
	}
	a.web = web

	if cfg.Twilio.On() {
		channel, err := sms.New(sms.Config{
			AccountSID: cfg.Twilio.AccountSID, AuthToken: cfg.Twilio.AuthToken, SecondaryToken: cfg.Twilio.SecondaryToken,
			Number: cfg.Twilio.Number, APIBase: cfg.Twilio.APIBase,
			PublicURL: cfg.PublicURL, Now: time.Now, Log: a.log,
		}, receiver, courier)
		if err != nil {
			return err
		}
		channel.Routes(web)
		senders[bot.SMS] = channel
	}
	if cfg.Telegram.On() {
		channel, err := telegram.New(telegram.Config{
			Token: cfg.Telegram.Token, Secret: cfg.Telegram.Secret, APIBase: cfg.Telegram.APIBase, Now: time.Now, Log: a.log,
		}, receiver)
		if err != nil {
			return err
		}
		senders[bot.Telegram], a.telegram = channel, channel
		if a.polls() {
			a.parts = append(a.parts, channel.Poll)
		} else {
			channel.Routes(web)
			a.parts = append(a.parts, a.registerWebhook)
		}
	}

	secure := strings.HasPrefix(cfg.PublicURL, "https://")
	cleaner := photo.NewCleaner()
	var languages []webchat.Texts
	for _, voice := range texts.Voices() {
		languages = append(languages, voice)
	}
	chat, err := webchat.New(webchat.Config{
		Texts: texts, Languages: languages, Hosts: locales.Hosts(), Receiver: receiver, Transcripts: a.db, Photos: a.db, Cleaner: cleaner, Hub: a.hub, Now: time.Now, Log: a.log, Secure: secure,
	})
	if err != nil {
		return err
	}
	chat.Routes(web)
	console, err := desk.New(desk.Config{
		Texts: texts, Hosts: locales.Hosts(), Accounts: a.db, Conversations: a.db, Actions: actions, Tickets: a.db, Photos: photos{a.db, a.telegram, cleaner}, Hub: a.hub, Now: time.Now, Log: a.log, Secure: secure,
		Reader:      reader{entities.New(entities.Places{Streets: cfg.Places.Streets, Districts: cfg.Places.Districts}), texts},
		Proofreader: newProofreader(), Library: texts, Editors: cfg.Content.Editors,
	})
	if err != nil {
		return err
	}
	console.Routes(web)
	return nil
}

// polls reports whether Telegram is asked for messages instead of calling us:
// without a secret nobody can be trusted to be Telegram.
func (a *App) polls() bool { return a.cfg.Telegram.Secret == "" }

// registerWebhook tells Telegram our address, until it has heard. Without a
// public address that is left to the operator.
func (a *App) registerWebhook(ctx context.Context) error {
	const longest = time.Minute
	registered := a.cfg.PublicURL == ""
	for wait := time.Second; !registered && ctx.Err() == nil; wait = min(2*wait, longest) {
		err := a.telegram.SetWebhook(ctx, a.cfg.PublicURL)
		if registered = err == nil; registered {
			break
		}
		a.log.Warn("telegram webhook could not be registered; trying again", "err", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return nil
}

// firstAccount makes an account for the desk when there is none.
func (a *App) firstAccount(ctx context.Context) error {
	n, err := a.db.Accounts(ctx)
	if err != nil || n > 0 {
		return err
	}
	a.FirstPassword, err = addAccount(ctx, a.db, "beheer", "Beheer")
	if errors.Is(err, store.ErrUsernameTaken) {
		return nil // another process that starts now was first, and has shown it
	}
	return err
}

// Addr is the host and port that the app listens on.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run serves until ctx ends or a part fails. Then it ends the live streams, lets
// the requests under way finish, and after them the parts that they rely on, all
// within shutdownLimit.
func (a *App) Run(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, serving := errgroup.WithContext(ctx)
	for _, part := range a.parts {
		group.Go(func() error { return part(work) })
	}
	group.Go(func() error {
		if err := a.web.Listener(a.listener); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		defer stop()
		<-serving.Done()
		a.hub.Close()
		err := a.web.ShutdownWithTimeout(shutdownLimit)
		// A shutdown from before the server began to listen would be lost.
		if closed := a.listener.Close(); !errors.Is(closed, net.ErrClosed) {
			err = errors.Join(err, closed)
		}
		if err != nil {
			return fmt.Errorf("stop serving: %w", err)
		}
		return nil
	})
	return errors.Join(group.Wait(), a.Close())
}

// Close frees what NewApp opened.
func (a *App) Close() error {
	var errs []error
	if a.listener != nil {
		if err := a.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if a.db != nil {
		errs = append(errs, a.db.Close())
	}
	return errors.Join(errs...)
}

// soleOwner makes sure that no other server works on the data folder: two of
// them would send the same messages. The lock ends with the process.
func soleOwner(folder string) error {
	path := filepath.Join(folder, "serve.lock")
	fd, err := syscall.Open(path, syscall.O_CREAT|syscall.O_RDWR|syscall.O_CLOEXEC, 0o600)
	if err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	if err := syscall.Flock(fd, syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.Join(fmt.Errorf("another balie serves the folder %s already: stop it, or choose another folder with --data", folder), syscall.Close(fd))
	}
	return nil
}

// listen tells the live views what changed, by whichever process.
func (a *App) listen(ctx context.Context) error {
	return a.db.Listen(ctx, func(conversation int64) {
		if conversation == 0 {
			a.hub.NotifyAll()
			return
		}
		a.hub.Notify("conversation:" + strconv.FormatInt(conversation, 10))
		a.hub.Notify("desk")
	})
}

package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
)

type serveCommand struct {
	settings
	dataFolder
	Listen string `help:"Host and port to listen on." env:"BALIE_LISTEN" default:"127.0.0.1:8080"`
}

// Run serves until the process is told to stop.
func (c serveCommand) Run(ctx context.Context) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	app, err := NewApp(ctx, cfg, c.Listen, c.Data, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	fmt.Print(app.greeting())
	return app.Run(ctx)
}

// greeting tells the operator where everything is and what is off.
func (a *App) greeting() string {
	host := strings.Replace(a.Addr(), "127.0.0.1:", "localhost:", 1)
	var b strings.Builder
	fmt.Fprintf(&b, "\nBalie %s serves %s\n\n", version(), a.cfg.Facts["gemeente"])
	fmt.Fprintf(&b, "  Web chat   http://%s/chat\n", host)
	fmt.Fprintf(&b, "  Desk       http://%s/desk\n", host)
	fmt.Fprintf(&b, "  Health     http://%s/healthz\n\n", host)
	if a.FirstPassword != "" {
		fmt.Fprintf(&b, "  First account for the desk, shown only now:\n    username  beheer\n    password  %s\n", a.FirstPassword)
		fmt.Fprintf(&b, "  Add colleagues with: balie staff add USERNAME --name NAME\n\n")
	}
	fmt.Fprintf(&b, "  SMS        %s\n", a.smsStatus())
	fmt.Fprintf(&b, "  Telegram   %s\n", a.telegramStatus())
	fmt.Fprintf(&b, "  WhatsApp   off: not in this version\n")
	fmt.Fprintf(&b, "  Voice      off: not in this version\n\n")
	return b.String()
}

func (a *App) smsStatus() string {
	if a.cfg.Twilio.On() {
		return "on, number " + a.cfg.Twilio.Number
	}
	return "off: set BALIE_TWILIO_ACCOUNT_SID, BALIE_TWILIO_AUTH_TOKEN, BALIE_TWILIO_NUMBER and BALIE_PUBLIC_URL"
}

func (a *App) telegramStatus() string {
	switch {
	case !a.cfg.Telegram.On():
		return "off: set BALIE_TELEGRAM_TOKEN (and for a webhook BALIE_TELEGRAM_SECRET and BALIE_PUBLIC_URL)"
	case a.polls():
		return "on, by long polling (for a webhook: set BALIE_TELEGRAM_SECRET and BALIE_PUBLIC_URL)"
	case a.cfg.PublicURL == "":
		return "on, by webhook; set BALIE_PUBLIC_URL to have it registered at Telegram"
	}
	return "on, by webhook"
}

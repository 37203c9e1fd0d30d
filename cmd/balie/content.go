package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/channels/sms"
	"github.com/balie-nl/balie/locales"
	"github.com/balie-nl/balie/locales/plain"
)

type contentCommand struct {
	Check  contentCheckCommand  `cmd:"" help:"Judge all texts: language, length, required fields, links, dates. It fails when one may not be published."`
	Report contentReportCommand `cmd:"" help:"Print a table of all texts by language: difficulty, length, SMS; or write it as a page."`
	Export contentExportCommand `cmd:"" help:"Print the answers as VACs (JSON), for other municipal systems."`
	Import contentImportCommand `cmd:"" help:"Make drafts of answers from VACs (JSON)."`
}

type contentCheckCommand struct {
	settings
}

// Run prints every problem, and fails when there is an error among them.
func (c contentCheckCommand) Run() error {
	texts, _, err := c.texts()
	if err != nil {
		return err
	}
	problems, err := texts.Check()
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	found := len(locales.Errors(problems))
	fmt.Printf("%d errors, %d warnings\n", found, len(problems)-found)
	if found > 0 {
		return errors.New("the content may not be published as it is")
	}
	return nil
}

// texts opens the texts with the configuration that the command names.
func (s settings) texts() (*locales.Library, Config, error) {
	cfg, err := s.load()
	if err != nil {
		return nil, Config{}, err
	}
	texts, err := openTexts(cfg)
	return texts, cfg, err
}

// openTexts opens the texts of the municipality.
func openTexts(cfg Config) (*locales.Library, error) {
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	return locales.Open(locales.Options{Facts: cfg.facts(), Translations: cfg.Translations, Zone: zone, Folder: cfg.Content.Folder, Gate: contentGate})
}

// contentGate makes the gate for a language; only Dutch and English have a checker.
func contentGate(language string) (locales.Gate, error) {
	gate := locales.Gate{Segments: sms.Segments, Today: time.Now()}
	base, _, _ := strings.Cut(language, "-")
	if base != "nl" && base != "en" {
		return gate, nil
	}
	checker, err := plain.New(base)
	gate.Plain = checker
	return gate, err
}

// lookEvery is how often the folder with own texts is looked at: a network folder
// tells nobody when a file changes.
const lookEvery = 2 * time.Second

// watchTexts takes changed texts into use. Those that are rejected it leaves, and
// says so once.
func watchTexts(texts *locales.Library, log *slog.Logger) func(context.Context) error {
	return func(ctx context.Context) error {
		last, err := texts.Fingerprint()
		if err != nil || last == "" {
			return err
		}
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
			}
			now, err := texts.Fingerprint()
			if err == nil && now == last {
				continue
			}
			if err == nil {
				last, err = now, texts.Reload()
			}
			if err != nil {
				log.Error("own texts were not taken into use; the texts from before stay", "err", err)
			} else {
				log.Info("own texts taken into use")
			}
		}
	}
}

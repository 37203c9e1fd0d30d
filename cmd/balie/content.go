package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot/service"
	"github.com/balie-nl/balie/channels/sms"
	"github.com/balie-nl/balie/locales"
	"github.com/balie-nl/balie/locales/plain"
)

type contentCommand struct {
	Check contentCheckCommand `cmd:"" help:"Judge all texts: language, length, required fields, links, dates. It fails when one may not be published."`
}

type contentCheckCommand struct {
	settings
}

// Run prints every problem, and fails when there is an error among them.
func (c contentCheckCommand) Run() error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	texts, err := openTexts(cfg)
	if err != nil {
		return err
	}
	problems, err := texts.Check(contentGate)
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

// openTexts opens the texts of the municipality.
func openTexts(cfg Config) (*locales.Library, error) {
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return nil, fmt.Errorf("time zone: %w", err)
	}
	return locales.Open(locales.Options{Facts: cfg.facts(), Zone: zone, Folder: cfg.Content.Folder})
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

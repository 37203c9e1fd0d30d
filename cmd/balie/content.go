package main

import (
	"errors"
	"fmt"
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
	zone, err := time.LoadLocation(service.Zone)
	if err != nil {
		return fmt.Errorf("time zone: %w", err)
	}
	dutch, err := locales.Load("nl", cfg.facts(), zone)
	if err != nil {
		return err
	}
	checker, err := plain.New("nl")
	if err != nil {
		return err
	}
	problems := locales.Gate{Plain: checker, Segments: sms.Segments, Today: time.Now()}.Check(dutch, dutch)
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

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
)

type askCommand struct {
	settings
	Question []string `arg:"" optional:"" help:"A question. Without one: a conversation, until end of input."`
}

// Run answers questions in the terminal with the same brain as the server.
func (c askCommand) Run(ctx context.Context) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	brain, _, err := newBrain(cfg)
	if err != nil {
		return err
	}
	state := bot.NewState()
	answer := func(text string) error {
		turn, err := brain.Answer(state, bot.Inbound{
			Address: bot.Address{Channel: bot.Terminal}, Kind: bot.KindText, Text: bot.CleanText(text), ReceivedAt: time.Now(),
		})
		if err != nil {
			return err
		}
		state = turn.State
		for _, m := range turn.Messages {
			fmt.Printf("%s\n\n", m.Text)
		}
		return nil
	}
	if len(c.Question) > 0 {
		return answer(strings.Join(c.Question, " "))
	}
	lines := bufio.NewScanner(os.Stdin)
	for ctx.Err() == nil {
		fmt.Print("> ")
		if !lines.Scan() {
			fmt.Println()
			break
		}
		if err := answer(lines.Text()); err != nil {
			return err
		}
	}
	return lines.Err()
}

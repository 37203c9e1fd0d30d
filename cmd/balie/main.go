// Balie is an accessible chatbot and messaging gateway for Dutch municipalities:
// residents ask by SMS, Telegram or web chat, a curated answer in plain Dutch
// comes back, and a person takes over when that is better.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line. A file per command holds what it does.
type cli struct {
	Serve      serveCommand      `cmd:"" help:"Start the server: web chat, desk, SMS and Telegram."`
	Ask        askCommand        `cmd:"" help:"Talk to the chatbot in this terminal. Nothing is stored."`
	Classify   classifyCommand   `cmd:"" help:"Read messages from standard input, a line each; print intent<TAB>confidence, a line each."`
	Train      trainCommand      `cmd:"" help:"Train the intent model from the training sentences."`
	Eval       evalCommand       `cmd:"" help:"Measure the intent engine on messages with the labels they should get."`
	Taal       taalCommand       `cmd:"" help:"Judge whether a text is plain enough (B1), and point at what makes it hard."`
	Staff      staffCommand      `cmd:"" help:"Manage the accounts of medewerkers at the desk."`
	Deadletter deadletterCommand `cmd:"" help:"List or replay messages that could not be processed."`
	Content    contentCommand    `cmd:"" help:"Check the texts that residents read."`
	Config     configCommand     `cmd:"" help:"Print the annotated example configuration."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser := kong.Must(&cli{},
		kong.Name("balie"),
		kong.Description("Chatbot and messaging gateway for Dutch municipalities, in plain Dutch and with a person always within reach.\n\nStart with: balie serve"),
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := command.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprint(os.Stderr, explain(err))
		stop()
		os.Exit(1) //nolint:gocritic // stop was called; nothing else is deferred
	}
}

// explain writes an error for an operator: one problem on a line, several as a
// list.
func explain(err error) string {
	lines := strings.Split(strings.TrimSpace(err.Error()), "\n")
	if len(lines) == 1 {
		return "balie: " + lines[0] + "\n"
	}
	return fmt.Sprintf("balie: %d things to mend:\n  - %s\n", len(lines), strings.Join(lines, "\n  - "))
}

// settings are the flags of commands that read the configuration.
type settings struct {
	Config string `help:"Configuration file (TOML). Without it: the built-in example, Gemeente Voorbeeld." env:"BALIE_CONFIG" type:"path" placeholder:"FILE"`
}

func (s settings) load() (Config, error) { return LoadConfig(s.Config, os.Getenv) }

// dataFolder is the flag of commands that use the database.
type dataFolder struct {
	Data string `help:"Folder for the database. It is made when it is not there." env:"BALIE_DATA" default:"./data" type:"path"`
}

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
)

type deadletterCommand struct {
	List   deadletterListCommand   `cmd:"" help:"List the messages of residents that could not be processed. Their words are not shown."`
	Replay deadletterReplayCommand `cmd:"" help:"Let the server process such messages anew."`
}

type deadletterListCommand struct {
	settings
	dataFolder
}

// Run prints the dead letters.
func (c deadletterListCommand) Run(ctx context.Context) error {
	return withStore(ctx, c.settings, c.dataFolder, func(db *store.Store) error {
		letters, err := db.DeadLetters(ctx)
		if err != nil {
			return err
		}
		if len(letters) == 0 {
			fmt.Println("There are no dead letters.")
			return nil
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tRECEIVED\tCHANNEL\tKIND\tCONVERSATION\tTRIES\tERROR")
		for _, d := range letters {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%d\t%s\n", d.ID, d.ReceivedAt.Local().Format(time.DateTime), d.Channel, d.Kind, d.Conversation, d.Attempts, excerpt(d.Error))
		}
		return w.Flush()
	})
}

type deadletterReplayCommand struct {
	settings
	dataFolder
	IDs []int64 `arg:"" name:"id" optional:"" help:"Which ones; see balie deadletter list."`
	All bool    `help:"All of them."`
}

// Run puts the dead letters back in the inbox. A running server picks them up
// within seconds.
func (c deadletterReplayCommand) Run(ctx context.Context) error {
	if c.All == (len(c.IDs) > 0) {
		return errors.New("name the dead letters to replay by their ids, or give --all")
	}
	return withStore(ctx, c.settings, c.dataFolder, func(db *store.Store) error {
		if c.All {
			letters, err := db.DeadLetters(ctx)
			if err != nil {
				return err
			}
			c.IDs = ids(letters)
		}
		n, err := db.Replay(ctx, c.IDs)
		if err != nil {
			return err
		}
		fmt.Printf("%d of %d will be processed anew.\n", n, len(c.IDs))
		if int(n) < len(c.IDs) {
			return errors.New("the others are no dead letters; see balie deadletter list")
		}
		return nil
	})
}

func ids(letters []bot.DeadLetter) []int64 {
	all := make([]int64, len(letters))
	for i, d := range letters {
		all[i] = d.ID
	}
	return all
}

// excerpt is the first line of an error, cut short.
func excerpt(s string) string {
	const most = 100
	for i, r := range s {
		if r == '\n' || i >= most {
			return s[:i] + " ..."
		}
	}
	return s
}

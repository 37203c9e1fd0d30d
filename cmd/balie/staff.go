package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/channels/desk"
)

type staffCommand struct {
	Add staffAddCommand `cmd:"" help:"Add an account. The password is made up and shown once."`
}

type staffAddCommand struct {
	settings
	dataFolder
	Username string `arg:"" help:"Name to log in with, such as a.jansen."`
	Name     string `help:"Name that residents and colleagues see, such as Anna." required:"" placeholder:"NAME"`
}

// Run adds the account and prints its password.
func (c staffAddCommand) Run(ctx context.Context) error {
	return withStore(ctx, c.settings, c.dataFolder, func(db *store.Store) error {
		password, err := addAccount(ctx, db, c.Username, c.Name)
		if err != nil {
			return err
		}
		fmt.Printf("Added %s. Password (shown only now): %s\n", c.Username, password)
		return nil
	})
}

// addAccount makes an account with a password of its own and returns that.
func addAccount(ctx context.Context, db *store.Store, username, name string) (string, error) {
	username, name = strings.TrimSpace(username), strings.TrimSpace(name)
	if username == "" || name == "" {
		return "", errors.New("an account needs a username and a name")
	}
	password := newPassword()
	hash, err := desk.HashPassword(password)
	if err != nil {
		return "", err
	}
	account := bot.Account{Staff: bot.Staff{Name: name}, Username: username, PasswordHash: hash}
	if _, err := db.AddAccount(ctx, account, time.Now()); err != nil {
		if errors.Is(err, store.ErrUsernameTaken) {
			return "", fmt.Errorf("there is an account %s already: choose another username: %w", username, err)
		}
		return "", err
	}
	return password, nil
}

// newPassword is 20 letters and digits that are hard to mix up, in groups: 5 bits
// each, 100 bits in all.
func newPassword() string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	random := make([]byte, 20)
	rand.Read(random) // never fails
	var b strings.Builder
	for i, r := range random {
		if i > 0 && i%5 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(letters[int(r)%len(letters)])
	}
	return b.String()
}

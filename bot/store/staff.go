package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// ErrUsernameTaken says that there is an account with the username.
var ErrUsernameTaken = errors.New("username is taken")

// AddAccount makes a staff account and returns its id, or ErrUsernameTaken.
func (s *Store) AddAccount(ctx context.Context, a bot.Account, now time.Time) (int64, error) {
	var id int64
	err := s.engine.write(ctx, somebody, func(t tx) error {
		return one(ctx, t, `
			INSERT INTO staff (username, name, password_hash, created_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (username) DO NOTHING RETURNING id`, []any{a.Username, a.Name, a.PasswordHash, millis(now)}, &id)
	})
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return 0, ErrUsernameTaken
	case err != nil:
		return 0, fmt.Errorf("store: add account: %w", err)
	}
	return id, nil
}

// Accounts returns how many staff accounts there are.
func (s *Store) Accounts(ctx context.Context) (int, error) {
	var n int
	if err := one(ctx, s.engine, `SELECT COUNT(*) FROM staff`, nil, &n); err != nil {
		return 0, fmt.Errorf("store: count accounts: %w", err)
	}
	return n, nil
}

// AccountByUsername returns an account, or bot.ErrNotFound.
func (s *Store) AccountByUsername(ctx context.Context, username string) (bot.Account, error) {
	var a bot.Account
	err := one(ctx, s.engine, `SELECT id, name, username, password_hash FROM staff WHERE username = $1`, []any{username},
		&a.ID, &a.Name, &a.Username, &a.PasswordHash)
	if err != nil {
		return bot.Account{}, fmt.Errorf("store: account: %w", err)
	}
	return a, nil
}

// OpenSession stores a login until it expires.
func (s *Store) OpenSession(ctx context.Context, tokenHash string, staff int64, csrf string, expires time.Time) error {
	return s.update(ctx, "open session", `INSERT INTO staff_session (token_hash, staff, csrf, expires_at) VALUES ($1, $2, $3, $4)`,
		tokenHash, staff, csrf, millis(expires))
}

// Session returns who is logged in with a token, without the password, and the
// session's CSRF token, or bot.ErrNotFound when it is unknown or has expired.
func (s *Store) Session(ctx context.Context, tokenHash string, now time.Time) (bot.Account, string, error) {
	var a bot.Account
	var csrf string
	err := one(ctx, s.engine, `
		SELECT s.id, s.name, s.username, l.csrf FROM staff_session l JOIN staff s ON s.id = l.staff
		WHERE l.token_hash = $1 AND l.expires_at > $2`, []any{tokenHash, millis(now)}, &a.ID, &a.Name, &a.Username, &csrf)
	if err != nil {
		return bot.Account{}, "", fmt.Errorf("store: session: %w", err)
	}
	return a, csrf, nil
}

// CloseSession ends a login.
func (s *Store) CloseSession(ctx context.Context, tokenHash string) error {
	return s.update(ctx, "close session", `DELETE FROM staff_session WHERE token_hash = $1`, tokenHash)
}

// PurgeSessions removes the logins that have expired.
func (s *Store) PurgeSessions(ctx context.Context, now time.Time) error {
	return s.update(ctx, "purge sessions", `DELETE FROM staff_session WHERE expires_at <= $1`, millis(now))
}

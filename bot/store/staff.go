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
	result, err := s.write.ExecContext(ctx, q(`
		INSERT INTO staff (username, name, password_hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (username) DO NOTHING`),
		a.Username, a.Name, a.PasswordHash, millis(now))
	if err != nil {
		return 0, fmt.Errorf("store: add account: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(err, ErrUsernameTaken)
	}
	found, err := s.AccountByUsername(ctx, a.Username)
	return found.ID, err
}

// Accounts returns how many staff accounts there are.
func (s *Store) Accounts(ctx context.Context) (int, error) {
	var n int
	if err := s.read.QueryRowContext(ctx, q(`SELECT COUNT(*) FROM staff`)).Scan(&n); err != nil {
		return 0, fmt.Errorf("store: count accounts: %w", err)
	}
	return n, nil
}

// AccountByUsername returns an account, or bot.ErrNotFound.
func (s *Store) AccountByUsername(ctx context.Context, username string) (bot.Account, error) {
	var a bot.Account
	err := s.read.QueryRowContext(ctx, q(`SELECT id, name, username, password_hash FROM staff WHERE username = $1`), username).
		Scan(&a.ID, &a.Name, &a.Username, &a.PasswordHash)
	if err != nil {
		return bot.Account{}, fmt.Errorf("store: account: %w", notFound(err))
	}
	return a, nil
}

// OpenSession stores a login until it expires.
func (s *Store) OpenSession(ctx context.Context, tokenHash string, staff int64, csrf string, expires time.Time) error {
	_, err := s.write.ExecContext(ctx, q(`INSERT INTO staff_session (token_hash, staff, csrf, expires_at) VALUES ($1, $2, $3, $4)`),
		tokenHash, staff, csrf, millis(expires))
	if err != nil {
		return fmt.Errorf("store: open session: %w", err)
	}
	return nil
}

// Session returns who is logged in with a token and the session's CSRF token,
// or bot.ErrNotFound when it is unknown or has expired.
func (s *Store) Session(ctx context.Context, tokenHash string, now time.Time) (bot.Staff, string, error) {
	var staff bot.Staff
	var csrf string
	err := s.read.QueryRowContext(ctx, q(`
		SELECT s.id, s.name, l.csrf FROM staff_session l JOIN staff s ON s.id = l.staff
		WHERE l.token_hash = $1 AND l.expires_at > $2`), tokenHash, millis(now)).Scan(&staff.ID, &staff.Name, &csrf)
	if err != nil {
		return bot.Staff{}, "", fmt.Errorf("store: session: %w", notFound(err))
	}
	return staff, csrf, nil
}

// CloseSession ends a login.
func (s *Store) CloseSession(ctx context.Context, tokenHash string) error {
	if _, err := s.write.ExecContext(ctx, q(`DELETE FROM staff_session WHERE token_hash = $1`), tokenHash); err != nil {
		return fmt.Errorf("store: close session: %w", err)
	}
	return nil
}

// PurgeSessions removes the logins that have expired.
func (s *Store) PurgeSessions(ctx context.Context, now time.Time) error {
	if _, err := s.write.ExecContext(ctx, q(`DELETE FROM staff_session WHERE expires_at <= $1`), millis(now)); err != nil {
		return fmt.Errorf("store: purge sessions: %w", err)
	}
	return nil
}

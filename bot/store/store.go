// Package store is the only place with SQL. It keeps what residents sent (the
// inbox), the state of their conversations, what they get (the outbox), the
// record of both in order of commit (the events), and staff accounts.
//
// Every change of a conversation is one transaction: new state, replies, events
// and the completion of the message that caused them, or nothing. Columns hold
// text, integers and moments as unix milliseconds only.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/balie-nl/balie/bot"
)

//go:embed migrations
var migrations embed.FS

// Store is a database. It is safe for concurrent use.
type Store struct {
	read  *sql.DB
	write *sql.DB // one connection: SQLite has one writer, and waiting in Go is fair
}

// OpenSQLite opens the database file, makes it when it is not there, and brings
// its schema up to date. It refuses a file that a newer version has written.
//
// A commit is on the disk when it returns (synchronous=FULL), so that a message
// that was answered with 200 survives a loss of power.
func OpenSQLite(ctx context.Context, file string) (*Store, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	query := "_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=temp_store(memory)&_txlock=immediate"
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query}).String()
	s := &Store{}
	if s.write, err = sql.Open("sqlite", dsn); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = sql.Open("sqlite", dsn); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open: %w", err), s.write.Close())
	}
	s.read.SetMaxOpenConns(max(4, runtime.NumCPU()))
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) migrate(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, s.write, files)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("store: read the schema's version: %w", err)
	}
	if have > want {
		return fmt.Errorf("store: the database was written by a newer version of balie (schema %d, this program knows %d): install that version, or put back a backup", have, want)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.read.PingContext(ctx); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error { return errors.Join(s.read.Close(), s.write.Close()) }

var placeholder = regexp.MustCompile(`\$(\d+)`)

// q writes the $n placeholders of a statement as SQLite's ?n: with $n some
// drivers number parameters by first appearance, silently swapping values.
func q(statement string) string { return placeholder.ReplaceAllString(statement, "?$1") }

// inTx runs fn in one write transaction. An error of fn rolls back and comes
// back as it is.
func (s *Store) inTx(ctx context.Context, fn func(*sql.Tx) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing; before it, err says why
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return bot.ErrNotFound
	}
	return err
}

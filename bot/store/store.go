// Package store is the only place with SQL. It keeps what residents sent (the
// inbox), the state of their conversations, what they get (the outbox), the
// record of both in order of commit (the events), and staff accounts.
//
// Every change of a conversation is one transaction: new state, replies, events
// and the completion of the message that caused them, or nothing. Columns hold
// text, integers and moments as unix milliseconds only.
//
// There are two engines with one behaviour, which package storetest describes:
// SQLite in one file for one process, and PostgreSQL for any number of them.
package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// Store is a database. It is safe for concurrent use.
type Store struct {
	engine engine
	known  *addressBook
}

func newStore(e engine) *Store { return &Store{engine: e, known: &addressBook{}} }

// migrate brings the schema up to date. A schema that is one version newer is
// accepted: every migration must leave the version before it working, so that
// several processes can be replaced one after the other.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, folder string, options ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("store: read the schema's version: %w", err)
	}
	if have > want+1 {
		return fmt.Errorf("store: the database was written by a newer version of balie (schema %d, this program knows %d): install that version, or put back a backup", have, want)
	}
	if have >= want {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

// Shared reports whether other processes may work on the same database.
func (s *Store) Shared() bool { return s.engine.shared() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.engine.ping(ctx); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

// Listen calls fn after every commit that changed a conversation, by whichever
// process, until ctx ends. It is a hint: fn must not block, and is called with 0
// when changes may have been missed.
func (s *Store) Listen(ctx context.Context, fn func(conversation int64)) error {
	return s.engine.listen(ctx, fn)
}

// Close closes the database.
func (s *Store) Close() error { return s.engine.close() }

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

func boolean(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

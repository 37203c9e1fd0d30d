package store

import (
	"context"
	"errors"

	"github.com/balie-nl/balie/bot"
)

// engine is what SQLite and PostgreSQL do differently. All statements are
// written once, in the words of PostgreSQL, with the parameters in order of first
// use; see rewrite for what SQLite reads instead.
type engine interface {
	querier
	// write runs fn in a transaction that is on the disk when write returns nil.
	// An error of fn undoes what fn did and comes back as it is. fn may share the
	// transaction with others; it must not keep t.
	write(ctx context.Context, who waits, fn func(t tx) error) error
	// shared reports whether other processes may work on the same database.
	shared() bool
	// listen calls fn after each commit that changed a conversation, wherever it
	// was made, until ctx ends. Zero says that changes may have been missed.
	listen(ctx context.Context, fn func(conversation int64)) error
	ping(ctx context.Context) error
	close() error
}

// waits says who waits for a transaction. Where they take turns, those that
// nobody waits for go last.
type waits bool

const (
	somebody waits = true  // a provider or a person, for an answer
	nobody   waits = false // the work can be done a moment later
)

// querier reads.
type querier interface {
	query(ctx context.Context, statement string, args ...any) (rows, error)
}

// tx is a transaction that writes.
type tx interface {
	querier
	// exec runs a statement without rows. It may be sent together with those that
	// follow, so its error may come from a later call, and changed, when it is not
	// nil, holds the number of changed rows only after the transaction.
	exec(ctx context.Context, changed *int64, statement string, args ...any) error
	// notify tells the listeners, after the commit, that a conversation changed.
	notify(conversation int64)
}

// rows is the result of a query; it must be closed.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// ids is a parameter for IN LIST($n).
type ids []int64

// each calls fn for every row of a query.
func each(ctx context.Context, q querier, statement string, args []any, fn func(scan func(...any) error) error) error {
	found, err := q.query(ctx, statement, args...)
	if err != nil {
		return err
	}
	for found.Next() {
		if err := fn(found.Scan); err != nil {
			return errors.Join(err, found.Close())
		}
	}
	return errors.Join(found.Err(), found.Close())
}

// one reads the only row of a query; bot.ErrNotFound when there is none.
func one(ctx context.Context, q querier, statement string, args []any, dest ...any) error {
	err := bot.ErrNotFound
	failed := each(ctx, q, statement, args, func(scan func(...any) error) error {
		err = nil
		return scan(dest...)
	})
	return errors.Join(failed, err)
}

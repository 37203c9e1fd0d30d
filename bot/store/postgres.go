package store

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

const (
	connections   = 16
	undoLimit     = 5 * time.Second
	reconnectWait = time.Second
	// migrationWait is how many seconds a process waits for another one that
	// migrates.
	migrationWait = 120
)

// postgres is a database that several processes share. Who works on a
// conversation holds a lock on its row; events of one conversation are written
// only under that lock, so that their ids are in order of commit.
//
// The statements of a transaction that give no rows travel together with the
// next one that does (pipelining), because here each trip costs more than the
// statement.
type postgres struct {
	pool    *pgxpool.Pool
	channel string // of notifications, one for each schema
}

// OpenPostgres connects to the database with an address such as
// postgres://user:password@host/database, and brings its schema up to date: one
// process does that, others that start meanwhile wait for it. It refuses a
// database that is more than one version newer.
func OpenPostgres(ctx context.Context, address string) (*Store, error) {
	cfg, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("store: the address of the database is not understood: it looks like postgres://user:password@host/database") // the error holds the password
	}
	cfg.MaxConns = connections
	cfg.ConnConfig.RuntimeParams["application_name"] = "balie"
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	e := &postgres{pool: pool}
	if err := e.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return newStore(e), nil
}

func (e *postgres) prepare(ctx context.Context) error {
	var schema string
	if err := e.pool.QueryRow(ctx, `SELECT current_schema()`).Scan(&schema); err != nil {
		return fmt.Errorf("store: the database does not answer: %w", err)
	}
	e.channel = "balie_" + schema
	db := stdlib.OpenDBFromPool(e.pool)
	defer db.Close() //nolint:errcheck // the pool stays; this is only a view of it
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, migrationWait))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	return migrate(ctx, goose.DialectPostgres, db, "postgres", goose.WithSessionLocker(locker))
}

func (e *postgres) shared() bool { return true }

func (e *postgres) ping(ctx context.Context) error { return e.pool.Ping(ctx) }

func (e *postgres) close() error {
	e.pool.Close()
	return nil
}

var lists = regexp.MustCompile(`LIST\((\$\d+)\)`)

// own turns a statement into PostgreSQL's words.
func own(statement string) string {
	return lists.ReplaceAllString(statement, "(SELECT unnest($1::bigint[]))")
}

func arrays(args []any) []any {
	for i, a := range args {
		if numbers, ok := a.(ids); ok {
			args[i] = []int64(numbers)
		}
	}
	return args
}

func (e *postgres) query(ctx context.Context, statement string, args ...any) (rows, error) {
	found, err := e.pool.Query(ctx, own(statement), arrays(args)...)
	if err != nil {
		return nil, err
	}
	return pgRows{found, nil}, nil
}

func (e *postgres) write(ctx context.Context, _ waits, fn func(tx) error) error {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Release()
	t := &pgTx{conn: conn, batch: &pgx.Batch{}, changed: map[int64]bool{}}
	t.queue(nil, "BEGIN")
	if err = fn(t); err == nil {
		err = t.commit(ctx, e.channel)
	}
	if err != nil && conn.Conn().PgConn().TxStatus() != 'I' {
		undo, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoLimit)
		defer cancel()
		_, _ = conn.Exec(undo, "ROLLBACK") // when it fails Release drops the connection
	}
	return err
}

// listen reads notifications on a connection of its own. When that is lost it
// connects anew and says that changes may have been missed.
func (e *postgres) listen(ctx context.Context, fn func(int64)) error {
	for ctx.Err() == nil {
		_ = e.listenOnce(ctx, fn)
		fn(0)
		select {
		case <-ctx.Done():
		case <-time.After(reconnectWait):
		}
	}
	return nil
}

func (e *postgres) listenOnce(ctx context.Context, fn func(int64)) error {
	conn, err := pgx.ConnectConfig(ctx, e.pool.Config().ConnConfig)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{e.channel}.Sanitize()); err != nil {
		return err
	}
	fn(0)
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return err
		}
		if conversation, err := strconv.ParseInt(n.Payload, 10, 64); err == nil {
			fn(conversation)
		}
	}
}

// pgTx is a transaction; what is queued has not been sent.
type pgTx struct {
	conn    *pgxpool.Conn
	batch   *pgx.Batch
	counts  []*int64 // where the numbers of changed rows go
	changed map[int64]bool
}

func (t *pgTx) queue(changed *int64, statement string, args ...any) {
	t.batch.Queue(statement, args...)
	t.counts = append(t.counts, changed)
}

func (t *pgTx) exec(_ context.Context, changed *int64, statement string, args ...any) error {
	t.queue(changed, own(statement), arrays(args)...)
	return nil
}

// send sends what is queued and reads the results of all but the last skip.
func (t *pgTx) send(ctx context.Context, skip int) (pgx.BatchResults, error) {
	results := t.conn.SendBatch(ctx, t.batch)
	counts := t.counts[:len(t.counts)-skip]
	t.batch, t.counts = &pgx.Batch{}, nil
	for _, changed := range counts {
		tag, err := results.Exec()
		if err != nil {
			return nil, errors.Join(err, results.Close())
		}
		if changed != nil {
			*changed = tag.RowsAffected()
		}
	}
	return results, nil
}

func (t *pgTx) query(ctx context.Context, statement string, args ...any) (rows, error) {
	t.queue(nil, own(statement), arrays(args)...)
	results, err := t.send(ctx, 1)
	if err != nil {
		return nil, err
	}
	found, err := results.Query()
	if err != nil {
		return nil, errors.Join(err, results.Close())
	}
	return pgRows{found, results}, nil
}

func (t *pgTx) notify(conversation int64) { t.changed[conversation] = true }

func (t *pgTx) commit(ctx context.Context, channel string) error {
	for conversation := range t.changed {
		t.queue(nil, "SELECT pg_notify($1, $2)", channel, strconv.FormatInt(conversation, 10))
	}
	t.queue(nil, "COMMIT")
	results, err := t.send(ctx, 0)
	if err != nil {
		return err
	}
	return results.Close()
}

// pgRows adds to pgx's rows that closing them can fail.
type pgRows struct {
	pgx.Rows
	results pgx.BatchResults // nil outside a transaction
}

func (r pgRows) Close() error {
	r.Rows.Close()
	if r.results == nil {
		return nil
	}
	return r.results.Close()
}

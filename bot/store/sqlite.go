package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"sync"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	// group is how many transactions share a commit at most.
	group = 64
	// backlog is how many may wait for the writer before callers wait to hand in.
	backlog = 256
	// turns is how often jobs that nobody waits for get a turn, at the least.
	turns = 4
	// checkpointPages is how far the log grows before it is written back into the
	// database file. Later is fewer waits, and a larger log to read.
	checkpointPages = 4000
)

// sqlite is one file with one writer. Transactions that are handed in while a
// commit is under way share the next one (group commit): a commit waits for the
// disk, so that is many times faster than one each. Each has a savepoint of its
// own, so that one that fails takes no other with it.
type sqlite struct {
	reader  *sql.DB
	writer  *sql.DB
	conn    *sql.Conn // the one that writes; used by run only
	written map[string]*sql.Stmt
	read    sync.Map  // statement → *sql.Stmt of the reader
	jobs    chan *job // that somebody waits for
	later   chan *job // the others
	ended   chan struct{}

	life   sync.RWMutex // held for writing to close
	closed bool

	mu        sync.Mutex
	listeners map[*func(int64)]struct{}
}

// job is a transaction that waits for the writer.
type job struct {
	ctx     context.Context
	fn      func(tx) error
	err     error
	changed []int64
	done    chan struct{}
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
	query := fmt.Sprintf("_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)"+
		"&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(%d)&_txlock=immediate", checkpointPages)
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: query}).String()
	e := &sqlite{
		written: map[string]*sql.Stmt{}, jobs: make(chan *job, backlog), later: make(chan *job, backlog), ended: make(chan struct{}),
		listeners: map[*func(int64)]struct{}{},
	}
	if e.writer, err = sql.Open("sqlite", dsn); err != nil {
		return nil, fmt.Errorf("store: open: %w", err)
	}
	e.writer.SetMaxOpenConns(1)
	if e.reader, err = sql.Open("sqlite", dsn); err != nil {
		return nil, errors.Join(fmt.Errorf("store: open: %w", err), e.writer.Close())
	}
	// Opening a connection costs more than many reads, so all are kept.
	readers := max(4, runtime.NumCPU())
	e.reader.SetMaxOpenConns(readers)
	e.reader.SetMaxIdleConns(readers)
	err = migrate(ctx, goose.DialectSQLite3, e.writer, "sqlite")
	if err == nil {
		e.conn, err = e.writer.Conn(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, e.reader.Close(), e.writer.Close())
	}
	go e.run()
	return newStore(e), nil
}

func (e *sqlite) shared() bool { return false }

func (e *sqlite) ping(ctx context.Context) error { return e.reader.PingContext(ctx) }

// close ends the writer after what was handed in, and closes the file.
func (e *sqlite) close() error {
	e.life.Lock()
	already := e.closed
	e.closed = true
	e.life.Unlock()
	if already {
		return nil
	}
	close(e.jobs)
	close(e.later)
	<-e.ended
	return errors.Join(e.conn.Close(), e.reader.Close(), e.writer.Close())
}

// write hands fn to the writer and waits. It does not stop waiting when ctx
// ends, because then nobody would know whether fn was carried out; but what has
// not begun by then is not begun.
func (e *sqlite) write(ctx context.Context, who waits, fn func(tx) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	queue := e.later
	if who == somebody {
		queue = e.jobs
	}
	if err := e.hand(queue, j); err != nil {
		return err
	}
	<-j.done
	return j.err
}

func (e *sqlite) hand(queue chan<- *job, j *job) error {
	e.life.RLock()
	defer e.life.RUnlock()
	if e.closed {
		return errors.New("the database is closed")
	}
	select {
	case queue <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// run is the writer. Jobs that somebody waits for go first, but after some rounds
// of them the others get one, so that nothing stands still under any load.
func (e *sqlite) run() {
	defer close(e.ended)
	urgent, rest := e.jobs, e.later
	for round := 1; urgent != nil || rest != nil; round++ {
		queues := []*chan *job{&urgent, &rest}
		if round%turns == 0 {
			queues[0], queues[1] = queues[1], queues[0]
		}
		e.round(queues[0], queues[1])
	}
}

// round takes a job of the first queue that has one, and carries it out together
// with all that somebody waits for. A queue that is closed becomes nil.
func (e *sqlite) round(first, second *chan *job) {
	for _, queue := range []*chan *job{first, second} {
		select {
		case j, open := <-*queue:
			e.take(queue, j, open)
			return
		default:
		}
	}
	select {
	case j, open := <-*first:
		e.take(first, j, open)
	case j, open := <-*second:
		e.take(second, j, open)
	}
}

func (e *sqlite) take(queue *chan *job, first *job, open bool) {
	if !open {
		*queue = nil
		return
	}
	jobs := []*job{first}
	if err := e.together(&jobs); err != nil {
		for _, j := range jobs {
			j.err = errors.Join(j.err, err)
		}
	}
	for _, j := range jobs {
		if j.err == nil {
			e.tell(j.changed)
		}
		close(j.done)
	}
}

// together carries out the job and all that somebody waits for, up to group, in
// one transaction. Its error is one of all of them; that of a single one is kept
// with the job.
func (e *sqlite) together(jobs *[]*job) error {
	if err := e.bare("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// The first needs no savepoint: there is nobody yet to protect from it.
	first := (*jobs)[0]
	if first.err = e.call(first); first.err != nil {
		_ = e.bare("ROLLBACK")
		return nil //nolint:nilerr // it is kept with the job
	}
	for len(*jobs) < group {
		select {
		case j, open := <-e.jobs:
			if !open {
				return e.end(nil)
			}
			*jobs = append(*jobs, j)
			if err := e.alone(j); err != nil {
				return e.end(err)
			}
			continue
		default:
		}
		break
	}
	return e.end(nil)
}

func (e *sqlite) end(err error) error {
	if err == nil {
		if err = e.bare("COMMIT"); err == nil {
			return nil
		}
		err = fmt.Errorf("commit: %w", err)
	}
	// After some errors, such as a full disk, SQLite has undone everything already.
	_ = e.bare("ROLLBACK")
	return err
}

// alone carries out one job of several. It fails when the whole transaction must
// be undone.
func (e *sqlite) alone(j *job) error {
	if err := e.bare("SAVEPOINT job"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	if j.err = e.call(j); j.err != nil {
		if err := e.bare("ROLLBACK TO job"); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
	}
	if err := e.bare("RELEASE job"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// call keeps a panic from ending the writer. The panic's own value is left out:
// it may hold words of a resident.
func (e *sqlite) call(j *job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			stack := debug.Stack()
			err = fmt.Errorf("panic in a transaction at %s", stack[:min(len(stack), 1500)])
		}
	}()
	if err := j.ctx.Err(); err != nil {
		return err
	}
	return j.fn(&sqliteTx{e, j})
}

// bare runs a statement without parameters. A statement is never interrupted:
// that would undo the whole transaction, also of the others in it.
func (e *sqlite) bare(statement string) error {
	s, err := e.prepared(statement)
	if err != nil {
		return err
	}
	_, err = s.ExecContext(context.Background())
	return err
}

// prepared is for the writer only.
func (e *sqlite) prepared(statement string) (*sql.Stmt, error) {
	if s, ok := e.written[statement]; ok {
		return s, nil
	}
	s, err := e.conn.PrepareContext(context.Background(), rewrite(statement))
	if err != nil {
		return nil, err
	}
	e.written[statement] = s
	return s, nil
}

func (e *sqlite) query(ctx context.Context, statement string, args ...any) (rows, error) {
	known, ok := e.read.Load(statement)
	if !ok {
		fresh, err := e.reader.PrepareContext(ctx, rewrite(statement))
		if err != nil {
			return nil, err
		}
		if known, ok = e.read.LoadOrStore(statement, fresh); ok {
			_ = fresh.Close()
		}
	}
	args, err := plain(args)
	if err != nil {
		return nil, err
	}
	return known.(*sql.Stmt).QueryContext(ctx, args...)
}

func (e *sqlite) listen(ctx context.Context, fn func(int64)) error {
	e.mu.Lock()
	e.listeners[&fn] = struct{}{}
	e.mu.Unlock()
	<-ctx.Done()
	e.mu.Lock()
	delete(e.listeners, &fn)
	e.mu.Unlock()
	return nil
}

// tell calls the listeners; they must not block.
func (e *sqlite) tell(changed []int64) {
	if len(changed) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for fn := range e.listeners {
		for _, conversation := range changed {
			(*fn)(conversation)
		}
	}
}

type sqliteTx struct {
	engine *sqlite
	job    *job
}

func (t *sqliteTx) query(_ context.Context, statement string, args ...any) (rows, error) {
	s, err := t.engine.prepared(statement)
	if err != nil {
		return nil, err
	}
	if args, err = plain(args); err != nil {
		return nil, err
	}
	return s.QueryContext(context.Background(), args...)
}

func (t *sqliteTx) exec(_ context.Context, changed *int64, statement string, args ...any) error {
	s, err := t.engine.prepared(statement)
	if err != nil {
		return err
	}
	if args, err = plain(args); err != nil {
		return err
	}
	result, err := s.ExecContext(context.Background(), args...)
	if err == nil && changed != nil {
		*changed, err = result.RowsAffected()
	}
	return err
}

func (t *sqliteTx) notify(conversation int64) { t.job.changed = append(t.job.changed, conversation) }

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	rowLock     = regexp.MustCompile(` FOR NO KEY UPDATE( OF \w+(, \w+)*)?( SKIP LOCKED)?`)
	lastID      = regexp.MustCompile(`currval\('\w+'\)`)
	list        = regexp.MustCompile(`LIST\((\$\d+)\)`)
)

// rewrite turns a statement into SQLite's words: rows need no lock where there
// is one writer, and $n becomes ?n, because with $n some drivers number the
// parameters by first appearance and silently swap values.
func rewrite(statement string) string {
	statement = rowLock.ReplaceAllString(statement, "")
	statement = lastID.ReplaceAllString(statement, "last_insert_rowid()")
	statement = list.ReplaceAllString(statement, "(SELECT value FROM json_each($1))")
	return placeholder.ReplaceAllString(statement, "?$1")
}

// plain turns lists into the JSON that rewrite expects.
func plain(args []any) ([]any, error) {
	for i, a := range args {
		if numbers, ok := a.(ids); ok {
			text, err := json.Marshal(numbers)
			if err != nil {
				return nil, fmt.Errorf("encode list: %w", err)
			}
			args[i] = string(text)
		}
	}
	return args, nil
}

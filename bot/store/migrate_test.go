package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/pressly/goose/v3"

	"github.com/balie-nl/balie/bot"
	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/bot/store/storetest"
)

// engines are the two databases, as their drivers and as a store.
var engines = map[string]struct {
	dialect goose.Dialect
	driver  string
	address func(*testing.T) string
	open    func(*testing.T, string) (*store.Store, error)
}{
	"sqlite": {goose.DialectSQLite3, "sqlite", func(t *testing.T) string { return filepath.Join(t.TempDir(), "balie.db") }, func(t *testing.T, a string) (*store.Store, error) {
		return store.OpenSQLite(t.Context(), a)
	}},
	"postgres": {goose.DialectPostgres, "pgx", func(t *testing.T) string { return storetest.PostgresAddress(t) }, func(t *testing.T, a string) (*store.Store, error) {
		return store.OpenPostgres(t.Context(), a)
	}},
}

// TestUpgradeKeepsWhatWaits brings a database of the first version up to date.
// Two replies wait in it; the second is not sent before the first.
func TestUpgradeKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := engine.address(t)
			db, err := sql.Open(engine.driver, address)
			if err != nil {
				t.Fatal(err)
			}
			provider, err := goose.NewProvider(engine.dialect, db, os.DirFS(filepath.Join("migrations", name)))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := provider.UpTo(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			for _, statement := range []string{
				`INSERT INTO conversation (channel, account, user_address, owner, state, created_at) VALUES ('sms', 'a', '+316', 'bot', '{"owner":"bot"}', 1)`,
				`INSERT INTO outbox (conversation, author, text, choices, source, status, created_at) VALUES (1, '', 'een', 'null', '', 'queued', 1)`,
				`INSERT INTO outbox (conversation, author, text, choices, source, status, created_at) VALUES (1, '', 'twee', 'null', '', 'queued', 1)`,
				`INSERT INTO inbox (conversation, channel, account, provider_id, kind, text, choice, received_at) VALUES (1, 'sms', 'a', 'SM1', 'text', 'hoi', '', 1)`,
			} {
				if _, err := db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}

			s, err := engine.open(t, address)
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			now := time.Now()
			for _, want := range []string{"een", "twee"} {
				taken, err := s.Deliver(t.Context(), nil, bot.SMS, now, now.Add(time.Minute), 10)
				if err != nil || len(taken) != 1 || taken[0].Text != want {
					t.Fatalf("Deliver = %+v, %v; want %q", taken, err, want)
				}
				ended := []bot.Delivery{{Outbound: taken[0].ID, Conversation: 1, Status: bot.Sent, ProviderID: want}}
				if _, err := s.Deliver(t.Context(), ended, bot.SMS, now, now, 0); err != nil {
					t.Fatal(err)
				}
			}
			counts, err := s.Counts(t.Context())
			if err != nil || counts.Inbox != 1 {
				t.Fatalf("Counts = %+v, %v", counts, err)
			}
		})
	}
}

// TestSchemaOfTheNextVersion opens databases that newer versions have written:
// one version ahead is what an upgrade server by server needs, two is refused.
func TestSchemaOfTheNextVersion(t *testing.T) {
	t.Parallel()
	for name, engine := range engines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := engine.address(t)
			s, err := engine.open(t, address)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			db, err := sql.Open(engine.driver, address)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for ahead, accepted := range []bool{true, true, false} {
				if ahead > 0 {
					if _, err := db.ExecContext(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) SELECT MAX(version_id) + 1, `+
						map[string]string{"sqlite": "1", "postgres": "true"}[name]+` FROM goose_db_version`); err != nil {
						t.Fatal(err)
					}
				}
				s, err := engine.open(t, address)
				switch {
				case accepted && err != nil:
					t.Errorf("%d versions ahead: %v", ahead, err)
				case !accepted && (err == nil || !strings.Contains(err.Error(), "newer version")):
					t.Errorf("%d versions ahead: %v, want a refusal", ahead, err)
				}
				if err == nil {
					_ = s.Close()
				}
			}
		})
	}
}

// TestProcessesMigrateOnce opens a new database from several sides at once.
func TestProcessesMigrateOnce(t *testing.T) {
	t.Parallel()
	address := storetest.PostgresAddress(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			s, err := store.OpenPostgres(t.Context(), address)
			if err != nil {
				t.Error(err)
				return
			}
			_ = s.Close()
		})
	}
	wg.Wait()
}

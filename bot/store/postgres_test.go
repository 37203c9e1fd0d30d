package store_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/bot/store/storetest"
)

var schemas atomic.Int64

// postgresAddress is an address of the database that leads to a new schema,
// which is dropped after the test. Without a database the test is skipped.
func postgresAddress(t *testing.T) string {
	t.Helper()
	base := os.Getenv("BALIE_TEST_POSTGRES")
	if base == "" {
		t.Skip("BALIE_TEST_POSTGRES is not set: give the address of a PostgreSQL where schemas may be made (make test does)")
	}
	name := fmt.Sprintf("balie_test_%d_%d_%d", os.Getpid(), time.Now().UnixNano(), schemas.Add(1))
	execute := func(ctx context.Context, statement string) {
		conn, err := pgx.Connect(ctx, base)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Error(err)
		}
	}
	execute(t.Context(), "CREATE SCHEMA "+name)
	t.Cleanup(func() { execute(context.Background(), "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", name)
	u.RawQuery = query.Encode()
	return u.String()
}

func openPostgres(t *testing.T, address string) *store.Store {
	t.Helper()
	s, err := store.OpenPostgres(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) (*store.Store, func() *store.Store) {
		address := postgresAddress(t)
		return openPostgres(t, address), func() *store.Store { return openPostgres(t, address) }
	})
}

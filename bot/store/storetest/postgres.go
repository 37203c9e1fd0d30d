package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var schemas atomic.Int64

// PostgresAddress is an address of the database for tests, BALIE_TEST_POSTGRES,
// that leads to a new schema, which is dropped after the test. Without a database
// the test is skipped.
func PostgresAddress(t testing.TB) string {
	t.Helper()
	base := os.Getenv("BALIE_TEST_POSTGRES")
	if base == "" {
		t.Skip("BALIE_TEST_POSTGRES is not set: give the address of a PostgreSQL where schemas may be made (make test does)")
	}
	schema := fmt.Sprintf("balie_test_%d_%d", os.Getpid(), schemas.Add(1))
	execute := func(ctx context.Context, statement string) {
		conn, err := pgx.Connect(ctx, base)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(ctx) }()
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Error(err)
		}
	}
	execute(t.Context(), "DROP SCHEMA IF EXISTS "+schema+" CASCADE") // of a run that was killed
	execute(t.Context(), "CREATE SCHEMA "+schema)
	t.Cleanup(func() { execute(context.Background(), "DROP SCHEMA "+schema+" CASCADE") })
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("search_path", schema)
	u.RawQuery = query.Encode()
	return u.String()
}

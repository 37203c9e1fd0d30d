package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/bot/store/storetest"
)

func openSQLite(t *testing.T, file string) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) (*store.Store, func() *store.Store) {
		file := filepath.Join(t.TempDir(), "a name with spaces, 100% & #1?.db")
		return openSQLite(t, file), func() *store.Store { return openSQLite(t, file) }
	})
}

// TestWriteAheadLog checks the journal mode that lets the desk read while messages are stored.
func TestWriteAheadLog(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "balie.db")
	openSQLite(t, file)
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var mode string
	if err := db.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Fatalf("journal_mode = %q, %v", mode, err)
	}
}

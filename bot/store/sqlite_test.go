package store_test

import (
	"database/sql"
	"path/filepath"
	"strings"
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

func TestRefusesNewerSchema(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "balie.db")
	if err := openSQLite(t, file).Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenSQLite(t.Context(), file); err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Fatalf("OpenSQLite = %v, want a refusal", err)
	}
}

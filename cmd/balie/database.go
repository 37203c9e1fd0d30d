package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"github.com/balie-nl/balie/bot/store"
)

// openStore opens the PostgreSQL database at the address or, without one, the
// SQLite database in the data folder, and makes both when needed. Only the user
// that runs the program may read them.
func openStore(ctx context.Context, address, folder string) (*store.Store, error) {
	if address != "" {
		return store.OpenPostgres(ctx, address)
	}
	syscall.Umask(0o077)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w: choose a folder that can be written with --data", err)
	}
	return store.OpenSQLite(ctx, filepath.Join(folder, "balie.db"))
}

// withStore opens the database that the server uses, which may be running.
func withStore(ctx context.Context, s settings, d dataFolder, fn func(*store.Store) error) error {
	cfg, err := s.load()
	if err != nil {
		return err
	}
	db, err := openStore(ctx, cfg.Database, d.Data)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

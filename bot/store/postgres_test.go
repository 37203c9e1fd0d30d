package store_test

import (
	"testing"

	"github.com/balie-nl/balie/bot/store"
	"github.com/balie-nl/balie/bot/store/storetest"
)

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
		address := storetest.PostgresAddress(t)
		return openPostgres(t, address), func() *store.Store { return openPostgres(t, address) }
	})
}

package store

import (
	"context"
	"fmt"
	"time"

	"github.com/balie-nl/balie/bot"
)

// KeepPhoto stores a photo under a key until it is erased with the words from its time.
// A key that is there already keeps its photo.
func (s *Store) KeepPhoto(ctx context.Context, key string, data []byte, now time.Time) error {
	return s.update(ctx, "keep photo", `INSERT INTO photo (key, data, created_at) VALUES ($1, $2, $3) ON CONFLICT (key) DO NOTHING`, key, data, millis(now))
}

// KeptPhoto returns a stored photo, or bot.ErrNotFound.
func (s *Store) KeptPhoto(ctx context.Context, key string) ([]byte, error) {
	var data []byte
	if err := one(ctx, s.engine, `SELECT data FROM photo WHERE key = $1`, []any{key}, &data); err != nil {
		return nil, fmt.Errorf("store: photo: %w", err)
	}
	return data, nil
}

// HasPhoto gives bot.ErrNotFound when no message of the conversation came with the
// photo.
func (s *Store) HasPhoto(ctx context.Context, conversation int64, photo bot.PhotoID) error {
	var id int64
	if err := one(ctx, s.engine, `SELECT MIN(id) FROM inbox WHERE conversation = $1 AND photo = $2 AND photo <> '' HAVING COUNT(*) > 0`, []any{conversation, string(photo)}, &id); err != nil {
		return fmt.Errorf("store: photo: %w", err)
	}
	return nil
}

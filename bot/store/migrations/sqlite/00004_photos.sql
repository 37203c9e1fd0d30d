-- +goose Up
-- Where the photo is that came with a message: at a provider, or in the table photo.
ALTER TABLE inbox ADD COLUMN photo TEXT NOT NULL DEFAULT '';

-- Photos from the web chat, without what the camera wrote in them. They are erased
-- with the words of the conversation.
CREATE TABLE photo (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    key        TEXT   NOT NULL UNIQUE,
    data       BLOB  NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX photo_created ON photo (created_at);

-- +goose Up
-- What staff have to do for a resident. Its answers are erased with the words of
-- the conversation.
CREATE TABLE ticket (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    reference    TEXT   NOT NULL UNIQUE,
    conversation BIGINT NOT NULL REFERENCES conversation (id),
    form         TEXT   NOT NULL,
    answers      TEXT   NOT NULL, -- JSON
    created_at   BIGINT NOT NULL,
    done_at      BIGINT NOT NULL DEFAULT 0,
    done_by      BIGINT NOT NULL DEFAULT 0,
    done_by_name TEXT   NOT NULL DEFAULT ''
);
CREATE INDEX ticket_open ON ticket (created_at, id) WHERE done_at = 0;
CREATE INDEX ticket_of ON ticket (conversation, id);

ALTER TABLE outbox ADD COLUMN language TEXT NOT NULL DEFAULT ''; -- of the text, empty when a person wrote it

-- +goose Up
CREATE TABLE conversation (
    id           BIGSERIAL PRIMARY KEY,
    channel      TEXT    NOT NULL,
    account      TEXT    NOT NULL,
    user_address TEXT    NOT NULL,
    owner        TEXT    NOT NULL, -- owner to queued_at repeat what is in state, for the desk's queries
    urgent       BIGINT  NOT NULL DEFAULT 0,
    queued_at    BIGINT  NOT NULL DEFAULT 0,
    state        TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    UNIQUE (channel, account, user_address)
);
CREATE INDEX conversation_at_desk ON conversation (owner, urgent, queued_at) WHERE owner <> 'bot';

-- What residents sent. A row keeps its key for ever, so that a message that is
-- delivered again, however late, stays the same message.
CREATE TABLE inbox (
    id           BIGSERIAL PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversation (id),
    channel      TEXT   NOT NULL,
    account      TEXT   NOT NULL,
    provider_id  TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    text         TEXT   NOT NULL,
    choice       TEXT   NOT NULL,
    received_at  BIGINT NOT NULL,
    attempts     BIGINT NOT NULL DEFAULT 0,
    try_at       BIGINT NOT NULL DEFAULT 0,
    error        TEXT   NOT NULL DEFAULT '',
    done_at      BIGINT NOT NULL DEFAULT 0, -- 0: waits to be processed
    decision     TEXT   NOT NULL DEFAULT '',
    intent       TEXT   NOT NULL DEFAULT '',
    confidence   DOUBLE PRECISION NOT NULL DEFAULT 0,
    UNIQUE (channel, account, provider_id)
);
CREATE INDEX inbox_open ON inbox (conversation, id) WHERE done_at = 0;
CREATE INDEX inbox_of ON inbox (conversation, id);

-- What residents get. Written in the transaction that changes the state.
CREATE TABLE outbox (
    id           BIGSERIAL PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversation (id),
    author       TEXT   NOT NULL, -- name of the staff member, empty for the bot
    text         TEXT   NOT NULL,
    choices      TEXT   NOT NULL, -- JSON
    source       TEXT   NOT NULL,
    status       TEXT   NOT NULL,
    provider_id  TEXT   NOT NULL DEFAULT '',
    code         TEXT   NOT NULL DEFAULT '', -- of the first error
    attempts     BIGINT NOT NULL DEFAULT 0,
    try_at       BIGINT NOT NULL DEFAULT 0,
    first_try_at BIGINT NOT NULL DEFAULT 0,
    lease_until  BIGINT NOT NULL DEFAULT 0,
    doubtful     BIGINT NOT NULL DEFAULT 0,
    created_at   BIGINT NOT NULL
);
CREATE INDEX outbox_open ON outbox (conversation, id) WHERE status IN ('queued', 'sending');
CREATE INDEX outbox_failed ON outbox (conversation) WHERE status = 'failed';
CREATE INDEX outbox_provider ON outbox (provider_id) WHERE provider_id <> '';

-- The record that live views read, in order of commit. ref is an inbox row for
-- said, an outbox row for replied and receipt.
CREATE TABLE event (
    id           BIGSERIAL PRIMARY KEY,
    conversation BIGINT NOT NULL REFERENCES conversation (id),
    kind         TEXT   NOT NULL,
    ref          BIGINT NOT NULL DEFAULT 0,
    owner        TEXT   NOT NULL DEFAULT '',
    staff        BIGINT NOT NULL DEFAULT 0,
    staff_name   TEXT   NOT NULL DEFAULT '',
    at           BIGINT NOT NULL
);
CREATE INDEX event_of ON event (conversation, id);

-- What staff did; the key makes a form that is sent twice count once.
CREATE TABLE action (
    conversation BIGINT NOT NULL REFERENCES conversation (id),
    key          TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    staff        BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (conversation, key)
);

CREATE TABLE staff (
    id            BIGSERIAL PRIMARY KEY,
    username      TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE staff_session (
    token_hash TEXT   PRIMARY KEY,
    staff      BIGINT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    csrf       TEXT   NOT NULL,
    expires_at BIGINT NOT NULL
);

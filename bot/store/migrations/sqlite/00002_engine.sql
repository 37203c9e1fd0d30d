-- +goose Up
ALTER TABLE inbox ADD COLUMN quiet BIGINT NOT NULL DEFAULT 0; -- 1: kept and shown, but not answered: the sender sends too many
ALTER TABLE inbox ADD COLUMN dead_at BIGINT NOT NULL DEFAULT 0; -- since when it is a dead letter
CREATE INDEX inbox_waiting ON inbox (try_at, id) WHERE done_at = 0;
CREATE INDEX inbox_postponed ON inbox (conversation, id) WHERE done_at = 0 AND try_at > 0;
DROP INDEX inbox_open;
CREATE INDEX inbox_dead ON inbox (id) WHERE dead_at <> 0;

ALTER TABLE conversation ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0; -- when its timer runs out
CREATE INDEX conversation_due ON conversation (due_at) WHERE due_at > 0;

-- While a message is being sent, try_at is the end of its lease; lease_until is
-- no longer used.
ALTER TABLE outbox ADD COLUMN segments BIGINT NOT NULL DEFAULT 0; -- of an SMS, for the costs
ALTER TABLE outbox ADD COLUMN resolved_at BIGINT NOT NULL DEFAULT 0; -- when staff dealt with the failure
ALTER TABLE outbox ADD COLUMN channel TEXT NOT NULL DEFAULT ''; -- of the conversation
UPDATE outbox SET channel = (SELECT c.channel FROM conversation c WHERE c.id = outbox.conversation);
CREATE INDEX outbox_waiting ON outbox (channel, try_at, id) WHERE status IN ('queued', 'sending');
CREATE INDEX outbox_undelivered ON outbox (conversation) WHERE status = 'failed' AND resolved_at = 0;
DROP INDEX outbox_failed;
-- A message that waits for one before it has a try_at beyond all moments (2^62).
UPDATE outbox SET try_at = 4611686018427387904 WHERE status IN ('queued', 'sending') AND EXISTS (
    SELECT 1 FROM outbox e WHERE e.conversation = outbox.conversation AND e.status IN ('queued', 'sending') AND e.id < outbox.id);

-- What is done periodically, by whichever process is first.
CREATE TABLE task (
    name   TEXT   PRIMARY KEY,
    due_at BIGINT NOT NULL
);

-- What may be cached is cached until `version` changes: collection and detection
-- raise it in the transaction that stores something new. `changed_at` is wall time.
CREATE TABLE data_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);
INSERT INTO data_version (id, version, changed_at) VALUES (1, 1, unixepoch());

-- One row for each hour, user, key and endpoint.
ALTER TABLE user_analytics ADD COLUMN credential TEXT NOT NULL DEFAULT '';
ALTER TABLE user_analytics ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
ALTER TABLE user_analytics ADD COLUMN errors INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX user_analytics_natural_key
  ON user_analytics (user_id, timestamp, endpoint, credential);

CREATE INDEX user_analytics_by_time ON user_analytics (timestamp);

-- Counts that isolates have handed in: the same batch twice counts once.
CREATE TABLE usage_batches (
  batch_id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX usage_batches_by_age ON usage_batches (created_at);

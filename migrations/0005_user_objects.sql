-- What users own besides keys and feeds. Every table names its `owner`, and every
-- statement on it binds him.

-- `assets` are asset ids in the user's own order, as a JSON array.
CREATE TABLE watchlists (
  watchlist_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  assets TEXT NOT NULL CHECK (json_valid(assets)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) WITHOUT ROWID;

-- Which signals a user wants to be told of: NULL leaves out nothing. `types`, `assets`
-- and `webhooks` are JSON arrays. src/common/alerts.py says when a rule fires.
CREATE TABLE alert_rules (
  rule_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  types TEXT CHECK (types IS NULL OR json_valid(types)),
  assets TEXT CHECK (assets IS NULL OR json_valid(assets)),
  watchlist_id TEXT,
  least_score REAL,
  min_confidence REAL,
  direction TEXT CHECK (direction IN ('up', 'down')),
  cooldown_seconds INTEGER NOT NULL,
  active INTEGER NOT NULL,
  snoozed_until INTEGER,
  webhooks TEXT NOT NULL CHECK (json_valid(webhooks)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) WITHOUT ROWID;

-- Every time that a rule fired: on which signal, at which tick. A signal's id begins
-- with its time, so the alerts of a rule lie in the order of time.
CREATE TABLE alerts (
  rule_id TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  asset_id TEXT NOT NULL,
  fired_at INTEGER NOT NULL,
  PRIMARY KEY (rule_id, signal_id)
) WITHOUT ROWID;
CREATE INDEX alerts_by_asset ON alerts (rule_id, asset_id, fired_at);

-- Where to send: no secret is stored, only which version of it is in force
-- (src/common/webhook_signing.py). `failing_since` is the first failure after the last
-- success. One that is switched off by us says since when and why.
CREATE TABLE webhooks (
  webhook_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  url TEXT NOT NULL,
  events TEXT NOT NULL CHECK (json_valid(events)),
  active INTEGER NOT NULL,
  secret_version INTEGER NOT NULL DEFAULT 1,
  rotated_at INTEGER,
  failing_since INTEGER,
  switched_off_at INTEGER,
  switched_off_reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX webhooks_by_owner ON webhooks (owner, webhook_id);

-- What is to be sent, and every attempt at it. The natural key is the event at the
-- webhook, so matching the same tick twice adds nothing. delivery_id begins with the
-- time it was made at and is the message's id for the receiver. `next_at` 0 is at once,
-- `claimed_until` the end of the lease of whoever is sending it.
CREATE TABLE webhook_deliveries (
  delivery_id TEXT PRIMARY KEY,
  webhook_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  event_key TEXT NOT NULL,
  event TEXT NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  failures INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  attempts TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(attempts)),
  created_at INTEGER NOT NULL,
  delivered_at INTEGER,
  acknowledged_at INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX webhook_deliveries_natural_key ON webhook_deliveries (webhook_id, event_key);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, delivery_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'pending';

-- How far a reader of the outbox has come. Moved in the transaction of what it wrote:
-- of two at once only one finds the position where it saw it. What was announced before
-- there were webhooks is not sent.
CREATE TABLE outbox_positions (
  reader TEXT PRIMARY KEY,
  outbox_id INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO outbox_positions (reader, outbox_id)
SELECT 'webhooks', coalesce(max(id), 0) FROM outbox;

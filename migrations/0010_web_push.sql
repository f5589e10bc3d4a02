-- Devices that are sent notifications (Web Push, RFC 8030): the address that the browser's
-- push service gave, and the browser's own public key and secret (RFC 8291). An address is
-- one browser: whoever signs in there with the same keys takes it over.
CREATE TABLE push_subscriptions (
  subscription_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  device TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_sent_at INTEGER,
  failing_since INTEGER,
  failure TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX push_subscriptions_natural_key ON push_subscriptions (endpoint);
CREATE INDEX push_subscriptions_by_owner ON push_subscriptions (owner, subscription_id);

-- What a user wants to be notified of, on all devices. `types` is a JSON array, NULL all;
-- `watchlist_id` belongs to the scope "watchlist". Quiet hours are minutes after midnight in
-- `time_zone` (IANA), NULL for none; `daily_cap` counts single notifications of a local day.
CREATE TABLE push_preferences (
  owner TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  scope TEXT NOT NULL CHECK (scope IN ('all', 'watchlist', 'none')),
  watchlist_id TEXT,
  rules INTEGER NOT NULL CHECK (rules IN (0, 1)),
  types TEXT CHECK (types IS NULL OR json_valid(types)),
  min_confidence REAL,
  quiet_from INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
  quiet_to INTEGER CHECK (quiet_to BETWEEN 0 AND 1439),
  time_zone TEXT NOT NULL,
  daily_cap INTEGER CHECK (daily_cap > 0),
  badges INTEGER NOT NULL CHECK (badges IN (0, 1)),
  updated_at INTEGER NOT NULL,
  CHECK ((scope = 'watchlist') = (watchlist_id IS NOT NULL)),
  CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
) WITHOUT ROWID;

-- A signal that a user is to be notified of, once, however many devices there are. It waits
-- until `due_at`; one that was `held` back, in quiet hours or over the cap, is told in a
-- summary. `rule_id` is the alert rule that asked for it.
CREATE TABLE push_messages (
  owner TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  rule_id TEXT,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'told')),
  held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
  due_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  told_at INTEGER,
  read_at INTEGER,
  PRIMARY KEY (owner, signal_id)
) WITHOUT ROWID;
CREATE INDEX push_messages_due ON push_messages (due_at) WHERE state = 'waiting';
CREATE INDEX push_messages_by_age ON push_messages (created_at);

-- One notification for one device. The natural key is the event at the device, so planning
-- twice adds nothing. delivery_id begins with the time it was made at; `claimed_until` is
-- the end of the lease of whoever is sending it.
CREATE TABLE push_deliveries (
  delivery_id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  event_key TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('signal', 'summary', 'test')),
  body TEXT NOT NULL CHECK (json_valid(body)),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'failed')),
  failures INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL DEFAULT 0,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  delivered_at INTEGER,
  status INTEGER,
  error TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX push_deliveries_natural_key ON push_deliveries (subscription_id, event_key);
CREATE INDEX push_deliveries_due ON push_deliveries (next_at) WHERE state = 'pending';

-- What was announced before there were notifications is not sent.
INSERT INTO outbox_positions (reader, outbox_id)
SELECT 'push', coalesce(max(id), 0) FROM outbox;

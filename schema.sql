-- What migrations/ produce. Written by `python -m tools.schema`; a test keeps it equal.

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

CREATE TABLE alerts (
  rule_id TEXT NOT NULL,
  signal_id TEXT NOT NULL,
  owner TEXT NOT NULL,
  asset_id TEXT NOT NULL,
  fired_at INTEGER NOT NULL,
  PRIMARY KEY (rule_id, signal_id)
) WITHOUT ROWID;
CREATE INDEX alerts_by_asset ON alerts (rule_id, asset_id, fired_at);

CREATE TABLE api_keys (
  key_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  name TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
, scopes TEXT CHECK (scopes IS NULL OR json_valid(scopes)), allowed_origins TEXT
  CHECK (allowed_origins IS NULL OR json_valid(allowed_origins)), allowed_addresses TEXT
  CHECK (allowed_addresses IS NULL OR json_valid(allowed_addresses)), per_minute INTEGER CHECK (per_minute IS NULL OR per_minute > 0), last_used_at INTEGER, replaced_by TEXT) WITHOUT ROWID;
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

CREATE TABLE asset_addresses (
  address TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX asset_addresses_by_asset ON asset_addresses (asset_id, address);

CREATE TABLE assets (
  asset_no INTEGER PRIMARY KEY CHECK (asset_no < 4194304),
  asset_id TEXT NOT NULL UNIQUE,
  symbol TEXT NOT NULL,
  name TEXT NOT NULL,
  history_from INTEGER
, history_loaded_at INTEGER);
CREATE INDEX assets_by_symbol ON assets (symbol, asset_no);
CREATE INDEX assets_without_history ON assets (asset_no) WHERE history_from IS NULL;

CREATE TABLE audit_log (
  entry_no INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL, -- user:u_1, flag:notebook, source:kraken, tick:…, alert:…
  before TEXT CHECK (before IS NULL OR json_valid(before)),
  after TEXT CHECK (after IS NULL OR json_valid(after)),
  request_id TEXT NOT NULL
);
CREATE INDEX audit_log_by_subject ON audit_log (subject, entry_no);
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log BEGIN
  SELECT raise(ABORT, 'the audit log is not changed');
END;
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN
  SELECT raise(ABORT, 'the audit log is not changed');
END;

CREATE TABLE calibrations (
  type TEXT NOT NULL,
  horizon INTEGER NOT NULL,
  version INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  accepted INTEGER NOT NULL CHECK (accepted IN (0, 1)),
  calibration TEXT NOT NULL CHECK (json_valid(calibration)),
  decision TEXT NOT NULL CHECK (json_valid(decision)),
  report TEXT NOT NULL CHECK (json_valid(report)),
  PRIMARY KEY (type, horizon, version)
) WITHOUT ROWID;

CREATE TABLE custom_feeds (
  feed_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL CHECK (json_valid(spec)),
  shared INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) WITHOUT ROWID;

CREATE TABLE data_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);

CREATE TABLE detection_runs (
  run_no INTEGER PRIMARY KEY,
  tick INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  head TEXT NOT NULL,
  summary TEXT NOT NULL CHECK (json_valid(summary))
);

CREATE TABLE detector_state (
  detector TEXT NOT NULL,
  series TEXT NOT NULL,
  version INTEGER NOT NULL,
  tick INTEGER NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (detector, series)
) WITHOUT ROWID;

CREATE TABLE endpoint_states (
  source TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  last_success INTEGER NOT NULL,
  validators TEXT NOT NULL,
  PRIMARY KEY (source, endpoint)
) WITHOUT ROWID;

CREATE TABLE entity_mentions (
  id INTEGER PRIMARY KEY,
  entity_type TEXT NOT NULL,
  entity_name TEXT NOT NULL,
  source TEXT NOT NULL,
  mention_count INTEGER NOT NULL,
  last_seen INTEGER NOT NULL
);
CREATE UNIQUE INDEX entity_mentions_natural_key
  ON entity_mentions (entity_type, entity_name, source);

CREATE TABLE entity_relations (
  subject_type TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  day INTEGER NOT NULL,
  object_type TEXT NOT NULL,
  object_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  story_count INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  PRIMARY KEY (subject_type, subject_name, day, object_type, object_name, kind)
) WITHOUT ROWID;
CREATE INDEX entity_relations_by_object ON entity_relations (object_type, object_name, day);

CREATE TABLE events (
  event_id TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  ended_at INTEGER,
  reasons TEXT NOT NULL CHECK (json_valid(reasons)),
  explanation TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX events_by_asset ON events (asset_id, event_id);
CREATE INDEX events_by_last_reason ON events (last_at);
CREATE INDEX events_open ON events (event_id) WHERE ended_at IS NULL;

CREATE TABLE feature_flags (
  flag TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  rollout_percent INTEGER NOT NULL CHECK (rollout_percent BETWEEN 0 AND 100),
  roles TEXT CHECK (roles IS NULL OR json_valid(roles)),
  users TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(users)),
  description TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE linked_sign_ins (
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER,
  PRIMARY KEY (provider, subject)
) WITHOUT ROWID;
CREATE UNIQUE INDEX linked_sign_ins_by_user ON linked_sign_ins (user_id, provider);

CREATE TABLE market_data (
  id INTEGER PRIMARY KEY,
  asset_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  price REAL NOT NULL CHECK (price > 0),
  volume_24h REAL,
  market_cap REAL,
  timestamp DATETIME NOT NULL,
  source TEXT NOT NULL,
  observed_at INTEGER NOT NULL
, inputs TEXT);

CREATE TABLE market_global (
  timestamp INTEGER NOT NULL,
  source TEXT NOT NULL,
  total_market_cap REAL,
  total_volume REAL,
  btc_dominance REAL,
  market_cap_change_24h REAL,
  PRIMARY KEY (timestamp, source)
) WITHOUT ROWID;

CREATE TABLE market_levels (
  timestamp INTEGER PRIMARY KEY,
  level REAL NOT NULL,
  dispersion REAL NOT NULL,
  assets INTEGER NOT NULL
);

CREATE TABLE mutes (
  owner TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('asset', 'type')),
  subject TEXT NOT NULL,
  until INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner, kind, subject)
) WITHOUT ROWID;

CREATE TABLE news_items (
  news_id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  published_is_estimated INTEGER NOT NULL DEFAULT 0,
  tick INTEGER NOT NULL,
  language TEXT,
  sentiment REAL CHECK (sentiment BETWEEN -1 AND 1),
  sentiment_model TEXT
, duplicate_of TEXT, publisher TEXT, votes TEXT) WITHOUT ROWID;
CREATE INDEX news_items_by_tick ON news_items (tick, news_id);

CREATE TABLE news_mentions (
  entity_type TEXT NOT NULL,
  entity_name TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  news_id TEXT NOT NULL REFERENCES news_items (news_id),
  source TEXT NOT NULL,
  PRIMARY KEY (entity_type, entity_name, published_at, news_id)
) WITHOUT ROWID;
CREATE INDEX news_mentions_by_story ON news_mentions (news_id);
CREATE TRIGGER count_mention AFTER INSERT ON news_mentions
BEGIN
  INSERT INTO entity_mentions (entity_type, entity_name, source, mention_count, last_seen)
  VALUES (NEW.entity_type, NEW.entity_name, NEW.source, 1, NEW.published_at)
  ON CONFLICT (entity_type, entity_name, source) DO UPDATE SET
    mention_count = mention_count + 1,
    last_seen = max(last_seen, excluded.last_seen);
END;

CREATE TABLE news_relations (
  news_id TEXT NOT NULL REFERENCES news_items (news_id),
  subject_type TEXT NOT NULL,
  subject_name TEXT NOT NULL,
  object_type TEXT NOT NULL,
  object_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (news_id, subject_type, subject_name, object_type, object_name)
) WITHOUT ROWID;
CREATE TRIGGER count_relation AFTER INSERT ON news_relations
BEGIN
  INSERT INTO entity_relations (subject_type, subject_name, day, object_type, object_name, kind,
    story_count, last_seen)
  VALUES (NEW.subject_type, NEW.subject_name, NEW.published_at / 86400, NEW.object_type,
    NEW.object_name, NEW.kind, 1, NEW.published_at)
  ON CONFLICT (subject_type, subject_name, day, object_type, object_name, kind) DO UPDATE SET
    story_count = story_count + 1,
    last_seen = max(last_seen, excluded.last_seen);
END;

CREATE TABLE "oauth_clients" (
  client_id TEXT PRIMARY KEY,
  owner TEXT REFERENCES users (user_id),
  name TEXT NOT NULL,
  website TEXT,
  secret_hash TEXT,
  redirect_uris TEXT NOT NULL CHECK (json_valid(redirect_uris)),
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  created_at INTEGER NOT NULL,
  unclaimed_until INTEGER CHECK (owner IS NULL OR unclaimed_until IS NULL)
) WITHOUT ROWID;
CREATE INDEX oauth_clients_by_owner ON oauth_clients (owner, created_at);
CREATE INDEX oauth_clients_unclaimed ON oauth_clients (unclaimed_until)
  WHERE unclaimed_until IS NOT NULL;

CREATE TABLE oauth_codes (
  code_digest TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  redirect_uri TEXT NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  challenge TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  family TEXT
) WITHOUT ROWID;
CREATE INDEX oauth_codes_by_expiry ON oauth_codes (expires_at);
CREATE INDEX oauth_codes_by_user ON oauth_codes (user_id);

CREATE TABLE oauth_grants (
  user_id TEXT NOT NULL REFERENCES users (user_id),
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id)
) WITHOUT ROWID;
CREATE INDEX oauth_grants_by_client ON oauth_grants (client_id);

CREATE TABLE operator_alerts (
  alert TEXT PRIMARY KEY,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  snoozed_until INTEGER
) WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  event_key TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  delivered_at INTEGER
);
CREATE INDEX outbox_undelivered ON outbox (id) WHERE delivered_at IS NULL;

CREATE TABLE outbox_positions (
  reader TEXT PRIMARY KEY,
  outbox_id INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE outcomes (
  signal_id TEXT NOT NULL REFERENCES signals (id),
  horizon INTEGER NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  fired_at INTEGER NOT NULL,
  score REAL NOT NULL,
  terms TEXT NOT NULL CHECK (json_valid(terms)),
  issued REAL,
  due_at INTEGER NOT NULL,
  judged_at INTEGER,
  hit INTEGER CHECK (hit IN (0, 1)),
  value REAL,
  threshold REAL,
  control_n INTEGER,
  control_hits INTEGER,
  reason TEXT,
  PRIMARY KEY (signal_id, horizon)
) WITHOUT ROWID;
CREATE INDEX outcomes_due ON outcomes (due_at, signal_id) WHERE judged_at IS NULL;
CREATE INDEX outcomes_judged ON outcomes (type, horizon, fired_at) WHERE hit IS NOT NULL;

CREATE TABLE passkeys (
  credential_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  name TEXT NOT NULL,
  public_key TEXT NOT NULL CHECK (json_valid(public_key)),
  sign_count INTEGER NOT NULL,
  backed_up INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) WITHOUT ROWID;
CREATE INDEX passkeys_by_user ON passkeys (user_id);

CREATE TABLE payment_events (
  event_id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  tx TEXT
);
CREATE INDEX payment_events_by_payment ON payment_events (payment_id);

CREATE TABLE payments (
  payment_id INTEGER PRIMARY KEY,
  network TEXT NOT NULL,
  asset TEXT NOT NULL,
  payer TEXT NOT NULL,
  nonce TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount > 0),
  pay_to TEXT NOT NULL,
  user_id TEXT NOT NULL,
  credential TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  url TEXT NOT NULL,
  signature TEXT NOT NULL,
  request TEXT NOT NULL, -- what is sent to the facilitator
  state TEXT NOT NULL CHECK (state IN
    ('claimed', 'released', 'settling', 'pending', 'settled', 'failed', 'unclear')),
  claim TEXT NOT NULL, -- who works for it
  lease_until INTEGER NOT NULL,
  reason TEXT,
  settle_attempts INTEGER NOT NULL DEFAULT 0,
  tx TEXT,
  receipt TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  settled_at INTEGER,
  delivered_at INTEGER
);
CREATE INDEX payments_by_settlement ON payments (settled_at) WHERE state = 'settled';
CREATE INDEX payments_by_user ON payments (user_id);
CREATE UNIQUE INDEX payments_natural_key ON payments (nonce, payer, asset, network);
CREATE INDEX payments_open ON payments (updated_at) WHERE state IN ('settling', 'pending');
CREATE INDEX payments_unclear ON payments (updated_at) WHERE state = 'unclear';
CREATE INDEX payments_without_money ON payments (updated_at)
  WHERE state IN ('claimed', 'released', 'failed');
CREATE TRIGGER payments_begin AFTER INSERT ON payments BEGIN
  INSERT INTO payment_events (payment_id, at, state, reason, tx)
  VALUES (NEW.payment_id, NEW.updated_at, NEW.state, NEW.reason, NEW.tx);
END;
CREATE TRIGGER payments_earn AFTER UPDATE OF state ON payments
WHEN NEW.state = 'settled' AND OLD.state <> 'settled' BEGIN
  INSERT INTO user_analytics
    (user_id, timestamp, endpoint, credential, requests, revenue_generated, revenue_atomic)
  VALUES (NEW.user_id, NEW.settled_at - NEW.settled_at % 3600, NEW.endpoint, NEW.credential,
    NEW.user_id LIKE 'wallet:%', NEW.amount / 1e6, NEW.amount)
  ON CONFLICT (user_id, timestamp, endpoint, credential) DO UPDATE SET
    requests = requests + excluded.requests,
    revenue_atomic = revenue_atomic + excluded.revenue_atomic,
    revenue_generated = (revenue_atomic + excluded.revenue_atomic) / 1e6;
END;
CREATE TRIGGER payments_forget AFTER DELETE ON payments BEGIN
  DELETE FROM payment_events WHERE payment_id = OLD.payment_id;
END;
CREATE TRIGGER payments_go_on AFTER UPDATE OF state ON payments
WHEN NEW.state <> OLD.state OR NEW.state = 'claimed' BEGIN
  INSERT INTO payment_events (payment_id, at, state, reason, tx)
  VALUES (NEW.payment_id, NEW.updated_at, NEW.state, NEW.reason, NEW.tx);
END;

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
CREATE INDEX push_deliveries_due ON push_deliveries (next_at) WHERE state = 'pending';
CREATE UNIQUE INDEX push_deliveries_natural_key ON push_deliveries (subscription_id, event_key);

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
CREATE INDEX push_messages_by_age ON push_messages (created_at);
CREATE INDEX push_messages_due ON push_messages (due_at) WHERE state = 'waiting';

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
CREATE INDEX push_subscriptions_by_owner ON push_subscriptions (owner, subscription_id);
CREATE UNIQUE INDEX push_subscriptions_natural_key ON push_subscriptions (endpoint);

CREATE TABLE readings (
  id INTEGER PRIMARY KEY,
  value REAL NOT NULL,
  observed_at INTEGER NOT NULL,
  figures TEXT CHECK (figures IS NULL OR json_valid(figures))
);

CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (user_id),
  code_digest TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_digest)
) WITHOUT ROWID;

CREATE TABLE refresh_tokens (
  family TEXT NOT NULL REFERENCES token_families (family) ON DELETE CASCADE,
  token_digest TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  replaced_by TEXT,
  PRIMARY KEY (family, token_digest)
) WITHOUT ROWID;

CREATE TABLE reports (
  report_no INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('daily', 'weekly')),
  begins_at INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  judged INTEGER NOT NULL CHECK (judged IN (0, 1)),
  headline TEXT NOT NULL CHECK (json_valid(headline)),
  body TEXT NOT NULL CHECK (json_valid(body)),
  UNIQUE (kind, begins_at)
);

CREATE TABLE series (
  series_no INTEGER PRIMARY KEY CHECK (series_no < 134217728),
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  about TEXT NOT NULL CHECK (json_valid(about))
);
CREATE UNIQUE INDEX series_natural_key ON series (source, kind, key);

CREATE TABLE sessions (
  session_id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  token_digest TEXT NOT NULL,
  next_digest TEXT,
  next_at INTEGER,
  previous_digest TEXT,
  previous_until INTEGER,
  csrf TEXT NOT NULL,
  method TEXT NOT NULL,
  device TEXT NOT NULL,
  country TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  proved_at INTEGER NOT NULL, -- when the person last proved to be there
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sign_in_tries (
  subject TEXT PRIMARY KEY,
  tries INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_tries_by_expiry ON sign_in_tries (expires_at);

CREATE TABLE signal_log (
  seq INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  body TEXT NOT NULL
);

CREATE TABLE signals (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  asset_id TEXT NOT NULL,
  symbol TEXT NOT NULL,
  confidence_score REAL CHECK (confidence_score BETWEEN 0 AND 1),
  explanation TEXT NOT NULL,
  metadata TEXT NOT NULL CHECK (json_valid(metadata)),
  created_at DATETIME NOT NULL
, event_id TEXT, score REAL, known_at INTEGER, ended_at INTEGER) WITHOUT ROWID;
CREATE INDEX signals_by_asset ON signals (asset_id, id);
CREATE INDEX signals_by_time ON signals (created_at);
CREATE INDEX signals_by_type ON signals (type, id);

CREATE TABLE source_runs (
  source TEXT NOT NULL,
  tick INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'degraded', 'off')),
  reason TEXT,
  requests INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  parsed INTEGER NOT NULL,
  skipped TEXT NOT NULL,
  milliseconds INTEGER NOT NULL, started_at INTEGER, fetched INTEGER NOT NULL DEFAULT 0, not_modified INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (source, tick)
) WITHOUT ROWID;

CREATE TABLE source_switches (
  source TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  switched_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE "sources" (
  source TEXT PRIMARY KEY,
  source_no INTEGER UNIQUE CHECK (source_no < 31),
  coverage TEXT CHECK (coverage IN ('aggregate', 'venue')),
  state TEXT NOT NULL CHECK (state IN ('ok', 'degraded', 'off')),
  reason TEXT,
  last_tick INTEGER,
  last_success INTEGER,
  failures INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  attribution TEXT NOT NULL,
  attribution_url TEXT NOT NULL,
  redistributable INTEGER NOT NULL DEFAULT 1,
  shared INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;

CREATE TABLE token_families (
  family TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  client_id TEXT,
  scopes TEXT CHECK (scopes IS NULL OR json_valid(scopes)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX token_families_by_expiry ON token_families (expires_at);
CREATE INDEX token_families_by_user ON token_families (user_id, client_id);

CREATE TABLE totp (
  user_id TEXT PRIMARY KEY REFERENCES users (user_id),
  nonce TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE usage_batches (
  batch_id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX usage_batches_by_age ON usage_batches (created_at);

CREATE TABLE used_steps (
  step_id TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX used_steps_by_expiry ON used_steps (expires_at);

CREATE TABLE user_analytics (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  revenue_generated REAL NOT NULL DEFAULT 0,
  timestamp DATETIME NOT NULL
, credential TEXT NOT NULL DEFAULT '', requests INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, revenue_atomic INTEGER NOT NULL DEFAULT 0);
CREATE INDEX user_analytics_by_time ON user_analytics (timestamp);
CREATE UNIQUE INDEX user_analytics_natural_key
  ON user_analytics (user_id, timestamp, endpoint, credential);

CREATE TABLE users (
  user_id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'analyst', 'trader', 'admin', 'service')),
  password_hash TEXT,
  created_at INTEGER NOT NULL
, plan TEXT NOT NULL DEFAULT 'free'
  CHECK (plan IN ('free', 'pro', 'enterprise')), disabled_at INTEGER) WITHOUT ROWID;
CREATE INDEX users_admins ON users (user_id) WHERE role = 'admin';
CREATE UNIQUE INDEX users_by_email ON users (email);

CREATE TABLE watchlists (
  watchlist_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  assets TEXT NOT NULL CHECK (json_valid(assets)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) WITHOUT ROWID;

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
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, delivery_id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (next_at) WHERE state = 'pending';
CREATE UNIQUE INDEX webhook_deliveries_natural_key ON webhook_deliveries (webhook_id, event_key);

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

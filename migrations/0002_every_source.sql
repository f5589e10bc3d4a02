-- Sources of every kind. Only those that price assets need a number, because
-- it is part of the keys of market_data; 31 stands for the consensus of a tick.
-- `coverage` says whose volume such a source reports: all venues' or its own.
-- `failures` counts ticks in a row without success, `not_before` is the tick
-- before which a provider asked not to be bothered.
CREATE TABLE sources_of_every_kind (
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
INSERT INTO sources_of_every_kind (source, source_no, state, reason, last_tick, last_success,
  attribution, attribution_url)
SELECT source, source_no, state, reason, last_tick, last_success, attribution, attribution_url
FROM sources;
DROP TABLE sources;
ALTER TABLE sources_of_every_kind RENAME TO sources;

-- What a tick must know of an endpoint: the tick of its last success, and the
-- validators (ETag, Last-Modified) of its addresses. Written in one transaction
-- with the rows they stand for, so a body that was not stored is asked for again.
CREATE TABLE endpoint_states (
  source TEXT NOT NULL,
  endpoint TEXT NOT NULL,
  last_success INTEGER NOT NULL,
  validators TEXT NOT NULL,
  PRIMARY KEY (source, endpoint)
) WITHOUT ROWID;

ALTER TABLE source_runs ADD COLUMN started_at INTEGER;
ALTER TABLE source_runs ADD COLUMN fetched INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_runs ADD COLUMN not_modified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE source_runs ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;

-- The consensus of several sources is a row of its own beside theirs: source
-- 'consensus', number 31, so that it is the last of its minute. `inputs` says
-- what it was made of: {"used": {source: price}, "rejected": {source: why}, "spread"}.
ALTER TABLE market_data ADD COLUMN inputs TEXT;

-- Which asset a token contract is: "chain:contract", the chain by CoinGecko's name.
CREATE TABLE asset_addresses (
  address TEXT PRIMARY KEY,
  asset_id TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX asset_addresses_by_asset ON asset_addresses (asset_id, address);

-- Whatever is observed besides prices: a series is a thing at a source (the
-- value locked in a protocol, a pool, a fee), a reading its value at a tick.
-- readings.id is series_no << 26 | minute: one written row an observation, a
-- series lies together in time order, the same tick twice does nothing.
-- src/common/readings.py lists the kinds and their units.
CREATE TABLE series (
  series_no INTEGER PRIMARY KEY CHECK (series_no < 134217728),
  source TEXT NOT NULL,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  name TEXT NOT NULL,
  about TEXT NOT NULL CHECK (json_valid(about))
);
CREATE UNIQUE INDEX series_natural_key ON series (source, kind, key);
CREATE TABLE readings (
  id INTEGER PRIMARY KEY,
  value REAL NOT NULL,
  observed_at INTEGER NOT NULL,
  figures TEXT CHECK (figures IS NULL OR json_valid(figures))
);

-- A story that repeats another points to it and mentions nobody: the same news
-- from five publishers is one piece of news.
ALTER TABLE news_items ADD COLUMN duplicate_of TEXT;
ALTER TABLE news_items ADD COLUMN publisher TEXT;
ALTER TABLE news_items ADD COLUMN votes TEXT;

-- Which entities a story brings together and how; `kind` is 'mentioned_with'
-- where the text says no more. entity_relations counts them per day as
-- entity_mentions counts mentions: what is there already is not counted again.
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

-- Addresses that operators and users add; `spec` is collection.custom's FeedSpec.
-- One that is `shared` counts for everybody, the others are for their owners alone.
CREATE TABLE custom_feeds (
  feed_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  spec TEXT NOT NULL CHECK (json_valid(spec)),
  shared INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (owner, name)
) WITHOUT ROWID;

-- A run of detection, judging or calibration: rows of one transaction. Its number is one
-- more than that of the run it started from, so of two at once the second fails whole
-- and starts anew from what the first has stored. `head` is the newest hash of
-- signal_log then, `summary` what the run did.
CREATE TABLE detection_runs (
  run_no INTEGER PRIMARY KEY,
  tick INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  head TEXT NOT NULL,
  summary TEXT NOT NULL CHECK (json_valid(summary))
);
-- What was detected before there were runs is not to be found again.
INSERT INTO detection_runs (run_no, tick, seq, head, summary)
SELECT 1, max(tick), 0, printf('%064d', 0), '{}' FROM detector_state HAVING count(*) > 0;

-- Everything that was ever said of a signal, in the order it was said: hash is the
-- SHA-256 of the hash before it, a line feed and the body, in hex. Nothing here is
-- ever changed, and whoever kept one hash can prove it (docs/signals.md).
CREATE TABLE signal_log (
  seq INTEGER PRIMARY KEY,
  hash TEXT NOT NULL,
  body TEXT NOT NULL
);

-- Several detectors on one asset in one window are one event with several reasons:
-- [{"signal_id", "type", "direction", "at", "ended_at"}], the oldest first.
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

-- `score` in thresholds, `known_at` the tick at which it was found: later than
-- created_at when it was found in history that was loaded later.
ALTER TABLE signals ADD COLUMN event_id TEXT;
ALTER TABLE signals ADD COLUMN score REAL;
ALTER TABLE signals ADD COLUMN known_at INTEGER;
ALTER TABLE signals ADD COLUMN ended_at INTEGER;

-- What a signal claimed for a horizon (seconds), and whether it held. `subject` is
-- the asset, or the series of readings, that it is judged by. Written with the
-- signal, judged once, when the horizon has passed; `hit` stays NULL where it
-- cannot be told, for the `reason`. The controls are the same measure at moments
-- before the signal: the base rate that it has to beat.
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

-- Every attempt at a calibration. The newest row of a type and horizon holds the one in
-- use: that attempt where it was accepted, else the one from before. `decision` says why,
-- and how it did on signals it had not seen.
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

-- The market as a series of its own: the sum of the median log returns of all assets,
-- and how far assets typically stray from it in 15 minutes.
CREATE TABLE market_levels (
  timestamp INTEGER PRIMARY KEY,
  level REAL NOT NULL,
  dispersion REAL NOT NULL,
  assets INTEGER NOT NULL
);

-- The tick at which an asset's past was loaded: before it nobody knew that past.
ALTER TABLE assets ADD COLUMN history_loaded_at INTEGER;

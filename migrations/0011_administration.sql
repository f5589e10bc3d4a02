-- What administrators decide: feature flags, sources that are switched, alerts that are put aside;
-- and the log of who changed what.

-- `roles` and `users` are JSON arrays: whom a flag is for (NULL: every role), and who has it
-- whatever the share says.
CREATE TABLE feature_flags (
  flag TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  rollout_percent INTEGER NOT NULL CHECK (rollout_percent BETWEEN 0 AND 100),
  roles TEXT CHECK (roles IS NULL OR json_valid(roles)),
  users TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(users)),
  description TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO feature_flags (flag, enabled, rollout_percent, description, updated_at) VALUES
  ('notebook', 1, 100, 'The notebook: Python in the browser', unixepoch()),
  ('web_push', 1, 100, 'Notifications by Web Push', unixepoch());

-- Written in the transaction that makes the change, and never changed after it. Users are named
-- by their ids alone, which say nothing of anybody once the account is erased.
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
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN
  SELECT raise(ABORT, 'the audit log is not changed');
END;
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log BEGIN
  SELECT raise(ABORT, 'the audit log is not changed');
END;

-- What is not here is as its declaration and SOURCE_OVERRIDES say.
CREATE TABLE source_switches (
  source TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  switched_at INTEGER NOT NULL
) WITHOUT ROWID;

-- An alert is put aside for as long as it is about what began before `acknowledged_at`.
CREATE TABLE operator_alerts (
  alert TEXT PRIMARY KEY,
  acknowledged_at INTEGER,
  acknowledged_by TEXT,
  snoozed_until INTEGER
) WITHOUT ROWID;

CREATE INDEX users_admins ON users (user_id) WHERE role = 'admin';

-- Reports as the cron made them when their period was over: what was known then, kept as it was
-- told. `judged` says whether all that was due by its end had been judged: while a long history is
-- still being judged it had not, and the report is told once more when it has. `headline` is what
-- a list of reports shows of one. A number as key keeps the long bodies out of the index by which
-- one is found.
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

-- What a user does not want to see signals of: an asset, or a type. `until` NULL is for good.
CREATE TABLE mutes (
  owner TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('asset', 'type')),
  subject TEXT NOT NULL,
  until INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner, kind, subject)
) WITHOUT ROWID;

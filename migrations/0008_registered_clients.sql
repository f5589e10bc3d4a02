-- Programs that register themselves (RFC 7591) have no owner. `unclaimed_until`: nobody allows
-- such a client anything, so then it is forgotten; NULL while somebody does, and for all others.
-- SQLite takes no NOT NULL away, so the table is made anew.
CREATE TABLE oauth_clients_anew (
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
INSERT INTO oauth_clients_anew (client_id, owner, name, website, secret_hash, redirect_uris, scopes,
  created_at)
SELECT client_id, owner, name, website, secret_hash, redirect_uris, scopes, created_at
FROM oauth_clients;
DROP TABLE oauth_clients;
ALTER TABLE oauth_clients_anew RENAME TO oauth_clients;
CREATE INDEX oauth_clients_by_owner ON oauth_clients (owner, created_at);
CREATE INDEX oauth_clients_unclaimed ON oauth_clients (unclaimed_until)
  WHERE unclaimed_until IS NOT NULL;

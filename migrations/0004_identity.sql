-- Who may ask. An erased user's row stays, without address and password: what others
-- refer to by its id goes on to mean nobody.
ALTER TABLE users ADD COLUMN plan TEXT NOT NULL DEFAULT 'free'
  CHECK (plan IN ('free', 'pro', 'enterprise'));
ALTER TABLE users ADD COLUMN disabled_at INTEGER;

-- NULL: not limited. Scopes, origins and addresses are JSON arrays of texts; addresses may
-- be networks. A key that was replaced by rotation ends at its expires_at.
ALTER TABLE api_keys ADD COLUMN scopes TEXT CHECK (scopes IS NULL OR json_valid(scopes));
ALTER TABLE api_keys ADD COLUMN allowed_origins TEXT
  CHECK (allowed_origins IS NULL OR json_valid(allowed_origins));
ALTER TABLE api_keys ADD COLUMN allowed_addresses TEXT
  CHECK (allowed_addresses IS NULL OR json_valid(allowed_addresses));
ALTER TABLE api_keys ADD COLUMN per_minute INTEGER CHECK (per_minute IS NULL OR per_minute > 0);
ALTER TABLE api_keys ADD COLUMN last_used_at INTEGER;
ALTER TABLE api_keys ADD COLUMN replaced_by TEXT;
CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at);

-- Programs of somebody else. Only a keyed hash of the secret is kept; NULL is a public
-- client (RFC 6749, 2.1), which cannot keep one.
CREATE TABLE oauth_clients (
  client_id TEXT PRIMARY KEY,
  owner TEXT NOT NULL REFERENCES users (user_id),
  name TEXT NOT NULL,
  website TEXT,
  secret_hash TEXT,
  redirect_uris TEXT NOT NULL CHECK (json_valid(redirect_uris)),
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX oauth_clients_by_owner ON oauth_clients (owner, created_at);

-- What a user allowed a client.
CREATE TABLE oauth_grants (
  user_id TEXT NOT NULL REFERENCES users (user_id),
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL CHECK (json_valid(scopes)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, client_id)
) WITHOUT ROWID;
CREATE INDEX oauth_grants_by_client ON oauth_grants (client_id);

-- Authorization codes: used once, for the family of tokens that is then named here.
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

-- One sign-in, one consent or one client's own access: every access token names its family,
-- and none outlives it. client_id is NULL for a sign-in by password, scopes for all that
-- the user's role may do.
CREATE TABLE token_families (
  family TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (user_id),
  client_id TEXT,
  scopes TEXT CHECK (scopes IS NULL OR json_valid(scopes)),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER
) WITHOUT ROWID;
CREATE INDEX token_families_by_user ON token_families (user_id, client_id);
CREATE INDEX token_families_by_expiry ON token_families (expires_at);

-- Only digests are kept. One that was used names its successor; used again, it ends the family.
CREATE TABLE refresh_tokens (
  family TEXT NOT NULL REFERENCES token_families (family) ON DELETE CASCADE,
  token_digest TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  replaced_by TEXT,
  PRIMARY KEY (family, token_digest)
) WITHOUT ROWID;

CREATE INDEX sessions_by_user ON sessions (user_id);

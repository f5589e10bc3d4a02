-- A sign-in at the dashboard. Its cookie names the row and holds a secret, of which digests
-- are kept: the one in force, the one that was given out last and not seen yet, and the one
-- before, which requests in flight may still send. `csrf` is what a page must repeat in a
-- header. Those that were open with the table of before end: it knew nothing of all this.
DROP TABLE sessions;
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
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Public keys only (WebAuthn). `public_key` is a JWK.
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

-- Codes of an authenticator app (RFC 6238). The secret is nowhere: it is made from a key of
-- the Workers and `nonce`. Without confirmed_at it is not asked for yet. No step serves twice.
CREATE TABLE totp (
  user_id TEXT PRIMARY KEY REFERENCES users (user_id),
  nonce TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  confirmed_at INTEGER,
  last_step INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (user_id),
  code_digest TEXT NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (user_id, code_digest)
) WITHOUT ROWID;

-- Accounts elsewhere that open one here. `label` is what the provider calls the person.
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

-- Challenges, states and pending sign-ins are sealed texts in the browser's cookies; each one
-- that was taken is remembered until it would be too old anyway.
CREATE TABLE used_steps (
  step_id TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX used_steps_by_expiry ON used_steps (expires_at);

-- Tries to sign in that went wrong. A subject is a keyed hash of an account, an address, both,
-- or a known device.
CREATE TABLE sign_in_tries (
  subject TEXT PRIMARY KEY,
  tries INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sign_in_tries_by_expiry ON sign_in_tries (expires_at);

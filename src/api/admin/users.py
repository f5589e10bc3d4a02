"""Accounts as administrators see and change them: the statements.

Secrets are in none of them: of a key its id, of a session when it began.
"""

# Requests are counted by the hour; of a session and a key the moment is known.
_SEEN = """strftime('%Y-%m-%dT%H:%M:%SZ', nullif(max(
    coalesce((SELECT max(timestamp) FROM user_analytics a WHERE a.user_id = u.user_id), 0),
    coalesce((SELECT max(seen_at) FROM sessions s WHERE s.user_id = u.user_id), 0),
    coalesce((SELECT max(last_used_at) FROM api_keys k WHERE k.user_id = u.user_id), 0)), 0),
    'unixepoch')"""
# ?1 how many, ?2 behind which e-mail address, ?3 its beginning or an id, ?4 role or NULL, ?5 now.
PEOPLE = f"""
SELECT json_group_array(json_array(email, item)) FROM (
  SELECT u.email, json_object('user_id', u.user_id, 'email', u.email, 'role', u.role,
    'plan', u.plan, 'disabled', json(iif(u.disabled_at IS NULL, 'false', 'true')),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at, 'unixepoch'),
    'last_seen', {_SEEN},
    'mfa', json(iif(EXISTS (SELECT 1 FROM totp t
        WHERE t.user_id = u.user_id AND t.confirmed_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = u.user_id), 'true', 'false')),
    'sessions', (SELECT count(*) FROM sessions s
      WHERE s.user_id = u.user_id AND s.expires_at > ?5),
    'keys', (SELECT count(*) FROM api_keys k WHERE k.user_id = u.user_id
      AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > ?5))) AS item
  FROM users u
  WHERE u.email > ?2 AND (u.email BETWEEN ?3 AND ?3 || char(1114111) OR u.user_id = ?3)
    AND (?4 IS NULL OR u.role = ?4)
  ORDER BY u.email LIMIT ?1)
"""  # noqa: S608 - a constant of ours

# ?1 whose, ?2 now.
PERSON = f"""
SELECT json_object('user_id', u.user_id, 'email', u.email, 'role', u.role, 'plan', u.plan,
  'disabled_at', strftime('%Y-%m-%dT%H:%M:%SZ', u.disabled_at, 'unixepoch'),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at, 'unixepoch'),
  'last_seen', {_SEEN},
  'has_password', json(iif(u.password_hash IS NULL, 'false', 'true')),
  'totp', json(iif((SELECT confirmed_at FROM totp t WHERE t.user_id = ?1) IS NULL,
    'false', 'true')),
  'recovery_codes', (SELECT count(*) FROM recovery_codes c
    WHERE c.user_id = ?1 AND c.used_at IS NULL),
  'passkeys', (SELECT count(*) FROM passkeys p WHERE p.user_id = ?1),
  'linked', (SELECT json_group_array(provider) FROM linked_sign_ins l WHERE l.user_id = ?1),
  'sessions', (SELECT json_group_array(json(item)) FROM (SELECT json_object(
      'device', s.device, 'country', s.country, 'method', s.method,
      'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
      'seen_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.seen_at, 'unixepoch')) AS item
    FROM sessions s WHERE s.user_id = ?1 AND s.expires_at > ?2 ORDER BY s.seen_at DESC)),
  'sign_ins', (SELECT count(*) FROM token_families f
    WHERE f.user_id = ?1 AND f.revoked_at IS NULL AND f.expires_at > ?2),
  'keys', (SELECT json_group_array(json(item)) FROM (SELECT json_object('key_id', k.key_id,
      'name', k.name, 'scopes', json(k.scopes),
      'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', k.created_at, 'unixepoch'),
      'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', k.expires_at, 'unixepoch'),
      'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', k.last_used_at, 'unixepoch')) AS item
    FROM api_keys k WHERE k.user_id = ?1 AND k.revoked_at IS NULL
      AND (k.expires_at IS NULL OR k.expires_at > ?2) ORDER BY k.created_at DESC, k.key_id)),
  'requests_7d', (SELECT coalesce(sum(requests), 0) FROM user_analytics
    WHERE user_id = ?1 AND timestamp >= ?2 - 604800),
  'errors_7d', (SELECT coalesce(sum(errors), 0) FROM user_analytics
    WHERE user_id = ?1 AND timestamp >= ?2 - 604800))
FROM users u WHERE u.user_id = ?1
"""  # noqa: S608 - as above

# What a change would do: ?1 whose, ?2 role, ?3 plan, ?4 disabled (NULL leaves each as it is),
# ?5 now, ?6 who changes it. One who is no administrator any more changes nothing, and one
# who can sign in stays: of two who disable each other only the first does.
_CHANGING = """
user_id = ?1 AND user_id <> ?6
  AND (role IS NOT coalesce(?2, role) OR plan IS NOT coalesce(?3, plan)
    OR (disabled_at IS NOT NULL) IS NOT coalesce(?4, disabled_at IS NOT NULL))
  AND EXISTS (SELECT 1 FROM users a WHERE a.user_id = ?6 AND a.role = 'admin'
    AND a.disabled_at IS NULL)
  AND (role <> 'admin' OR (coalesce(?2, role) = 'admin' AND NOT coalesce(?4, 0))
    OR EXISTS (SELECT 1 FROM users o WHERE o.role = 'admin' AND o.disabled_at IS NULL
      AND o.user_id <> ?1))
"""
_STANDING = "json_object('role', role, 'plan', plan, 'disabled', json(iif({off}, 'true', 'false')))"
AUDIT_CHANGE = f"""
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?5, ?6, 'user.change', 'user:' || user_id,
  {_STANDING.format(off="disabled_at IS NOT NULL")},
  json_object('role', coalesce(?2, role), 'plan', coalesce(?3, plan), 'disabled',
    json(iif(coalesce(?4, disabled_at IS NOT NULL), 'true', 'false'))), ?7
FROM users WHERE {_CHANGING}
"""  # noqa: S608 - constants of ours
CHANGE = f"""
UPDATE users SET role = coalesce(?2, role), plan = coalesce(?3, plan),
  disabled_at = CASE WHEN ?4 IS NULL THEN disabled_at WHEN ?4 THEN coalesce(disabled_at, ?5) END
WHERE {_CHANGING}
"""  # noqa: S608 - a constant of ours
STANDING = """
SELECT json_array(role, plan, disabled_at IS NOT NULL) FROM users WHERE user_id = ?1
"""

# Sessions, sign-ins with refresh tokens, and codes that could become some. ?1 whose.
AUDIT_END = """
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?2, ?3, 'user.end-sessions', 'user:' || user_id,
  json_object('sessions', (SELECT count(*) FROM sessions WHERE user_id = ?1 AND expires_at > ?2),
    'sign_ins', (SELECT count(*) FROM token_families
      WHERE user_id = ?1 AND revoked_at IS NULL AND expires_at > ?2)),
  json_object('sessions', 0, 'sign_ins', 0), ?4
FROM users WHERE user_id = ?1
"""
COUNT_SESSIONS = """
SELECT json_object('user_id', user_id,
  'sessions', (SELECT count(*) FROM sessions WHERE user_id = ?1 AND expires_at > ?2),
  'sign_ins', (SELECT count(*) FROM token_families
    WHERE user_id = ?1 AND revoked_at IS NULL AND expires_at > ?2))
FROM users WHERE user_id = ?1
"""
END_SESSIONS = "DELETE FROM sessions WHERE user_id = ?1"
END_CODES = "DELETE FROM oauth_codes WHERE user_id = ?1"
END_FAMILIES = """
UPDATE token_families SET revoked_at = ?2 WHERE user_id = ?1 AND revoked_at IS NULL
"""

# ?1 the key, ?2 whose.
AUDIT_REVOKE = """
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?3, ?4, 'key.revoke', 'user:' || user_id,
  json_object('key_id', key_id),
  json_object('key_id', key_id, 'revoked_at', strftime('%Y-%m-%dT%H:%M:%SZ', ?3, 'unixepoch')), ?5
FROM api_keys WHERE key_id = ?1 AND user_id = ?2 AND revoked_at IS NULL
"""

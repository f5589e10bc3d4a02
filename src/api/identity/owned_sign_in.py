"""What belongs to a user of the ways in: sessions, passkeys, second factor, linked sign-ins.

Part of the one list (api.identity.owned). The dashboard's Worker writes these tables; of
secrets they hold digests and public keys, and no export has even those.
"""

EXPORT_SESSIONS = """
SELECT json_object('device', device, 'country', country, 'method', method,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'seen_at', strftime('%Y-%m-%dT%H:%M:%SZ', seen_at, 'unixepoch'),
  'expires_at', strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch')) AS item
FROM sessions WHERE user_id = ?1
"""
EXPORT_PASSKEYS = """
SELECT json_object('name', name, 'backed_up', json(iif(backed_up, 'true', 'false')),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
FROM passkeys WHERE user_id = ?1 ORDER BY created_at
"""
EXPORT_TOTP = """
SELECT json_object('created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'confirmed_at', strftime('%Y-%m-%dT%H:%M:%SZ', confirmed_at, 'unixepoch'),
  'recovery_codes_left', (SELECT count(*) FROM recovery_codes r
    WHERE r.user_id = ?1 AND r.used_at IS NULL)) AS item
FROM totp WHERE user_id = ?1
"""
EXPORT_LINKED = """
SELECT json_object('provider', provider, 'subject', subject, 'label', label,
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'),
  'last_used_at', strftime('%Y-%m-%dT%H:%M:%SZ', last_used_at, 'unixepoch')) AS item
FROM linked_sign_ins WHERE user_id = ?1 ORDER BY provider
"""

ERASE_SESSIONS = "DELETE FROM sessions WHERE user_id = ?1"
ERASE_PASSKEYS = "DELETE FROM passkeys WHERE user_id = ?1"
ERASE_TOTP = "DELETE FROM totp WHERE user_id = ?1"
ERASE_RECOVERY_CODES = "DELETE FROM recovery_codes WHERE user_id = ?1"
ERASE_LINKED = "DELETE FROM linked_sign_ins WHERE user_id = ?1"

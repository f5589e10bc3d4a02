"""The table of mutes: what users do not want to see signals of."""

MOST_MUTES = 200
LAST = 253_402_300_799  # the last second of the year 9999

MUTE = """json_object('kind', kind, 'subject', subject,
    'until', strftime('%Y-%m-%dT%H:%M:%SZ', until, 'unixepoch'),
    'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch'))"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {MUTE} AS item FROM mutes WHERE owner = ?1 AND (until IS NULL OR until > ?2)
  ORDER BY created_at DESC, kind, subject)
"""  # noqa: S608 - a constant of ours
GET = f"SELECT {MUTE} FROM mutes WHERE owner = ?1 AND kind = ?2 AND subject = ?3"  # noqa: S608
FORGET = "DELETE FROM mutes WHERE owner = ?1 AND until <= ?2"
# Counted in the statement that inserts: two requests at once cannot exceed it.
PUT = """
INSERT INTO mutes (owner, kind, subject, until, created_at)
SELECT ?1, ?2, ?3, ?4, ?5 WHERE (SELECT count(*) FROM mutes WHERE owner = ?1) < ?6
  OR EXISTS (SELECT 1 FROM mutes WHERE owner = ?1 AND kind = ?2 AND subject = ?3)
ON CONFLICT (owner, kind, subject) DO UPDATE SET until = excluded.until
"""
EXPORT = f"SELECT {MUTE} AS item FROM mutes WHERE owner = ?1 ORDER BY created_at"  # noqa: S608
ERASE = "DELETE FROM mutes WHERE owner = ?1"
DELETE = "DELETE FROM mutes WHERE owner = ?1 AND kind = ?2 AND subject = ?3"

"""The audit log: who changed what of which subject, when and by which request.

An entry is written in the transaction of the change that it tells of, by a
statement that finds the same rows: both happen or neither does.
"""

from api.routing import Reads

NEWEST = """
SELECT json_group_array(json_array(CAST(entry_no AS TEXT), item)) FROM (
  SELECT l.entry_no, json_object('entry_no', l.entry_no,
    'at', strftime('%Y-%m-%dT%H:%M:%SZ', l.at, 'unixepoch'), 'actor', l.actor,
    'actor_email', u.email, 'action', l.action, 'subject', l.subject,
    'before', json(l.before), 'after', json(l.after), 'request_id', l.request_id) AS item
  FROM audit_log l LEFT JOIN users u ON u.user_id = l.actor
  WHERE l.entry_no < CAST(?2 AS INTEGER) ORDER BY l.entry_no DESC LIMIT ?1)
"""
OF_SUBJECT = """
SELECT json_group_array(json_array(CAST(entry_no AS TEXT), item)) FROM (
  SELECT l.entry_no, json_object('entry_no', l.entry_no,
    'at', strftime('%Y-%m-%dT%H:%M:%SZ', l.at, 'unixepoch'), 'actor', l.actor,
    'actor_email', u.email, 'action', l.action, 'subject', l.subject,
    'before', json(l.before), 'after', json(l.after), 'request_id', l.request_id) AS item
  FROM audit_log l LEFT JOIN users u ON u.user_id = l.actor
  WHERE l.subject = ?3 AND l.entry_no < CAST(?2 AS INTEGER)
  ORDER BY l.entry_no DESC LIMIT ?1)
"""
LAST = str(2**53)  # behind every entry_no


def head(reads: Reads) -> tuple[int, str, str]:
    """Return what each entry begins with: when, who, by which request."""
    return int(reads.now), reads.principal.user_id, reads.request_id

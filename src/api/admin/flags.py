"""Feature flags in D1, which are on for a caller, and their copies in KV.

D1 is asked where it matters; a Worker that asks often reads the copy, at most a minute late.
"""

import msgspec

from api.principal import Principal
from api.routing import Reads
from common import flags
from common.database import Database, Statement
from common.flags import Flag

MOST_FLAGS = 100
COPY_SECONDS = 30 * 86_400

_RULES = """'enabled', json(iif(enabled, 'true', 'false')), 'rollout_percent', rollout_percent,
  'roles', json(roles), 'users', json(users)"""
_OBJECT = f"""json_object('flag', flag, {_RULES}, 'description', description,
  'updated_at', strftime('%Y-%m-%dT%H:%M:%SZ', updated_at, 'unixepoch'))"""
LIST = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT {_OBJECT} AS item FROM feature_flags ORDER BY flag)
"""  # noqa: S608 - a constant of ours
GET = f"SELECT {_OBJECT} FROM feature_flags WHERE flag = ?1"  # noqa: S608 - as above
RULES = f"""
SELECT json_group_object(flag, json_object({_RULES})) FROM feature_flags
"""  # noqa: S608 - as above
_MAY_BE = """(EXISTS (SELECT 1 FROM feature_flags WHERE flag = ?1)
  OR (SELECT count(*) FROM feature_flags) < ?2)"""
# ?1 flag, ?2 how many there may be, ?3 what it becomes, ?4 when, ?5 who, ?6 by which request.
AUDIT_PUT = f"""
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?4, ?5, 'flag.put', 'flag:' || ?1,
  (SELECT json_object({_RULES}) FROM feature_flags WHERE flag = ?1), ?3, ?6 WHERE {_MAY_BE}
"""  # noqa: S608 - as above
# ?1, ?2 as above, ?3 enabled, ?4 percent, ?5 roles, ?6 users, ?7 description, ?8 now.
PUT = f"""
INSERT INTO feature_flags (flag, enabled, rollout_percent, roles, users, description, updated_at)
SELECT ?1, ?3, ?4, ?5, ?6, ?7, ?8 WHERE {_MAY_BE}
ON CONFLICT (flag) DO UPDATE SET enabled = excluded.enabled,
  rollout_percent = excluded.rollout_percent, roles = excluded.roles, users = excluded.users,
  description = excluded.description, updated_at = excluded.updated_at
"""
# ?1 flag, ?2 when, ?3 who, ?4 by which request.
AUDIT_DELETE = f"""
INSERT INTO audit_log (at, actor, action, subject, before, after, request_id)
SELECT ?2, ?3, 'flag.delete', 'flag:' || flag, json_object({_RULES}), NULL, ?4
FROM feature_flags WHERE flag = ?1
"""  # noqa: S608 - as above
DELETE = "DELETE FROM feature_flags WHERE flag = ?1"


async def all_of(principal: Principal, database: Database) -> dict[str, bool]:
    """Return every flag, by name, and whether it is on for a caller."""
    text = await database.text(Statement(RULES)) or "{}"
    found = msgspec.json.decode(text, type=dict[str, Flag])
    return {
        name: flags.is_on(name, flag, principal.user_id, principal.role)
        for name, flag in sorted(found.items())
    }


async def share(name: str, rules: str | None, reads: Reads) -> None:
    """Copy a flag's rules to KV; None where it is no more, which is off for everybody."""
    gone = '{"enabled":false,"rollout_percent":0}'
    await reads.outside.kv_put(flags.key(name), rules or gone, COPY_SECONDS)

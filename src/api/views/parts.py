"""What several views of the dashboard show: parts of their statements.

In every statement ?1 is the asset's id or NULL, ?2 now, ?3 the origin of the data.
"""

from api.reads.listing import aged
from common.views import LARGEST_FIRST, SIGNAL_OBJECT, listed_assets

ROWS = f"""
WITH {listed_assets("?1 IS NULL OR a.asset_id = ?1")}
SELECT json_group_array(json(row)) FROM (
  SELECT {aged("?2")} AS row FROM listed ORDER BY {LARGEST_FIRST})
"""  # noqa: S608 - constants of ours

SOURCES = """
SELECT json_group_array(json_object('source', source, 'state', state, 'reason', reason,
  'last_success', strftime('%Y-%m-%dT%H:%M:%SZ', last_success, 'unixepoch'),
  'age_seconds', CAST(?2 AS INTEGER) - last_success, 'attribution', attribution,
  'attribution_url', attribution_url)) FROM sources WHERE shared
"""

ASSET_SIGNALS = f"""
SELECT json_group_array(json(item)) FROM (SELECT {SIGNAL_OBJECT} AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE s.asset_id = ?1 ORDER BY s.id DESC LIMIT 50)
"""  # noqa: S608 - a constant of ours

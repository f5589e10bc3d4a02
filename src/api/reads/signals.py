"""Signals: as rows of a list, in short or with their evidence, and one with all that is known."""

# What came of a signal: judged is null before its horizon, hit is null where it cannot be told.
OUTCOMES = """(SELECT json_group_array(json_object('horizon_seconds', o.horizon,
    'due_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.due_at, 'unixepoch'),
    'judged_at', strftime('%Y-%m-%dT%H:%M:%SZ', o.judged_at, 'unixepoch'),
    'hit', json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END),
    'value', o.value, 'threshold', o.threshold, 'base_rate', 1.0 * o.control_hits / o.control_n,
    'controls', o.control_n, 'reason', o.reason)) FROM outcomes o WHERE o.signal_id = s.id)"""


def _signal(now: str, more: str = "") -> str:
    """Return SQL of a signal in short, from a row of `signals s` joined with `assets a`.

    `hit` is what came of its claim by the horizon that the confidence is of; `now` is the
    parameter with the time, `more` are further members as arguments of json_insert.
    """
    return f"""json_insert(json_object(
  'id', s.id, 'type', s.type, 'asset_id', s.asset_id, 'symbol', s.symbol,
  'name', coalesce(a.name, s.symbol), 'direction', s.metadata ->> 'direction',
  'confidence_score', s.confidence_score, 'n', s.metadata -> '$.calibration.n',
  'base_rate', s.metadata -> '$.calibration.base_rate',
  'statistic', s.metadata -> '$.statistic.value',
  'threshold', s.metadata -> '$.statistic.threshold',
  'hit', (SELECT json(CASE o.hit WHEN 1 THEN 'true' WHEN 0 THEN 'false' END) FROM outcomes o
    WHERE o.signal_id = s.id AND o.horizon = s.metadata ->> '$.claim.horizon'),
  'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.created_at, 'unixepoch'),
  'age_seconds', CAST({now} AS INTEGER) - s.created_at,
  'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.ended_at, 'unixepoch')),
  '$.explanation', s.explanation,
  '$.sources', (SELECT json_group_array(DISTINCT i.value ->> 'source')
    FROM json_each(s.metadata, '$.inputs') i){more})"""  # noqa: S608 - constants of ours


_MORE = f""",
  '$.known_at', strftime('%Y-%m-%dT%H:%M:%SZ', s.known_at, 'unixepoch'),
  '$.event_id', s.event_id, '$.metadata', json(s.metadata), '$.outcomes', {OUTCOMES}"""
# ?1 how many; ?2 the id that the page ends before, ?3 the first one; ?4 the least confidence; ?5
# now; ?6 the type; ?7, ?8 the asset's name in upper and lower case. The id of a signal begins
# with its time, so that a span of times is one of ids.
_PAGE = """
SELECT json_group_array(json_array(id, item)) FROM (
  SELECT s.id, (item) AS item
  FROM signals s LEFT JOIN assets a USING (asset_id)
  WHERE (condition) s.id < ?2 AND s.id >= ?3 AND (?4 IS NULL OR s.confidence_score >= ?4)
  ORDER BY s.id DESC LIMIT ?1 + 1)
"""


def _page(more: str, condition: str) -> str:
    return _PAGE.replace("(item)", _signal("?5", more)).replace("(condition)", condition)


_OF_TYPE = "s.type = ?6 AND"
_OF_ASSET = (
    "s.asset_id IN (SELECT asset_id FROM assets WHERE symbol = ?7 UNION SELECT ?8)"
    " AND ?6 IN ('all', s.type) AND"
)
ALL, ALL_IN_FULL = _page("", ""), _page(_MORE, "")
BY_TYPE, BY_TYPE_IN_FULL = _page("", _OF_TYPE), _page(_MORE, _OF_TYPE)
BY_ASSET, BY_ASSET_IN_FULL = _page("", _OF_ASSET), _page(_MORE, _OF_ASSET)
# With its event, and the calibrations in use when it was found; those of its own tick were
# made after it. ?2 now.
_ALL_OF_IT = f"""{_MORE}, '$.event', (
    SELECT json_object('id', e.event_id,
      'started_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.started_at, 'unixepoch'),
      'last_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.last_at, 'unixepoch'),
      'ended_at', strftime('%Y-%m-%dT%H:%M:%SZ', e.ended_at, 'unixepoch'),
      'explanation', e.explanation, 'signals', json_array_length(e.reasons))
    FROM events e WHERE e.event_id = s.event_id),
  '$.calibrations', (SELECT json_group_array(json_object('horizon_seconds', c.horizon,
      'version', c.version, 'made_at', strftime('%Y-%m-%dT%H:%M:%SZ', c.made_at, 'unixepoch'),
      'n', c.calibration -> 'n', 'hits', c.calibration -> 'hits', 'days', c.calibration -> 'days',
      'base_rate', c.calibration -> 'base_rate', 'control_n', c.calibration -> 'control_n'))
    FROM calibrations c WHERE c.type = s.type AND c.version = (
      SELECT max(version) FROM calibrations n WHERE n.type = c.type AND n.horizon = c.horizon
        AND n.made_at < coalesce(s.known_at, s.created_at)))"""  # noqa: S608
ONE = f"""
SELECT {_signal("?2", _ALL_OF_IT)}
FROM signals s LEFT JOIN assets a USING (asset_id) WHERE s.id = ?1
"""  # noqa: S608 - constants of ours
# The market, and what is measured of no coin (kind:key), have signals and are no assets.
IS_KNOWN = """
SELECT 1 FROM assets WHERE symbol = ?1 OR asset_id = ?2
UNION ALL SELECT 1 WHERE ?2 = 'market'
UNION ALL SELECT 1 FROM sources o CROSS JOIN series e ON e.source = o.source
  AND e.kind = substr(?2, 1, instr(?2, ':') - 1) AND e.key = substr(?2, instr(?2, ':') + 1)
  WHERE o.redistributable AND o.shared
LIMIT 1
"""

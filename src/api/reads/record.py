"""How good signals were, and how ready their detectors are."""


def _told(name: str) -> str:
    """Return SQL of a time in a calibration as it is told; 0 stands for none."""
    seconds = f"nullif(c.calibration ->> '{name}', 0)"
    return f"strftime('%Y-%m-%dT%H:%M:%SZ', {seconds}, 'unixepoch')"


# How good each type of signal was, by horizon: from the newest calibration of each. ?1 now.
TRACK_RECORD = f"""
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('type', c.type, 'horizon_seconds', c.horizon, 'version', c.version,
    'made_at', strftime('%Y-%m-%dT%H:%M:%SZ', c.made_at, 'unixepoch'),
    'age_seconds', CAST(?1 AS INTEGER) - c.made_at,
    'accepted', json(iif(c.accepted, 'true', 'false')),
    'calibration', json_replace(c.calibration, '$.fitted_at', {_told("fitted_at")},
      '$.newest', {_told("newest")}),
    'decision', json(c.decision), 'report', json(c.report)) AS item
  FROM calibrations c WHERE version = (
    SELECT max(version) FROM calibrations n WHERE n.type = c.type AND n.horizon = c.horizon)
  ORDER BY c.type, c.horizon)
"""  # noqa: S608 - constants of ours

# For how many series each detector is ready, and of how many it still learns: as of its newest
# run, which for what is collected hourly is some runs ago.
DETECTORS = """
SELECT json_group_object(key, json_object('ready', value ->> 0, 'learning', value ->> 1)) FROM (
  SELECT d.key, d.value, max(r.run_no)
  FROM detection_runs r CROSS JOIN json_each(r.summary, '$.learning') d
  WHERE r.run_no > (SELECT max(run_no) FROM detection_runs) - 40 GROUP BY d.key)
"""

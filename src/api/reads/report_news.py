"""A report's news: their tone, and the stories that most told."""

from api.reads.report_terms import OURS, SPAN, seen, time

MOST_STORIES = 8

# Of stories stamped in the period and found until a day later, each counted once; beside them
# those of as long a time before.
SENTIMENT = f"""
WITH {SPAN}, told AS (
  SELECT n.sentiment AS tone, n.source, n.published_at, n.published_at >= since AS of_period
  FROM span CROSS JOIN news_items n
    ON n.tick >= 2 * since - until - 3600 AND n.tick < until + 86400
  WHERE n.published_at >= 2 * since - until AND n.published_at < until
    AND n.sentiment IS NOT NULL AND n.duplicate_of IS NULL AND n.source IN {OURS}
)
SELECT json_object('tone', round(avg(iif(of_period, tone, NULL)), 4), 'n', sum(of_period),
  'tone_before', round(avg(iif(of_period, NULL, tone)), 4), 'n_before', sum(NOT of_period),
  'sources', (SELECT json_group_array(source) FROM (
    SELECT DISTINCT source FROM told WHERE of_period ORDER BY source)),
  {seen("max(iif(of_period, published_at, NULL))")})
FROM told
"""  # noqa: S608 - constants of ours

# A story and its repetitions are one; what more sources told comes first, then what was repeated
# more, then the newer.
STORIES = f"""
WITH {SPAN}, told AS MATERIALIZED (
  SELECT coalesce(n.duplicate_of, n.news_id) AS news_id, n.source, n.published_at
  FROM span CROSS JOIN news_items n ON n.tick >= since - 3600 AND n.tick < until + 86400
  WHERE n.published_at >= since AND n.published_at < until AND n.source IN {OURS}
), most AS (
  SELECT news_id, count(*) AS times, count(DISTINCT source) AS sources FROM told GROUP BY news_id
)
SELECT json_group_array(json(row)) FROM (
  SELECT json_object('id', n.news_id, 'title', n.title, 'url', n.url, 'times', most.times,
    'sources', most.sources, 'sentiment', n.sentiment, 'sentiment_model', n.sentiment_model,
    'published_at', {time("n.published_at")},
    'age_seconds', CAST(?3 AS INTEGER) - n.published_at, 'source', n.source,
    'attribution', o.attribution, 'attribution_url', o.attribution_url) AS row
  FROM most CROSS JOIN news_items n USING (news_id) CROSS JOIN sources o USING (source)
  WHERE o.redistributable AND o.shared
  ORDER BY most.sources DESC, most.times DESC, n.published_at DESC, n.news_id LIMIT {MOST_STORIES})
"""  # noqa: S608

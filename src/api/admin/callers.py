"""Who asks most, over all users: the statement."""

# ?1 the first second of the first day. Who is no account any more has no address.
TOP = """
WITH asked AS (
  SELECT user_id, sum(requests) AS requests, sum(errors) AS errors, sum(revenue_atomic) AS earned
  FROM user_analytics WHERE timestamp >= ?1 GROUP BY user_id
  ORDER BY sum(requests) DESC, user_id LIMIT 50
)
SELECT json_group_array(json(item)) FROM (
  SELECT json_object('user_id', a.user_id, 'email', u.email, 'plan', u.plan,
    'requests', a.requests, 'errors', a.errors, 'revenue_atomic', a.earned) AS item
  FROM asked a LEFT JOIN users u USING (user_id) ORDER BY a.requests DESC, a.user_id)
"""

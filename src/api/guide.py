"""The guide to the API: one text for the OpenAPI document, the page /docs and docs/api.md.

It uses only as much of Markdown as docs_page renders: headings of the second
level, paragraphs, lists, tables, fenced code, `code` and links.
"""

from textwrap import fill

from api.limits.plans import PLANS, Plan
from api.making import MOST_BODY
from api.openapi_webhooks import SIGNED
from api.permissions import GRANTED, MEANINGS, PERMISSIONS, ROLES
from api.problems import PROBLEMS

START = """## Start

```
curl -H "Authorization: Bearer $KEY" $API/api/v1/market-data/BTC
```

Success is `{"data": …, "meta": {…}}`. `meta.origin` says what the data is: `live`, `simulated` or
`recorded`. Times are ISO 8601 in UTC, money is US dollars where nothing else is said, every number
has a source and an age, and what nobody told is null. A parameter or field that a route does not
know is refused with the list of those that it knows; so is one that is given twice.

`/openapi.json` describes every route, parameter and answer; generated clients work with it."""

KEYS = """## Keys and tokens

- An API key, `ci_…`, in the header `Authorization: Bearer` or `X-API-Key`. It is shown once, when
  it is made. It can be limited to permissions, origins, addresses, a number of requests a minute
  and a time, and rotated: the old key works until the grace that you choose is over.
- An access token of 15 minutes, in `Authorization: Bearer`, for a user who logged in. The refresh
  token that comes with it renews both and is good for one use; a second use ends the session.
- OAuth 2.0 for apps of others: authorization code with PKCE, or client credentials.
  `/.well-known/oauth-authorization-server` names the addresses.

What a credential may do is what its owner's role and its own scopes both allow:"""

LIMITS = """## Limits

Requests are counted by account, however many keys and addresses it uses; those without a key by
address. Any 60 seconds count, not the minute of the clock, and a day is one of UTC. Which class
counts a request is said with its route."""

LIMIT_HEADERS = """Every answer says `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`
(seconds) of the limit that binds first. A request over it gets 429 with `Retry-After`, and a body
that says which limit it is, whose (`scope`: user, key, address or everyone) and until when
(`reset_at`): up to 63 seconds on, because a unit that was lent to a part of the system counts until
its lease has ended. OPTIONS is not counted. Who has used up the day's quota is told what the call
costs instead (402), where calls are sold."""

LISTS = """## Lists

Lists come in pages of `limit` items. `meta.next` is what to send as `cursor` for the next page,
with the same filters; null is the end. A page is read from where the last one ended, so rows that
come in between neither repeat nor hide another. A cursor of another list is refused."""

CACHING = """## Caching

Keep the `ETag` of an answer and send it as `If-None-Match`: 304 without a body means that nothing
was said anew. `Cache-Control: max-age` is how long you need not ask at all: 300 seconds for market
data, 900 for news, 60 for the rest, none for what is yours alone. New data shows within 2 seconds
of being stored. While fresh data cannot be had, the last answer is given with `meta.stale`, which
says since when and why."""

EXPORTS = """## Exports

Exports are streamed as CSV (RFC 4180) or as JSON, one object a line, and can be read while they
come. Read to the end before you trust one: a fault on the way ends NDJSON with a line
`{"error": …}`, and breaks the connection of a CSV. Text cells that a spreadsheet would run as a
formula begin with an apostrophe. `/openapi.json` says of each column what it is, in which unit, and
what an empty cell means (`x-columns`); `contentSchema` is the schema of a line of NDJSON, where
what is empty in CSV is null."""

WEBHOOKS = """## Webhooks

A message is POSTed as JSON, `{"type": …, "timestamp": …, "data": …}`; the section `webhooks` of
`/openapi.json` has the schema of each type. Answer with 2xx; anything else is tried again for about
18 hours. To see one now, ask for `POST /api/v1/webhooks/{webhook_id}/test`."""

PAYING = """## Paying

Some answers cost money on plans that do not include them, and without a key; such routes are marked
with their price. They answer 402 `payment-required` with what to pay, to whom and how: in the
header `PAYMENT-REQUIRED` (x402 v2), and in the body for clients of version 1. Sign a transfer of
USDC for it and send the request again with `PAYMENT-SIGNATURE` (v1: `X-PAYMENT`); clients such as
`x402` of PyPI and `@x402/fetch` of npm do both by themselves. Prices are in millionths of a USDC
(`atomic`).

The money is taken when the work is done, never for a failure; `PAYMENT-RESPONSE` is the receipt. A
payment is good for one answer. Where the end is not known (409 `payment-in-progress`, 503), send
the same payment again and not a new one: if its money was taken, it brings what it paid for. Who
has used up the day's quota can pay for further reads in the same way."""

FAILURES = """## Problems

Failure is `application/problem+json` (RFC 9457). The end of `type` is the kind: it does not change,
`detail` may. `request_id` is also the header `X-Request-Id`: tell it to support. Each route lists
its own kinds. Two kinds are of requests that no route describes: `no-such-route` (404), and
`method-not-allowed` (405, with `Allow`); in `/openapi.json` they are `NoSuchRoute` and
`MethodNotAllowed` of `components/responses`, and every path names the latter as `x-other-methods`.

```
{"type": "https://cryptointel.example/problems/unknown-symbol", "title": "Not Found", "status": 404,
 "detail": "No asset with the symbol or id 'NOPE' is collected.", "request_id": "5f0c2a9be1d34c77"}
```"""


def markdown() -> str:
    """Return the whole guide."""
    many = (
        "`POST /api/v1/batch` answers many reads in one request; each counts as one. A body has at"
        f" most {MOST_BODY:,} bytes."
    )
    return "\n\n".join(
        (START, many, KEYS, _roles(), LIMITS, _plans(), LIMIT_HEADERS, LISTS, CACHING, EXPORTS,
         WEBHOOKS, _wrapped(SIGNED), PAYING, FAILURES, _problems())
    )  # fmt: skip


def _wrapped(text: str) -> str:
    return fill(text, 100, break_long_words=False, break_on_hyphens=False)


def _table(*rows: tuple[str, ...]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    return "\n".join(lines)


def _roles() -> str:
    rows = [
        (
            f"`{permission}`", MEANINGS[permission],
            *("yes" if permission in GRANTED[role] else "" for role in ROLES),
        )
        for permission in sorted(PERMISSIONS)
    ]  # fmt: skip
    return _table(("permission", "what it allows", *ROLES), *rows)


def _plans() -> str:
    rows = [(name, *(f"{number:,}" for number in plan)) for name, plan in PLANS.items()]
    classes = (f"`{name}`" for name in Plan._fields[:-1])
    return _table(("plan", *classes, "all, a day"), *rows)


def _problems() -> str:
    rows = [
        (str(status), f"`{kind}`", meaning)
        for kind, (status, meaning) in sorted(PROBLEMS.items(), key=lambda one: one[1].status)
    ]
    return _table(("status", "kind", "what it means and what to do"), *rows)

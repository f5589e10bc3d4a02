"""CryptoPanic: posts of an aggregator in both generations, v2 by plan and v1.

Shapes after clients and recordings; no page of the provider's was to be had. The traps are
kept: the developer plan gives five fields a post, `author` is a text or an object, `next` and
`previous` hold the token, v1 knows `currencies` where v2 has `instruments`, its count stops at 200.
"""

import math
import re
from typing import Any
from urllib.parse import urlencode

from tools.simulator.coins import Coin
from tools.simulator.instants import iso
from tools.simulator.posts import Post, newest_posts
from tools.simulator.provider import Answer, Provider, Request, json_answer

_SITE = "https://cryptopanic.com"
_PER_PAGE = 20
_MOST = 200
_DEVELOPER = ("title", "description", "published_at", "created_at", "kind")
_ENTERPRISE = ("last_pull", "panic_period", "panic_sort", "size", "with_content", "search")
_FILTERS = ("rising", "hot", "bullish", "bearish", "important", "saved", "lol")


def posts_v2(request: Request, match: re.Match[str]) -> Answer:
    """`/api/{plan}/v2/posts/`."""
    plan = match["plan"]
    if plan != "enterprise" and (extra := [n for n in _ENTERPRISE if n in request.params]):
        return _refuse(request, 403, f"{extra[0]} is not available on the {plan} plan")
    return _page(request, lambda post: _post_v2(request, post, plan), with_count=False)


def posts_v1(request: Request, _: re.Match[str]) -> Answer:
    """`/api/v1/posts/`, older, and `/api/free/v1/posts/`."""
    return _page(request, lambda post: _post_v1(request, post), with_count=True)


def _page(request: Request, row: Any, with_count: bool) -> Answer:
    params = request.params
    if params.get("auth_token", "") in ("", "bad-key"):
        return _refuse(request, 401, "Token not found")
    if params.get("filter", "hot") not in _FILTERS:
        return _refuse(request, 400, f"filter must be one of {', '.join(_FILTERS)}")
    if params.get("kind", "all") not in ("news", "media", "all"):
        return _refuse(request, 400, "kind must be news, media or all")
    posts = newest_posts(request.world, request.now, 2 * _MOST)
    posts = [post for post in posts if _wanted(request, post)][:_MOST]
    asked = params.get("page", "1")
    page = max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    shown = posts[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    answer = {
        "next": _link(request, page + 1) if page * _PER_PAGE < len(posts) else None,
        "previous": _link(request, page - 1) if page > 1 else None,
        "results": [row(post) for post in shown],
    }
    count = {"count": len(posts)} if with_count else {}
    return json_answer(count | answer, request.now, kept=True)


def _wanted(request: Request, post: Post) -> bool:
    codes = {code.upper() for code in request.params.get("currencies", "").split(",") if code}
    if codes and (post.coin is None or post.coin.symbol not in codes):
        return False
    if request.params.get("kind", "all") not in ("all", post.kind):
        return False
    votes = post.votes(request.now)
    match request.params.get("filter"):
        case "bullish":
            return votes["positive"] > votes["negative"]
        case "bearish":
            return votes["negative"] > votes["positive"]
        case "important" | "saved" | "lol" as name:
            return votes[name] > 0
        case "rising" | "hot":
            return votes["positive"] + votes["negative"] > 5
    return True


def _post_v2(request: Request, post: Post, plan: str) -> dict[str, Any]:
    title, domain = post.site
    row: dict[str, Any] = {
        "id": post.id,
        "slug": post.slug,
        "title": post.title,
        "description": post.story.summary,
        "published_at": iso(post.published),
        "created_at": iso(post.created),
        "kind": post.kind,
    }
    if plan == "developer":
        return {name: row[name] for name in _DEVELOPER}
    author = post.story.author
    row |= {
        "source": {"title": title, "region": "en", "domain": domain, "type": "feed"},
        "original_url": post.address,
        "url": f"{_SITE}/news/{post.id}/{post.slug}",
        "image": None if post.id % 6 == 0 else f"https://{domain}/images/{post.story.digest}.jpg",
        "instruments": _instruments(request, post),
        "votes": post.votes(request.now),
        "panic_score": post.id % 101,
        "panic_score_1h": None,
        "author": [None, author, {"name": author}][post.id % 3],
    }
    if request.params.get("with_content") == "true":
        text = post.story.summary
        row["content"] = {"original": None if post.id % 4 else f"<p>{text}</p>", "clean": text}
    return row


def _post_v1(request: Request, post: Post) -> dict[str, Any]:
    title, domain = post.site
    currencies = {} if post.coin is None else {"currencies": [_currency(post.coin)]}
    return {
        "kind": post.kind,
        "domain": domain,
        "votes": post.votes(request.now),
        "source": {"title": title, "region": "en", "domain": domain, "path": None},
        "title": post.title,
        "published_at": iso(post.published),
        "slug": post.slug,
        **currencies,
        "id": post.id,
        "url": f"{_SITE}/news/{post.id}/{post.slug}",
        "created_at": iso(post.created),
    }


def _currency(coin: Coin) -> dict[str, Any]:
    slug = coin.name.lower().replace(" ", "-")
    url = f"{_SITE}/news/{slug}/"
    return {"code": coin.symbol, "title": coin.name, "slug": slug, "url": url}


def _instruments(request: Request, post: Post) -> list[dict[str, Any]]:
    """The coin of the story, if it has one, with its price, if that is known."""
    coin, asset, market = post.coin, post.story.asset, request.world.market
    if coin is None or asset is None:
        return []
    price = float(market.snapshot(request.now).price[asset])
    known = not math.isnan(price)
    figures = {
        "market_cap_usd": price * coin.supply if known and market.capitalised else None,
        "price_in_usd": price if known else None,
        "market_rank": asset + 1,
    }
    return [_currency(coin) | figures]


def _link(request: Request, page: int) -> str:
    return f"{_SITE}{request.path}?{urlencode({**request.params, 'page': page})}"


def _refuse(request: Request, status: int, reason: str) -> Answer:
    return json_answer({"status": "api_error", "info": reason}, request.now, status)


PROVIDERS = (
    Provider(
        "cryptopanic.com",
        (
            ("/api/(?P<plan>developer|growth|enterprise)/v2/posts/", posts_v2),
            ("/api/(?:free/)?v1/posts/", posts_v1),
        ),
    ),
)

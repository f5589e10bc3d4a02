"""Whether a call is to be paid, and how much: asked before it is answered.

A payment stands in for a plan that includes the route, and for the day's
quota. On what is not priced, and where nothing is sold, it changes nothing.
"""

from collections.abc import Callable

from api.limits.window import DAY_SECONDS
from api.making import Call
from api.payments.discovery import bazaar
from api.payments.prices import OVER_QUOTA
from api.payments.terms import Resource, Terms, offer, read_terms
from api.payments.till import Sale
from api.principal import Principal
from api.reading import read_request
from api.routing import Route
from common.errors import Problem

LONGEST_TARGET = 2_000
Setting = Callable[[str, str], str]


def terms_of(setting: Setting) -> Terms | None:
    """Return what is asked for paid answers, None where nothing is sold."""
    return read_terms(setting("X402", ""))


def due(
    route: Route, plan: str, names: dict[str, str], query: str, now: float, setting: Setting
) -> int:
    """Return what a call costs on a plan, in atomic units; 0 where it is included.

    What cannot be answered is refused before it is paid for: raises Problem
    400 for a request that the route does not understand.
    """
    terms = terms_of(setting) if route.price is not None else None
    amount = terms.prices.of(route.price, plan) if terms else 0
    if amount:
        wanted = read_request(route, names, query)
        return amount if route.is_priced(wanted, now) else 0
    return 0


def due_over_quota(
    own: int, route: Route, principal: Principal, refused: Problem, setting: Setting
) -> int:
    """Return what a read costs whose caller used up the day's quota; `own` is its own price.

    Raises `refused` where that cannot be bought.
    """
    spent = refused.kind == "rate-limited" and refused.extra.get("window_seconds") == DAY_SECONDS
    if spent and route.knows_caller:
        return 0  # what is asked for within it is bought by itself
    terms = terms_of(setting) if spent and route.method == "GET" else None
    amount = terms.prices.of(OVER_QUOTA, principal.plan) if terms else 0
    if not amount:
        raise refused
    return max(own, amount)


def sale_of(call: Call, target: str, amount: int) -> Sale:
    """Return what is sold by answering `call` for `amount`.

    The resource is named by our own public address: what the request was sent
    to may be a proxy's.
    """
    route, setting = call.route, call.context.setting
    terms = terms_of(setting)
    assert terms is not None, "nothing is due where nothing is sold"  # noqa: S101
    # Offers travel in headers, and come back in one: what is longer is sold by its path.
    named = target if len(target) <= LONGEST_TARGET else target.partition("?")[0]
    media_type = route.media_type.partition(",")[0]
    resource = Resource(setting("API_URL", "") + named, route.summary, media_type)
    extensions = bazaar(route) if route.price is not None else {}
    return Sale(
        offer(terms, amount, resource, extensions), terms, call.principal,
        f"{route.method} {route.path}",
    )  # fmt: skip

"""Every statement that changes what users own leaves alone what is somebody else's.

The handlers ask first whether it is the caller's; the statements hold without that too.
"""

from collections.abc import Sequence

import pytest

from api.objects import push, rules, watchlists, webhooks
from common.database import Value
from tests.signals.delivery.world import TICK, URL, World

MINE = "1" * 16
DELIVERY = f"{TICK:010d}-{1:016x}"
RULE: tuple[Value, ...] = (
    "name", None, None, None, None, None, None, 0, 1, None, "[]", TICK,
)  # fmt: skip

# A statement, and its parameters for an id and an owner.
CHANGING = {
    "a watchlist is replaced": (watchlists.UPDATE, ("id", "owner", "name", "[]", TICK)),
    "a watchlist is removed": (watchlists.DELETE, ("id", "owner")),
    "a rule is replaced": (rules.UPDATE, ("id", "owner", *RULE)),
    "a rule is removed": (rules.DELETE, ("id", "owner")),
    "alerts are removed": (rules.DELETE_ALERTS, ("id", "owner")),
    "a webhook is replaced": (
        webhooks.UPDATE, ("id", "owner", "https://a.example/", '["signal"]', 0, TICK),
    ),
    "deliveries are given up": (webhooks.GIVE_UP, ("id", "owner")),
    "a secret is replaced": (webhooks.ROTATE, ("id", "owner", 2, TICK)),
    "a webhook is removed": (webhooks.DELETE, ("id", "owner")),
    "deliveries are removed": (webhooks.DELETE_DELIVERIES, ("id", "owner")),
    "a webhook leaves rules": (webhooks.FORGET_IN_RULES, ("id", "owner")),
    "a ping is made": (webhooks.PING, ("id", "owner", f"{TICK:010d}-{2:016x}", TICK)),
    "a delivery is replayed": (webhooks.REPLAY, (DELIVERY, "id", "owner")),
    "a device is removed": (push.UNSUBSCRIBE, ("id", "owner")),
    "notifications are removed": (push.FORGET_DELIVERIES, ("id", "owner")),
    "a device is tried": (push.TEST, ("id", "owner", f"{TICK:010d}-{3:016x}", TICK)),
    "signals are read": (push.READ, ("owner", TICK, None)),
    "what is held is judged anew": (push.RECONSIDER, ("owner",)),
}  # fmt: skip

READING = {
    "a watchlist": (watchlists.WITH_ROWS, ("id", "owner", TICK)),
    "what needs a watchlist": (watchlists.USED_BY, ("id", "owner")),
    "watchlists by name": (watchlists.BY_NAME, ("owner", "id")),
    "a rule": (rules.GET, ("id", "owner")),
    "rules by name": (rules.BY_NAME, ("owner", "id")),
    "a webhook": (webhooks.GET, ("id", "owner")),
    "whether a webhook is active": (webhooks.IS_ACTIVE, ("id", "owner")),
    "a delivery": (webhooks.DELIVERY, (DELIVERY, "id", "owner")),
    "deliveries": (webhooks.DELIVERIES, (9, "id", "owner", "~")),
    "alerts": (rules.ALERTS, (9, "id", "owner", "~")),
    "watchlists": (watchlists.LIST, ("owner",)),
    "rules": (rules.LIST, ("owner",)),
    "webhooks": (webhooks.LIST, ("owner",)),
    "a device": (push.GET, ("id", "owner")),
    "a device by its address": (push.BY_ENDPOINT, (URL, "owner")),
    "devices": (push.LIST, ("owner",)),
    "preferences of notifications": (push.PREFERENCES, ("owner",)),
    "what came of a test": (push.TESTED, ("delivery", "owner")),
}  # fmt: skip


def world_of_u1() -> World:
    world = World()
    world.watchlist(MINE, "bitcoin")
    world.rule(MINE, MINE, watchlist_id=MINE)
    world.hook(MINE, "signal")
    world.delivery(MINE, state="failed")
    signal = world.signal()
    world.insert(
        "alerts", rule_id=MINE, signal_id=signal, owner="u1", asset_id="bitcoin", fired_at=TICK
    )
    world.insert(
        "push_subscriptions", subscription_id=MINE, owner="u1", endpoint=URL, p256dh="k", auth="a",
        device="d", created_at=TICK,
    )  # fmt: skip
    world.insert(
        "push_preferences", owner="u1", enabled=1, scope="all", rules=1, time_zone="UTC", badges=1,
        updated_at=TICK,
    )  # fmt: skip
    world.insert(
        "push_deliveries", delivery_id="delivery", subscription_id=MINE, owner="u1", event_key="e",
        kind="test", body="{}", created_at=TICK, expires_at=TICK,
    )  # fmt: skip
    for state, held in (("told", 0), ("waiting", 1)):
        world.insert(
            "push_messages", owner="u1", signal_id=state, state=state, held=held, due_at=TICK,
            created_at=TICK,
        )  # fmt: skip
    return world


def found(sql: str, named: Sequence[Value], owner: str) -> bool:
    """Whether a statement returns anything of u1 when it is run for `owner`."""
    values = [{"id": MINE, "owner": owner}.get(str(one), one) for one in named]
    rows = world_of_u1().database.rows(sql, *values)
    return bool(rows) and rows[0][0] != "[]"


@pytest.mark.parametrize("what", READING)
def test_it_is_read_by_its_owner_and_nobody_else(what: str) -> None:
    sql, named = READING[what]
    assert found(sql, named, "u1")
    assert not found(sql, named, "u2")


def changed(sql: str, named: Sequence[Value], owner: str) -> bool:
    """Whether a statement changes anything of u1 when it is run for `owner`."""
    world = world_of_u1()
    if sql == webhooks.GIVE_UP:
        world.change("UPDATE webhooks SET active = 0")
        world.change("UPDATE webhook_deliveries SET state = 'pending'")
    if sql == watchlists.DELETE:
        world.change("DELETE FROM alert_rules")
    before = list(world.database.connection.iterdump())
    values = [{"id": MINE, "owner": owner}.get(str(one), one) for one in named]
    world.database.connection.execute(sql, values)
    return list(world.database.connection.iterdump()) != before


@pytest.mark.parametrize("what", CHANGING)
def test_it_changes_the_owners_and_nobody_elses(what: str) -> None:
    sql, named = CHANGING[what]
    assert changed(sql, named, "u1")
    assert not changed(sql, named, "u2")


def test_no_statement_on_what_users_own_is_left_out() -> None:
    """ACKNOWLEDGE is by signature, not by owner; it has its own tests, and so has a new device."""
    found = {
        value
        for module in (watchlists, rules, webhooks, push)
        for name, value in vars(module).items()
        if isinstance(value, str) and not name.startswith("_")
        and value.strip().startswith(("UPDATE", "DELETE", "INSERT"))
    }  # fmt: skip
    inserting = {watchlists.INSERT, rules.INSERT, webhooks.INSERT}
    inserting |= {push.SUBSCRIBE, push.FIRST_PREFERENCES, push.SET_PREFERENCES}
    apart = {webhooks.ACKNOWLEDGE, push.FORGET_OTHERS_DELIVERIES}
    apart |= {value for name, value in vars(push).items() if name.startswith("ERASE_")}
    assert found - inserting - apart == {sql for sql, _ in CHANGING.values()}


@pytest.mark.parametrize("what", ["a ping is made", "a delivery is replayed"])
def test_nothing_is_made_for_a_webhook_that_was_switched_off_meanwhile(what: str) -> None:
    sql, named = CHANGING[what]
    world = world_of_u1()
    world.change("UPDATE webhooks SET active = 0")
    values = [{"id": MINE, "owner": "u1"}.get(str(one), one) for one in named]
    assert world.database.connection.execute(sql, values).rowcount == 0

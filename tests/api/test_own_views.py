"""The views of watchlists and of alerts: all that a page needs, and nobody else's."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST, Principal
from api.shapes.rules import RulePreview
from api.shapes.views.alerts import AlertsView
from api.shapes.views.watchlists import WatchlistsView
from common.times import iso
from tests.api.calling import TICK, Caller, body, insert, insert_signal
from tests.api.posting import data, kind, send
from tests.support.sqlite import SqliteDatabase

LISTS, ALERTS = "/api/v1/dashboard/watchlists", "/api/v1/dashboard/alerts"
ANN = Principal("u1", "trader", "enterprise", "session")
BEN = Principal("u2", "admin", "enterprise", "session")
ANALYST = Principal("u1", "analyst", "enterprise", "session")


def view(ask: Caller, path: str, shape: Any, who: Principal = ANN) -> Any:
    answer = ask(path, key=None, principal=who)
    assert answer.status == 200, answer.body
    told = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(told, type=shape, strict=True)


def watchlist(ask: Caller, name: str, *symbols: str) -> str:
    made = send(ask, "POST", "/api/v1/watchlists", {"name": name, "symbols": symbols},
                key=None, principal=ANN)  # fmt: skip
    return str(data(made, 201)["watchlist_id"])


def rule(ask: Caller, **fields: Any) -> str:
    made = send(ask, "POST", "/api/v1/alert-rules", fields, key=None, principal=ANN)
    return str(data(made, 201)["rule_id"])


def test_the_first_list_is_told_with_its_market_in_its_own_order(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(database, "assets", asset_no=9, asset_id="quiet", symbol="QT", name="Quiet")
    watchlist(ask, "Zebra", "ETH")
    majors = watchlist(ask, "Majors", "ETH", "quiet", "BTC")
    told = view(ask, LISTS, WatchlistsView)
    assert [one.name for one in told.lists] == ["Majors", "Zebra"]
    assert told.chosen == majors
    assert [row.symbol for row in told.rows] == ["ETH", "BTC"]
    assert [one.asset_id for one in told.unpriced] == ["quiet"]
    assert set(told.sparklines) == {"bitcoin", "ethereum"}
    assert {one.asset_id for one in told.signals} == {"bitcoin", "ethereum"}


def test_another_list_is_told_when_it_is_named(ask: Caller) -> None:
    other = watchlist(ask, "Zebra", "ETH")
    watchlist(ask, "Majors", "BTC")
    told = view(ask, f"{LISTS}?watchlist_id={other}", WatchlistsView)
    assert (told.chosen, len(told.lists)) == (other, 2)
    assert {row.asset_id for row in told.rows} == {"ethereum"}
    assert {one.asset_id for one in told.signals} == {"ethereum"}


def test_who_has_no_list_is_told_so(ask: Caller) -> None:
    told = view(ask, LISTS, WatchlistsView)
    assert (told.lists, told.chosen, told.rows, told.signals) == ([], None, [], [])


def test_a_list_says_which_rules_need_it(ask: Caller) -> None:
    mine = watchlist(ask, "Majors", "BTC")
    rule(ask, name="Big moves", watchlist_id=mine)
    assert view(ask, LISTS, WatchlistsView).lists[0].rules == ["Big moves"]


def test_signals_of_a_list_are_of_seven_days(ask: Caller, database: SqliteDatabase) -> None:
    watchlist(ask, "Majors", "BTC")
    old = TICK - 7 * 86_400
    insert_signal(database, 90, id=f"{old}-pump-bitcoin", type="pump", created_at=old)
    insert_signal(database, 90, id=f"{old - 900}-pump-bitcoin", type="pump", created_at=old - 900)
    assert view(ask, LISTS, WatchlistsView).signals[-1].id == f"{old}-pump-bitcoin"


def test_anothers_list_is_not_there(ask: Caller) -> None:
    mine = watchlist(ask, "Majors", "BTC")
    answer = ask(f"{LISTS}?watchlist_id={mine}", key=None, principal=BEN)
    assert kind(answer, 404)[0] == "no-such-watchlist"
    assert view(ask, LISTS, WatchlistsView, BEN).lists == []


def test_rules_come_with_their_newest_alerts_lists_and_webhooks(
    ask: Caller, database: SqliteDatabase
) -> None:
    mine = watchlist(ask, "Majors", "BTC")
    first, second = rule(ask, name="A", watchlist_id=mine), rule(ask, name="B")
    hook = {"url": "https://hooks.example.com/a", "events": ["alert"]}
    send(ask, "POST", "/api/v1/webhooks", hook, key=None, principal=ANN)
    for number in range(60):
        signal = insert_signal(
            database, 90, id=f"{TICK + number}-pump-bitcoin", type="pump", created_at=TICK + number
        )
        insert(database, "alerts", rule_id=first if number % 2 else second, signal_id=signal,
               owner="u1", asset_id="bitcoin", fired_at=TICK + number)  # fmt: skip
    told = view(ask, ALERTS, AlertsView)
    assert [one.name for one in told.rules] == ["A", "B"]
    assert (len(told.fired), told.fired[0].rule, told.fired[1].rule) == (50, "A", "B")
    assert told.fired[0].fired_at == iso(TICK + 59)
    assert [one.assets for one in told.watchlists] == [["bitcoin"]]
    assert told.webhooks is not None
    assert len(told.webhooks) == 1


def test_webhooks_are_told_to_those_alone_who_may_have_some(ask: Caller) -> None:
    assert view(ask, ALERTS, AlertsView, ANALYST).webhooks is None
    key_without = ANN._replace(scopes=frozenset({"rules:read"}))
    assert view(ask, ALERTS, AlertsView, key_without).webhooks is None


def test_nobody_sees_anothers_rules_alerts_or_webhooks(
    ask: Caller, database: SqliteDatabase
) -> None:
    mine = rule(ask, name="A")
    signal = insert_signal(database, 90)
    insert(database, "alerts", rule_id=mine, signal_id=signal, owner="u1", asset_id="bitcoin",
           fired_at=TICK)  # fmt: skip
    told = view(ask, ALERTS, AlertsView, BEN)
    assert (told.rules, told.fired, told.webhooks, told.watchlists) == ([], [], [], [])


@pytest.mark.parametrize("path", [LISTS, ALERTS])
def test_a_visitor_has_neither(ask: Caller, path: str) -> None:
    assert kind(ask(path, key=None, principal=GUEST), 403)[0] == "key-needed"


def test_a_preview_counts_the_fires_of_each_day(ask: Caller) -> None:
    asked = {"types": ["price_anomaly"], "days": 2, "cooldown_seconds": 3600}
    answer = send(ask, "POST", "/api/v1/alert-rules/preview", asked, key=None, principal=ANN)
    told = msgspec.convert(data(answer), RulePreview, strict=True)
    assert told.stored is not None
    days = {one.day: one.fired for one in told.stored.by_day}
    assert list(days) == ["2025-10-07", "2025-10-08", "2025-10-09"]
    assert sum(days.values()) == told.stored.fired > 0

"""The views of DeFi, and of networks and NFT collections."""

from typing import Any

import msgspec
import pytest

from api.principal import GUEST
from api.shapes.views.figures import DefiView, OnChainView
from tests.api.calling import TICK, Caller, body, insert, insert_reading, insert_signal
from tests.support.sqlite import SqliteDatabase

DEFI, ON_CHAIN = "/api/v1/dashboard/defi", "/api/v1/dashboard/on-chain"
HOUR = 3600


def shaped(ask: Caller, path: str, shape: Any) -> Any:
    answer = ask(path, key=None, principal=GUEST)
    assert answer.status == 200, body(answer)
    data = msgspec.json.decode(body(answer), type=dict[str, msgspec.Raw])["data"]
    return msgspec.json.decode(data, type=shape, strict=True)


def test_defi_tells_each_metric_with_units_and_whose_it_is(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_reading(database, 500, "yield", "p1", 4.5)
    insert_reading(database, 501, "stablecoin", "1", 1e11)
    insert_reading(database, 502, "chain_tvl", "ethereum", 6e10)
    told = shaped(ask, DEFI, DefiView)
    assert [row.key for row in told.tvl.rows] == ["aave"]
    assert [(row.value, row.unit) for row in told.yields.rows] == [(4.5, "%")]
    assert told.chains.attribution["coingecko"].text == "Data by coingecko"
    assert told.dex_volume.rows == []


def test_on_chain_tells_networks_and_collections(ask: Caller, database: SqliteDatabase) -> None:
    insert_reading(database, 500, "bitcoin_fee", "bitcoin", 12.0)
    insert_reading(database, 501, "nft_floor", "azuki", 4_000.0)
    told = shaped(ask, ON_CHAIN, OnChainView)
    assert [row.kind for row in told.network.rows] == ["bitcoin_fee"]
    assert [row.key for row in told.nft.rows] == ["azuki"]


@pytest.mark.parametrize(("days", "minutes"), [(1, 60), (7, 60), (30, 360)])
def test_a_line_has_the_last_value_of_each_span(
    ask: Caller, database: SqliteDatabase, days: int, minutes: int
) -> None:
    insert_reading(database, 500, "dex_volume", "all", 0.0)
    for number in range(1, 97):
        time = TICK - number * 900
        insert(
            database, "readings", id=500 << 26 | time // 60, value=float(number),
            observed_at=time, figures=None,
        )  # fmt: skip
    (line,) = shaped(ask, f"{DEFI}?days={days}", DefiView).lines
    spans = [time // 60 // minutes for time, _ in line.points]
    assert spans == sorted(set(spans))
    assert len(spans) == pytest.approx(24 * 60 / minutes, abs=2)
    assert (line.key, line.unit) == ("all", "USD")


def test_outflows_are_told_the_newest_first(ask: Caller, database: SqliteDatabase) -> None:
    ids = [insert_signal(database, number, type="tvl_outflow") for number in (100, 102)]
    told = shaped(ask, DEFI, DefiView)
    assert [signal.id for signal in told.outflows] == ids[::-1]


def test_what_may_not_be_handed_on_is_in_no_line(ask: Caller, database: SqliteDatabase) -> None:
    insert(
        database, "sources", source_no=9, source="closed", state="ok", last_tick=TICK,
        last_success=TICK, attribution="Closed", attribution_url="https://closed.example",
        redistributable=0,
    )  # fmt: skip
    insert_reading(database, 500, "gas_price", "ethereum", 3.0, source="closed")
    assert shaped(ask, ON_CHAIN, OnChainView).lines == []


def test_days_are_bounded(ask: Caller) -> None:
    assert ask(f"{DEFI}?days=91").status == 400
    assert ask(f"{ON_CHAIN}?days=0").status == 400

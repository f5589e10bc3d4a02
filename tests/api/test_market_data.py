"""One asset: its price in any currency, and what must not be told of it."""

import msgspec
import pytest

from api.shapes.market_data import Latest
from common.times import iso
from tests.api.calling import NOW, TICK, Caller, body, insert, insert_price, insert_reading
from tests.api.posting import kind
from tests.support.sqlite import SqliteDatabase

PATH = "/api/v1/market-data/BTC"
AMOUNTS = ("price", "volume_24h", "market_cap")


@pytest.fixture
def euro(database: SqliteDatabase) -> None:
    insert_reading(database, 900, "exchange_rate", "eur", 0.875)


@pytest.mark.parametrize("name", ["BTC", "btc", "bitcoin", "Bitcoin"])
def test_market_data_is_the_newest_row_by_symbol_or_id_in_any_case(
    ask: Caller, database: SqliteDatabase, name: str
) -> None:
    (row,) = database.rows(
        "SELECT price, volume_24h, market_cap, observed_at FROM market_data"
        " WHERE asset_id = 'bitcoin' ORDER BY timestamp DESC LIMIT 1"
    )
    data = ask.data(f"/api/v1/market-data/{name}")
    assert (data["asset_id"], data["symbol"], data["name"]) == ("bitcoin", "BTC", "Bitcoin")
    assert (data["price"], data["volume_24h"], data["market_cap"]) == row[:3]
    assert (data["currency"], data["tick"]) == ("USD", iso(TICK))
    assert data["sources"] == [
        {
            "source": "coingecko",
            "price": row[0],
            "volume_24h": row[1],
            "market_cap": row[2],
            "observed_at": iso(row[3]),
            "age_seconds": int(NOW) - row[3],
            "attribution": "Data by coingecko",
            "attribution_url": "https://a.example",
        }
    ]
    assert (data["source"], data["consensus"]) == ("coingecko", None)
    assert type(data["sources"][0]["age_seconds"]) is int


def test_market_data_of_several_sources_is_their_consensus_beside_each_of_them(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert_price(database, 1, "bitcoin", "BTC", 2040.5, TICK, source_no=2, source="coindesk")
    insert_price(database, 1, "bitcoin", "BTC", 1031.5, TICK, source_no=31, source="consensus")
    inputs = {"used": {"coingecko": 1030.5}, "rejected": {"coindesk": "98 % above"}, "spread": 0}
    database.connection.execute(
        "UPDATE market_data SET inputs = ? WHERE source = 'consensus'",
        (msgspec.json.encode(inputs).decode(),),
    )
    data = ask.data("/api/v1/market-data/BTC")
    assert (data["price"], data["source"], data["consensus"]) == (1031.5, "consensus", inputs)
    assert (data["observed_at"], data["age_seconds"]) == (iso(TICK - 20), int(NOW) - TICK + 20)
    assert [(s["source"], s["price"]) for s in data["sources"]] == [
        ("coingecko", 1030.5),
        ("coindesk", 2040.5),
    ]


def test_a_symbol_that_several_assets_share_is_the_first_of_them(
    ask: Caller, database: SqliteDatabase
) -> None:
    insert(database, "assets", asset_no=3, asset_id="other-btc", symbol="BTC", name="Other")
    insert_price(database, 3, "other-btc", "BTC", 0.5, TICK)
    assert ask.data("/api/v1/market-data/BTC")["asset_id"] == "bitcoin"
    assert ask.data("/api/v1/market-data/other-btc")["price"] == 0.5


def test_in_another_currency_every_amount_is_at_its_newest_rate(ask: Caller, euro: None) -> None:
    dollars, euros = ask.data(PATH), ask.data(f"{PATH}?currency=EUR")
    assert (dollars["currency"], dollars["rate"]) == ("USD", None)
    assert euros["currency"] == "EUR"
    assert euros["rate"] == {
        "units_per_usd": 0.875, "source": "coingecko", "attribution": "Data by coingecko",
        "attribution_url": "https://a.example", "observed_at": iso(TICK - 30),
        "age_seconds": int(NOW) - TICK + 30,
    }  # fmt: skip
    for name in AMOUNTS:
        assert euros[name] == dollars[name] * 0.875
        assert euros["sources"][0][name] == dollars["sources"][0][name] * 0.875
    assert euros["observed_at"] == dollars["observed_at"]


def test_the_prices_of_the_consensus_are_in_the_currency_too(
    ask: Caller, database: SqliteDatabase, euro: None
) -> None:
    insert_price(database, 1, "bitcoin", "BTC", 1032.0, TICK, source_no=31, source="consensus")
    database.connection.execute(
        'UPDATE market_data SET inputs = \'{"used":{"coingecko":1030.5},"rejected":{},'
        "\"spread\":0.0}' WHERE source = 'consensus'"
    )
    assert ask.data(f"{PATH}?currency=eur")["consensus"]["used"] == {"coingecko": 1030.5 * 0.875}


@pytest.mark.parametrize("name", ["ETH", "eth", "ethereum"])
def test_a_collected_asset_is_a_currency(ask: Caller, name: str) -> None:
    ether = ask.data("/api/v1/market-data/ETH")["price"]
    told = ask.data(f"{PATH}?currency={name}")
    assert told["currency"] == "ETH"
    assert told["price"] == pytest.approx(ask.data(PATH)["price"] / ether)
    assert told["rate"]["units_per_usd"] == pytest.approx(1 / ether)
    assert told["rate"]["source"] == "coingecko"


def test_a_fiat_currency_comes_before_an_asset_of_that_symbol(
    ask: Caller, database: SqliteDatabase, euro: None
) -> None:
    insert(database, "assets", asset_no=3, asset_id="euro-coin", symbol="EUR", name="Euro Coin")
    insert_price(database, 3, "euro-coin", "EUR", 1.5, TICK)
    assert ask.data(f"{PATH}?currency=EUR")["rate"]["units_per_usd"] == 0.875
    assert ask.data(f"{PATH}?currency=euro-coin")["rate"]["units_per_usd"] == pytest.approx(2 / 3)


def test_dollars_are_never_converted(ask: Caller, database: SqliteDatabase) -> None:
    insert(database, "assets", asset_no=3, asset_id="usd-toy", symbol="USD", name="Toy")
    insert_price(database, 3, "usd-toy", "USD", 7.0, TICK)
    assert ask.data(f"{PATH}?currency=usd")["rate"] is None


def test_a_rate_of_days_ago_is_none(ask: Caller, database: SqliteDatabase) -> None:
    insert_reading(database, 900, "exchange_rate", "eur", 0.875, tick=TICK - 3 * 86_400)
    insert(database, "assets", asset_no=3, asset_id="old", symbol="OLD", name="Old")
    insert_price(database, 3, "old", "OLD", 1.5, TICK - 3 * 86_400)
    for name in ("EUR", "OLD", "NOPE"):
        assert kind(ask(f"{PATH}?currency={name}"), 404)[0] == "unknown-currency"


def test_an_unknown_asset_is_said_before_an_unknown_currency(ask: Caller) -> None:
    answer = ask("/api/v1/market-data/NOPE?currency=NOPE")
    assert kind(answer, 404)[0] == "unknown-symbol"


@pytest.mark.parametrize("flag", ["redistributable", "shared"])
def test_what_may_not_be_handed_on_is_no_price_no_part_and_no_rate(
    ask: Caller, database: SqliteDatabase, flag: str
) -> None:
    insert(
        database, "sources", source="theirs", source_no=9, state="ok", last_tick=TICK,
        attribution="Theirs", attribution_url="https://b.example", **{flag: 0},
    )  # fmt: skip
    insert(database, "assets", asset_no=3, asset_id="secret", symbol="SEC", name="Secret")
    insert_price(database, 3, "secret", "SEC", 5.0, TICK, source_no=9, source="theirs")
    insert_reading(database, 901, "exchange_rate", "gbp", 0.75, source="theirs")
    assert kind(ask("/api/v1/market-data/SEC"), 404)[0] == "unknown-symbol"
    assert kind(ask(f"{PATH}?currency=SEC"), 404)[0] == "unknown-currency"
    assert kind(ask(f"{PATH}?currency=GBP"), 404)[0] == "unknown-currency"
    insert_price(database, 1, "bitcoin", "BTC", 1032.0, TICK, source_no=31, source="consensus")
    database.connection.execute(
        'UPDATE market_data SET inputs = \'{"used":{"theirs":1.5,"coingecko":1030.5},'
        '"rejected":{"theirs":"old"},"spread":0.1}\' WHERE source = \'consensus\''
    )
    ask.fresh()
    told = ask.data(PATH)["consensus"]
    assert told == {"used": {"coingecko": 1030.5}, "rejected": {}, "spread": 0.1}


def test_a_price_in_any_currency_has_the_documented_shape(ask: Caller, euro: None) -> None:
    for query in ("", "?currency=EUR", "?currency=ETH"):
        data = msgspec.json.decode(body(ask(PATH + query)), type=dict[str, msgspec.Raw])["data"]
        msgspec.json.decode(data, type=Latest, strict=True)

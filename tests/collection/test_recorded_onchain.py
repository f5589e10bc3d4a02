"""Recorded on-chain, index and news bodies through the parsers, each at its own time: exact counts.

The recordings lie beside the repository, at ../shared/data/real/payloads. Without that folder
these tests have no parameters.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from collection.source import Parse
from collection.sources import alternative_me, cryptopanic, etherscan, mempool, messari
from common.errors import Retryable
from common.models import Parsed, Reading, Story
from common.times import epoch

RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "real" / "payloads"
FOLDERS = ("alternative_me", "cryptopanic", "etherscan", "mempool", "messari")
FILES = [file for name in FOLDERS for file in sorted((RECORDINGS / name).glob("*.json"))]


def wrapped(body: bytes) -> bytes:
    """Return a result of Etherscan in the envelope that its recorder took off."""
    return b'{"status":"1","message":"OK","result":' + body + b"}"


def counts_in(body: bytes) -> bytes:
    """Return what /api/mempool says of the state that was recorded from the web socket."""
    info = json.loads(body)["mempoolInfo"]
    return json.dumps({"count": info["size"], "vsize": info["bytes"]}).encode()


def as_is(body: bytes) -> bytes:
    return body


class Recording(NamedTuple):
    """How a recording is read, when it was made, and what it gives."""

    parse: Parse
    time: str
    rows: int
    skipped: dict[str, int]
    prepare: Callable[[bytes], bytes] = as_is


KNOWN: dict[str, Recording] = {
    "fng_2026-07-11": Recording(alternative_me.parse, "2026-07-11T12:00:00Z", 1, {"not_newest": 1}),
    "posts_page1_2022-04-26": Recording(cryptopanic.parse, "2022-04-26T14:13:26Z", 20, {}),
    "posts_page2_2022-04-26": Recording(cryptopanic.parse, "2022-04-26T14:13:27Z", 20, {}),
    "get_gas_oracle_result_2020-10-28": Recording(
        etherscan.parse_gas, "2020-10-28T12:34:47Z", 1, {}, wrapped
    ),
    "fees_recommended": Recording(mempool.parse_fees, "2024-01-01T00:00:00Z", 1, {}),
    "websocket_mempoolinfo": Recording(
        mempool.parse_mempool, "2024-01-01T00:00:00Z", 1, {}, counts_in
    ),
}
# Bodies of addresses that are not asked, and the parser that must refuse each.
OTHERS: dict[str, Parse] = {
    "get_eth_last_price_result_2020-10-28": etherscan.parse_gas,
    "fee_mempool_blocks": mempool.parse_fees,
    "mcap_dom_timeseries_2022-03-14": messari.parse_assets,
}


def parsed(name: str) -> Parsed:
    recording = KNOWN[name]
    (file,) = [file for file in FILES if file.stem == name]
    return recording.parse(recording.prepare(file.read_bytes()), epoch(recording.time))


def named(*names: str) -> pytest.MarkDecorator:
    there = [file.stem for file in FILES if file.stem in names]
    return pytest.mark.parametrize("name", there)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_recording_is_read_or_known_to_be_of_another_address(file: Path) -> None:
    assert (file.stem in KNOWN) != (file.stem in OTHERS), f"add {file.name} to KNOWN or OTHERS"


@named(*KNOWN)
def test_a_recording_gives_its_rows_and_loses_nothing_without_a_reason(name: str) -> None:
    found = parsed(name)
    assert (len(found.rows), dict(found.skipped)) == (KNOWN[name].rows, KNOWN[name].skipped)


@named(*OTHERS)
def test_a_body_of_another_address_is_not_taken_for_rows(name: str) -> None:
    (file,) = [file for file in FILES if file.stem == name]
    with pytest.raises(Retryable):
        OTHERS[name](file.read_bytes(), epoch("2026-07-11T12:00:00Z"))


def only(name: str) -> Reading:
    (row,) = parsed(name).rows
    assert isinstance(row, Reading)
    return row


@named("fng_2026-07-11")
def test_the_recorded_index_is_that_of_its_day(name: str) -> None:
    row = only(name)
    assert (row.value, row.figures, row.observed_at) == (26, {"label": "Fear"}, 1_783_728_000)


@named("get_gas_oracle_result_2020-10-28")
def test_recorded_gas_prices_are_in_gwei(name: str) -> None:
    row = only(name)
    assert (row.value, row.figures) == (82, {"safe": 62, "fast": 89})


@named("fees_recommended")
def test_recorded_fees_are_in_satoshi_per_vbyte(name: str) -> None:
    row = only(name)
    assert (row.value, row.figures) == (8, {"fastest": 8, "hour": 8, "economy": 4, "minimum": 2})


@named("websocket_mempoolinfo")
def test_a_recorded_backlog_is_plausible(name: str) -> None:
    row = only(name)
    assert (row.value, row.figures) == (112_686, {"vsize": 175_691_391})


@named("posts_page1_2022-04-26", "posts_page2_2022-04-26")
def test_recorded_posts_keep_time_publisher_and_votes(name: str) -> None:
    (file,) = [file for file in FILES if file.stem == name]
    given: list[dict[str, Any]] = json.loads(file.read_bytes())["results"]
    for post, row in zip(given, parsed(name).rows, strict=True):
        assert isinstance(row, Story)
        assert row.url == post["url"]
        assert row.published_at == epoch(post["published_at"])
        assert row.publisher == post["source"]["title"]
        assert row.votes == post["votes"]
        assert row.language == post["source"]["region"]
        assert "<" not in row.title

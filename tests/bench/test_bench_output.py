import json

import pytest

from bench.__main__ import chosen
from bench.load import Target
from bench.report import Line, Pair, alone, compared, encode, interleave, percentile, spread
from bench.ticks import last_metadata


def test_a_line_without_a_peer_has_its_fields_as_null() -> None:
    line = json.loads(encode(alone("start_seconds", [12.5], "s")))
    assert line == {
        "name": "start_seconds", "value": 12.5, "unit": "s",
        "peer": None, "peer_value": None, "ratio": None,
    }  # fmt: skip


def test_a_line_is_one_line_of_json_in_the_order_of_the_contract() -> None:
    text = encode(Line("a", 1.0, "req/s", "b", 2.0, 0.5, 0.01, "two\nlines"))
    assert "\n" not in text
    assert list(json.loads(text)) == [
        "name", "value", "unit", "peer", "peer_value", "ratio", "spread", "note",
    ]  # fmt: skip


def test_numbers_are_printed_to_four_digits_and_counts_as_they_are() -> None:
    line = json.loads(encode(Line("a", 1234.567, "x", "b", 0.000123456, 0.0)))
    assert (line["value"], line["peer_value"], line["ratio"]) == (1235, 0.0001235, 0)
    assert json.loads(encode(Line("a", 123456, "rows")))["value"] == 123456


def test_the_ratio_is_the_median_of_the_rounds_and_not_the_ratio_of_the_medians() -> None:
    line = compared("a", Pair([10, 20, 90], [20, 100, 90]), "x", "peer")
    assert (line.value, line.peer_value, line.ratio) == (20, 90, 0.5)


def test_spread_is_the_distance_of_the_quartiles_relative_to_the_median() -> None:
    assert spread([8, 9, 10, 11, 12]) == pytest.approx(0.2)
    assert spread([5, 5, 5]) == 0
    assert spread([5]) is None


def test_one_absurd_round_moves_neither_ratio_nor_spread_much() -> None:
    calm = compared("a", Pair([9, 10, 11, 10, 9], [10] * 5), "x", "peer")
    once = compared("a", Pair([9, 10, 11, 10, 900], [10] * 5), "x", "peer")
    assert once.ratio == calm.ratio == pytest.approx(1, abs=0.11)
    assert once.spread is not None
    assert once.spread < 0.2


def test_rounds_take_turns_and_change_who_begins() -> None:
    order: list[str] = []

    def contestant(name: str, value: float) -> float:
        order.append(name)
        return value

    pair = interleave(3, lambda: contestant("A", 1.0), lambda: contestant("B", 4.0))
    assert order == ["A", "B", "B", "A", "A", "B"]
    assert pair.ratios == [0.25] * 3


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_the_percentile_of_one_value_is_that_value() -> None:
    assert percentile([7.0], 0.99) == 7.0


def test_names_choose_lines_whole_or_by_their_beginning() -> None:
    assert chosen(["api_health"], [])
    assert chosen(["api_latency_ms"], ["api_latency_ms_p99"])
    assert chosen(["detector_step_us_volume_spike"], ["detector_step_us"])
    assert not chosen(["api_health"], ["tick_total_ms"])


def test_a_request_carries_path_query_and_headers() -> None:
    wire = Target("http://127.0.0.1:9988/a?b=c", {"x-api-key": "k"}).request()
    assert wire == b"GET /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:9988\r\nx-api-key: k\r\n\r\n"


def test_the_last_of_several_log_lines_with_a_message_is_read() -> None:
    log = "\n".join(
        ["[wrangler:info] GET /", *(
            json.dumps({"message": m, "metadata": {"tick": n}}, separators=(",", ":"))
            for n, m in enumerate(["tick done", "tick done", "detected"])
        )]
    )  # fmt: skip
    assert last_metadata(log, "tick done") == {"tick": 1}
    with pytest.raises(LookupError):
        last_metadata(log, "collected nothing")

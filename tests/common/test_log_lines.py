import json

import pytest

from common.errors import Retryable
from common.log import Logger

NOON = 1_795_176_000.25


def written(level: str, message: str, **metadata: object) -> str:
    lines: list[str] = []
    Logger("data-collection", lambda: NOON, lines.append)(level, message, **metadata)  # type: ignore[arg-type]
    (line,) = lines
    return line


def test_a_line_has_exactly_the_members_of_the_contract_in_their_order() -> None:
    assert written("info", "tick done", rows=3) == (
        '{"timestamp":"2026-11-20T12:00:00Z","level":"info","service":"data-collection",'
        '"message":"tick done","metadata":{"rows":3}}'
    )


def test_metadata_is_there_even_when_empty() -> None:
    assert json.loads(written("warning", "careful"))["metadata"] == {}


def test_metadata_keeps_its_order_and_nesting() -> None:
    line = written("info", "m", z=1, a={"y": [1, None], "b": True})
    assert line.endswith('"metadata":{"z":1,"a":{"y":[1,null],"b":true}}}')


def test_a_line_is_one_line_whatever_the_message_holds() -> None:
    line = written("error", 'first\nsecond "quoted"\u2028', reason="a\r\nb")
    assert "\n" not in line
    assert "\r" not in line
    assert json.loads(line)["message"] == 'first\nsecond "quoted"\u2028'


@pytest.mark.parametrize(
    ("value", "text"), [(Retryable("busy"), "busy"), (3 + 4j, "(3+4j)"), (float("nan"), None)]
)
def test_a_value_json_does_not_know_is_written_as_its_text(value: object, text: str | None) -> None:
    assert json.loads(written("info", "m", value=value))["metadata"]["value"] == text


def test_each_line_is_stamped_when_it_is_written() -> None:
    lines: list[str] = []
    times = iter([0.0, 60.0])
    log = Logger("api", lambda: next(times), lines.append)
    log("info", "first")
    log("info", "second")
    stamps = [json.loads(line)["timestamp"] for line in lines]
    assert stamps == ["1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z"]


def test_lines_go_to_standard_output_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    Logger("dashboard", lambda: NOON)("debug", "hello")
    assert json.loads(capsys.readouterr().out)["service"] == "dashboard"

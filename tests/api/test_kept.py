"""Answers that are kept: their ages, their ETags, and copies outside the isolate."""

import msgspec
import pytest

from api import kept
from api.kept import Copy, Kept
from api.routes.market_data import ROUTES

DATA = '{"age_seconds":3,"rows":[{"age_seconds":-1,"text":"\\"age_seconds\\":7"},{"age":9}]}'


def one(data: str = DATA, made_at: float = 100.5) -> Kept:
    copy = Copy(4, made_at, data, '"generated_at":"t"')
    return Kept(ROUTES[0], copy, {"content-type": "application/json"})


def test_ages_grow_with_the_time_since_the_answer_was_made() -> None:
    said = msgspec.json.decode(one().body(107.6))["data"]
    assert said["age_seconds"] == 10
    assert said["rows"][0]["age_seconds"] == 6
    assert said["rows"][1] == {"age": 9}


def test_at_first_it_says_what_was_made() -> None:
    answer = one()
    assert answer.body(100.5) == f'{{"data":{DATA},"meta":{{"generated_at":"t"}}}}'
    assert answer.body(100.0) == answer.body(100.5), "a clock that goes back makes nothing younger"


def test_text_that_looks_like_an_age_is_left_alone() -> None:
    said = msgspec.json.decode(one().body(110.5))["data"]
    assert said["rows"][0]["text"] == '"age_seconds":7'


def test_the_etag_is_of_what_is_said_and_not_of_when() -> None:
    older = DATA.replace("3", "300", 1)
    assert one().etag == one(older).etag == one(made_at=50.0).etag
    assert one(DATA.replace("9", "8")).etag != one().etag


def test_what_is_stale_says_since_when_and_why() -> None:
    meta = msgspec.json.decode(one().stale_body(160.5, 100.5, "no database"))["meta"]
    assert meta["stale"] == {"since": "1970-01-01T00:01:40Z", "reason": "no database"}


def test_a_copy_survives_its_way_through_a_cache() -> None:
    copy = one().copy
    assert kept.read(kept.write(copy)) == copy


@pytest.mark.parametrize("text", [None, "", "[]", "{", "null", '[1,"x",2,3]', '["1",2,"a","b"]'])
def test_damage_in_a_cache_is_no_copy(text: str | None) -> None:
    assert kept.read(text) is None

"""The arbiter of one subject, as isolates hear it."""

from typing import Any

import msgspec
import pytest

from api.limits.arbiter import Arbiter
from api.limits.protocol import Ask, Lease, Report, Unused, Verdict
from api.limits.suspicion import Sights
from tests.api.limits.isolates import START


def lease(arbiter: Arbiter, now: float = START, **wanted: Any) -> Lease:
    fields: dict[str, Any] = {"cost": "read", "per_minute": 100} | wanted
    ask = Ask(**fields)
    answer = arbiter.answer(msgspec.json.encode(ask).decode(), now)
    return msgspec.json.decode(answer, type=Lease)


def test_a_lease_says_what_is_left_and_when_more_is_free() -> None:
    arbiter = Arbiter(None)
    got = lease(arbiter, want=30)
    assert (got.granted, got.remaining, got.limit, got.wait, got.used) == (30, 70, 100, 62.0, 30)
    assert not got.whole_day


def test_who_wants_more_than_is_free_gets_the_rest() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=90)
    got = lease(arbiter, START + 5, want=50)
    assert (got.granted, got.remaining, got.wait) == (10, 0, 57.0)


def test_what_nobody_who_waits_could_use_is_not_granted() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=90)
    got = lease(arbiter, want=50, least=20)
    assert (got.granted, got.remaining) == (0, 10)


def test_units_are_leased_ahead_only_while_more_than_half_is_left() -> None:
    arbiter = Arbiter(None)
    assert lease(arbiter, want=40, extra=5).granted == 45
    assert lease(arbiter, want=1, extra=5).granted == 1


def test_classes_are_counted_apart_and_a_day_counts_all_of_them() -> None:
    arbiter = Arbiter(None)
    assert lease(arbiter, want=100, per_day=150).granted == 100
    got = lease(arbiter, want=100, per_day=150, cost="write")
    assert (got.granted, got.whole_day, got.limit, got.remaining) == (50, True, 150, 0)
    assert got.wait == 43_200
    assert got.used == 150


def test_a_days_end_brings_the_quota_back() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=50, per_day=50)
    assert lease(arbiter, START + 43_100, want=1, per_day=50).granted == 0
    assert lease(arbiter, START + 43_200, want=60, per_day=50).granted == 50


def test_when_minute_and_day_are_both_used_up_the_day_is_what_to_wait_for() -> None:
    arbiter = Arbiter(None)
    got = lease(arbiter, want=101, per_day=100)
    assert (got.granted, got.whole_day, got.limit) == (100, True, 100)


def test_what_comes_back_is_free_for_others_of_the_minute_and_of_the_day() -> None:
    arbiter = Arbiter(None)
    got = lease(arbiter, want=100, per_day=100)
    unused = [Unused(got.slot, got.day, 7)]
    assert lease(arbiter, START + 3, want=50, per_day=100, unused=unused).granted == 7


def test_one_made_from_what_is_stored_goes_on_where_the_other_stopped() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=60)
    heir = Arbiter(arbiter.stored())
    assert lease(heir, START + 1, want=60).granted == 40
    assert heir.stored() != arbiter.stored()


def test_what_is_stored_stays_small_whatever_is_asked() -> None:
    arbiter = Arbiter(None)
    for second in range(1000):
        for cost in ("read", "heavy", "write", "login"):
            lease(arbiter, START + second, want=1, cost=cost, per_minute=10_000)
    assert len(arbiter.stored()) < 4_000


def test_a_memory_of_another_version_is_begun_anew() -> None:
    assert lease(Arbiter('{"windows":[]}'), want=1).granted == 1
    assert lease(Arbiter("rubbish"), want=1).granted == 1


def test_a_clock_that_goes_back_an_hour_neither_gives_nor_withholds() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=100)
    assert lease(arbiter, START - 3600, want=1).granted == 0
    assert lease(arbiter, START - 3600 + 61, want=1).granted == 0
    assert lease(arbiter, START - 3600 + 63, want=200).granted == 100


def test_a_text_that_is_no_request_is_refused() -> None:
    for text in ("", "[]", '{"type":"ask"}', '{"type":"other"}'):
        with pytest.raises(msgspec.MsgspecError):
            Arbiter(None).answer(text, START)


def test_the_same_object_judges_an_address() -> None:
    arbiter = Arbiter(None)

    def judge(passed: bool = False, **sights: Any) -> Verdict:
        report = Report(sights=Sights(**sights), passed=passed)
        answer = arbiter.answer(msgspec.json.encode(report).decode(), START)
        return msgspec.json.decode(answer, type=Verdict)

    assert judge().challenged_for == 0
    assert judge(statuses={404: 80}).challenged_for > 60
    assert judge(passed=True) == Verdict(0.0, START + 86_400)
    assert judge(odd_paths=90).challenged_for == 0


def judged(arbiter: Arbiter, now: float = START, passed: bool = False, **sights: Any) -> None:
    report = Report(sights=Sights(**sights), passed=passed)
    arbiter.answer(msgspec.json.encode(report).decode(), now)


def test_a_new_one_knows_nothing_worth_storing() -> None:
    assert Arbiter(None).idle_at() == 0.0


def test_it_is_idle_when_the_last_unit_of_every_class_counts_no_more() -> None:
    arbiter, late = Arbiter(None), START + 43_190  # ten seconds before midnight
    lease(arbiter, late, want=1)
    lease(arbiter, late + 5, want=1, cost="write")
    assert arbiter.idle_at() == late + 5 + 2 + 60
    for seconds, granted in ((66, 99), (67, 100)):
        heir = Arbiter(arbiter.stored())
        assert heir.idle_at() == arbiter.idle_at()
        assert lease(heir, late + seconds, want=100, cost="write").granted == granted


def test_units_that_were_given_back_keep_it_from_nothing() -> None:
    arbiter = Arbiter(None)
    got = lease(arbiter, want=3)
    lease(arbiter, START + 1, unused=[Unused(got.slot, got.day, 3)])
    assert arbiter.idle_at() == 0.0


def test_a_days_units_keep_it_until_midnight() -> None:
    arbiter = Arbiter(None)
    lease(arbiter, want=1, per_day=50)
    assert arbiter.idle_at() == START + 43_200


def test_suspicion_keeps_it_until_the_score_is_an_ordinary_mistakes() -> None:
    arbiter = Arbiter(None)
    judged(arbiter, statuses={401: 32})
    assert arbiter.idle_at() == START + 6 * 120
    judged(arbiter, keys=["k"])
    assert arbiter.idle_at() >= START + 600
    judged(arbiter, passed=True)
    assert arbiter.idle_at() == START + 86_400


def test_a_clock_that_went_back_is_the_one_by_which_it_is_idle() -> None:
    arbiter, late = Arbiter(None), START + 43_190
    lease(arbiter, late, want=1)
    lease(arbiter, late - 30, want=1)
    assert arbiter.idle_at() == late - 30 + 62

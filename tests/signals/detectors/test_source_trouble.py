"""When the sources of an asset are said to stand still or to disagree, and when not."""

import math
import random
from collections.abc import Iterator, Mapping

import msgspec
import pytest

from signals.detectors.base import Finding, SourceQuote, SourcesPoint
from signals.detectors.source_trouble import DETECTOR, State, explain, find, step
from signals.trigger import Status

START = 1_760_000_400
TICK = 900
LIVE = 100  # ticks after which a single silent one is rare


class Desk:
    """Sources that quote a wandering price; stamps are 20 s old, venues have none."""

    def __init__(self, stamped: str = "gecko cap", venues: str = "coinbase kraken") -> None:
        self.rng = random.Random(3)
        self.stamped, self.venues = stamped.split(), venues.split()
        self.time, self.price = START, 100.0
        self.state, self.status = State(), Status()
        self.changes: list[str] = []
        self.quotes: dict[str, SourceQuote] = {}

    def next(self) -> dict[str, SourceQuote]:
        """Return what every source says at the next tick."""
        self.time += TICK
        self.price *= math.exp(self.rng.gauss(0, 0.003))
        return {
            source: SourceQuote(
                source,
                round(self.price * (1 + self.rng.uniform(-1, 1) * 4e-4), 4),
                self.time - 20 * (source in self.stamped),
            )
            for source in self.stamped + self.venues
        }

    def take(self, said: Mapping[str, SourceQuote], troubled: tuple[str, ...] = ()) -> float:
        self.quotes = dict(said)
        self.before = self.state
        self.point = SourcesPoint(self.time, tuple(said.values()), troubled)
        self.state, score = step(self.before, self.point)
        self.status, change = DETECTOR.trigger.pull(self.status, self.time, score)
        self.changes += [change] if change else []
        return score

    def calm(self, ticks: int = LIVE) -> "Desk":
        for _ in range(ticks):
            self.take(self.next())
        return self

    def still(self, *sources: str) -> dict[str, SourceQuote]:
        """The next tick, at which these sources repeat themselves; venues say so of this tick."""
        said = self.next()
        for source in sources:
            last = self.quotes[source]
            stamp = last.observed_at if source in self.stamped else self.time
            said[source] = msgspec.structs.replace(last, observed_at=stamp)
        return said

    def away(self, source: str, factor: float) -> dict[str, SourceQuote]:
        said = self.next()
        said[source] = msgspec.structs.replace(said[source], price=said[source].price * factor)
        return said

    def finding(self) -> Finding:
        return find(self.before, self.point)


def test_ordinary_days_are_no_trouble() -> None:
    assert Desk().calm(700).changes == []


def test_a_source_that_repeats_itself_for_a_whole_tick_is_stale() -> None:
    desk = Desk().calm()
    assert desk.take(desk.still("gecko")) <= -1
    finding = desk.finding()
    assert finding.labels == {"trouble": "stale", "source": "gecko"}
    assert finding.direction == "down"
    assert finding.window_seconds == TICK
    assert finding.context["age"] == TICK + 20


def test_all_sources_that_repeat_themselves_are_named() -> None:
    desk = Desk().calm()
    desk.take(desk.still("gecko", "cap", "coinbase", "kraken"))
    desk.take(desk.still("gecko", "cap", "coinbase", "kraken"))
    assert desk.finding().labels["source"] == "gecko and cap and coinbase and kraken"


def test_while_little_is_known_a_source_has_to_be_silent_for_longer() -> None:
    desk = Desk().calm(40)
    assert -1 < desk.take(desk.still("gecko")) < 0
    assert desk.take(desk.still("gecko")) <= -1


def test_a_price_that_repeats_by_chance_is_news_when_its_stamp_is_newer() -> None:
    desk = Desk().calm()
    said = desk.next()
    said["gecko"] = SourceQuote("gecko", desk.quotes["gecko"].price, desk.time - 20)
    assert abs(desk.take(said)) < DETECTOR.trigger.rearm


def test_a_venue_without_stamps_may_repeat_its_price_once() -> None:
    desk = Desk().calm()
    assert -1 < desk.take(desk.still("kraken")) < 0
    assert desk.take(desk.still("kraken")) <= -1


def test_a_thin_venue_that_often_repeats_its_price_is_never_stale() -> None:
    desk = Desk()
    for at in range(300):
        desk.take(desk.still("kraken") if at % 10 == 5 else desk.next())
    for _ in range(20):
        desk.take(desk.still("kraken"))
        assert desk.finding().labels["trouble"] == "disagree"


def test_a_source_that_is_absent_is_not_stale() -> None:
    desk = Desk().calm()
    for _ in range(30):
        said = desk.next()
        del said["gecko"]
        assert abs(desk.take(said)) < DETECTOR.trigger.rearm
    assert abs(desk.take(desk.next())) < DETECTOR.trigger.rearm


def test_ticks_by_hand_between_the_ticks_do_not_make_a_source_stale() -> None:
    desk = Desk().calm()
    desk.next()
    for seconds in (60, 300, 840):
        state, score = step(
            desk.state, SourcesPoint(desk.time - TICK + seconds, tuple(desk.quotes.values()))
        )
        assert abs(score) < DETECTOR.trigger.rearm
        desk.state = state


def test_an_event_ends_when_the_source_has_news() -> None:
    desk = Desk().calm()
    for _ in range(8):
        desk.take(desk.still("gecko"))
    desk.take(desk.next())
    assert desk.changes == ["fired", "ended"]


@pytest.mark.parametrize(("factor", "direction"), [(1.03, "up"), (0.97, "down"), (1e12, "up")])
def test_a_source_that_is_away_from_the_others_is_named(factor: float, direction: str) -> None:
    desk = Desk().calm()
    assert abs(desk.take(desk.away("kraken", factor))) > 1
    finding = desk.finding()
    assert finding.labels == {"trouble": "disagree", "source": "kraken"}
    assert finding.direction == direction
    assert finding.context["gap"] == pytest.approx(factor - 1, rel=0.05)
    desk.calm(5)
    assert desk.changes == ["fired", "ended"]


def test_the_wrong_one_of_three_is_named() -> None:
    for wrong in ("gecko", "cap", "kraken"):
        desk = Desk(venues="kraken").calm()
        desk.take(desk.away(wrong, 1.05))
        assert desk.finding().labels["source"] == wrong


def test_of_two_the_pair_is_named() -> None:
    desk = Desk(venues="").calm()
    desk.take(desk.away("cap", 1.05))
    finding = desk.finding()
    assert finding.labels == {"trouble": "disagree", "source": "gecko and cap"}
    assert finding.context["sources"] == 2


def test_one_source_alone_disagrees_with_nobody_and_may_be_stale() -> None:
    desk = Desk(stamped="gecko", venues="").calm()
    assert desk.take(desk.away("gecko", 1.5)) == 0.0
    assert desk.take(desk.still("gecko")) <= -1


def test_a_venue_that_is_always_some_percent_away_is_usual() -> None:
    desk = Desk()
    for _ in range(100):
        desk.take(desk.away("kraken", 1.02))
    assert desk.changes == []
    assert 0 < desk.take(desk.away("kraken", 1.02)) < 0.5
    assert desk.take(desk.away("kraken", 1.25)) > 1


def test_less_than_one_percent_is_no_trouble() -> None:
    desk = Desk().calm()
    assert 0.7 < desk.take(desk.away("kraken", 1.0085)) < 1


def test_what_is_wrong_with_a_source_for_most_assets_is_not_told_here() -> None:
    desk = Desk().calm()
    for _ in range(5):
        assert abs(desk.take(desk.away("kraken", 1.5), troubled=("kraken",))) < 0.5
        assert abs(desk.take(desk.still("gecko"), troubled=("gecko",))) < 0.5
    assert desk.changes == []
    known = {one.source: one for one in desk.state.sources}
    assert known["gecko"].silent == 0.0


def unusable(quote: SourceQuote) -> Iterator[SourceQuote]:
    for price in (0.0, -1.0, math.nan, math.inf):
        yield msgspec.structs.replace(quote, price=price)


def test_a_price_that_is_none_counts_as_absent() -> None:
    desk = Desk().calm()
    said = desk.next()
    for wrong in unusable(said["kraken"]):
        state, score = step(desk.state, SourcesPoint(desk.time, (said["gecko"], wrong)))
        without = step(desk.state, SourcesPoint(desk.time, (said["gecko"],)))
        assert (state, score) == without


def test_sources_without_number_do_not_grow_the_state_and_old_ones_are_forgotten() -> None:
    quotes = tuple(SourceQuote(f"source-{n:02}", 100.0, START) for n in range(40))
    state, _ = step(State(), SourcesPoint(START, quotes))
    assert len(state.sources) == 10
    assert len(msgspec.json.encode(state)) < 1200
    later = START + 8 * 86_400
    state, _ = step(state, SourcesPoint(later, (SourceQuote("new", 100.0, later),)))
    assert [one.source for one in state.sources] == ["new"]


def test_the_sentences_give_what_the_finding_holds() -> None:
    desk = Desk().calm()
    desk.take(desk.still("gecko"))
    assert explain("BTC", desk.finding()) == (
        "BTC stands still at gecko: no news for 15 min"
        " (usually 100.0 % of ticks bring some; 1 missed, 4 sources heard)"
    )
    desk.take(desk.away("kraken", 1.05))
    times = abs(desk.finding().statistic.value)
    assert explain("BTC", desk.finding()) == (
        f"BTC at kraken: +5.0 % apart, {times:.0f} times the usual 0.03 % (4 sources)"
    )

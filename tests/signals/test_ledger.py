"""The log of signals: every hash follows from the one before, and nothing can be changed."""

import hashlib

import pytest

from signals.ledger import GENESIS, Entry, Head, body, chain, first_broken, link

BODIES = [body("fired", {"id": str(n), "p": n / 7}) for n in range(6)]
LOG = chain(Head(), BODIES)


def test_a_hash_is_the_sha256_of_the_hash_before_a_line_feed_and_the_body() -> None:
    before = "0" * 64
    for number, (entry, text) in enumerate(zip(LOG, BODIES, strict=True), start=1):
        before = hashlib.sha256((before + "\n" + text).encode("utf-8")).hexdigest()
        assert entry == Entry(number, before, text)


def test_a_known_hash_stays_what_it_is() -> None:
    """From `printf '%064d\\n{"id":"a","kind":"ended"}' 0 | sha256sum`."""
    (entry,) = chain(Head(), [body("ended", {"id": "a"})])
    assert entry.body == '{"id":"a","kind":"ended"}'
    assert entry.hash == "be07cee022ee258670eb4d4a22949b00df60ff30100b30a07265503cbf3b2a09"


def test_a_body_is_the_same_text_for_the_same_facts() -> None:
    assert body("ended", {"id": "x", "at": 5}) == body("ended", {"at": 5, "id": "x"})
    assert body("fired", {"said": "±5 %"}) == '{"kind":"fired","said":"±5 %"}'


def test_the_chain_goes_on_from_any_head() -> None:
    first = chain(Head(), BODIES[:2])
    assert chain(Head(first[-1].seq, first[-1].hash), BODIES[2:]) == LOG[2:]
    assert chain(Head(), []) == []
    assert Head() == Head(0, GENESIS)


def test_a_whole_log_and_its_end_from_a_kept_hash_are_unbroken() -> None:
    assert first_broken(Head(), LOG) is None
    assert first_broken(Head(2, LOG[1].hash), LOG[2:]) is None


@pytest.mark.parametrize("at", range(6))
def test_any_altered_body_is_found(at: int) -> None:
    forged = [*LOG]
    forged[at] = forged[at]._replace(body=forged[at].body.replace('"kind"', '"kind" '))
    assert first_broken(Head(), forged) == at + 1


@pytest.mark.parametrize("at", range(5))
def test_an_altered_body_with_its_own_hash_made_anew_breaks_the_next(at: int) -> None:
    forged = [*LOG]
    before = forged[at - 1].hash if at else GENESIS
    text = body("fired", {"id": "forged"})
    forged[at] = Entry(at + 1, link(before, text), text)
    assert first_broken(Head(), forged) == at + 2


@pytest.mark.parametrize("at", range(5))
def test_any_dropped_entry_is_found(at: int) -> None:
    assert first_broken(Head(), LOG[:at] + LOG[at + 1 :]) == at + 2


@pytest.mark.parametrize("at", range(5))
def test_a_dropped_entry_is_found_when_the_numbers_are_closed_up(at: int) -> None:
    rest = [entry._replace(seq=entry.seq - 1) for entry in LOG[at + 1 :]]
    assert first_broken(Head(), LOG[:at] + rest) == at + 1


@pytest.mark.parametrize("at", range(5))
def test_any_two_swapped_entries_are_found(at: int) -> None:
    swapped = [*LOG]
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert first_broken(Head(), swapped) == at + 2
    bodies = [*LOG]
    bodies[at] = LOG[at]._replace(body=LOG[at + 1].body)
    bodies[at + 1] = LOG[at + 1]._replace(body=LOG[at].body)
    assert first_broken(Head(), bodies) == at + 1


@pytest.mark.parametrize("at", range(6))
def test_any_inserted_entry_is_found(at: int) -> None:
    before = LOG[at - 1].hash if at else GENESIS
    extra = Entry(at + 1, link(before, "{}"), "{}")
    assert first_broken(Head(), [*LOG[:at], extra, *LOG[at:]]) == at + 1
    shifted = [entry._replace(seq=entry.seq + 1) for entry in LOG[at:]]
    assert first_broken(Head(), [*LOG[:at], extra, *shifted]) == at + 2


def test_a_rewritten_log_is_found_by_whoever_kept_one_hash() -> None:
    forged = chain(Head(), [body("fired", {"id": "better"}), *BODIES[1:]])
    assert first_broken(Head(), forged) is None, "it is a chain"
    assert first_broken(Head(3, LOG[2].hash), forged[3:]) == 4

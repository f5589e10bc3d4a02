"""Raw bodies: where they lie, and that they come back as they were."""

import asyncio
import io
import zipfile

import pytest

from collection.archive import Archive, Body, bodies, members
from collection.source import Source
from common.errors import Retryable
from tests.collection.desk import TICK, DictBucket

SOURCE = Source("one", "One", "https://one.example", (), 60)


def keep(bucket: DictBucket, started_at: int, **kept: bytes) -> None:
    archive = Archive("one", TICK, started_at)
    for name, body in kept.items():
        archive.add(name, 1, body)
    asyncio.run(archive.keep(bucket))


def found(bucket: DictBucket) -> list[Body]:
    return asyncio.run(bodies(SOURCE, TICK, bucket))


def test_bodies_of_a_tick_lie_under_source_day_and_time() -> None:
    bucket = DictBucket()
    keep(bucket, 1_795_176_003, prices=b"[1]")
    assert list(bucket.objects) == ["raw/one/2026-11-20/1200/1795176003.zip"]


def test_bodies_come_back_byte_for_byte_in_the_order_they_were_fetched() -> None:
    bucket = DictBucket()
    archive = Archive("one", TICK, 1)
    contents = [b"\x00\xff" * 1000, b"", b"text"]
    for number, content in enumerate(contents, 1):
        archive.add("two-words", number, content)
    asyncio.run(archive.keep(bucket))
    assert found(bucket) == [Body("two-words", n, c) for n, c in enumerate(contents, 1)]


def test_they_are_compressed() -> None:
    bucket = DictBucket()
    keep(bucket, 1, prices=b"[1, 2, 3]" * 10_000)
    assert len(bucket.objects["raw/one/2026-11-20/1200/1.zip"]) < 2_000


def test_a_tick_that_is_run_again_adds_to_what_was_kept_and_the_later_body_counts() -> None:
    bucket = DictBucket()
    keep(bucket, 1, prices=b"old", news=b"news")
    keep(bucket, 2, prices=b"new")
    assert found(bucket) == [Body("prices", 1, b"new"), Body("news", 1, b"news")]


def test_other_ticks_and_sources_are_not_mixed_in() -> None:
    bucket = DictBucket()
    keep(bucket, 1, prices=b"mine")
    for key in ("raw/one/2026-11-20/1215/1.zip", "raw/oneandmore/2026-11-20/1200/1.zip"):
        bucket.objects[key] = next(iter(bucket.objects.values()))
    assert [body.content for body in found(bucket)] == [b"mine"]


def test_nothing_fetched_is_nothing_kept() -> None:
    bucket = DictBucket()
    keep(bucket, 1)
    assert bucket.objects == {}
    assert found(bucket) == []


def test_the_same_bodies_give_the_same_archive() -> None:
    one, two = DictBucket(), DictBucket()
    keep(one, 1, prices=b"[1]")
    keep(two, 1, prices=b"[1]")
    assert one.objects == two.objects


def test_anybody_can_open_an_archive() -> None:
    bucket = DictBucket()
    keep(bucket, 1, prices=b"[1]")
    with zipfile.ZipFile(io.BytesIO(bucket.objects["raw/one/2026-11-20/1200/1.zip"])) as archive:
        assert archive.testzip() is None
        assert archive.infolist()[0].date_time == (2026, 11, 20, 12, 0, 0)


@pytest.mark.parametrize("blob", [b"", b"PK", b"not a zip" * 100])
def test_an_archive_that_cannot_be_read_says_so(blob: bytes) -> None:
    with pytest.raises(Retryable, match="cannot be read"):
        list(members(blob))


def test_a_bucket_that_does_not_answer_says_so() -> None:
    bucket = DictBucket()
    bucket.broken = True
    with pytest.raises(Retryable):
        found(bucket)

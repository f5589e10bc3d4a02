"""Raw bodies, kept so that a tick can be replayed: one zip a source and tick.

    raw/<source>/<day>/<HHMM>/<started>.zip    members <endpoint>-<number>

A tick that is run again keeps what it fetched beside what was there; the
later body of a member counts.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import NamedTuple

from collection.source import Source
from common.errors import Retryable
from common.ports import Bucket
from common.times import iso


def prefix(source: str, tick: int) -> str:
    """Return where the bodies of a source's tick lie."""
    text = iso(tick)
    return f"raw/{source}/{text[:10]}/{text[11:13]}{text[14:16]}/"


class Archive:
    """The bodies of one source in one tick, compressed as they come."""

    def __init__(self, source: str, tick: int, started_at: int) -> None:
        self._key = f"{prefix(source, tick)}{started_at}.zip"
        self._stamp = tuple(int(part) for part in iso(tick)[:-1].replace("T", "-")
                            .replace(":", "-").split("-"))  # fmt: skip
        self._buffer = io.BytesIO()
        self._zip = zipfile.ZipFile(self._buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._members = 0

    def add(self, endpoint: str, number: int, body: bytes) -> None:
        """Keep one body."""
        member = zipfile.ZipInfo(f"{endpoint}-{number}", self._stamp)  # type: ignore[arg-type]
        member.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(member, body, compresslevel=1)
        self._members += 1

    async def keep(self, bucket: Bucket) -> None:
        """Put the archive into `bucket`, unless it is empty. Raises Retryable."""
        self._zip.close()
        if self._members:
            await bucket.put(self._key, self._buffer.getvalue())


class Body(NamedTuple):
    """One archived body."""

    endpoint: str
    number: int
    content: bytes


async def bodies(source: Source, tick: int, bucket: Bucket) -> list[Body]:
    """Return what was kept of a source's tick, in the order it was fetched.

    Raises Retryable when the bucket does not answer.
    """
    found: dict[tuple[str, int], Body] = {}
    for key in sorted(await bucket.list(prefix(source.name, tick))):
        blob = await bucket.get(key)
        for body in members(blob or b""):
            found[body.endpoint, body.number] = body
    return list(found.values())


def members(blob: bytes) -> Iterator[Body]:
    """Yield the bodies of one archive. Raises Retryable when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(blob)) as archive:
            for name in archive.namelist():
                endpoint, _, number = name.rpartition("-")
                if number.isdecimal():
                    yield Body(endpoint, int(number), archive.read(name))
    except zipfile.BadZipFile:
        raise Retryable("an archive that cannot be read") from None

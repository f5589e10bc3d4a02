"""R2 as the Bucket port."""

from typing import Any

from common.errors import Retryable


class R2Bucket:
    """An R2 binding. Every call raises Retryable when R2 does not answer."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key`."""
        try:
            await self._binding.put(key, body)
        except Exception as error:  # noqa: BLE001 - R2 has one error class
            raise Retryable(f"object storage: {error}") from None

    async def get(self, key: str) -> bytes | None:
        """Return what is stored under `key`, None when there is nothing."""
        try:
            found = await self._binding.get(key)
            if found is None:
                return None
            content = await found.arrayBuffer()
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"object storage: {error}") from None
        return bytes(content)

    async def list(self, prefix: str) -> list[str]:
        """Return the keys that begin with `prefix`; a tick of a source has a handful."""
        try:
            found = await self._binding.list(prefix=prefix)
        except Exception as error:  # noqa: BLE001
            raise Retryable(f"object storage: {error}") from None
        return [str(one.key) for one in found.objects]

"""R2 and KV."""

from typing import Any

from common.errors import Retryable


class R2Bucket:
    """An R2 binding as the Bucket port."""

    def __init__(self, binding: Any) -> None:
        self._binding = binding

    async def put(self, key: str, body: bytes) -> None:
        """Store `body` under `key`. Raises Retryable when R2 does not take it."""
        try:
            await self._binding.put(key, body)
        except Exception as error:  # noqa: BLE001 - R2 has one error class
            raise Retryable(f"object storage: {error}") from None

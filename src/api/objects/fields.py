"""Fields that requests about users' own objects share."""

from typing import Annotated

import msgspec

from common.texts import NAMED

EXAMPLE_ID = "0123456789abcdef"

Id = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$", examples=[EXAMPLE_ID])]
Name = Annotated[
    str,
    msgspec.Meta(
        pattern=NAMED,
        min_length=1,
        max_length=80,
        description="what you call it; no two of yours have the same name",
        examples=["Majors"],
    ),
]
Symbol = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[^\x00-\x20\x7f]+$",
        min_length=1,
        max_length=80,
        description="a ticker (BTC) or an asset id (bitcoin), in any case",
        examples=["BTC"],
    ),
]


class NothingRequest(msgspec.Struct):
    """No parameters."""

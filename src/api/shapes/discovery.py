"""Shapes of the documents that tell where everything is."""

from typing import Any

import msgspec


class Catalog(msgspec.Struct, forbid_unknown_fields=True):
    """A linkset in JSON (RFC 9264, 4.2): each anchor with the links from it by relation."""

    linkset: list[dict[str, Any]]

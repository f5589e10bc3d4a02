"""One module per provider, each with its declaration in SOURCE.

A module put into this folder is collected at the next start: nothing else
names it.
"""

import importlib
import pkgutil

from collection.source import Source


def discover() -> tuple[Source, ...]:
    """Return the declarations of this folder, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}").SOURCE for name in names)


SOURCES = discover()

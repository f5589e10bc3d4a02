"""One module per detector, each with its declaration in DETECTOR.

A module put into this folder runs at the next start: nothing else names it.
"""

import importlib
import pkgutil

from signals.detectors.base import Detector


def discover() -> tuple[Detector, ...]:
    """Return the declarations of this folder, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(
        importlib.import_module(f"{__name__}.{name}").DETECTOR for name in names if name != "base"
    )


DETECTORS = discover()

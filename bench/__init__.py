"""Benchmarks: the product against peers in the same run. `python -m bench [names…]`."""

import sys

from tools.system.layout import PROJECT

# The Workers' code is imported as they import it: src/ is their top level.
sys.path.insert(0, str(PROJECT / "src"))

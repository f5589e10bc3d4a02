"""The whole signal path over a history, and what would have come of its signals."""

import sys

from tools.system.layout import PROJECT

# The Workers' code is imported as they import it: src/ is their top level.
sys.path.insert(0, str(PROJECT / "src"))

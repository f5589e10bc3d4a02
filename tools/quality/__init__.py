"""How well headlines are understood: learning the tone's weights, scoring tone and entities."""

import sys

from tools.system.layout import PROJECT

# The Workers' code is imported as they import it: src/ is their top level.
sys.path.insert(0, str(PROJECT / "src"))

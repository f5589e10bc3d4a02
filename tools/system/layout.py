"""Where things are on a developer's machine: folders, ports, addresses."""

from pathlib import Path
from typing import NamedTuple

from tools.pyworkers.errors import SetupError

PROJECT = Path(__file__).resolve().parents[2]
PORT_BASE = 8787
CRON = "*/15 * * * *"
# What looks after what is due: deliveries of webhooks, payments without an end, reports.
FURTHER_CRONS = {"signals": "* * * * *", "api": "*/5 * * * *"}
TICK_SECONDS = 900

# Name, config, path that shows it is up; callees before callers.
WORKERS = (
    ("signals", "wrangler.signals.toml", "/"),
    ("collection", "wrangler.collection.toml", "/"),
    ("api", "wrangler.toml", "/health"),
    ("dashboard", "wrangler.dashboard.toml", "/health"),
)
_OFFSETS = {"dashboard": 0, "api": 1, "collection": 2, "signals": 3, "simulator": 4}
_INSPECTORS = 20  # wrangler wants a second port for each Worker


class Ports(NamedTuple):
    """The ports of one running system."""

    base: int = PORT_BASE

    @classmethod
    def at(cls, base: int) -> "Ports":
        """Return the ports from `base` on. Raises SetupError when they cannot exist."""
        highest = 65_535 - _INSPECTORS - len(_OFFSETS)
        if not 1024 <= base <= highest:
            raise SetupError(
                "ports", f"PORT_BASE={base} is out of range", f"choose one from 1024 to {highest}"
            )
        return cls(base)

    def of(self, name: str) -> int:
        """Return the port of a Worker or of the simulator."""
        return self.base + _OFFSETS[name]

    def inspector(self, name: str) -> int:
        """Return the debugger port of a Worker."""
        return self.base + _INSPECTORS + _OFFSETS[name]

    def address(self, name: str) -> str:
        """Return the address of a Worker or of the simulator."""
        return f"http://127.0.0.1:{self.of(name)}"

    def all(self) -> list[tuple[str, int]]:
        """Return every port with the name of what listens there."""
        serving = [(name, self.of(name)) for name in _OFFSETS]
        return serving + [(f"{name}'s debugger", self.inspector(name)) for name, _, _ in WORKERS]

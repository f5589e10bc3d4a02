"""The price table: what a call costs by the name of its price and the caller's plan.

A route declares the name (`Route.price`); the amounts are configuration. A
plan that a row leaves out has the call included.
"""

from typing import NamedTuple

from api.limits.plans import PLANS
from common.errors import Fatal

# What a call costs whose caller used up the day's quota, whatever it asks for.
OVER_QUOTA = "over_quota"
# Stock clients refuse to pay more than a dollar for a call unless told otherwise.
MOST = 1_000_000


class Prices(NamedTuple):
    """Atomic units of USDC by name of the price and plan."""

    table: dict[str, dict[str, int]]

    def of(self, name: str | None, plan: str) -> int:
        """Return what a call costs on `plan`, 0 where it is included."""
        return self.table.get(name, {}).get(plan, 0) if name else 0


def read_prices(table: dict[str, dict[str, int]]) -> Prices:
    """Return the table, checked. Raises Fatal."""
    for name, row in table.items():
        for plan, amount in row.items():
            if plan not in PLANS:
                raise Fatal(f"wrangler config, [vars] X402: {name} names no plan: {plan!r}")
            if not 0 < amount <= MOST:
                raise Fatal(
                    f"wrangler config, [vars] X402: {name} for {plan} must cost 1 to {MOST:,} units"
                )
    return Prices(table)

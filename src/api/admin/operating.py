"""What several routes of administrators ask: the alerts of now."""

import msgspec

from api.admin.alerting import alerts
from api.admin.alerts import Alert, Facts
from api.routing import Reads

DAY = 86_400


def alerts_now(text: str, reads: Reads) -> list[Alert]:
    """Return the alerts that follow from what alerts.FACTS told."""
    facts = msgspec.json.decode(text, type=Facts)
    return alerts(facts, reads.now, reads.origin != "recorded")


def previous_day(now: float) -> int:
    """Return the first second of the UTC day before today."""
    return (int(now) // DAY - 1) * DAY

"""Shapes of the views of reports."""

import msgspec

from api.shapes.common import Moment
from api.shapes.reports import MadeReport, Report


class ReportsView(msgspec.Struct, forbid_unknown_fields=True):
    """The reports that were made, the newest first; of what is stored others can be asked for."""

    daily: list[MadeReport]
    weekly: list[MadeReport]
    stored_since: Moment | None
    tick: Moment | None
    asked_at: Moment


class ReportView(msgspec.Struct, forbid_unknown_fields=True):
    """A report as it was made; `previous` and `following` begin the made ones beside it."""

    report: Report
    previous: Moment | None
    following: Moment | None

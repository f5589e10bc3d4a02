"""What the examples of the OpenAPI document say of administration (see api.openapi_values)."""

from typing import Any, Final

ADMINISTRATION: Final[dict[str, Any]] = {
    "Person.role": "analyst", "PersonInFull.role": "analyst", "linked": ["github"],
    "PersonSession.device": "Firefox on Linux", "country": "CH", "PersonSession.method": "password",
    "PersonKey.name": "Notebook", "PersonKey.scopes": None, "disabled_at": None,
    "flag": "notebook", "rollout_percent": 25, "FeatureFlag.users": [], "FeatureFlag.roles": None,
    "description": "The notebook: Python in the browser", "flags": {"notebook": True},
    "switched": "as declared", "DeclaredSource.off": None, "not_before": None,
    "DeclaredEndpoint.name": "ticker", "AdminSource.source": "kraken",
    "SourceRun.source": "kraken", "alert": "source:kraken", "severity": "warning",
    "OperatorAlert.title": "kraken has brought nothing for a while",
    "OperatorAlert.detail": "ticker: status 503", "OperatorAlert.state": "open",
    "what_to_do": "Look at the provider's status and at the run log.", "acknowledged_by": None,
    "OperatorAlert.acknowledged_at": None, "OperatorAlert.since": "2026-11-21T12:15:00Z",
    "actor": "u_0c2a9be1d34c775f", "actor_email": "eve@example.com",
    "AuditEntry.action": "user.change", "AuditEntry.subject": "user:u_5f0c2a9be1d34c77",
    "before": {"role": "viewer", "plan": "free", "disabled": False},
    "after": {"role": "analyst", "plan": "free", "disabled": False},
    "AuditEntry.request_id": "8a1f0c2a9be1d34c", "credential": "0123456789ab",
    "UsedKey.name": "Notebook",
    "UsedKey.kind": "key", "Part.name": "Database", "Part.state": "healthy",
    "Part.says": "Read for this answer.", "table": "signal_log", "release": None,
    "migration": "0012_reports.sql", "DetectorVersion.detector": "price_anomaly",
    "SystemView.detected": "2026-11-22T12:15:00Z", "SourceFreshness.source": "kraken",
    "Queue.name": "events",
    "SystemView.tick": "2026-11-22T12:15:00Z", "error_rate_24h": 0.0012, "Queue.since": None,
}  # fmt: skip

"""The dashboard's views: one route each, with everything it shows in one call."""

from api.views import (
    admin,
    alerts,
    asset,
    figures,
    market,
    news,
    overview,
    reports,
    signals,
    system,
    track_record,
    usage,
    watchlists,
)

ROUTES = (
    *overview.ROUTES,
    *market.ROUTES,
    *asset.ROUTES,
    *signals.ROUTES,
    *track_record.ROUTES,
    *news.ROUTES,
    *figures.ROUTES,
    *alerts.ROUTES,
    *reports.ROUTES,
    *watchlists.ROUTES,
    *usage.ROUTES,
    *admin.ROUTES,
    *system.ROUTES,
)

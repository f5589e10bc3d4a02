"""The dashboard's views: one route each, with everything it shows in one call."""

from api.views import asset, overview

ROUTES = (
    *overview.ROUTES,
    *asset.ROUTES,
)

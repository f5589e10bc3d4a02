"""Every route of the API, in the order of the documentation."""

from api.routes import analytics, dashboard, entities, events, feeds, market_data, signals

ROUTES = (
    *market_data.ROUTES,
    *signals.ROUTES,
    *events.ROUTES,
    *analytics.ROUTES,
    *entities.ROUTES,
    *dashboard.ROUTES,
    *feeds.ROUTES,
)

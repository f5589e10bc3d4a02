"""Tools over what is the caller's own: watchlists."""

from api.mcp.market_tools import ASSET
from api.mcp.tool import Tool, found
from api.routes import watchlists

LISTS = "/api/v1/watchlists"
ONE = f"{LISTS}/{{watchlist_id}}"
ID = "id of the watchlist, from list_watchlists"
NAME = "what you call it; no two of yours have the same name"
SYMBOLS = f"up to 250, in the order to be kept; each {ASSET}"

TOOLS = (
    Tool(
        name="list_watchlists",
        title="Your watchlists",
        description="All watchlists of this account with the ids of their assets.",
        route=found(watchlists.ROUTES, LISTS),
    ),
    Tool(
        name="get_watchlist",
        title="A watchlist with prices",
        description="One watchlist of this account with the newest price of each asset in US"
        " dollars.",
        route=found(watchlists.ROUTES, ONE),
        arguments={"watchlist_id": ID},
    ),
    Tool(
        name="create_watchlist",
        title="Make a watchlist",
        description="Stores a new watchlist for this account. A second call with the same name is"
        " refused, so that nothing is made twice.",
        route=found(watchlists.ROUTES, LISTS, "POST"),
        arguments={"name": NAME, "symbols": SYMBOLS},
        effect="adds",
    ),
    Tool(
        name="change_watchlist",
        title="Change a watchlist",
        description="Replaces name and assets of a watchlist of this account: give all assets, not"
        " only new ones.",
        route=found(watchlists.ROUTES, ONE, "PUT"),
        arguments={"watchlist_id": ID, "name": NAME, "symbols": SYMBOLS},
        effect="replaces",
    ),
    Tool(
        name="delete_watchlist",
        title="Delete a watchlist",
        description="Removes a watchlist of this account for good. Refused while an alert rule"
        " needs it.",
        route=found(watchlists.ROUTES, ONE, "DELETE"),
        arguments={"watchlist_id": ID},
        effect="removes",
    ),
)

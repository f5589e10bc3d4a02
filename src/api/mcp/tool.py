"""A tool: a request of the API that an agent can make, told so that it need not guess.

It is a declaration over a route and has no way to data of its own: permission, limits,
validation, cache and payment are the route's.
"""

from typing import Any, Literal

import msgspec

from api.mcp import schemas
from api.routing import Route

Effect = Literal["reads", "adds", "replaces", "removes"]


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """`arguments` are the fields of the route's request that are offered, and what is told of each.

    `required` are those that the route could do without and the tool cannot. `answers` is
    the type of `data` where the route has others too. `others_words`: the answer holds texts
    that strangers wrote, and the description says so.
    """

    name: str
    title: str
    description: str
    route: Route
    arguments: dict[str, str] = {}
    required: tuple[str, ...] = ()
    effect: Effect = "reads"
    answers: Any = None
    others_words: bool = False

    @property
    def in_path(self) -> tuple[str, ...]:
        """The arguments that stand in the path."""
        return tuple(name for name in self.arguments if f"{{{name}}}" in self.route.path)


def listed(tool: Tool) -> dict[str, object]:
    """Return a tool as tools/list tells it."""
    return {
        "name": tool.name,
        "title": tool.title,
        "description": tool.description,
        "inputSchema": schemas.of_arguments(tool.route.request, tool.arguments, tool.required),
        "outputSchema": schemas.of_answer(tool.answers or tool.route.answers),
        "annotations": {
            "title": tool.title,
            "readOnlyHint": tool.effect == "reads",
            "destructiveHint": tool.effect in ("replaces", "removes"),
            "idempotentHint": tool.effect != "adds",
            # Figures are ours and lists the caller's; what strangers wrote is from outside.
            "openWorldHint": tool.others_words,
        },
    }


def found(routes: tuple[Route, ...], path: str, method: str = "GET") -> Route:
    """Return the route that is declared at a path; there must be one."""
    return next(one for one in routes if (one.path, one.method) == (path, method))

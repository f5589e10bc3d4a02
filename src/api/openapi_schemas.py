"""The JSON Schemas of requests and answers, from the Structs that the routes declare."""

from collections.abc import Iterable
from types import NoneType, UnionType
from typing import Any, get_args

import msgspec

Json = dict[str, Any]
REF = "#/components/schemas/{name}"
# What a type is called in the document where its own name says too little there, or is another
# one's too. A name never changes because of what else there is, for clients are made from it.
NAMES = {
    "api.routes.payments.Event": "PaymentEvent",
    "api.shapes.auth.Registered": "AccountRegistered",
    "api.shapes.views.asset.Story": "AssetStory",
    "api.shapes.events.Event": "Event",
    "api.shapes.feeds.Registered": "FeedRegistered",
    "api.shapes.feeds.Removed": "RemovedFeed",
    "api.shapes.news.Story": "NewsStory",
    "api.shapes.oauth.Removed": "RemovedApp",
    "api.shapes.reports.Mood": "ReportedMood",
    "api.shapes.rules.Replayed": "ReplayedFire",
    "api.shapes.admin_sources.Replayed": "ReplayedTick",
    "api.shapes.views.overview.Mood": "NewsMood",
    "api.shapes.rules.Came": "RuleOutcome",
    "api.shapes.signals.Came": "PreviewOutcome",
    "Agreed": "PriceAgreement",
    "Asking": "AskingApp",
    "Beyond": "OtherFigure",
    "Company": "RelatedEntity",
    "Erased": "ErasedAccount",
    "Export": "AccountExport",
    "Fire": "PreviewFire",
    "Followed": "RuleRecord",
    "Item": "FeedItem",
    "Latest": "LatestPrice",
    "Market": "WholeMarket",
    "Passed": "PassedChallenge",
    "Prices": "AssetPrices",
    "Reason": "EventReason",
    "Record": "PreviewRecord",
    "Replayed": "ReplayedFire",
    "Source": "DashboardSource",
    "Tried": "TriedFeed",
    "Widget": "ChallengeWidget",
}


def name_of(named: str) -> str:
    """Return a component's name; msgspec names a type with its module where another is so called.

    One that NAMES lacks is told apart by its module: of a file `watchlists` "WatchlistsRemoved".
    """
    if named in NAMES:
        return NAMES[named]
    module, _, own = named.rpartition(".")
    return "".join(part.title() for part in module.rpartition(".")[2].split("_")) + own


def alternatives(kind: Any) -> tuple[Any, ...]:
    """Return the types that a union declares, besides None; a type alone is the only one."""
    if not isinstance(kind, UnionType):
        return (kind,)
    return tuple(one for one in get_args(kind) if one is not NoneType)


class Schemas:
    """The schemas of `kinds`, as references to `components` where they are Structs.

    `inline` are those whose own members are asked for: requests, which become parameters.
    """

    def __init__(self, kinds: Iterable[Any], inline: Iterable[type[msgspec.Struct]]) -> None:
        asked = list(inline)
        types = {id(kind): kind for kind in (*kinds, *asked)}
        made, found = msgspec.json.schema_components(types.values(), ref_template=REF)
        names = {REF.format(name=name): REF.format(name=name_of(name)) for name in found}
        self._by_id: dict[int, Json] = dict(
            zip(types, (_tidy(one, names) for one in made), strict=True)
        )
        known = {name_of(name): _tidy(schema, names) for name, schema in found.items()}
        for key in {id(kind) for kind in asked}:
            self._by_id[key] = known[self._by_id[key]["$ref"].rpartition("/")[2]]
        used = reachable(list(self._by_id.values()), known)
        self.components: Json = {name: known[name] for name in sorted(known) if name in used}

    def of(self, kind: Any) -> Json:
        """Return the schema of one of the types; {} of None."""
        return self._by_id.get(id(kind), {})


def reachable(roots: list[Json], definitions: Json, form: str = REF) -> set[str]:
    """Return the names of the definitions that are referred to, from one to the next.

    `form` is how a reference is written, with {name} in it.
    """
    found: set[str] = set()
    waiting: list[Any] = list(roots)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            waiting += value.values()
            name = str(value.get("$ref", "")).removeprefix(form.format(name=""))
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found


def _tidy(schema: Any, names: dict[str, str]) -> Any:
    """Return a schema with choices of choices as one, types beside enumerations, and our names."""
    if isinstance(schema, list):
        return [_tidy(one, names) for one in schema]
    if not isinstance(schema, dict):
        return schema
    tidy = {name: _tidy(value, names) for name, value in schema.items()}
    if isinstance(tidy.get("$ref"), str):
        tidy["$ref"] = names[tidy["$ref"]]
    if isinstance(tidy.get("title"), str):
        del tidy["title"]  # the component's name says it
    options = tidy.get("anyOf")
    if isinstance(options, list) and all(
        isinstance(one, dict) and "enum" in one for one in options
    ):
        del tidy["anyOf"]
        tidy["enum"] = [choice for one in options for choice in one["enum"]]
    enumerated = tidy.get("enum")
    if isinstance(enumerated, list) and all(isinstance(one, str) for one in enumerated):
        tidy["type"] = "string"
    return tidy

"""The lines of the exports: what each column is, in which unit, and what an empty cell means.

A test keeps them equal to the columns that api.routes.exports writes.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from api.openapi_examples import example_of
from api.routing import Route
from api.shapes.common import Fraction, Moment
from common.signal_types import SignalType

Json = dict[str, Any]
NDJSON, CSV = "application/x-ndjson", "text/csv"
NOT_YET = "empty until its horizon is over, and where it cannot be judged"


def _money(what: str) -> Meta:
    return Meta(description=what, extra_json_schema={"x-unit": "USD"})


Share = Annotated[
    float,
    Meta(
        description="change of the price since the signal, 0.01 is 1 %; empty until its horizon is"
        " over, and where no price is known at its end",
        extra_json_schema={"x-unit": "1"},
    ),
]
Hit = Annotated[
    int, Meta(ge=0, le=1, description=f"1: what the signal claims came true; 0: not; {NOT_YET}")
]
BaseRate = Annotated[
    float,
    Meta(
        ge=0, le=1, description=f"how often that comes true at random moments; {NOT_YET}",
        extra_json_schema={"x-unit": "1"},
    ),
]  # fmt: skip


class SignalLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the export of signals, with what came after 1, 4 and 24 hours."""

    id: Annotated[str, Meta(description="names the signal; ids are in the order of time")]
    type: SignalType
    asset_id: str
    symbol: str
    created_at: Annotated[Moment, Meta(description="the tick that it is about")]
    known_at: (
        Annotated[Moment, Meta(description="the tick at which it was found; empty of old ones")]
        | None
    )
    ended_at: Annotated[Moment, Meta(description="when it was over; empty while it lasts")] | None
    direction: str | None
    score: (
        Annotated[
            float,
            Meta(
                description="in thresholds, negative downwards; empty of old ones",
                extra_json_schema={"x-unit": "1"},
            ),
        ]
        | None
    )
    confidence_score: (
        Annotated[
            Fraction,
            Meta(
                description="calibrated probability of the claim after 4 hours; empty while too few"
                " such signals were judged",
                extra_json_schema={"x-unit": "1"},
            ),
        ]
        | None
    )
    price: (
        Annotated[
            float, _money("price of record at or first after the signal; empty where none is known")
        ]
        | None
    )
    return_1h: Share | None
    return_4h: Share | None
    return_24h: Share | None
    hit_1h: Hit | None
    hit_4h: Hit | None
    hit_24h: Hit | None
    base_rate_1h: BaseRate | None
    base_rate_4h: BaseRate | None
    base_rate_24h: BaseRate | None
    explanation: Annotated[str, Meta(description="why it fired, in a sentence")]


class PriceLine(msgspec.Struct, forbid_unknown_fields=True):
    """A line of the export of prices: one bar."""

    time: Annotated[Moment, Meta(description="the first second of the bar")]
    open: Annotated[float, _money("first price of record in the bar")]
    high: Annotated[float, _money("highest of them")]
    low: Annotated[float, _money("lowest of them")]
    close: Annotated[float, _money("last of them")]
    volume_24h: (
        Annotated[
            float,
            _money("volume of the 24 hours before the last tick; empty where nobody told it"),
        ]
        | None
    )
    market_cap: (
        Annotated[float, _money("as told at the last tick; empty where nobody told it")] | None
    )
    observed: Annotated[int, Meta(ge=1, description="how many ticks the bar is made of")]
    source: Annotated[str, Meta(description='of the last price; "consensus" where several agreed')]
    observed_at: Annotated[Moment, Meta(description="when the last price was observed")]


class Broken(msgspec.Struct, forbid_unknown_fields=True):
    """The last line of an export that a fault has cut off: what is before it is good."""

    error: str


LINES: dict[str, type[msgspec.Struct]] = {
    "/api/v1/exports/signals": SignalLine,
    "/api/v1/exports/market-data": PriceLine,
}


def content_of(media_type: str, route: Route, line: Json, broken: Json, components: Json) -> Json:
    """Return the content of a streamed answer, of which a line has the schema `line`."""
    example = example_of(line, components, "", LINES[route.path].__name__)
    if media_type == NDJSON:
        schema: Json = {
            "type": "string", "contentMediaType": NDJSON,
            "contentSchema": {"anyOf": [line, broken]},
            "description": "An object a line; contentSchema is of one line. Null is what is empty"
            " in CSV.",
        }  # fmt: skip
        return {"schema": schema, "example": msgspec.json.encode(example).decode() + "\n"}
    cells = (_cell(value) for value in example.values())
    return {
        "schema": {
            "type": "string",
            "description": "RFC 4180: a header with the names of x-columns, lines end in CRLF,"
            " texts are in quotes. A text that a spreadsheet would run as a formula has an"
            " apostrophe in front.",
            "x-columns": columns_of(line, components),
        },
        "example": f"{','.join(example)}\r\n{','.join(cells)}\r\n",
    }


def columns_of(line: Json, components: Json) -> list[Json]:
    """Return the columns of a line: name, type, unit, and what each says."""
    fields: Json = components[line["$ref"].rpartition("/")[2]]["properties"]
    told = []
    for name, schema in fields.items():
        options = schema.get("anyOf", [schema])
        said: Json = {**options[0], **{k: v for k, v in schema.items() if k != "anyOf"}}
        column: Json = {
            "name": name,
            "type": "date-time" if said.get("format") == "date-time" else said.get("type"),
            "unit": said.get("x-unit"), "description": said.get("description"),
            "may_be_empty": {"type": "null"} in options,
        }  # fmt: skip
        told.append({key: value for key, value in column.items() if value is not None})
    return told


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)

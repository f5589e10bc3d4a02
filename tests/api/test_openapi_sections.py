"""Names of schemas, webhooks and columns of exports in the OpenAPI document."""

import asyncio
import base64
import json
import re
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from api.objects import webhooks as hooks
from api.openapi import document
from api.openapi_exports import LINES, Broken
from api.openapi_schemas import NAMES, Schemas, alternatives, name_of
from api.openapi_webhooks import HEADERS, MESSAGES
from api.routes import ROUTES
from api.routes.exports import BAR_COLUMNS, SIGNAL_COLUMNS
from api.shapes import rules, signals
from common.alerts import PING, WebhookEvent
from common.database import Statement
from common.webhook_signing import headers, secret_of
from signals.delivery.matching import match
from tests.api.calling import KEY, Caller, insert_signal
from tests.api.judging import insert_outcome
from tests.signals.delivery.world import TICK, World

DOCUMENT = json.loads(json.dumps(document(ROUTES)))
SCHEMAS = DOCUMENT["components"]["schemas"]


# --- names ----------------------------------------------------------------------------------


def test_every_schema_has_a_readable_name() -> None:
    assert [name for name in SCHEMAS if not re.fullmatch("[A-Z][A-Za-z0-9]+", name)] == []
    assert {"Signal", "ListedAsset", "NewsStory", "AssetStory"} <= set(SCHEMAS)


def test_no_two_types_have_one_name() -> None:
    told = [one for route in ROUTES for one in (route.answers, route.request) if one is not None]
    _, found = msgspec.json.schema_components(told)
    names = [name_of(name) for name in found]
    assert sorted(names) == sorted(set(names))
    # What two types are called is told in NAMES: else either name would depend on the other.
    alike = [name for name in found if "." in name and name_of(name) in SCHEMAS]
    assert [name for name in alike if name not in NAMES] == []


def test_a_type_that_is_named_like_another_is_told_apart_by_its_module() -> None:
    made = Schemas([rules.Came, signals.Came, rules.RemovedRule], [])
    assert list(made.components) == ["PreviewOutcome", "RemovedRule", "RuleOutcome"]
    assert made.of(rules.Came) == {"$ref": "#/components/schemas/RuleOutcome"}
    assert name_of("api.shapes.price_lists.Removed") == "PriceListsRemoved"


def test_a_union_has_the_alternatives_that_were_declared() -> None:
    assert alternatives(int | list[str] | None) == (int, list[str])
    assert alternatives(list[str]) == (list[str],)


# --- webhooks -------------------------------------------------------------------------------


def checked(event: str, body: Any) -> None:
    """A body is what the section says of the event, by its type and by its schema."""
    told = DOCUMENT["webhooks"][event]["post"]["requestBody"]["content"]["application/json"]
    whole = {**told["schema"], "components": {"schemas": SCHEMAS}}
    jsonschema_rs.Draft202012Validator(whole).validate(body)
    msgspec.convert(body, type=MESSAGES[event][0])


def test_every_type_of_message_is_told_and_no_other() -> None:
    events = {*WebhookEvent.__args__, PING}  # type: ignore[attr-defined]
    assert set(DOCUMENT["webhooks"]) == set(MESSAGES) == events


@pytest.mark.parametrize("event", MESSAGES)
def test_the_example_of_a_message_is_one(event: str) -> None:
    content = DOCUMENT["webhooks"][event]["post"]["requestBody"]["content"]["application/json"]
    checked(event, content["example"])
    assert content["example"]["type"] == event


def test_what_is_sent_to_webhooks_is_what_the_section_says() -> None:
    for event, body in asyncio.run(sent()):
        checked(event, json.loads(body))


async def sent() -> list[tuple[str, str]]:
    """What a webhook is sent of each event: the type and the body."""
    world = World()
    world.hook("w1", "signal", "signal.ended", "alert")
    world.rule("r1", "w1")
    world.end(world.signal(), TICK)
    await match(world.database, int(world.now))
    values = ("w1", "u1", "1760001300-0123456789abcdef", TICK)
    await world.database.batch([Statement(hooks.PING, values)])
    rows = await world.database.all(Statement("SELECT event, body FROM webhook_deliveries", ()))
    assert {row["event"] for row in rows} == set(MESSAGES)
    return [(row["event"], row["body"]) for row in rows]


def test_the_headers_of_a_message_are_those_that_are_sent() -> None:
    secrets = [secret_of("0123456789abcdef" * 4, "w1", version) for version in (2, 1)]
    sent = headers(secrets, "1760001300-0123456789abcdef", TICK, b"{}")
    assert [one["name"] for one in HEADERS] == list(sent)
    for one in HEADERS:
        assert re.search(one["schema"]["pattern"], sent[one["name"]])
        assert re.search(one["schema"]["pattern"], one["example"])
    assert len(base64.b64decode(secrets[0].removeprefix("whsec_"))) == 32


# --- exports --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "columns"),
    [("/api/v1/exports/signals", SIGNAL_COLUMNS), ("/api/v1/exports/market-data", BAR_COLUMNS)],
)
def test_every_column_is_told_in_its_order_and_says_when_it_is_empty(
    path: str, columns: Any
) -> None:
    content = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]
    told = content["text/csv"]["schema"]["x-columns"]
    assert [one["name"] for one in told] == [column.name for column in columns]
    texts = {one["name"] for one in told if one["type"] in ("string", "date-time")}
    assert texts == {column.name for column in columns if column.text}
    for one in told:
        if one["may_be_empty"] and "description" in one:
            assert "empty" in one["description"]
    header, line, end = content["text/csv"]["example"].split("\r\n")
    assert (header.split(","), end) == ([column.name for column in columns], "")
    assert line.count(",") >= len(columns) - 1


@pytest.mark.parametrize(
    "path", ["/api/v1/exports/signals", "/api/v1/exports/market-data?symbol=BTC&interval=1h"]
)
def test_a_line_of_ndjson_is_what_the_schema_says(ask: Caller, path: str) -> None:
    insert_signal(ask.database, 50, score=1.5, known_at=1)
    judged = insert_signal(ask.database, 51)
    insert_outcome(ask.database, judged, judged_at=TICK, hit=1, control_n=4, control_hits=1)
    answer = ask(f"{path}{'&' if '?' in path else '?'}format=ndjson", key=KEY)
    bare = path.partition("?")[0]
    content = DOCUMENT["paths"][bare]["get"]["responses"]["200"]["content"]["application/x-ndjson"]
    schema = {**content["schema"]["contentSchema"], "components": {"schemas": SCHEMAS}}
    lines = whole(answer.body)
    assert len(lines) > 10
    for line in [*lines, content["example"], '{"error":"cut off"}']:
        jsonschema_rs.Draft202012Validator(schema).validate(json.loads(line))
    for line in lines:
        msgspec.json.decode(line, type=LINES[bare], strict=True)
    assert msgspec.json.decode('{"error":"cut off"}', type=Broken)


def whole(body: Any) -> list[str]:
    async def collected() -> str:
        return "".join([part async for part in body])

    return asyncio.run(collected()).splitlines()

"""The resources: reports, in Markdown and in JSON."""

import msgspec
import pytest

from api.principal import Principal
from api.shapes.reports import Report
from tests.api.calling import Caller
from tests.api.mcp.talking import message, modern, post, refused, result, told
from tests.api.posting import kind

DAILY = "cryptointel://reports/daily/latest"


def test_the_newest_reports_are_listed_and_the_others_by_a_template(ask: Caller) -> None:
    found = result(ask, "resources/list", key=None)["resources"]
    assert [one["uri"] for one in found] == [DAILY, "cryptointel://reports/weekly/latest"]
    (template,) = result(ask, "resources/templates/list", key=None)["resourceTemplates"]
    assert template["uriTemplate"] == "cryptointel://reports/{period}/{date}"


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        (DAILY, "/api/v1/reports/daily"),
        ("cryptointel://reports/weekly/latest", "/api/v1/reports/weekly"),
        ("cryptointel://reports/daily/2025-10-09", "/api/v1/reports/daily?date=2025-10-09"),
    ],
)
def test_a_report_is_read_as_markdown_and_as_json(ask: Caller, uri: str, path: str) -> None:
    text, data = result(ask, "resources/read", {"uri": uri})["contents"]
    assert (text["uri"], text["mimeType"]) == (uri, "text/markdown")
    whole = msgspec.json.decode(data["text"])
    assert whole["data"] == ask.data(path)
    msgspec.convert(whole["data"], Report)
    assert text["text"] == ask(path + ("&" if "?" in path else "?") + "format=markdown").body


@pytest.mark.parametrize(
    "uri",
    [
        "cryptointel://reports/daily/yesterday", "cryptointel://reports/daily/latest?x=1",
        "cryptointel://reports/hourly/latest", "https://example.com", "", None, 7,
    ],
)  # fmt: skip
def test_there_is_no_other_resource(ask: Caller, uri: object) -> None:
    answer = post(ask, message("resources/read", {"uri": uri}))
    assert refused(answer, 200)["code"] == -32002
    if isinstance(uri, str) and uri:
        assert refused(modern(ask, "resources/read", {"uri": uri}), 400)["code"] == -32602


def test_a_day_that_has_not_begun_is_a_wrong_request(ask: Caller) -> None:
    error = refused(
        post(ask, message("resources/read", {"uri": "cryptointel://reports/daily/2031-01-01"})), 200
    )
    assert error["code"] == -32602
    assert "2025-10-09" in error["message"]


def test_a_report_is_the_caller_s_to_keep_for_a_minute(ask: Caller) -> None:
    found = told(modern(ask, "resources/read", {"uri": DAILY}))["result"]
    assert (found["ttlMs"], found["cacheScope"]) == (60_000, "private")


def test_reading_needs_what_the_report_needs(ask: Caller) -> None:
    sent = message("resources/read", {"uri": DAILY})
    answer = post(ask, sent, key=None)
    assert kind(answer, 401)[0] == "key-missing"
    assert 'scope="analytics:read market' in answer.headers["www-authenticate"]
    narrow = Principal("u1", "trader", "enterprise", "app", frozenset({"market:read"}))
    assert kind(post(ask, sent, key=None, principal=narrow), 403)[0] == "scope-missing"

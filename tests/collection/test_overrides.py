"""What an operator may change of a source by a setting."""

import pytest

from collection.feed import feed
from collection.overrides import overridden
from collection.sources.coingecko import SOURCE

NEWS = feed("news", "News", "https://news.example", "https://news.example/rss")
OFF = "turned off by the operator"


def test_without_the_setting_sources_stay_as_they_are() -> None:
    assert overridden([SOURCE, NEWS], "") == [SOURCE, NEWS]


def test_a_source_is_turned_off_and_another_is_not() -> None:
    gecko, news = overridden([SOURCE, NEWS], '{"news": {"enabled": false}}')
    assert (gecko.off_reason, news.off_reason) == (SOURCE.off_reason, OFF)


def test_a_source_that_is_off_by_default_is_turned_on() -> None:
    (off,) = overridden([NEWS], '{"news": {"enabled": false}}')
    (on,) = overridden([off], '{"news": {"enabled": true}}')
    assert on.off_reason is None


def test_a_paid_plan_has_another_host_header_and_budget() -> None:
    text = """{"coingecko": {"bases": {"https://api.coingecko.com/": "https://pro-api.coingecko.com"},
      "key_header": "x-cg-pro-api-key", "requests_per_minute": 300, "burst": 30}}"""
    (pro,) = overridden([SOURCE], text)
    urls = [endpoint.url for endpoint in pro.endpoints]
    assert pro.history is not None
    urls += pro.history.urls
    assert all(url.startswith("https://pro-api.coingecko.com/api/v3/") for url in urls)
    assert (pro.key_header, pro.requests_per_minute, pro.burst) == ("x-cg-pro-api-key", 300, 30)


def test_a_star_means_all_and_a_name_comes_after_it() -> None:
    text = '{"news": {"requests_per_minute": 5}, "*": {"requests_per_minute": 9}}'
    gecko, news = overridden([SOURCE, NEWS], text)
    assert (gecko.requests_per_minute, news.requests_per_minute) == (9, 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "SOURCE_OVERRIDES: "),
        ('{"nobody": {}}', "SOURCE_OVERRIDES: no source is called 'nobody'; there are"),
        ('{"news": {"enable": true}}', "unknown field `enable`"),
        ('{"news": {"enabled": "yes"}}', "Expected `bool"),
    ],
)
def test_a_mistake_is_named(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        overridden([NEWS], text)

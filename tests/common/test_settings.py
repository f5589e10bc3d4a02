from types import SimpleNamespace
from typing import Any

import pytest

from common.settings import Settings, read


def test_nothing_set_is_production_with_live_data() -> None:
    assert read(SimpleNamespace()) == Settings()
    assert (Settings().environment, Settings().data_origin) == ("production", "live")
    assert Settings().upstream == ""


def test_variables_are_read_by_their_name_in_capitals() -> None:
    env = SimpleNamespace(ENVIRONMENT="local", DATA_ORIGIN="simulated", market_pages=9)
    assert read(env) == Settings(environment="local", data_origin="simulated")


@pytest.mark.parametrize("pages", [3, "3"])
def test_a_number_may_be_written_as_text(pages: Any) -> None:
    assert read(SimpleNamespace(MARKET_PAGES=pages)).market_pages == 3
    assert read(SimpleNamespace(REQUEST_SECONDS="2.5")).request_seconds == 2.5


def test_what_is_no_setting_is_not_read() -> None:
    env = SimpleNamespace(COINGECKO_API_KEY="secret", DB=object())
    assert read(env) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKET_PAGES", "many"),
        ("MARKET_PAGES", "1.5"),
        ("MARKET_PAGES", ""),
        ("HISTORY_ASSETS_PER_TICK", "ten"),
        ("REQUEST_SECONDS", "soon"),
        ("DATA_ORIGIN", "invented"),
        ("UPSTREAM", 7),
    ],
)
def test_a_bad_value_is_named_with_where_it_stands(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"wrangler config, \[vars\]: .*{name.lower()}"):
        read(SimpleNamespace(**{name: value}))


def test_settings_cannot_be_changed_after_they_are_read() -> None:
    with pytest.raises(AttributeError):
        read(SimpleNamespace()).market_pages = 2  # type: ignore[misc]

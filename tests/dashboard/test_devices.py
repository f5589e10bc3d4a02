"""What the list of sessions says of a browser: its name and system, and no more."""

import pytest

from dashboard.devices import country, describe

AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.1 Safari/605.1.15": "Safari on macOS",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) CriOS/131.0.0.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
    "Mozilla/5.0 (Linux; Android 15; SM-S928B) AppleWebKit/537.36 (KHTML, like Gecko)"
    " SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
    "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": "Firefox on Linux",
    "curl/8.5.0": "curl",
    "<script>alert(1)</script>": "A program",
    "": "A program",
}


@pytest.mark.parametrize("agent", AGENTS)
def test_a_browser_is_called_by_its_name_and_system(agent: str) -> None:
    assert describe(agent) == AGENTS[agent]
    assert describe(None) == "A program"


@pytest.mark.parametrize(
    ("header", "told"),
    [("DE", "DE"), ("de", "DE"), ("XX", None), ("T1", None), ("", None), (None, None),
     ("<b>", None)],
)  # fmt: skip
def test_a_country_is_two_letters_or_not_told(header: str | None, told: str | None) -> None:
    assert country(header) == told

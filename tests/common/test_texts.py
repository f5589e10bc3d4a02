"""Which names may be shown to others."""

import re

import pytest

from common.texts import NAMED, ONE_LINE


@pytest.mark.parametrize("text", ["Portfolio", "Müller & Söhne 2", "日本", "a b", "🙂"])
def test_a_name_in_any_language_is_taken(text: str) -> None:
    assert re.search(ONE_LINE, text)
    assert re.search(NAMED, text)


@pytest.mark.parametrize(
    "code", [0x00, 0x0A, 0x7F, 0x85, 0x200B, 0x200E, 0x202E, 0x2028, 0x2066, 0x2060, 0xFEFF]
)
def test_what_turns_or_hides_the_text_behind_it_is_not(code: int) -> None:
    assert not re.search(ONE_LINE, f"Evil {chr(code)}App")
    assert not re.search(NAMED, f"Evil {chr(code)}App")

"""Texts that people give to be shown: one line, and nothing that turns or hides what follows."""

# No control characters, no line separators, and none of the invisible ones that change the
# direction of a text or are not seen at all (Unicode TR 36, 3.2).
INVISIBLE = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
ONE_LINE = rf"^[^{INVISIBLE}]+$"
NAMED = rf"^[^\x20{INVISIBLE}][^{INVISIBLE}]*$"

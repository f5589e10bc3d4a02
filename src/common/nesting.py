"""How deep and how large JSON is, told before anything decodes it.

Decoders recurse into nested values and make an object of every one of them:
a body of a few megabytes can exhaust the stack, or many times its size of memory.
"""

import re

_SIGNS = bytes.maketrans(b"{}", b"[]")
_OTHERS = bytes(set(range(256)) - set(b'"{}[],'))
_strings = re.compile(rb'"[^"]*"?')


def check_nesting(body: bytes, deepest: int, most_values: int) -> None:
    """Raise ValueError when `body` nests deeper, or may hold more values, than that.

    Linear in the body, times `deepest` in the brackets: every round takes the
    innermost pairs away. Brackets that do not pair are left to the decoder.
    """
    signs = body.replace(rb"\\", b"").replace(rb"\"", b"").translate(_SIGNS, _OTHERS)
    # Two quotes side by side are an empty string, or the end of one and the start of the next.
    signs = _strings.sub(b"", signs.replace(b'""', b""))
    if signs.count(b",") + signs.count(b"[") > most_values:
        raise ValueError(f"more than {most_values:,} values")
    signs = signs.replace(b",", b"")
    for _ in range(deepest):
        if not signs:
            return
        signs = signs.replace(b"[]", b"")
    if b"[]" in signs or signs.count(b"[") > deepest:
        raise ValueError(f"nested deeper than {deepest} levels")

"""Writing the weights as a module: one text of compressed 8-bit numbers."""

from base64 import b85encode
from pathlib import Path
from zlib import compress, crc32

import numpy as np

from collection.news.sentiment_features import SLOTS
from tools.quality.logistic import Array

_TEXT = '''"""Weights of `sentiment`, made by tools/quality/train_sentiment.py: change nothing here.

Tables for words, pieces, pairs and marks in a row, of signed bytes: two a slot, for
bad and good against neutral. A byte times its table's scale is the weight.
"""

VERSION = "{version}"
SCALES = {scales}
BIAS = ({bias})
SLOPE = {slope}  # makes probabilities of scores
WEIGHTS = "{weights}"  # noqa: E501
'''


def write(path: Path, tables: dict[str, Array], bias: Array, slope: float) -> int:
    """Write the module and return its size in bytes. The same weights make the same file."""
    parts, scales = [], []
    for name in SLOTS:
        table = tables[name][:, [0, 2]] - tables[name][:, [1]]
        scale = float(f"{max(float(np.abs(table).max()), 1e-9) / 127:.4g}")
        scales.append(f'"{name}": {scale!r}')
        parts.append(np.clip(np.round(table / scale), -127, 127).astype(np.int8).tobytes())
    body = b85encode(compress(b"".join(parts), 9)).decode()
    text = _TEXT.format(
        version=f"{crc32(body.encode()):08x}",
        scales="{" + ", ".join(scales) + "}",
        bias=", ".join(f"{float(value):.4f}" for value in (bias[0] - bias[1], bias[2] - bias[1])),
        slope=slope,
        weights=body,
    )
    path.write_text(text, encoding="utf-8")
    return len(text.encode())

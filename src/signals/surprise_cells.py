"""Cells of a range that moves: where a value lies, and where the cells went when it was cut anew.

    place = (value - middle) / half     from -1 to 1
    cell  = round(place * cells / 2)    from -(cells // 2) to cells // 2

An odd number of equal cells around the middle, so that a mirrored series has
mirrored cells. A map is a square of counts over two such cuts, a row for each
cell of the first, in one bytearray with others. When a range is cut anew, a
count goes to the cell in which its cell's centre lies now, and a cell that no
count went to takes that of the old cell in which its centre lay: coarser cells
gather what was seen, finer ones inherit it, and space outside the old range is new.

Moving by centres loses up to half a cell each time; ranges cut often blur.
"""

import msgspec

EDGE = 1 - 1e-9  # keeps the ends of a range inside the outer cells


class Span(msgspec.Struct, array_like=True):
    """The range of a stream: its ends, and the middle and half width that are cut into cells."""

    low: float
    high: float
    middle: float
    half: float

    def cell(self, value: float, cells: int) -> int:
        """Return which of `cells` cells the value lies in, the nearest if it lies outside."""
        place = (value - self.middle) / self.half if self.half else 0.0
        return round(max(-1.0, min(place, 1.0)) * EDGE * cells / 2) + cells // 2

    def centre(self, cell: int, cells: int) -> float:
        """Return the value in the middle of a cell."""
        return self.middle + self.half * (2 * (cell - cells // 2) / cells)


class Moves(msgspec.Struct, frozen=True):
    """By cell: where a cell's count goes, and whose count a cell takes that got none."""

    target: list[int]
    source: list[int | None]


def moves(old: Span, new: Span, cells: int) -> Moves | None:
    """Return how counts move between two cuts of a range, None if all stay."""
    shift = abs(new.middle - old.middle) + abs(new.half - old.half)
    if shift * (cells + 1) < min(new.half, old.half):
        return None  # no centre comes to lie in another cell
    centres = [new.centre(cell, cells) for cell in range(cells)]
    return Moves(
        target=[new.cell(old.centre(cell, cells), cells) for cell in range(cells)],
        source=[
            old.cell(at, cells) if abs(at - old.middle) <= old.half else None for at in centres
        ],
    )


def move_rows(counts: bytearray, start: int, cells: int, how: Moves) -> None:
    """Move the counts of the map at `start` between its rows."""
    for column in range(start, start + cells):
        _move(counts, range(column, column + cells * cells, cells), how)


def move_columns(counts: bytearray, start: int, cells: int, how: Moves) -> None:
    """Move the counts of the map at `start` within each row."""
    for row in range(start, start + cells * cells, cells):
        _move(counts, range(row, row + cells), how)


def _move(counts: bytearray, places: range, how: Moves) -> None:
    old = [counts[place] for place in places]
    if not any(old):
        return
    new = [0] * len(old)
    for count, cell in zip(old, how.target, strict=True):
        new[cell] = min(2, new[cell] + count)
    for cell, origin in enumerate(how.source):
        if not new[cell] and origin is not None:
            new[cell] = old[origin]
    for place, count in zip(places, new, strict=True):
        counts[place] = count

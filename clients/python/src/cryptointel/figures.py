"""Plots for the notebook page: `plot` says what to draw, the page draws it.

    plot("time", "close", data=client.bars("BTC"), title="Bitcoin", unit="USD")
    plot([1, 2, 3], [4, 5, 6], kind="bar")

Outside of the notebook page a figure is only what is in it (`to_rows`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from cryptointel.tables import to_rows

Kind = Literal["line", "bar", "points"]
Axis = Literal["time", "number", "category"]
MIME = "application/vnd.cryptointel.figure+json"
MOST_POINTS = 200_000

# The notebook shows what was plotted in a cell, also when it is not the cell's last value.
on_plot: list[Callable[["Figure"], None]] = []


@dataclass(frozen=True)
class Series:
    """One line, set of bars or of points; None in `y` is a gap."""

    label: str
    kind: Kind
    x: list[float | str]
    y: list[float | None]


@dataclass(frozen=True)
class Mark:
    """A moment or place on the x axis that is pointed out."""

    x: float | str
    label: str


@dataclass
class Figure:
    """A chart of one or more series over one x axis, which is in epoch seconds for times."""

    title: str = ""
    unit: str = ""
    axis: Axis = "number"
    series: list[Series] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def add(
        self, x: Any, y: Any, *, data: Any = None, label: str = "", kind: Kind = "line"
    ) -> "Figure":
        """Add series: `y` over `x`, or columns of the rows in `data`. Return the figure.

        Rows without a value for x are left out. Raises ValueError for lists of
        different lengths and for an x that does not go with what is there.
        """
        names = [y] if data is None or isinstance(y, str) else list(y)
        for name in names:
            xs, ys = (x, name) if data is None else _columns(data, x, name)
            self._add(list(xs), list(ys), label or (name if data is not None else ""), kind)
        return self

    def mark(self, x: Any, labels: Any = "", *, data: Any = None) -> "Figure":
        """Point out places on the x axis, each with a label. Return the figure."""
        if data is not None:
            xs, texts = _columns(data, x, labels) if labels else (_column(data, x), [])
        else:
            xs = [x] if isinstance(x, str | int | float | date) else list(x)
            texts = [labels] * len(xs) if isinstance(labels, str) else list(labels)
        places = self._places([place for place in xs if place is not None])
        texts = [str(text) for text in texts] or [""] * len(places)
        self.marks += [Mark(x, text) for x, text in zip(places, texts, strict=True)]
        return self

    def to_rows(self) -> list[dict[str, Any]]:
        """Return what is drawn as rows: series, x, y."""
        return [
            {"series": series.label, "x": x, "y": y}
            for series in self.series
            for x, y in zip(series.x, series.y, strict=True)
        ]

    def _add(self, xs: list[Any], ys: list[Any], label: str, kind: Kind) -> None:
        if len(xs) != len(ys):
            raise ValueError(f"x has {len(xs)} values and y {len(ys)}: they go in pairs")
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if x is not None]
        if sum(len(series.x) for series in self.series) + len(pairs) > MOST_POINTS:
            raise ValueError(f"a plot has at most {MOST_POINTS:,} points")
        places = self._places([x for x, _ in pairs])
        values = [_number(y) for _, y in pairs]
        if self.axis != "category":  # the API lists the newest first, a line goes the other way
            order = sorted(range(len(places)), key=lambda at: places[at])
            places, values = [places[at] for at in order], [values[at] for at in order]
        name = label or (f"series {len(self.series) + 1}" if self.series else self.title or "y")
        self.series.append(Series(name, kind, places, values))

    def _places(self, xs: Sequence[Any]) -> list[Any]:
        axis, places = _read_axis(xs)
        if xs and self.series and axis != self.axis:
            raise ValueError(f"this x is a {axis}, and that of the figure a {self.axis}")
        if xs:
            self.axis = axis
        return places

    def __repr__(self) -> str:
        points = sum(len(series.x) for series in self.series)
        names = ", ".join(series.label for series in self.series)
        return f"<Figure {self.title!r}: {names}; {points} points>"


def plot(
    x: Any,
    y: Any,
    *,
    data: Any = None,
    title: str = "",
    label: str = "",
    unit: str = "",
    kind: Kind = "line",
) -> Figure:
    """Draw `y` over `x`: lists of one length, or names of columns of the rows in `data`.

    `x` may be numbers, times (ISO 8601 or datetime) or names; with `data`, `y` may be several
    columns. `kind` is "line", "bar" or "points". `Figure.add` draws more, `Figure.mark` points
    places out. Raises ValueError for lists of different lengths.
    """
    figure = Figure(title=title, unit=unit).add(x, y, data=data, label=label, kind=kind)
    for tell in on_plot:
        tell(figure)
    return figure


def _columns(data: Any, x: str, y: str) -> tuple[list[Any], list[Any]]:
    return _column(data, x), _column(data, y)


def _column(data: Any, name: str) -> list[Any]:
    rows = data.to_dict("records") if hasattr(data, "to_dict") else to_rows(data)
    if rows and name not in rows[0]:
        raise ValueError(f"there is no column {name!r}; there are {', '.join(map(str, rows[0]))}")
    return [row[name] for row in rows]


def _read_axis(xs: Iterable[Any]) -> tuple[Axis, list[Any]]:
    """Return what an x axis shows, and its values as they are drawn."""
    values = list(xs)
    times = [_seconds(value) for value in values]
    if values and all(time is not None for time in times):
        return "time", times
    numbers = [_number(value) for value in values]
    if all(number is not None for number in numbers):
        return "number", numbers
    return "category", [str(value) for value in values]


def _seconds(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()


def _number(value: Any) -> float | None:
    if isinstance(value, str | bytes) or value is None:
        return None
    number = float(value)
    return number if number - number == 0 else None  # neither infinite nor no number

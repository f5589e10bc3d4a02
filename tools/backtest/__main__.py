"""Run the whole signal path over a history and say what would have come of its signals.

    python -m tools.backtest --data DIR [--out FILE] [--json]

DIR is a folder with CSV price histories (and headlines), a raw archive (raw/...), an
export of the database (SQLite or SQL), or such a file. Nothing is fetched. FILE becomes
a page with the plots, by itself in one file.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from signals.detectors import DETECTORS
from signals.walk import walk
from tools.backtest import csv_history, plot, report, stored, table
from tools.backtest.loaded import BadInputError, Loaded

ENDINGS = (".csv", ".csv.gz")
EXPORTS = (".sqlite", ".sqlite3", ".db", ".sql")


def load(data: Path) -> Loaded:
    """Return the history at `data`, whatever kind it is. Raises BadInputError."""
    if not data.exists():
        raise BadInputError(f"{data}: there is no such file or folder")
    if data.is_dir() and stored.is_archive(data):
        return stored.load_archive(data, DETECTORS)
    files = sorted(data.rglob("*")) if data.is_dir() else [data]
    files = [file for file in files if file.is_file()]
    exports = [file for file in files if file.suffix in EXPORTS]
    ours = [file for file in exports if file.suffix == ".sql" or stored.is_ours(file)]
    if len(ours) > 1:
        raise BadInputError(f"{data} holds several exports, name one: {', '.join(map(str, ours))}")
    if ours or exports == [data]:
        return stored.load_export(ours[0] if ours else data, DETECTORS)
    tables = [file for file in files if file.name.endswith(ENDINGS)]
    if tables:
        return csv_history.load(tables)
    raise BadInputError(
        f"{data}: nothing to walk over: no *.csv or *.csv.gz ({csv_history.WANTED}),"
        f" no raw/ folder, no database export ({', '.join(EXPORTS)})"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.backtest",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(".local/backtest.html"))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    given = parser.parse_args(arguments)
    try:
        loaded = load(given.data)
        walked = walk(DETECTORS, loaded.history, stored.END)
        told = report.make(walked, loaded, DETECTORS)
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(plot.page(told, walked, loaded.history), "utf-8")
    except (BadInputError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for line in table.json_lines(told) if given.json else table.text_lines(told):
        print(line)
    print(f"plots: {given.out}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

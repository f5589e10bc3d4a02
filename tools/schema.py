"""`python -m tools.schema`: write schema.sql, the schema that the migrations produce.

The file is for reading and for reviews of a new migration; nothing loads it.
"""

import sqlite3

from tools.system.layout import PROJECT

SNAPSHOT = PROJECT / "schema.sql"
MIGRATIONS = PROJECT / "migrations"
HEADER = (
    "-- What migrations/ produce. Written by `python -m tools.schema`; a test keeps it equal.\n"
)

# Tables by name, behind each what belongs to it. Automatic indexes have no text.
OBJECTS = """
SELECT tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL
ORDER BY tbl_name, type <> 'table', type, name
"""


def snapshot() -> str:
    """Return the text of schema.sql. Raises sqlite3.Error when a migration does not run."""
    connection = sqlite3.connect(":memory:")
    try:
        for file in sorted(MIGRATIONS.glob("*.sql")):
            connection.executescript(file.read_text("utf-8"))
        text, last = HEADER, None
        for table, sql in connection.execute(OBJECTS):
            text += f"{'' if table == last else chr(10)}{sql};\n"
            last = table
        return text
    finally:
        connection.close()


def main() -> int:
    """Write the snapshot."""
    SNAPSHOT.write_text(snapshot(), "utf-8")
    print(f"{SNAPSHOT.relative_to(PROJECT)} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The database that tests run on: see tools/sqlite_database.py."""

from tools.sqlite_database import MIGRATIONS, SqliteDatabase, migrated

__all__ = ["MIGRATIONS", "SqliteDatabase", "migrated"]

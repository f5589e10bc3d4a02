"""The database that tests run on: see tools/sqlite_database.py."""

from tools.sqlite_database import MIGRATIONS, SqliteDatabase, copy_of, migrated

__all__ = ["MIGRATIONS", "SqliteDatabase", "copy_of", "migrated"]

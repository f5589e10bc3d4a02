"""The version of what is stored: answers made of it hold until it changes.

Whoever stores something that everybody may read adds RAISE to the same
transaction, or sends it at once after several.
"""

from common.database import Statement

RAISE = Statement(
    "UPDATE data_version SET version = version + 1, changed_at = unixepoch() WHERE id = 1"
)
# One JSON array: the version, and the wall time of the last change in epoch seconds.
READ = Statement("SELECT json_array(version, changed_at) FROM data_version WHERE id = 1")

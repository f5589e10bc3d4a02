"""schema.sql, the tables that the design promises, and what each index is for."""

import importlib
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import source_tree
from tests.support.sqlite import migrated
from tools import schema

# Index -> the statement that needs it. An index without a line here costs a
# written row at every insert and gives nothing: drop it.
QUERIES = {
    "audit_log_by_subject": "api.admin.audit.OF_SUBJECT",
    "users_admins": "api.admin.users.CHANGE",
    "assets_by_symbol": "api.routes.market_data.LATEST",
    "assets_without_history": "collection.store.prices.ASSETS_WITHOUT_HISTORY",
    "asset_addresses_by_asset": "collection.store.prices.LARGEST",
    "entity_relations_by_object": "api.routes.entities.ENTITY",
    "news_items_by_tick": "signals.store.points.LOAD_STORIES",
    "news_mentions_by_story": "signals.store.points.LOAD_STORIES",
    "events_by_asset": "api.routes.events.BY_ASSET",
    "events_by_last_reason": "signals.store.results.LOAD_EVENTS",
    "events_open": "api.routes.events.OPEN",
    "outcomes_due": "signals.store.judging.DUE",
    "outcomes_judged": "signals.store.judging.JUDGED",
    "signals_by_type": "api.routes.signals.BY_TYPE",
    "signals_by_asset": "api.views.parts.ASSET_SIGNALS",
    "signals_by_time": "api.views.overview.OVERVIEW",
    "outbox_undelivered": "signals.publish.UNDELIVERED",
    "alerts_by_asset": "signals.delivery.matching.INSERT_ALERTS",
    "webhooks_by_owner": "api.objects.webhooks.LIST",
    "webhook_deliveries_by_webhook": "api.objects.webhooks.DELIVERIES",
    "webhook_deliveries_due": "signals.delivery.due.CLAIM",
    "push_subscriptions_by_owner": "api.objects.push.LIST",
    "push_messages_due": "signals.delivery.push_planning.WAITING",
    "push_messages_by_age": "signals.delivery.push_due.FORGET_MESSAGES",
    "push_deliveries_due": "signals.delivery.push_due.CLAIM",
    "usage_batches_by_age": "api.usage.FORGET",
    "user_analytics_by_time": "api.routes.revenue.REVENUE",
    "payments_natural_key": "api.payments.ledger.STANDING",
    "payments_open": "api.payments.reconciling.OPEN",
    "payments_unclear": "api.routes.revenue.REVENUE",
    "payments_without_money": "api.payments.reconciling.FORGET",
    "payments_by_settlement": "api.routes.revenue.REVENUE",
    "payments_by_user": "api.routes.payments.OWN",
    "payment_events_by_payment": "api.routes.payments.OWN",
    "users_by_email": "dashboard.accounts.FIND_BY_EMAIL",
    "sessions_by_expiry": "dashboard.sessions.DELETE_EXPIRED",
    "sessions_by_user": "dashboard.sessions.LIST",
    "passkeys_by_user": "dashboard.passkeys.OF_USER",
    "linked_sign_ins_by_user": "dashboard.linked.DELETE",
    "used_steps_by_expiry": "dashboard.sealed.FORGET",
    "sign_in_tries_by_expiry": "dashboard.lockout.FORGET",
    "api_keys_by_user": "api.identity.api_keys.LIST",
    "oauth_clients_by_owner": "api.identity.clients.LIST",
    "oauth_clients_unclaimed": "api.identity.registration.FORGET",
    "oauth_grants_by_client": "api.identity.clients.DELETE_GRANTS",
    "oauth_codes_by_expiry": "api.identity.codes.FORGET",
    "oauth_codes_by_user": "api.identity.owned.ERASE_CODES",
    "token_families_by_user": "api.identity.families.REVOKE_OF_CLIENT",
    "token_families_by_expiry": "api.identity.families.FORGET",
}
# Unique index -> the statement whose upsert has it as its conflict target.
CONFLICT_TARGETS = {
    "push_subscriptions_natural_key": "api.objects.push.SUBSCRIBE",
    "push_deliveries_natural_key": "signals.delivery.push_planning.INSERT_SIGNALS",
    "webhook_deliveries_natural_key": "signals.delivery.matching.INSERT_SIGNALS",
    "entity_mentions_natural_key": "collection.store.news.INSERT_MENTIONS",
    "user_analytics_natural_key": "api.usage.INSERT",
    "series_natural_key": "collection.store.readings.UPSERT_SERIES",
}

PROMISED = {
    "market_data": {
        "id": "INTEGER", "symbol": "TEXT", "price": "REAL", "volume_24h": "REAL",
        "market_cap": "REAL", "timestamp": "DATETIME", "source": "TEXT",
    },
    "signals": {
        "id": "", "type": "TEXT", "symbol": "TEXT", "confidence_score": "REAL",
        "metadata": "TEXT", "created_at": "",
    },
    "entity_mentions": {
        "id": "", "entity_type": "", "entity_name": "", "source": "", "mention_count": "",
        "last_seen": "",
    },
    "user_analytics": {
        "id": "", "user_id": "", "endpoint": "", "revenue_generated": "REAL", "timestamp": "",
    },
}  # fmt: skip
GROWING = (
    "market_data", "signals", "news_items", "readings", "news_relations", "outcomes", "signal_log",
    "events", "detection_runs", "market_levels", "alerts", "webhook_deliveries",
    "push_messages", "push_deliveries",
    "payments", "payment_events",
)  # fmt: skip

# What runs on the databases of Durable Objects, in tests/signals/test_hub.py.
ELSEWHERE = ("signals.live.log", "signals.live.relay", "signals.live.shard")

_statement = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\s")
_parameter = re.compile(r"\?(\d+)")
_table = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)(?:\s+(?:AS\s+)?(\w+))?", re.I)


def discover() -> Iterator[tuple[str, str]]:
    """Yield (module.NAME, SQL) for every statement that is a constant of src."""
    seen: set[str] = set()
    for file in source_tree.pure_files():
        module = source_tree.module_name(file)
        if module in ELSEWHERE:
            continue
        for name, value in vars(importlib.import_module(module)).items():
            sql = isinstance(value, str) and _statement.match(value)
            if name.isupper() and not name.startswith("_") and sql and value not in seen:
                seen.add(value)
                yield f"{module}.{name}", value


STATEMENTS = dict(discover())
INDEXES = [
    name
    for (name,) in migrated().execute(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
    )
]


@pytest.fixture(scope="module")
def database() -> sqlite3.Connection:
    return migrated()


def constant(path: str) -> str:
    module, name = path.rsplit(".", 1)
    value: str = getattr(importlib.import_module(module), name)
    return value


def explain(database: sqlite3.Connection, sql: str, how: str = "EXPLAIN QUERY PLAN") -> list[Any]:
    count = max((int(number) for number in _parameter.findall(sql)), default=0)
    return database.execute(f"{how} {sql}", [None] * count).fetchall()


def plan(database: sqlite3.Connection, sql: str) -> list[str]:
    return [row[3] for row in explain(database, sql)]


def scanned(database: sqlite3.Connection, sql: str) -> set[str]:
    """Return the tables that a statement reads from one end to the other."""
    names = {alias: table for table, alias in _table.findall(sql)}
    names |= {table: table for table, _ in _table.findall(sql)}
    whole = (line.split()[1] for line in plan(database, sql) if line.startswith("SCAN "))
    return {names.get(name, name) for name in whole}


def test_the_snapshot_is_what_the_migrations_produce() -> None:
    assert schema.SNAPSHOT.read_text("utf-8") == schema.snapshot(), (
        "run `python -m tools.schema` and look at what changed"
    )


def test_the_snapshot_builds_the_same_schema_by_itself(database: sqlite3.Connection) -> None:
    alone = sqlite3.connect(":memory:")
    alone.executescript(schema.SNAPSHOT.read_text("utf-8"))
    names = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY 1, 2"
    assert alone.execute(names).fetchall() == database.execute(names).fetchall()
    alone.close()


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = [int(file.name[:4]) for file in sorted(schema.MIGRATIONS.glob("*.sql"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("table", PROMISED)
def test_a_table_of_the_design_has_its_columns(database: sqlite3.Connection, table: str) -> None:
    columns = {row[1]: row[2] for row in database.execute(f"PRAGMA table_info({table})")}
    for name, kind in PROMISED[table].items():
        assert name in columns
        assert columns[name] == (kind or columns[name])


def test_the_hot_tables_key_is_an_integer_primary_key(database: sqlite3.Connection) -> None:
    keys = {row[1] for row in database.execute("PRAGMA table_info(market_data)") if row[5]}
    assert keys == {"id"}
    assert database.execute("PRAGMA index_list(market_data)").fetchall() == []


def test_a_signals_metadata_must_be_json(database: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="json_valid"):
        database.execute(
            "INSERT INTO signals (id, type, asset_id, symbol, explanation, metadata, created_at)"
            " VALUES ('i', 't', 'a', 's', 'e', 'no json', 1)"
        )


@pytest.mark.parametrize("index", INDEXES)
def test_every_index_is_named_with_the_statement_that_needs_it(index: str) -> None:
    assert index in QUERIES.keys() | CONFLICT_TARGETS.keys(), "drop it, or name its query above"


def test_no_index_is_named_that_does_not_exist() -> None:
    assert (QUERIES.keys() | CONFLICT_TARGETS.keys()) - set(INDEXES) == set()


@pytest.mark.parametrize("index", QUERIES)
def test_the_statement_uses_the_index(database: sqlite3.Connection, index: str) -> None:
    lines = plan(database, constant(QUERIES[index]))
    assert any(re.search(rf"INDEX {index}\b", line) for line in lines), lines


@pytest.mark.parametrize("index", CONFLICT_TARGETS)
def test_the_upsert_cannot_do_without_its_conflict_target(index: str) -> None:
    without = migrated()
    upsert = constant(CONFLICT_TARGETS[index])
    unused = max(int(number) for number in _parameter.findall(upsert)) - 1
    without.execute(upsert, ["[]", *[None] * unused])
    without.execute(f"DROP INDEX {index}")
    with pytest.raises(sqlite3.OperationalError, match="ON CONFLICT clause does not match"):
        without.execute(upsert, ["[]", *[None] * unused])
    without.close()


def test_statements_are_found_in_every_worker() -> None:
    assert {name.split(".")[0] for name in STATEMENTS} >= {
        "api", "collection", "dashboard", "signals",
    }  # fmt: skip
    assert len(STATEMENTS) > 30


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_statement_of_src_prepares(database: sqlite3.Connection, name: str) -> None:
    assert explain(database, STATEMENTS[name], "EXPLAIN")


@pytest.mark.parametrize("name", STATEMENTS)
def test_no_statement_reads_a_growing_table_from_end_to_end(
    database: sqlite3.Connection, name: str
) -> None:
    lines = plan(database, STATEMENTS[name])
    assert scanned(database, STATEMENTS[name]) & set(GROWING) == set(), lines


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("SELECT price FROM market_data m WHERE m.symbol = ?1", "market_data"),
        ("SELECT count(*) FROM signals WHERE ?1 IS NULL OR asset_id = ?1", "signals"),
        ("SELECT a.name FROM assets a JOIN news_items AS n ON n.title = a.name", "news_items"),
    ],
)
def test_a_scan_is_seen_behind_an_alias(database: sqlite3.Connection, sql: str, table: str) -> None:
    assert table in scanned(database, sql)


def test_the_hubs_statements_prepare_on_its_own_tables() -> None:
    own = sqlite3.connect(":memory:")
    found = [
        value
        for module in ELSEWHERE
        for name, value in vars(importlib.import_module(module)).items()
        if name.isupper() and isinstance(value, str)
    ]
    for sql in found:
        if sql.lstrip().startswith("CREATE"):
            own.execute(sql)
    statements = [sql for sql in found if _statement.match(sql)]
    assert len(statements) > 15
    for sql in statements:
        assert own.execute(f"EXPLAIN {sql}", [None] * sql.count("?")).fetchall()
    own.close()


BULK = [name for name, sql in STATEMENTS.items() if re.search(r"FROM json_each\(\?1\) j\b", sql)]


@pytest.mark.parametrize("name", BULK)
def test_a_bulk_statement_reads_its_json_once_and_not_once_a_row(
    database: sqlite3.Connection, name: str
) -> None:
    steps = [line.split()[1] for line in plan(database, STATEMENTS[name]) if "SUBQUERY" not in line]
    assert steps[0] == "j", "CROSS JOIN keeps the order"

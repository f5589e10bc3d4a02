import asyncio
import hashlib
import time
from pathlib import Path

import pytest

from api.identity.api_keys import hash_secret
from api.identity.jwt import read_keys
from api.identity.leases import Identities
from api.principal import Context
from common import passwords
from common.errors import Problem
from common.web_push import public_key
from tests.support.outside import MemoryOutside, Parts
from tests.support.sqlite import SqliteDatabase
from tools.system import account
from tools.system.account import Account

NOW = 1_795_348_800.0


async def derive(password: bytes, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", password, salt, iterations)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Account:
    return account.load(tmp_path_factory.mktemp("state") / "account.json")


@pytest.fixture(scope="module")
def database(made: Account) -> SqliteDatabase:
    seeded = SqliteDatabase()
    seeded.connection.executescript(account.seed_sql(made))
    return seeded


def rows(database: SqliteDatabase) -> list[list[tuple[object, ...]]]:
    return [database.rows("SELECT * FROM users"), database.rows("SELECT * FROM api_keys")]


def test_the_account_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "local" / "account.json"
    first = account.load(file)
    assert account.load(file) == first
    assert file.stat().st_mode & 0o077 == 0


def test_two_checkouts_share_no_secret(tmp_path: Path) -> None:
    one, other = (account.load(tmp_path / name) for name in "ab")
    assert one.user == other.user
    assert not set(one[1:]) & set(other[1:])


def test_seeding_twice_gives_the_same_rows(
    database: SqliteDatabase, made: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(database)
    monkeypatch.setattr(time, "time", lambda: NOW + 1e6)
    database.connection.executescript(account.seed_sql(made))
    assert rows(database) == before
    assert [len(table) for table in before] == [1, 1]


def test_the_stored_key_is_the_apis_own_hash_and_not_the_secret(
    database: SqliteDatabase, made: Account
) -> None:
    _, environment, key_id, secret = made.api_key.split("_")
    assert environment == "local"
    ((stored,),) = database.rows("SELECT secret_hash FROM api_keys WHERE key_id = ?", key_id)
    assert stored == hash_secret(secret, made.api_key_pepper)
    assert secret not in account.seed_sql(made)


def test_the_key_opens_the_api_and_a_changed_one_does_not(
    database: SqliteDatabase, made: Account
) -> None:
    def check(key: str) -> str:
        settings = {"API_KEY_PEPPER": made.api_key_pepper, "ENVIRONMENT": "local"}
        context = Context(lambda: database, settings.get, NOW, MemoryOutside(Parts()))
        return asyncio.run(Identities().check(key, context)).principal.user_id

    assert check(f"Bearer {made.api_key}") == "demo"
    with pytest.raises(Problem):
        check(made.api_key[:-1] + ("0" if made.api_key[-1] != "0" else "1"))


def test_the_stored_password_is_the_dashboards_own_form(
    database: SqliteDatabase, made: Account
) -> None:
    ((stored,),) = database.rows("SELECT password_hash FROM users")
    assert asyncio.run(passwords.matches(made.password, stored, made.password_pepper, derive))
    assert not asyncio.run(passwords.matches("wrong", stored, made.password_pepper, derive))
    assert not asyncio.run(passwords.matches(made.password, stored, "other pepper", derive))
    assert account.ITERATIONS == passwords.ITERATIONS
    assert made.password not in account.seed_sql(made)


def test_the_demo_user_can_sign_in(database: SqliteDatabase, made: Account) -> None:
    ((email, role, stored),) = database.rows("SELECT email, role, password_hash FROM users")
    assert (email, role) == (made.user, "trader")
    assert asyncio.run(passwords.matches(made.password, stored, made.password_pepper, derive))


def test_a_new_password_replaces_the_stored_one(made: Account) -> None:
    fresh = SqliteDatabase()
    fresh.connection.executescript(account.seed_sql(made))
    changed = made._replace(password="another")
    fresh.connection.executescript(account.seed_sql(changed))
    ((stored,),) = fresh.rows("SELECT password_hash FROM users")
    assert asyncio.run(passwords.matches("another", stored, made.password_pepper, derive))


def test_the_workers_get_the_peppers_as_lines_of_an_env_file(made: Account) -> None:
    assert made.env_file().splitlines() == [
        f"API_KEY_PEPPER={made.api_key_pepper}",
        f"PASSWORD_PEPPER={made.password_pepper}",
        f"JWT_KEYS={made.jwt_keys}",
        f"WEBHOOK_SECRET_KEY={made.webhook_secret_key}",
        f"TURNSTILE_SITE_KEY={account.SITE_KEY}",
        f"TURNSTILE_SECRET={account.CHALLENGE_SECRET}",
        f"FACILITATOR_KEY={made.facilitator_key}",
        f"VAPID_PRIVATE_KEY={made.vapid_private_key}",
    ]
    assert public_key(made.vapid_private_key)
    assert len(read_keys(made.jwt_keys)) == 1


def test_an_account_of_an_older_version_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "account.json"
    file.write_text('{"user": "demo@cryptointel.example", "password": "x"}')
    assert account.load(file) == account.load(file)
    assert account.load(file).password != "x"

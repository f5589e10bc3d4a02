import re
import tomllib
from typing import Any

import pytest

from bench.stage import BARE, FASTAPI, HONO, LOCAL, PEERS, PORTS, Peer
from tests.support.sqlite import SqliteDatabase
from tools.pyworkers.configs import derive
from tools.system.layout import PROJECT

ALL = pytest.mark.parametrize("peer", [BARE, FASTAPI, HONO], ids=lambda peer: peer.folder)
ANSWERING = pytest.mark.parametrize("peer", [FASTAPI, HONO], ids=lambda peer: peer.folder)
API: dict[str, Any] = tomllib.loads((PROJECT / "wrangler.toml").read_text("utf-8"))


def config(peer: Peer) -> dict[str, Any]:
    return tomllib.loads((PEERS / peer.folder / "wrangler.toml").read_text("utf-8"))


def statements(peer: Peer) -> dict[str, str]:
    """Return the SQL that a peer names, blanks made equal."""
    text = (PEERS / peer.folder / config(peer)["main"]).read_text("utf-8")
    found = re.findall(r'^(?:const )?([A-Z_]+) = (?:"""|`)(.*?)(?:"""|`)', text, re.M | re.S)
    return {name: " ".join(sql.split()) for name, sql in found}


def pins(name: str) -> dict[str, str]:
    text = (PROJECT / "requirements" / name).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.M))


@ALL
def test_a_peer_runs_under_the_date_of_the_api(peer: Peer) -> None:
    assert config(peer)["compatibility_date"] == API["compatibility_date"]


@pytest.mark.parametrize("peer", [BARE, FASTAPI], ids=lambda peer: peer.folder)
def test_a_python_peer_runs_under_the_flags_of_the_api(peer: Peer) -> None:
    assert config(peer)["compatibility_flags"] == API["compatibility_flags"]


@ANSWERING
def test_a_peer_reads_the_database_of_the_api_and_has_a_cache_of_its_own(peer: Peer) -> None:
    (own,), (api,) = config(peer)["d1_databases"], API["d1_databases"]
    assert {key: own[key] for key in own} == {key: api[key] for key in own}
    (cache,), (taken,) = config(peer)["kv_namespaces"], API["kv_namespaces"]
    assert cache["id"] != taken["id"]


def test_peers_and_the_system_share_no_port_and_no_cache() -> None:
    peers = (BARE, FASTAPI, HONO)
    ports = [port for peer in peers for port in (peer.port, peer.inspector)]
    ports += [port for _, port in PORTS.all()]
    assert len(set(ports)) == len(ports)
    caches = [config(peer)["kv_namespaces"][0]["id"] for peer in (FASTAPI, HONO)]
    assert len(set(caches)) == 2
    assert LOCAL.is_relative_to(PROJECT / ".local")


def test_peers_ask_the_database_in_the_same_words() -> None:
    assert statements(FASTAPI) == statements(HONO)
    assert set(statements(FASTAPI)) == {"FIND_KEY", "LATEST"}


def test_what_peers_ask_fits_the_schema_and_reads_no_table_from_end_to_end() -> None:
    database = SqliteDatabase()
    for sql in statements(FASTAPI).values():
        plan = [str(row) for row in database.rows(f"EXPLAIN QUERY PLAN {sql}", "a", "b")]
        scans = [step for step in plan if "SCAN" in step]
        assert [step for step in scans if not re.search(r"SCAN (w|n|wanted|newest)\b", step)] == []


def test_the_workers_sdk_of_the_fastapi_peer_is_the_api_s_own() -> None:
    own, peer = pins("workers.txt"), pins("bench-fastapi.txt")
    assert peer["workers-runtime-sdk"] == own["workers-runtime-sdk"]
    assert {"fastapi", "pydantic", "pydantic-core", "starlette"} <= set(peer)


@ALL
def test_a_peer_s_config_can_be_derived_for_a_local_run(peer: Peer, tmp_path: Any) -> None:
    source = tmp_path / "wrangler.toml"
    source.write_text((PEERS / peer.folder / "wrangler.toml").read_text("utf-8"))
    assert "experimental" in derive(source, {}, "bench").read_text()

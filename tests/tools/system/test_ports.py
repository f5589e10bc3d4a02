from urllib.parse import urlsplit

import pytest

from tools.system.layout import PORT_BASE, PROJECT, WORKERS, Ports


@pytest.mark.parametrize(
    ("name", "port"),
    [
        ("dashboard", 8787),
        ("api", 8788),
        ("collection", 8789),
        ("signals", 8790),
        ("simulator", 8791),
    ],
)
def test_the_ports_are_those_the_documentation_promises(name: str, port: int) -> None:
    assert Ports().of(name) == port
    assert Ports(PORT_BASE + 1000).of(name) == port + 1000


def test_no_two_parts_of_a_system_share_a_port() -> None:
    ports = [port for _, port in Ports().all()]
    assert len(set(ports)) == len(ports) == 9


def test_two_systems_a_hundred_ports_apart_share_none() -> None:
    one, other = ({port for _, port in Ports(base).all()} for base in (PORT_BASE, PORT_BASE + 100))
    assert not one & other


@pytest.mark.parametrize("name", ["dashboard", "api", "collection", "signals", "simulator"])
def test_addresses_are_loopback_only_and_carry_the_port(name: str) -> None:
    address = urlsplit(Ports(9000).address(name))
    assert (address.scheme, address.hostname, address.port) == (
        "http", "127.0.0.1", Ports(9000).of(name),
    )  # fmt: skip


def test_every_port_is_listed_with_a_name_a_person_knows() -> None:
    listed = dict(Ports().all())
    assert listed["api"] == Ports().of("api")
    assert listed["api's debugger"] == Ports().inspector("api")


def test_every_worker_has_a_config() -> None:
    assert [name for name, file, _ in WORKERS if not (PROJECT / file).is_file()] == []
    assert len({file for _, file, _ in WORKERS}) == 4

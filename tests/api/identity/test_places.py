"""Where a credential may be used from."""

from typing import Any

import pytest

from api.identity.grant import Grant, check_place, read_network, read_origin
from api.principal import Principal
from common.errors import Problem
from tests.api.identity.people import site
from tests.api.posting import kind, send

WHO = Principal("u1", "viewer")
ORIGINS = Grant(WHO, 0.0, origins=frozenset({"https://a.example", "http://localhost:3000"}))
ADDRESSES = Grant(
    WHO, 0.0, addresses=tuple(map(read_network, ("192.0.2.7", "10.0.0.0/8", "2001:db8::/32")))
)


def test_a_key_without_places_may_be_used_anywhere() -> None:
    check_place(Grant(WHO, 0.0), None, "unknown")


@pytest.mark.parametrize(
    "origin", ["https://a.example", "HTTPS://A.example", "http://localhost:3000"]
)
def test_a_page_of_an_allowed_origin_may_use_it(origin: str) -> None:
    check_place(ORIGINS, origin, "unknown")


@pytest.mark.parametrize(
    "origin",
    [None, "", "null", "http://a.example", "https://a.example:444", "https://a.example.evil.example",
     "https://evil.example/https://a.example", "https://a.example/", "http://localhost"],
)  # fmt: skip
def test_any_other_page_or_none_is_refused(origin: str | None) -> None:
    with pytest.raises(Problem) as caught:
        check_place(ORIGINS, origin, "192.0.2.7")
    assert (caught.value.status, caught.value.kind) == (403, "origin-refused")


@pytest.mark.parametrize(
    "address", ["192.0.2.7", "10.255.0.1", "2001:db8::1", "::ffff:10.1.2.3", "::ffff:192.0.2.7"]
)
def test_an_allowed_address_may_use_it(address: str) -> None:
    check_place(ADDRESSES, None, address)


@pytest.mark.parametrize(
    "address", ["192.0.2.8", "11.0.0.1", "2001:db9::1", "unknown", "", "10.0.0.1, 1.1.1.1"]
)
def test_any_other_address_is_refused(address: str) -> None:
    with pytest.raises(Problem) as caught:
        check_place(ADDRESSES, None, address)
    assert (caught.value.status, caught.value.kind) == (403, "address-refused")


@pytest.mark.parametrize(
    "text",
    ["a.example", "https://", "https://a.example/", "https://a.example/x", "ftp://a.example",
     "https://u@a.example", "https://a.example:x", "https://a.example:99999", "null", "*",
     "https://a.example?x", "https://a.example#x"],
)  # fmt: skip
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_origin(text)


@pytest.mark.parametrize("text", ["", "x", "10.0.0.0/33", "1.2.3", "fe80::1%eth0", "10.0.0.0/8/8"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_network(text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"allowed_origins": ["https://a.example", "b.example"]},
         "allowed_origins[1]: 'b.example' is not an origin: write scheme://host or"
         " scheme://host:port, as in https://app.example."),
        ({"allowed_addresses": ["192.0.2.7", "2001:db8::/32", "10.0.0.0/33", "x"]},
         "allowed_addresses[2]: '10.0.0.0/33' is not an address or a network: write it as"
         " 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32."),
    ],
)  # fmt: skip
def test_a_wrong_place_is_named_and_the_right_form_shown(fields: dict[str, Any], said: str) -> None:
    answer = send(site(), "POST", "/api/v1/keys", {"name": "n"} | fields)
    assert kind(answer, 422) == ("place-invalid", said)

"""What is no request, or no payment in one, is answered and breaks nothing."""

from typing import Any

import pytest

from tests.tools.facilitator.paying import BUYER, Desk, damaged, request
from tests.tools.facilitator.test_facilitator_verdicts import AUTHORIZATION, WANTED, put


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b'{"a": "\\ud800"}', b"[" * 100_000,
     b'{"x402Version": NaN}'],
)  # fmt: skip
def test_a_body_that_is_no_json_object_is_400(desk: Desk, body: bytes) -> None:
    verified, settled = (desk.http.post(path, content=body) for path in ("/verify", "/settle"))
    assert (verified.status_code, settled.status_code) == (400, 400)
    assert verified.json()["invalidReason"] == settled.json()["errorReason"] == "invalid_payload"


@pytest.mark.parametrize("version", [None, 0, 3, "2", True, [2], {}])
def test_an_unknown_version_is_refused(desk: Desk, version: Any) -> None:
    for path in (("x402Version",), ("paymentPayload", "x402Version")):
        told = desk.verify(damaged(request(), put(version, *path)))
        assert told["invalidReason"] == "invalid_x402_version"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("paymentPayload",), None),
        (("paymentPayload",), []),
        (("paymentPayload", "accepted"), "exact"),
        (("paymentPayload", "payload"), None),
        (("paymentPayload", "payload"), {"transaction": "AA=="}),
        (("paymentPayload", "payload", "signature"), None),
        (("paymentPayload", "payload", "signature"), "0xzz"),
        (("paymentPayload", "payload", "signature"), "0x1"),
        (("paymentPayload", "payload", "authorization"), []),
        ((*AUTHORIZATION, "from"), "0x12"),
        ((*AUTHORIZATION, "to"), 7),
        ((*AUTHORIZATION, "value"), 10000),
        ((*AUTHORIZATION, "value"), "-10000"),
        ((*AUTHORIZATION, "value"), "1e4"),
        ((*AUTHORIZATION, "value"), "١٠٠٠٠"),
        ((*AUTHORIZATION, "validBefore"), "9" * 78),
        ((*AUTHORIZATION, "nonce"), "0x22"),
        ((*AUTHORIZATION, "nonce"), "0x" + "22" * 32 + "\n"),
    ],
)
def test_a_payment_of_another_shape_is_refused_as_invalid(
    desk: Desk, path: tuple[str, ...], value: Any
) -> None:
    sent = damaged(request(), put(value, *path))
    assert desk.verify(sent)["invalidReason"] == "invalid_payload"
    assert desk.settle(sent)["errorReason"] == "invalid_payload"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (WANTED, None),
        ((*WANTED, "amount"), None),
        ((*WANTED, "amount"), 10000),
        ((*WANTED, "amount"), "0x10"),
        ((*WANTED, "payTo"), "me"),
        ((*WANTED, "asset"), "USDC"),
        ((*WANTED, "extra"), "{}"),
    ],
)
def test_a_requirement_of_another_shape_is_refused_as_such(
    desk: Desk, path: tuple[str, ...], value: Any
) -> None:
    told = desk.verify(damaged(request(), put(value, *path)))
    assert told["invalidReason"] == "invalid_payment_requirements"
    assert told["payer"] == BUYER.address


def test_what_is_supported_is_listed_for_both_versions(desk: Desk) -> None:
    told = desk.http.get("/supported").json()
    assert {(kind["x402Version"], kind["scheme"], kind["network"]) for kind in told["kinds"]} == {
        (2, "exact", "eip155:84532"), (2, "exact", "eip155:8453"),
        (1, "exact", "base-sepolia"), (1, "exact", "base"),
    }  # fmt: skip
    assert {"extensions", "signers"} <= told.keys()


@pytest.mark.parametrize("sent", ["", "wrong", "keykey"])
def test_without_its_key_nothing_is_answered(sent: str) -> None:
    desk = Desk(key="key", sent_key=sent)
    assert desk.http.get("/supported").status_code == 401
    assert desk.http.post("/verify", json=request()).status_code == 401
    assert desk.http.post("/settle", json=request()).status_code == 401
    assert desk.received() == 0


def test_with_its_key_everything_is() -> None:
    desk = Desk(key="key", sent_key="key")
    assert desk.http.get("/supported").status_code == 200
    assert desk.verify(request())["isValid"]
    assert desk.settle(request())["success"]

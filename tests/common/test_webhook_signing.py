"""Signatures of webhooks: the published vector, tolerance, rotation, acknowledgements."""

import base64
import hashlib
import hmac

import pytest

from common import webhook_signing as signing
from common.errors import Fatal
from common.webhook_signing import RefusedSignature

KEY = "k" * 32
NOW = 1_614_265_330
# The example of the Standard Webhooks specification.
PUBLISHED = (
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", NOW,
    b'{"test": 2432232314}',
)  # fmt: skip
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
SECRET, ID, _, BODY = PUBLISHED
GOOD = {"webhook-id": ID, "webhook-timestamp": str(NOW), "webhook-signature": SIGNED}


def test_the_published_example_is_signed_as_published() -> None:
    assert signing.sign(*PUBLISHED) == SIGNED
    assert signing.headers([SECRET], ID, NOW, BODY) == GOOD


def test_the_published_example_is_accepted() -> None:
    assert signing.verify([SECRET], GOOD, BODY, NOW) == (ID, NOW)


def test_a_secret_is_made_of_the_key_the_webhook_and_the_version_alone() -> None:
    made = signing.secret_of(KEY, "0123456789abcdef", 1)
    assert made == "whsec_ydVjrnXCR7qMwyS9SoTfvis5J1p0hUi8ATuoASmcx8o="
    assert len(base64.b64decode(made.removeprefix("whsec_"))) == 32
    others = [
        signing.secret_of(KEY, "0123456789abcdef", 2),
        signing.secret_of(KEY, "0123456789abcdee", 1),
        signing.secret_of("K" * 32, "0123456789abcdef", 1),
    ]
    assert len({made, *others}) == 4


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_without_a_key_of_its_length_nothing_is_signed_and_the_key_not_told(key: str) -> None:
    with pytest.raises(Fatal, match="WEBHOOK_SECRET_KEY") as told:
        signing.secret_of(key, "w", 1)
    assert not key or key not in str(told.value)


def test_the_replaced_secret_signs_along_for_a_day() -> None:
    first, second = (signing.secret_of(KEY, "w", version) for version in (1, 2))
    assert signing.secrets_in_force(KEY, "w", 1, None, NOW) == [first]
    assert signing.secrets_in_force(KEY, "w", 2, NOW, NOW + 86_399) == [second, first]
    assert signing.secrets_in_force(KEY, "w", 2, NOW, NOW + 86_400) == [second]


def test_who_has_either_secret_accepts_what_both_have_signed() -> None:
    secrets = signing.secrets_in_force(KEY, "w", 2, NOW, NOW)
    signed = signing.headers(secrets, ID, NOW, BODY)
    assert signed["webhook-signature"].count("v1,") == 2
    for one in secrets:
        assert signing.verify([one], signed, BODY, NOW) == (ID, NOW)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"webhook-id": "msg_other"}, "No signature"),
        ({"webhook-timestamp": str(NOW + 1)}, "No signature"),
        ({"webhook-signature": "v1," + "A" * 43 + "="}, "No signature"),
        ({"webhook-signature": SIGNED.replace("v1,", "v2,")}, "No signature"),
        ({"webhook-signature": SIGNED.removeprefix("v1,")}, "No signature"),
        ({"webhook-signature": "v1,\u00e9\ud800"}, "No signature"),
        ({"webhook-signature": " ".join(["v1,x"] * 10 + [SIGNED])}, "No signature"),
        ({"webhook-signature": ""}, "are needed"),
        ({"webhook-id": ""}, "are needed"),
        ({"webhook-timestamp": "soon"}, "epoch seconds"),
        ({"webhook-timestamp": "\u0661"}, "epoch seconds"),
        ({"webhook-timestamp": "-5"}, "epoch seconds"),
        ({"webhook-timestamp": ""}, "epoch seconds"),
    ],
)
def test_what_was_changed_is_refused(changed: dict[str, str], why: str) -> None:
    with pytest.raises(RefusedSignature, match=why) as told:
        signing.verify([SECRET], GOOD | changed, BODY, NOW)
    assert SECRET not in str(told.value)
    assert SIGNED not in str(told.value)


def test_another_body_or_another_secret_is_refused() -> None:
    with pytest.raises(RefusedSignature):
        signing.verify([SECRET], GOOD, BODY + b" ", NOW)
    with pytest.raises(RefusedSignature):
        signing.verify([signing.secret_of(KEY, "w", 1)], GOOD, BODY, NOW)
    with pytest.raises(RefusedSignature):
        signing.verify([], GOOD, BODY, NOW)


@pytest.mark.parametrize(("late", "accepted"), [(300, True), (-300, True), (301, False),
                                                (-301, False)])  # fmt: skip
def test_a_clock_may_differ_by_five_minutes(late: int, accepted: bool) -> None:
    if accepted:
        assert signing.verify([SECRET], GOOD, BODY, NOW + late)
        return
    with pytest.raises(RefusedSignature, match="more than 300 seconds"):
        signing.verify([SECRET], GOOD, BODY, NOW + late)


def test_one_good_signature_among_several_is_enough() -> None:
    several = GOOD | {"webhook-signature": f"v1a,x v1,AAAA {SIGNED}"}
    assert signing.verify([SECRET], several, BODY, NOW) == (ID, NOW)


def test_an_acknowledgement_holds_for_its_delivery_and_its_time() -> None:
    signed = signing.sign_ack(SECRET, "d1", NOW)
    signing.verify_ack([SECRET], "d1", NOW, signed, NOW + 299)
    for delivery, time, now in (("d2", NOW, NOW), ("d1", NOW + 1, NOW), ("d1", NOW, NOW + 301)):
        with pytest.raises(RefusedSignature):
            signing.verify_ack([SECRET], delivery, time, signed, now)


def test_an_acknowledgement_signs_the_word_ack_the_delivery_and_the_time() -> None:
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    made = hmac.new(key, b"ack.d1.1614265330", hashlib.sha256).digest()
    assert signing.sign_ack(SECRET, "d1", NOW) == f"v1,{base64.b64encode(made).decode()}"


def test_a_delivery_is_no_acknowledgement_of_itself() -> None:
    """What we sign and what receivers sign begin differently: ours cannot be sent back."""
    signed = signing.sign(SECRET, "d1", NOW, b"")
    with pytest.raises(RefusedSignature):
        signing.verify_ack([SECRET], "d1", NOW, signed, NOW)

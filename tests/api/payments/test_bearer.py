"""The token for the facilitator: fixed, or signed for one call as Coinbase's wants it."""

import asyncio
import json

import jwt
import pytest

from api.payments.bearer import bearer
from common.errors import Fatal
from tests.support import jwk
from tests.support.outside import MemoryOutside, Parts

URL = "https://api.cdp.coinbase.com/platform/v2/x402/settle"
NOW = 1_760_000_000.5
KEY = json.dumps(json.loads(jwk.new_set(1))["keys"][0] | {"kid": "organizations/1/apiKeys/2"})


def token(key: str) -> str:
    return asyncio.run(bearer(key, "POST", URL, NOW, MemoryOutside(Parts()).sign_es256))


def test_a_fixed_token_is_sent_as_it_is() -> None:
    assert token("secret") == "secret"


def test_a_key_signs_a_token_for_this_call_alone() -> None:
    made = token(KEY)
    public = jwt.PyJWK({k: v for k, v in json.loads(KEY).items() if k != "d"}, "ES256")
    claims = jwt.decode(made, public, ["ES256"], options={"verify_exp": False, "verify_nbf": False})
    assert claims == {
        "iss": "cdp", "sub": "organizations/1/apiKeys/2", "nbf": 1_760_000_000,
        "exp": 1_760_000_120, "uris": ["POST api.cdp.coinbase.com/platform/v2/x402/settle"],
    }  # fmt: skip
    head = jwt.get_unverified_header(made)
    assert (head["kid"], head["typ"], len(head["nonce"])) == (claims["sub"], "JWT", 32)
    assert token(KEY) != made


def test_a_key_that_cannot_be_read_is_in_no_message() -> None:
    with pytest.raises(Fatal) as refused:
        token('{"d": "very secret"}')
    assert "very secret" not in str(refused.value)

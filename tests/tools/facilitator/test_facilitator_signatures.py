"""The digest and who signed it, against a vector on which eth-account and viem agree."""

from tests.support.wallets import Account
from tests.tools.facilitator.paying import BUYER, ORDER, SELLER, USDC, USDC_BASE, sign
from tools.facilitator.signatures import Domain, Transfer, digest, separator, signer

DOMAIN = Domain("USDC", "2", 84532, USDC)
MESSAGE = Transfer(BUYER.address, SELLER, 10000, 0, 2_000_000_000, "0x" + "22" * 32)
DIGEST = bytes.fromhex("8498e447b319a9a51665511a032caea56829e19058ea6dcfdb6d41e65c2804c4")
R = "e82ec8c62cc1b6ef27f7e440a1a55a27147ee351c6973d4721ea4b7ecde3139a"
S = "05bb380ba854d83f6ec3e0bce577be8a4c40d3de805f2d7727cedb053f8a39d3"
GOOD = f"0x{R}{S}1c"


def test_the_separators_of_both_networks_are_those_of_the_vector() -> None:
    assert separator(DOMAIN).hex() == (
        "71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818"
    )
    assert separator(Domain("USD Coin", "2", 8453, USDC_BASE)).hex() == (
        "02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f"
    )


def test_the_digest_and_its_signer_are_those_of_the_vector() -> None:
    assert digest(DOMAIN, MESSAGE) == DIGEST
    assert signer(DIGEST, GOOD) == BUYER.address.lower()


def test_a_wallet_that_signs_the_same_gives_the_signature_of_the_vector() -> None:
    authorization = {
        "from": BUYER.address, "to": SELLER, "value": "10000", "validAfter": "0",
        "validBefore": "2000000000", "nonce": MESSAGE.nonce,
    }  # fmt: skip
    domain = {"name": "USDC", "version": "2", "chainId": 84532, "verifyingContract": USDC}
    assert sign(authorization, domain) == GOOD


def test_what_other_wallets_sign_is_theirs() -> None:
    for number in range(1, 9):
        wallet = Account.from_key(number.to_bytes(32))
        signed = wallet.unsafe_sign_hash(DIGEST).signature.hex()
        assert signer(DIGEST, signed) == wallet.address.lower()


def test_the_mirrored_signature_is_refused_though_it_recovers_to_the_same_key() -> None:
    mirrored = f"0x{R}{ORDER - int(S, 16):064x}1b"
    assert Account._recover_hash(DIGEST, signature=mirrored) == BUYER.address
    assert signer(DIGEST, mirrored) is None


def test_v_is_27_or_28_and_nothing_else() -> None:
    for v in ("00", "01", "1a", "1d", "ff"):
        assert signer(DIGEST, f"0x{R}{S}{v}") is None
    assert signer(DIGEST, f"0x{R}{S}1b") not in (None, BUYER.address.lower())


def test_other_lengths_and_impossible_numbers_are_refused() -> None:
    zero, order = "0" * 64, f"{ORDER:x}"
    for text in ("0x", GOOD[:-2], GOOD + "00", f"0x{zero}{S}1c", f"0x{R}{zero}1c",
                 f"0x{order}{S}1c", f"0x{'f' * 64}{S}1b"):  # fmt: skip
        assert signer(DIGEST, text) is None

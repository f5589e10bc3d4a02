"""Which assets a headline mentions.

Exact-case names and upper-case symbols, because a case-insensitive list is
hopeless ("near", "link", "one" are words). A key that is also an ordinary
word, or short, counts only with evidence: a cashtag ($LINK), a symbol in
parentheses, the coin's other name, or a word of the trade right behind it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_word = re.compile(r"\$?[A-Za-z0-9][A-Za-z0-9.\-']*")
_TRADE = frozenset(
    "price token tokens coin network protocol foundation blockchain chain holders whales "
    "mainnet futures staking wallet labs traders".split()
)
# Names and symbols that ordinary headlines hold without meaning a coin.
AMBIGUOUS = frozenset(
    "AI APE ATOM Band BAND Base BASE CAKE CELO Celo COMP Compound Core CORE Cosmos DASH Dash "
    "DOT Enjin Flow FLOW FUN GAS Gala GALA GAME Harmony HOT ICON Immutable IP JUST KEY LINK "
    "Link MASK Maker META Mina MOVE NEAR Near ONE One OP Optimism ORBS PEOPLE Polygon Render "
    "RENDER SAND Sand Stacks STORM SUI Sui SUN TIME TON TRUMP UNI VET Wave Waves WAVES WIN XEM "
    "Zero Sei SEI Ripple Aptos Blur Chain Space Meme MEME Pixel PIXEL Prime PRIME Order".split()
)


class Names(NamedTuple):
    """How an asset is called."""

    asset_id: str
    symbol: str
    name: str


class Dictionary:
    """Finds the assets of a list in headlines."""

    def __init__(self, assets: Iterable[Names]) -> None:
        """The first asset of the list owns a name or symbol that several share."""
        self._owners: dict[tuple[str, ...], Names] = {}
        for asset in assets:
            words = tuple(asset.name.split())
            if 1 <= len(words) <= 3 and len(asset.name) >= 3:
                self._owners.setdefault(words, asset)
            if len(asset.symbol) >= 2 and asset.symbol.isascii():
                self._owners.setdefault((asset.symbol,), asset)
                self._owners.setdefault((f"${asset.symbol}",), asset)

    def find(self, headline: str) -> list[str]:
        """Return the ids of the mentioned assets, in the order of their first mention."""
        matches = [(match.group().rstrip(".-'"), match) for match in _word.finditer(headline)]
        words = [word.removesuffix("'s") for word, _ in matches]
        found: dict[str, None] = {}
        index = 0
        while index < len(words):
            for length in (3, 2, 1):
                asset = self._owners.get(tuple(words[index : index + length]))
                if asset is None:
                    continue
                start = matches[index][1].start()
                if self._counts(asset, words, index, length, headline[start - 1 : start]):
                    found[asset.asset_id] = None
                index += length - 1
                break
            index += 1
        return list(found)

    @staticmethod
    def _counts(asset: Names, words: list[str], index: int, length: int, before: str) -> bool:
        key = " ".join(words[index : index + length])
        if key.startswith("$") or (length > 1 and key not in AMBIGUOUS):
            return True
        if key not in AMBIGUOUS and len(key) >= 3:
            return True
        if before == "(":
            return True
        following = words[index + length].lower() if index + length < len(words) else ""
        if following in _TRADE:
            return True
        other = asset.name if key == asset.symbol else asset.symbol
        return other in words

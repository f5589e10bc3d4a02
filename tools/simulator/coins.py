"""The coins of the market: about sixty real ones by name, the rest invented, 250 or more in all.

Prices and supplies of the real ones are orders of magnitude to start from, not quotations.
Beside them stand a few coins without a rank: wrapped, staked and bridged forms of others,
and a worthless one that shares the symbol of a large one.
"""

from dataclasses import dataclass

import numpy as np

COUNT = 250
MOST = 10_000
STABLE = "stablecoin"
DEFI = "defi"

# id | symbol | name | sector | price in USD | circulating supply | max supply, if there is one
_KNOWN = """
bitcoin|BTC|Bitcoin|payments|78000|20.03e6|21e6
ethereum|ETH|Ethereum|layer-1|2600|120.7e6|
tether|USDT|Tether|stablecoin|1|185e9|
binancecoin|BNB|BNB|exchange|720|137.7e6|200e6
ripple|XRP|XRP|payments|1.65|60.5e9|100e9
solana|SOL|Solana|layer-1|105|565e6|
usd-coin|USDC|USDC|stablecoin|1|76e9|
tron|TRX|TRON|layer-1|0.29|94.7e9|
dogecoin|DOGE|Dogecoin|meme|0.13|152e9|
cardano|ADA|Cardano|layer-1|0.46|36.1e9|45e9
chainlink|LINK|Chainlink|infrastructure|13.4|697e6|1e9
avalanche-2|AVAX|Avalanche|layer-1|15.2|427e6|715e6
stellar|XLM|Stellar|payments|0.25|32.1e9|50e9
sui|SUI|Sui|layer-1|1.9|3.68e9|10e9
bitcoin-cash|BCH|Bitcoin Cash|payments|540|19.95e6|21e6
litecoin|LTC|Litecoin|payments|92|76.6e6|84e6
hedera-hashgraph|HBAR|Hedera|layer-1|0.15|42.4e9|50e9
leo-token|LEO|LEO Token|exchange|9.1|922e6|
shiba-inu|SHIB|Shiba Inu|meme|0.0000098|589e12|
the-open-network|TON|Toncoin|layer-1|1.95|2.6e9|
dai|DAI|Dai|stablecoin|1|5.3e9|
polkadot|DOT|Polkadot|layer-1|2.9|1.62e9|
monero|XMR|Monero|privacy|330|18.45e6|
uniswap|UNI|Uniswap|defi|6.4|630e6|1e9
near|NEAR|NEAR Protocol|ai|2.2|1.28e9|
aave|AAVE|Aave|defi|185|15.2e6|16e6
pepe|PEPE|Pepe|meme|0.0000062|420.69e12|420.69e12
internet-computer|ICP|Internet Computer|ai|4.7|545e6|
bittensor|TAO|Bittensor|ai|310|10.2e6|21e6
aptos|APT|Aptos|layer-1|2.8|740e6|
ethereum-classic|ETC|Ethereum Classic|layer-1|16.4|154e6|210.7e6
zcash|ZEC|Zcash|privacy|125|16.4e6|21e6
okb|OKB|OKB|exchange|97|21e6|21e6
crypto-com-chain|CRO|Cronos|exchange|0.11|37.2e9|100e9
vechain|VET|VeChain|infrastructure|0.019|86e9|86.7e9
filecoin|FIL|Filecoin|infrastructure|1.9|715e6|1.96e9
cosmos|ATOM|Cosmos Hub|layer-1|3.1|480e6|
algorand|ALGO|Algorand|layer-1|0.17|8.8e9|10e9
arbitrum|ARB|Arbitrum|layer-2|0.26|5.6e9|10e9
optimism|OP|Optimism|layer-2|0.41|1.9e9|4.29e9
matic-network|MATIC|Polygon|layer-2|0.17|10.5e9|
render-token|RENDER|Render|ai|2.3|518e6|
fetch-ai|FET|Artificial Superintelligence Alliance|ai|0.31|2.6e9|2.7e9
quant-network|QNT|Quant|infrastructure|84|14.5e6|14.6e6
the-graph|GRT|The Graph|ai|0.052|10.6e9|
maker|MKR|Maker|defi|1450|860e3|1e6
bonk|BONK|Bonk|meme|0.000013|82e12|
floki|FLOKI|FLOKI|meme|0.000058|9.6e12|10e12
lido-dao|LDO|Lido DAO|defi|0.72|897e6|1e9
curve-dao-token|CRV|Curve DAO|defi|0.45|1.4e9|3.03e9
theta-token|THETA|Theta Network|infrastructure|0.45|1e9|1e9
gala|GALA|GALA|gaming|0.0098|46e9|50e9
the-sandbox|SAND|The Sandbox|gaming|0.17|2.6e9|3e9
decentraland|MANA|Decentraland|gaming|0.19|1.95e9|2.19e9
axie-infinity|AXS|Axie Infinity|gaming|1.4|167e6|270e6
compound-governance-token|COMP|Compound|defi|33|9.6e6|10e6
sushi|SUSHI|Sushi|defi|0.45|195e6|250e6
kusama|KSM|Kusama|layer-1|12.6|17e6|
eos|EOS|EOS|layer-1|0.33|1.57e9|2.1e9
fantom|FTM|Fantom|layer-1|0.31|2.8e9|3.17e9
terra-luna-2|LUNA|Terra|layer-1|0.11|708e6|
harmony|ONE|Harmony|layer-1|0.0071|14.8e9|
""".strip()

# id | symbol | name | sector | price in USD | circulating supply | the coin it follows, if any
_UNRANKED = """
wrapped-bitcoin|WBTC|Wrapped Bitcoin|wrapped|78000|127e3|bitcoin
weth|WETH|WETH|wrapped|2600|2.4e6|ethereum
staked-ether|STETH|Lido Staked Ether|wrapped|2600|8.7e6|ethereum
bridged-usdc-polygon-pos-bridge|USDC.E|Polygon Bridged USDC|stablecoin|1|250e6|usd-coin
bitcoin-cats|BTC|Bitcoin Cats|meme|0.0000000042|1e12|
""".strip()

_HEADS = "Ar Bel Cor Dex El Fin Gal Hex Iri Jun Kry Lum Mir Nov Orb Pyr Quil Rad Sol Tern Vex Zen"
_TAILS = "aro bit cast dian ephi flux gen hive ix ium kado lis mira nex ora pad quor stra thos vane"
_SUFFIXES = (
    "Protocol Network Finance Token DAO Chain Swap Labs Verse AI Cash Games Pay Vault Yield "
    "Markets Cloud Data Gold Play Social Energy Credit Art"
)
_SECTORS = ("layer-1", "defi", "meme", "gaming", "ai", "infrastructure", "layer-2", "exchange")


@dataclass(frozen=True, slots=True)
class Coin:
    """One coin. `price` (USD) is the level its simulated price moves about.

    `follows` is the id of the coin whose price it has, but for a little noise. An unranked
    one counts in no total: it stands for value counted elsewhere, or for none.
    """

    id: str
    symbol: str
    name: str
    sector: str
    price: float
    supply: float
    max_supply: float | None
    follows: str | None = None
    unranked: bool = False

    @property
    def stable(self) -> bool:
        """Whether the coin is pegged to one dollar."""
        return self.sector == STABLE


def known_coins() -> tuple[Coin, ...]:
    """The real coins, in the order of the table."""
    return tuple(_parse(line) for line in _KNOWN.splitlines())


def all_coins(count: int = COUNT) -> tuple[Coin, ...]:
    """The coins of the simulated market: 250, those without a rank, then the others of `count`.

    The first 250 come by market capitalisation, largest first, and are the same whatever
    the count. Their last two invented ones share one symbol, as thousands do at the
    provider: only `id` is a key. Raises ValueError for a count outside 250..10,000.
    """
    if not COUNT <= count <= MOST:
        raise ValueError(f"the number of coins must be {COUNT}..{MOST}, got {count}")
    known = known_coins()
    rng = np.random.default_rng(250)
    names = invented_names()
    rng.shuffle(names)
    taken = {coin.symbol for coin in known}
    invented: list[Coin] = []
    for name in names:
        if len(known) + len(invented) == COUNT:
            break
        symbol = name[:4].upper()
        if symbol in taken:
            continue
        taken.add(symbol)
        price = float(10 ** rng.uniform(-3.5, 1.5))
        supply = round(_capitalisation(len(invented)) / price)
        sector = _SECTORS[int(rng.integers(len(_SECTORS)))]
        limit = supply * 2.0 if rng.random() < 0.5 else None
        invented.append(Coin(name.lower(), symbol, name, sector, price, float(supply), limit))
    last = invented[-1]
    invented[-1] = Coin(
        last.id, invented[-2].symbol, last.name, last.sector, last.price, last.supply, None
    )
    first = sorted((*known, *invented), key=lambda coin: -coin.price * coin.supply)
    return (*first, *_unranked(), *_small(names, len(invented), count - COUNT))


def invented_names() -> list[str]:
    """Names that belong to nobody."""
    return [head + tail for tail in _TAILS.split() for head in _HEADS.split()]


def _unranked() -> list[Coin]:
    coins = []
    for line in _UNRANKED.splitlines():
        id_, symbol, name, sector, price, supply, follows = line.split("|")
        coins.append(
            Coin(
                id_, symbol, name, sector, float(price), float(supply), None, follows or None, True
            )
        )
    return coins


def _small(names: list[str], place: int, count: int) -> list[Coin]:
    """The long tail: many of its coins share a symbol, none an id."""
    rng = np.random.default_rng([250, 1])
    levels = 10 ** rng.uniform(-5.5, 1.5, MOST)
    sectors, limited = rng.integers(len(_SECTORS), size=MOST), rng.random(MOST) < 0.5
    coins = []
    for number in range(count):
        suffix = _SUFFIXES.split()[number // len(names)]
        stem, price = names[number % len(names)], float(levels[number])
        supply = float(round(_capitalisation(place + number) / price))
        coins.append(
            Coin(
                f"{stem}-{suffix}".lower(),
                f"{stem[:3]}{suffix[0]}".upper(),
                f"{stem} {suffix}",
                _SECTORS[sectors[number]],
                price,
                supply,
                supply * 2 if limited[number] else None,
            )
        )
    return coins


def _capitalisation(place: int) -> float:
    """A power law, like the tail of the real list: 900 M dollars down to a third of one."""
    return float(9e8 * (1 + place) ** -0.86)


def _parse(line: str) -> Coin:
    id_, symbol, name, sector, price, supply, limit = line.split("|")
    maximum = float(limit) if limit else None
    return Coin(id_, symbol, name, sector, float(price), float(supply), maximum)

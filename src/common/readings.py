"""What is observed besides the prices of assets: the kinds of readings and their units.

A reading's `value` is in the unit of its kind. Whatever else a provider says
of the same thing at the same time stands beside it in `figures`.
"""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """The unit of a kind's values and what they are."""

    unit: str
    what: str


READING_KINDS: Final[dict[str, Kind]] = {
    "protocol_tvl": Kind("USD", "value locked in a DeFi protocol"),
    "chain_tvl": Kind("USD", "value locked on a chain"),
    "dex_volume": Kind("USD", "volume of a decentralised exchange over 24 h; key 'all' is the sum"),
    "pool": Kind("USD", "price of the base token in a liquidity pool"),
    "yield": Kind("%", "yearly yield of a pool (APY)"),
    "stablecoin": Kind("USD", "value of a stablecoin in circulation"),
    "defi_price": Kind("USD", "price of an asset at a DeFi price service"),
    "trending": Kind("rank", "place in a list of what people search for; 1 is the first"),
    "promoted": Kind("boosts", "paid placement of a token"),
    "nft_floor": Kind("USD", "lowest asking price in a collection"),
    "bitcoin_fee": Kind("sat/vB", "fee for a confirmation within half an hour"),
    "bitcoin_difficulty": Kind("%", "expected change of difficulty at the next retarget"),
    "bitcoin_mempool": Kind("transactions", "transactions that wait for a block"),
    "gas_price": Kind("gwei", "gas price for a confirmation at ordinary speed"),
    "block_height": Kind("blocks", "height of the newest block"),
    "supply": Kind("units", "units of a coin or token in existence"),
    "fear_greed": Kind("points", "fear and greed, from 0 (fear) to 100 (greed)"),
    "exchange_rate": Kind("units per USD", "units of a fiat currency for one US dollar"),
    "mindshare": Kind("%", "share of the attention that all assets get"),
    "custom": Kind("", "what a custom feed measures; its unit is in `about`"),
}

"""One name for a chain: CoinGecko's, whatever a source calls it.

A token is known by "chain:contract", so a chain must have one name. What is
not in the table keeps the source's name in lower case.
"""

# CoinGecko's asset platform | what other sources call it, lower case.
_TABLE = """
ethereum | eth, ethereum mainnet
binance-smart-chain | bsc, bnb, binance, bnb chain, bnb smart chain, bnb smart chain (bep20)
polygon-pos | polygon, polygon_pos, matic, polygon pos
arbitrum-one | arbitrum, arbitrum one
optimistic-ethereum | optimism, op mainnet, op
base | base mainnet
avalanche | avax, avalanche c-chain, avalanche-c-chain
solana | sol
tron | trx, tron20
the-open-network | ton, toncoin
sui | sui network, sui-network
aptos | apt
near-protocol | near
fantom | ftm
cronos | cro
xdai | gnosis, gnosis chain
zksync | zksync era
linea | linea mainnet
scroll | scroll mainnet
mantle | mnt
blast | blast mainnet
celo | celo mainnet
sei-v2 | sei, sei evm, sei-evm, seiv2
sonic | sonic mainnet
hyperevm | hyperliquid, hyperliquid l1
"""

_CANONICAL: dict[str, str] = {}
for _line in _TABLE.strip().splitlines():
    _name, _, _others = _line.partition(" | ")
    for _one in (_name, *_others.split(", ")):
        _CANONICAL[_one] = _name


def canonical_chain(name: str) -> str:
    """Return CoinGecko's name of a chain, or the given one in lower case."""
    lowered = name.strip().lower()
    return _CANONICAL.get(lowered, lowered)


def token_address(chain: str, contract: str) -> str:
    """Return "chain:contract"; contracts of EVM chains do not depend on case, others do."""
    contract = contract.strip()
    return f"{canonical_chain(chain)}:{contract.lower() if contract[:2] == '0x' else contract}"

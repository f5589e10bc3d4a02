"""Wallets of eth-account, without what importing it does to the interpreter.

py_ecc, which it needs, lets Python recurse 100,000 deep when it is imported. A test that
parses a document of that depth then kills the process instead of failing. Import Account
from here, and whatever else needs py_ecc (x402, web3) in a module that imports this one.
"""

import sys

from eth_account import Account

__all__ = ["Account"]

sys.setrecursionlimit(1000)  # Python's own default

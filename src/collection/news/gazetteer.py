"""The curated names in the form that the dictionary of news needs: coins and others by key.

A key is a name's words in lower case, parted by single blanks. The tables are
in gazetteer_coins.py, gazetteer_past.py, gazetteer_early.py and gazetteer_names.py.
"""

import re
from functools import cache
from typing import Literal, NamedTuple

from collection.news import gazetteer_coins, gazetteer_early, gazetteer_names, gazetteer_past
from collection.news.names_rules import CURATED, LISTED, PAST, Standing

Kind = Literal["asset", "exchange", "protocol", "person", "chain", "regulator"]

WORD = re.compile(r"[^\W_]+")


class Entity(NamedTuple):
    """What a text mentions. `name`: of an asset its id, of others their name as people write it."""

    kind: Kind
    name: str


class Coin(NamedTuple):
    """A curated coin: its names and symbols as keys, each with the standing that they have."""

    asset_id: str
    symbol: str
    symbols: tuple[str, ...]
    names: tuple[str, ...]
    symbol_standing: Standing
    standing: Standing


def key_of(name: str) -> str:
    """Return the key of a name."""
    return " ".join(WORD.findall(name.lower()))


@cache
def coins() -> tuple[Coin, ...]:
    """Return the curated coins in the order of precedence."""
    # The symbols of the first coins stand for more than anyone remembers, their names do not.
    tables: tuple[tuple[str, Standing, Standing], ...] = (
        (gazetteer_coins.COINS, CURATED, CURATED),
        (gazetteer_past.COINS, PAST, PAST),
        (gazetteer_early.COINS, LISTED, PAST),
    )
    return tuple(
        _coin(record, symbol_standing, standing)
        for table, symbol_standing, standing in tables
        for record in table.split(";")
    )


def _coin(record: str, symbol_standing: Standing, standing: Standing) -> Coin:
    called, _, asset_id = record.partition("@")
    symbol, _, listed = called.strip().partition(" ")
    names = " ".join(listed.split()).split("|")
    first, *others = names
    # "XBT" is an old symbol, "Ether" is a name.
    old = [name for name in others if name.isupper() and len(name) <= 6]
    return Coin(
        asset_id.strip() or first.lower().replace(" ", "-"),
        symbol,
        tuple(key_of(each) for each in (symbol, *old)),
        tuple(key_of(name) for name in names if name not in old),
        symbol_standing,
        standing,
    )


@cache
def others() -> dict[str, tuple[Entity, str]]:
    """Return by key what else is known, and how that name is written."""
    tables: tuple[tuple[Kind, str], ...] = (
        ("exchange", gazetteer_names.EXCHANGES),
        ("regulator", gazetteer_names.REGULATORS),
        ("person", gazetteer_names.PEOPLE),
        ("chain", gazetteer_names.CHAINS),
        ("protocol", gazetteer_names.PROTOCOLS),
    )
    known: dict[str, tuple[Entity, str]] = {}
    for kind, table in tables:
        for record in table.split(";"):
            names = " ".join(record.split()).split("|")
            for name in names:
                known.setdefault(key_of(name), (Entity(kind, names[0]), name))
    return known


@cache
def other_meanings() -> frozenset[str]:
    """Return the keys of phrases in which a name means something else."""
    return frozenset(key_of(phrase) for phrase in gazetteer_names.OTHER_MEANINGS.split(";"))

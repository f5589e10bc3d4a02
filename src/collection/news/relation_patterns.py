"""The verbs that join two entities of a clause, each with its patterns.

A pattern is held against the words between two mentions, in lower case and
with a blank behind each; other mentions among them are a `*`.
"""

import re
from typing import NamedTuple

from collection.news.entities import Entity

# What may stand between a subject and its verb, and between a verb and its object.
_LEAD = (
    r"(?:(?:s|will|to|has|have|is|are|was|were|be|been|being|gets|get|got|now|also|just|finally|"
    r"officially|exchange|giant|protocol|bridge|platform|network|firm|us|ceo|team|subsidiary|"
    r"foundation|developer|parent|and|\*) )*"
)
_GAP = r"(?:[^*\s]\S* ){0,3}(?:\* (?:and |or )?){0,5}"  # "ANKR, CRV, and" before STORJ
_SHORT_GAP = r"(?:[^*\s]\S* ){0,2}(?:\* (?:and )?){0,2}"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.format(lead=_LEAD, gap=_GAP, short=_SHORT_GAP))


_LISTS = _pattern(r"{lead}(?:lists?|listed|listing(?: of)?|relists?|adds support for) {gap}")
_LISTED = _pattern(
    r"{lead}(?:lists?|listed|listing|debuts?|goes live|starts trading|begins trading) "
    r"(?:on|by|at) {short}"
)
_DELISTS = _pattern(r"{lead}(?:delists?|delisted|delisting(?: of)?) {gap}")
_DELISTED = _pattern(r"{lead}(?:delisted|delisting) (?:from|by|on|at) {short}")
_SUES = _pattern(
    r"{lead}(?:sues?|sued|suing|(?:(?:files?|filed|filing|launches|brings) )?"
    r"(?:\S+ ){{0,2}}(?:lawsuit|suit|complaint|charges|case) against) {gap}"
)
_CHARGES = _pattern(r"{lead}(?:charges|charged) {short}")
_SUED = _pattern(
    r"{lead}(?:sued by|charged by|(?:faces?|facing|hit with) (?:\S+ ){{0,2}}"
    r"(?:lawsuit|suit|charges|complaint) (?:from|by)) {short}"
)
_FACES = _pattern(r"{lead}(?:faces?|facing|fights?|battles?|hit (?:with|by)) {short}")
_ACQUIRES = _pattern(
    r"{lead}(?:acquires?|acquired|buys|bought|takes over|"
    r"(?:(?:completes|closes|announces) )?acquisition of) {short}"
)
_ACQUIRED = _pattern(r"{lead}(?:acquired|bought|purchased|taken over) by {short}")
_PARTNERS = _pattern(
    r"{lead}(?:partners?|partnered|partnering|teams? up|teamed up|teams|joins? forces|"
    r"joined forces|collaborates?|collaborated|"
    r"(?:(?:announces|signs|inks|enters|expands) )?{short}(?:partnership|collaboration)) "
    r"with {short}"
)
_PARTNER_BOTH = re.compile(
    r"(?:\S+ ){0,1}(?:partner|partners|team up|join forces|collaborate|"
    r"(?:announce|sign|ink|form) (?:\S+ ){0,2}(?:partnership|collaboration))\b"
)
_HACK = r"(?:hack|hacked|exploit|exploited|drained|breached|robbed|looted|heist|breach)"
_HACKED = _pattern(
    rf"{{lead}}(?:(?:suffers?|suffered|hit by) (?:\S+ ){{{{0,3}}}})?{_HACK} (?:\S+ )*"
)
_LOSES = _pattern(r"{lead}(?:loses|lost) (?:\S+ )*")
_BY_THIEVES = re.compile(
    r"(?:^| )(?:hackers?|attackers?|exploiters?|thieves|thief|hack|exploit) (?:has |have )?"
    r"(?:drains?|drained|hacks?|hacked|exploits?|exploited|breach|breached|robs?|robbed|hits?|of) $"
)
_STOLEN = re.compile(r"(?:^| )(?:steals?|stole|stolen|drains?|drained|siphons?|siphoned|loots?) ")
_FROM = _pattern(r"(?:\S+ ){{0,3}}(?:from|in) (?:\S+ ){{0,2}}")
_AFTER_HACK = re.compile(rf"(?:(?:bridge|exchange|protocol) )?{_HACK}\b")

_HACK_WORD = re.compile(rf"\b{_HACK}\b")
_SUIT = re.compile(r"(?:\S+ ){0,2}(?:lawsuit|suit|charges|complaint)\b")

_COMPANY = frozenset(("exchange", "protocol", "chain"))
_PARTY = _COMPANY | {"regulator", "person"}


class Pair(NamedTuple):
    """Two mentions of a clause in their order, and the words around them (each with a blank)."""

    first: Entity
    second: Entity
    before: str
    between: str
    after: str


Said = tuple[Entity, Entity, str]  # subject, object, kind


def said_of(pair: Pair) -> Said | None:
    """Return what the words around two mentions say of them, None for nothing."""
    for reading in (_listing, _suit, _acquisition, _hack, _partnership):
        if said := reading(pair):
            return said
    return None


def _listing(pair: Pair) -> Said | None:
    first, second, between = pair.first, pair.second, pair.between
    if (first.kind, second.kind) == ("exchange", "asset"):
        if _DELISTS.fullmatch(between):
            return first, second, "delists"
        if _LISTS.fullmatch(between):
            return first, second, "lists"
    if (first.kind, second.kind) == ("asset", "exchange"):
        if _DELISTED.fullmatch(between):
            return second, first, "delists"
        if pair.after.startswith("delisting "):
            return second, first, "delists"
        if _LISTED.fullmatch(between) or pair.after.startswith("listing "):
            return second, first, "lists"
    return None


def _suit(pair: Pair) -> Said | None:
    first, second, between = pair.first, pair.second, pair.between
    if first.kind not in _PARTY or second.kind not in _PARTY:
        return None
    authorities = (first.kind == "regulator") + (second.kind == "regulator")
    if authorities == 1 and between in ("v ", "vs "):
        return (first, second, "sues") if first.kind == "regulator" else (second, first, "sues")
    faces = _FACES.fullmatch(between) and _SUIT.match(pair.after)
    if first.kind != "regulator" and (faces or _SUED.fullmatch(between)):
        return second, first, "sues"
    if second.kind != "regulator" and (
        _SUES.fullmatch(between) or (first.kind == "regulator" and _CHARGES.fullmatch(between))
    ):
        return first, second, "sues"
    return None


def _acquisition(pair: Pair) -> Said | None:
    # "Strategy acquires 13,627 BTC" is a purchase, so both must be something that is owned.
    if pair.first.kind not in _COMPANY or pair.second.kind not in _COMPANY:
        return None
    if _ACQUIRED.fullmatch(pair.between):
        return pair.second, pair.first, "acquires"
    if _ACQUIRES.fullmatch(pair.between):
        return pair.first, pair.second, "acquires"
    return None


def _hack(pair: Pair) -> Said | None:
    first, second, between = pair.first, pair.second, pair.between
    if _may_be_hacked(first, between) and second.kind in ("asset", "protocol", "chain"):
        lost = _LOSES.fullmatch(between) and _HACK_WORD.search(between + pair.after)
        if lost or _HACKED.fullmatch(between) or _BY_THIEVES.search(pair.before):
            return first, second, "hacks"
    if between.startswith("of ") and _BY_THIEVES.search(pair.before):
        return first, second, "hacks"
    if _may_be_hacked(second, pair.after) and first.kind == "asset" and _FROM.fullmatch(between):
        if _STOLEN.search(pair.before) or _STOLEN.search(between):
            return second, first, "hacks"
        if _AFTER_HACK.match(pair.after):
            return second, first, "hacks"
    return None


def _may_be_hacked(entity: Entity, following: str) -> bool:
    # Of a coin it is the bridge or the like that was hacked: "Harmony bridge".
    if entity.kind == "asset":
        return following.startswith(("bridge ", "protocol ", "finance ", "s bridge "))
    return entity.kind in _COMPANY


def _partnership(pair: Pair) -> Said | None:
    both = pair.between in ("and ", "") and _PARTNER_BOTH.match(pair.after)
    if not both and not _PARTNERS.fullmatch(pair.between):
        return None
    subject, partner = sorted((pair.first, pair.second))
    return subject, partner, "partners"

"""What a text says of the entities it mentions: who lists, sues, hacks, acquires, partners.

A relation is read from the words between two mentions of one clause, by patterns of
a verb in the active or the passive; whatever is denied, asked or only possible is
no more than `mentioned_with`. Precision comes before recall: a graph of who deals
with whom is of use only as long as its lines can be believed.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from collection.news.entities import Entity, Mention
from collection.news.relation_patterns import Pair, said_of

MOST = 10  # relations of a text
_MOST_MENTIONS = 24  # later ones of a long text are left out
_FARTHEST = 12  # words between two mentions that one verb still joins

_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[.!?;:|](?=\s|$)|\s[-–—]\s|—|…")
_CONJUNCTIONS = frozenset("but while as amid whereas although because despite though".split())
_VERSUS = (["v"], ["vs"])  # their dot ends nothing
# One of these in a clause, and nothing is certain.
_UNCERTAIN = frozenset(
    "not no never neither without cannot t deny denies denied denying refutes refuted rumor "
    "rumors rumored rumour rumours rumoured speculation may might could would should if whether "
    "considers considering mulls mulling eyes eyeing weighs explores exploring hopes wants "
    "urges asks expects expected possible potential potentially unlikely likely hoax fake false "
    "alleged allegedly reportedly talks threatens plans planned seeks seeking tries attempts "
    "fails failed abandons drops dropped dismisses dismissed withdraws withdrew cancels "
    "canceled cancelled scraps ends ended rejects rejected declines refuses bid offers proposes "
    "proposed unless imagine".split()
)
_MENTION = "*"  # stands for a mention among the words of a clause


class Relation(NamedTuple):
    """What joins two entities. Of the undirected kinds the subject is first by (kind, name)."""

    subject: Entity
    object: Entity
    kind: str


def relations(text: str, mentions: Sequence[Mention]) -> list[Relation]:
    """Return at most MOST relations: said ones first, then in the order of the text.

    There is one for each two entities: what the text says of them, the first
    that it says, or `mentioned_with`.
    """
    mentions = mentions[:_MOST_MENTIONS]
    said: dict[frozenset[Entity], Relation] = {}
    for pair in _pairs(text, mentions):
        key = frozenset((pair.first, pair.second))
        if len(key) == 2 and key not in said and (found := said_of(pair)):
            said[key] = Relation(*found)
    entities = list(dict.fromkeys(mention.entity for mention in mentions))
    together = []
    for pair_of in combinations(entities, 2):
        if frozenset(pair_of) not in said:
            subject, other = sorted(pair_of)
            together.append(Relation(subject, other, "mentioned_with"))
    return [*said.values(), *together][:MOST]


def _pairs(text: str, mentions: Sequence[Mention]) -> Iterator[Pair]:
    for words, entities in _clauses(text, mentions):
        for (left, first), (right, second) in combinations(entities, 2):
            if right - left <= _FARTHEST + 1:
                yield Pair(
                    first,
                    second,
                    _line(words[max(0, left - _FARTHEST) : left]),
                    _line(words[left + 1 : right]),
                    _line(words[right + 1 : right + 1 + _FARTHEST]),
                )


def _line(words: list[str]) -> str:
    return "".join(f"{word} " for word in words)


def _clauses(
    text: str, mentions: Sequence[Mention]
) -> Iterator[tuple[list[str], list[tuple[int, Entity]]]]:
    """Give the words of each clause that is certain, and where in it the entities stand."""
    words: list[str] = []
    entities: list[tuple[int, Entity]] = []
    certain, end = True, 0
    rest = list(reversed(mentions))
    for start, stop, entity in _units(text, rest):
        gap = text[end:start]
        word = _MENTION if entity else text[start:stop].lower()
        if (_BREAK.search(gap) and words[-1:] not in _VERSUS) or word in _CONJUNCTIONS:
            if certain and "?" not in gap:
                yield words, entities
            words, entities, certain = [], [], True
        certain = certain and word not in _UNCERTAIN
        if entity:
            entities.append((len(words), entity))
        words.append(word)
        end = stop
    if certain and "?" not in text[end:]:
        yield words, entities


def _units(text: str, rest: list[Mention]) -> Iterator[tuple[int, int, Entity | None]]:
    """Give words and mentions in order; `rest` are the mentions, the first one last."""
    position = 0
    while True:
        match = _WORD.search(text, position)
        if rest and (match is None or rest[-1].start <= match.start()):
            mention = rest.pop()
            yield mention.start, mention.end, mention.entity
            position = max(position, mention.end)
        elif match:
            yield match.start(), match.end(), None
            position = match.end()
        else:
            return

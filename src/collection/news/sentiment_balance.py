"""What a headline says on balance: good and bad news weighed against each other.

A model that adds up words cannot know that "does not fall" or "fees fall" is
good. These rules can: a negator turns the next words round, a cost that grows
is bad, what follows "despite" hardly counts and what follows "but" counts more.
They give marks, whose worth is learnt, not a verdict.
"""

from collections.abc import Iterator, Sequence

from collection.news.sentiment_phrases import ASIDE, CONCEDED, CONTRAST, COSTS

# How good a class is, by judgement: only its order of magnitude matters.
_WORTH = {
    "soar": 2.0, "rise": 1.2, "bull": 1.5, "fund": 0.8, "launch": 0.5, "join": 0.8, "adopt": 1.0,
    "buy": 0.8, "crash": -2.0, "fall": -1.3, "bad": -1.5, "crime": -1.6, "law": -1.4, "ban": -1.3,
    "warn": -1.1, "sell": -0.5, "lifted": 0.9,
}  # fmt: skip
_TURNED, _NEGATED, _CHEAPER, _DEARER = 0.9, -0.6, 0.6, -1.2
_GROWS, _SHRINKS = frozenset(("soar", "rise")), frozenset(("fall", "crash"))
_ENDS = frozenset(";:|")
_LONG_AGO = -9


def balance(
    words: Sequence[str], kinds: Sequence[Sequence[str]], negators: frozenset[str]
) -> list[str]:
    """Return marks of the balance; `kinds` are the classes of each word, the first one rules."""
    worth, kind = _first_reading(words, kinds)
    turns = list(_turn(words, worth, kind, negators))
    weighed = [a * b for a, b in zip(worth, _weights(words), strict=True) if a]
    if not weighed:
        return turns
    good = sum(value for value in weighed if value > 0)
    bad = sum(value for value in weighed if value < 0)
    most = max(weighed, key=abs)
    return [
        *turns,
        f"sum{max(-6, min(6, round((good + bad) * 1.5)))}",
        f"good{min(5, round(good * 1.5))}",
        f"bad{min(5, round(-bad * 1.5))}",
        "first+" if weighed[0] > 0 else "first-",
        "last+" if weighed[-1] > 0 else "last-",
        f"most{round(most)}",
    ]


def _first_reading(
    words: Sequence[str], kinds: Sequence[Sequence[str]]
) -> tuple[list[float], list[str]]:
    """Return each word's worth and the class that gives it, before any rule."""
    worth, kind = [0.0] * len(words), [""] * len(words)
    for place, classes in enumerate(kinds):
        if words[place] in COSTS:
            worth[place], kind[place] = -0.8, "cost"
            continue
        for name in classes:
            if name in _WORTH:
                worth[place], kind[place] = _WORTH[name], name
                break
    return worth, kind


def _turn(
    words: Sequence[str], worth: list[float], kind: Sequence[str], negators: frozenset[str]
) -> Iterator[str]:
    """Turn `worth` where a rule says so, and yield the rule's name."""
    negated = shrunk = _LONG_AGO
    for here, word in enumerate(words):
        name = kind[here]
        if name == "cost" and here - shrunk <= 3:
            worth[here] = _CHEAPER
            yield "cheaper"
        if name in _GROWS or name in _SHRINKS:
            for before in range(max(0, here - 2), here):
                if kind[before] == "cost":
                    worth[before] = 0.0
                    worth[here] = _DEARER if name in _GROWS else _TURNED
                    yield "cost_grows" if name in _GROWS else "cost_shrinks"
        if worth[here] and here - negated <= 3:
            worth[here] *= _NEGATED
            yield "negated"
        if word in negators:
            negated = here
        if name in _SHRINKS:
            shrunk = here


def _weights(words: Sequence[str]) -> Iterator[float]:
    """Yield how much each word counts, by the connective before it."""
    weight = 1.0
    for word in words:
        yield weight
        if word in CONCEDED:
            weight = 0.3
        elif word in ASIDE:
            weight = 0.6
        elif word in CONTRAST:
            weight = 1.4
        elif word in _ENDS:
            weight = max(weight, 1.0)

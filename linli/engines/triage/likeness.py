"""Is this the matter somebody filed already? Near-duplicates (相似诉求) by shared pairs of characters, rare ones first."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Generic, TypeVar

from linli.kernel.text import bigrams

Key = TypeVar("Key")
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likeness(Generic[Key]):
    """One candidate, how alike it is (0 to 1), and the words both texts share, longest first."""

    key: Key
    score: float
    shared: tuple[str, ...]


def similar(text: str, candidates: Mapping[Key, str], *, at_least: float = 0.3, limit: int = 5) -> list[Likeness[Key]]:
    """The candidates most like the text, likest first; texts of a grid and some weeks, not of a city: cost is linear.

    What all candidates say (尊敬的领导) weighs little. It is a suggestion for a person, who sees the shared words;
    nothing is ever merged on it.
    """
    asked = _counts(text)
    held = {key: _counts(other) for key, other in candidates.items()}
    spread: Counter[str] = Counter(asked.keys())
    for pairs in held.values():
        spread.update(pairs.keys())
    rarity = {pair: log(1 + len(held) / count) for pair, count in spread.items()}
    wanted = _weighed(asked, rarity)
    found = []
    for key, pairs in held.items():
        score = _cosine(wanted, _weighed(pairs, rarity))
        if score >= at_least:
            found.append((score, key))
    best = sorted(found, key=lambda item: -item[0])[:limit]
    return [Likeness(key, round(score, 3), _shared(text, candidates[key])) for score, key in best]


def _counts(text: str) -> Counter[str]:
    return Counter(token for token in bigrams(text) if len(token) == 2)


def _weighed(counts: Counter[str], rarity: Mapping[str, float]) -> dict[str, float]:
    weights = {pair: (1 + log(count)) * rarity[pair] for pair, count in counts.items()}
    length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {pair: weight / length for pair, weight in weights.items()}


def _cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    few, many = (a, b) if len(a) < len(b) else (b, a)
    return min(1.0, sum(weight * many[pair] for pair, weight in few.items() if pair in many))


def _shared(text: str, other: str) -> tuple[str, ...]:
    """The longest stretches of the text that the other holds too, put together from shared pairs."""
    there = set(bigrams(other))
    stretches: list[str] = []
    growing = ""
    for token in bigrams(text):
        if len(token) == 2 and token in there:
            growing = growing + token[1] if growing else token
        elif growing:
            stretches.append(growing)
            growing = ""
    return tuple(_longest_first([*stretches, growing]))


def _longest_first(stretches: Iterable[str]) -> list[str]:
    return sorted({stretch for stretch in stretches if stretch}, key=lambda stretch: (-len(stretch), stretch))[
        :_MOST_SHOWN
    ]

"""Known places named in a sentence, ranked when several share a name: village names repeat inside one city."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from linli.engines.placetext.address import AddressPiece, find_address
from linli.kernel.text import folded
from linli.kernel.wordsearch import Match, WordIndex

_COMMITTEE = re.compile(r"(?:(?:村民|居民)?委员会|村委会|居委会|街道办事处|办事处|人民政府|镇政府|乡政府)$")
_PLACE_ENDINGS = ("村", "庄", "社区", "街道", "镇", "乡", "区", "县", "市", "小区", "园", "苑", "里")
# 新村 before 民 is 新 + 村民; 小区 before 别 or 域 does not occur, so villages are the only trap worth a rule.
_VILLAGERS = re.compile(r"民(?!委|政)")
_NAMED_TOGETHER = 2.0  # How much a parent named in the same sentence outweighs a namesake elsewhere.


@dataclass(frozen=True, slots=True)
class Entry:
    """地名 — one place: its number, how it is called, how much it weighs among namesakes, and what contains it."""

    id: int
    name: str
    aliases: tuple[str, ...] = ()
    weight: float = 1.0
    ancestors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place a mention may mean. Scores compare candidates of one sentence; they are no probabilities."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of the sentence, text[start:end], that names one of these places, the likeliest first."""

    start: int
    end: int
    text: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sentence says about where: known places and address pieces, each in order of the text."""

    mentions: tuple[Mention, ...]
    address: tuple[AddressPiece, ...]

    @property
    def best(self) -> Candidate | None:
        """The likeliest place of all; None when no known place is named."""
        candidates = [mention.candidates[0] for mention in self.mentions]
        return max(candidates, key=lambda candidate: candidate.score, default=None)

    @property
    def address_text(self) -> str:
        """The address pieces as one line, for the person who goes there: "黄河五路渤海七路 3号楼"."""
        return " ".join(piece.text for piece in self.address)


class Gazetteer:
    """地名表 — built once per version of the territory, then only read, from any thread."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._index = WordIndex(
            (folded(name), entry) for entry in entries for name in dict.fromkeys((entry.name, *entry.aliases))
        )

    def read(self, text: str) -> Reading:
        """Every place the sentence names. A longer name takes its characters from shorter ones inside it.

        A namesake scores by its weight, by how much of its name was said, and by every container named too: in
        "彭李街道为民社区" the 为民社区 inside 彭李街道 comes first.
        """
        plain = folded(text)
        matches = [match for match in self._index.longest(plain) if not _is_part_of_another_word(plain, match)]
        named = {entry.id for match in matches for entry in match.values}
        mentions = tuple(
            Mention(match.start, match.end, text[match.start : match.end], _ranked(match, named)) for match in matches
        )
        return Reading(mentions, tuple(find_address(text)))

    def find(self, text: str) -> list[Mention]:
        """Only the known places, longest first."""
        return sorted(self.read(text).mentions, key=lambda mention: mention.start - mention.end)


def spoken_names(official: str) -> tuple[str, ...]:
    """How people call a place whose official name is a committee's: 宋家村委会 → 宋家村, 馨安社区居民委员会 → 馨安社区.

    Names that would be one or two characters are left out: too many sentences contain them by chance.
    """
    base = _COMMITTEE.sub("", official)
    if base == official:
        return ()
    said = [base]
    if official.endswith(("街道办事处", "办事处")) and not base.endswith("街道"):
        said.insert(0, f"{base}街道")
    elif not base.endswith(_PLACE_ENDINGS):
        ending = "社区" if "居" in official[len(base) :] else "村"
        said.insert(0, base + ending)
    return tuple(dict.fromkeys(name for name in said if len(name) > 2))


def _ranked(match: Match[Entry], named: set[int]) -> tuple[Candidate, ...]:
    length = match.end - match.start
    best: dict[int, float] = {}
    for entry in match.values:
        containers = len(named.intersection(entry.ancestors))
        said = length / max(length, len(entry.name))
        best[entry.id] = max(best.get(entry.id, 0.0), entry.weight * said * length * (1 + _NAMED_TOGETHER * containers))
    ranked = sorted(best.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Candidate(place, score) for place, score in ranked)


def _is_part_of_another_word(text: str, match: Match[Entry]) -> bool:
    return text[match.end - 1] == "村" and _VILLAGERS.match(text, match.end) is not None

"""Finding thousands of known words in a text in one pass (Aho-Corasick), without cutting the text first."""

from array import array
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A word found: text[start:end], and every value that was filed under it."""

    start: int
    end: int
    values: tuple[T, ...]


CHARACTERS = 0x110000
"""So many there are: node and character make one number, node * CHARACTERS + ord(character)."""


class WordIndex(Generic[T]):
    """Words with values, built once and then only read, from any thread. Fold words and text the same way before.

    All steps stand in one dictionary: one for each node would take three times the memory, in every process.
    """

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._next: dict[int, int] = {}
        self._depths = array("q", [0])
        self._found: dict[int, tuple[tuple[int, tuple[T, ...]], ...]] = {}
        filed: dict[str, list[T]] = {}
        for word, value in words:
            if word:
                filed.setdefault(word, []).append(value)
        for word, values in filed.items():
            self._add(word, tuple(values))
        self._fall = self._linked()

    def matches(self, text: str) -> list[Match[T]]:
        """Every place where any word stands, overlapping ones too, in order of their ends and then longest first."""
        steps, fall, found = self._next, self._fall, self._found
        node, all_found = 0, []
        for place, char in enumerate(text, start=1):
            code = ord(char)
            while (child := steps.get(node * CHARACTERS + code)) is None and node:
                node = fall[node]
            node = child or 0
            for length, values in found.get(node, ()):
                all_found.append(Match(place - length, place, values))
        return all_found

    def longest(self, text: str) -> list[Match[T]]:
        """The matches left when a longer word takes its characters from shorter ones, in order of the text."""
        taken = bytearray(len(text))
        kept = []
        for match in sorted(self.matches(text), key=lambda match: (match.start - match.end, match.start)):
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\x01" * (match.end - match.start)
                kept.append(match)
        return sorted(kept, key=lambda match: match.start)

    def _add(self, word: str, values: tuple[T, ...]) -> None:
        node = 0
        for depth, char in enumerate(word, start=1):
            step = node * CHARACTERS + ord(char)
            child = self._next.get(step)
            if child is None:
                child = self._next[step] = len(self._depths)
                self._depths.append(depth)
            node = child
        self._found[node] = ((len(word), values),)

    def _linked(self) -> "array[int]":
        """For each node the longest shorter beginning of a word its text ends with; what is found there is found here."""
        fall = array("q", bytes(8 * len(self._depths)))
        for step, child in sorted(self._next.items(), key=lambda each: self._depths[each[1]]):  # The shorter first.
            node, code = divmod(step, CHARACTERS)
            back, landed = node, None
            while back and landed is None:
                back = fall[back]
                landed = self._next.get(back * CHARACTERS + code)
            fall[child] = landed or 0
            if fall[child] in self._found:
                self._found[child] = self._found.get(child, ()) + self._found[fall[child]]
        return fall

"""Finding thousands of known words in a text in one pass (Aho-Corasick), without cutting the text first."""

from collections import deque
from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """A word found: text[start:end], and every value that was filed under it."""

    start: int
    end: int
    values: tuple[T, ...]


class WordIndex(Generic[T]):
    """Words with values, built once and then only read, from any thread. Fold words and text the same way before."""

    def __init__(self, words: Iterable[tuple[str, T]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._found: list[tuple[tuple[int, tuple[T, ...]], ...]] = [()]
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
            while node and char not in steps[node]:
                node = fall[node]
            node = steps[node].get(char, 0)
            for length, values in found[node]:
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
        for char in word:
            if char not in self._next[node]:
                self._next[node][char] = len(self._next)
                self._next.append({})
                self._found.append(())
            node = self._next[node][char]
        self._found[node] = ((len(word), values),)

    def _linked(self) -> list[int]:
        """For each node the longest shorter beginning of a word its text ends with; what is found there is found here."""
        fall = [0] * len(self._next)
        waiting = deque(self._next[0].values())
        while waiting:
            node = waiting.popleft()
            for char, child in self._next[node].items():
                back = fall[node]
                while back and char not in self._next[back]:
                    back = fall[back]
                fall[child] = self._next[back].get(char, 0)
                self._found[child] += self._found[fall[child]]
                waiting.append(child)
        return fall

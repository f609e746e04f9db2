"""Who listens to the journal: a registry filled by the apps' reactions.py and indicators.

A reader hears the facts it names. A projection is a reader whose tables are a function of the journal and nothing
else, so that `linli replay` may empty and refill them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from linli.facts.base import Fact
from linli.mechanisms.journal.entries import Heard

Hear = Callable[[Sequence[Heard]], None]


@dataclass(frozen=True)
class Reader:
    """One listener: its name is its cursor's key and must never change."""

    name: str
    facts: tuple[type[Fact], ...]
    hear: Hear
    tables: tuple[str, ...] = ()
    batch: int = 1

    @cached_property
    def names(self) -> frozenset[str]:
        """The facts it hears, as entries name them."""
        return frozenset(fact.name for fact in self.facts)

    @property
    def is_projection(self) -> bool:
        """May its tables be emptied and refilled?"""
        return bool(self.tables)


READERS: dict[str, Reader] = {}


def reader(name: str, *facts: type[Fact]) -> Callable[[Callable[[Heard], None]], Callable[[Heard], None]]:
    """Let a function hear facts, one at a time, in one transaction with its cursor.

    It may be called again for an entry after a crash *outside* the database (a letter sent, then the power cut):
    what it does there must be idempotent; what it does in the database is undone with the cursor.
    """

    def register(function: Callable[[Heard], None]) -> Callable[[Heard], None]:
        def one_by_one(entries: Sequence[Heard]) -> None:
            for entry in entries:
                function(entry)

        _add(Reader(name, facts, one_by_one))
        return function

    return register


def batch_reader(
    name: str, *facts: type[Fact], batch: int = 200
) -> Callable[[Callable[[Sequence[Heard]], None]], Callable[[Sequence[Heard]], None]]:
    """Let a function hear facts a batch at a time, for one that does in a few statements what many would do singly.

    If it raises, the batch is undone and heard again one by one, so that only the entry that fails waits. It must
    therefore do nothing outside the database.
    """

    def register(function: Callable[[Sequence[Heard]], None]) -> Callable[[Sequence[Heard]], None]:
        _add(Reader(name, facts, function, batch=batch))
        return function

    return register


def projection(
    name: str, *facts: type[Fact], tables: Sequence[str], batch: int = 500
) -> Callable[[Callable[[Sequence[Heard]], None]], Callable[[Sequence[Heard]], None]]:
    """Let a function build tables from facts, a batch at a time. The tables belong to it alone."""

    def register(function: Callable[[Sequence[Heard]], None]) -> Callable[[Sequence[Heard]], None]:
        _add(Reader(name, facts, function, tuple(tables), batch))
        return function

    return register


def _add(new: Reader) -> None:
    old = READERS.get(new.name)
    if old is not None and old.hear.__module__ != new.hear.__module__:
        raise ValueError(f"two readers are called {new.name}")
    READERS[new.name] = new

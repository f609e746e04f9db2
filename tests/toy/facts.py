"""What happens to a toy."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class ToyRegistered(Fact):
    """已登记."""

    number: str


@dataclass(frozen=True)
class ToyTaken(Fact):
    """已领."""

    number: str
    handler: str


@dataclass(frozen=True)
class ToyFinished(Fact):
    """已完成."""

    number: str


@dataclass(frozen=True)
class ToyReopened(Fact):
    """已重开."""

    number: str


@dataclass(frozen=True)
class ToyNoted(Fact):
    """已补充."""

    number: str
    length: int

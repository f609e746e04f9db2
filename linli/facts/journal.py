"""What the journal says of itself."""

from dataclasses import dataclass

from linli.facts.base import Fact


@dataclass(frozen=True)
class Sealed(Fact):
    """已封存 — a daily seal was set. Written into the journal, so that the last seal cannot be taken away unseen."""

    number: int
    entries: int
    root: str
    seal: str
    """The seal's own hash, in hex; so is `root`."""

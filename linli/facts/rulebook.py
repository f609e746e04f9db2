"""What the rulebook (依据) announces."""

from dataclasses import dataclass
from datetime import date

from linli.facts.base import Fact


@dataclass(frozen=True)
class RuleEnacted(Fact):
    """规则施行 — a new version of one list stands in the rulebook, in force from a date that may lie ahead."""

    key: str
    version: int
    in_force: date
    sha256: str

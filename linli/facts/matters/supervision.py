"""督办、回访、评价申诉."""

from dataclasses import dataclass
from datetime import datetime

from linli.facts.base import Fact


@dataclass(frozen=True)
class MatterEscalated(Fact):
    """逾期报上一级 — it is still overdue; the desk of a level above is told, once for each step of the rule."""

    number: str
    handler: int
    decider: int
    level: int
    due_at: datetime
    rule: str


@dataclass(frozen=True)
class MatterPressed(Fact):
    """督办 — the same level or a higher one presses whoever has the matter, in a grade."""

    number: str
    handler: int
    presser: int
    grade: str
    level: int
    skipped: int
    """How many grades were left out; each skipping has its reason in the words."""
    rule: str
    words: str


@dataclass(frozen=True)
class MatterCardWithdrawn(Fact):
    """撤销督办 — the last card is taken back."""

    number: str
    handler: int
    grade: str
    words: str


@dataclass(frozen=True)
class MatterResponded(Fact):
    """回复督办 — whoever has the matter says to the presser what is being done."""

    number: str
    handler: int
    presser: int
    grade: str
    words: str


@dataclass(frozen=True)
class MatterVisited(Fact):
    """回访 — the resident was called by somebody who had no part in the answer: reached or not, and the three answers."""

    number: str
    outcome: str
    reached: bool
    tries: int
    contacted: bool | None
    solved: bool | None
    satisfaction: int | None
    words: str


@dataclass(frozen=True)
class MatterAppealed(Fact):
    """评价申诉 — the body that answered says that a rating should not count."""

    number: str
    appeal: str
    handler: int
    verdict: int
    """Which entry of the journal holds the rating."""
    solved: bool
    satisfaction: int | None
    reason: str
    decider: int
    decide_by: datetime
    words: str


@dataclass(frozen=True)
class MatterAppealDecided(Fact):
    """审评价申诉 — by somebody of the level above without a hand in it. Upheld, the rating stands but does not count."""

    number: str
    appeal: str
    handler: int
    verdict: int
    solved: bool
    satisfaction: int | None
    reason: str
    upheld: bool
    level: int
    reviewer: int
    in_time: bool
    words: str


@dataclass(frozen=True)
class MatterAppealable(Fact):
    """可以申诉 — a rating took the matter away from the body that had answered; until when that body may appeal against it."""

    number: str
    body: int
    verdict: int
    """Which entry of the journal holds the rating."""
    until: datetime


@dataclass(frozen=True)
class MatterDecisionDue(Fact):
    """提醒审定 — an appeal or a request off the list waits, and most of the time for it has passed.

    `what`: appeal (评价申诉) or approval (清单外请示); `decider`: the desk that is to decide.
    """

    number: str
    what: str
    decider: int
    decide_by: datetime


@dataclass(frozen=True)
class MatterUndecided(Fact):
    """逾期未审定 — nobody decided in time; the level above (over the city: the same desk) is told. Nothing is decided by silence."""

    number: str
    what: str
    decider: int
    level: int
    decide_by: datetime

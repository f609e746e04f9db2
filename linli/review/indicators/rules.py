"""How one matter's standing follows from its facts, and what each number on the leader's page means. Plain Python."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from linli.facts import matters as facts
from linli.facts.base import Fact

ENDINGS = ("solved", "lapsed", "withdrawn", "excluded", "struck")


@dataclass(frozen=True)
class Life:
    """现状 — where a matter stands, as far as its facts say."""

    number: str
    registered_at: datetime
    county: int | None
    township: int | None
    community: int | None
    grid: int | None
    category: str
    risk: int
    level: int
    handler: int
    due_at: datetime
    stage: str = "in_hand"
    """in_hand, answered, merged (it goes along with another, and is not counted beside it), ended."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    ending: str = ""
    solved_level: int | None = None
    satisfaction: int | None = None
    reopened: int = 0
    raised_for: str = ""
    """Why the level below could not settle it, at its last raising."""
    outcome: str = ""
    """What the answer that stands says came of it."""


def after(life: Life | None, fact: Fact, at: datetime) -> Life | None:  # noqa: C901, PLR0911, PLR0912  One line per fact.
    """The standing after a fact. A fact about a matter never registered is of an older journal: left alone."""
    match fact:
        case facts.MatterRegistered():
            return Life(
                fact.number, at, fact.county, fact.township, fact.community, fact.grid, fact.category, fact.risk, fact.level,
                fact.handler, fact.due_at,
            )  # fmt: skip
        case _ if life is None:
            return None
        case facts.MatterRaised():
            return replace(life, level=fact.to_level, handler=fact.handler, raised_for=fact.reason)
        case facts.MatterAssigned():
            return replace(life, level=fact.level, handler=fact.handler, category=fact.category, due_at=fact.answer_by)
        case facts.MatterRuled():
            return replace(life, level=fact.level, handler=fact.handler, category=fact.category, due_at=fact.answer_by)
        case facts.MatterSettled() | facts.MatterAnswered():
            return replace(
                life,
                stage="answered",
                answered_at=at,
                solved_level=5 if isinstance(fact, facts.MatterSettled) else life.level,
                outcome=fact.outcome,
            )
        case facts.MatterSplit():
            return replace(life, handler=fact.handler, due_at=fact.answer_by)
        case facts.MatterKeptUp():
            return replace(life, due_at=fact.answer_by)
        case facts.MatterMerged():
            return replace(life, stage="merged")
        case facts.MatterUnmerged():
            return replace(life, stage="in_hand", due_at=fact.answer_by)
        case facts.MatterRedone() | facts.MatterReopened():
            again = 1 if isinstance(fact, facts.MatterReopened) else 0
            taken_by = getattr(fact, "handler", None) or life.handler
            return replace(
                life, stage="in_hand", level=fact.level, handler=taken_by, due_at=fact.answer_by, answered_at=None, ended_at=None, ending="",
                solved_level=None, satisfaction=None, reopened=life.reopened + again, outcome="",
            )  # fmt: skip
        case facts.MatterRated():
            return replace(
                life,
                stage="ended",
                ended_at=at,
                ending="solved",
                solved_level=fact.solved_level,
                satisfaction=fact.satisfaction,
            )
        case facts.MatterAppealDecided():  # Left out of every rate; the rating itself stays where everybody sees it.
            struck = fact.upheld and fact.solved and life.ending == "solved"
            return replace(life, ending="struck") if struck else life
        case facts.MatterLapsed():
            return replace(life, stage="ended", ended_at=at, ending="lapsed", solved_level=fact.solved_level)
        case facts.MatterWithdrawn():
            return replace(life, stage="ended", ended_at=at, ending="withdrawn", solved_level=None, outcome="")
        case facts.MatterExclusionProposed():
            return replace(life, handler=fact.handler)
        case facts.MatterExcluded() | facts.MatterExclusionUpheld():
            return replace(life, stage="ended", ended_at=at, ending="excluded")
        case facts.MatterSecondLookAsked():
            return replace(life, stage="in_hand", ended_at=None, ending="", handler=fact.handler)
        case facts.MatterExclusionRefused() | facts.MatterExclusionOverturned():
            return replace(life, handler=fact.handler, due_at=fact.answer_by)
        case facts.MatterRecounted():
            return replace(life, due_at=fact.due_at)
        case facts.MatterExtended() | facts.MatterExtensionRefused() | facts.MatterTakenBack():
            return replace(life, due_at=fact.answer_by)
        case _:
            return life


@dataclass(frozen=True)
class Share:
    """One part of a whole, with its n: 「网格 412 件，占 61.2%」."""

    key: int
    n: int
    of: int

    @property
    def percent(self) -> float | None:
        """In percent, one decimal; None of nothing."""
        return round(100 * self.n / self.of, 1) if self.of else None


def shares(counts: Iterable[tuple[int, int]]) -> list[Share]:
    """Parts of their own sum."""
    rows = list(counts)
    total = sum(n for _, n in rows)
    return [Share(key, n, total) for key, n in rows]


@dataclass(frozen=True)
class Part:
    """One reason's part of a whole: 「无权限 12 件，占 40%」."""

    code: str
    n: int
    of: int


def parts(counts: Mapping[str, int]) -> list[Part]:
    """Reasons with their numbers, the most frequent first; what has no reason is not one."""
    rows = [(code, n) for code, n in counts.items() if code and n]
    total = sum(n for _, n in rows)
    return [Part(code, n, total) for code, n in sorted(rows, key=lambda row: (-row[1], row[0]))]


LEAST_SHOWN = 30
"""A mean over fewer answers says more about chance than about anybody's work (`domain.md` 1.6)."""

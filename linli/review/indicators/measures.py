"""指标口径 — what an indicator of the city's list counts, and how sure a share of so many can be. Plain Python.

The list is the pack's; the words it combines are closed: marks of a course (courses.MARKS) and three moments, or, of
whistles (吹哨), marks of a call (CALL_MARKS).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from linli.kernel.rules import InEnglish, Named, RuleList, Sentence, Words
from linli.review.indicators.courses import MARKS, bits

LEAST_COMPARED = 30
"""Under so many cases a share is not shown beside another's nor ranked: it says more of chance than of anybody's work."""
SURE = 1.959963984540054
"""The 97.5th percentile of the normal distribution: an interval that holds in 95 of 100 cases."""


CALL_MARKS: dict[str, int] = {
    "answered_in_time": 0, "unanswered": 1, "arrived": 2, "arrived_in_time": 3, "concluded": 4, "withdrawn": 5,
}  # fmt: skip
"""What may be true of a whistle's call: its body said 收到 or came in time, said nothing though the time was over, came,
came in time; its whistle was concluded, was withdrawn. Of a whistle as a whole: of one of its calls."""


def _a_mark(word: str) -> str:
    if word not in MARKS and word not in CALL_MARKS:
        raise ValueError(f"没有“{word}”这样的标记；可用的有：{'、'.join(MARKS)}；吹哨的有：{'、'.join(CALL_MARKS)}")
    return word


Mark = Annotated[str, AfterValidator(_a_mark)]


class Indicator(Named):
    """指标 — one rate or count: its written definition, its whole, its part, its month, and which way is better."""

    definition: Sentence
    definition_en: InEnglish = ""
    measure: Literal["share", "count", "hours", "backlog", "repeats"]
    counts: Literal["matters", "whistles", "calls"] = "matters"
    """数什么 — matters; whistles (吹的哨), or each body a whistle calls (应叫), both by the month the whistle was sounded in."""
    month_of: Literal["registered", "due", "answered"] = "registered"
    of: tuple[Mark, ...] = ()
    """分母 — what is true of every case counted; nothing: all of the month."""
    of_not: tuple[Mark, ...] = ()
    """分母不含."""
    that: tuple[Mark, ...] = ()
    """分子 — what is true of the part, besides what is true of the whole."""
    that_not: tuple[Mark, ...] = ()
    better: Literal["more", "less", "neither"]
    unit: Words = "件"
    unit_en: InEnglish = "matters"
    start: Literal["registered", "dispatched", "accepted", "answered"] | None = None
    until: Literal["dispatched", "accepted", "answered", "verified"] | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    least: Annotated[int, Field(ge=2, le=100)] | None = None
    brief: bool = True
    """Whether the monthly brief has it."""

    @model_validator(mode="after")
    def _says_what_it_counts(self) -> Self:
        if self.measure == "share" and not (self.that or self.that_not):
            raise ValueError("measure 是 share（比率）要写分子：that 或 that_not")
        if self.measure != "share" and (self.that or self.that_not):
            raise ValueError("只有比率（share）分分子、分母；条件写进 of、of_not")
        if self.measure == "hours" and not (self.start and self.until):
            raise ValueError("measure 是 hours（用时）要写 start 和 until")
        if self.measure == "backlog" and self.days is None:
            raise ValueError("measure 是 backlog（积压）要写 days（满多少天）")
        if self.measure == "repeats" and self.least is None:
            raise ValueError("measure 是 repeats（重复发生）要写 least（至少多少件）")
        self._speaks_of_what_it_counts()
        both = sorted({*self.of, *self.that} & {*self.of_not, *self.that_not})
        if both:
            raise ValueError(f"“{'、'.join(both)}”既要有又要没有，数出来总是零")
        return self

    def _speaks_of_what_it_counts(self) -> None:
        known = MARKS if self.counts == "matters" else CALL_MARKS
        strange = sorted({*self.of, *self.of_not, *self.that, *self.that_not} - set(known))
        if strange:
            raise ValueError(
                f"counts 是 {self.counts}，没有“{'、'.join(strange)}”这样的标记；可用的有：{'、'.join(known)}"
            )
        if self.counts != "matters" and (self.measure not in {"share", "count"} or self.month_of != "registered"):
            raise ValueError("数吹哨的只有比率（share）和件数（count），按吹哨的月份（不写 month_of）")

    @property
    def marks(self) -> frozenset[str]:
        """The marks without which it cannot be counted. What the whole leaves out may be of no source: then it is nothing."""
        return frozenset((*self.of, *self.that, *self.that_not)) if self.counts == "matters" else frozenset()

    @property
    def whole(self) -> "Condition":
        """What a case of the denominator is."""
        return Condition(self._bits(self.of), self._bits(self.of_not))

    @property
    def part(self) -> "Condition":
        """What a case of the numerator is: one of the denominator, and more."""
        return Condition(self._bits((*self.of, *self.that)), self._bits((*self.of_not, *self.that_not)))

    def _bits(self, marks: Iterable[str]) -> int:
        return bits(marks) if self.counts == "matters" else sum(1 << CALL_MARKS[mark] for mark in set(marks))


class Indicators(RuleList[Indicator]):
    """指标口径."""

    key: ClassVar[str] = "indicators/matters"

    def countable(self, marks: Iterable[str]) -> tuple[Indicator, ...]:
        """The indicators whose marks are all recorded: without its source an indicator is not shown, never nought."""
        known = frozenset(marks)
        return tuple(item for item in self.items if item.marks <= known)


LISTS: tuple[type[RuleList[Any]], ...] = (Indicators,)
"""Every list this app declares to the rulebook."""


@dataclass(frozen=True)
class Condition:
    """Marks that must be there and marks that must not, as numbers."""

    need: int
    bar: int

    def holds(self, marks: int) -> bool:
        """Are these marks such a case's?"""
        return marks & self.need == self.need and not marks & self.bar


@dataclass(frozen=True)
class Share:
    """A part of a whole with its n and how sure it is: 「83.3%，共30件，66%–93%」."""

    n: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None of nothing."""
        return self.n / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson interval at 95 %; None of nothing."""
        return wilson(self.n, self.of) if self.of else None

    @property
    def comparable(self) -> bool:
        """Are there enough cases to set it beside another?"""
        return self.of >= LEAST_COMPARED


def wilson(n: int, of: int, sure: float = SURE) -> tuple[float, float]:
    """The interval in which the true share lies in 95 of 100 cases (Wilson 1927, without continuity correction).

    Never outside 0 and 1, and never of no width, as the textbook one is at 0 and at 1. Raises ValueError where n is
    not among `of`, or `of` is none.
    """
    if not 0 <= n <= of or of == 0:
        raise ValueError(f"{n} of {of} is no share")
    share, square = n / of, sure * sure
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = sure / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (0.0 if n == 0 else max(0.0, middle - half)), (1.0 if n == of else min(1.0, middle + half))


def apart(one: Share, other: Share) -> bool:
    """Do two shares differ by more than chance would explain? False where either has too few cases to say."""
    if not (one.comparable and other.comparable) or one.interval is None or other.interval is None:
        return False
    return one.interval[1] < other.interval[0] or other.interval[1] < one.interval[0]


def counted(cells: Iterable[tuple[int, int]], indicator: Indicator) -> Share:
    """An indicator of (marks, number of courses): its part and its whole. Of a count the part is the whole."""
    rows = list(cells)
    whole = sum(n for marks, n in rows if indicator.whole.holds(marks))
    part = sum(n for marks, n in rows if indicator.part.holds(marks))
    return Share(part, whole)

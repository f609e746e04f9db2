"""From the exact to the rough until every group is large enough; what never is, is left out and counted.

The method is local recoding (L. Sweeney, k-Anonymity, 2002): a group of at least k records that share grid and day is told by
grid and day. What is left goes one step up a ladder of rougher places and times and is grouped again among itself. Each
record is told once, in one group. So any sum or difference of groups that somebody computes is again made of whole
groups, each of at least k; there is nothing in between to be singled out by subtracting one from another. A week is cut
where its month ends, so that the same holds across the files of consecutive months.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, TypeVar

Told = TypeVar("Told")


class Period(StrEnum):
    """日、周、月."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Step:
    """One rung: how rough the place (a level of the area tree: 5 grid … 2 county) and the time."""

    level: int
    period: Period


LADDER = (
    Step(5, Period.DAY),
    Step(5, Period.WEEK),
    Step(4, Period.DAY),
    Step(4, Period.WEEK),
    Step(4, Period.MONTH),
    Step(3, Period.WEEK),
    Step(3, Period.MONTH),
    Step(2, Period.MONTH),
)
"""Grid, community, township, county; day, week, month. The place is kept as long as it can be."""


@dataclass(frozen=True)
class Record(Generic[Told]):
    """One matter: where (area by level, as far as known), on which day, and what is told of it besides."""

    places: dict[int, int]
    day: date
    told: Told


@dataclass(frozen=True)
class Cell(Generic[Told]):
    """One published group: its place, from and to which day, and what is told of each of its records."""

    step: Step
    place: int
    begins: date
    ends: date
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Result(Generic[Told]):
    """The groups, and how many records are in none."""

    cells: tuple[Cell[Told], ...]
    suppressed: int


def generalise(records: Iterable[Record[Told]], *, k: int, ladder: Sequence[Step] = LADDER) -> Result[Told]:
    """Groups of at least `k`. Raises ValueError for a k under which nothing is hidden, or records of several months."""
    if k < 2:
        raise ValueError(f"k = {k} hides nobody")
    left = list(records)
    if len({(each.day.year, each.day.month) for each in left}) > 1:
        raise ValueError("one file is one month: a record of another could be found by subtracting")
    cells: list[Cell[Told]] = []
    for step in ladder:
        groups: dict[tuple[int, date, date], list[Record[Told]]] = defaultdict(list)
        rest = []
        for record in left:
            place = record.places.get(step.level)
            if place is None:
                rest.append(record)
            else:
                groups[place, *_span(record.day, step.period)].append(record)
        for (place, begins, ends), group in groups.items():
            if len(group) >= k:
                cells.append(Cell(step, place, begins, ends, tuple(each.told for each in group)))
            else:
                rest += group
        left = rest
    return Result(tuple(cells), len(left))


def _span(day: date, period: Period) -> tuple[date, date]:
    """The first and the last day of the period, within the day's month."""
    if period is Period.DAY:
        return day, day
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    if period is Period.MONTH:
        return first, last
    monday = day - timedelta(days=day.weekday())
    return max(monday, first), min(monday + timedelta(days=6), last)

"""吹哨的指标 — whistles (吹的哨) and the bodies they call (应叫), as indicators count them: by area, month and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from linli.kernel import clock
from linli.mechanisms import territory
from linli.review.indicators import courses
from linli.review.indicators.measures import CALL_MARKS, Condition
from linli.review.indicators.models import Called

Counts = Literal["matters", "whistles", "calls"]


@dataclass(frozen=True)
class Call:
    """One body called by one whistle, where and in which month, and what is true of it now (CALL_MARKS)."""

    row: Called
    lineage: tuple[int, ...]
    month: date
    marks: int


def sounded(area: territory.Node, months: Sequence[date]) -> list[Call]:
    """Every call of the whistles sounded in these months at places within an area, the newest first."""
    first, last = min(months), max(months)
    start = datetime(first.year, first.month, 1, tzinfo=clock.CITY)
    end = datetime(last.year + last.month // 12, last.month % 12 + 1, 1, tzinfo=clock.CITY)
    now = clock.now()
    found = []
    for row in Called.objects.filter(sounded_at__gte=start, sounded_at__lt=end).order_by(
        "-sounded_at", "number", "body"
    ):
        lineage = _lineage(row.area)
        if area.id in lineage:
            found.append(Call(row, lineage, courses.month_of(row.sounded_at), _marks(row, now)))
    return found


def cells(calls: Iterable[Call], counts: Counts) -> list[tuple[int, int]]:
    """Marks and how many have just these: of calls each for itself, of whistles all their calls' together."""
    if counts == "calls":
        return [(each.marks, 1) for each in calls]
    whole: dict[str, int] = {}
    for each in calls:
        whole[each.row.number] = whole.get(each.row.number, 0) | each.marks
    return [(marks, 1) for marks in whole.values()]


def cells_below(
    area: territory.Node, month: date, parts: Sequence[int], counts: Counts
) -> dict[int, list[tuple[int, int]]]:
    """The same for each part of an area."""
    heard = sounded(area, [month])
    return {part: cells([each for each in heard if part in each.lineage], counts) for part in parts}


def behind(area: territory.Node, month: date, condition: Condition, counts: Counts) -> list[Call]:
    """The calls behind a figure; of a figure of whistles one for each whistle: its list is as long as the figure."""
    heard = sounded(area, [month])
    if counts == "calls":
        return [each for each in heard if condition.holds(each.marks)]
    whole: dict[str, int] = {}
    for each in heard:
        whole[each.row.number] = whole.get(each.row.number, 0) | each.marks
    first = {each.row.number: each for each in reversed(heard)}
    return [first[number] for number, marks in whole.items() if condition.holds(marks)]


def _marks(row: Called, now: datetime) -> int:
    until = min(now, row.ended_at or now)
    true = {
        "answered_in_time": row.answered_at is not None and row.answered_at <= row.acknowledge_by,
        "unanswered": row.answered_at is None and row.acknowledge_by < until,
        "arrived": row.arrived_at is not None,
        "arrived_in_time": row.arrived_at is not None and row.arrived_at <= row.arrive_by,
        "concluded": row.ended_at is not None and not row.withdrawn,
        "withdrawn": row.withdrawn,
    }
    return sum(1 << CALL_MARKS[mark] for mark, holds in true.items() if holds)


def _lineage(area_id: int) -> tuple[int, ...]:
    try:
        return tuple(territory.area(area_id).lineage)
    except LookupError:
        return ()

"""What a leader sees: open and overdue by area, how matters ended and at which level; and the list behind each number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, Refused, require
from linli.review.indicators.models import MonthlyEnding, Standing
from linli.review.indicators.rules import Share, shares

SLOTS = {2: "county", 3: "township", 4: "community", 5: "grid"}
TOWNSHIP, GRID = 3, 5
MEASURES = ("open", "overdue", "answered", "solved", "lapsed", "withdrawn")
PAGE = 50


@dataclass(frozen=True)
class Line:
    """One area of the table. `area` None: matters whose place is not known more exactly."""

    area: territory.Node | None
    in_hand: int
    overdue: int
    answered: int
    solved: int
    lapsed: int


@dataclass(frozen=True)
class Board:
    """The leader's page: the area looked at, a line for each part of it, its sums, and where matters were settled."""

    area: territory.Node
    lines: list[Line]
    total: Line
    month: date
    levels: list[Share]
    satisfaction: float | None
    rated: int


def board(actor: Actor, *, area_id: int | None = None, month: date | None = None) -> Board:
    """The page for an area within the actor's reach. Raises Refused outside it."""
    area = _reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    now = clock.now()
    below = SLOTS.get(area.level + 1, "grid")
    open_rows = {
        row[below]: row
        for row in _within(Standing.objects.exclude(stage="ended"), area)
        .values(below)
        .annotate(
            in_hand=Count("pk", filter=Q(stage="in_hand")),
            overdue=Count("pk", filter=Q(stage="in_hand", due_at__lt=now)),
            answered=Count("pk", filter=Q(stage="answered")),
        )
    }
    ended = _endings(area, first, below)
    parts = [each for each in territory.children(area.id) if not each.functional] if area.level < GRID else [area]
    lines = [_line(each, open_rows.get(each.id), ended.get(each.id)) for each in parts]
    known = {line.area.id for line in lines if line.area}
    rest_open = [row for key, row in open_rows.items() if key not in known]
    rest_ended = [row for key, row in ended.items() if key not in known]
    if rest_open or rest_ended:
        lines.append(_line(None, _sum(rest_open), _sum(rest_ended)))
    solved = _solved(area, first)
    levels = shares((row["solved_level"] or 0, row["cases"]) for row in solved)
    n, total = sum(row["cases"] for row in solved), sum(row["total"] or 0 for row in solved)
    return Board(area, lines, _total(lines), first, levels, round(total / n, 2) if n else None, n)


def _reach(actor: Actor, area_id: int | None) -> territory.Node:
    require(actor, "indicators.read")
    if actor.area_id is None:
        raise Refused(_("您的岗位没有管辖区域。"))
    if area_id is None or area_id == actor.area_id:
        return territory.area(actor.area_id)
    try:
        area = territory.area(area_id)
    except LookupError:
        raise Refused(_("没有这个区域。")) from None
    if actor.area_id not in area.lineage:
        raise Refused(_("这个区域不在您的管辖范围内。"))
    return area


def _within(rows: QuerySet[Standing], area: territory.Node) -> QuerySet[Standing]:
    slot = SLOTS.get(area.level)
    return rows.filter(**{slot: area.id}) if slot else rows


def _months(area: territory.Node, month: date) -> QuerySet[MonthlyEnding]:
    rows = MonthlyEnding.objects.filter(month=month)
    slot = SLOTS.get(area.level)
    return rows.filter(**{slot: area.id}) if slot else rows


def _ended_in(area: territory.Node, month: date) -> QuerySet[Standing]:
    """What ended in a community or a grid, one by one: the months' cells end at the community, its grids are few."""
    township = next((each for each in area.lineage if territory.area(each).level == TOWNSHIP), None)
    return _in_month(_within(Standing.objects.filter(township=township), area), month)


def _solved(area: territory.Node, month: date) -> list[dict[str, Any]]:
    """By the level it was solved at, lowest first: how many, and the sum of their grades."""
    if area.level < GRID:
        cells = _months(area, month).filter(ending="solved").values("solved_level")
        rows: Any = cells.annotate(cases=Sum("n"), total=Sum("satisfaction_sum"))
    else:
        each = _ended_in(area, month).filter(ending="solved").values("solved_level")
        rows = each.annotate(cases=Count("pk"), total=Sum("satisfaction"))
    return list(rows.order_by("-solved_level"))


def _endings(area: territory.Node, month: date, below: str) -> dict[int | None, dict[str, Any]]:
    if below == "grid":
        rows: Any = _ended_in(area, month).values(below, "ending").annotate(cases=Count("pk"))
    else:
        rows = _months(area, month).values(below, "ending").annotate(cases=Sum("n"))
    found: dict[int | None, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row[below] or None, {"solved": 0, "lapsed": 0, "withdrawn": 0})[row["ending"]] = row["cases"]
    return found


def _line(area: territory.Node | None, row: dict[str, Any] | None, ended: dict[str, Any] | None) -> Line:
    row, ended = row or {}, ended or {}
    return Line(
        area,
        row.get("in_hand", 0),
        row.get("overdue", 0),
        row.get("answered", 0),
        ended.get("solved", 0),
        ended.get("lapsed", 0),
    )


def _sum(rows: list[dict[str, Any]]) -> dict[str, Any]:
    keys = ("in_hand", "overdue", "answered", "solved", "lapsed")
    return {key: sum(row.get(key, 0) for row in rows) for key in keys}


def _total(lines: list[Line]) -> Line:
    return Line(
        None, sum(x.in_hand for x in lines), sum(x.overdue for x in lines), sum(x.answered for x in lines),
        sum(x.solved for x in lines), sum(x.lapsed for x in lines),
    )  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """The matters behind one number, fifty at a time."""

    area: territory.Node
    measure: str
    rows: list[Standing]
    n: int
    next: str


def behind(  # The list has the number's own conditions, so its length is the number.
    actor: Actor,
    measure: str,
    *,
    area_id: int | None = None,
    month: date | None = None,
    level: int | None = None,
    after: str = "",
) -> Behind:
    """The list behind a number of the board."""
    area = _reach(actor, area_id)
    rows = _within(Standing.objects.all(), area)
    rows = _measured(rows, measure, (month or clock.today()).replace(day=1), level)
    n = rows.count()
    if after:
        rows = rows.filter(number__gt=after)
    found = list(rows.order_by("number")[: PAGE + 1])
    following = found[PAGE - 1].number if len(found) > PAGE else ""
    return Behind(area, measure, found[:PAGE], n, following)


def _measured(rows: QuerySet[Standing], measure: str, month: date, level: int | None) -> QuerySet[Standing]:
    if measure == "open":
        return rows.filter(stage="in_hand")
    if measure == "overdue":
        return rows.filter(stage="in_hand", due_at__lt=clock.now())
    if measure == "answered":
        return rows.filter(stage="answered")
    rows = _in_month(rows, month).filter(ending=measure)
    if level is None:
        return rows
    return rows.filter(solved_level=level) if level else rows.filter(solved_level__isnull=True)


def _in_month(rows: QuerySet[Standing], month: date) -> QuerySet[Standing]:
    """What ended in a month of the city's calendar."""
    start = datetime(month.year, month.month, 1, tzinfo=clock.CITY)
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    end = datetime(following.year, following.month, 1, tzinfo=clock.CITY)
    return rows.filter(stage="ended", ended_at__gte=start, ended_at__lt=end)

"""What a leader sees: open and overdue by area, how matters ended and why not, at which level; and the list behind each number."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, Refused, require
from linli.review.indicators.models import MonthlyEnding, Standing
from linli.review.indicators.rules import Part, Share, parts, shares
from linli.work.matters.rules import Outcomes

SLOTS = {2: "county", 3: "township", 4: "community", 5: "grid"}
TOWNSHIP, GRID = 3, 5
MEASURES = ("open", "overdue", "answered", "solved", "lapsed", "unsolved", "withdrawn", "raised", "again")
PAGE = 50


@dataclass(frozen=True)
class Line:
    """One area of the table. `area` None: matters whose place is not known more exactly."""

    area: territory.Node | None
    in_hand: int = 0
    overdue: int = 0
    answered: int = 0
    solved: int = 0
    lapsed: int = 0
    unsolved: int = 0
    """Those of `lapsed` whose answer did not say that it was solved."""


COUNTED = ("in_hand", "overdue", "answered", "solved", "lapsed", "unsolved")


@dataclass(frozen=True)
class Board:
    """The leader's page: the area looked at, a line for each part of it, its sums, what cannot be solved, where it was."""

    area: territory.Node
    lines: list[Line]
    total: Line
    month: date
    levels: list[Share]
    satisfaction: float | None
    rated: int
    raised: list[Part]
    """在办、报上来的 — what a level below could not settle, by the reason it gave."""
    again: int
    """In hand again, because a resident said that it was not solved."""
    unsolved: list[Part]
    """没办成 — ended this month without a resident's yes, by the outcome the answer named."""
    withdrawn: int


def board(actor: Actor, *, area_id: int | None = None, month: date | None = None) -> Board:
    """The page for an area within the actor's reach. Raises Refused outside it. Two statements, whatever its size."""
    area = reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    below = SLOTS.get(area.level + 1, "grid")
    numbers: dict[int | None, Counter[str]] = defaultdict(Counter)
    reasons: Counter[str] = Counter()
    again = 0
    for row in _open(area, below):
        numbers[row[below]].update({name: row[name] for name in ("in_hand", "overdue", "answered")})  # Counter adds.
        reasons[row["raised_for"]] += row["in_hand"]
        again += row["again"]
    endings = _endings(area, first, below)
    solved_codes = _solved_outcomes()
    levels: Counter[int] = Counter()
    outcomes: Counter[str] = Counter()
    grades = 0
    for row in endings:
        counted, n = numbers[row[below] or None], row["cases"]
        counted[row["ending"]] += n
        if row["ending"] == "solved":
            levels[row["solved_level"] or 0] += n
            grades += row["total"] or 0
        elif row["ending"] == "lapsed" and row["outcome"] not in solved_codes:
            counted["unsolved"] += n
            outcomes[row["outcome"]] += n
    below_it = [each for each in territory.children(area.id) if not each.functional] if area.level < GRID else [area]
    lines = [Line(each, **_whole(numbers.pop(each.id, Counter()))) for each in below_it]
    if any(numbers.values()):
        lines.append(Line(None, **_whole(sum(numbers.values(), Counter()))))
    total = Line(None, **{name: sum(getattr(line, name) for line in lines) for name in COUNTED})
    rated = sum(levels.values())
    withdrawn = sum(row["cases"] for row in endings if row["ending"] == "withdrawn")
    return Board(
        area, lines, total, first, shares(sorted(levels.items(), reverse=True)), round(grades / rated, 2) if rated else None,
        rated, parts(reasons), again, parts(outcomes), withdrawn,
    )  # fmt: skip


def _open(area: territory.Node, below: str) -> list[dict[str, Any]]:
    """What has not ended, counted by place and by why it was raised, from one index alone: no row is looked at."""
    rows = _within(Standing.objects.exclude(stage="ended"), area).values(below, "raised_for")
    in_hand = Q(stage="in_hand")
    return list(
        rows.annotate(
            in_hand=Count("stage", filter=in_hand),
            overdue=Count("stage", filter=in_hand & Q(due_at__lt=clock.now())),
            answered=Count("stage", filter=Q(stage="answered")),
            again=Count("stage", filter=in_hand & Q(reopened__gt=0)),
        ).order_by()
    )


def _endings(area: territory.Node, month: date, below: str) -> list[dict[str, Any]]:
    """How the month's matters ended: by the area below, the ending, the level and the outcome."""
    by = (below, "ending", "solved_level", "outcome")
    if area.level >= TOWNSHIP:  # The months' cells end here; what ended in one township is few enough to count.
        township = next((each for each in area.lineage if territory.area(each).level == TOWNSHIP), None)
        each = _in_month(_within(Standing.objects.filter(township=township), area), month)
        return list(each.values(*by).annotate(cases=Count("*"), total=Sum("satisfaction")).order_by())
    rows = MonthlyEnding.objects.filter(month=month)
    slot = SLOTS.get(area.level)
    rows = rows.filter(**{slot: area.id}) if slot else rows
    return list(rows.values(*by).annotate(cases=Sum("n"), total=Sum("satisfaction_sum")).order_by())


def _solved_outcomes() -> set[str]:
    """Outcomes that count as solved; and none at all, as histories before outcomes were counted have it."""
    return {"", *(each.code for each in rulebook.current(Outcomes).list.items if each.counts_as == "solved")}


def _whole(counted: Counter[str]) -> dict[str, int]:
    return {name: counted[name] for name in COUNTED}


def reach(actor: Actor, area_id: int | None) -> territory.Node:
    """The area asked for, or the actor's own. Raises Refused where it is not within their reach."""
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
    reason: str = "",
    after: str = "",
) -> Behind:
    """The list behind a number of the board."""
    area = reach(actor, area_id)
    rows = _within(Standing.objects.all(), area)
    rows = _measured(rows, measure, (month or clock.today()).replace(day=1), level, reason)
    n = rows.count()
    if after:
        rows = rows.filter(number__gt=after)
    found = list(rows.order_by("number")[: PAGE + 1])
    following = found[PAGE - 1].number if len(found) > PAGE else ""
    return Behind(area, measure, found[:PAGE], n, following)


def _measured(
    rows: QuerySet[Standing], measure: str, month: date, level: int | None, reason: str
) -> QuerySet[Standing]:
    in_hand = Q(stage="in_hand")
    now = {
        "open": in_hand,
        "overdue": in_hand & Q(due_at__lt=clock.now()),
        "answered": Q(stage="answered"),
        "again": in_hand & Q(reopened__gt=0),
        "raised": in_hand & (Q(raised_for=reason) if reason else ~Q(raised_for="")),
    }
    if measure in now:
        return rows.filter(now[measure])
    ended = _in_month(rows, month)
    if measure == "unsolved":
        ended = ended.filter(ending="lapsed").exclude(outcome__in=_solved_outcomes())
        return ended.filter(outcome=reason) if reason else ended
    ended = ended.filter(ending=measure)
    if level is None:
        return ended
    return ended.filter(solved_level=level) if level else ended.filter(solved_level__isnull=True)


def _in_month(rows: QuerySet[Standing], month: date) -> QuerySet[Standing]:
    """What ended in a month of the city's calendar."""
    start = datetime(month.year, month.month, 1, tzinfo=clock.CITY)
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    end = datetime(following.year, following.month, 1, tzinfo=clock.CITY)
    return rows.filter(stage="ended", ended_at__gte=start, ended_at__lt=end)

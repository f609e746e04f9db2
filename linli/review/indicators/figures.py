"""The city's indicators (指标) as figured: of an area and a month, by the definitions then in force, with the lists behind."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from linli.facts import matters as facts
from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.rulebook import Edition
from linli.review.indicators import calls, courses
from linli.review.indicators.measures import Condition, Indicator, Indicators, Share, counted
from linli.review.indicators.models import Course, MonthlyCourse
from linli.review.indicators.queries import GRID, PAGE, SLOTS, TOWNSHIP, reach

RECORDED = courses.recorded(name for name in vars(facts) if name.startswith("Matter"))
"""The marks this linli's facts make."""
Cells = list[tuple[int, int]]
"""Marks and how many courses have just these."""
WHOLE_CITY = 0
SLOW = ("hours", "repeats")
"""What is counted from the month's courses one by one, not from the cells: asked for by itself, and for the brief."""


@dataclass(frozen=True)
class Hours:
    """用时 — of so many courses: the middle one's hours, and what nine in ten stay under. Natural hours, nights included."""

    n: int
    median: float | None
    nine_in_ten: float | None


@dataclass(frozen=True)
class Repeat:
    """反复发生 — one place where the same kind of thing was reported again and again in the month."""

    area: territory.Node
    category: str
    n: int


@dataclass(frozen=True)
class Figure:
    """One indicator of one area and month."""

    indicator: Indicator
    rule: str
    """The definition it was figured by: "indicators/matters v2 #on_time"."""
    share: Share
    """Of a count, the part is the whole."""
    hours: Hours | None = None
    repeats: tuple[Repeat, ...] = ()

    @property
    def n(self) -> int:
        """How many courses it speaks of: never shown without."""
        return self.hours.n if self.hours else self.share.of


@dataclass(frozen=True)
class Figures:
    """Every indicator that can be counted, of one area and month."""

    area: territory.Node
    month: date
    edition: Edition[Indicators] | None
    """None where no definition was in force that month: then nothing is figured."""
    figures: list[Figure] = field(default_factory=list)

    def figure(self, code: str) -> Figure | None:
        """One of them, if it is counted."""
        return next((each for each in self.figures if each.indicator.code == code), None)


def bounds(month: date) -> tuple[datetime, datetime]:
    """From the first moment of a month of the city's calendar to the first of the next."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return tuple(datetime(day.year, day.month, 1, tzinfo=clock.CITY) for day in (month, following))  # type: ignore[return-value]


def last_day(month: date) -> date:
    """The last day of a month, or today while it is not over."""
    return min((bounds(month)[1] - timedelta(days=1)).date(), clock.today())


def definitions(month: date) -> Edition[Indicators] | None:
    """The list in force at the end of a month: what was defined later does not change what was counted by it."""
    try:
        return rulebook.current(Indicators, last_day(month))
    except rulebook.NoRuleError:
        return None


def figures(actor: Actor, *, area_id: int | None = None, month: date | None = None, slow: bool = True) -> Figures:
    """Every indicator of an area within the actor's reach; without the SLOW ones if so asked. Raises Refused outside it."""
    area = reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    edition = definitions(first)
    wanted = [item.code for item in edition.list.items if slow or item.measure not in SLOW] if edition else []
    return of(area, first, only=wanted)


def of(area: territory.Node, month: date, *, only: Collection[str] | None = None) -> Figures:
    """The same for who has already looked whether it may be seen; `only` these codes, where not all are wanted."""
    edition = definitions(month)
    if edition is None:
        return Figures(area, month, None)
    items = [item for item in edition.list.countable(RECORDED) if only is None or item.code in only]
    found = Figures(area, month, edition)
    of_matters = [item for item in items if item.counts == "matters"]
    cells = _cells(area, month) if any(item.measure in {"share", "count"} for item in of_matters) else {}
    heard = calls.sounded(area, [month]) if len(of_matters) < len(items) else []
    timed = _hours(area, month, [item for item in items if item.measure == "hours"])
    for item in items:
        if item.counts == "matters":
            found.figures.append(_figure(item, found, cells, timed))
        else:
            share = counted(calls.cells(heard, item.counts), item)
            found.figures.append(Figure(item, edition.rule(item.code), share))
    return found


def _figure(item: Indicator, wanted: Figures, cells: Mapping[str, Cells], timed: Mapping[str, Hours]) -> Figure:
    area, month = wanted.area, wanted.month
    rule = wanted.edition.rule(item.code) if wanted.edition else ""
    match item.measure:
        case "hours":
            hours = timed[item.code]
            return Figure(item, rule, Share(hours.n, hours.n), hours)
        case "backlog":
            n = _backlog(item, area, month).count()
            return Figure(item, rule, Share(n, n))
        case "repeats":
            found = _repeats(item, area, month)
            n = sum(each.n for each in found)
            return Figure(item, rule, Share(n, n), repeats=tuple(found))
        case _:
            return Figure(item, rule, counted(cells[item.month_of], item))


# --- One indicator: beside its neighbours, and along the year --------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """One area below, beside others. `area` None: matters whose place is not known more exactly."""

    area: territory.Node | None
    share: Share


@dataclass(frozen=True)
class Past:
    """The same indicator in an earlier month, by the definition of that month."""

    month: date
    share: Share
    rule: str
    changed: bool
    """Whether another definition held than in the month before."""


@dataclass(frozen=True)
class Compared:
    """One indicator of an area: its parts in the order of the territory, never of the figures; and its year."""

    figure: Figure
    area: territory.Node
    month: date
    lines: list[Line]
    year: list[Past]


def compared(actor: Actor, code: str, *, area_id: int | None = None, month: date | None = None) -> Compared:
    """One indicator by area and by month. Raises Refused outside the actor's reach, LookupError where it is not counted."""
    area = reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    found = of(area, first, only=(code,)).figure(code)
    if found is None:
        raise LookupError(code)
    item = found.indicator
    if item.measure not in {"share", "count"}:
        return Compared(found, area, first, [], [])
    children = [each for each in territory.children(area.id) if not each.functional] if area.level < GRID else []
    if item.counts == "matters":
        by_area = cells_below(area, first, item.month_of)
    else:
        by_area = calls.cells_below(area, first, [each.id for each in children], item.counts)
    lines = [Line(each, counted(by_area.get(each.id, []), item)) for each in children]
    rest = Share(
        found.share.n - sum(line.share.n for line in lines), found.share.of - sum(line.share.of for line in lines)
    )
    if children and rest.of > 0:
        lines.append(Line(None, rest))
    return Compared(found, area, first, lines, _year(code, area, first))


def _year(code: str, area: territory.Node, month: date) -> list[Past]:
    """The twelve months up to this one, each by the definition that was in force then; where none was, none."""
    months = [earlier(month, back) for back in range(11, -1, -1)]
    defined = {each: definitions(each) for each in months}
    kinds = {each: found.list.find(code) for each, found in defined.items() if found is not None}
    of_matters = any(item is not None and item.counts == "matters" for item in kinds.values())
    cells = _cells_of_months(area, months) if of_matters else {}
    heard = [] if of_matters else calls.sounded(area, months)
    year: list[Past] = []
    for each in months:
        edition, item = defined[each], kinds.get(each)
        if edition is None or item is None or not item.marks <= RECORDED or item.measure not in {"share", "count"}:
            continue
        if item.counts == "matters":
            share = counted(cells.get((each, item.month_of), []), item)
        else:
            share = counted(calls.cells([one for one in heard if one.month == each], item.counts), item)
        before = rulebook.RuleRef.parse(year[-1].rule)[0] if year else edition.ref
        changed = before != edition.ref and _differs(before, edition, code)
        year.append(Past(each, share, edition.rule(code), changed))
    return year


def _differs(before: rulebook.RuleRef, edition: Edition[Indicators], code: str) -> bool:
    """Was this one indicator counted otherwise? Another version of the list may have changed only its neighbour."""
    old = rulebook.edition(before).list.find(code)
    new = edition.list.find(code)
    blank: dict[str, Any] = {"basis": None, "status": None, "reason": None, "reason_en": ""}
    return old is None or new is None or old.model_copy(update=blank) != new.model_copy(update=blank)


def earlier(month: date, back: int) -> date:
    """The first day of the month so many months before."""
    years, number = divmod(month.year * 12 + month.month - 1 - back, 12)
    return date(years, number + 1, 1)


# --- The list behind a figure ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Listed:
    """The matters behind a numerator or a denominator, fifty at a time."""

    figure: Figure
    area: territory.Node
    rows: list[Course]
    n: int
    next: str


def behind(
    actor: Actor, code: str, *, part: bool, area_id: int | None = None, month: date | None = None, category: str = "", after: str = ""
) -> Listed:  # fmt: skip
    """The list with the figure's own conditions, so that its length is the figure.

    `category` narrows a figure of repeats to one kind at one grid. Raises Refused, and LookupError where it is not counted.
    """
    area = reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    figure = of(area, first, only=(code,)).figure(code)
    if figure is None:
        raise LookupError(code)
    item = figure.indicator
    if item.counts != "matters":
        raise LookupError(code)  # Whistles have a list of their own: calls.behind.
    if item.measure == "backlog":
        rows = _backlog(item, area, first)
    elif item.measure == "repeats":
        rows = _in_month(area, first, item.month_of, item.whole)
        wanted = [each for each in figure.repeats if not category or each.category == category]
        pairs = Q(pk__in=[])
        for each in wanted[:PAGE]:
            pairs |= Q(grid=each.area.id, category=each.category)
        rows = rows.filter(pairs)
    else:
        rows = _in_month(area, first, item.month_of, item.part if part else item.whole)
        if item.measure == "hours":
            rows = rows.filter(**{f"{item.start}_at__isnull": False, f"{item.until}_at__isnull": False})
    n = rows.count()
    if after:
        rows = rows.filter(number__gt=after)
    found = list(rows.order_by("number")[: PAGE + 1])
    following = found[PAGE - 1].number if len(found) > PAGE else ""
    return Listed(figure, area, found[:PAGE], n, following)


# --- Reading the tables ---------------------------------------------------------------------------------------------
def within(area: territory.Node) -> dict[str, int]:
    """An area as a condition on courses; with its township, so that an index leads there."""
    slot = SLOTS.get(area.level)
    if slot is None:
        return {}
    found = {slot: area.id}
    if area.level > TOWNSHIP:
        found["township"] = next(each for each in area.lineage if territory.area(each).level == TOWNSHIP)
    return found


def _in_month(area: territory.Node, month: date, kind: str, condition: Condition) -> QuerySet[Course]:
    start, end = bounds(month)
    rows = Course.objects.filter(**within(area), **{f"{kind}_at__gte": start, f"{kind}_at__lt": end})
    if condition.need:
        rows = rows.annotate(need=F("marks").bitand(condition.need)).filter(need=condition.need)
    if condition.bar:
        rows = rows.annotate(bar=F("marks").bitand(condition.bar)).filter(bar=0)
    return rows


def in_month(area: territory.Node, month: date, kind: str, **having: bool) -> QuerySet[Course]:
    """The courses of an area and month that have these marks, or have not."""
    need = courses.bits(mark for mark, wanted in having.items() if wanted)
    bar = courses.bits(mark for mark, wanted in having.items() if not wanted)
    return _in_month(area, month, kind, Condition(need, bar))


def _backlog(item: Indicator, area: territory.Node, month: date) -> QuerySet[Course]:
    """Still without a first answer at the end of the month (or now), registered so many days before. The same for ever."""
    end = min(bounds(month)[1], clock.now())
    rows = Course.objects.filter(**within(area), registered_at__lt=end - timedelta(days=item.days or 0))
    waiting = Q(answered_at__isnull=True, left_at__isnull=True)
    later = Q(answered_at__gte=end) | Q(answered_at__isnull=True, left_at__gte=end)
    rows = rows.filter(waiting | later)
    condition = item.whole
    if condition.need:
        rows = rows.annotate(need=F("marks").bitand(condition.need)).filter(need=condition.need)
    if condition.bar:
        rows = rows.annotate(bar=F("marks").bitand(condition.bar)).filter(bar=0)
    return rows


def _repeats(item: Indicator, area: territory.Node, month: date) -> list[Repeat]:
    """The places where one kind came at least so often, the most frequent first."""
    rows = _in_month(area, month, item.month_of, item.whole).exclude(grid__isnull=True)
    found = rows.values("grid", "category").annotate(cases=Count("number")).filter(cases__gte=item.least or 2)
    found = found.order_by("-cases", "grid", "category")
    grids = [(row["grid"] or 0, row["category"], row["cases"]) for row in found]
    return [Repeat(territory.area(grid), category, n) for grid, category, n in grids if _known(grid)]


def _known(area_id: int) -> bool:
    try:
        territory.area(area_id)
    except LookupError:
        return False
    return True


def _cells(area: territory.Node, month: date) -> dict[str, Cells]:
    """The month's cells of an area, by the moment that puts a course into the month."""
    found = _cells_of_months(area, [month])
    return defaultdict(list, {kind: cells for (_month, kind), cells in found.items()})


def _cells_of_months(area: territory.Node, months: list[date]) -> dict[tuple[date, str], Cells]:
    found: dict[tuple[date, str], Cells] = defaultdict(list)
    if area.level <= TOWNSHIP:
        rows = MonthlyCourse.objects.filter(area=_cell_area(area), month__in=months)
        for month, kind, marks, n in rows.values_list("month", "kind", "marks", "n"):
            found[month, kind].append((marks, n))
        return found
    for kind in courses.MONTHS:
        start, end = bounds(months[0])[0], bounds(months[-1])[1]
        rows_ = Course.objects.filter(**within(area), **{f"{kind}_at__gte": start, f"{kind}_at__lt": end})
        for moment, marks in rows_.values_list(f"{kind}_at", "marks"):
            found[courses.month_of(moment), kind].append((marks, 1))
    return found


def cells_below(area: territory.Node, month: date, kind: str) -> dict[int, Cells]:
    """The month's cells of each part of an area."""
    found: dict[int, Cells] = defaultdict(list)
    if area.level < TOWNSHIP:
        ids = [each.id for each in territory.children(area.id)]
        rows = MonthlyCourse.objects.filter(area__in=ids, month=month, kind=kind)
        for part, marks, n in rows.values_list("area", "marks", "n"):
            found[part].append((marks, n))
        return found
    slot = SLOTS.get(area.level + 1)
    if slot is None:
        return found
    below = _in_month(area, month, kind, Condition(0, 0)).exclude(**{f"{slot}__isnull": True})
    for part, marks, n in below.values_list(slot, "marks").annotate(n=Count("number")).order_by():
        found[part].append((marks, n))
    return found


def _cell_area(area: territory.Node) -> int:
    return WHOLE_CITY if area.level not in SLOTS else area.id


def _hours(area: territory.Node, month: date, asked: Iterable[Indicator]) -> dict[str, Hours]:
    """Every time that is asked for, in one reading of the month's courses."""
    asked = list(asked)
    found: dict[str, Hours] = {}
    for kind in sorted({item.month_of for item in asked}):
        items = [item for item in asked if item.month_of == kind]
        found |= _times(area, month, kind, items)
    return found


def _times(area: territory.Node, month: date, kind: str, items: Iterable[Indicator]) -> dict[str, Hours]:
    items = list(items)
    columns, values = [], []
    for item in items:  # Columns and stages are words of the code; marks are numbers.
        span = f"extract(epoch FROM {item.until}_at - {item.start}_at) / 3600"
        test = f"{item.start}_at IS NOT NULL AND {item.until}_at IS NOT NULL AND marks & %s = %s AND marks & %s = 0"
        condition = item.whole
        for what in ("count(*)", f"percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {span})"):
            columns.append(f"{what} FILTER (WHERE {test})")
            values += [condition.need, condition.need, condition.bar]
    start, end = bounds(month)
    where = "".join(f" AND {column} = %s" for column in within(area))
    sql = f"SELECT {', '.join(columns)} FROM indicators_course WHERE {kind}_at >= %s AND {kind}_at < %s{where}"  # noqa: S608
    with connection.cursor() as db:
        db.execute(sql, [*values, start, end, *within(area).values()])
        row = db.fetchone()
    found = {}
    for place, item in enumerate(items):
        n, (median, most) = row[2 * place], row[2 * place + 1] or (None, None)
        found[item.code] = Hours(n, _rounded(median), _rounded(most))
    return found


def _rounded(hours: float | None) -> float | None:
    return None if hours is None else round(float(hours), 1)


def refuse_unless_counted(code: str) -> Refused:
    """What is said where a figure is asked for that nobody counts."""
    return Refused(_("没有这个指标，或那个月还没有它的口径：%(code)s") % {"code": code})

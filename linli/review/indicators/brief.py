"""月报 — the month of an area, written by nobody: sections of sentences and tables that page, PDF and XLSX show alike.

Every number comes with its n; every rate with its definition, as it was in force that month. Nothing is ranked.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.review.indicators import figures
from linli.review.indicators.figures import Figure, Figures, bounds, in_month, last_day
from linli.review.indicators.measures import LEAST_COMPARED, Share, counted
from linli.review.indicators.models import Called, Course, Given
from linli.review.indicators.queries import GRID, SLOTS, board, reach
from linli.review.indicators.rules import Part, parts
from linli.work.matters.rules import CarryReasons, Categories, Exclusions, Groups, Outcomes, RaiseReasons

TOP = 10


@dataclass(frozen=True)
class Cell:
    """One cell: as read, and as a number for a spreadsheet where it is one."""

    text: str
    value: float | int | None = None
    bar: float | None = None
    """A bar beside it, between 0 and 1."""


@dataclass(frozen=True)
class Table:
    """Rows under headings; the first column is the thing itself, the others are numbers."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def numeric(self, column: int) -> bool:
        """Is it a column of numbers without bars, to be set against the right edge?"""
        cells = [row[column] for row in self.rows]
        return any(cell.value is not None for cell in cells) and all(cell.bar is None for cell in cells)


@dataclass(frozen=True)
class Section:
    """One question a leader asks, answered in plain sentences, with the numbers below."""

    code: str
    heading: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Defined:
    """How one figure of the brief is counted, and under which rule."""

    name: str
    words: str
    rule: str


@dataclass(frozen=True)
class Brief:
    """The month."""

    area: territory.Node
    month: date
    as_of: date
    """Up to the end of which day: the month's last, or today."""
    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...] = ()
    defined: tuple[Defined, ...] = ()
    list_words: str = ""
    """Which list of definitions holds, by its version."""
    assumed: str = ""

    @property
    def moment(self) -> datetime:
        """What a document of it says it was made at: the day alone, so that the same figures are the same bytes."""
        return datetime.combine(self.as_of, time(), clock.CITY)


@dataclass
class _Scene:
    """What every section is written from."""

    actor: Actor
    area: territory.Node
    month: date
    now: Figures
    before: Figures
    defined: dict[str, Defined] = field(default_factory=dict)

    def figure(self, code: str) -> Figure | None:
        """One figure, whose definition the brief then has to print."""
        found = self.now.figure(code)
        if found is not None:
            item = found.indicator
            self.defined[code] = Defined(rulebook.label(item), rulebook.label(item, "definition"), found.rule)
        return found


def of(actor: Actor, *, area_id: int | None = None, month: date | None = None) -> Brief:
    """The brief of an area within the actor's reach. Raises Refused outside it."""
    area = reach(actor, area_id)
    first = (month or clock.today()).replace(day=1)
    title = _("%(area)s 诉求办理月报") % {"area": area.name}
    now = figures.of(area, first)
    if now.edition is None:
        none = _("%(month)s还没有指标口径在施行，不能算。") % {"month": month_words(first)}
        return Brief(area, first, last_day(first), title, (none,))
    scene = _Scene(
        actor, area, first, now, figures.figures(actor, area_id=area.id, month=figures.earlier(first, 1), slow=False)
    )
    sections = [
        write(scene)
        for write in (_came, _by_area, _rates, _overdue, _unsolved, _repeated, _slow, _whistles, _burden)
    ]  # fmt: skip
    lead = _lead(scene)
    held = now.edition.list
    return Brief(
        area, first, last_day(first), title, lead, tuple(section for section in sections if section is not None),
        tuple(scene.defined.values()), str(now.edition.ref), rulebook.reason(held, None) if held.status == "assumed" else "",
    )  # fmt: skip


def month_words(month: date) -> str:
    """2026年11月."""
    return _("%(y)s年%(m)s月") % {"y": month.year, "m": month.month}


# --- The sections ---------------------------------------------------------------------------------------------------
def _lead(scene: _Scene) -> tuple[str, ...]:
    """The month in three sentences."""
    said = []
    received, backlog = scene.figure("received"), scene.figure("backlog")
    answered = in_month(scene.area, scene.month, "answered").count()
    if received is not None:
        before = scene.before.figure("received")
        compared = _than_before(received.share.of, before.share.of if before else None)
        said.append(
            _("%(month)s登记诉求 %(n)s 件%(compared)s，第一次答复 %(answered)s 件。")
            % {"month": month_words(scene.month), "n": _n(received.share.of), "compared": compared, "answered": _n(answered)}
        )  # fmt: skip
    for code, sentence in (
        ("on_time", _("到期的 %(of)s 件里，按期答复 %(n)s 件%(rate)s。")),
        ("solution", _("居民有回答的 %(of)s 件里，说解决了的 %(n)s 件%(rate)s。")),
    ):
        found = scene.figure(code)
        if found is not None and found.share.of:
            said.append(
                sentence % {"of": _n(found.share.of), "n": _n(found.share.n), "rate": _in_brackets(found.share)}
            )
    if backlog is not None:
        said.append(_("登记满30天还没有答复的 %(n)s 件。") % {"n": _n(backlog.share.of)} if backlog.indicator.days == 30 else
                    _("登记满%(days)s天还没有答复的 %(n)s 件。") % {"days": backlog.indicator.days, "n": _n(backlog.share.of)})  # fmt: skip
    return tuple(said)


def _came(scene: _Scene) -> Section:
    """来了什么."""
    rows = (
        in_month(scene.area, scene.month, "registered").values_list("category").annotate(n=Count("number")).order_by()
    )
    by_category: Counter[str] = Counter()
    for category, n in rows:
        by_category[category] += n
    total = by_category.total()
    kinds, groups = rulebook.current(Categories).list, rulebook.current(Groups).list
    by_group: Counter[str] = Counter()
    for category, n in by_category.items():
        found = kinds.find(category)
        by_group[found.group if found else category] += n
    if not total:
        return Section("came", _("来了什么"), (_("这个月没有登记诉求。"),))
    said = _("一共 %(n)s 件。最多的是%(most)s。") % {
        "n": _n(total),
        "most": "、".join(
            _("%(kind)s（%(n)s件）") % {"kind": _name(kinds, code), "n": _n(n)} for code, n in _most(by_category)[:3]
        ),
    }
    tables = (
        _shares(_("按大类"), _("大类"), [(_name(groups, code), n) for code, n in _most(by_group)[:TOP]], total),
        _shares(_("最多的十类"), _("类别"), [(_name(kinds, code), n) for code, n in _most(by_category)[:TOP]], total),
    )
    return Section("came", _("来了什么"), (said,), tables)


def _by_area(scene: _Scene) -> Section | None:
    """各地."""
    if scene.area.level >= GRID:
        return None
    children = [each for each in territory.children(scene.area.id) if not each.functional]
    columns = []
    for code in ("received", "on_time", "solution", "satisfaction"):
        found = scene.figure(code)
        if found is not None:
            item = found.indicator
            columns.append((item, figures.cells_below(scene.area, scene.month, item.month_of)))
    rows = []
    for child in children:
        shares = [(item, counted(cells.get(child.id, []), item)) for item, cells in columns]
        rows.append((Cell(child.name), *(_figure_cell(item.measure, share) for item, share in shares)))
    if not rows:
        return None
    said = (
        _("按区划的顺序排，不排名。一个数不足 %(least)s 件的，只写件数，不算比率，也不拿来比。")
        % {"least": LEAST_COMPARED},
    )
    headings = (_("地方"), *(rulebook.label(item) for item, _cells in columns))
    return Section("areas", _("各地情况"), said, (Table(_("各地情况"), headings, tuple(rows)),))


def _rates(scene: _Scene) -> Section:
    """办得怎么样: every rate, with its part, its whole, how sure it is, and last month's."""
    rows = []
    for each in scene.now.figures:
        item = each.indicator
        if item.measure != "share" or not item.brief:
            continue
        scene.figure(item.code)
        before = scene.before.figure(item.code)
        share = each.share
        shown = share.comparable
        rows.append(
            (
                Cell(rulebook.label(item)),
                Cell(_n(share.n), share.n),
                Cell(_n(share.of), share.of),
                Cell(_rate(share), round(share.value, 4) if shown and share.value is not None else None, share.value if shown else None),
                Cell(_interval(share)),
                Cell(_rate(before.share) if before else "–"),
            )
        )  # fmt: skip
    said = [
        _(
            "每个比率都写明分子和分母。“把握范围”的意思是：只凭这些件数，真实的比率一百次里有九十五次落在这个范围里；范围宽，就是件数少，不要看得太准。"
        )
    ]
    levels = [each for each in scene.now.figures if each.indicator.code.startswith("level_") and each.share.of]
    tables = [Table(_("比率"), (_("指标"), _("分子"), _("分母"), _("比率"), _("把握范围"), _("上个月")), tuple(rows))]
    if levels:
        for each in levels:
            scene.figure(each.indicator.code)
        tables.append(
            _shares(_("在哪一级解决"), _("层级"), [(rulebook.label(each.indicator), each.share.n) for each in levels], levels[0].share.of)
        )  # fmt: skip
    return Section("rates", _("办得怎么样"), tuple(said), tuple(tables))


def _overdue(scene: _Scene) -> Section | None:
    """逾期的，卡在哪里."""
    on_time = scene.figure("on_time")
    if on_time is None:
        return None
    base: dict[str, bool] = {
        "judged": True,
        "answered_in_time": False,
        "withdrawn": False,
        "excluded": False,
        "merged": False,
    }
    stuck = (
        (_("没有派出去，也没有答复"), {"dispatched": False, "answered": False}),
        (_("派了单，没有受理"), {"dispatched": True, "accepted": False, "answered": False}),
        (_("受理了，还没有答复"), {"accepted": True, "answered": False, "carried": False}),
        (_("挂过账，还没有答复"), {"accepted": True, "answered": False, "carried": True}),
        (_("答复了，但是晚了"), {"answered": True}),
    )
    rows = [(words, in_month(scene.area, scene.month, "due", **base | having).count()) for words, having in stuck]
    total = on_time.share.of - on_time.share.n
    if not total:
        return Section("overdue", _("逾期的，卡在哪里"), (_("这个月到期的没有一件逾期。"),))
    said = _("这个月到期的 %(of)s 件里，%(n)s 件没有按期答复。下面按卡在哪一步分。") % {
        "of": _n(on_time.share.of), "n": _n(total)
    }  # fmt: skip
    return Section(
        "overdue", _("逾期的，卡在哪里"), (said,), (_shares(_("卡在哪一步"), _("步骤"), [row for row in rows if row[1]], total),)
    )  # fmt: skip


def _unsolved(scene: _Scene) -> Section:
    """办不成的，为什么."""
    within = figures.within(scene.area)
    solved = {each.code for each in rulebook.current(Outcomes).list.items if each.counts_as == "solved"} | {""}
    answered = in_month(scene.area, scene.month, "answered", said_yes=False).exclude(outcome__in=solved)
    outcomes = parts(_counted(answered.values_list("outcome").annotate(n=Count("number")).order_by()))
    carried = parts(_counted(Course.objects.filter(~Q(carried_for=""), **within).values_list("carried_for").annotate(n=Count("number")).order_by()))  # fmt: skip
    raised = board(scene.actor, area_id=scene.area.id, month=scene.month).raised
    excluded = in_month(scene.area, scene.month, "registered", excluded=True)
    kinds = parts(_counted(excluded.values_list("excluded_for").annotate(n=Count("number")).order_by()))
    tables = []
    for caption, heading, found, schema in (
        (_("答复写明没办成的（当月第一次答复，居民没有说解决了）"), _("办理结果"), outcomes, Outcomes),
        (_("现在挂账的"), _("挂账的理由"), carried, CarryReasons),
        (_("现在在办、下级解决不了报上来的"), _("上报的理由"), raised, RaiseReasons),
        (_("不予受理的（当月登记）"), _("情形"), kinds, Exclusions),
    ):
        if found:
            names = rulebook.current(schema).list
            tables.append(
                _shares(caption, heading, [(_name(names, part.code), part.n) for part in found], _whole(found))
            )
    said = [_("每一件都要有理由：下面是记下来的理由，没有理由的办不了这一步。")] if tables else [_("一件也没有。")]
    return Section("unsolved", _("办不成的，为什么"), tuple(said), tuple(tables))


def _repeated(scene: _Scene) -> Section | None:
    """反复发生的地方."""
    found = scene.figure("repeats")
    if found is None:
        return None
    if not found.repeats:
        return Section(
            "repeats",
            _("反复发生的地方"),
            (_("没有同一个网格、同一类别满 %(n)s 件的。") % {"n": found.indicator.least},),
        )
    kinds = rulebook.current(Categories).list
    said = _("%(places)s 处反复发生，一共 %(n)s 件。修一次不如治一次。") % {
        "places": _n(len(found.repeats)), "n": _n(found.share.of)
    }  # fmt: skip
    rows = tuple(
        (Cell(_place(each.area, scene.area)), Cell(_name(kinds, each.category)), Cell(_n(each.n), each.n))
        for each in found.repeats[:TOP]
    )
    return Section(
        "repeats", _("反复发生的地方"), (said,), (Table(_("最多的十处"), (_("网格"), _("类别"), _("件数")), rows),)
    )


def _slow(scene: _Scene) -> Section | None:
    """慢在哪一步."""
    rows = []
    longest: tuple[float, str] = (0.0, "")
    for each in scene.now.figures:
        if each.hours is None:
            continue
        scene.figure(each.indicator.code)
        shown = each.hours.n >= LEAST_COMPARED
        rows.append(
            (
                Cell(rulebook.label(each.indicator)), Cell(_n(each.hours.n), each.hours.n),
                Cell(_hours(each.hours.median) if each.hours.n else "–", each.hours.median),
                Cell(_hours(each.hours.nine_in_ten) if shown else _("样本太少"), each.hours.nine_in_ten if shown else None),
            )
        )  # fmt: skip
        if shown and each.indicator.start != "registered" and (each.hours.median or 0) > longest[0]:
            longest = (each.hours.median or 0, rulebook.label(each.indicator))
    if not rows:
        return None
    said = [_("按自然时间算，夜里和休息日也在内：居民等的就是这么久。")]
    if longest[1]:
        said.append(
            _("等得最久的一步是“%(step)s”，一半要 %(hours)s 小时以上。")
            % {"step": longest[1], "hours": _hours(longest[0])}
        )
    headings = (_("步骤"), _("件数"), _("中间数（小时）"), _("九成不超过（小时）"))
    return Section("slow", _("慢在哪一步"), tuple(said), (Table(_("每一步用了多久"), headings, tuple(rows)),))


def _whistles(scene: _Scene) -> Section | None:
    """吹哨没有应的."""
    start, end = bounds(scene.month)
    now = min(end, clock.now())
    rows = [
        each
        for each in Called.objects.filter(sounded_at__gte=start, sounded_at__lt=end)
        if _inside(each.area, scene.area)
    ]
    if not rows:
        return Section("whistles", _("吹哨报到"), (_("这个月没有吹哨。"),))
    calls: Counter[int] = Counter(each.body for each in rows)
    silent: Counter[int] = Counter(
        each.body for each in rows
        if each.acknowledge_by < min(now, each.ended_at or now) and (each.answered_at is None or each.answered_at > now)
    )  # fmt: skip
    there: Counter[int] = Counter(
        each.body for each in rows if each.arrived_at is not None and each.arrived_at <= each.arrive_by
    )
    said = _("吹哨 %(whistles)s 次，应叫 %(calls)s 次；过了回应的时限没有人应的 %(silent)s 次，按时到场的 %(there)s 次。") % {
        "whistles": _n(len({each.number for each in rows})), "calls": _n(len(rows)), "silent": _n(silent.total()), "there": _n(there.total()),
    }  # fmt: skip
    names = dict(Body.objects.filter(pk__in=calls).order_by("level", "name").values_list("pk", "short_name"))
    table = tuple(
        (
            Cell(name),
            Cell(_n(calls[body]), calls[body]),
            Cell(_n(silent[body]), silent[body]),
            Cell(_n(there[body]), there[body]),
        )
        for body, name in names.items()
    )
    headings = (_("单位"), _("应叫"), _("没有人应"), _("按时到场"))
    return Section("whistles", _("吹哨报到"), (said,), (Table(_("各单位"), headings, table),))


def _burden(scene: _Scene) -> Section:
    """来回折腾了多少: the work that undid work."""
    rows = []
    for words, kind, having in (
        (_("单位说不是自己的事（职责异议）"), "registered", {"objected": True}),
        (_("裁定异议成立，改派"), "registered", {"objection_upheld": True}),
        (_("没有按时裁定"), "registered", {"unruled": True}),
        (_("要求延期并且批了"), "registered", {"extended": True}),
        (_("核实不同意，退回重办"), "answered", {"redone": True}),
        (_("居民说没解决，重新办"), "answered", {"said_no": True}),
    ):
        rows.append((Cell(words), Cell(_n(n := in_month(scene.area, scene.month, kind, **having).count()), n)))
    start, end = bounds(scene.month)
    owners = Given.objects.filter(given_at__gte=start, given_at__lt=end).values_list("owner", flat=True)
    places = dict(Body.objects.filter(pk__in=set(owners)).values_list("pk", "area_id"))
    tasks = sum(_inside(places.get(owner, 0), scene.area) for owner in owners)
    rows.append((Cell(_("上面布置给这里各单位的任务")), Cell(_n(tasks), tasks)))
    said = _(
        "前六行是多走的路：派错、退回、重办，一件至少多跑一趟；头四行按登记的月份，后两行按第一次答复的月份。最后一行是上面布置下来的。"
    )
    return Section("burden", _("来回折腾了多少"), (said,), (Table(_("来回"), (_("什么事"), _("件数")), tuple(rows)),))


# --- Words and cells ------------------------------------------------------------------------------------------------
def _shares(caption: str, heading: str, rows: Sequence[tuple[str, int]], total: int) -> Table:
    """Parts of a total, each with its n and a bar."""
    made = tuple(
        (Cell(name), Cell(_n(n), n), Cell(_percent(n / total) if total else "–", round(n / total, 4) if total else None, n / total if total else 0))
        for name, n in rows
    )  # fmt: skip
    return Table(caption, (heading, _("件数"), _("占比（共 %(n)s 件）") % {"n": _n(total)}), made)


def _figure_cell(measure: str, share: Share) -> Cell:
    if measure == "count":
        return Cell(_n(share.of), share.of)
    if not share.comparable or share.value is None:
        return Cell(_("%(n)s / %(of)s 样本太少") % {"n": share.n, "of": share.of} if share.of else "–")
    return Cell(_("%(rate)s（%(n)s / %(of)s）") % {"rate": _percent(share.value), "n": _n(share.n), "of": _n(share.of)}, round(share.value, 4), share.value)  # fmt: skip


def _rate(share: Share) -> str:
    if not share.of:
        return "–"
    return _percent(share.value or 0.0) if share.comparable else _("样本太少")


def _interval(share: Share) -> str:
    found = share.interval
    return f"{_percent(found[0], 0)}–{_percent(found[1], 0)}" if found and share.comparable else "–"


def _in_brackets(share: Share) -> str:
    return _("，占 %(rate)s") % {"rate": _percent(share.value or 0.0)} if share.comparable else _("（不足 %(n)s 件，不算比率）") % {"n": LEAST_COMPARED}  # fmt: skip


def _than_before(n: int, before: int | None) -> str:
    """What last month's was; in words, without an arrow that praises."""
    if before is None:
        return ""
    if n == before:
        return _("（上个月也是 %(n)s 件）") % {"n": _n(before)}
    words = _("（上个月 %(before)s 件，多了 %(n)s 件）") if n > before else _("（上个月 %(before)s 件，少了 %(n)s 件）")
    return words % {"before": _n(before), "n": _n(abs(n - before))}


def _counted(rows: Iterable[Any]) -> dict[str, int]:
    return {str(code): int(n) for code, n in rows}


def _whole(found: Sequence[Part]) -> int:
    return sum(part.n for part in found)


def _most(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first; equal ones by their code, so that the same month is written the same."""
    return sorted(counts.items(), key=lambda row: (-row[1], row[0]))


def _name(held: Any, code: str) -> str:
    found = held.find(code)
    return rulebook.label(found) if found else code


def _place(grid: territory.Node, area: territory.Node) -> str:
    """A grid with what it lies in, below the area the brief is about."""
    return " ".join(territory.area(each).name for each in grid.lineage if each not in area.lineage)


def _inside(place: int, area: territory.Node) -> bool:
    if area.level not in SLOTS:
        return True
    try:
        return area.id in territory.area(place).lineage
    except LookupError:
        return False


def _n(value: int) -> str:
    return f"{value:,}"


def _percent(share: float, places: int = 1) -> str:
    return f"{share * 100:.{places}f}%"


def _hours(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f}"

"""Figures of a month: by that month's definition, as long as their lists, the same after a replay, and only within reach."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import timers
from linli.mechanisms.journal import Author, replay
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators import brief, figures, queries
from linli.review.indicators.measures import Share
from linli.review.indicators.models import Course, MonthlyCourse
from linli.work.matters import service
from tests import place
from tests.test_projections import rows

pytestmark = pytest.mark.django_db
LEVELS = ("grid", "community", "township", "county", "city")


@pytest.fixture
def lived(make: Any, cast: Any) -> date:
    """A month and the one before, with matters at every end. The first day of this month."""
    now = clock.now().replace(day=20, hour=10)
    before = now.replace(day=1) - timedelta(days=15)
    with clock.at(before):
        for _each in range(3):
            make.closed()
        make.answered()
        make.matter()
    with clock.at(now):
        for move in (make.closed, make.closed, make.answered, make.handling, make.raised, make.carried, make.objected):
            move()
        spot = service.settle(make.matter(point=place.at(1.5, 0.5)), reply="换了灯泡。", by=cast.actor("he"))
        service.rate(spot, satisfaction=2, by=Actor.resident())
        service.withdraw(make.matter(), why="自己好了", by=Actor.resident())
        service.reopen(make.closed(), why="又不亮了", by=Actor.resident())
        deliver()
        assert timers.run_once()
        deliver()
    return now.date().replace(day=1)


def share(code: str, cast: Any, month: date, area: int | None = None) -> Share:
    found = figures.figures(cast.actor("zheng"), area_id=area, month=month).figure(code)
    assert found is not None, code
    return found.share


@pytest.fixture
def later(lived: date) -> Any:
    """Whoever looks, looks at the end of that day."""
    with clock.at(clock.now().replace(day=20, hour=23)):
        yield lived


def test_the_figures_of_a_month(later: date, cast: Any) -> None:
    found = {
        each.indicator.code: (each.share.n, each.share.of)
        for each in figures.figures(cast.actor("zheng"), month=later).figures
    }
    assert found["received"] == (10, 10)
    assert found["solution"] == (3, 4)  # Two and the one on the spot; the one reopened is not.
    assert found["satisfaction"] == (2, 4)
    assert found["said_no"] == (1, 4)
    assert found["spoke"] == (4, 5)
    assert found["settled"] == (1, 5)
    assert found["withdrawn"] == (1, 10)
    assert found["carried"] == (1, 1)
    assert found["objections_upheld"] == (0, 1)
    assert "hours_whole" in found


def test_c5_2_the_levels_add_up_to_the_solved(later: date, cast: Any) -> None:
    for month in (later, figures.earlier(later, 1)):
        for code in (place.COUNTY, place.LIULIN, place.HUAIHUA):
            area = territory.by_code(code)
            assert area is not None
            parts = [share(f"level_{level}", cast, month, area.id) for level in LEVELS]
            assert sum(part.n for part in parts) == parts[0].of == share("solution", cast, month, area.id).n
    objected = Course.objects.filter(pk__in=[row.number for row in _objected(cast, later)])
    assert all(course.marks for course in objected)


def _objected(cast: Any, month: date) -> list[Any]:
    return figures.behind(cast.actor("zheng"), "objections_upheld", part=False, month=month).rows


def test_c5_8_rates_of_a_lived_month(later: date, cast: Any) -> None:
    solution, spoke = share("solution", cast, later), share("spoke", cast, later)
    assert solution.n <= solution.of == spoke.n <= spoke.of <= share("received", cast, later).of


@pytest.mark.parametrize("code", [place.CITY, place.COUNTY, place.LIULIN, place.HUAIHUA, place.HUAIHUA_1])
def test_every_figure_is_as_long_as_the_list_behind_it(later: date, cast: Any, code: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(figures, "PAGE", 2)
    area = territory.by_code(code)
    assert area is not None
    monkeypatch.setattr(figures, "reach", lambda _actor, _area: area)
    zheng = cast.actor("zheng")
    for each in figures.of(area, later).figures:
        item = each.indicator
        if item.counts != "matters":  # Whistles have a list of their own (test_calls).
            continue
        for part in (True, False):
            asked = figures.behind(zheng, item.code, part=part, area_id=area.id, month=later)
            wanted = each.share.n if part and item.measure == "share" else each.share.of
            assert asked.n == wanted, (item.code, part)
            numbers, following = [row.number for row in asked.rows], asked.next
            while following:
                page = figures.behind(zheng, item.code, part=part, area_id=area.id, month=later, after=following)
                numbers, following = numbers + [row.number for row in page.rows], page.next
            assert len(set(numbers)) == len(numbers) == wanted


def test_the_parts_of_an_area_add_up_to_it(later: date, cast: Any) -> None:
    zheng = cast.actor("zheng")
    for code in (place.COUNTY, place.LIULIN, place.HUAIHUA):
        area = territory.by_code(code)
        assert area is not None
        for each in figures.of(area, later).figures:
            if each.indicator.measure not in {"share", "count"}:
                continue
            lines = figures.compared(zheng, each.indicator.code, area_id=area.id, month=later).lines
            assert sum(line.share.of for line in lines) == each.share.of
            assert sum(line.share.n for line in lines) == each.share.n


def test_places_are_in_the_order_of_the_territory_and_never_ranked(later: date, cast: Any) -> None:
    area = territory.by_code(place.LIULIN)
    assert area is not None
    found = figures.compared(cast.actor("zheng"), "received", area_id=area.id, month=later)
    assert [line.area.id for line in found.lines if line.area] == [each.id for each in territory.children(area.id)]


# --- By the definition that was in force ---------------------------------------------------------------------------
def enact(changes: dict[str, Any], *, since: date) -> None:
    """The city's list with one item changed, from a day on."""
    content = yaml.safe_load((Path(settings.PACK) / "indicators" / "matters.yaml").read_text(encoding="utf-8"))
    content["items"] = [item | changes if item["code"] == "solution" else item for item in content["items"]]
    kept = {key: content[key] for key in ("title", "items", "status", "reason")}
    rulebook.enact("indicators/matters", kept, in_force=since, basis="试行办法", by=Author("system", office="测试"))


def test_last_month_is_counted_by_the_definition_of_last_month(later: date, cast: Any) -> None:
    zheng, last = cast.actor("zheng"), figures.earlier(later, 1)
    before = {month: figures.figures(zheng, month=month).figure("solution") for month in (last, later)}
    enact({"of": ["answered"], "definition": "分母：当月第一次答复的全部诉求，没有评价的也在内。"}, since=later)
    now = {month: figures.figures(zheng, month=month).figure("solution") for month in (last, later)}
    assert now[last] == before[last]
    old, new = before[later], now[later]
    assert old is not None
    assert new is not None
    assert (old.share, new.share) == (Share(3, 4), Share(3, 5))
    assert (old.rule, new.rule) == ("indicators/matters v1 #solution", "indicators/matters v2 #solution")
    year = {each.month: each for each in figures.compared(zheng, "solution", month=later).year}
    assert (year[last].rule, year[last].changed) == ("indicators/matters v1 #solution", False)
    assert (year[later].rule, year[later].changed) == ("indicators/matters v2 #solution", True)
    untouched = {each.month: each for each in figures.compared(zheng, "received", month=later).year}
    assert not any(each.changed for each in untouched.values())


def test_before_the_first_definition_nothing_is_counted(later: date, cast: Any) -> None:
    found = figures.figures(cast.actor("zheng"), month=date(2023, 6, 1))
    assert found.edition is None
    assert found.figures == []
    assert brief.of(cast.actor("zheng"), month=date(2023, 6, 1)).sections == ()
    with pytest.raises(LookupError):
        figures.behind(cast.actor("zheng"), "solution", part=True, month=date(2023, 6, 1))


# --- A function of the journal ---------------------------------------------------------------------------------------
def test_a_replay_gives_identical_numbers(later: date, cast: Any) -> None:
    zheng = cast.actor("zheng")

    def everything() -> list[Any]:
        told = [figures.figures(zheng, month=month) for month in (later, figures.earlier(later, 1))]
        return [told, rows("indicators_course"), rows("indicators_monthlycourse"), brief.of(zheng, month=later)]

    before = everything()
    Course.objects.update(marks=0)
    MonthlyCourse.objects.all().delete()
    replay.replay("courses", everything=True)
    assert everything() == before
    assert not MonthlyCourse.objects.filter(n__lte=0).exists()


def test_the_cells_say_what_the_courses_say(later: date) -> None:
    cells = MonthlyCourse.objects.filter(area=0, kind="registered")
    assert sum(cells.values_list("n", flat=True)) == Course.objects.count()


def test_the_backlog_of_a_past_month_does_not_change_when_it_is_answered(make: Any, cast: Any) -> None:
    now = clock.now().replace(day=20, hour=10)
    with clock.at(now - timedelta(days=90)):
        matter = make.handling()
    last = figures.earlier(now.date().replace(day=1), 1)
    deliver()
    with clock.at(now):
        before = share("backlog", cast, last)
        assert before.of == 1
        service.answer(matter, outcome=make.outcome, reply="修好了。", by=cast.actor("wu"))
        deliver()
    with clock.at(now + timedelta(hours=2)):
        assert share("backlog", cast, last) == before
        assert share("backlog", cast, now.date().replace(day=1)).of == 0


def test_one_place_three_times_is_a_repeat(make: Any, cast: Any) -> None:
    for _each in range(2):
        make.matter()
    deliver()
    month = clock.today().replace(day=1)
    assert share("repeats", cast, month).of == 0
    make.matter()
    make.matter(point=place.at(1.5, 0.5))
    deliver()
    found = figures.figures(cast.actor("zheng"), month=month).figure("repeats")
    assert found is not None
    assert [(each.area.code, each.n) for each in found.repeats] == [(place.HUAIHUA_1, 3)]


# --- Whose numbers ---------------------------------------------------------------------------------------------------
def test_nobody_sees_the_figures_of_the_next_township(later: date, cast: Any) -> None:
    qian = cast.actor("qian")
    area = territory.by_code(place.LIULIN)
    assert area is not None
    for asked in (
        lambda: figures.figures(qian, area_id=area.id, month=later),
        lambda: figures.compared(qian, "received", area_id=area.id, month=later),
        lambda: figures.behind(qian, "received", part=True, area_id=area.id, month=later),
        lambda: brief.of(qian, area_id=area.id, month=later),
    ):
        with pytest.raises(Refused):
            asked()
    assert share_of(figures.figures(qian, month=later), "received") == 0


def share_of(found: figures.Figures, code: str) -> int:
    figure = found.figure(code)
    assert figure is not None
    return figure.share.of


def test_a_grid_worker_has_no_figures(later: date, cast: Any) -> None:
    with pytest.raises(Refused):
        figures.figures(cast.actor("wang"), month=later)


def test_the_board_and_the_figures_agree(later: date, cast: Any) -> None:
    board = queries.board(cast.actor("zheng"), month=later)
    assert board.total.in_hand >= share("carried", cast, later).of

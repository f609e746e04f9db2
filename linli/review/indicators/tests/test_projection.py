"""The projection says what the matters say, and says it again after a replay."""

from datetime import timedelta
from typing import Any

import pytest

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import timers
from linli.mechanisms.journal import replay
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators import queries
from linli.review.indicators.models import MonthlyEnding, Standing
from linli.work.matters import service
from linli.work.matters.models import Matter
from tests import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(make: Any) -> None:
    """Matters at every stage."""
    for move in (make.matter, make.raised, make.assigned, make.handling, make.answered, make.verified, make.closed):
        move()
    with clock.at(clock.now() - timedelta(days=40)):  # Long enough ago that nobody rates any more.
        for outcome in ("not-found", "explained-policy", make.outcome):
            matter = make.handling()
            matter = service.answer(matter, outcome=outcome, reply="去看过了。", by=make.cast.actor("wu"))
            service.verify(matter, by=make.cast.actor("wang"))
        service.withdraw(make.raised(), why="", by=Actor.resident())
    service.reopen(make.closed(), why="又不亮了", by=Actor.resident())
    deliver()
    assert timers.run_once()
    deliver()


def test_a_standing_for_every_matter(moved: None) -> None:
    assert set(Standing.objects.values_list("number", flat=True)) == set(
        Matter.objects.values_list("number", flat=True)
    )
    closed = set(Matter.objects.filter(state__in=("closed", "withdrawn")).values_list("number", flat=True))
    assert set(Standing.objects.filter(stage="ended").values_list("number", flat=True)) == closed


def test_replay_rebuilds_row_for_row(moved: None) -> None:
    def rows() -> list[Any]:
        cells = MonthlyEnding.objects.order_by("month", "township", "ending", "solved_level", "outcome")
        names = [field.name for field in MonthlyEnding._meta.fields if field.name != "id"]
        return [list(Standing.objects.order_by("number").values()), list(cells.values(*names))]

    before = rows()
    assert {"not-found", "explained-policy"} <= {row["outcome"] for row in before[1]}
    assert "no-power" in {row["raised_for"] for row in before[0]}
    replay.replay("indicators", everything=True)
    assert rows() == before


def test_a_grid_is_not_shown_the_months_of_others(moved: None, cast: Any) -> None:
    beside = territory.by_code(place.HUAIHUA_2)
    assert beside is not None
    assert MonthlyEnding.objects.exists()
    board = queries.board(cast.actor("zheng"), area_id=beside.id)
    assert (board.levels, board.rated, board.total.solved) == ([], 0, 0)


@pytest.mark.parametrize(("person", "status"), [("zheng", 200), ("wang", 403)])
def test_who_may_open_the_board(city: None, sign_in: Any, person: str, status: int) -> None:
    assert sign_in(person).get("/board/").status_code == status


def test_every_figure_is_as_long_as_its_list(moved: None, cast: Any, sign_in: Any) -> None:
    actor = sign_in("zheng").get("/board/").wsgi_request.actor
    total = queries.board(actor).total
    figures = {"open": total.in_hand, "overdue": total.overdue, "answered": total.answered, "solved": total.solved}
    assert {measure: queries.behind(actor, measure).n for measure in figures} == figures


def test_the_city_above_ones_county_is_refused(city: None, sign_in: Any) -> None:
    client = sign_in("zheng")
    actor = client.get("/board/").wsgi_request.actor
    assert client.get(f"/board/?area={territory.area(actor.area_id).lineage[0]}").status_code == 403


def test_a_communitys_figures_are_the_lengths_of_their_lists(cast, make):
    make.closed()
    make.closed()
    make.verified()
    deliver()
    zheng = cast.actor("zheng")
    area = territory.by_code(place.HUAIHUA)
    found = queries.board(zheng, area_id=area.id)
    assert found.total.solved == 2
    for line in found.lines:
        for measure, figure in (("open", line.in_hand), ("answered", line.answered), ("solved", line.solved)):
            assert queries.behind(zheng, measure, area_id=line.area.id).n == figure


def test_a_reopened_matter_leaves_its_months_cell(cast, make):
    matter = make.closed()
    deliver()
    assert MonthlyEnding.objects.get(ending="solved").n == 1
    service.reopen(matter, why="又不亮了", by=Actor.resident())
    deliver()
    assert not MonthlyEnding.objects.exists()


def test_a_neighbouring_township_is_not_opened(cast, make):
    with pytest.raises(Refused):
        queries.board(cast.actor("li"), area_id=territory.by_code(place.XINGHUA).id)

"""督办、回访、评价申诉 across apps: whom each tells, and what the leader's figures make of it."""

from typing import Any

import pytest

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import timers
from linli.mechanisms.flow.models import Timer
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators import queries as indicators
from linli.review.indicators.models import Standing
from linli.work.matters import service
from linli.work.matters.models import Matter
from linli.work.matters.service import clockwork
from linli.work.notices.models import Notice
from tests.cast import Cast
from tests.make import Make

pytestmark = pytest.mark.django_db


def told(matter: Matter, kind: str, cast: Cast) -> set[str]:
    """Who of the cast was told of a kind of fact."""
    deliver()
    names = {person.pk: name for name, person in cast.people.items()}
    rows = Notice.objects.filter(subject=matter.subject, kind=f"matters.{kind}")
    return {names[each.person_id] for each in rows}


def ending(matter: Matter) -> str:
    """How the leader's figures say that it ended."""
    deliver()
    return Standing.objects.get(number=matter.number).ending


def test_who_is_pressed_is_told_at_once_and_who_pressed_hears_the_response(make: Make, cast: Cast) -> None:
    matter = make.pressed()
    assert told(matter, "MatterPressed", cast) == {"wu", "feng"}
    assert all(each.urgent for each in Notice.objects.filter(kind="matters.MatterPressed"))
    matter = service.respond(matter, said="明天上午换灯头", by=cast.actor("wu"))
    assert "zheng" in told(matter, "MatterResponded", cast)
    service.withdraw_card(matter, reason="已经说明", by=cast.actor("zheng"))
    assert told(matter, "MatterCardWithdrawn", cast) == {"wu", "feng"}


def test_the_desks_above_are_told_what_stays_overdue(make: Make, cast: Cast) -> None:
    matter = make.handling()
    Timer.objects.filter(subject=matter.subject, kind=clockwork.REMIND).delete()
    for _step in range(3):
        with clock.at(Timer.objects.get(subject=matter.subject, kind=clockwork.OVERDUE).due_at):
            timers.run_once()
    assert told(matter, "MatterEscalated", cast) == {"li", "ma", "jiang", "zheng"}


def test_the_desk_above_is_told_what_is_still_not_solved(make: Make, cast: Cast) -> None:
    matter = service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    assert told(matter, "MatterReopened", cast) == {"wu", "feng"}
    matter = service.answer(matter, outcome=make.outcome, reply="又去了", by=cast.actor("wu"))
    matter = service.reopen(matter, why="还是不亮", by=Actor.resident())
    assert told(matter, "MatterReopened", cast) == {"wu", "feng", "jiang"}
    assert Standing.objects.get(number=matter.number).handler == cast.bodies["county_desk"].pk


def test_an_appeal_is_told_to_who_decides_and_its_end_to_who_asked(make: Make, cast: Cast) -> None:
    matter = make.appealed()
    assert told(matter, "MatterAppealed", cast) == {"jiang"}
    matter = service.decide_appeal(matter, upheld=True, note="属实", by=cast.actor("jiang"))
    assert told(matter, "MatterAppealDecided", cast) == {"wu", "feng"}


def test_upheld_it_is_in_no_figure_denied_it_counts(make: Make, cast: Cast) -> None:
    jiang, zheng = cast.actor("jiang"), cast.actor("zheng")
    struck = service.decide_appeal(make.appealed(), upheld=True, note="属实", by=jiang)
    counts = service.decide_appeal(make.appealed(), upheld=False, note="说明得不够", by=jiang)
    assert (ending(struck), ending(counts)) == ("struck", "solved")
    board = indicators.board(zheng)
    assert (board.total.solved, board.rated, board.satisfaction) == (1, 1, 1.0)
    again = service.reopen(make.appealed(), why="其实还是坏的", by=Actor.resident())
    assert ending(again) == ""


def test_a_rating_by_telephone_counts_like_one_on_the_page(make: Make, cast: Cast) -> None:
    yes: dict[str, Any] = {"outcome": "reached", "contacted": True, "solved": True, "satisfaction": 4}
    matter = service.visit(make.silent(), by=cast.actor("li"), **yes)
    assert ending(matter) == "solved"
    late = make.silent()
    service.lapse(late.subject, Actor.system("timers"))
    assert ending(late) == "lapsed"
    late.refresh_from_db()
    assert ending(service.visit(late, by=cast.actor("li"), **yes)) == "solved"

"""吹哨的指标: blown, answered, in time, concluded: each list as long as its figure, and only within reach."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from linli.kernel import clock
from linli.mechanisms.access import Refused
from linli.mechanisms.journal import replay
from linli.mechanisms.journal.testing import deliver
from linli.mechanisms.territory.models import Area
from linli.review.indicators import calls, figures
from linli.review.indicators.measures import CALL_MARKS, Indicator
from linli.review.indicators.models import Called
from linli.work.whistles import service
from linli.work.whistles.tests.conftest import District
from tests import place
from tests.cast import Cast
from tests.test_projections import rows

MORNING = datetime(2026, 4, 7, 9, 0, tzinfo=clock.CITY)
LATER = MORNING + timedelta(hours=3)
CODES = ("whistles", "whistles_arrived", "whistles_unanswered", "whistles_concluded")


@pytest.fixture
def blown(cast: Cast) -> None:
    """Three whistles in 柳林: one to which one of two came in time, one nobody answered, one taken back."""
    district = District(cast)
    li = cast.actor("li")
    with clock.at(MORNING):
        first = district.whistle()
        district.whistle("police")
        service.withdraw(district.whistle("police"), reason="自己解决了", by=li)
    with clock.at(MORNING + timedelta(minutes=10)):
        first = service.arrive(first, by=district.actor("lu"))
        first = service.agree(first, plan="封路半小时", by=li)
    with clock.at(LATER):
        said = {district.bodies["police"].pk: "及时", district.bodies["fire"].pk: "没有来"}
        service.conclude(first, conclusion="火已灭", bodies=said, by=li)
        deliver()


def shares(cast: Cast, *, area: str = "") -> dict[str, tuple[int, int]]:
    area_id = Area.objects.get(code=area).pk if area else None
    found = figures.figures(cast.actor("zheng"), area_id=area_id, month=MORNING.date(), slow=False)
    return {
        each.indicator.code: (each.share.n, each.share.of) for each in found.figures if each.indicator.code in CODES
    }


def test_each_is_counted_by_its_definition(blown: None, cast: Cast) -> None:
    with clock.at(LATER):
        assert shares(cast) == {
            "whistles": (3, 3), "whistles_arrived": (1, 3), "whistles_unanswered": (2, 3), "whistles_concluded": (1, 2),
        }  # fmt: skip
        assert shares(cast, area=place.HUAIHUA) == shares(cast)
        assert shares(cast, area=place.XINGHUA) == dict.fromkeys(CODES, (0, 0))


@pytest.mark.parametrize("code", CODES)
def test_the_list_is_as_long_as_the_figure_and_the_parts_are_the_whole(blown: None, cast: Cast, code: str) -> None:
    with clock.at(LATER):
        found = figures.compared(cast.actor("zheng"), code, month=MORNING.date())
        item = found.figure.indicator
        for condition, n in ((item.part, found.figure.share.n), (item.whole, found.figure.share.of)):
            assert len(calls.behind(found.area, MORNING.date(), condition, item.counts)) == n
        assert sum(line.share.of for line in found.lines) == found.figure.share.of
        assert found.year[-1].share == found.figure.share


def test_after_a_replay_the_rows_are_the_same(blown: None) -> None:
    with clock.at(LATER):
        before = rows("indicators_called")
        assert Called.objects.filter(withdrawn=True).count() == 1
        replay.replay("called", everything=True)
        assert [each[1:] for each in rows("indicators_called")] == [each[1:] for each in before]


def test_the_leader_opens_the_list_and_from_it_the_whistle(blown: None, sign_in: Any) -> None:
    with clock.at(LATER):
        zheng = sign_in("zheng")
        for code in CODES:
            assert code in zheng.get("/board/rates/?month=2026-04").content.decode()
            for part in ("part", "whole"):
                page = zheng.get(f"/board/rates/list/?month=2026-04&code={code}&part={part}&page=nonsense")
                assert page.status_code == 200
            assert "/whistles/" in page.content.decode()
            assert zheng.get(f"/board/rates/one/?month=2026-04&code={code}").status_code == 200


def test_nobody_counts_outside_their_reach(blown: None, cast: Cast, sign_in: Any) -> None:
    county = Area.objects.get(code=place.COUNTY).pk
    with clock.at(LATER):
        with pytest.raises(Refused):
            figures.compared(cast.actor("qian"), "whistles", area_id=county, month=MORNING.date())
        where = f"/board/rates/list/?month=2026-04&code=whistles&area={county}"
        assert sign_in("qian").get(where).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"that": ["said_yes"]}, {"month_of": "answered"}, {"measure": "backlog", "days": 3, "that": []}],
)
def test_a_definition_of_whistles_speaks_of_whistles(wrong: dict[str, Any]) -> None:
    plain = {
        "code": "x", "name": "甲", "definition": "分母和分子", "measure": "share", "counts": "calls", "that": ["arrived"],
        "better": "more",
    }  # fmt: skip
    assert Indicator.model_validate(plain).marks == frozenset()
    with pytest.raises(ValidationError):
        Indicator.model_validate(plain | wrong)


def test_marks_of_calls_are_bits_of_their_own() -> None:
    assert sorted(CALL_MARKS.values()) == list(range(len(CALL_MARKS)))

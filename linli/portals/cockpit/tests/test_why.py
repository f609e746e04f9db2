"""What cannot be solved and why: the recorded reasons, each with its list; and what the page costs."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import timers
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators import queries
from linli.work.matters import service as matters
from linli.work.matters.models import Matter
from tests import place

pytestmark = pytest.mark.django_db
_REASON = re.compile(
    r'<th scope=row data-label="[^"]*">([^<]+)</th>\s*<td data-label="件数" class="num"><a href="([^"]+)">(\d+)</a>'
)


def reasons(text: str, heading: str) -> dict[str, tuple[int, str]]:
    """The table under a heading: how many by reason, and where their list is."""
    start = text.index(f'id="{heading}"')
    section = text[start : text.index("</section>", start)]
    return {name: (int(n), html.unescape(address)) for name, address, n in _REASON.findall(section)}


def lapsed(make: Any, cast: Any, outcome: str) -> Matter:
    """Answered with this outcome, and the resident said nothing."""
    matter = matters.answer(make.handling(), outcome=outcome, reply="去看过了。", by=cast.actor("wu"))
    return matters.verify(matter, by=cast.actor("wang"))


@pytest.fixture
def ended(make: Any, cast: Any) -> None:
    """Two not found, one against policy, one solved that nobody rated; one solved in spite of its outcome."""
    today = clock.now()
    with clock.at(today.replace(day=1, hour=9) - timedelta(days=25)):
        waiting = [lapsed(make, cast, each) for each in ("not-found", "not-found", "explained-policy", "solved")]
        said_yes = lapsed(make, cast, "partly")
        matters.rate(said_yes, satisfaction=4, by=Actor.resident())
    deliver()
    assert timers.run_once()
    deliver()
    assert {Matter.objects.get(pk=each.pk).state for each in waiting} == {"closed"}


def test_what_ended_unsolved_is_told_by_the_outcome_recorded(ended: None, sign_in: Any) -> None:
    client: Client = sign_in("zheng")
    text = client.get("/board/").content.decode()
    found = reasons(text, "unsolved")
    assert {name: n for name, (n, _) in found.items()} == {"查无此事": 2, "已解释（政策不允许）": 1}
    for name, (n, address) in found.items():
        page = client.get(address).content.decode()
        assert f"没办成就办结 · {name} {n} 件</h1>" in page
        assert len(set(re.findall(r'<span class="whole">([^<]+)</span>', page))) == n


def test_the_residents_yes_outranks_the_outcome(ended: None, cast: Any) -> None:
    board = queries.board(cast.actor("zheng"))
    assert "partly" not in {part.code for part in board.unsolved}
    assert (board.total.lapsed, board.total.unsolved) == (4, 3)


def test_a_community_and_a_grid_say_the_same(ended: None, cast: Any) -> None:
    zheng = cast.actor("zheng")
    for code in (place.HUAIHUA, place.HUAIHUA_1):
        area = territory.by_code(code)
        assert area is not None
        board = queries.board(zheng, area_id=area.id)
        assert {part.code: part.n for part in board.unsolved} == {"not-found": 2, "explained-policy": 1}
        for part in board.unsolved:
            assert queries.behind(zheng, "unsolved", area_id=area.id, reason=part.code).n == part.n


def test_why_it_was_raised_and_what_came_back(make: Any, cast: Any, sign_in: Any) -> None:
    for reason in ("no-power", "no-means", "no-means"):
        matters.raise_up(make.matter(), reason=reason, tried="上门看过了", by=cast.actor("wang"))
    make.answered()  # Raised too, but no longer in hand.
    matters.reopen(make.closed(), why="又不亮了", by=Actor.resident())
    deliver()
    client: Client = sign_in("zheng")
    text = client.get("/board/").content.decode()
    found = reasons(text, "raised")
    assert {name: n for name, (n, _) in found.items()} == {
        "无权限": 2,
        "无资源": 2,
    }  # The reopened one had been raised.
    assert all(f"{n} 件</h1>" in client.get(address).content.decode() for n, address in found.values())
    (address,) = re.findall(r'href="(/board/list/\?measure=again[^"]*)"', text)
    assert "1 件</h1>" in client.get(html.unescape(address)).content.decode()


def test_a_withdrawn_matter_is_said_and_is_no_failure(make: Any, cast: Any, sign_in: Any) -> None:
    matters.withdraw(make.raised(), why="自己好了", by=Actor.resident())
    deliver()
    client: Client = sign_in("zheng")
    text = client.get("/board/").content.decode()
    (address,) = re.findall(r'href="(/board/list/\?measure=withdrawn[^"]*)"', text)
    assert "1 件</h1>" in client.get(html.unescape(address)).content.decode()
    assert reasons(text, "unsolved") == {}


def test_a_reason_the_list_no_longer_has_is_shown_by_its_code(ended: None, sign_in: Any) -> None:
    page = sign_in("zheng").get("/board/list/?measure=unsolved&reason=no-such").content.decode()
    assert "no-such 0 件</h1>" in page


@pytest.mark.parametrize("code", [place.COUNTY, place.LIULIN, place.HUAIHUA])
def test_the_page_costs_nine_statements_at_most(
    ended: None, sign_in: Any, django_assert_max_num_queries: Any, code: str
) -> None:
    client: Client = sign_in("zheng")
    area = territory.by_code(code)
    assert area is not None
    client.get("/board/")
    with django_assert_max_num_queries(9):
        client.get(f"/board/?area={area.id}")


def test_the_boards_own_figures_take_two_statements(ended: None, cast: Any, django_assert_num_queries: Any) -> None:
    zheng = cast.actor("zheng")
    queries.board(zheng)
    with django_assert_num_queries(2):
        queries.board(zheng)

"""比率和口径: what the pages show is what was figured; too few is said; nobody sees beyond their area."""

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.journal.testing import deliver
from linli.review.indicators import figures, measures
from tests import place

pytestmark = pytest.mark.django_db
PAGES = ("/board/rates/", "/board/rates/one/?code=solution", "/board/rates/list/?code=received", "/board/brief/")
_LINK = re.compile(r'href="(/board/rates/list/[^"]+)">([\d,]+)')


@pytest.fixture
def month(make: Any) -> date:
    """Three solved, one answered, one in hand; this month."""
    for move in (make.closed, make.closed, make.closed, make.answered, make.handling):
        move()
    deliver()
    return clock.today().replace(day=1)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_figure_has_its_n_its_words_and_its_rule(month: date, sign_in: Any, cast: Any) -> None:
    page = text(sign_in("zheng"), "/board/rates/")
    for each in figures.figures(cast.actor("zheng"), month=month).figures:
        item = each.indicator
        assert f'data-code="{item.code}"' in page
        assert html.escape(item.definition) in page or item.definition in html.unescape(page)
        assert each.rule in page or item.measure in figures.SLOW
    for address, n in _LINK.findall(page):
        assert f"{n} 件</h1>" in text(sign_in("zheng"), html.unescape(address)), address


def test_under_thirty_it_says_too_few_and_how_many(month: date, sign_in: Any) -> None:
    page = text(sign_in("zheng"), "/board/rates/one/?code=solution")
    assert "3 件里有 3 件" in page
    assert "样本太少" in page
    assert "100.0%" not in page
    assert "把握范围 " not in page


def test_from_thirty_on_it_says_the_rate_and_how_sure_it_is(month: date, sign_in: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(measures, "LEAST_COMPARED", 3)
    page = text(sign_in("zheng"), "/board/rates/one/?code=solution")
    low, high = measures.wilson(3, 3)
    assert f"{low * 100:.0f}%–{high * 100:.0f}%" in page
    assert "100.0%" in page


def test_the_list_behind_a_part_of_an_area(month: date, sign_in: Any) -> None:
    area = territory.by_code(place.HUAIHUA)
    assert area is not None
    page = text(sign_in("zheng"), f"/board/rates/list/?code=solution&area={area.id}&part=whole")
    assert "3 件</h1>" in page
    assert len(set(re.findall(r'<span class="whole">([^<]+)</span>', page))) == 3


@pytest.mark.parametrize(("who", "status"), [("zheng", 200), ("li", 200), ("sun", 200), ("wang", 403), ("wu", 403)])
def test_whose_post_may_look(month: date, sign_in: Any, who: str, status: int) -> None:
    client = sign_in(who)
    assert [client.get(each).status_code for each in PAGES] == [status] * len(PAGES)


def test_the_next_township_sees_nothing(month: date, sign_in: Any) -> None:
    qian = sign_in("qian")
    liulin = territory.by_code(place.LIULIN)
    assert liulin is not None
    for each in (*PAGES, "/board/brief/pdf/", "/board/brief/xlsx/"):
        assert qian.get(each + ("&" if "?" in each else "?") + f"area={liulin.id}").status_code == 403, each
    assert "0 件</h1>" in text(qian, PAGES[2])
    assert "柳林" not in text(qian, PAGES[3])


@pytest.mark.parametrize(
    "asked", ["month=9999-12", "month=x", "area=%00", "code=%00%27", "after=%00&code=received", "part=x&code=received", "kind=%00&code=repeats"]
)  # fmt: skip
def test_nonsense_in_an_address_is_no_error(city: None, sign_in: Any, asked: str) -> None:
    client = sign_in("zheng")
    for each in ("/board/rates/", "/board/rates/one/", "/board/rates/list/", "/board/brief/"):
        assert client.get(f"{each}?{asked}").status_code in {200, 403}, each


def test_an_indicator_nobody_counts_is_refused(city: None, sign_in: Any) -> None:
    assert sign_in("zheng").get("/board/rates/one/?code=happiness").status_code == 403


def test_the_page_asks_the_database_little(month: date, sign_in: Any, django_assert_max_num_queries: Any) -> None:
    client = sign_in("zheng")
    client.get("/board/rates/")
    with django_assert_max_num_queries(8):
        client.get("/board/rates/")

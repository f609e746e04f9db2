"""领导页: every figure is its list, whoever asks sees their own area, and nonsense in an address is no error."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment, Body, BodyKind, Person, Post
from linli.mechanisms.flow import timers
from linli.mechanisms.journal import Author
from linli.mechanisms.journal.testing import deliver
from linli.mechanisms.territory import index, service
from linli.mechanisms.territory.models import Area
from linli.mechanisms.territory.service import NewArea
from linli.review.indicators import queries
from linli.work.matters import service as matters
from tests import place

pytestmark = pytest.mark.django_db
MEASURES = {
    "在办": "open", "逾期": "overdue", "待核实或待评价": "answered", "居民说解决了": "solved", "没有评价就办结": "lapsed",
    "没办成就办结": "unsolved",
}  # fmt: skip
SHORT = {
    "在办": "open", "逾期": "overdue", "待评价": "answered", "解决了": "solved", "没评价": "lapsed", "没办成": "unsolved",
}  # fmt: skip
"""As a phone says them, where a line of the table is a strip."""
_CELL = re.compile(r'<td data-label="([^"]+)" class="num">(?:<a href="([^"]+)">)?([\d,]+)(?:</a>)?')
_ROW = re.compile(r"<tr data-row>(.*?)</tr>", re.DOTALL)
_NAME = re.compile(r'data-label="地方">(?:<a href="[^"]*">)?([^<]+)')
_FIGURE = re.compile(
    r'<p class="figure-label">([^<]+)</p>\s*<p class="figure-value">(?:<a href="([^"]+)">)?([\d,.]+)(?:</a>)?'
)
_LEVEL = re.compile(
    r'data-label="层级">([^<]+)</th>\s*<td data-label="件数" class="num"><a href="([^"]+)">([\d,]+)</a>'
)


@dataclass
class Board:
    """The page as a reader sees it: (figure, address of its list) by measure."""

    total: dict[str, tuple[int, str]]
    lines: dict[str, dict[str, tuple[int, str]]]
    levels: dict[str, tuple[int, str]]
    text: str

    def figures(self) -> dict[str, dict[str, int]]:
        """Without the addresses, and without what is nought."""
        return {name: {key: n for key, (n, _) in line.items() if n} for name, line in self.lines.items()}

    def links(self) -> list[tuple[int, str]]:
        """Every figure that is not nought, and where its list is."""
        every = [
            *self.total.values(),
            *self.levels.values(),
            *(c for line in self.lines.values() for c in line.values()),
        ]
        return [(n, address) for n, address in every if n]


def read(client: Client, address: str = "/board/") -> Board:
    """Open the page."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    text = answer.content.decode()

    def told(found: tuple[str, str, str]) -> tuple[str, tuple[int, str]]:
        return found[0], (int(found[2].replace(",", "")), html.unescape(found[1]))

    lines = {}
    for row in _ROW.findall(text):
        name = _NAME.search(row)
        assert name is not None
        lines[name[1].strip()] = {SHORT[key]: cell for key, cell in map(told, _CELL.findall(row))}
    total = {MEASURES[found[0]]: told(found)[1] for found in _FIGURE.findall(text) if found[0] in MEASURES}
    return Board(total, lines, dict(map(told, _LEVEL.findall(text))), text)


def listed(client: Client, address: str) -> list[str]:
    """The numbers of every matter of a list, page after page."""
    found: list[str] = []
    while address:
        text = client.get(address).content.decode()
        found += re.findall(r'<span class="whole">([^<]+)</span>', text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        address = "/board/list/" + html.unescape(following[1]) if following else ""
    return found


def clerk_of(cast: Any) -> Actor:
    """Somebody who does the work a community takes upon itself."""
    chen = Person.objects.create_user("chen", "x", name="陈干事")
    body = cast.bodies["huaihua"]
    post = Post.objects.create(kind="community_clerk", title="干事", body=body, area=body.area)
    appointment = Appointment.objects.create(person=chen, post=post, from_on=date(2026, 1, 1))
    return access.actor_for(chen, appointment)


@pytest.fixture
def lived(make: Any, cast: Any) -> date:
    """A month in which matters came to every end, at three levels and in both communities."""
    began = clock.now().replace(day=1, hour=9) - timedelta(days=40)
    with clock.at(began):
        make.matter()  # Long overdue by the time anybody looks.
    with clock.at(began + timedelta(hours=1)):
        make.verified()
    deliver()
    assert timers.run_once()  # The reminder, the mark, and the resident who never said a word.
    spot = make.matter(point=place.at(1.5, 0.5))
    spot = matters.settle(spot, reply="换了灯泡。", by=cast.actor("he"))
    matters.rate(spot, satisfaction=4, by=Actor.resident())
    near = make.raised(to=4)
    near = matters.assign(near, to=cast.bodies["huaihua"], differs="nearer", by=cast.actor("zhou"))
    clerk = clerk_of(cast)
    near = matters.answer(matters.accept(near, by=clerk), outcome=make.outcome, reply="自己换了。", by=clerk)
    matters.rate(near, satisfaction=3, by=Actor.resident())
    for move in (make.closed, make.closed, make.answered, make.handling, make.raised):
        move()
    matters.withdraw(make.matter(), why="自己好了", by=Actor.resident())
    deliver()
    return clock.today()


def test_every_figure_of_every_line_and_level(lived: date, sign_in: Any) -> None:
    county = read(sign_in("zheng"))
    assert county.figures() == {
        "柳林街道": {"open": 3, "overdue": 1, "answered": 1, "solved": 4, "lapsed": 1},
        "杏花镇": {},
    }
    assert {key: n for key, (n, _) in county.total.items() if n} == county.figures()["柳林街道"]
    assert {name: n for name, (n, _) in county.levels.items()} == {"网格": 1, "村（社区）": 1, "镇街": 2}
    assert "居民说解决了 4 件" in county.text
    assert "不足 30 件" in county.text


def test_a_rating_that_never_came_is_an_ending_and_no_solution(lived: date, sign_in: Any) -> None:
    board = read(sign_in("zheng"))
    assert board.total["lapsed"][0] == 1
    client = sign_in("zheng")
    (lapsed,) = listed(client, board.total["lapsed"][1])
    assert lapsed not in listed(client, board.total["solved"][1])
    assert sum(n for n, _ in board.levels.values()) == board.total["solved"][0]


@pytest.mark.parametrize("code", [place.COUNTY, place.LIULIN, place.HUAIHUA])
def test_the_list_behind_every_number_is_as_long_as_the_number(
    lived: date, sign_in: Any, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)  # Also where a list has pages.
    client = sign_in("zheng")
    area = territory.by_code(code)
    assert area is not None
    board = read(client, f"/board/?area={area.id}")
    assert len(board.links()) > 8
    for n, address in board.links():
        numbers = listed(client, address)
        assert len(numbers) == len(set(numbers)) == n, address
        assert f"{n} 件</h1>" in client.get(address).content.decode()


def test_a_grids_figures_are_its_own(lived: date, sign_in: Any) -> None:
    """No line leads there; whoever types the address is told the same numbers as on the community's page."""
    client = sign_in("zheng")
    for community, code, name in (
        (place.HUAIHUA, place.HUAIHUA_1, "槐花一网格"),
        (place.LIUAN, place.LIUAN_1, "柳岸一网格"),
    ):
        around, grid = territory.by_code(community), territory.by_code(code)
        assert around is not None
        assert grid is not None
        line = read(client, f"/board/?area={around.id}").figures()[name]
        board = read(client, f"/board/?area={grid.id}")
        assert {key: n for key, (n, _) in board.total.items() if n} == line
        assert all(len(listed(client, address)) == n for n, address in board.links())


def test_last_month_is_another_month(lived: date, sign_in: Any) -> None:
    earlier = (lived.replace(day=1) - timedelta(days=1)).replace(day=1)
    board = read(sign_in("zheng"), f"/board/?month={earlier:%Y-%m}")
    assert board.total["open"][0] == 3  # What is open is open now, whatever month is looked at.
    assert board.total["solved"][0] == 0
    assert board.total["lapsed"][0] == 0
    assert board.levels == {}


# --- Whose numbers ---------------------------------------------------------------------------------------------------
@pytest.fixture
def sibling(cast: Any) -> Iterator[Person]:
    """柳北区, the county next door, with a matter of its own; its leader."""
    rows = (
        ("990002000000", "柳北区", 2, "district", place.CITY),
        ("990002001000", "北柳街道", 3, "subdistrict", "990002000000"),
        ("990002001001", "北柳社区", 4, "community", "990002001000"),
    )
    new = [NewArea(code=c, name=n, level=lv, kind=k, parent_code=p, nbs_code=c) for c, n, lv, k, p in rows]
    ids = service.establish(new, on=date(2026, 1, 1), source="测试", by=Author("system", office="测试"))
    index.forget()
    body = {}
    for (code, name, level, *_), functions in zip(rows, ([], [], ["community-committee"]), strict=True):
        body[code] = Body.objects.create(
            name=f"{name}的单位", short_name=name, kind=BodyKind.GOVERNMENT, functions=functions, level=level, area_id=ids[code]
        )  # fmt: skip
    bai = Person.objects.create_user("bai", "x", name="白区长")
    post = Post.objects.create(
        kind="leader", title="区长", body=body["990002000000"], area=Area.objects.get(code="990002000000")
    )
    Appointment.objects.create(person=bai, post=post, from_on=date(2026, 1, 1))
    yield bai
    index.forget()


def test_a_leader_sees_their_own_county_and_not_the_next(
    lived: date, sibling: Person, make: Any, sign_in: Any, client: Client
) -> None:
    there = matters.register(
        make.report("井盖翘起来了", point=None, area_id=Area.objects.get(code="990002001001").pk), by=Actor.stranger()
    ).matter
    deliver()
    mine = sign_in("zheng")
    board = read(mine)
    assert board.total["open"][0] == 3
    assert "柳北区" not in board.text
    assert "北柳" not in board.text
    for level in (there.county_id, there.township_id, there.community_id, there.city_id):
        for address in (f"/board/?area={level}", f"/board/list/?measure=open&area={level}"):
            assert mine.get(address).status_code == 403, address
    assert there.number not in listed(mine, "/board/list/?measure=open")

    client.force_login(sibling)
    theirs = read(client)
    assert theirs.figures() == {"北柳街道": {"open": 1}}
    assert listed(client, theirs.total["open"][1]) == [there.number]


def test_the_next_township_sees_nothing(lived: date, sign_in: Any) -> None:
    qian = sign_in("qian")
    board = read(qian)
    assert board.links() == []
    assert "柳林" not in board.text
    assert "槐花" not in board.text
    liulin = territory.by_code(place.LIULIN)
    assert liulin is not None
    assert qian.get(f"/board/?area={liulin.id}").status_code == 403
    for measure in queries.MEASURES:
        assert listed(qian, f"/board/list/?measure={measure}") == []
        assert qian.get(f"/board/list/?measure={measure}&area={liulin.id}").status_code == 403


@pytest.mark.parametrize(
    ("who", "status"),
    [("wang", 403), ("wu", 403), ("zhou", 200), ("li", 200), ("feng", 200), ("sun", 200), ("zheng", 200)],
)
def test_whose_post_may_look(city: None, sign_in: Any, who: str, status: int) -> None:
    client = sign_in(who)
    for address in ("/board/", "/board/list/?measure=open"):
        assert client.get(address).status_code == status


# --- Addresses people mistype ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "asked",
    [
        "month=9999-12", "month=0001-01", "month=2026-13", "month=x", "month=%00", "month=2026-11-11", "area=%00",
        "measure=tea&level=9", "measure=solved&level=999999999999", "level=-1", "after=%00%E6%BB%A8", "after=" + "9" * 500,
        "measure=%27%3BDROP", "month=9999-12&measure=solved", "month=0001-01&measure=lapsed",
    ],
)  # fmt: skip
def test_nonsense_in_an_address_is_no_error(city: None, sign_in: Any, asked: str) -> None:
    client = sign_in("zheng")
    assert client.get(f"/board/?{asked}").status_code == 200
    assert client.get(f"/board/list/?{asked}").status_code == 200


@pytest.mark.parametrize("area", ["0", "999999999999", "999999999"])
def test_an_area_that_is_not_there_is_refused(city: None, sign_in: Any, area: str) -> None:
    assert sign_in("zheng").get(f"/board/?area={area}").status_code == 403


def test_a_month_that_has_not_begun_is_this_month(city: None, sign_in: Any) -> None:
    client = sign_in("zheng")
    today = clock.today()
    assert f"{today.year + 1}年" not in client.get(f"/board/?month={today.year + 1}-01").content.decode()
    assert f"{today.year}年{today.month}月" in client.get("/board/?month=9999-12").content.decode()


def test_every_figure_has_its_meaning(city: None, sign_in: Any) -> None:
    page = sign_in("zheng").get("/board/definitions/").content.decode()
    assert all(name in page for name in MEASURES)

"""街道主页和邻里告知 as neighbours meet them: on the street's page, at a scanned grid, on the home page, as a feed."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from linli.engines.pictures import Picture
from linli.kernel import clock
from linli.mechanisms import territory
from linli.portals.resident.forms import new_key
from linli.work.announcements import service
from linli.work.announcements.service import Written
from linli.work.matters.models import Matter
from tests import place

MONDAY = datetime(2026, 6, 1, 9, 0, tzinfo=clock.CITY)
ATOM = "{http://www.w3.org/2005/Atom}"
STREET = f"/t/{place.LIULIN}/"


@pytest.fixture(autouse=True)
def on_a_monday(db: None) -> Iterator[None]:
    with clock.at(MONDAY):
        yield
    translation.deactivate()  # A request leaves its language behind in the thread.


@pytest.fixture
def tell(cast: Any) -> Callable[..., Any]:
    """李调度 tells an area something, from now until so many hours from now."""

    def make(title: str = "明天停水", *, code: str = place.HUAIHUA, hours: int = 30, username: str = "li") -> Any:
        area = territory.by_code(code)
        assert area is not None
        written = Written(title, f"{title}，请提前存水。", MONDAY, MONDAY + timedelta(hours=hours), "0543-96777")
        return service.publish(written, kind="water", area=area, by=cast.actor(username))

    return make


def page(client: Any, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


# --- 街道主页 -----------------------------------------------------------------------------------------------------
def test_a_street_has_a_page_before_anybody_has_set_one(client, city):
    said = page(client, STREET)
    assert "柳林街道" in said
    assert "现在没有要告知的" in said
    assert "<img" not in said
    assert STREET in re.sub(r"<[^>]+>", "", said)  # The address is spelled out under its code.


def test_a_street_greets_as_it_set_and_at_its_short_address(client, cast, city):
    area = territory.by_code(place.LIULIN)
    picture = Picture(b"\xff\xd8 picture \xff\xd9", 900, 360, b"\xff\xd8\xff\xd9")
    service.set_front_page(
        area,
        welcome="有事说一声，我们就在楼下。",
        alias="liulin",
        described="办事处的大门",
        picture=picture,
        by=cast.actor("li"),
    )
    said = page(client, "/t/liulin/")
    assert "我们就在楼下" in said
    assert 'alt="办事处的大门"' in said
    answer = client.get(f"/t/{place.LIULIN}/picture.jpg")
    assert (answer.content, answer["Content-Type"]) == (picture.jpeg, "image/jpeg")
    assert client.get(f"/t/{place.LIULIN}/picture.jpg", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("word", [place.HUAIHUA, place.COUNTY, place.HUAIHUA_1, "nowhere", "000000", "%00", "柳林"])
def test_only_a_township_or_street_has_one(client, city, word):
    for path in (f"/t/{word}/", f"/t/{word}/told/", f"/t/{word}/told.xml", f"/t/{word}/picture.jpg"):
        assert client.get(path).status_code == 404


def test_a_sentence_said_to_the_street_is_asked_for_its_place_inside_the_street(client, city):
    said = page(client, STREET)
    within = re.search(r'name="within" value="(\d+)"', said)
    key = re.search(r'name="key" value="([^"]+)"', said)
    assert within
    assert key
    answer = client.post("/", {"text": "路灯坏了三天了", "key": key[1], "within": within[1]})
    asked = answer.content.decode()
    assert "槐花社区" in asked
    assert "杏花镇" not in asked
    assert "路灯坏了三天了" in asked
    done = client.post("/", {"text": "槐花社区路灯坏了三天了", "key": new_key(), "within": within[1]})
    assert done.status_code == 302
    assert Matter.objects.get().township.code == place.LIULIN


def test_what_is_open_and_what_was_solved_stands_there_and_nothing_private(client, make):
    make.matter(text="西门路灯不亮", public=True)
    make.matter(text="楼上半夜装修", public=False)
    for text, solved in (("井盖响", True), ("垃圾没清", False)):
        closed = {
            "state": "closed",
            "solved": solved,
            "moved_at": MONDAY,
            "reply": "去过了",
            "outcome": "done",
            "answered_at": MONDAY,
        }
        Matter.objects.filter(pk=make.matter(text=text, public=True).pk).update(**closed)
    said = page(client, STREET)
    assert "西门路灯不亮" in said
    assert said.index("最近办好的") < said.index("井盖响")
    assert "半夜装修" not in said
    assert "垃圾没清" not in said
    assert "西门路灯不亮" not in page(client, f"/t/{place.XINGHUA}/")


def test_the_streets_page_asks_no_more_with_more_notices(client, tell, django_assert_max_num_queries):
    for number in range(6):
        tell(f"停水{number}")
    client.get(STREET)
    with django_assert_max_num_queries(8):
        assert "停水5" in page(client, STREET)


# --- 告知 ---------------------------------------------------------------------------------------------------------
def test_neighbours_meet_a_notice_wherever_their_place_is_known(client, tell):
    tell("槐花社区停水")
    home = territory.by_code(place.HUAIHUA)
    for path in (STREET, f"/?g={place.HUAIHUA_1}", f"/grids/{place.HUAIHUA_1}/", f"/?area={home.id}"):
        assert "槐花社区停水" in page(client, path)
    client.cookies["where"] = place.HUAIHUA
    assert "槐花社区停水" in page(client, "/")


def test_whoever_lives_elsewhere_or_says_not_where_is_told_nothing(client, tell):
    tell("槐花社区停水")
    for path in (f"/t/{place.XINGHUA}/", f"/?g={place.LIUAN_1}", f"/grids/{place.XINGHUA_1}/", "/"):
        assert "槐花社区停水" not in page(client, path)


def test_the_home_page_that_knows_no_place_asks_nothing_of_notices(client, city, django_assert_num_queries, tell):
    client.get("/")
    with django_assert_num_queries(0):
        client.get("/")


def test_after_its_hour_a_notice_is_only_among_the_earlier_ones(client, tell):
    tell("只停一小时", hours=1)
    with clock.at(MONDAY + timedelta(hours=1)):
        for path in (STREET, f"/?g={place.HUAIHUA_1}", f"/grids/{place.HUAIHUA_1}/"):
            assert "只停一小时" not in page(client, path)
        said = page(client, f"{STREET}told/")
        assert said.index("以前的告知") < said.index("只停一小时")


def test_a_corrected_notice_shows_what_holds_and_keeps_what_was(client, tell, cast):
    made = tell("明天停水")
    service.correct(
        made, Written("改到后天停水", "阀门没有到货。", MONDAY, MONDAY + timedelta(hours=50)), by=cast.actor("li")
    )
    path = f"/n/{quote(made.number)}/"
    said = page(client, path)
    assert "阀门没有到货" in said
    assert "更正过，以这一版为准" in said
    assert "请提前存水" not in said
    old = page(client, path, edition="1")
    assert "请提前存水" in old
    assert "第 1 版，后来更正过" in old
    assert client.get(path, {"edition": "3"}).status_code == 404


def test_a_withdrawn_notice_shows_why_and_no_more_what(client, tell, cast):
    made = tell()
    service.withdraw(made, reason="施工改期", by=cast.actor("li"))
    path = f"/n/{quote(made.number)}/"
    for said in (page(client, path), page(client, path, edition="1")):
        assert "施工改期" in said
        assert "请提前存水" not in said
    assert made.title not in page(client, STREET)


def test_no_name_of_an_official_is_on_a_notice(client, tell):
    said = page(client, f"/n/{quote(tell().number)}/")
    assert "柳林街道综治中心 调度员" in said
    assert "李调度" not in said


@pytest.mark.parametrize("number", ["告26-9999", "x", "%00"])
def test_a_notice_nobody_wrote_is_not_found(client, city, number):
    assert client.get(f"/n/{quote(number, safe='%')}/").status_code == 404


# --- Atom ---------------------------------------------------------------------------------------------------------
def test_the_feed_is_atom_and_tells_of_corrections_and_withdrawals(client, tell, cast):
    held, gone = tell("停水<一>"), tell("停水二")
    with clock.at(MONDAY + timedelta(hours=2)):
        service.withdraw(gone, reason="不停了", by=cast.actor("li"))
    answer = client.get(f"{STREET}told.xml")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    assert root.tag == f"{ATOM}feed"
    for wanted in ("id", "title", "updated"):
        assert root.findtext(f"{ATOM}{wanted}")
    entries = {each.findtext(f"{ATOM}title"): each for each in root.findall(f"{ATOM}entry")}
    assert set(entries) == {"停水<一>", "已撤下：停水二"}
    assert entries["已撤下：停水二"].findtext(f"{ATOM}summary") == "不停了"
    assert entries["已撤下：停水二"].findtext(f"{ATOM}updated") == "2026-06-01T03:00:00+00:00"
    assert len({each.findtext(f"{ATOM}id") for each in entries.values()}) == 2
    assert entries["停水<一>"].find(f"{ATOM}link").get("href").endswith(f"/n/{quote(held.number)}/")


def test_the_feed_holds_only_what_concerns_the_street(client, tell):
    tell()
    root = ET.fromstring(client.get(f"/t/{place.XINGHUA}/told.xml").content)
    assert root.findall(f"{ATOM}entry") == []


# --- 读给我听 -----------------------------------------------------------------------------------------------------
def test_pages_one_listens_to_offer_it_hidden_until_the_browser_has_a_voice(client, tell, make):
    made = tell()
    for path in (STREET, f"{STREET}told/", f"/n/{quote(made.number)}/", "/rules/announcements/kinds/v1/"):
        for large in ("", "1"):
            client.cookies["large"] = large
            said = page(client, path)
            assert re.search(r"<p[^>]*data-speak[^>]* hidden>", said)
            assert re.search(r'<script src="[^"]*speak[^"]*\.js" defer></script>', said)
            assert "onclick" not in said


def test_the_pages_are_in_english_too(client, tell):
    made = tell()
    client.cookies["django_language"] = "en"
    for path in (STREET, f"{STREET}told/", f"/n/{quote(made.number)}/"):
        said = page(client, path)
        assert '<html lang="en"' in said
        assert '<span lang="zh">明天停水</span>' in said

"""A matter's whole way in a real browser: one sentence on a phone, and everybody does their part.

赵阿姨 says it; 王网格员 and 周书记 raise it; 李调度 assigns it; 吴城管 answers; 王网格员 looks; 赵阿姨 has the last word, twice.
LINLI_SCREENSHOTS=1 takes the guides' pictures on the way.
"""

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.mechanisms.journal import verification
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.journal.testing import deliver
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from tests import cast as people
from tests import place
from tests.browser import DESK, PHONE, picture, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SENTENCE = "小区门口的路灯坏了三天，晚上看不见路"
HERE = {
    "geolocation": {"longitude": place.at(0.5, 0.5).lon, "latitude": place.at(0.5, 0.5).lat},
    "permissions": ["geolocation"],
}
NEIGHBOURS = (
    ("verified", "西门路灯不亮，灯杆歪了", 0.3, 0.4),
    ("closed", "东门垃圾桶满了没人收", 0.6, 0.3),
    ("handling", "南门路灯忽明忽暗", 0.8, 0.6),
    ("assigned", "二号楼前的路灯坏了", 0.7, 0.8),
    ("answered", "一号楼楼道灯不亮", 0.5, 0.2),
    ("matter", "健身器材断了一根横杆", 0.2, 0.7),
    ("matter", "绿化带里死了三棵树", 0.4, 0.8),
    ("raised", "东门路灯只亮半边", 0.9, 0.9),
    ("raised", "菜市场门口路灯一夜没亮", 0.6, 0.6),
    ("raised", "河边步道的路灯坏了四盏", 0.15, 0.2),
    ("raised", "人行道上停满了车，走不过去", 0.5, 1.6),
)


@pytest.fixture(scope="module")
def neighbours(served_city: str, django_db_blocker: Any) -> None:
    """What else happens in the township, so that pictures show a place where people live."""
    if os.environ.get("LINLI_SCREENSHOTS") != "1":
        return
    with django_db_blocker.unblock():
        make = Make(people.find())
        for state, text, x, y in NEIGHBOURS:
            if x < 1 and y < 1:
                getattr(make, state)(text=text, point=place.at(x, y), public=True)
            else:
                make.matter(text=text, point=place.at(x, y), public=True)
        deliver()


def send(page: Page, *, shown: bool = False) -> tuple[str, str]:
    """赵阿姨 says it on her phone: the number, and the address that is her key."""
    page.goto("/")
    page.get_by_role("textbox", name="有什么事，说一句就行").fill(SENTENCE)
    page.get_by_role("combobox", name="在哪里").fill("柳林街道槐花社区")
    if shown:
        picture(page, "resident-home")
    page.get_by_role("button", name="我就在这里").click()
    expect(page.get_by_text("位置已记下")).to_be_visible()
    page.get_by_text("只留电话", exact=True).click()
    page.get_by_role("textbox", name="电话").fill("13812345678")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了，已经交给槐花社区")
    number = page.locator("dd.number").inner_text()
    expect(page.locator("main")).to_contain_text("最晚答复")
    if shown:
        picture(page, "resident-sent")
    page.get_by_role("link", name="看进度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("路灯")
    return number, page.url


def raise_up(page: Page, number: str, tried: str) -> None:
    page.get_by_text("办不了，上报……").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("试过什么").fill(tried)
    page.get_by_role("button", name="上报", exact=True).click()


def answer(page: Page, number: str, reply: str) -> None:
    page.goto(f"/matters/{number}/")
    page.get_by_label("办理结果").select_option(index=1)
    page.get_by_label("给居民的话").fill(reply)
    page.get_by_role("button", name="答复", exact=True).click()
    expect(page.locator("body")).to_contain_text("已答复，等别人核实")


def look_and_pass(page: Page, number: str) -> None:
    page.goto("/today/")
    expect(page.locator(".thing", has_text="小区门口的路灯坏了三天")).to_contain_text("待您核实")
    page.goto(f"/matters/{number}/")
    page.get_by_label("看到的情况").fill("去看过，灯亮着")
    page.get_by_role("button", name="核实通过").click()
    expect(page.locator("body")).to_contain_text("核实通过，已请居民评价")


def status_of(page: Page) -> Any:
    return page.locator(".status").first


def test_from_one_sentence_to_a_rating(db, device, neighbours):
    zhao = device(PHONE, scale=2, **HERE)
    number, link = send(zhao, shown=True)
    expect(zhao.locator("main")).to_contain_text("槐花社区居民委员会")

    wang = sign_in(device(PHONE, scale=2), "wang")
    wang.goto("/today/")
    expect(wang.get_by_role("link", name="路灯").first).to_be_visible()
    picture(wang, "today")
    wang.goto(f"/matters/{number}/")
    raise_up(wang, number, "敲门问过，要换灯头，我们没有登高车")
    expect(wang.locator("body")).to_contain_text("已报给槐花社区")

    zhou = sign_in(device(DESK), "zhou")
    zhou.goto(f"/matters/{number}/")
    expect(zhou.locator("main")).to_contain_text("敲门问过，要换灯头，我们没有登高车")
    raise_up(zhou, number, "联系过物业，灯归城管办")
    expect(zhou.locator("body")).to_contain_text("已报给柳林街道综治中心")

    li = sign_in(device(DESK), "li")
    li.goto("/desk/")
    expect(li.locator(f"[data-map-row='{number}']")).to_contain_text("待派单")
    picture(li, "queue")
    li.locator(f"[data-map-row='{number}'] [data-open]").click()
    expect(li.locator("main")).to_contain_text("柳林街道城管办 主办")
    picture(li, "matter")
    li.get_by_role("button", name="照此派").click()
    expect(li.locator("body")).to_contain_text("已派给柳林街道城管办")

    wu = sign_in(device(DESK), "wu")
    wu.goto("/desk/")
    wu.locator(f"[data-map-row='{number}'] [data-open]").click()
    wu.get_by_role("button", name="受理").click()
    expect(wu.locator("body")).to_contain_text("已受理")
    zhao.goto(link)
    expect(status_of(zhao)).to_have_text("办理中")
    expect(zhao.locator("main")).to_contain_text("柳林街道城市管理办公室")
    picture(zhao, "follow", whole=True)
    answer(wu, number, "灯头已换，今晚亮了。")

    look_and_pass(wang, number)

    zhao.goto(link)
    expect(zhao.locator("main")).to_contain_text("灯头已换，今晚亮了。")
    zhao.get_by_role("link", name="没解决").click()
    zhao.get_by_label("哪里没有解决").fill("亮了一晚又灭了")
    zhao.get_by_role("button", name="请重新办").click()
    expect(zhao.get_by_text("您说没解决，重新办")).to_be_visible()

    wu.goto(f"/matters/{number}/")
    expect(wu.locator("main")).to_contain_text("亮了一晚又灭了")
    answer(wu, number, "线路接头受潮，已换线，连看三晚都亮着。")
    look_and_pass(wang, number)

    zhao.goto(link)
    zhao.get_by_role("link", name="解决了", exact=True).click()
    picture(zhao, "rate")
    zhao.get_by_role("radio").first.check()
    zhao.get_by_role("button", name="就这样评价").click()
    expect(status_of(zhao)).to_have_text("已办结")

    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.satisfaction, matter.reopened) == (State.CLOSED, 5, 1)
    entries = Entry.objects.filter(subject=matter.subject).exclude(move="").order_by("seq")
    assert [move for _at, move in dict.fromkeys(entries.values_list("at", "move"))] == [
        "register", "raise_up", "raise_up", "assign", "accept", "answer", "verify", "reopen", "answer", "verify", "rate",
    ]  # fmt: skip
    assert list(verification.findings()) == []

    deliver()
    zheng = sign_in(device(DESK), "zheng")
    zheng.goto("/board/")
    expect(zheng.locator("main")).to_contain_text("柳林街道")
    expect(zheng.locator("main")).to_contain_text("在哪一级解决")
    picture(zheng, "board")

    sun = sign_in(device(DESK), "sun")
    sun.get_by_label("诉求编号").fill(number)
    sun.get_by_role("button", name="看它的日志").click()
    expect(sun.get_by_text("没有一条被改动、删除或调换")).to_be_visible()
    picture(sun, "log")


def test_who_cannot_name_the_place_taps_it(db, device):
    zhao = device(PHONE, scale=2)
    zhao.goto("/")
    zhao.get_by_role("textbox", name="有什么事，说一句就行").fill("楼道里堆满了旧家具")
    zhao.get_by_role("button", name="发给社区").click()
    zhao.get_by_role("button", name="柳河区").click()
    zhao.get_by_role("button", name="柳林街道").click()
    expect(zhao.get_by_role("button", name="槐花社区")).to_be_visible()
    picture(zhao, "where")
    zhao.get_by_role("button", name="槐花社区").click()
    zhao.get_by_role("button", name="发给社区").click()
    expect(zhao.get_by_role("heading", level=1)).to_contain_text("收到了，已经交给槐花社区")


def test_a_stranger_from_next_door_sees_nothing_of_it(db, device):
    number, _link = send(device(PHONE, **HERE))
    qian = sign_in(device(DESK), "qian")
    response = qian.goto(f"/matters/{number}/")
    assert response is not None
    assert response.status == 404
    assert "路灯" not in qian.locator("main").inner_text()

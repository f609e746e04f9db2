"""The resident's pages on a 360-pixel phone in a real browser: with scripts, without them, in large type.

LINLI_SHOTS names a folder to leave pictures of the pages in.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from linli.mechanisms.journal import seals
from linli.work.matters import words
from linli.work.matters.models import Matter
from tests import cast as people
from tests import place
from tests.make import Make

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
FLAGS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--use-gl=angle",
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
SENTENCE = "小区北门的路灯坏了三天，晚上看不见路"


@pytest.fixture(scope="module")
def browser(served_city: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def phone(browser: Browser, served_city: str, monkeypatch) -> Iterator:
    """phone(…) gives a page; whatever the policy stops or a script gets wrong fails the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    contexts, complaints = [], []

    def give(*, large: bool = False, **options) -> Page:
        context = browser.new_context(viewport=PHONE, base_url=served_city, locale="zh-CN", **options)
        contexts.append(context)
        context.set_default_timeout(8000)
        if large:
            context.add_cookies([{"name": "large", "value": "1", "url": served_city}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        return page

    yield give
    for context in contexts:
        context.close()
    connections.close_all()
    assert [each for each in complaints if "status of 4" not in each] == []


def look(page: Page, name: str) -> None:
    """Nothing serious for who cannot see well, nothing wider than the phone; and a picture for who can."""
    found = [each for each in Axe().run(page).response["violations"] if each["impact"] in {"serious", "critical"}]
    assert not found, f"{name}: " + "; ".join(f"{each['id']} {each['nodes'][0]['html'][:120]}" for each in found)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the phone"
    if folder := os.environ.get("LINLI_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def link(matter) -> str:
    return f"/m/{matter.number}/{words.follow_token(matter.number)}/"


@pytest.fixture
def make(phone) -> Make:
    return Make(people.find())


def test_one_sentence_is_sent_and_followed(phone, tmp_path):
    page = phone()
    page.goto(f"/?g={place.HUAIHUA_1}")
    look(page, "home")
    expect(page.get_by_label("怎么称呼您")).to_be_hidden()
    page.get_by_label("有什么事，说一句就行").fill(SENTENCE)
    Image.effect_noise((1200, 800), 60).convert("RGB").save(tmp_path / "灯.jpg")
    page.get_by_label("照片").set_input_files(tmp_path / "灯.jpg")
    expect(page.locator("[data-photo-list] img")).to_have_count(1, timeout=20_000)
    page.get_by_text("只留电话", exact=True).click()
    expect(page.get_by_label("怎么称呼您")).to_be_hidden()
    page.locator("#id_phone").fill("138 1234 5678")
    page.get_by_text("可以让邻居看到").click()
    look(page, "home-filled")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("收到了")
    look(page, "sent")
    page.get_by_role("link", name="看进度").click()
    expect(page.get_by_text("槐花社区居民委员会")).to_be_visible()
    expect(page.locator(".timeline img")).to_have_js_property("complete", value=True)
    look(page, "follow-new")
    stored = Matter.objects.get(text=SENTENCE)
    assert stored.visibility == "pseudonym"
    assert stored.photos.count() == 1
    page.goto("/")
    expect(page.get_by_label("有什么事，说一句就行")).to_have_value("")  # The draft is gone: it was sent.


def test_it_works_without_scripts(phone):
    page = phone(java_script_enabled=False)
    page.goto("/")
    page.get_by_label("有什么事，说一句就行").fill("楼道里堆满了杂物，没人管")
    page.get_by_role("button", name="发给社区").click()
    expect(page.locator("#id_place-error")).to_contain_text("还不知道在哪里")
    for name in ("柳河区", "柳林街道", "柳岸社区"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("#where")).to_be_in_viewport()  # Without scripts too: the address leads there.
    expect(page.get_by_label("有什么事，说一句就行")).to_have_value("楼道里堆满了杂物，没人管")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("柳岸社区")
    page.get_by_role("link", name="看进度").click()
    page.get_by_text("补充几句，或者加照片").click()
    page.get_by_label("补充什么").fill("在二单元")
    page.get_by_role("button", name="补充上去").click()
    expect(page.get_by_text("在二单元")).to_be_visible()
    page.get_by_text("不用办了，撤回").click()
    page.get_by_role("button", name="确定撤回").click()
    expect(page.locator(".status").first).to_have_text("已撤回")


def test_what_is_wrong_is_told_beside_the_field(phone):
    page = phone()
    page.goto("/")
    page.get_by_label("有什么事，说一句就行").fill("路灯坏了，没人修")
    page.get_by_text("留名", exact=True).click()
    page.locator("#id_phone").fill("12")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_label("有什么事，说一句就行")).to_have_value("路灯坏了，没人修")
    look(page, "home-wrong")
    page.locator("#id_phone").fill("13812345678")
    page.get_by_label("怎么称呼您").fill("赵阿姨")
    page.get_by_role("button", name="发给社区").click()
    look(page, "home-where")
    expect(page.get_by_role("button", name="柳河区")).to_be_visible()


def test_large_type_asks_for_less(phone):
    page = phone(large=True)
    page.goto(f"/?g={place.LIUAN_1}")
    look(page, "home-large")
    expect(page.get_by_label("照片")).to_have_count(0)
    page.get_by_label("有什么事，说一句就行").fill("井盖松了，会绊倒人")
    page.get_by_role("button", name="发给社区").click()
    look(page, "sent-large")
    page.get_by_role("link", name="看进度").click()
    look(page, "follow-large")


def test_in_large_type_one_taps_where_or_lets_the_phone_say_it(phone):
    here = {"longitude": place.at(0.5, 1.5).lon, "latitude": place.at(0.5, 1.5).lat}
    page = phone(large=True, geolocation=here, permissions=["geolocation"])
    page.goto("/")
    page.get_by_label("有什么事，说一句就行").fill("楼道灯不亮，没人管")
    page.get_by_role("button", name="发给社区").click()
    look(page, "where-large")
    page.get_by_role("button", name="柳河区").click()
    page.get_by_role("button", name="柳林街道", exact=True).click()
    look(page, "where-large-township")
    expect(page.get_by_text("在地图上指")).to_have_count(0)
    page.get_by_role("button", name="我就在这里").click()
    expect(page.get_by_text("位置已记下。")).to_be_visible()
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("槐花社区")
    page.goto("/")
    expect(page.get_by_label("还是上次的地方：柳河区柳林街道槐花社区")).to_be_visible()
    look(page, "home-large-again")


def test_one_tap_shows_what_is_around(phone, make):
    make.matter(text="西门石墩倒了", public=True, point=place.at(0.5, 0.5))
    here = {"longitude": place.at(0.5, 0.5).lon, "latitude": place.at(0.5, 0.5).lat}
    page = phone(geolocation=here, permissions=["geolocation"])
    page.goto("/nearby/")
    page.get_by_role("button", name="看我周围的").click()
    expect(page.get_by_role("link", name="西门石墩倒了")).to_be_visible()


def test_while_typing_neighbours_and_danger_are_shown(phone, make):
    make.matter(text="东门垃圾桶满了没人收", public=True)
    page = phone()
    page.goto(f"/?g={place.HUAIHUA_1}")
    page.get_by_label("有什么事，说一句就行").press_sequentially("东门垃圾桶满了")
    expect(page.get_by_text("是同一件就不用再报")).to_be_visible()
    look(page, "home-likewise")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", name="附近已有 1 件相近的")).to_be_visible()
    look(page, "home-alike")
    page.get_by_role("button", name="也是这件事").click()
    expect(page.get_by_text("记下了")).to_be_visible()
    look(page, "matter")
    page.goto("/")
    page.get_by_label("有什么事，说一句就行").press_sequentially("楼下着火了，有人困在里面")
    expect(page.get_by_role("link", name="119")).to_be_visible()
    look(page, "home-urgent")


def test_names_of_places_are_suggested(phone):
    page = phone()
    page.goto("/")
    page.locator("#id_place").press_sequentially("huaihua")
    expect(page.locator("#places option")).to_have_count(1)


def test_a_pin_is_set_on_the_map(phone):
    page = phone(
        geolocation={"longitude": place.at(0.5, 0.5).lon, "latitude": place.at(0.5, 0.5).lat},
        permissions=["geolocation"],
    )
    page.goto("/")
    page.get_by_role("button", name="我就在这里").click()
    expect(page.get_by_text("位置已记下")).to_be_visible()
    look(page, "home-map")
    page.get_by_label("有什么事，说一句就行").fill("健身器材断了一根")
    page.get_by_role("button", name="发给社区").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("槐花社区")


def test_the_last_word(phone, make):
    matter = make.verified(text="西门下水道堵了，污水漫出来")
    page = phone()
    page.goto(link(matter))
    look(page, "follow-ask")
    page.get_by_role("link", name="没解决").click()
    look(page, "follow-no")
    page.get_by_label("哪里没有解决").fill("下雨又堵了")
    page.get_by_role("button", name="请重新办").click()
    expect(page.get_by_text("您说没解决，重新办")).to_be_visible()
    look(page, "follow-again")
    second = make.verified(text="南门停车位被堵死了")
    page.goto(link(second))
    page.get_by_role("link", name="解决了", exact=True).click()
    look(page, "follow-yes")
    page.get_by_text("基本满意").click()
    page.get_by_role("button", name="就这样评价").click()
    expect(page.locator(".status").first).to_have_text("已办结")
    seals.seal_now(everything=True)
    page.goto(link(second))
    page.get_by_text("谁看过我的身份").click()
    look(page, "follow-closed")
    page.get_by_role("link", name="可验真").click()
    look(page, "proof")


def test_nearby_shows_a_list_and_a_map(phone, make):
    for n, text in enumerate(("北门井盖松动", "健身器材坏了没人修", "绿化带里有死树")):
        make.matter(text=text, public=True, point=place.at(0.3 + n / 5, 0.4))
    page = phone()
    page.goto("/nearby/")
    look(page, "nearby-choose")
    page.goto("/nearby/?q=社区")
    look(page, "nearby-many")
    page.goto(f"/nearby/?g={place.HUAIHUA_1}")
    expect(page.locator(".map canvas")).to_be_visible()
    look(page, "nearby")
    page.goto("/m/")
    look(page, "links-only")
    page.goto("/m/1/2/")
    look(page, "wrong-link")


def test_the_city_is_on_the_air(served_city, db):
    assert people.find().people["wang"].name == "王网格员"

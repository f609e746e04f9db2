"""A bulk dispatch in a real browser, by keyboard: tick, look, do, read the report; and the desk's small courtesies."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.mechanisms import journal
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from tests import cast as people
from tests.browser import DESK, PHONE, barriers, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def make(served_city: str, django_db_blocker: Any) -> Iterator[Make]:
    """Situations in the committed city, which the server sees as soon as they are made."""
    with django_db_blocker.unblock():
        yield Make(people.find())


def test_a_bulk_dispatch(device: Any, make: Make) -> None:
    matters = [make.raised(text=f"{place}路灯不亮") for place in ("东街", "西街", "南街", "北街")]
    page = sign_in(device(DESK), "li")
    page.goto("/desk/?view=triage&order=new")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("[data-ticked]")).to_have_text("4")
    page.keyboard.press("b")
    expect(page.get_by_role("heading", level=1)).to_have_text("批量派单：先看看")
    expect(page.get_by_text("4 件会办")).to_be_visible()
    assert barriers(page) == []
    service.add(matters[1], said="又打来电话", by=make.cast.actor("ma"))  # Meanwhile.
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).to_have_text("批量派单的结果")
    expect(page.get_by_text("办了 3 件")).to_be_visible()
    expect(page.get_by_text("马调度已经处理了这一件", exact=False)).to_be_visible()
    assert barriers(page) == []
    page.go_back()
    page.goto(page.url)
    page.get_by_role("button", name="没有办的，按现在的样子再看一遍").click()
    page.get_by_role("button", name="照此办 1 件").click()
    expect(page.get_by_text("办了 1 件")).to_be_visible()
    for matter in matters:
        assert [each.move for each in journal.history(matter.subject)].count("assign") == 1
    assert Matter.objects.filter(state=State.ASSIGNED).count() == 4


def test_a_view_is_kept_and_found_by_its_key(device: Any, make: Make) -> None:
    make.raised(text="东门井盖翘起来了")
    page = sign_in(device(DESK), "li")
    page.goto("/desk/?view=open&q=井盖")
    page.get_by_text("存成常用").click()
    page.get_by_label("起个名字").fill("井盖")
    page.get_by_role("button", name="存下这个筛选").click()
    expect(page.get_by_text("已存成“井盖”。")).to_be_visible()
    page.goto("/desk/")
    page.keyboard.press("1")
    expect(page.get_by_role("link", name="东门井盖翘起来了")).to_be_visible()
    assert "q=" in page.url


def test_a_standard_text_is_filled_in_beside_what_was_typed(device: Any, make: Make) -> None:
    matter = make.handling(text="花园路灯忽明忽暗")
    page = sign_in(device(PHONE), "wu")
    page.goto(f"/matters/{matter.number}/")
    page.get_by_label("给居民的话").fill("您好。")
    page.locator("#phrase-answer").select_option(label="已修好")
    page.get_by_role("button", name="填入").first.click()
    expect(page.get_by_text("常用语已经填在上面，改好再发。")).to_be_visible()
    said = page.get_by_label("给居民的话").input_value()
    assert said.startswith("您好。\n您反映的“花园路灯")
    assert matter.number in said


def test_what_came_is_said_and_the_list_stays(device: Any, make: Make) -> None:
    make.raised(text="老树倒了半边")
    page = sign_in(device(DESK), "li")
    page.clock.install()
    page.goto("/desk/?view=triage")
    before = page.locator("[data-row]").count()
    make.raised(text="新栽的树也倒了")
    page.clock.fast_forward(21_000)
    expect(page.locator("[data-fresh]")).to_contain_text("1 件新的")
    assert page.locator("[data-row]").count() == before
    page.locator("[data-fresh] a").click()
    expect(page.get_by_role("link", name="新栽的树也倒了")).to_be_visible()


def test_a_call_is_filed_by_keyboard_alone(db: None, device: Any) -> None:
    page = sign_in(device(DESK), "li")
    page.goto("/desk/phone/")
    page.keyboard.type("13812345678")
    page.keyboard.press("Tab")
    page.keyboard.type("赵秀英")
    page.keyboard.press("Tab")
    page.keyboard.type("楼道里冒烟着火了")
    expect(page.locator("#read")).to_contain_text("110")
    page.keyboard.press("Tab")
    page.keyboard.type("槐花社区")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("请把编号告诉来电人", exact=False)).to_be_visible()
    expect(page.get_by_label("什么事")).to_have_value("")
    assert barriers(page) == []

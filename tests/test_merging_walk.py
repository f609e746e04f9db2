"""并案 in a real browser: three said the same, each follows by their own link, and one is taken out again."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.work.matters import service, words
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from tests import cast as people
from tests.browser import DESK, PHONE, picture, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = ("小区门口的路灯坏了三天，晚上看不见路", "小区门口路灯坏了，看不见路", "门口的路灯坏了三天没人修，晚上看不见路")


@pytest.fixture
def three(served_city: str, transactional_db: None) -> list[Matter]:
    """The same lamp, said by three at 槐花一网格, each with a telephone; really committed, for the server to see."""
    make = Make(people.find())
    return [
        make.raised(text=said, visibility="pseudonym", phone=f"1381234567{n}", key=f"three-of-them-{n}")
        for n, said in enumerate(SAID)
    ]


def link(matter: Matter) -> str:
    return f"/m/{matter.number}/{words.follow_token(matter.number)}/"


def test_three_become_one_everybody_is_told_and_one_comes_out_again(three: list[Matter], device: Any):
    main, second, third = three
    li = sign_in(device(DESK), "li")
    merge(li, main, [second, third])
    for each in three:
        shown = device(PHONE)
        shown.goto(link(each))
        expect(shown.locator("main")).to_contain_text(main.number)
        if each is not main:
            expect(shown.locator("main")).to_contain_text("并在一起办")

    # It is worked on as one: each reporter reads each step and is asked.
    work(main)
    phones = []
    for each in three:
        phone = device(PHONE)
        phone.goto(link(each))
        expect(phone.locator("main")).to_contain_text("灯头已换，今晚亮了。")
        expect(phone.get_by_role("heading", name="问您一句：解决了吗？")).to_be_visible()
        phones.append(phone)
    picture(phones[1], "follow-merged")
    say_no(phones[2])
    phones[0].reload()
    expect(phones[0].locator("main")).to_contain_text("另一位反映人说没解决，重新办")
    main.refresh_from_db()
    assert main.state == State.HANDLING

    # The third one's lamp is another: it comes out, and its reporter reads why.
    li.goto(f"/matters/{third.number}/")
    li.get_by_text("不是同一件，撤回并案……").click()
    li.get_by_label("为什么分开办").fill("她说的是北门那一盏")
    li.get_by_role("button", name="撤回并案").click()
    expect(li.locator("body")).to_contain_text("分开了，期限接着走")
    phones[2].goto(link(third))
    expect(phones[2].locator("main")).to_contain_text("改为单独办")
    expect(phones[2].locator("main")).to_contain_text("她说的是北门那一盏")
    third.refresh_from_db()
    assert third.state == State.TRIAGE


def merge(li: Page, main: Matter, others: list[Matter]) -> None:
    """李调度 opens what is near, ticks, reads who is told, and says yes."""
    li.goto(f"/matters/{main.number}/")
    li.get_by_text("有没有说同一件事的……").click()
    for each in others:
        li.locator(f'input[name="with"][value="{each.number}"]').check()
    li.get_by_role("button", name="看并起来会怎样").click()
    expect(li.locator("main")).to_contain_text("3 位，都从自己的链接看进展、各自评价")
    picture(li, "merge")
    li.get_by_role("button", name="并起来").click()
    expect(li.locator("body")).to_contain_text("3 位反映人都会收到进展")
    expect(li.locator("main")).to_contain_text("并在这里的 2 件")


def work(main: Matter) -> None:
    """城管办 does what it does with any matter."""
    make = Make(people.find())
    li, wu = make.cast.actor("li"), make.cast.actor("wu")
    service.assign(main, to=make.cast.bodies["liulin_urban"], by=li)
    service.accept(main, by=wu)
    service.answer(main, outcome=make.outcome, reply="灯头已换，今晚亮了。", by=wu)


def say_no(phone: Page) -> None:
    phone.get_by_role("link", name="没解决", exact=True).click()
    phone.get_by_label("哪里没有解决").fill("北门那一盏还不亮")
    phone.get_by_role("button", name="请重新办").click()
    expect(phone.locator("main")).to_contain_text("重新办")

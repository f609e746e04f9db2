"""In a real browser: an exclusion with its second person, the resident's second look, and the overseer's sample."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.journal import verification
from linli.mechanisms.journal.models import Entry
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Exclusion, Matter
from linli.work.matters.words import follow_token
from tests import cast as people
from tests.browser import DESK, PHONE, barriers, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAID = "判决要由法院执行，街道没有这个权。请到法院申请强制执行。"


def really(act: Callable[[Make], Any]) -> Any:
    """Done on a connection of its own, so that the city on the air sees it."""
    with ThreadPoolExecutor(1) as pool:

        def go() -> Any:
            try:
                return act(Make(people.find()))
            finally:
                connection.close()

        return pool.submit(go).result()


def drawn(make: Make) -> None:
    """It is the first of the next month, and there is an overseer."""
    make.overseer()
    service.draw(clock.today().replace(day=1), by=Actor.system("timers"))


def link_of(matter: Matter) -> str:
    return f"/m/{matter.number}/{follow_token(matter.number)}/"


def shot(page: Page, name: str) -> None:
    """For whoever looks at the pages while they are made: LINLI_LOOK names a folder."""
    folder = os.environ.get("LINLI_LOOK")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_an_exclusion_with_a_second_person_and_a_second_look(db, device):
    raised = really(
        lambda make: make.raised(text="法院判了，对方还是不给钱", visibility="pseudonym", phone="13812345678")
    )
    zhao = device(PHONE, scale=2)
    zhao.goto(link_of(raised))
    zhao.get_by_role("button", name="催一催").click()
    expect(zhao.locator("body")).to_contain_text("已转告柳林街道综治中心经办的人和负责人")
    shot(zhao, "urged")

    li = sign_in(device(DESK), "li")
    li.goto("/desk/")
    expect(li.locator(f"[data-map-row='{raised.number}']")).to_contain_text("催办 1 次")
    shot(li, "queue")
    li.goto(f"/matters/{raised.number}/")
    li.get_by_text("不归这里办，提出不予受理……").click()
    li.get_by_label("哪一种情形").select_option("litigation")
    li.get_by_label("给居民的话").fill(SAID)
    shot(li, "propose")
    li.get_by_role("button", name="提出不予受理").click()
    expect(li.locator("body")).to_contain_text("等柳林街道综治中心的另一个人确认")
    expect(li.get_by_role("button", name="确认不予受理")).to_have_count(0)
    zhao.goto(link_of(raised))
    expect(zhao.locator("main")).to_contain_text("等另一个人")
    expect(zhao.locator("main")).not_to_contain_text("人民法院诉讼服务中心")

    ma = sign_in(device(DESK), "ma")
    ma.goto(f"/matters/{raised.number}/")
    shot(ma, "confirm")
    ma.get_by_role("button", name="确认不予受理").click()
    expect(ma.locator("body")).to_contain_text("已确认不予受理")

    zhao.goto(link_of(raised))
    expect(zhao.locator(".status").first).to_have_text("不归这里办")
    for said in ("应当诉讼", SAID, "人民法院诉讼服务中心", "12368"):
        expect(zhao.locator("main")).to_contain_text(said)
    assert barriers(zhao) == []
    shot(zhao, "excluded")
    zhao.get_by_label("哪里没有看对").fill("对方是街道招来的施工队")
    zhao.get_by_role("button", name="请再看一次").click()
    expect(zhao.locator("body")).to_contain_text("已经请上一级、没有经手的人再看一次")
    expect(zhao.get_by_role("button", name="请再看一次")).to_have_count(0)

    jiang = sign_in(device(DESK), "jiang")
    jiang.goto("/desk/")
    jiang.locator(f"[data-map-row='{raised.number}'] [data-open]").click()
    expect(jiang.locator("main")).to_contain_text("对方是街道招来的施工队")
    shot(jiang, "second-look")
    jiang.get_by_role("radio", name="该受理，撤销").check()
    jiang.get_by_label("理由", exact=True).fill("街道招的施工队，街道应当督促，撤销。")
    jiang.get_by_role("button", name="作出复核").click()
    expect(jiang.locator("body")).to_contain_text("复核的结论和理由已告诉居民")
    zhao.goto(link_of(raised))
    expect(zhao.locator("main")).to_contain_text("街道招的施工队，街道应当督促，撤销。")
    expect(zhao.locator(".status").first).to_have_text("正在安排")
    shot(zhao, "overturned")

    really(drawn)
    tang = sign_in(device(DESK), "tang")
    tang.goto("/matters/exclusions/")
    expect(tang.locator("main")).to_contain_text("等监督员看")
    shot(tang, "sample")
    tang.get_by_role("link", name="法院判了").click()
    tang.get_by_role("radio", name="不对，该受理").check()
    tang.get_by_label("理由", exact=True).fill("同意复核：街道有督促的责任。")
    shot(tang, "found")
    tang.get_by_role("button", name="记下结论").click()
    expect(tang.locator("body")).to_contain_text("抽查的结论已记下")
    tang.goto("/matters/exclusions/")
    expect(tang.locator("main")).to_contain_text("共 1 件")

    matter, exclusion = Matter.objects.get(pk=raised.pk), Exclusion.objects.get(matter=raised)
    assert (matter.state, matter.urged) == (State.TRIAGE, 1)
    assert (exclusion.proposer.username, exclusion.decider.username) == ("li", "ma")
    entries = Entry.objects.filter(subject=matter.subject).exclude(move="").order_by("seq")
    assert list(dict.fromkeys(entries.values_list("move", flat=True)))[-7:] == [
        "urge", "propose_exclusion", "exclude", "ask_second_look", "overturn_exclusion", "sample", "find_wrong_late",
    ]  # fmt: skip
    assert list(verification.findings()) == []


def test_a_handler_writes_down_the_first_contact(db, device):
    matter = really(lambda make: make.handling(visibility="pseudonym", phone="13812345678"))
    zhao = device(PHONE, scale=2)
    zhao.goto(link_of(matter))
    expect(zhao.locator("main")).to_contain_text("联系您")
    shot(zhao, "to-be-contacted")
    wu = sign_in(device(PHONE), "wu")
    wu.goto(f"/matters/{matter.number}/")
    assert barriers(wu) == []
    shot(wu, "contact")
    wu.get_by_role("radio", name="没有人接").check()
    wu.get_by_role("button", name="记下联系").click()
    expect(wu.locator("body")).to_contain_text("没有联系上")
    wu.get_by_role("radio", name="在页面上留言").check()
    wu.get_by_label("说了什么").fill("下午去看，请留意电话。")
    wu.get_by_role("button", name="记下联系").click()
    expect(wu.locator("body")).to_contain_text("已记下，居民看得到")
    zhao.goto(link_of(matter))
    for said in ("打电话没有打通", "下午去看，请留意电话。"):
        expect(zhao.locator("main")).to_contain_text(said)
    shot(zhao, "contacted")

"""A matter's harder road, in a real browser: an extension, a carry, a 督办, a call, and a rating appealed."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.work.matters import service
from linli.work.matters.models import Matter
from linli.work.matters.words import follow_token
from tests import cast as people
from tests.browser import DESK, PHONE, barriers, picture, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def link(matter: Matter) -> str:
    """The resident's own page."""
    return f"/m/{matter.number}/{follow_token(matter.number)}/"


@pytest.fixture(scope="module")
def known(served_city: str, django_db_blocker: Any) -> dict[str, Matter]:
    """What the walks begin with, really committed."""
    with django_db_blocker.unblock():
        make = Make(people.find())
        again = service.reopen(make.verified(text="四号楼前的路灯忽明忽暗"), why="还不亮", by=Actor.resident())
        return {
            "handling": make.handling(text="小区北门的路灯杆歪了，怕要倒"),
            "silent": make.silent(text="二号楼前的路灯灭了"),
            "again": service.answer(again, outcome=make.outcome, reply="又修了一次", by=make.cast.actor("wu")),
        }


def test_an_extension_a_carry_a_supervision(db: None, device: Any, known: dict[str, Matter]) -> None:
    matter = known["handling"]
    where = f"/matters/{matter.number}/"

    wu = sign_in(device(PHONE), "wu")
    wu.goto(where)
    wu.get_by_text("来不及，申请延期……").click()
    wu.get_by_label("延几个工作日").fill("3")
    wu.locator("#extend-why").fill("新灯杆后天运到")
    wu.get_by_role("button", name="申请延期").click()
    expect(wu.locator("body")).to_contain_text("申请延期 3 个工作日")

    feng = sign_in(device(DESK), "feng")
    feng.goto(where)
    feng.get_by_role("button", name="同意延期", exact=True).click()
    expect(feng.locator("body")).to_contain_text("已同意延期")
    feng.get_by_text("现在办不了，挂账……").click()
    feng.locator("#carry-reason").get_by_role("radio").first.check()
    feng.locator("#carry-why").fill("灯杆要等厂家，路面先围起来")
    feng.locator("#carry-on").fill((clock.today() + timedelta(days=20)).isoformat())
    feng.get_by_role("button", name="挂账", exact=True).click()
    expect(feng.locator("body")).to_contain_text("已挂账")

    zheng = sign_in(device(DESK), "zheng")
    zheng.goto(where)
    zheng.get_by_text("督办……").click()
    zheng.get_by_role("radio", name="黄牌").check()
    zheng.locator("#press-reason").fill("灯杆会砸到人，二十天太久")
    zheng.get_by_role("button", name="发出督办").click()
    expect(zheng.locator("body")).to_contain_text("跳过了中间的等级，请写明为什么")
    expect(zheng.locator("#press-reason")).to_have_value("灯杆会砸到人，二十天太久")
    zheng.locator("#press-skip").fill("有危险，等不得")
    zheng.get_by_role("button", name="发出督办").click()
    expect(zheng.locator("body")).to_contain_text("督办：黄牌")
    zheng.goto(where)
    picture(zheng, "pressed")
    assert barriers(zheng) == []
    zheng.goto("/desk/?view=pressed")
    expect(zheng.locator("#list")).to_contain_text(matter.number)
    assert barriers(zheng) == []

    resident = device(PHONE)
    resident.goto(link(matter))
    for words in ("同意延期", "现在办不了", "上级已督办，亮了黄牌", "灯杆要等厂家，路面先围起来"):
        expect(resident.locator("main")).to_contain_text(words)
    expect(resident.locator("main")).not_to_contain_text("二十天太久")
    assert barriers(resident) == []

    wu.goto(where)
    wu.locator("#respond-said").fill("今天先围挡，后天上午换杆")
    wu.get_by_role("button", name="发出回复").click()
    expect(wu.locator("body")).to_contain_text("已回复")
    assert barriers(wu) == []
    feng.goto(where)
    feng.locator("#take-back-why").fill("厂家提前到货")
    feng.get_by_role("button", name="重新办理").click()
    expect(feng.locator("body")).to_contain_text("已重新办理")
    wu.goto(where)
    wu.locator("#answer-outcome").select_option("solved")
    wu.locator("#answer-reply").fill("灯杆换好了，今晚亮。")
    wu.get_by_role("button", name="答复", exact=True).click()
    expect(wu.locator("body")).to_contain_text("已答复")
    wang = sign_in(device(PHONE), "wang")
    wang.goto(where)
    wang.get_by_role("button", name="核实通过").click()
    expect(wang.locator("body")).to_contain_text("已请居民评价")
    zheng.goto("/desk/?view=pressed")
    expect(zheng.locator("main")).not_to_contain_text(matter.number)


def test_a_call_and_an_appeal(db: None, device: Any, known: dict[str, Matter]) -> None:
    matter = known["silent"]
    li = sign_in(device(DESK), "li")
    li.goto("/matters/visits/")
    assert barriers(li) == []
    li.get_by_role("link", name=matter.title).click()
    li.get_by_role("button", name="记下“回访”并看号码").click()
    expect(li.locator("main")).to_contain_text("13812345678")
    assert barriers(li) == []
    picture(li, "visit", whole=True)
    li.get_by_role("radio", name="接通了，问了").check()
    li.get_by_role("radio", name="联系过").check()
    li.get_by_role("radio", name="解决了", exact=True).check()
    li.get_by_role("radio", name="非常不满意").check()
    li.get_by_role("button", name="记下这次回访").click()
    expect(li.locator("body")).to_contain_text("已记下居民的评价")

    where = f"/matters/{matter.number}/"
    wu = sign_in(device(PHONE), "wu")
    wu.goto(where)
    wu.get_by_text("这次评价不该算，申诉……").click()
    wu.get_by_role("radio", name="客观上办不到").check()
    wu.locator("#appeal-note").fill("灯具停产，要整条街一起换，已当面说明")
    wu.get_by_role("button", name="提出申诉").click()
    expect(wu.locator("body")).to_contain_text("已提出申诉")
    assert barriers(wu) == []
    jiang = sign_in(device(PHONE), "jiang")
    jiang.goto("/matters/appeals/")
    assert barriers(jiang) == []
    jiang.get_by_role("link", name=matter.title).click()
    jiang.get_by_role("radio", name="成立，不计入统计", exact=True).check()
    jiang.locator("#appeal-decide-note").fill("停产属实，整条街的更换已排进明年")
    jiang.get_by_role("button", name="审定").click()
    expect(jiang.locator("body")).to_contain_text("成立：不计入统计，评价照样留着")
    jiang.goto("/matters/appeals/")
    expect(jiang.locator("main")).to_contain_text("江调度")
    picture(jiang, "appeals", whole=True)
    resident = device(PHONE)
    resident.goto(link(matter))
    expect(resident.locator("main")).to_contain_text("您的评价照样留着，只是不计入统计")
    expect(resident.locator("main")).to_contain_text("停产属实，整条街的更换已排进明年")
    assert barriers(resident) == []


def test_still_not_solved_goes_up_where_everybody_sees_it(db: None, device: Any, known: dict[str, Matter]) -> None:
    matter = known["again"]
    resident = device(PHONE)
    resident.goto(link(matter))
    resident.get_by_role("link", name="没解决").click()
    resident.get_by_label("哪里没有解决").fill("还是忽明忽暗")
    resident.get_by_role("button", name="请重新办").click()
    expect(resident.locator("main")).to_contain_text("您说还没解决，报到县区一级接着办")
    jiang = sign_in(device(DESK), "jiang")
    jiang.goto("/desk/?view=triage")
    expect(jiang.locator("#list")).to_contain_text(matter.number)

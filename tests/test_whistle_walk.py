"""吹哨 in a real browser: two departments called to the street, one in time, one late, and the county told of the silence."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.kernel import clock
from linli.mechanisms.flow import timers
from linli.mechanisms.journal import verification
from linli.mechanisms.journal.testing import deliver
from linli.work.matters.models import Matter
from linli.work.whistles.flow import State
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.tests.conftest import District
from tests import cast as people
from tests.browser import DESK, PHONE, barriers, picture, sign_in
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LATE = re.compile("晚到1[5-9]分钟")
WHAT = "沿街商铺起火，烟往楼上走。请交警封路，消防带水带和破拆工具来。"


@pytest.fixture
def fire(served_city: str, transactional_db: None) -> Matter:
    """赵阿姨 says that it burns; the township has it, and two bodies of the district can be called."""
    cast = people.find()
    District(cast)
    return Make(cast).matter(text="三号楼下的铺子着火了，烟往楼上走")  # Urgent: the township has it at once.


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """later(12): the city's clock is twelve minutes ahead of the machine's, for the server as for the timers."""
    real = clock.now

    def move(minutes: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=minutes))
        timers.run_once()
        deliver()

    return move


def test_two_are_called_one_comes_in_time_one_late_and_each_judges_the_other(
    fire: Matter, later: Callable[[int], None], device: Any
):
    li = sign_in(device(DESK), "li")
    where = sound(li, fire)
    deliver()
    whistle = Whistle.objects.get()

    # In the street: 鲁交警 is told, says 收到, and is there. Two taps.
    lu = sign_in(device(PHONE), "lu")
    lu.goto("/notices/")
    lu.get_by_role("link", name=whistle.number).first.click()
    expect(lu.get_by_role("button", name="收到", exact=True)).to_be_in_viewport(ratio=1)
    expect(lu.get_by_role("button", name="到了", exact=True)).to_be_in_viewport(ratio=1)
    assert barriers(lu) == []
    picture(lu, "whistle-phone")
    lu.get_by_role("button", name="收到", exact=True).click()
    expect(lu.locator("#work")).to_contain_text("已收到，还没到")
    lu.get_by_role("button", name="到了", exact=True).click()
    expect(lu.locator("#work")).to_contain_text("按时到场")

    # 消防 says nothing for ten minutes: the county's dispatcher is told, once.
    later(12)
    jiang = sign_in(device(DESK), "jiang")
    jiang.goto("/notices/")
    assert barriers(jiang) == []
    jiang.get_by_role("link", name=whistle.number).first.click()
    expect(jiang.locator("main")).to_contain_text("已报县区")
    expect(jiang.locator("main")).to_contain_text("没有回应")
    assert barriers(jiang) == []
    picture(jiang, "whistle-silent")
    jiang.goto("/whistles/")
    expect(jiang.locator("main")).to_contain_text("没有回应")
    assert barriers(jiang) == []
    later(13)
    assert Summons.objects.filter(whistle=whistle, escalated_at__isnull=False).count() == 1

    # It comes a quarter of an hour after its time, and says why.
    later(45)
    huo = sign_in(device(PHONE), "huo")
    huo.goto(where)
    huo.get_by_text("去不了，说明原因……").click()
    huo.locator("#explain-reason").get_by_role("radio").first.check()
    huo.locator("#explain-said").fill("车堵在桥上")
    huo.get_by_role("button", name="说明原因").click()
    expect(huo.locator("#work")).to_contain_text("车堵在桥上")
    huo.get_by_role("button", name="到了", exact=True).click()
    expect(huo.locator("#work")).to_contain_text(LATE)
    huo.locator("#report-action").fill("明火已灭，二楼破拆一扇窗")
    huo.get_by_role("button", name="报告", exact=True).click()
    expect(huo.locator("#work")).to_contain_text("二楼破拆一扇窗")
    assert barriers(huo) == []

    conclude(li, where)
    rate(li, lu, huo, where)
    whistle.refresh_from_db()
    assert whistle.state == State.RATED
    for page in (li, huo):
        page.goto(where)
        expect(page.locator("main")).to_contain_text(LATE)
        expect(page.locator("main")).to_contain_text("镇街评这个单位：3分")
        assert barriers(page) == []

    # The same figures for the street and for who was late; nobody is ranked.
    for page in (li, huo):
        page.goto("/whistles/statistics/")
        month = page.get_by_role("table", name="近十二个月").get_by_role("row").nth(1)
        expect(month).to_contain_text(f"{whistle.sounded_at.astimezone(clock.CITY):%Y-%m}")
        assert barriers(page) == []
    picture(li, "whistle-figures")
    assert list(verification.findings()) == []


def sound(li: Page, fire: Matter) -> str:
    """李调度 blows it from the matter's page to both; where the whistle stands."""
    li.goto(f"/matters/{fire.number}/")
    li.get_by_role("link", name="吹哨叫部门到场……").click()
    expect(li.locator("#where")).to_have_value(str(fire.community_id))
    assert barriers(li) == []
    li.get_by_label("具体地点").fill("槐花小区三号楼东头")
    li.get_by_role("radio", name="应急处置").check()
    li.get_by_label("什么事").fill(WHAT)
    for name in ("柳河区交警大队", "柳河区消防救援大队"):
        li.get_by_role("checkbox", name=name).check()
    li.locator("form[method=post]").get_by_role("button", name="吹哨", exact=True).click()
    expect(li.locator("body")).to_contain_text("哨已吹响")
    expect(li.locator("main")).to_contain_text(fire.number)
    assert barriers(li) == []
    return li.url


def conclude(li: Page, where: str) -> None:
    """With both on the spot it is agreed who does what, and then what came of it."""
    li.goto(where)
    li.locator("#agree-plan").fill("消防清点火场，交警封路到十点")
    li.get_by_role("button", name="记下办法").click()
    expect(li.locator("#work")).to_contain_text("已议定")
    li.locator("#conclude-conclusion").fill("火已灭，没有人受伤，路已通")
    li.get_by_label("给柳河区交警大队的一句").fill("封路及时")
    li.get_by_label("给柳河区消防救援大队的一句").fill("来得晚，处置得好")
    li.get_by_role("button", name="办结").click()
    expect(li.locator("#work")).to_contain_text("已办结待互评")


def rate(li: Page, lu: Page, huo: Page, where: str) -> None:
    """The street judges each body; each body judges the whistle."""
    for name, score in (("柳河区交警大队", "5 很好"), ("柳河区消防救援大队", "3")):
        li.get_by_role("radiogroup", name=name).or_(li.get_by_role("group", name=name)).get_by_role(
            "radio", name=score, exact=True
        ).check()
    li.get_by_role("button", name="就这样评").click()
    expect(li.locator("#work")).to_contain_text("镇街评这个单位：5分")
    for page in (lu, huo):
        page.goto(where)
        page.get_by_role("radio", name="该吹", exact=True).check()
        page.get_by_role("button", name="评这一哨").click()
        expect(page.get_by_role("button", name="评这一哨")).to_have_count(0)

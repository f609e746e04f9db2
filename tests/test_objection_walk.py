"""职责异议 in a real browser: a ruling that moves a matter, is final, is cited, and teaches the next proposal."""

from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linli.mechanisms.access.models import Appointment, Body, BodyKind, Person, Post
from linli.mechanisms.journal import verification
from linli.mechanisms.journal.testing import deliver
from linli.mechanisms.territory.models import Area
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.words import follow_token
from tests import cast as people
from tests import place
from tests.browser import DESK, PHONE, barriers, picture, sign_in
from tests.cast import PASSWORD
from tests.make import Make

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOT_OURS = "这条路是县道，养护归区交通局，不归街道"
RULED = "县道由区交通局养护，改由其办理"


@pytest.fixture
def lamp(served_city: str, transactional_db: None) -> Matter:
    """Assigned to 城管办 as the list says; and 交通局 of the county has a handler, 高交通."""
    cast = people.find()
    county = Area.objects.get(code=place.COUNTY)
    roads = Body.objects.create(
        name="柳河区交通运输局", short_name="区交通局", kind=BodyKind.GOVERNMENT, functions=["transport"], area=county,
        level=2, phone="0543-0000207",
    )  # fmt: skip
    gao = Person.objects.create_user("gao", PASSWORD, name="高交通")
    post = Post.objects.create(kind="department_handler", body=roads, area=county, title="承办人")
    Appointment.objects.create(person=gao, post=post, from_on=date(2026, 1, 1))
    return Make(cast).assigned(text="县道边的路灯坏了三天，晚上看不见路", visibility="pseudonym", phone="13812345678")


def test_an_objection_is_ruled_once_cited_and_teaches_and_no_second_is_heard(lamp: Matter, device: Any) -> None:
    where = f"/matters/{lamp.number}/"
    ruling = f"{lamp.number}-裁1"

    # 吴城管, in the street, says whose it is. His clock stands still.
    wu = sign_in(device(PHONE), "wu")
    wu.goto(where)
    object_to(wu, believed="柳河区交通运输局", note=NOT_OURS)
    expect(wu.locator("body")).to_contain_text("裁定前办理期限停着不走")
    assert barriers(wu) == []
    deliver()

    # The level above decides; both sides' words are before 江调度.
    jiang = sign_in(device(DESK), "jiang")
    jiang.goto("/notices/")
    jiang.get_by_role("link", name=lamp.number).first.click()
    for said in ("柳林街道城管办", "柳河区交通运输局", NOT_OURS):
        expect(jiang.locator(".act")).to_contain_text(said)
    assert barriers(jiang) == []
    picture(jiang, "objection")
    jiang.get_by_role("radio", name="异议成立").check()
    expect(jiang.locator("#rule-to")).to_have_value(str(Body.objects.get(short_name="区交通局").pk))
    jiang.locator("#rule-note").fill(RULED)
    jiang.get_by_role("button", name="作出裁定").click()
    expect(jiang.locator("body")).to_contain_text("已裁定，由区交通局负责")
    expect(jiang.locator("main")).to_contain_text(ruling)
    expect(jiang.locator("main")).to_contain_text("退单 1 次")
    deliver()

    # Who objected reads how it was ruled, though the matter is another's now.
    wu.goto("/notices/")
    wu.get_by_role("link", name=lamp.number).first.click()
    expect(wu.locator("main")).to_contain_text(ruling)
    expect(wu.locator("main")).to_contain_text(RULED)
    assert barriers(wu) == []

    # Who has it now reads the ruling where the objection would be made; what is sent nevertheless is refused, with why.
    gao = sign_in(device(PHONE), "gao")
    gao.goto(where)
    expect(gao.locator("main")).to_contain_text(ruling)
    expect(gao.locator("main")).to_contain_text("不能再退")
    expect(gao.get_by_text("不该我们办……")).to_have_count(0)
    assert barriers(gao) == []
    answer = sent_by_hand(gao, where)
    assert answer["status"] == 409
    assert f"这一件的职责已经裁定，由区交通局办理（裁定号 {ruling}），不能再退。" in answer["text"]
    gao.get_by_role("button", name="受理", exact=True).click()
    expect(gao.locator("body")).to_contain_text("已受理")

    # The resident reads who does it now.
    resident = device(PHONE)
    resident.goto(f"/m/{lamp.number}/{follow_token(lamp.number)}/")
    expect(resident.locator("main")).to_contain_text("柳河区交通运输局")
    expect(resident.locator("main")).not_to_contain_text(NOT_OURS)
    assert barriers(resident) == []

    # The next like sentence is proposed to whoever the ruling named, and says why.
    following = Make(people.find()).raised(text="县道边又一盏路灯坏了，晚上看不见路")
    li = sign_in(device(DESK), "li")
    li.goto(f"/matters/{following.number}/")
    expect(li.locator("main")).to_contain_text("区交通局 主办")
    expect(li.locator("main")).to_contain_text(f"照裁定 {ruling}")
    assert barriers(li) == []
    picture(li, "taught")

    lamp.refresh_from_db()
    assert (lamp.state, lamp.handler.short_name) == (State.HANDLING, "区交通局")
    assert lamp.objections.count() == 1
    assert list(verification.findings()) == []


def object_to(page: Page, *, believed: str, note: str) -> None:
    """By the form on the matter's page."""
    page.get_by_text("不该我们办……").click()
    page.locator("#object-reason").get_by_role("radio", name="不属本单位职责").check()
    page.locator("#object-believed").select_option(label=believed)
    page.locator("#object-note").fill(note)
    page.get_by_role("button", name="提出异议").click()


def sent_by_hand(page: Page, where: str) -> dict[str, Any]:
    """What an old tab would send: the form of an objection that the page no longer offers."""
    form = {
        "csrfmiddlewaretoken": page.locator("main input[name=csrfmiddlewaretoken]").first.input_value(),
        "reason": "not-our-duty", "believed": str(Body.objects.get(short_name="柳林街道城管办").pk), "note": "还是街道的",
    }  # fmt: skip
    answer = page.request.post(f"{where}object/", form=form, headers={"Referer": page.url})
    return {"status": answer.status, "text": answer.text()}

"""并案和分办以后 — each reporter goes on by their own link, sees each step, is asked themselves, and reads nobody else's words."""

from typing import Any

import pytest

from linli.mechanisms.access import Actor
from linli.mechanisms.journal.testing import deliver
from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter
from linli.work.matters.service import Wanted

pytestmark = pytest.mark.django_db
SECRET = "我家三号楼二单元，孩子怕黑"


@pytest.fixture
def pair(make: Any, cast: Any) -> tuple[Matter, Matter]:
    """A main matter 吴城管 works on, and one merged into it."""
    main = make.handling(visibility="named", name="钱大妈", phone="13800000009", public=True)
    other = make.raised(text="北门的路灯三天不亮了", public=True)
    service.merge([other], into=main, by=cast.actor("li"))
    return Matter.objects.get(pk=main.pk), Matter.objects.get(pk=other.pk)


def test_a_merged_ones_reporter_sees_each_step_of_the_main_one(client: Any, pair: Any, link: Any, make: Any, cast: Any):
    main, other = pair
    page = client.get(link(other)).content.decode()
    assert "并在一起办" in page
    assert main.number in page
    assert "柳林街道城市管理办公室" in page
    assert "解决了吗" not in page
    service.ask_extension(main, days=3, why="灯头要从外地发来", by=cast.actor("wu"))
    service.extend(main, by=cast.actor("feng"))
    service.answer(main, outcome=make.outcome, reply="两盏都换好了。", by=cast.actor("wu"))
    page = client.get(link(other)).content.decode()
    for told in ("承办单位申请延期 3 个工作日", "灯头要从外地发来", "同意延期", "答复您", "两盏都换好了。", "解决了吗"):
        assert told in page, told


def test_nobody_reads_what_another_reporter_said_or_who_they_are(client: Any, pair: Any, link: Any, cast: Any):
    main, other = pair
    service.add(main, said=SECRET, by=Actor.resident())
    service.reveal(main, purpose="电话核实", by=cast.actor("wu"))
    page = client.get(link(other)).content.decode()
    assert SECRET not in page
    assert "另一位反映人补充了" in page
    assert "钱大妈" not in page
    assert "查看了您的联系方式" not in page
    service.add(other, said="北门那盏最暗", by=Actor.resident())
    assert "北门那盏最暗" not in client.get(link(main)).content.decode()
    assert "北门那盏最暗" in client.get(link(other)).content.decode()


def test_each_is_asked_and_a_no_of_any_reopens(client: Any, pair: Any, link: Any, make: Any, cast: Any):
    main, other = pair
    service.answer(main, outcome=make.outcome, reply="换好了。", by=cast.actor("wu"))
    service.rate(main, satisfaction=5, by=Actor.resident())
    assert "解决了吗" in client.get(link(other)).content.decode()
    answer = client.post(link(other, "reopen/"), {"why": "北门那盏还不亮"}, follow=True)
    assert "重新办" in answer.content.decode()
    main.refresh_from_db()
    assert main.state == State.HANDLING
    page = client.get(link(main)).content.decode()
    assert "另一位反映人说没解决" in page
    assert "北门那盏还不亮" not in page
    service.answer(main, outcome=make.outcome, reply="这回都亮了。", by=cast.actor("wu"))
    page = client.post(link(other, "rate/"), {"satisfaction": "4", "comment": ""}, follow=True).content.decode()
    assert "记下了" in page
    assert "解决了吗" not in page
    twice = client.post(link(other, "rate/"), {"satisfaction": "4", "comment": ""}, follow=True).content.decode()
    assert "已经收到了" in twice
    main.refresh_from_db()
    assert main.state == State.ANSWERED


def test_taken_out_again_the_reporter_reads_why(client: Any, pair: Any, link: Any, cast: Any):
    _main, other = pair
    service.unmerge(other, why="北门那盏归供电公司", by=cast.actor("li"))
    page = client.get(link(other)).content.decode()
    assert "改为单独办" in page
    assert "北门那盏归供电公司" in page
    assert "并在一起办（主件" not in page


def test_the_old_number_leads_to_the_main_one(client: Any, pair: Any):
    main, other = pair
    answer = client.get(f"/p/{other.number}/", follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/p/{main.number}/") or main.number in answer.content.decode()
    assert other.number in answer.content.decode()
    Matter.objects.filter(pk=main.pk).update(is_public=False)
    page = client.get(f"/p/{other.number}/").content.decode()
    assert "并在一起办" in page
    assert main.title not in page


def test_saying_the_same_of_the_old_number_counts_for_the_main_one(client: Any, pair: Any):
    main, other = pair
    client.get(f"/p/{main.number}/")
    client.post(f"/p/{other.number}/support/", follow=True)
    main.refresh_from_db()
    assert main.supporters == 1


def test_of_what_was_split_each_part_is_seen_and_one_answer_comes(client: Any, make: Any, cast: Any, link: Any):
    urban = cast.bodies["liulin_urban"]
    whole = service.split(make.raised(), into=[Wanted("换灯头", urban), Wanted("修电箱门", urban)], by=cast.actor("li"))
    page = client.get(link(whole)).content.decode()
    assert "几家分头在办" in page
    assert "换灯头" in page
    assert "修电箱门" in page
    for part in whole.parts.order_by("pk"):
        service.accept(part, by=cast.actor("wu"))
        service.answer(part, outcome=make.outcome, reply=f"{part.title}好了", by=cast.actor("wu"))
        assert "解决了吗" not in client.get(link(whole)).content.decode()
        service.verify(part, by=cast.actor("wang"))
    deliver()
    page = client.get(link(whole)).content.decode()
    assert "换灯头好了" in page
    assert "修电箱门好了" in page
    assert page.count("解决了吗") >= 1


def test_a_part_has_no_page_of_its_own_for_strangers(client: Any, make: Any, cast: Any):
    urban = cast.bodies["liulin_urban"]
    whole = service.split(
        make.raised(public=True), into=[Wanted("换灯头", urban), Wanted("修电箱门", urban)], by=cast.actor("li")
    )
    assert client.get(f"/p/{whole.number}-1/").status_code == 404

"""并案、拆分、协办、清单外请示 on the pages: what is offered to whom, what is said before it is done, and that it works without a script."""

from typing import Any

import pytest

from linli.work.matters import service
from linli.work.matters.flow import State
from linli.work.matters.models import Matter

pytestmark = pytest.mark.django_db


def page(client: Any, path: str, **asked: str) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_near_ones_are_offered_with_a_box_and_the_preview_says_who_is_told(make: Any, sign_in: Any):
    main = make.handling(visibility="pseudonym", phone="13800000001")
    other = make.raised()
    li = sign_in("li")
    assert "有没有说同一件事的" in page(li, f"/matters/{main.number}/")
    listed = page(li, f"/matters/{main.number}/alike/")
    assert f'name="with" value="{other.number}"' in listed
    seen = page(li, f"/matters/{main.number}/merge/", **{"with": other.number})
    assert "2 位" in seen
    assert "其中 1 位留了联系方式" in seen
    assert Matter.objects.get(pk=other.pk).state == State.TRIAGE


def test_sent_once_more_it_is_done_and_can_be_undone(make: Any, sign_in: Any):
    main, other = make.handling(), make.raised()
    li = sign_in("li")
    form = {"with": [main.number, other.number], "into": main.number, f"version-{other.number}": other.version}
    answer = li.post(f"/matters/{main.number}/merge/", form, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/matters/{main.number}/".replace("滨", "%E6%BB%A8"))
    assert "并在这里的 1 件" in answer.content.decode()
    merged = page(li, f"/matters/{other.number}/")
    assert main.number in merged
    assert "撤回并案" in merged
    without = li.post(f"/matters/{other.number}/unmerge/", {"why": ""})
    assert without.status_code == 422
    li.post(f"/matters/{other.number}/unmerge/", {"why": "不是同一盏灯"})
    assert Matter.objects.get(pk=other.pk).state == State.TRIAGE


def test_the_main_one_may_be_chosen_and_numbers_may_be_typed(make: Any, sign_in: Any):
    one, two = make.handling(), make.raised()
    li = sign_in("li")
    seen = page(li, f"/matters/{two.number}/merge/", numbers=one.number, into=one.number)
    assert f'value="{one.number}" required checked' in seen
    li.post(f"/matters/{two.number}/merge/", {"with": [one.number, two.number], "into": one.number})
    assert Matter.objects.get(pk=two.pk).state == State.MERGED


@pytest.mark.parametrize("asked", [{}, {"numbers": "滨26-0101-9999"}, {"with": "' or 1=1"}])
def test_what_is_not_there_is_told(make: Any, sign_in: Any, asked: dict[str, str]):
    answer = sign_in("li").get(f"/matters/{make.raised().number}/merge/", asked)
    assert answer.status_code == 422
    assert "没有找到" in answer.content.decode() or "请至少勾选一件" in answer.content.decode()


def test_what_changed_meanwhile_stops_it_and_says_so(make: Any, sign_in: Any):
    main, other = make.handling(), make.raised()
    form = {"with": [other.number], "into": main.number, f"version-{other.number}": other.version - 1}
    answer = sign_in("li").post(f"/matters/{main.number}/merge/", form)
    assert answer.status_code == 409
    assert Matter.objects.get(pk=other.pk).state == State.TRIAGE


@pytest.mark.parametrize(("who", "status"), [("wu", 403), ("wang", 403), ("sun", 403), ("qian", 404)])
def test_whoever_may_not_gets_no_page(make: Any, sign_in: Any, who: str, status: int):
    number = make.handling().number
    client = sign_in(who)
    for path in ("alike/", "merge/", "split/"):
        assert client.get(f"/matters/{number}/{path}").status_code == status
    assert client.post(f"/matters/{number}/merge/", {"with": number}).status_code == status


def test_qian_reaches_no_verb_of_the_next_township(make: Any, sign_in: Any):
    merged = make.merged()
    qian = sign_in("qian")
    for verb in ("unmerge", "ask_help", "ask_approval"):
        assert qian.post(f"/matters/{merged.number}/{verb}/", {"why": "不是一件"}).status_code == 404
    assert Matter.objects.get(pk=merged.pk).state == State.MERGED


def test_whoever_has_the_main_one_reads_the_merged_ones_and_may_ring_their_reporters(
    make: Any, cast: Any, sign_in: Any
):
    main, other = (
        make.handling(),
        make.raised(text="北门的路灯三天不亮了", visibility="named", name="赵秀英", phone="13812345678"),
    )
    service.merge([other], into=main, by=cast.actor("li"))
    wu = sign_in("wu")
    seen = page(wu, f"/matters/{main.number}/")
    assert "北门的路灯三天不亮了" in seen
    assert "13812345678" not in seen
    assert f'href="/matters/{other.number}/"' not in seen
    shown = wu.post(f"/matters/{main.number}/along/{other.number}/reveal/", {"purpose": "问清哪一盏"})
    assert "13812345678" in shown.content.decode()
    wrong = wu.post(f"/matters/{main.number}/along/{make.raised().number}/reveal/", {"purpose": "问清哪一盏"})
    assert wrong.status_code == 404


def test_splitting_page_and_what_comes_back_as_typed(make: Any, cast: Any, sign_in: Any):
    matter = make.raised()
    li = sign_in("li")
    assert "分给几家办" in page(li, f"/matters/{matter.number}/split/")
    body = cast.bodies["liulin_urban"].pk
    typed = {"what_1": "换灯头", "to_1": body, "what_2": "修电箱门", "to_2": ""}
    answer = li.post(f"/matters/{matter.number}/split/", typed)
    assert answer.status_code == 422
    assert "修电箱门" in answer.content.decode()
    answer = li.post(f"/matters/{matter.number}/split/", typed | {"to_2": body}, follow=True)
    assert "分成 2 部分" in answer.content.decode()
    part = page(sign_in("wu"), f"/matters/{matter.number}-1/")
    assert "这是一件的一部分" in part
    assert matter.text in part


def test_supporting_bodies_and_off_list_orders_on_the_page(make: Any, cast: Any, sign_in: Any):
    helped = make.helped()
    zhou = sign_in("zhou")
    assert "给主办的意见" in page(zhou, f"/matters/{helped.number}/")
    zhou.post(f"/matters/{helped.number}/advise/", {"opinion": "电箱钥匙在物业"})
    assert "电箱钥匙在物业" in page(sign_in("wu"), f"/matters/{helped.number}/")
    asked = make.raised()
    li = sign_in("li")
    form = {"to": cast.bodies["huaihua"].pk, "differs": "nearer"}
    answer = li.post(f"/matters/{asked.number}/assign/", form)
    assert answer.status_code == 422
    assert "清单外请示" in answer.content.decode()
    li.post(f"/matters/{asked.number}/ask_approval/", {"to": form["to"], "why": "灯在小区里，给材料费"})
    assert "批准，派给槐花社区" not in page(sign_in("ma"), f"/matters/{asked.number}/")
    assert "清单外，拒接" in page(sign_in("zhou"), f"/matters/{asked.number}/")
    jiang = sign_in("jiang")
    assert "批准，派给槐花社区" in page(jiang, f"/matters/{asked.number}/")
    jiang.post(f"/matters/{asked.number}/approve/")
    assert Matter.objects.get(pk=asked.pk).handler_id == cast.bodies["huaihua"].pk

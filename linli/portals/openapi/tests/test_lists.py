"""The lists beside the queue: what the pages show, to who may see them, and never of the next township."""

import pytest

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.portals.openapi.tests.conftest import problem
from linli.work.matters import service
from linli.work.matters.models import Contact

pytestmark = pytest.mark.django_db
PERSON = {"visibility": "named", "name": "赵秀英", "phone": "13812345678"}


def test_whom_to_call_is_listed_with_the_last_call(caller, make):
    matter, li = make.silent(), caller("li")
    (one,) = li.get("/visits").json()["items"]
    assert (one["number"], one["tries"], one["last"]) == (matter.number, 0, None)
    assert "赵秀英" not in str(one)
    done = li.post(f"/matters/{matter.number}/visit", {"outcome": "no-answer"}, If_Match=f'"{matter.version}"')
    assert done.status_code == 200, done.content.decode()
    assert li.get("/visits").json() == {"n": 0, "items": []}
    (call,) = li.get(f"/matters/{matter.number}/supervision").json()["calls"]
    assert call["outcome"]["code"] == "no-answer"
    assert caller("qian").get("/visits").json()["items"] == []
    problem(caller("wu").get("/visits"), 403, "forbidden")


def test_a_call_without_its_answers_is_refused_with_the_pages_sentence(caller, make):
    matter = make.silent()
    told = problem(caller("li").post(f"/matters/{matter.number}/visit", {"outcome": "reached"}), 422, "refused")
    assert "第一问" in told["detail"]


def test_appeals_wait_for_the_level_above_and_leave_the_rates_when_upheld(caller, make):
    matter, jiang = make.appealed(), caller("jiang")
    (one,) = jiang.get("/appeals").json()["items"]
    assert (one["matter"], one["body"]["name"], one["upheld"]) == (matter.number, "柳林街道城管办", None)
    month = {"month": f"{clock.today():%Y-%m}"}
    assert jiang.get("/appeals/rated", month).json()["valid"] == 1
    said = {"upheld": True, "note": "厂家的说明属实"}
    assert jiang.post(f"/matters/{matter.number}/decide_appeal", said).status_code == 200
    rated = jiang.get("/appeals/rated").json()
    assert (rated["answered"], rated["valid"], rated["left_out"][0]["n"]) == (1, 0, 1)
    assert "江调度" in rated["left_out"][0]["appeals"][0]["reviewer"]
    assert jiang.get("/appeals").json()["items"] == []
    problem(jiang.post(f"/matters/{matter.number}/decide_appeal", said), 409, "not-now")
    problem(caller("wu").get("/appeals"), 403, "forbidden")


def test_a_body_appeals_once_though_the_matter_went_up_by_that_rating(caller, make, cast):
    matter = service.reopen(make.verified(), why="还不亮", by=Actor.resident())
    matter = service.answer(matter, outcome=make.outcome, reply="又去了一趟", by=cast.actor("wu"))
    matter = service.reopen(matter, why="还是不亮", by=Actor.resident())
    wu, said = caller("wu"), {"reason": "impossible", "note": "灯头要等厂家"}
    problem(wu.get(f"/matters/{matter.number}"), 404, "missing")
    (one,) = wu.get("/appeals/away").json()["items"]
    assert (one["matter"], one["open"], one["appeal"]) == (matter.number, True, None)
    done = wu.post(f"/appeals/away/{matter.number}", said)
    assert done.status_code == 200, done.content.decode()
    (one,) = wu.get("/appeals/away").json()["items"]
    assert (one["open"], one["appeal"]) == (False, done.json())
    problem(wu.post(f"/appeals/away/{matter.number}", said), 409, "not-now")
    problem(caller("zhou").post(f"/appeals/away/{matter.number}", said), 404, "missing")
    problem(caller("sun").get("/appeals/away"), 403, "forbidden")


def test_who_had_a_hand_in_it_decides_no_appeal(caller, make):
    matter = make.appealed()
    told = problem(
        caller("li").post(f"/matters/{matter.number}/decide_appeal", {"upheld": True, "note": "属实"}),
        403,
        "forbidden",
    )
    assert "上一级" in told["detail"] or "经手" in told["detail"]


def test_exclusions_of_a_month_and_its_sample(caller, make):
    matter = make.sampled()
    found = caller("jiang").get("/exclusions").json()
    assert found["total"]["confirmed"] == 1
    assert found["grounds"][0]["confirmed"] == 1
    assert [each["number"] for each in found["sampled"]] == [matter.number]
    assert found["draws"][0]["seed"]
    problem(caller("jiang").get("/exclusions", {"month": "2001-01"}), 422, "refused")
    problem(caller("jiang").get("/exclusions", {"month": "2026-13"}), 400, "malformed")
    assert caller("qian").get("/exclusions").json()["total"]["confirmed"] == 0
    problem(caller("wu").get("/exclusions"), 403, "forbidden")


def test_an_overseer_finds_over_the_api(caller, make):
    matter = make.sampled()
    make.overseer()
    tang = caller("tang")
    said = {"rightly": False, "why": "没有起诉，应当受理"}
    done = tang.post(f"/matters/{matter.number}/find", said)
    assert done.status_code == 200, done.content.decode()
    assert done.json()["state"] == "second_look"


def test_what_we_are_asked_to_support_is_listed(caller, make, cast):
    matter = service.assign(make.raised(to=4), to=cast.bodies["huaihua"], differs="nearer", by=cast.actor("zhou"))
    service.ask_help(matter, bodies=[cast.bodies["liulin_urban"]], by=cast.actor("li"))
    wu = caller("wu")
    (one,) = wu.get("/helping").json()["items"]
    assert (one["number"], one["advised_at"]) == (matter.number, None)
    assert wu.post(f"/matters/{matter.number}/advise", {"opinion": "已经送电"}).status_code == 200
    assert wu.get("/helping").json()["items"][0]["advised_at"]
    problem(caller("sun").get("/helping"), 403, "forbidden")


# --- 删除申请 ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(make):
    matter = make.closed(**PERSON)
    return service.ask_erasure(matter, scope="contact", why="不想留电话", by=Actor.resident())


def test_a_request_to_delete_is_read_granted_once_and_then_gone(caller, asked):
    jiang = caller("jiang")
    assert [each["number"] for each in jiang.get("/erasures").json()["items"]] == [asked.number]
    whole = jiang.get(f"/erasures/{asked.number}")
    assert (whole.json()["why"], whole.json()["held_back"]) == ("不想留电话", False)
    done = jiang.post(f"/erasures/{asked.number}/grant", {"said": "已删除"}, If_Match=whole["ETag"])
    assert done.status_code == 200, done.content.decode()
    assert done.json()["state"] == "granted"
    assert not Contact.objects.filter(matter=asked.matter).exists()
    assert jiang.get("/erasures").json()["items"] == []
    assert [each["number"] for each in jiang.get("/erasures", {"view": "decided"}).json()["items"]] == [asked.number]
    problem(jiang.post(f"/erasures/{asked.number}/grant"), 409, "not-now")


def test_a_request_is_refused_only_in_a_lawful_case_and_in_words(caller, asked):
    jiang = caller("jiang")
    problem(jiang.post(f"/erasures/{asked.number}/refuse", {"reason": "no-such", "said": "还在办"}), 422, "refused")
    problem(jiang.post(f"/erasures/{asked.number}/refuse", {"reason": "open", "said": ""}), 422, "refused")
    done = jiang.post(f"/erasures/{asked.number}/refuse", {"reason": "open", "said": "还要靠这个电话联系您"})
    assert done.json()["state"] == "refused"
    assert jiang.get(f"/erasures/{asked.number}").json()["reason"]["code"] == "open"
    assert Contact.objects.filter(matter=asked.matter).exists()


def test_what_is_held_back_is_not_deleted(caller, asked, cast):
    service.hold(asked.matter, reason="正在复议", by=cast.actor("jiang"))
    jiang = caller("jiang")
    assert jiang.get(f"/erasures/{asked.number}").json()["held_back"] is True
    told = problem(jiang.post(f"/erasures/{asked.number}/grant"), 409, "not-now")
    assert "暂缓" in told["detail"]


def test_requests_of_the_next_township_are_not_there(caller, asked):
    assert caller("qian").get("/erasures").json()["items"] == []
    problem(caller("qian").get(f"/erasures/{asked.number}"), 404, "missing")
    problem(caller("qian").post(f"/erasures/{asked.number}/grant"), 404, "missing")
    problem(caller("li").post(f"/erasures/{asked.number}/grant"), 403, "forbidden")
    problem(caller("wu").get("/erasures"), 403, "forbidden")

"""Whistles and tasks over the API: by the same services, refused with the same sentences."""

from datetime import timedelta

import pytest

from linli.kernel import clock
from linli.portals.openapi.operations.doings import TASK_STEPS, WHISTLE_STEPS
from linli.portals.openapi.tests.conftest import problem
from linli.work.tasks.flow import LIFE as TASKS
from linli.work.whistles.flow import LIFE as WHISTLES
from linli.work.whistles.models import Whistle

pytestmark = pytest.mark.django_db
NOT_OVER_THE_API = {
    "sound": "POST /whistles", "escalate": "a timer's", "rate_last": "rate", "judge_last": "judge",
    "give": "a leading group's decision, taken in a meeting and entered with its minutes", "remind": "a timer's", "mark_overdue": "a timer's",
}  # fmt: skip
"""Moves that are no operations of their own."""


def test_every_move_of_a_whistle_and_of_a_task_is_an_operation():
    for life, steps in ((WHISTLES, WHISTLE_STEPS), (TASKS, TASK_STEPS)):
        assert set(life.moves) - set(NOT_OVER_THE_API) == {step.name for step in steps}


@pytest.fixture
def sound(caller, cast):
    """sound() is a whistle of 柳林街道 for 城管办, over the API."""

    li = caller("li")

    def made(key="whistle-0001", **change):
        said = {"kind": "emergency", "called": [{"body": cast.bodies["liulin_urban"].pk}], "what": "树倒了压住一辆车"}
        return li.post("/whistles", said | change, key=key)

    return made


def test_a_whistle_is_lived_through(caller, cast, sound):
    done = sound()
    assert done.status_code == 201, done.content.decode()
    number, li, wu = done.json()["number"], caller("li"), caller("wu")
    body = cast.bodies["liulin_urban"].pk
    assert wu.get(f"/whistles/{number}").json()["moves"] == ["acknowledge", "arrive", "explain", "report"]
    steps = [
        (wu, "acknowledge", {}), (wu, "arrive", {}), (wu, "report", {"action": "树已锯开"}), (li, "agree", {"plan": "城管办清走树枝"}),
        (li, "conclude", {"conclusion": "路通了", "bodies": [{"body": body, "said": "处置得当"}]}),
        (li, "rate", {"scores": [{"body": body, "score": 5}]}), (wu, "judge", {"justified": True}),
    ]  # fmt: skip
    for who, verb, said in steps:
        step = who.post(f"/whistles/{number}/{verb}", said)
        assert step.status_code == 200, (verb, step.content.decode())
    whole = li.get(f"/whistles/{number}").json()
    assert (whole["state"], whole["plan"], whole["conclusion"]) == ("rated", "城管办清走树枝", "路通了")
    assert (whole["called"][0]["score"], whole["called"][0]["justified"]) == (5, True)
    assert whole["moves"] == []


def test_the_same_key_is_one_whistle(sound):
    assert sound().json() == sound().json()
    assert Whistle.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "kind", "says"),
    [
        ({"kind": "no-such"}, 422, "refused", "GET /rules"),
        ({"called": [{"body": 999999}]}, 422, "refused", "请选一个单位"),
        ({"what": ""}, 422, "refused", "什么事"),
        ({"area": "000"}, 422, "refused", "000"),
    ],
)
def test_a_whistle_that_cannot_be_is_refused_with_the_pages_sentence(sound, change, status, kind, says):
    assert says in problem(sound(**change), status, kind)["detail"]
    assert not Whistle.objects.exists()


def test_who_was_not_called_answers_for_nobody(caller, sound):
    number = sound().json()["number"]
    problem(caller("qian").post(f"/whistles/{number}/acknowledge"), 404, "missing")
    problem(caller("sun").post(f"/whistles/{number}/acknowledge"), 403, "forbidden")
    problem(caller("li").post(f"/whistles/{number}/arrive"), 403, "forbidden")
    wu = caller("wu")
    assert wu.post(f"/whistles/{number}/acknowledge").status_code == 200
    problem(wu.post(f"/whistles/{number}/acknowledge"), 409, "not-now")
    problem(wu.post(f"/whistles/{number}/explain", {"reason": "no-such", "said": "堵车"}), 422, "refused")


def test_a_community_sounds_no_whistle(caller):
    said = {"kind": "emergency", "called": [{"body": 1}], "what": "树倒了"}
    problem(caller("zhou").post("/whistles", said), 403, "forbidden")


def test_a_whistle_is_withdrawn_by_who_read_the_newest(caller, sound):
    done = sound()
    number, li = done.json()["number"], caller("li")
    caller("wu").post(f"/whistles/{number}/acknowledge")
    problem(li.post(f"/whistles/{number}/withdraw", {"reason": "树已扶正"}, If_Match=done["ETag"]), 412, "stale")
    assert li.post(f"/whistles/{number}/withdraw", {"reason": "树已扶正"}).json()["state"] == "withdrawn"


# --- 任务 --------------------------------------------------------------------------------------------------------------
def test_a_task_is_lived_through(caller, make):
    task, wu, zheng = make.task(), caller("wu"), caller("zheng")
    later = str(task.due_on + timedelta(days=7))
    mark = wu.get(f"/tasks/{task.number}")["ETag"]
    steps = [
        (wu, "take_up", {}, "doing"), (wu, "report", {"note": "谈了一半"}, "doing"), (zheng, "press", {"reason": "慢了"}, "doing"),
        (zheng, "withdraw_card", {"reason": "赶上了"}, "doing"), (wu, "ask_delay", {"until": later, "reason": "下雪"}, "doing"),
        (zheng, "grant_delay", {}, "delayed"), (wu, "finish", {"evidence": "都谈过了"}, "finished"),
        (zheng, "send_back", {"reason": "缺照片"}, "doing"), (wu, "finish", {"evidence": "照片补上了"}, "finished"), (zheng, "confirm", {}, "done"),
    ]  # fmt: skip
    for who, verb, said, state in steps:
        done = who.post(f"/tasks/{task.number}/{verb}", said, If_Match=mark)
        assert done.status_code == 200, (verb, done.content.decode())
        assert done.json()["state"] == state, verb
        mark = done["ETag"]
    assert zheng.get(f"/tasks/{task.number}").json()["due_on"] == later


def test_a_task_is_refused_as_on_its_page(caller, make):
    task = make.task("doing")
    problem(caller("wu").post(f"/tasks/{task.number}/finish", {}), 422, "refused")
    past = str(clock.today() - timedelta(days=1))
    problem(caller("wu").post(f"/tasks/{task.number}/ask_delay", {"until": past, "reason": "下雪"}), 422, "refused")
    problem(caller("wu").post(f"/tasks/{task.number}/confirm"), 403, "forbidden")
    problem(caller("qian").post(f"/tasks/{task.number}/report", {"note": "好"}), 404, "missing")
    problem(caller("wu").post(f"/tasks/{task.number}/take_up"), 409, "not-now")

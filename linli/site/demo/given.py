"""工作组的任务 — half a dozen tasks of the working groups, brought by the real services to every state they can stand in."""

from datetime import datetime, timedelta

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body, Person
from linli.mechanisms.flow import timers
from linli.work.tasks import queries, service

TASKS = (
    # The group, what is to be done, given so many days ago, due so many days from then, and how far it has come.
    ("grid", "把沿街店铺的占道经营清一遍，每周报一句进展", 20, 30, "reported"),
    ("community", "居民议事的场地每个社区落实一处", 40, 25, "late"),
    ("red-property", "三个老旧小区开一次物业管理联席会议", 25, 30, "finished"),
    ("new-employment", "在集市边上设一处骑手歇脚的地方", 30, 20, "done"),
    ("digital", "把街道还在用的纸质报表列一张清单，能算出来的停掉", 12, 20, "asked"),
    ("township-reform", "核一遍街道的职责清单，缺依据的列出来", 3, 21, "given"),
)


def tell() -> int:
    """Make them; returns how many."""
    zheng, wu = _actor("zheng"), _actor("wu")
    assert wu.body_id is not None
    owner = Body.objects.get(pk=wu.body_id)
    now = clock.now()
    with clock.at(now - timedelta(days=41)):
        meeting = service.record_meeting(
            group="community", held_on=clock.today(), title="专项工作组第三次例会（示意）", by=zheng
        )
    for group, content, ago, days, stands in TASKS:
        began = now.replace(hour=9, minute=30) - timedelta(days=ago)
        with clock.at(began):
            task = service.give(
                group=group, content=content, owner=owner, due_on=clock.today() + timedelta(days=days),
                meeting=meeting if group == meeting.group else None, by=zheng,
            )  # fmt: skip
        if stands != "given":
            _go_on(task.number, stands, began, zheng, wu)
    return len(TASKS)


def _go_on(number: str, stands: str, began: datetime, zheng: Actor, wu: Actor) -> None:
    with clock.at(began + timedelta(days=1)):
        task = service.take_up(queries.get(zheng, number), by=wu)
    with clock.at(began + timedelta(days=9)):
        task = service.report(task, note="走了一遍，问题列了单子，从东段开始办。", by=wu)
    if stands == "late":
        for days in (23, 26):  # Reminded before the day, marked after it.
            with clock.at(began + timedelta(days=days)):
                while timers.run_once():
                    pass
        with clock.at(began + timedelta(days=28)):
            task = service.press(task, reason="过了日期还差两处，请说清哪天能办完。", by=zheng)
    if stands == "asked":
        until = task.due_on + timedelta(days=10)
        with clock.at(began + timedelta(days=10)):
            service.ask_delay(task, until=until, reason="两个科室的表还没有收齐。", by=wu)
    if stands in {"finished", "done"}:
        with clock.at(began + timedelta(days=18)):
            task = service.finish(task, evidence="现场已办完，照片存在街道档案室。", by=wu)
    if stands == "done":
        with clock.at(began + timedelta(days=19)):
            service.confirm(task, by=zheng)


def _actor(username: str) -> Actor:
    person = Person.objects.get(username=username)
    appointment, lent = access.appointments_of(person)[0]
    return access.actor_for(person, appointment, on_behalf_of=lent)

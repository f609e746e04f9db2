"""吹哨和任务的每一步 — sounding, answering, coming, concluding, rating; taking up, reporting, finishing, confirming.

One line of a table each, one service function each, as with matters.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from pydantic import BaseModel

from linli.kernel.text import translatable
from linli.mechanisms.access import Actor, require
from linli.portals.openapi import reading, shapes
from linli.portals.openapi.calling import PREFIX, Answer, Version, actor_of, acts, expected
from linli.portals.openapi.models import Token
from linli.portals.openapi.operations.others import Number
from linli.work.tasks import flow as tasks_flow
from linli.work.tasks import queries as tasks
from linli.work.tasks import service as tasks_service
from linli.work.whistles import flow as whistles_flow
from linli.work.whistles import queries as whistles
from linli.work.whistles import service

if TYPE_CHECKING:
    from linli.work.tasks.models import Task
    from linli.work.whistles.models import Whistle

WHISTLES = translatable("办理吹哨")
TASKS = translatable("办理任务")


@dataclass(frozen=True)
class Step:
    """The last part of its address, what it is called, what must be said, and the service it is done by."""

    name: str
    summary: str
    shape: type[BaseModel]
    do: Callable[[Any, Any, Actor, int | None], Any]
    versioned: bool = True
    """Is an If-Match compared? Not where each body only speaks for itself."""


# --- 吹哨 --------------------------------------------------------------------------------------------------------------
@acts("/whistles", shapes.WhistleReceipt, tag=WHISTLES, summary=translatable("吹哨"), status=201)
def whistles_sound(request: HttpRequest, said: shapes.Sound) -> Answer:
    """From here each called body's time runs."""
    actor = actor_of(request)
    require(actor, "whistles.sound")
    area = reading.area_of(said.area)
    called = [service.Called(reading.one_body(each.body), each.arrive_by) for each in said.called]
    assert actor.area_id is not None  # A token acts from a post, and a post has an area.
    whistle = service.sound(
        kind=said.kind, area_id=area.id if area else actor.area_id, called=called, what=said.what, place_text=said.place_text,
        matters=" ".join(said.matters), key=_key(request), by=actor,
    )  # fmt: skip
    location = f"{PREFIX}/whistles/{whistle.number}"
    return Answer(_whistle(whistle), version=whistle.version, status=201, location=location)


def _key(request: HttpRequest) -> str:
    """The whistle's form has a key of its own; a token's are its own, whatever another token calls its."""
    token: Token = request.auth  # type: ignore[attr-defined]
    whole = f"{token.pk}\n{request.headers['Idempotency-Key']}"
    return "openapi-" + hashlib.sha256(whole.encode()).hexdigest()[:48]


def _conclude(whistle: "Whistle", said: shapes.Conclude, by: Actor, version: int | None) -> "Whistle":
    sentences = {each.body: each.said for each in said.bodies}
    return service.conclude(whistle, conclusion=said.conclusion, bodies=sentences, by=by, expected=version)


def _rate(whistle: "Whistle", said: shapes.Rate, by: Actor, version: int | None) -> "Whistle":
    scores = {each.body: each.score for each in said.scores}
    remarks = {each.body: each.remark for each in said.scores}
    return service.rate(whistle, scores=scores, remarks=remarks, by=by, expected=version)


WHISTLE_STEPS: tuple[Step, ...] = (
    Step("acknowledge", translatable("收到"), shapes.Empty, lambda w, _s, by, _v: service.acknowledge(w, by=by), versioned=False),
    Step("arrive", translatable("到了"), shapes.Empty, lambda w, _s, by, _v: service.arrive(w, by=by), versioned=False),
    Step("explain", translatable("说明没到的原因"), shapes.Explain, lambda w, s, by, _v: service.explain(w, reason=s.reason, said=s.said, by=by), versioned=False),
    Step("report", translatable("报告办理"), shapes.Report, lambda w, s, by, _v: service.report(w, action=s.action, by=by), versioned=False),
    Step("agree", translatable("议定办法"), shapes.Agree, lambda w, s, by, v: service.agree(w, plan=s.plan, by=by, expected=v)),
    Step("conclude", translatable("办结"), shapes.Conclude, _conclude),
    Step("rate", translatable("评部门"), shapes.Rate, _rate),
    Step("judge", translatable("评哨"), shapes.Judge, lambda w, s, by, _v: service.judge(w, justified=s.justified, reason=s.reason or "", said=s.said, by=by), versioned=False),
    Step("withdraw", translatable("撤回"), shapes.Reason, lambda w, s, by, v: service.withdraw(w, reason=s.reason, by=by, expected=v)),
)  # fmt: skip


def _whistle(whistle: "Whistle") -> shapes.WhistleReceipt:
    return shapes.WhistleReceipt(
        number=whistle.number, version=whistle.version, state=whistle.state, state_words=whistle.state_words
    )  # fmt: skip


def _declare_whistle(step: Step) -> None:
    def view(request: HttpRequest, number: Number, said: step.shape, mark: Version = None) -> Answer:  # type: ignore[name-defined]
        """See what it is, whether the token may at all, then do it."""
        actor = actor_of(request)
        found = whistles.get(actor, number)
        require(actor, whistles_flow.LIFE.moves[step.name].power)
        whistle = step.do(found, said, actor, expected(mark))
        return Answer(_whistle(whistle), version=whistle.version)

    view.__name__ = f"whistles_{step.name}"
    more = (404, 409, 412) if step.versioned else (404, 409)
    path = f"/whistles/{{number}}/{step.name}"
    acts(path, shapes.WhistleReceipt, tag=WHISTLES, summary=step.summary, more=more)(view)


# --- 任务 --------------------------------------------------------------------------------------------------------------
def _finish(task: "Task", said: shapes.Finish, by: Actor, version: int | None) -> "Task":
    return tasks_service.finish(task, evidence=said.evidence, evidence_url=said.evidence_url, by=by, expected=version)


TASK_STEPS: tuple[Step, ...] = (
    Step("take_up", translatable("领受"), shapes.Empty, lambda t, _s, by, v: tasks_service.take_up(t, by=by, expected=v)),
    Step("report", translatable("报进展"), shapes.Progress, lambda t, s, by, v: tasks_service.report(t, note=s.note, by=by, expected=v)),
    Step("ask_delay", translatable("申请延期"), shapes.AskDelay, lambda t, s, by, v: tasks_service.ask_delay(t, until=s.until, reason=s.reason, by=by, expected=v)),
    Step("grant_delay", translatable("同意延期"), shapes.Empty, lambda t, _s, by, v: tasks_service.grant_delay(t, by=by, expected=v)),
    Step("refuse_delay", translatable("不同意延期"), shapes.Reason, lambda t, s, by, v: tasks_service.refuse_delay(t, reason=s.reason, by=by, expected=v)),
    Step("finish", translatable("报完成"), shapes.Finish, _finish),
    Step("confirm", translatable("确认完成"), shapes.Empty, lambda t, _s, by, v: tasks_service.confirm(t, by=by, expected=v)),
    Step("send_back", translatable("退回再办"), shapes.Reason, lambda t, s, by, v: tasks_service.send_back(t, reason=s.reason, by=by, expected=v)),
    Step("cancel", translatable("取消"), shapes.Reason, lambda t, s, by, v: tasks_service.cancel(t, reason=s.reason, by=by, expected=v)),
    Step("press", translatable("督办"), shapes.Reason, lambda t, s, by, v: tasks_service.press(t, reason=s.reason, by=by, expected=v)),
    Step("withdraw_card", translatable("撤销督办"), shapes.Reason, lambda t, s, by, v: tasks_service.withdraw_card(t, reason=s.reason, by=by, expected=v)),
)  # fmt: skip


def _declare_task(step: Step) -> None:
    def view(request: HttpRequest, number: Number, said: step.shape, mark: Version = None) -> Answer:  # type: ignore[name-defined]
        """See what it is, whether the token may at all, then do it."""
        actor = actor_of(request)
        found = tasks.get(actor, number)
        require(actor, tasks_flow.LIFE.moves[step.name].power)
        task = step.do(found, said, actor, expected(mark))
        shape = shapes.TaskReceipt(
            number=task.number, version=task.version, state=task.state, state_words=task.state_words, due_on=task.due_on
        )
        return Answer(shape, version=task.version)

    view.__name__ = f"tasks_{step.name}"
    path = f"/tasks/{{number}}/{step.name}"
    acts(path, shapes.TaskReceipt, tag=TASKS, summary=step.summary, more=(404, 409, 412))(view)


for _each in WHISTLE_STEPS:
    _declare_whistle(_each)
for _each in TASK_STEPS:
    _declare_task(_each)

"""What the owner of a task does: take it up, say how far it is, ask for another day, report the finish."""

from datetime import date

from django.utils.translation import gettext as _

from linli.facts.tasks import TaskDelayAsked, TaskFinished, TaskReported, TaskTakenUp
from linli.mechanisms import flow
from linli.mechanisms.access import Actor, Refused
from linli.work.tasks import queries, words
from linli.work.tasks.flow import LIFE
from linli.work.tasks.models import Task
from linli.work.tasks.service import clockwork
from linli.work.tasks.service.giving import link, must_be_near
from linli.work.tasks.words import WordsError


def take_up(task: Task, *, by: Actor, expected: int | None = None) -> Task:
    """领受 — the owner begins."""
    with flow.step(task, LIFE.take_up, by=by, expected=expected) as (task, step):
        _must_own(task, by)
        step.record(TaskTakenUp(task.number, owner=task.owner_id))
    return task


def report(task: Task, *, note: str, by: Actor, expected: int | None = None) -> Task:
    """报进展 — one sentence, from the owner or from who helps; no form, no photo."""
    note = words.cleaned(note, missing=_("请写一句进展。"))
    with flow.act(task, LIFE.report, by=by, expected=expected) as (task, step):
        if not queries.helps(task, by):
            raise Refused(_("进展由主办或协办单位来报。"))
        task.status_note = note
        step.record(TaskReported(task.number, body=by.body_id or 0, words=words.say(task, note)))
    return task


def ask_delay(task: Task, *, until: date, reason: str, by: Actor, expected: int | None = None) -> Task:
    """申请延期 — why, and until when; the day stays until the lead of the group has granted it."""
    reason = words.cleaned(reason, missing=_("请写明为什么要延期。"))
    with flow.act(task, LIFE.ask_delay, by=by, expected=expected) as (task, step):
        _must_own(task, by)
        if until <= max(task.due_on, step.today):
            raise WordsError(_("新的日期要比现在的完成日期晚，也不能是过去的一天。"))
        must_be_near(until)
        task.delay_wanted_on = until
        said = words.say(task, reason)
        step.record(
            TaskDelayAsked(task.number, area=task.lead.area_id, due_on=task.due_on, wanted_on=until, words=said)
        )
    return task


def finish(task: Task, *, evidence: str = "", evidence_url: str = "", by: Actor, expected: int | None = None) -> Task:
    """报完成 — with a link or a sentence that shows it; somebody else confirms."""
    evidence, evidence_url = words.cleaned(evidence), link(evidence_url)
    if not evidence and not evidence_url:
        raise WordsError(_("请附上佐证：一个链接，或一句说明。"))
    with flow.step(task, LIFE.finish, by=by, expected=expected) as (task, step):
        _must_own(task, by)
        task.evidence, task.evidence_url = evidence, evidence_url
        task.finished_at, task.delay_wanted_on = step.now, None
        said = words.say(task, evidence or evidence_url)
        step.record(TaskFinished(task.number, area=task.lead.area_id, in_time=step.today <= task.due_on, words=said))
        clockwork.disarm(task)
    return task


def _must_own(task: Task, by: Actor) -> None:
    if by.body_id != task.owner_id:
        raise Refused(_("这一步由主办的“%(body)s”来做。") % {"body": task.owner.short_name})

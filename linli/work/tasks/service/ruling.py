"""What the lead of a group decides: another day or not, finished or not. Never the person who asked."""

from django.utils.translation import gettext as _

from linli.facts.tasks import TaskConfirmed, TaskDelayed, TaskDelayRefused, TaskSentBack
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow
from linli.work.tasks import queries, words
from linli.work.tasks.flow import LIFE
from linli.work.tasks.models import Card, Task
from linli.work.tasks.service import clockwork
from linli.work.tasks.service.giving import must_lead


def grant_delay(task: Task, *, by: Actor, expected: int | None = None) -> Task:
    """同意延期 — the day that was asked for holds from now on."""
    with flow.step(task, LIFE.grant_delay, by=by, expected=expected) as (task, step):
        must_lead(task, by)
        if task.delay_wanted_on is None:
            raise NotNow(_("没有待批的延期申请。"))
        task.due_on, task.delay_wanted_on = task.delay_wanted_on, None
        task.overdue = task.overdue and task.due_on < step.today
        clockwork.arm(task, now=step.now)
        step.record(TaskDelayed(task.number, owner=task.owner_id, due_on=task.due_on))
    return task


def refuse_delay(task: Task, *, reason: str, by: Actor, expected: int | None = None) -> Task:
    """不同意延期 — the day stays, and the owner reads why."""
    reason = words.cleaned(reason, missing=_("请写明为什么不同意。"))
    with flow.act(task, LIFE.refuse_delay, by=by, expected=expected) as (task, step):
        must_lead(task, by)
        if task.delay_wanted_on is None:
            raise NotNow(_("没有待批的延期申请。"))
        task.delay_wanted_on = None
        step.record(TaskDelayRefused(task.number, owner=task.owner_id, words=words.say(task, reason)))
    return task


def confirm(task: Task, *, by: Actor, expected: int | None = None) -> Task:
    """确认完成 — somebody other than who reported it has looked; every card is cleared (`domain.md` B.17)."""
    with flow.step(task, LIFE.confirm, by=by, expected=expected) as (task, step):
        must_lead(task, by)
        standing = [card.pk for card in queries.standing_cards(task)]
        Card.objects.filter(pk__in=standing).update(cleared_at=step.now)
        task.ended_at, task.grade = step.now, 0
        step.record(TaskConfirmed(task.number, owner=task.owner_id, cards_cleared=len(standing)))
    return task


def send_back(task: Task, *, reason: str, by: Actor, expected: int | None = None) -> Task:
    """退回再办 — what is missing, in a sentence; time runs again."""
    reason = words.cleaned(reason, missing=_("请写明还缺什么。"))
    with flow.step(task, LIFE.send_back, by=by, expected=expected) as (task, step):
        must_lead(task, by)
        task.finished_at = None
        clockwork.arm(task, now=step.now)
        step.record(TaskSentBack(task.number, owner=task.owner_id, words=words.say(task, reason)))
    return task

"""What time does to a task: a reminder before the date, a mark after it, each exactly once."""

from datetime import datetime

from linli.facts.tasks import TaskOverdue, TaskReminded
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import timers
from linli.work.tasks import rules
from linli.work.tasks.flow import LIFE
from linli.work.tasks.models import Task
from linli.work.tasks.rules import WorkGroups

REMIND = "tasks.remind"
OVERDUE = "tasks.overdue"
USUAL_DAYS = 3
"""For a task whose group the list has dropped since."""


def arm(task: Task, *, now: datetime) -> None:
    """Set the reminder and the mark for the day that holds; what is past already is not reminded of."""
    group = rulebook.current(WorkGroups).list.find(task.group)
    at = rules.remind_at(task.due_on, given_at=now, days=group.remind_days if group else USUAL_DAYS)
    moments = {OVERDUE: rules.ends_at(task.due_on)}
    timers.arm_all(task.subject, moments | {REMIND: at} if at > now else moments)


def disarm(task: Task) -> None:
    """The owner has done their part, or nobody need do it."""
    timers.disarm(task.subject, REMIND, OVERDUE)


@timers.timer(REMIND)
def remind(subject: str, by: Actor) -> None:
    """到期提醒 — tell the owner that the day is near."""
    task = _named(subject)
    if task.is_working:
        with flow.act(task, LIFE.remind, by=by) as (task, step):
            step.record(TaskReminded(task.number, owner=task.owner_id, due_on=task.due_on))


@timers.timer(OVERDUE)
def mark_overdue(subject: str, by: Actor) -> None:
    """逾期 — the day is over and nobody reported a finish; it is on record."""
    task = _named(subject)
    if task.is_overdue and not task.overdue:
        with flow.act(task, LIFE.mark_overdue, by=by) as (task, step):
            task.overdue = True
            step.record(TaskOverdue(task.number, owner=task.owner_id, due_on=task.due_on))


def _named(subject: str) -> Task:
    return Task.objects.get(number=subject.partition(":")[2])

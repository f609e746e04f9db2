"""What a group does: it meets, gives tasks, and calls one off."""

from collections.abc import Sequence
from datetime import date, timedelta
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.facts.tasks import MeetingRecorded, TaskCancelled, TaskGiven
from linli.kernel import clock
from linli.mechanisms import flow, journal, rulebook
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.work.tasks import queries, rules, words
from linli.work.tasks.flow import LIFE
from linli.work.tasks.models import CoOwner, Meeting, Task
from linli.work.tasks.rules import WorkGroups
from linli.work.tasks.service import clockwork
from linli.work.tasks.words import WordsError

LONGEST_TITLE = 80
LONGEST_LINK = 300
FAR = timedelta(days=3 * 366)
"""A day farther away than this is a slip of the finger."""


def record_meeting(*, group: str, held_on: date, title: str, minutes: str = "", by: Actor) -> Meeting:
    """会议 — a group met; what it decided are the tasks that name it."""
    require(by, LIFE.give.power)
    item = rulebook.current(WorkGroups).list.item(group)
    title = words.cleaned(title, missing=_("请写会议名称。"))
    if len(title) > LONGEST_TITLE:
        raise WordsError(_("写得太长了：%(n)s字，最多%(most)s字。") % {"n": len(title), "most": LONGEST_TITLE})
    if held_on > clock.today():
        raise WordsError(_("会议还没有开，开过以后再记。"))
    must_be_near(held_on)
    lead = queries.lead_of(item, by)
    with transaction.atomic():
        meeting, is_new = Meeting.objects.get_or_create(
            group=group, lead=lead, held_on=held_on, title=title, defaults={"minutes": link(minutes)}
        )
        if not is_new:
            raise WordsError(_("这次会议已经记过了。"))
        fact = MeetingRecorded(group, lead=lead.pk, held_on=held_on)
        journal.append(meeting.subject, fact, by=by.author, at=clock.now(), move="record_meeting")
    return meeting


def give(
    *,
    group: str,
    content: str,
    owner: Body,
    due_on: date,
    by: Actor,
    co_owners: Sequence[Body] = (),
    meeting: Meeting | None = None,
) -> Task:
    """布置 — make one body answerable for a task until a day, others to help.

    Villages and grids are given none: whoever wants something of them asks through the duty list (`domain.md` 11.1).
    """
    require(by, LIFE.give.power)
    groups = rulebook.current(WorkGroups)
    item = groups.list.item(group)
    content = words.cleaned(content, missing=_("请写一句做什么。"))
    if due_on < clock.today():
        raise WordsError(_("完成的日期已经过去了。"))
    must_be_near(due_on)
    helpers = [each for each in dict.fromkeys(co_owners) if each.pk != owner.pk]
    for body in (owner, *helpers):
        _may_be_given(body, by)
    if meeting is not None and meeting.group != group:
        raise WordsError(_("这次会议是别的工作组的。"))
    with transaction.atomic():
        task = Task(number=_next_number(), group=group, content=content, owner=owner, due_on=due_on, meeting=meeting)
        with flow.begin(task, LIFE.give, by=by) as (task, step):
            task.lead, task.given_at = queries.lead_of(item, by), step.now
            step.record(
                TaskGiven(
                    task.number, group=group, lead=task.lead_id, owner=owner.pk, co_owners=tuple(b.pk for b in helpers),
                    due_on=due_on, rule=groups.ref.item(group), words=words.digest(task.subject, content),
                )
            )  # fmt: skip
        CoOwner.objects.bulk_create([CoOwner(task=task, body=each) for each in helpers])
        clockwork.arm(task, now=task.given_at)
    return task


def cancel(task: Task, *, reason: str, by: Actor, expected: int | None = None) -> Task:
    """取消 — nobody need do it any more; the reason stays."""
    reason = words.cleaned(reason, missing=_("请写明为什么取消。"))
    with flow.step(task, LIFE.cancel, by=by, expected=expected) as (task, step):
        must_lead(task, by)
        task.ended_at, task.delay_wanted_on = step.now, None
        step.record(TaskCancelled(task.number, owner=task.owner_id, words=words.say(task, reason)))
        clockwork.disarm(task)
    return task


def must_lead(task: Task, by: Actor) -> None:
    """The body that leads the group, or who stands above it."""
    if not queries.leads(task, by):
        raise Refused(_("这一步由牵头的“%(body)s”或它的上级来做。") % {"body": task.lead.short_name})


def must_be_near(day: date) -> None:
    """Not in another age."""
    if abs(day - clock.today()) > FAR:
        raise WordsError(_("日期离今天超过三年，请核对。"))


def link(address: str) -> str:
    """An address somebody may click, or nothing. Raises WordsError."""
    address = words.cleaned(address)
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        holds = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        holds = False
    if not holds or len(address) > LONGEST_LINK or any(char.isspace() for char in address):
        raise WordsError(_("链接要以 http:// 或 https:// 开头。"))
    return address


def _may_be_given(body: Body, by: Actor) -> None:
    if not rules.may_own(body.level):
        raise Refused(_("任务只布置给市、县、乡镇的单位，不布置给村（社区）和网格。"))
    if not access.reaches_area(by, body.area.path) or body.valid_to is not None:
        raise Refused(_("“%(body)s”不在您的管辖范围内，不能给它布置任务。") % {"body": body.short_name})


def _next_number() -> str:
    """任26-0012: one row of numbers a year, without gaps."""
    year = f"任{clock.today():%y}-"
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('linli.tasks.number', 0))")
        db.execute(
            "SELECT COALESCE(max(substr(number, %s)::int), 0) + 1 FROM tasks_task WHERE starts_with(number, %s)",
            [len(year) + 1, year],
        )
        return f"{year}{db.fetchone()[0]:04d}"

"""督办 — pressing an owner: one grade after the other, only from the same level or above, never from the owner itself."""

from django.utils.translation import gettext as _

from linli.facts.tasks import TaskCardWithdrawn, TaskPressed
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow
from linli.work.tasks import queries, words
from linli.work.tasks.flow import LIFE
from linli.work.tasks.models import Card, Task
from linli.work.tasks.rules import Grades


def press(task: Task, *, reason: str, by: Actor, expected: int | None = None) -> Task:
    """督办 — the next grade: 提醒, 普通督办, 黄牌, 红牌 (`domain.md` B.17)."""
    reason = words.cleaned(reason, missing=_("请写明为什么督办。"))
    grades = rulebook.current(Grades)
    with flow.act(task, LIFE.press, by=by, expected=expected) as (task, step):
        _must_be_over(task, by)
        grade = grades.list.after(task.grade)
        if grade is None:
            raise NotNow(_("已经是最高一级的督办。"))
        rule = grades.ref.item(grade.code)
        Card.objects.create(
            task=task, rank=grade.rank, rule=rule, level=by.area_level, office=by.author.office, at=step.now
        )
        task.grade = grade.rank
        said = words.say(task, reason)
        step.record(
            TaskPressed(task.number, owner=task.owner_id, grade=grade.code, level=by.area_level, rule=rule, words=said)
        )
    return task


def withdraw_card(task: Task, *, reason: str, by: Actor, expected: int | None = None) -> Task:
    """撤销督办 — the last card, taken back by the level that issued it or one above, with a reason."""
    reason = words.cleaned(reason, missing=_("请写明为什么撤销。"))
    with flow.act(task, LIFE.withdraw_card, by=by, expected=expected) as (task, step):
        _must_be_over(task, by)
        cards = queries.standing_cards(task)
        if not cards:
            raise NotNow(_("现在没有督办。"))
        card = cards[-1]
        if by.area_level > card.level:
            raise Refused(_("上级发出的督办，由上级撤销。"))
        card.withdrawn_at = step.now
        card.save(update_fields=["withdrawn_at"])
        task.grade = cards[-2].rank if len(cards) > 1 else 0
        _ref, code = rulebook.RuleRef.parse(card.rule)
        step.record(TaskCardWithdrawn(task.number, owner=task.owner_id, grade=code, words=words.say(task, reason)))
    return task


def _must_be_over(task: Task, by: Actor) -> None:
    if by.body_id == task.owner_id:
        raise Refused(_("不能督办本单位；由同级的监督或上级来做。"))
    if not queries.presses(task, by):
        raise Refused(_("督办只能由“%(body)s”的同级或上级发出。") % {"body": task.owner.short_name})

"""The monthly list as a table others can open: no cell of it is ever run as a formula. And a task's journal in words."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.facts.base import Fact
from linli.facts.tasks import TaskGiven
from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import exports, logs
from linli.mechanisms.journal.models import Entry
from linli.mechanisms.territory.words import level_words
from linli.work.tasks import queries, words
from linli.work.tasks.models import Task, TaskNote
from linli.work.tasks.rules import Grades

_BEGIN_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def inert(text: str) -> str:
    """A cell a spreadsheet shows and never calculates: what begins like a formula gets an apostrophe before it."""
    folded = unicodedata.normalize("NFKC", text).lstrip(" ")  # Some read a full-width sign as the sign itself.
    return f"'{text}" if folded.startswith(_BEGIN_A_FORMULA) else text


def listing(rows: QuerySet[Task]) -> exports.Listing:
    """任务表 — tasks with who owes them and by when."""
    names = {each.code: rulebook.label(each) for each in queries.groups()}
    columns = [
        _("编号"), _("工作组"), _("做什么"), _("牵头单位"), _("主办单位"), _("哪天布置"), _("哪天完成"), _("状态"), _("督办"), _("进展"),
    ]  # fmt: skip

    def told() -> Iterator[exports.Row]:
        for each in rows.iterator(chunk_size=exports.AT_A_TIME):
            yield (
                each.number, names.get(each.group, each.group), exports.safe(each.content), each.lead.short_name,
                each.owner.short_name, each.given_at.astimezone(clock.CITY).date(), each.due_on, each.state_words,
                queries.grade_name(each.grade), exports.safe(each.status_note),
            )  # fmt: skip

    return exports.Listing("tasks", _("任务"), columns, rows[: exports.MOST_ROWS + 1].count(), told)


def standing_words(kind: str) -> str:
    """What a task counts as in a month."""
    return {"overdue": _("已逾期"), "open": _("未完成"), "done": _("已完成"), "cancelled": _("已取消")}[kind]


def monthly_csv(months: Iterable[queries.GroupMonth]) -> str:
    """台账 as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [_("工作组"), _("编号"), _("做什么"), _("主办单位"), _("哪天完成"), _("状态"), _("督办"), _("进展")]
    )
    for month in months:
        for kind, task in month.rows:
            row = [
                rulebook.label(month.group), task.number, task.content, task.owner.name, task.due_on.isoformat(),
                standing_words(kind), queries.grade_name(task.grade), task.status_note,
            ]  # fmt: skip
            writer.writerow([inert(cell) for cell in row])
    return "\ufeff" + out.getvalue()


# --- 文字日志 -------------------------------------------------------------------------------------------------------
WORDING = logs.Wording(
    facts={
        "tasks.TaskGiven": gettext_lazy("布置"),
        "tasks.TaskTakenUp": gettext_lazy("领受"),
        "tasks.TaskReported": gettext_lazy("报进展"),
        "tasks.TaskDelayAsked": gettext_lazy("申请延期"),
        "tasks.TaskDelayed": gettext_lazy("同意延期"),
        "tasks.TaskDelayRefused": gettext_lazy("不同意延期"),
        "tasks.TaskFinished": gettext_lazy("报完成"),
        "tasks.TaskConfirmed": gettext_lazy("确认完成"),
        "tasks.TaskSentBack": gettext_lazy("退回再办"),
        "tasks.TaskCancelled": gettext_lazy("取消"),
        "tasks.TaskReminded": gettext_lazy("到期提醒"),
        "tasks.TaskOverdue": gettext_lazy("逾期"),
        "tasks.TaskPressed": gettext_lazy("督办"),
        "tasks.TaskCardWithdrawn": gettext_lazy("撤销督办"),
    },
    fields={
        "number": gettext_lazy("编号"),
        "group": gettext_lazy("工作组"),
        "lead": gettext_lazy("牵头单位"),
        "owner": gettext_lazy("主办单位"),
        "co_owners": gettext_lazy("协办单位"),
        "body": gettext_lazy("哪个单位"),
        "area": gettext_lazy("哪个区域"),
        "due_on": gettext_lazy("哪天完成"),
        "wanted_on": gettext_lazy("想延到哪天"),
        "in_time": gettext_lazy("按期"),
        "cards_cleared": gettext_lazy("督办清零"),
        "grade": gettext_lazy("督办等级"),
        "level": gettext_lazy("在哪一级"),
        "rule": gettext_lazy("依据"),
        "words": gettext_lazy("原话"),
    },
    sayings={
        "group": queries.group_name,
        "grade": lambda code: next(
            (rulebook.label(each) for each in rulebook.current(Grades).list.items if each.code == code), code
        ),
        "level": level_words,
        "area": lambda pk: territory.area(pk).name,
        "cards_cleared": lambda n: _("%(n)s 张") % {"n": n},
    },
    bodies=frozenset({"lead", "owner", "co_owners", "body"}),
    machines={"timers": gettext_lazy("定时器")},
)


def log(task: Task) -> logs.Log:
    """文字日志 — what happened to a task, entry by entry; whether the words kept beside it still are what was said."""
    notes = dict(TaskNote.objects.filter(task=task).values_list("seq", "text"))

    def said(entry: Entry, fact: Fact) -> list[str]:
        return [task.content] if isinstance(fact, TaskGiven) else [notes.get(entry.seq, "")]

    return logs.read(
        task.subject, WORDING, number=task.number, said=said, digest=lambda text: words.digest(task.subject, text)
    )

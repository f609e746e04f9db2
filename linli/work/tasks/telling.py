"""The monthly list as a table others can open: no cell of it is ever run as a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access import exports
from linli.work.tasks import queries
from linli.work.tasks.models import Task

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

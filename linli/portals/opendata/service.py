"""公开一个月 — anonymise, write the file, and write down that it is out. Once."""

import gzip
import hashlib
from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from linli.engines import anonymity, sheets
from linli.facts.opendata import MonthPublished
from linli.kernel import clock
from linli.mechanisms import journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.portals.opendata import dictionary
from linli.portals.opendata.models import Publication
from linli.portals.opendata.rules import Publishing
from linli.work.matters import queues
from linli.work.matters.rules import Categories, Groups, Outcomes


class NotYetError(ValueError):
    """The month is not over, or it is out already; the sentence says which."""


def month_of(said: str) -> date | None:
    """2026-10 as its first day."""
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        return None


def after(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


@transaction.atomic
def publish(month: date, *, by: Actor) -> Publication:
    """公开 — the month of which this is the first day. Raises NotYetError; then nothing is published.

    Of two at once, the second finds what the first has made.
    """
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtext('linli.opendata'))")
    if after(month) > clock.today():
        raise NotYetError(_("%(month)s 还没有过完，过完才能公开。") % {"month": f"{month:%Y-%m}"})
    if Publication.objects.filter(month=month).exists():
        raise NotYetError(
            _("%(month)s 已经公开过；公开过的不能改，改前改后一相减，就可能认出人来。") % {"month": f"{month:%Y-%m}"}
        )
    edition = rulebook.current(Publishing)
    records = [_record(row) for row in queues.registered(month, after(month))]
    found = anonymity.generalise(records, k=edition.list.k)
    lines = sorted(_lines(found), key=lambda line: tuple(map(str, line)))  # No order of arrival is left in it.
    with override("zh-hans"):
        content = b"".join(sheets.as_csv([each.name for each in dictionary.columns()], lines))
    digest = hashlib.sha256(content).hexdigest()
    now = clock.now()
    row = Publication.objects.create(
        month=month, published_at=now, rule=str(edition.ref), k=edition.list.k, total=len(records),
        rows=len(records) - found.suppressed, suppressed=found.suppressed, steps=_steps(found),
        content=gzip.compress(content, mtime=0), size=len(content), sha256=digest,
    )  # fmt: skip
    fact = MonthPublished(month=month, rows=row.rows, suppressed=row.suppressed, k=row.k, rule=row.rule, sha256=digest)
    journal.append(f"opendata:{month:%Y-%m}", fact, by=by.author, at=now)
    return row


def publish_due() -> Publication | None:
    """上个月 — if it is over and not yet out. A month without a matter is published, too: it says none."""
    month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    if Publication.objects.filter(month=month).exists():
        return None
    return publish(month, by=Actor.system("opendata"))


def _record(row: queues.Registered) -> anonymity.Record[tuple[Any, ...]]:
    places = {5: row.grid_id, 4: row.community_id, 3: row.township_id, 2: row.county_id}
    outcome = rulebook.current(Outcomes).list.find(row.outcome)
    told = (
        row.category, row.channel, row.level, outcome.counts_as if outcome else "", _days(row),
        "" if row.answered_at is None else "yes" if row.answered_at <= row.due_at else "no", "yes" if row.reopened else "no",
    )  # fmt: skip
    day = row.registered_at.astimezone(clock.CITY).date()
    return anonymity.Record({level: place for level, place in places.items() if place is not None}, day, told)


def _days(row: queues.Registered) -> str:
    """How long the answer took, in steps that tell no date."""
    if row.answered_at is None:
        return ""
    days = (row.answered_at - row.registered_at).days
    return next((name for most, name in ((1, "0-1"), (3, "2-3"), (7, "4-7"), (15, "8-15")) if days <= most), "16+")


def _lines(found: anonymity.Result[tuple[Any, ...]]) -> list[list[Any]]:
    categories = rulebook.current(Categories).list
    groups = rulebook.current(Groups).list
    with override("zh-hans"):
        lines = []
        for cell in found.cells:
            area = territory.area(cell.place)
            where = [
                cell.begins.isoformat(),
                cell.ends.isoformat(),
                str(cell.step.period),
                area.code,
                area.full_name,
                area.level,
            ]
            for code, channel, level, outcome, days, in_time, reopened in cell.told:
                category = categories.find(code)
                group = groups.find(category.group) if category else None
                lines.append(
                    [*where, group.name if group else "", code, category.name if category else code, channel, level, outcome, days, in_time, reopened]
                )  # fmt: skip
    return lines


def _steps(found: anonymity.Result[tuple[Any, ...]]) -> list[dict[str, Any]]:
    counted: Counter[anonymity.Step] = Counter()
    for cell in found.cells:
        counted[cell.step] += len(cell.told)
    return [
        {"level": step.level, "period": str(step.period), "rows": counted[step]}
        for step in anonymity.LADDER
        if counted[step]
    ]

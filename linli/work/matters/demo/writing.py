"""Stories into the database: rows and journal entries by COPY, in one transaction."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import attrgetter

from django.db import connection, transaction

from linli.mechanisms.access.sealing import values_of
from linli.mechanisms.flow.models import Clock, Timer
from linli.mechanisms.journal import Heard
from linli.mechanisms.journal.bulk import copy_chains
from linli.mechanisms.territory.service import copy_rows
from linli.work.matters import words
from linli.work.matters.demo.stage import Story
from linli.work.matters.models import Contact, DayBase, Matter, Remark

_MATTER = tuple(f.attname for f in Matter._meta.concrete_fields)  # noqa: SLF001  Django's own name.
_CONTACT = tuple(f.attname for f in Contact._meta.concrete_fields)  # noqa: SLF001
_CLOCK = ("subject", "name", "amount", "unit", "rule", "started_at", "due_at", "provisional", "stopped_at")
_TIMER = ("subject", "kind", "due_at", "retry_at", "tries", "last_error")


def write(stories: Iterator[Story], *, each: Callable[[str, Sequence[Heard]], None] = lambda *_: None) -> int:
    """Write stories in one transaction; returns how many. `each` hears every matter's entries, to fill projections."""
    told = list(stories)
    if not told:
        return 0
    row = attrgetter(*_CLOCK)
    with transaction.atomic(), connection.cursor() as db:
        db.execute("SELECT nextval('matters_matter_id_seq') FROM generate_series(1, %s)", [len(told)])
        for story, (number,) in zip(told, db.fetchall(), strict=True):
            story.matter.pk = number
            story.matter.search = words.tokens(story.matter)
        copy_rows(Matter, _MATTER, ([getattr(s.matter, name) for name in _MATTER] for s in told))
        copy_rows(
            Contact,
            _CONTACT,
            (
                values_of(Contact(matter_id=s.matter.pk, name=s.contact[0], phone=s.contact[1]), _CONTACT)
                for s in told
                if s.contact
            ),
        )
        copy_rows(
            Remark,
            ("matter_id", "seq", "move", "text", "for_resident", "at"),
            ((s.matter.pk, *remark) for s in told for remark in s.remarks),
        )
        copy_rows(Clock, _CLOCK, (row(clock) for s in told for clock in s.clocks))
        copy_rows(Timer, _TIMER, ((s.matter.subject, kind, at, at, 0, "") for s in told for kind, at in s.timers))
        copy_chains(((s.matter.subject, s.past) for s in told), each=each)
    return len(told)


def begin_today(day: date, last: int) -> None:
    """Let the running number go on after what was written for today."""
    with connection.cursor() as db:
        db.execute("SELECT setval('matters_number', greatest(%s, 1) + (SELECT last_value FROM matters_number))", [last])
        db.execute("SELECT last_value FROM matters_number")
        value = db.fetchone()[0]
    DayBase.objects.update_or_create(day=day, defaults={"base": value - last})

"""Timers: set under the subject's lock, fired by any worker, exactly once, none behind another's failure.

Firing and the deletion of the timer are one transaction: a worker killed in between leaves the timer as it was.
Two workers never fire the same timer. A timer that fails waits longer each time, by itself: the
others are found by their own due time and do not stand behind it.
"""

import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.flow.models import Timer

log = logging.getLogger("linli.timers")

Fire = Callable[[str, Actor], None]
_KINDS: dict[str, Fire] = {}
BATCH = 100


class OvertakenMeanwhile(Exception):  # noqa: N818  Not an error: the reason to undo.
    """Somebody took the timer away or moved it while it fired; nothing of the firing is kept."""


@dataclass
class _Firing:
    """The timer that is firing, and what its own handler wants of it: to be set again, or (None) to be gone."""

    row: Timer
    again_at: datetime | None = None


_firing: ContextVar[_Firing | None] = ContextVar("linli_flow_firing", default=None)


def timer(kind: str) -> Callable[[Fire], Fire]:
    """Register what a kind of timer does: `def f(subject, by)`, where `by` is the system's actor."""

    def register(function: Fire) -> Fire:
        if kind in _KINDS and _KINDS[kind].__module__ != function.__module__:
            raise ValueError(f"two timers are called {kind}")
        _KINDS[kind] = function
        return function

    return register


def arm(subject: str, kind: str, *, at: datetime) -> None:
    """Set a timer, or move it if it is set already. One that is firing may so set itself again."""
    arm_all(subject, {kind: at})


def arm_all(subject: str, moments: Mapping[str, datetime]) -> None:
    """Set several of a subject's timers, each kind at its moment, in one statement."""
    firing = _firing.get()
    rows: list[Any] = []
    for kind, at in sorted(moments.items()):  # In one order, so that two never wait for each other.
        if firing is not None and (firing.row.subject, firing.row.kind) == (subject, kind):
            firing.again_at = at
        else:
            rows += [subject, kind, at, at]
    if not rows:
        return
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO flow_timer (subject, kind, due_at, retry_at, tries, last_error) VALUES "  # noqa: S608  Marks only.
            + ", ".join(["(%s, %s, %s, %s, 0, '')"] * (len(rows) // 4))
            + " ON CONFLICT (subject, kind) DO UPDATE SET due_at = EXCLUDED.due_at, retry_at = EXCLUDED.retry_at,"
            " tries = 0, last_error = ''",
            rows,
        )


def disarm(subject: str, *kinds: str) -> None:
    """Take timers away; all of the subject's if none is named."""
    rows = Timer.objects.filter(subject=subject)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    firing = _firing.get()
    if firing is not None and firing.row.subject == subject:
        rows = rows.exclude(pk=firing.row.pk)  # It goes when it has fired.
        if not kinds or firing.row.kind in kinds:
            firing.again_at = None
    rows.delete()


def armed(subject: str) -> dict[str, datetime]:
    """What is set for a subject, and when."""
    return dict(Timer.objects.filter(subject=subject).values_list("kind", "due_at"))


def run_once(*, limit: int = BATCH) -> int:
    """Fire what is due, oldest first. Returns how many fired or failed; 0 when nothing is due that nobody else has."""
    tried = 0
    for pk in Timer.objects.filter(retry_at__lte=clock.now()).order_by("retry_at").values_list("pk", flat=True)[:limit]:
        tried += _fire(pk)
    return tried


def _fire(pk: int) -> bool:
    """Fire one timer, unless another worker has it or it is gone.

    The lock is an advisory one, not the timer's row: a service that holds the subject and disarms the timer must not
    wait for a worker that holds the timer and waits for the subject.
    """
    with transaction.atomic():
        if not _claim(pk):
            return False
        due = Timer.objects.filter(pk=pk, retry_at__lte=clock.now()).first()
        if due is None:
            return False
        try:
            with transaction.atomic():
                _carry_out(due)
        except OvertakenMeanwhile:
            return True
        except Exception as error:
            tries = due.tries + 1
            wait = timedelta(seconds=min(15 * 2 ** min(tries, 12), 6 * 3600))
            text = f"{type(error).__name__}: {error}"[:2000]
            still = Timer.objects.filter(pk=pk, due_at=due.due_at)  # Not if somebody set it anew meanwhile.
            still.update(tries=tries, retry_at=clock.now() + wait, last_error=text)
            log.warning("timer failed", extra={"kind": due.kind, "tries": tries}, exc_info=error)
    return True


def _carry_out(due: Timer) -> None:
    firing = _Firing(due)
    token = _firing.set(firing)
    try:
        _KINDS[due.kind](due.subject, Actor.system("timers"))
    finally:
        _firing.reset(token)
    as_it_was = Timer.objects.filter(pk=due.pk, due_at=due.due_at)
    if firing.again_at is not None:
        kept = as_it_was.update(due_at=firing.again_at, retry_at=firing.again_at, tries=0, last_error="")
    else:
        kept, _ = as_it_was.delete()
    if not kept:
        raise OvertakenMeanwhile


def _claim(pk: int) -> bool:
    with connection.cursor() as db:
        db.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('linli.timer', %s))", [pk])
        return bool(db.fetchone()[0])


def overdue(now: datetime) -> int:
    """How many timers are due and have not fired, counted to a thousand."""
    return len(Timer.objects.filter(due_at__lte=now).values_list("pk")[:1000])

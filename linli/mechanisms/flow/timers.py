"""Timers: set under the subject's lock, fired by any worker, exactly once, none behind another's failure.

Firing and the deletion of the timer are one transaction: a worker killed in between leaves the timer as it was.
Two workers never fire the same timer. A timer that fails waits longer each time, by itself: the
others are found by their own due time and do not stand behind it.

What is due is fired some at a time in one transaction, because most of what a timer costs is its transaction. If
anything at all is wrong with one of them nothing of the batch is kept, and each fires by itself.
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
from linli.mechanisms.flow.steps import all_or_nothing

log = logging.getLogger("linli.timers")

Fire = Callable[[str, Actor], None]
_KINDS: dict[str, Fire] = {}
BATCH = 100
TOGETHER = 20
"""In one transaction. A person who wants one of their subjects waits for the rest of them: some 40 ms."""
PATIENCE = "200ms"
"""How long a batch waits for a subject somebody holds; less than it takes PostgreSQL to look for a ring of waiters."""


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
    rows = Timer.objects.filter(retry_at__lte=clock.now()).order_by("retry_at").values_list("pk", flat=True)
    due = list(rows[:limit])
    tried = 0
    for start in range(0, len(due), TOGETHER):
        some = due[start : start + TOGETHER]
        fired = _fire_together(some) if len(some) > 1 else None
        tried += sum(map(_fire, some)) if fired is None else fired
    return tried


def _fire_together(pks: list[int]) -> int | None:
    """Fire those of the timers nobody else has, all or none; None if nothing could be kept."""
    try:
        with transaction.atomic(), all_or_nothing():
            claimed = _claimed(pks)
            firings = [_called(each) for each in claimed]
            _settle(firings)
    except Exception as error:  # Whichever it is meets its own failure when it fires by itself.
        log.debug("a batch of timers fires one by one", exc_info=error)
        return None
    return len(claimed)


def _claimed(pks: list[int]) -> list[Timer]:
    with connection.cursor() as db:
        db.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    ours = Timer.objects.filter(pk__in=pks, retry_at__lte=clock.now()).order_by("retry_at")
    return list(ours.extra(where=["pg_try_advisory_xact_lock(hashtextextended('linli.timer', id))"]))


def _settle(firings: list[_Firing]) -> None:
    """Take the fired timers away, or set them again; not one of them may have been moved or taken meanwhile."""
    due = {each.row.pk: each.row.due_at for each in firings}
    rows = Timer.objects.select_for_update(skip_locked=True).filter(pk__in=due)
    if due != dict(rows.values_list("pk", "due_at")):
        raise OvertakenMeanwhile
    for each in firings:
        if each.again_at is not None:
            Timer.objects.filter(pk=each.row.pk).update(**_again(each.again_at))
            del due[each.row.pk]
    Timer.objects.filter(pk__in=due).delete()


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


def _called(due: Timer) -> _Firing:
    """Do what the timer is for."""
    firing = _Firing(due)
    token = _firing.set(firing)
    try:
        _KINDS[due.kind](due.subject, Actor.system("timers"))
    finally:
        _firing.reset(token)
    return firing


def _again(at: datetime) -> dict[str, Any]:
    return {"due_at": at, "retry_at": at, "tries": 0, "last_error": ""}


def _carry_out(due: Timer) -> None:
    firing = _called(due)
    as_it_was = Timer.objects.filter(pk=due.pk, due_at=due.due_at)
    if firing.again_at is not None:
        kept = as_it_was.update(**_again(firing.again_at))
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

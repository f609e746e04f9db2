"""Starting, pausing, resuming and stopping clocks. Always inside a step: under the subject's lock and in its transaction.

A due moment is a function of the calendar, the start, the limit and the pauses, and is always counted from all four:
it comes out the same whether a year was entered before, during or after a pause.
"""

from datetime import datetime
from typing import Protocol

from django.db import connection, transaction

from linli.kernel.calendar import Due, Limit, Unit, WorkingCalendar
from linli.mechanisms import rulebook
from linli.mechanisms.flow.models import Clock, Pause


class ClockError(RuntimeError):
    """A clock is paused that does not run, or resumed that is not paused: a programming error in a service."""


class Recomputed(Protocol):
    """What an app does when a running clock's due moment moved (a calendar year was entered)."""

    def __call__(self, subject: str, name: str, due: Due) -> None:
        """The clock `name` of `subject` is now due at `due`."""


_FOLLOWERS: list[Recomputed] = []


def follow(function: Recomputed) -> Recomputed:
    """Let an app hear of recomputed clocks, so that what it keeps beside (a matter's due moment) follows."""
    if function not in _FOLLOWERS:
        _FOLLOWERS.append(function)
    return function


def start(subject: str, name: str, *, limit: Limit, rule: str, at: datetime) -> Due:
    """Start a clock under a rule; the day it starts is not counted. Raises IntegrityError if it runs already."""
    due = rulebook.working_calendar().due(at, limit)
    with connection.cursor() as db:  # Not through the model: every submission and every assignment comes by here.
        db.execute(
            "INSERT INTO flow_clock (subject, name, amount, unit, rule, started_at, due_at, provisional)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [subject, name, limit.amount, limit.unit, rule, at, due.at, due.provisional],
        )
    return due


def running(subject: str, name: str) -> Clock | None:
    """The clock, if it runs or is paused."""
    return Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True).first()


def pause(subject: str, name: str, *, at: datetime) -> None:
    """The time from here on does not count against the handler; the resident still sees the total."""
    if (
        Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True, paused_at__isnull=True).update(
            paused_at=at
        )
        != 1
    ):
        raise ClockError(f"clock {name} of {subject} does not run")


def pause_all(subject: str, *, at: datetime) -> None:
    """Stop every clock of a subject that runs; what stood still already stands on."""
    Clock.objects.filter(subject=subject, stopped_at__isnull=True, paused_at__isnull=True).update(paused_at=at)


def paused_at(subject: str, at: datetime) -> list[str]:
    """The clocks of a subject that were paused at that very moment and are still."""
    rows = Clock.objects.filter(subject=subject, stopped_at__isnull=True, paused_at=at)
    return list(rows.order_by("id").values_list("name", flat=True))


def resume(subject: str, name: str, *, at: datetime) -> Due:
    """Go on: the due moment moves by what the pause took, counted in the limit's own unit."""
    clock = running(subject, name)
    if clock is None or clock.paused_at is None:
        raise ClockError(f"clock {name} of {subject} is not paused")
    Pause.objects.create(clock=clock, paused_at=clock.paused_at, resumed_at=at)
    due = counted(clock, rulebook.working_calendar())
    clock.due_at, clock.provisional, clock.paused_at = due.at, due.provisional, None
    clock.save(update_fields=["due_at", "provisional", "paused_at"])
    return due


def revive(subject: str, name: str, *, at: datetime) -> Due:
    """Go on with a clock that was stopped and should not have been: the time since then counts as a pause."""
    clock = Clock.objects.filter(subject=subject, name=name).order_by("-started_at", "-id").first()
    if clock is None or clock.stopped_at is None:
        raise ClockError(f"clock {name} of {subject} was not stopped")
    clock.paused_at, clock.stopped_at = clock.paused_at or clock.stopped_at, None
    clock.save(update_fields=["paused_at", "stopped_at"])
    return resume(subject, name, at=at)


def extend(subject: str, name: str, *, by: Limit) -> Due:
    """Give a running clock a longer limit, in its own unit; the due moment is counted anew."""
    clock = running(subject, name)
    if clock is None or clock.paused_at is not None or clock.unit != by.unit:
        raise ClockError(f"clock {name} of {subject} does not run in {by.unit}")
    clock.amount += by.amount
    due = counted(clock, rulebook.working_calendar())
    clock.due_at, clock.provisional = due.at, due.provisional
    clock.save(update_fields=["amount", "due_at", "provisional"])
    return due


def stop(subject: str, name: str, *, at: datetime) -> None:
    """The clock has done its work. Stopping one that does not run does nothing."""
    Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True).update(stopped_at=at)


def limit_of(clock: Clock) -> Limit:
    """The limit a clock was given."""
    return Limit(clock.amount, Unit(clock.unit))


def counted(clock: Clock, calendar: WorkingCalendar) -> Due:
    """When a clock is due by this calendar: its limit from its start, moved by each of its pauses in turn."""
    limit = limit_of(clock)
    due = calendar.due(clock.started_at, limit)
    for pause in clock.pauses.order_by("id"):
        moved = calendar.shifted(due.at, limit, pause.paused_at, pause.resumed_at)
        due = Due(moved.at, due.provisional or moved.provisional)
    return due


def recompute_provisional() -> int:
    """A calendar year was entered: count every running or paused provisional clock anew. Returns how many moved."""
    calendar = rulebook.working_calendar()
    waiting = (
        Clock.objects.filter(stopped_at__isnull=True, provisional=True).order_by("id").values_list("pk", flat=True)
    )
    return sum(_recount(pk, calendar) for pk in list(waiting))


def _recount(pk: int, calendar: WorkingCalendar) -> bool:
    """Count one clock anew, unless it was stopped meanwhile.

    The followers go first: they lock the subject, as a step does, and only then its clock is written. The other way
    round, a step that holds the subject and moves the clock would wait for us and we for it.
    """
    while True:
        clock = Clock.objects.filter(pk=pk, stopped_at__isnull=True, provisional=True).first()
        if clock is None:
            return False
        due = counted(clock, calendar)
        if (due.at, due.provisional) == (clock.due_at, clock.provisional):
            return False
        with transaction.atomic():
            for function in _FOLLOWERS:
                function(clock.subject, clock.name, due)
            as_read = Clock.objects.filter(
                pk=pk, stopped_at__isnull=True, due_at=clock.due_at, provisional=True, paused_at=clock.paused_at
            )
            if as_read.update(due_at=due.at, provisional=due.provisional):
                return True
            transaction.set_rollback(
                True
            )  # A step came between the reading and the lock: once more, from what it left.

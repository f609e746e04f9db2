"""Starting, pausing, resuming and stopping clocks. Always inside a step: under the subject's lock and in its transaction."""

from datetime import datetime
from typing import Protocol

from linli.kernel.calendar import Due, Limit, Unit
from linli.mechanisms import rulebook
from linli.mechanisms.flow.models import Clock


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
    Clock.objects.create(
        subject=subject, name=name, amount=limit.amount, unit=limit.unit, rule=rule,
        started_at=at, due_at=due.at, provisional=due.provisional,
    )  # fmt: skip
    return due


def running(subject: str, name: str) -> Clock | None:
    """The clock, if it runs or is paused."""
    return Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True).first()


def pause(subject: str, name: str, *, at: datetime) -> None:
    """The time from here on does not count against the handler; the resident still sees the total."""
    if Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True, paused_at__isnull=True).update(paused_at=at) != 1:
        raise ClockError(f"clock {name} of {subject} does not run")


def resume(subject: str, name: str, *, at: datetime) -> Due:
    """Go on: the due moment moves by what the pause took, counted in the limit's own unit."""
    clock = running(subject, name)
    if clock is None or clock.paused_at is None:
        raise ClockError(f"clock {name} of {subject} is not paused")
    due = rulebook.working_calendar().shifted(clock.due_at, limit_of(clock), clock.paused_at, at)
    clock.due_at, clock.paused_at = due.at, None
    clock.provisional = clock.provisional or due.provisional
    clock.save(update_fields=["due_at", "paused_at", "provisional"])
    return due


def stop(subject: str, name: str, *, at: datetime) -> None:
    """The clock has done its work. Stopping one that does not run does nothing."""
    Clock.objects.filter(subject=subject, name=name, stopped_at__isnull=True).update(stopped_at=at)


def limit_of(clock: Clock) -> Limit:
    """The limit a clock was given."""
    return Limit(clock.amount, Unit(clock.unit))


def recompute_provisional() -> int:
    """A calendar year was entered: count every running provisional clock anew. Returns how many moved.

    A clock that was paused before is counted from its start; what its pause took is kept as the distance between
    the old count and the old due moment.
    """
    calendar = rulebook.working_calendar()
    moved = 0
    for clock in Clock.objects.select_for_update().filter(stopped_at__isnull=True, provisional=True).order_by("id"):
        due = calendar.due(clock.started_at, limit_of(clock))
        if (due.at, due.provisional) == (clock.due_at, clock.provisional):
            continue
        clock.due_at, clock.provisional = due.at, due.provisional
        clock.save(update_fields=["due_at", "provisional"])
        for function in _FOLLOWERS:
            function(clock.subject, clock.name, due)
        moved += 1
    return moved

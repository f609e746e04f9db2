"""首次联系的时钟 — from the dispatch on, a body has so many hours to speak with whoever brought the matter (24 小时内联系).

It runs on nights and holidays too. It stands still only while it is disputed whose duty the matter is; an extension or
a carry is no reason not to call. Whoever left no way to be reached is not waited for.
"""

from datetime import datetime, timedelta

from linli.facts.matters import MatterContactDue, MatterUncontacted
from linli.mechanisms import flow, journal
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.work.matters import proposals
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Visibility

REMIND = "matters.remind_contact"
LATE = "matters.uncontacted"


def begin(matter: Matter, *, at: datetime) -> None:
    """A body has it from now on; if nobody has reached the resident yet, it has its own hours to."""
    if matter.visibility == Visibility.ANONYMOUS or matter.contacted_at is not None:
        return
    clocks.stop(matter.subject, "contact", at=at)
    limit, rule = proposals.limit_for("contact", category=matter.category, risk=matter.risk)
    matter.contact_by = clocks.start(matter.subject, "contact", limit=limit, rule=rule, at=at).at
    _arm(matter, matter.contact_by, now=at)


def pause(matter: Matter, *, at: datetime) -> None:
    """Whose duty it is is in dispute."""
    running = clocks.running(matter.subject, "contact")
    if running is not None and running.paused_at is None:
        clocks.pause(matter.subject, "contact", at=at)
        timers.disarm(matter.subject, REMIND, LATE)


def go_on(matter: Matter, *, at: datetime) -> None:
    """It is decided: the same body goes on where it stood."""
    running = clocks.running(matter.subject, "contact")
    if running is not None and running.paused_at is not None:
        matter.contact_by = clocks.resume(matter.subject, "contact", at=at).at
        _arm(matter, matter.contact_by, now=at)


def stop(matter: Matter, *, at: datetime) -> None:
    """Reached, answered, or no longer with a body."""
    if matter.contact_by is not None:
        clocks.stop(matter.subject, "contact", at=at)
        timers.disarm(matter.subject, REMIND, LATE)
        matter.contact_by = None


@timers.timer(REMIND)
def remind_contact(subject: str, by: Actor) -> None:
    """提醒联系 — a quarter of the time is left."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.contact_by is not None and matter.state in LIFE.remind_contact.sources:
        with flow.act(matter, LIFE.remind_contact, by=by) as (matter, step):
            assert matter.contact_by is not None
            step.record(MatterContactDue(matter.number, handler=matter.handler_id, contact_by=matter.contact_by))


@timers.timer(LATE)
def mark_uncontacted(subject: str, by: Actor) -> None:
    """逾期未联系 — nobody was reached in time; on record once, with how often it was tried."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.contact_by is not None and matter.state in LIFE.mark_uncontacted.sources:
        with flow.act(matter, LIFE.mark_uncontacted, by=by) as (matter, step):
            assert matter.contact_by is not None
            tried = sum(heard.move == LIFE.contact.name for heard in journal.history(matter.subject))
            step.record(
                MatterUncontacted(
                    matter.number, handler=matter.handler_id, contact_by=matter.contact_by, tried=tried
                )
            )  # fmt: skip


def _arm(matter: Matter, due_at: datetime, *, now: datetime) -> None:
    timers.arm_all(matter.subject, {REMIND: due_at - (due_at - now) / 4, LATE: due_at + timedelta(seconds=1)})

"""What time does to a matter: reminders before the date, a mark after it, and the end of waiting for a rating."""

from datetime import datetime, timedelta

from linli.facts.matters import MatterLapsed, MatterOverdue, MatterRecounted, MatterReminded
from linli.kernel.calendar import Due
from linli.mechanisms import flow
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter

REMIND = "matters.remind"
OVERDUE = "matters.overdue"
LAPSE = "matters.lapse"


def arm(matter: Matter, *, now: datetime) -> None:
    """Set the reminder (when a quarter of the time is left) and the mark at the date."""
    timers.arm_all(matter.subject, moments(matter, now=now))


def moments(matter: Matter, *, now: datetime) -> dict[str, datetime]:
    """When the reminder and the mark fall due."""
    lead = (matter.due_at - now) / 4
    return {REMIND: matter.due_at - lead, OVERDUE: matter.due_at + timedelta(seconds=1)}


@timers.timer(REMIND)
def remind(subject: str, by: Actor) -> None:
    """到期提醒 — tell whoever has it that the date is near."""
    matter = _briefly(subject)
    if matter.is_in_hand:
        with flow.act(matter, LIFE.remind, by=by) as (matter, step):
            step.record(MatterReminded(matter.number, handler=matter.handler_id, due_at=matter.due_at))


@timers.timer(OVERDUE)
def mark_overdue(subject: str, by: Actor) -> None:
    """逾期 — the date has passed without an answer; it is on record, and whoever answers for it is told."""
    matter = _briefly(subject)
    if matter.is_in_hand and not matter.overdue:
        with flow.act(matter, LIFE.mark_overdue, by=by) as (matter, step):
            matter.overdue = True
            step.record(
                MatterOverdue(matter.number, handler=matter.handler_id, level=matter.level, due_at=matter.due_at)
            )


@timers.timer(LAPSE)
def lapse(subject: str, by: Actor) -> None:
    """逾期未评 — the resident was waited for long enough; closed, not counted as solved."""
    matter = _named(subject)
    if matter.state in LIFE.lapse.sources:
        with flow.step(matter, LIFE.lapse, by=by) as (matter, step):
            matter.ended_at = matter.moved_at = step.now
            step.record(MatterLapsed(matter.number, solved_level=matter.level))


@clocks.follow
def follow_the_clock(subject: str, name: str, due: Due) -> None:
    """A calendar year was entered: the date the resident sees moves with its clock, and the journal says so."""
    if name != "handle" or not subject.startswith("matter:"):
        return
    matter = _named(subject)
    if not matter.is_in_hand:
        return
    with flow.act(matter, LIFE.recount, by=Actor.system("calendar")) as (matter, step):
        matter.due_at, matter.due_provisional = due.at, due.provisional
        matter.overdue = matter.overdue and due.at < step.now
        arm(matter, now=matter.registered_at)
        step.record(MatterRecounted(matter.number, due_at=due.at, provisional=due.provisional))


def _briefly(subject: str) -> Matter:
    """Enough of it to see whether there is anything to do; the step reads it whole."""
    return Matter.objects.only("number", "state", "overdue").get(number=subject.partition(":")[2])


def _named(subject: str) -> Matter:
    return Matter.objects.get(number=subject.partition(":")[2])

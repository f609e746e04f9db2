"""What time does to a matter: reminders before the date, a mark after it, the levels above told, the end of waiting for a rating."""

from datetime import datetime, timedelta

from linli.facts.matters import MatterEscalated, MatterLapsed, MatterOverdue, MatterRecounted, MatterReminded
from linli.kernel import clock
from linli.kernel.calendar import Due
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import clocks, timers
from linli.work.matters import proposals, rules
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter
from linli.work.matters.rules import USUAL_SHARES, Reminder, Reminders, after_of, next_reminder

REMIND = "matters.remind"
OVERDUE = "matters.overdue"
LAPSE = "matters.lapse"


def arm(matter: Matter, *, now: datetime) -> None:
    """Set the first reminder of the rule (counted from `now`) and the mark at the date; each sets the next by itself."""
    due = moments(matter, now=now)
    if REMIND not in due:
        timers.disarm(matter.subject, REMIND)
    timers.arm_all(matter.subject, due)


def moments(matter: Matter, *, now: datetime) -> dict[str, datetime]:
    """When the first reminder that is not past already and the mark fall due; the matter remembers which it is."""
    if not matter.overdue:  # Else what the levels above were told stays told.
        matter.escalated = 0
    following = next_reminder(shares(), base=now, due_at=matter.due_at, now=clock.now())
    due = {OVERDUE: matter.due_at + timedelta(seconds=1)}
    if following is not None:
        matter.reminded, due[REMIND] = following
    return due


def shares() -> tuple[int, ...]:
    """At which shares of the limit whoever has a matter is reminded."""
    try:
        return rulebook.current(Reminders).list.shares
    except rulebook.NoRuleError:  # A city that has not loaded the list yet still takes matters in.
        return USUAL_SHARES


def steps() -> tuple[Reminder, ...]:
    """What follows after the date."""
    try:
        return rulebook.current(Reminders).list.steps
    except rulebook.NoRuleError:
        return ()


@timers.timer(REMIND)
def remind(subject: str, by: Actor) -> None:
    """到期提醒 — tell whoever has it that the date is near; the next reminder of the rule is set."""
    matter = _briefly(subject)
    if not matter.is_in_hand:
        return
    with flow.act(matter, LIFE.remind, by=by) as (matter, step):
        named = shares()
        share = named[min(matter.reminded, len(named) - 1)]
        matter.reminded += 1
        if matter.reminded < len(named) and step.now < matter.due_at:
            # From one share to the next, as a part of what is left: the beginning is not needed.
            left = (matter.due_at - step.now) * (100 - named[matter.reminded]) / (100 - share)
            timers.arm(subject, REMIND, at=matter.due_at - left)
        step.record(MatterReminded(matter.number, handler=matter.handler_id, due_at=matter.due_at, share=share))


@timers.timer(OVERDUE)
def mark_overdue(subject: str, by: Actor) -> None:
    """逾期 — the date has passed without an answer; it is on record, and whoever answers for it is told."""
    matter = _briefly(subject)
    if not matter.is_in_hand:
        return
    if matter.overdue:
        _escalate(_named(subject), by)
        return
    with flow.act(matter, LIFE.mark_overdue, by=by) as (matter, step):
        matter.overdue = True
        _await_next_step(matter)
        step.record(MatterOverdue(matter.number, handler=matter.handler_id, level=matter.level, due_at=matter.due_at))


def _escalate(matter: Matter, by: Actor) -> None:
    """逾期报上一级 — it is still overdue: the desk the rule names is told, once for each step; then the next is set."""
    left = steps()[matter.escalated :]
    if not left:
        return
    if clock.now() < _step_at(matter, left[0]):  # The date was passed once before, and has since moved.
        timers.arm(matter.subject, OVERDUE, at=_step_at(matter, left[0]))
        return
    with flow.act(matter, LIFE.escalate, by=by) as (matter, step):
        level = max(matter.level - left[0].up, rules.CITY)
        desk = proposals.first_receiver(min(level, rules.TOWNSHIP), territory.slots(matter.place_ids[0]))
        matter.escalated += 1
        _await_next_step(matter)
        step.record(
            MatterEscalated(
                matter.number, handler=matter.handler_id, decider=desk.pk, level=level, due_at=matter.due_at,
                rule=rulebook.current(Reminders).rule(left[0].code),
            )
        )  # fmt: skip


def _await_next_step(matter: Matter) -> None:
    left = steps()[matter.escalated :]
    if left:
        timers.arm(matter.subject, OVERDUE, at=_step_at(matter, left[0]))


def _step_at(matter: Matter, step: Reminder) -> datetime:
    return rulebook.working_calendar().due(matter.due_at, after_of(step, risk=matter.risk)).at


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

"""等人审定 — an appeal or a request off the list that nobody decides: a reminder before the date, the level above after it.

By the reminders of the city's list (matters/reminders): its last share before the date. Silence decides nothing: an
appeal stays open and the rating counts meanwhile; what was asked for off the list stays unasked for until somebody
says yes. What was answered, dropped or overtaken since is not reminded of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.facts.matters import MatterDecisionDue, MatterUndecided
from linli.mechanisms import flow, journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import timers
from linli.work.matters import exclusions, proposals, queries, rules, supervision
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter
from linli.work.matters.rules import remind_at
from linli.work.matters.service import clockwork

APPEAL_DUE, APPEAL_LATE = "matters.appeal_due", "matters.appeal_late"
APPROVAL_DUE, APPROVAL_LATE = "matters.approval_due", "matters.approval_late"


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody's word: since and until when, at which level, and with which power it is given."""

    what: str
    since: datetime
    decide_by: datetime
    level: int
    power: str


def _appeal(matter: Matter) -> Waiting | None:
    row = supervision.appeal_on(matter)
    if row is None or row.decided_at is not None:
        return None
    return Waiting("appeal", row.made_at, row.decide_by, row.level, LIFE.decide_appeal.power)


def _approval(matter: Matter) -> Waiting | None:
    row = queries.approval_of(matter)
    if row is None or row.decide_by is None:
        return None
    return Waiting("approval", row.asked_at, row.decide_by, row.level, LIFE.approve.power)


def decide_by(matter: Matter, *, at: datetime) -> datetime:
    """Until when it is to be decided: the list's limit for a ruling, from now."""
    limit, _cited = proposals.limit_for("rule", category=matter.category, risk=matter.risk)
    return rulebook.working_calendar().due(at, limit).at


def await_decision(matter: Matter, due: str, late: str, *, since: datetime, until: datetime) -> None:
    """Set the reminder and the mark of what waits from now on."""
    moment = remind_at(clockwork.shares()[-1], base=since, due_at=until)
    timers.arm_all(matter.subject, {due: moment, late: until + timedelta(seconds=1)})


def desk(matter: Matter, power: str, *, level: int) -> Body:
    """Who is to decide: the first desk from this level up where somebody without a hand in the matter has the power.

    Where there is nobody, the desk of the level all the same: it must find somebody. Over the city it is the city's.
    """
    level = max(level, rules.CITY)
    hands = {
        heard.author.person_id
        for heard in journal.history(matter.subject)
        if heard.author.kind == "staff" and heard.author.person_id is not None
    }
    found = exclusions.desk_for(matter, power, level=level, without=hands)
    return found or proposals.first_receiver(level, territory.slots(matter.place_ids[0]))


@timers.timer(APPEAL_DUE)
def remind_of_appeal(subject: str, by: Actor) -> None:
    """提醒审定 — most of the time for an appeal has passed."""
    _remind(subject, _appeal, by)


@timers.timer(APPEAL_LATE)
def mark_appeal(subject: str, by: Actor) -> None:
    """评价申诉逾期未审 — the level above is told, once."""
    _mark(subject, _appeal, by)


@timers.timer(APPROVAL_DUE)
def remind_of_approval(subject: str, by: Actor) -> None:
    """提醒审定 — most of the time for a request off the list has passed."""
    _remind(subject, _approval, by)


@timers.timer(APPROVAL_LATE)
def mark_approval(subject: str, by: Actor) -> None:
    """清单外请示逾期未批 — the level above is told, once."""
    _mark(subject, _approval, by)


def _remind(subject: str, asked: Callable[[Matter], Waiting | None], by: Actor) -> None:
    matter = _named(subject)
    if matter.state not in LIFE.remind_to_decide.sources or asked(matter) is None:
        return
    with flow.act(matter, LIFE.remind_to_decide, by=by) as (matter, step):
        waiting = asked(matter)
        assert waiting is not None, "decided under the lock another holds: the timer was taken away with it"
        whose = desk(matter, waiting.power, level=waiting.level)
        step.record(
            MatterDecisionDue(matter.number, what=waiting.what, decider=whose.pk, decide_by=waiting.decide_by)
        )  # fmt: skip


def _mark(subject: str, asked: Callable[[Matter], Waiting | None], by: Actor) -> None:
    matter = _named(subject)
    if matter.state not in LIFE.mark_undecided.sources or asked(matter) is None:
        return
    with flow.act(matter, LIFE.mark_undecided, by=by) as (matter, step):
        waiting = asked(matter)
        assert waiting is not None, "decided under the lock another holds: the timer was taken away with it"
        above = desk(matter, waiting.power, level=waiting.level - 1)
        step.record(
            MatterUndecided(
                matter.number, what=waiting.what, decider=above.pk, level=above.level, decide_by=waiting.decide_by
            )
        )  # fmt: skip


def _named(subject: str) -> Matter:
    return Matter.objects.get(number=subject.partition(":")[2])

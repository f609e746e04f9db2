"""More time, and no time yet: one extension with its reason, and carrying over with an owner and a day of review.

The clock stands still while others decide and while a matter is carried (`domain.md` C.5, 3); the resident sees why.
"""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterCarried,
    MatterExtended,
    MatterExtensionAsked,
    MatterExtensionRefused,
    MatterReviewed,
    MatterTakenBack,
    MatterUnreviewed,
)
from linli.kernel import clock
from linli.kernel.calendar import Limit
from linli.mechanisms import flow, journal, rulebook, territory
from linli.mechanisms.access import Actor
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.work.matters import proposals, queries, rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Carry, Matter
from linli.work.matters.rules import CarryReasons
from linli.work.matters.service import clockwork
from linli.work.matters.service.handling import MissingWordsError, need, own

UNDECIDED = "matters.extension_undecided"
REVIEW = "matters.review"


def ask_extension(matter: Matter, *, days: int, why: str, by: Actor, expected: int | None = None) -> Matter:
    """申请延期 — once for a date, in working days up to the rule's limit; the resident reads the reason.

    Raises NotNow for a second time, and for what is due within hours.
    """
    need(why, _("请写明为什么要延期，居民会看到。"))
    with flow.step(matter, LIFE.ask_extension, by=by, expected=expected) as (matter, step):
        own(matter, by)
        most, _cited = proposals.limit_for("extend", category=matter.category, risk=matter.risk)
        if not 1 <= days <= most.amount:
            raise MissingWordsError(_("延期要写 1 到 %(most)s 个工作日。") % {"most": most.amount})
        if sentence := queries.why_no_extension(matter):
            raise NotNow(sentence)
        stand_still(matter, step)
        limit, _cited = proposals.limit_for("rule", category=matter.category, risk=matter.risk)
        silent = rulebook.working_calendar().due(step.now, limit).at
        timers.arm(matter.subject, UNDECIDED, at=silent + timedelta(seconds=1))
        matter.moved_at = step.now
        said = words.say(matter, step, why, for_resident=True)
        step.record(MatterExtensionAsked(matter.number, handler=matter.handler_id, days=days, words=said))
    return matter


def extend(matter: Matter, *, by: Actor, expected: int | None = None) -> Matter:
    """同意延期 — by somebody else of the body that asked."""
    with flow.step(matter, LIFE.extend, by=by, expected=expected) as (matter, step):
        own(matter, by)
        days = days_asked(matter)
        timers.disarm(matter.subject, UNDECIDED)
        most, _cited = proposals.limit_for("extend", category=matter.category, risk=matter.risk)
        go_on(matter, step)
        due = clocks.extend(matter.subject, "handle", by=Limit(days, most.unit))
        matter.due_at, matter.due_provisional = due.at, due.provisional
        matter.overdue = matter.overdue and due.at < step.now
        clockwork.arm(matter, now=step.now)
        step.record(MatterExtended(matter.number, handler=matter.handler_id, days=days, answer_by=due.at))
    return matter


def refuse_extension(matter: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    """不同意延期 — the old date goes on from where it stood."""
    need(why, _("请写明为什么不同意延期。"))
    with flow.step(matter, LIFE.refuse_extension, by=by, expected=expected) as (matter, step):
        if by.kind == "staff":
            own(matter, by)
        timers.disarm(matter.subject, UNDECIDED)
        go_on(matter, step)
        said = words.say(matter, step, why, for_resident=False)
        step.record(
            MatterExtensionRefused(
                matter.number, handler=matter.handler_id, answer_by=matter.due_at, words=said
            )
        )  # fmt: skip
    return matter


@timers.timer(UNDECIDED)
def refuse_silently(subject: str, by: Actor) -> None:
    """Nobody decided in time: the old date goes on. A request must not stop a clock for good."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.state in LIFE.refuse_extension.sources:
        refuse_extension(matter, why=_("在期限内没有人批准，按原来的期限办。"), by=by)


def carry(matter: Matter, *, reason: str, why: str, review_on: date, by: Actor, expected: int | None = None) -> Matter:
    """挂账 — it cannot be done now; whoever says so answers for it, and looks again on a day."""
    need(why, _("请写明为什么现在办不了、打算怎么办，居民会看到。"))
    with flow.step(matter, LIFE.carry, by=by, expected=expected) as (matter, step):
        own(matter, by)
        _reasonable(reason, review_on, step)
        stand_still(matter, step)
        assert by.person_id is not None
        Carry.objects.create(
            matter=matter, reason=reason, owner_id=by.person_id, carried_at=step.now, review_on=review_on
        )
        timers.arm(matter.subject, REVIEW, at=end_of(review_on))
        matter.moved_at = step.now
        said = words.say(matter, step, why, for_resident=True)
        step.record(
            MatterCarried(
                matter.number, handler=matter.handler_id, reason=reason, owner=by.person_id, review_on=review_on, words=said
            )
        )  # fmt: skip
    return matter


def review(matter: Matter, *, why: str, review_on: date, by: Actor, expected: int | None = None) -> Matter:
    """再看 — looked at again, and it still cannot be done; the next day is set."""
    need(why, _("请写明这次看到的情况和下一步，居民会看到。"))
    with flow.act(matter, LIFE.review, by=by, expected=expected) as (matter, step):
        own(matter, by)
        held = _held(matter)
        _reasonable(held.reason, review_on, step)
        in_time = step.today <= held.review_on
        assert by.person_id is not None
        held.review_on, held.owner_id = review_on, by.person_id
        held.save(update_fields=["review_on", "owner"])
        timers.arm(matter.subject, REVIEW, at=end_of(review_on))
        said = words.say(matter, step, why, for_resident=True)
        step.record(
            MatterReviewed(
                matter.number, handler=matter.handler_id, owner=by.person_id, review_on=review_on, in_time=in_time, words=said
            )
        )  # fmt: skip
    return matter


def take_back(matter: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    """重新办理 — now it can be done; the clock goes on from where it stood."""
    with flow.step(matter, LIFE.take_back, by=by, expected=expected) as (matter, step):
        own(matter, by)
        held = _held(matter)
        held.ended_at = step.now
        held.save(update_fields=["ended_at"])
        timers.disarm(matter.subject, REVIEW)
        go_on(matter, step)
        said = words.say(matter, step, why, for_resident=True)
        step.record(MatterTakenBack(matter.number, handler=matter.handler_id, answer_by=matter.due_at, words=said))
    return matter


@timers.timer(REVIEW)
def mark_unreviewed(subject: str, by: Actor) -> None:
    """挂账到期未再看 — the day passed; its owner's body and the desk above are told."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.state not in LIFE.mark_unreviewed.sources:
        return
    with flow.act(matter, LIFE.mark_unreviewed, by=by) as (matter, step):
        held = _held(matter)
        desk = proposals.first_receiver(min(matter.level, rules.TOWNSHIP), territory.slots(matter.place_ids[0]))
        step.record(
            MatterUnreviewed(
                matter.number, handler=matter.handler_id, owner=held.owner_id, decider=desk.pk, review_on=held.review_on
            )
        )  # fmt: skip


def days_asked(matter: Matter) -> int:
    """How many working days the open request asks for."""
    (asked,) = journal.last([matter.subject], [LIFE.ask_extension.name])
    assert isinstance(asked.fact, MatterExtensionAsked)
    return asked.fact.days


def stand_still(matter: Matter, step: flow.Step) -> None:
    """What is being decided, or cannot be done, does not count against the handler."""
    for name in ("handle", "accept"):
        running = clocks.running(matter.subject, name)
        if running is not None and running.paused_at is None:
            clocks.pause(matter.subject, name, at=step.now)
    timers.disarm(matter.subject, clockwork.REMIND, clockwork.OVERDUE)


def go_on(matter: Matter, step: flow.Step) -> None:
    """The clock goes on: the date moves by what the pause took."""
    due = clocks.resume(matter.subject, "handle", at=step.now)
    matter.due_at, matter.due_provisional, matter.moved_at = due.at, due.provisional, step.now
    clockwork.arm(matter, now=step.now)


def _held(matter: Matter) -> Carry:
    return Carry.objects.get(matter=matter, ended_at__isnull=True)


def _reasonable(reason: str, review_on: date, step: flow.Step) -> None:
    most = rulebook.current(CarryReasons).list.item(reason).days
    if not step.today < review_on <= step.today + timedelta(days=most):
        raise MissingWordsError(_("再看的日子要在明天到 %(most)s 天以内。") % {"most": most})


def end_of(day: date) -> datetime:
    """The midnight after a day: when it is over."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.CITY)

"""复核 — an exclusion is looked at once more: the resident asks once, an overseer where it was found wrong; a level above looks."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterExclusionOverturned,
    MatterExclusionUpheld,
    MatterSecondLookAsked,
    MatterUnlooked,
)
from linli.mechanisms import flow, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import exclusions, proposals, rules, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, SecondLook
from linli.work.matters.service import clockwork
from linli.work.matters.service.handling import need

UNLOOKED = "matters.unlooked"


def ask_second_look(matter: Matter, *, why: str = "", by: Actor) -> Matter:
    """请再看一次 — the resident, once for each exclusion. Raises NotNow for a second time."""
    with flow.step(matter, LIFE.ask_second_look, by=by) as (matter, step):
        if not exclusions.may_ask_again(matter):
            raise NotNow(_("这一件已经请人再看过一次了，不能再请。"))
        digest = words.say(matter, step, why, for_resident=True)
        step.record(ask_above(matter, step, asked_by=SecondLook.Asker.RESIDENT, digest=digest))
    return matter


def look_again(matter: Matter, *, stands: bool, why: str, by: Actor, expected: int | None = None) -> Matter:
    """复核 — a level above, by somebody who neither proposed nor confirmed it: it stands, or it is to be assigned."""
    need(why, _("请写明复核的理由，居民会看到。"))
    move = LIFE.uphold_exclusion if stands else LIFE.overturn_exclusion
    with flow.step(matter, move, by=by, expected=expected) as (matter, step):
        look = exclusions.look_pending(matter)
        if by.scope != "area" or by.area_level > look.level:
            raise Refused(_("这一件由%(level)s一级复核。") % {"level": level_words(look.level)})
        looking = clocks.running(matter.subject, "second_look")
        in_time = looking is None or step.now <= looking.due_at
        clocks.stop(matter.subject, "second_look", at=step.now)
        timers.disarm(matter.subject, UNLOOKED)
        look.stands, look.looker_id, look.looked_at = stands, by.person_id, step.now
        look.save(update_fields=["stands", "looker", "looked_at"])
        matter.moved_at = step.now
        exclusion = look.exclusion
        digest = words.say(matter, step, why, for_resident=True)
        if stands:
            matter.ended_at = step.now
            step.record(
                MatterExclusionUpheld(
                    matter.number, exclusion=exclusion.number, reason=exclusion.reason, in_time=in_time, words=digest
                )
            )
        else:
            matter.handler = proposals.first_receiver(matter.level, territory.slots(matter.place_ids[0]))
            due = clocks.revive(matter.subject, "handle", at=step.now)
            matter.due_at, matter.due_provisional = due.at, due.provisional
            matter.overdue = matter.overdue and due.at < step.now
            clockwork.arm(matter, now=step.now)
            step.record(
                MatterExclusionOverturned(
                    matter.number, exclusion=exclusion.number, reason=exclusion.reason, level=matter.level,
                    handler=matter.handler_id, answer_by=due.at, in_time=in_time, words=digest,
                )
            )  # fmt: skip
    return matter


def ask_above(matter: Matter, step: flow.Step, *, asked_by: str, digest: str) -> MatterSecondLookAsked:
    """Lay an exclusion before the level above; where it has nobody to look, before its desk, and silence is told."""
    exclusion = exclusions.last_of(matter)
    assert exclusion is not None
    level = rules.deciding_level(exclusion.level)
    hands = exclusions.hands_in(exclusion)
    desk = exclusions.desk_for(matter, LIFE.uphold_exclusion.power, level=level, without=hands)
    SecondLook.objects.create(exclusion=exclusion, asked_by=asked_by, asked_at=step.now, level=level)
    look_by = wait(matter, "second_look", UNLOOKED, at=step.now)
    matter.handler_id = desk.pk if desk else above(matter, level)
    matter.ended_at, matter.moved_at = None, step.now
    return MatterSecondLookAsked(
        matter.number, exclusion=exclusion.number, reason=exclusion.reason, asked_by=asked_by, level=level, handler=matter.handler_id,
        look_by=look_by, words=digest,
    )  # fmt: skip


@timers.timer(UNLOOKED)
def mark_unlooked(subject: str, by: Actor) -> None:
    """逾期未复核 — the level above whoever was to look is told once."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.state not in LIFE.mark_unlooked.sources:
        return
    with flow.act(matter, LIFE.mark_unlooked, by=by) as (matter, step):
        level = rules.deciding_level(exclusions.look_pending(matter).level)
        step.record(
            MatterUnlooked(matter.number, decider=above(matter, level), look_by=until(matter, "second_look", step.now))
        )


def wait(matter: Matter, name: rules.Clock, timer: str, *, at: datetime) -> datetime:
    """Until when somebody is to decide; the timer tells if nobody does."""
    limit, rule = proposals.limit_for(name, category=matter.category, risk=matter.risk)
    due = clocks.start(matter.subject, name, limit=limit, rule=rule, at=at).at
    timers.arm(matter.subject, timer, at=due + timedelta(seconds=1))
    return due


def until(matter: Matter, name: str, otherwise: datetime) -> datetime:
    """When a running clock is due."""
    running = clocks.running(matter.subject, name)
    return running.due_at if running else otherwise


def above(matter: Matter, level: int) -> int:
    """The desk of a level; where none stands over it, whoever has the matter is told once more."""
    try:
        return proposals.first_receiver(level, territory.slots(matter.place_ids[0])).pk
    except proposals.NobodyAnswersError:
        return matter.handler_id

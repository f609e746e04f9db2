"""不予受理 — proposed by one, confirmed by another, looked at again by a third. Nothing is excluded by silence.

The clock stands still while somebody is to decide; it stops when the matter is excluded and goes on, as if it had
only paused, when a second look finds that it should not have been.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterExcluded,
    MatterExclusionProposed,
    MatterExclusionRefused,
    MatterUnconfirmed,
)
from linli.kernel import text
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import exclusions, proposals, rules, together, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Exclusion, Matter, SecondLook
from linli.work.matters.rules import Exclusions
from linli.work.matters.service import looking, sampling
from linli.work.matters.service.handling import MissingWordsError, hold, need
from linli.work.matters.service.waiting import go_on, stand_still

UNCONFIRMED = "matters.unconfirmed"


def propose_exclusion(
    matter: Matter, *, reason: str, said: str, by: Actor, channel: str = "", expected: int | None = None
) -> Matter:
    """提出不予受理 — with a ground of the list, words for the resident, and the right channel where no list can name it.

    What speaks of danger is only ever passed on to 110, 119, 120 or 122, and whoever proposes it writes down to whom
    it was passed and when: it is never excluded in silence. Raises NotNow where nobody else could confirm.
    """
    need(said, _("请写明为什么不归这里办，居民会看到。"))
    edition = rulebook.current(Exclusions)
    ground = edition.list.item(reason)
    with flow.step(matter, LIFE.propose_exclusion, by=by, expected=expected) as (matter, step):
        hold(matter, by)
        if matter.parent_id is not None:
            raise NotNow(_("这是一件的一部分，不能单独不予受理；请改派，或者由整件来定。"))
        if together.merged_into(matter):
            raise NotNow(_("有别的几件并在这里，每一位反映人都有权请人再看；请先撤回并案，再分别提出。"))
        if ground.hands_over and matter.foreign_number:
            raise NotNow(_("这一件本来就有热线的工单号；不归我们的，请在“热线对接”里申请退回。"))
        danger = exclusions.speaks_of_danger(matter)
        _passed_on(ground, channel, danger=danger)
        assert by.person_id is not None
        desk = exclusions.desk_for(matter, LIFE.exclude.power, level=by.area_level, without={by.person_id})
        if desk is None:
            raise NotNow(_("这里和上级都没有第二个人可以确认，不能提出不予受理；请照常派单。"))
        stand_still(matter, step)
        exclusion = Exclusion.objects.create(
            matter=matter, number=f"{matter.number}-拒{matter.exclusions.count() + 1}", reason=reason,
            rule=edition.rule(reason), said=text.clean(said), channel=text.clean(channel)[:200], emergency=danger,
            level=by.area_level, proposer_id=by.person_id, proposer_office=by.office, proposed_at=step.now,
        )  # fmt: skip
        confirm_by = looking.wait(matter, "confirm", UNCONFIRMED, at=step.now)
        matter.handler, matter.moved_at = desk, step.now
        digest = words.say(matter, step, said, for_resident=danger)
        step.record(
            MatterExclusionProposed(
                matter.number, exclusion=exclusion.number, reason=reason, rule=exclusion.rule, handler=desk.pk,
                confirm_by=confirm_by, emergency=danger, words=digest,
            )
        )  # fmt: skip
    return matter


def exclude(matter: Matter, *, by: Actor, expected: int | None = None) -> Matter:
    """确认不予受理 — by somebody else than who proposed it, of the same level or above: only now it ends."""
    with flow.step(matter, LIFE.exclude, by=by, expected=expected) as (matter, step):
        exclusion = _decide(matter, step, confirmed=True)
        clocks.stop(matter.subject, "handle", at=step.now)
        clocks.stop(matter.subject, "accept", at=step.now)
        matter.ended_at = matter.moved_at = step.now
        sampling.arm(step.now)
        digest = words.say(matter, step, exclusion.said, for_resident=True)
        step.record(
            MatterExcluded(
                matter.number, exclusion=exclusion.number, reason=exclusion.reason, rule=exclusion.rule,
                level=exclusion.level, proposer=exclusion.proposer_id, emergency=exclusion.emergency, words=digest,
            )
        )  # fmt: skip
    return matter


def keep(matter: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    """不同意不予受理 — it is to be assigned after all, and its clock goes on from where it stood."""
    need(why, _("请写明为什么该受理，提出的人要看。"))
    with flow.step(matter, LIFE.keep, by=by, expected=expected) as (matter, step):
        exclusion = _decide(matter, step, confirmed=False)
        matter.handler = proposals.first_receiver(matter.level, territory.slots(matter.place_ids[0]))
        go_on(matter, step)
        digest = words.say(matter, step, why, for_resident=False)
        step.record(
            MatterExclusionRefused(
                matter.number, exclusion=exclusion.number, reason=exclusion.reason, handler=matter.handler_id,
                answer_by=matter.due_at, words=digest,
            )
        )  # fmt: skip
    return matter


def give_up(matter: Matter, *, at: datetime) -> None:
    """The resident takes the matter back: what was to be decided about it need not be."""
    Exclusion.objects.filter(matter=matter, decided_at__isnull=True).update(decided_at=at)
    SecondLook.objects.filter(exclusion__matter=matter, looked_at__isnull=True).update(looked_at=at)


@timers.timer(UNCONFIRMED)
def mark_unconfirmed(subject: str, by: Actor) -> None:
    """逾期未确认 — silence is told once, to the level above; it never becomes an exclusion by itself."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    if matter.state not in LIFE.mark_unconfirmed.sources:
        return
    with flow.act(matter, LIFE.mark_unconfirmed, by=by) as (matter, step):
        level = rules.deciding_level(exclusions.pending(matter).level)
        step.record(
            MatterUnconfirmed(
                matter.number,
                decider=looking.above(matter, level),
                confirm_by=looking.until(matter, "confirm", step.now),
            )
        )


def _passed_on(ground: rules.Exclusion, channel: str, *, danger: bool) -> None:
    """Is it said where this resident can go, and of what speaks of danger, to whom it was passed?"""
    if danger and not ground.for_danger:
        raise MissingWordsError(
            _("这件事说到危险，只能选“紧急情况”，先打电话转过去；不属于紧急情况的，照常派单，派给能到场的单位。")
        )
    if danger:
        need(channel, _("请写明已经转给了谁、几点转的，如“110 接警，9:20”。"))
    elif ground.names_channel:
        need(channel, _("请写明具体该找谁：单位、电话或地址。"))


def _decide(matter: Matter, step: flow.Step, *, confirmed: bool) -> Exclusion:
    """The second person's word on the proposal; its clock stops."""
    by = step.by
    exclusion = exclusions.pending(matter)
    if by.scope != "area" or by.area_level > exclusion.level:
        raise Refused(_("这一件由%(level)s一级或上级确认。") % {"level": level_words(exclusion.level)})
    exclusion.confirmed, exclusion.decided_at = confirmed, step.now
    exclusion.decider_id, exclusion.decider_office = by.person_id, by.office
    exclusion.level = min(exclusion.level, by.area_level)
    exclusion.save(update_fields=["confirmed", "decided_at", "decider", "decider_office", "level"])
    clocks.stop(matter.subject, "confirm", at=step.now)
    timers.disarm(matter.subject, UNCONFIRMED)
    return exclusion

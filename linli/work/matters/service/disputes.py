"""Whose duty it is: one objection by the body a matter was assigned to, one ruling by the level above, and no way back."""

from datetime import timedelta

from django.utils.translation import gettext as _

from linli.facts.matters import MatterObjected, MatterRuled, MatterUnruled
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import NotNow, clocks, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import proposals, rules, rulings, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Matter, Objection
from linli.work.matters.rules import Objections, Routing
from linli.work.matters.service import contactclock
from linli.work.matters.service.handling import MissingWordsError, need, own, refuse_assisting, start_accepting
from linli.work.matters.service.waiting import go_on, stand_still

UNRULED = "matters.unruled"


def object_to(
    matter: Matter,
    *,
    reason: str,
    note: str,
    by: Actor,
    believed: Body | None = None,
    expected: int | None = None,
) -> Matter:
    """职责异议 — once, within the limit counted from the assignment, naming the duty believed right.

    The clock stands still until it is decided. Raises AlreadyRuledError when it was ruled that
    the matter is this body's.
    """
    need(note, _("请写明为什么不该由本单位办，裁定的人要看。"))
    ground = rulebook.current(Objections).list.item(reason)
    if ground.names_body and believed is None:
        raise MissingWordsError(_("请写明应由哪个单位办。"))
    if believed is not None and (believed.pk == by.body_id or believed.area_id not in matter.place_ids):
        raise MissingWordsError(_("应由哪个单位办：请选一个管得到这个地方的别的单位。"))
    with flow.step(matter, LIFE.object, by=by, expected=expected) as (matter, step):
        own(matter, by)
        rulings.refuse_to_return(matter)
        if step.now > rulings.may_object_until(matter):
            raise NotNow(_("提职责异议的时限已过，请办理。"))
        level = rules.deciding_level(matter.level)
        decider = proposals.first_receiver(level, territory.slots(matter.place_ids[0]))
        limit, cited = proposals.limit_for("rule", category=matter.category, risk=matter.risk)
        stand_still(matter, step)
        contactclock.pause(matter, at=step.now)
        decide = clocks.start(matter.subject, "rule", limit=limit, rule=cited, at=step.now)
        timers.arm(matter.subject, UNRULED, at=decide.at + timedelta(seconds=1))
        Objection.objects.create(
            matter=matter, number=f"{matter.number}-裁{matter.objections.count() + 1}", by_body_id=matter.handler_id,
            level=level, reason=reason, believed=believed if ground.names_body else None, category=matter.category,
            made_at=step.now,
        )  # fmt: skip
        matter.moved_at = step.now
        said = words.say(matter, step, note, for_resident=False)
        step.record(
            MatterObjected(
                matter.number, handler=matter.handler_id, reason=reason,
                believed=believed.pk if believed and ground.names_body else None,
                believed_name=believed.short_name if believed and ground.names_body else "",
                rule=rulebook.current(Routing).rule(matter.category), decider=decider.pk, decide_by=decide.at, words=said,
            )
        )  # fmt: skip
    return matter


def rule(
    matter: Matter, *, upheld: bool, note: str, by: Actor, to: Body | None = None, expected: int | None = None
) -> Matter:
    """裁定 — final. Upheld, it goes to `to`, or to be assigned anew where no body was named; denied, it stays.

    Whoever assigned it or objected does not decide. An upheld ruling teaches the next proposal for such a matter here.
    """
    need(note, _("请写明裁定的理由和依据，双方都会看到。"))
    move = LIFE.rule if not upheld else LIFE.uphold if to is not None else LIFE.uphold_for_triage
    with flow.step(matter, move, by=by, expected=expected) as (matter, step):
        objection = matter.objections.get(ruled_at__isnull=True)
        if by.scope != "area" or by.area_level > objection.level:
            raise Refused(_("这一件由%(level)s一级裁定。") % {"level": level_words(objection.level)})
        if to is not None and (to.pk == matter.handler_id or to.area_id not in matter.place_ids):
            raise MissingWordsError(_("改派给谁：请选一个管得到这个地方的别的单位。"))
        if to is not None:
            refuse_assisting(matter.category, to)
        deciding = clocks.running(matter.subject, "rule")
        clocks.stop(matter.subject, "rule", at=step.now)
        timers.disarm(matter.subject, UNRULED)
        if upheld:
            matter.handler = to or proposals.first_receiver(matter.level, territory.slots(matter.place_ids[0]))
        go_on(matter, step)
        if move is LIFE.uphold_for_triage:
            clocks.stop(matter.subject, "accept", at=step.now)
            contactclock.stop(matter, at=step.now)
        else:
            start_accepting(matter, at=step.now)
            (contactclock.begin if upheld else contactclock.go_on)(matter, at=step.now)
        objection.ruled_at, objection.upheld = step.now, upheld
        objection.body = None if move is LIFE.uphold_for_triage else matter.handler
        objection.save(update_fields=["ruled_at", "upheld", "body"])
        said = words.say(matter, step, note, for_resident=False)
        step.record(
            MatterRuled(
                matter.number, ruling=objection.number, upheld=upheld, level=matter.level, handler=matter.handler_id,
                handler_name=matter.handler.short_name, category=matter.category,
                rule=rulebook.current(Routing).rule(matter.category), answer_by=matter.due_at,
                in_time=deciding is None or step.now <= deciding.due_at, words=said,
            )
        )  # fmt: skip
    return matter


@timers.timer(UNRULED)
def mark_unruled(subject: str, by: Actor) -> None:
    """逾期未裁定 — silence is a state with a timer: the level above is told (where none stands, who is to decide)."""
    matter = Matter.objects.get(number=subject.partition(":")[2])
    waiting = matter.objections.filter(ruled_at__isnull=True).first()
    if waiting is None or matter.state not in LIFE.rule.sources:
        return
    with flow.act(matter, LIFE.mark_unruled, by=by) as (matter, step):
        slots = territory.slots(matter.place_ids[0])
        try:
            above = proposals.first_receiver(rules.deciding_level(waiting.level), slots)
        except proposals.NobodyAnswersError:  # Over the deciding level stands no desk: that one is told once more.
            above = proposals.first_receiver(waiting.level, slots)
        deciding = clocks.running(subject, "rule")
        due = deciding.due_at if deciding else step.now
        step.record(MatterUnruled(matter.number, decider=above.pk, level=waiting.level, decide_by=due))

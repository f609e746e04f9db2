"""下派 — only what the lower level owns. Anything else is asked of the level that may approve it, and may be refused.

What a village only helps with it can never be made to lead, approved or not (《山东省乡镇人民政府工作条例》第二十四条).
"""

from django.utils.translation import gettext as _

from linli.facts.matters import (
    MatterApprovalAsked,
    MatterApprovalRejected,
    MatterApproved,
    MatterAssigned,
    MatterOffListRefused,
)
from linli.mechanisms import flow, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import NotNow, timers
from linli.mechanisms.territory.words import level_words
from linli.work.matters import proposals, rules, rulings, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Approval, Matter
from linli.work.matters.service import contactclock, deciding
from linli.work.matters.service.handling import (
    OffListError,
    hold,
    may_be_sent,
    need,
    refuse_assisting,
    start_accepting,
)


def ask_approval(matter: Matter, *, to: Body, why: str, by: Actor, expected: int | None = None) -> Matter:
    """清单外请示 — who asks, for which body, and what it is given to do it with. The matter stays where it is meanwhile.

    Decided within the list's limit for rulings; reminded of before, told to the level above after.
    Raises AssistOnlyError for what that body may only help with, NotNow for what it owns anyway.
    """
    need(why, _("请写明为什么要派给它、给什么经费和条件，批的人和接的人都要看。"))
    if to.area_id not in matter.place_ids:
        raise Refused(_("“%(body)s”管不到这一件所在的地方，请另选单位。") % {"body": to.short_name})
    with flow.act(matter, LIFE.ask_approval, by=by, expected=expected) as (matter, step):
        hold(matter, by)
        try:
            may_be_sent(matter, to, category=matter.category)
        except OffListError:
            pass
        else:
            raise NotNow(_("清单里有这一项，不用请示，直接派给%(body)s就行。") % {"body": to.short_name})
        if matter.approvals.filter(decided_at__isnull=True).exists():
            raise NotNow(_("已经有一个请示在等结果。"))
        decider = proposals.first_receiver(rules.APPROVES, territory.slots(matter.place_ids[0]))
        until = deciding.decide_by(matter, at=step.now)
        deciding.await_decision(
            matter, deciding.APPROVAL_DUE, deciding.APPROVAL_LATE, since=step.now, until=until
        )  # fmt: skip
        assert by.body_id is not None
        Approval.objects.create(
            matter=matter, body=to, by_body_id=by.body_id, category=matter.category, level=rules.APPROVES,
            asked_at=step.now, decide_by=until, why=why,
        )  # fmt: skip
        said = words.say(matter, step, why, for_resident=False)
        step.record(
            MatterApprovalAsked(
                matter.number, body=to.pk, body_name=to.short_name, category=matter.category,
                rule=proposals.duty_of(matter.category, to.level).rule, decider=decider.pk, words=said,
                decide_by=until,
            )
        )  # fmt: skip
    return matter


def approve(matter: Matter, *, by: Actor, expected: int | None = None) -> Matter:
    """批准 — by somebody else, at the level that may: it is assigned to that body, which is told that it was approved."""
    with flow.step(matter, LIFE.approve, by=by, expected=expected) as (matter, step):
        asked = _waiting(matter)
        _decides(asked, by)
        rulings.refuse_to_undo(matter, by)
        refuse_assisting(asked.category, asked.body)
        matter.handler, matter.moved_at = asked.body, step.now
        accept_by, rule = start_accepting(matter, at=step.now)
        contactclock.begin(matter, at=step.now)
        _decided(asked, "approved", step, by)
        step.record(
            MatterApproved(
                matter.number, body=asked.body_id, body_name=asked.body.short_name, asked_by=asked.by_body_id
            ),
            MatterAssigned(
                matter.number, level=matter.level, handler=asked.body_id, handler_name=asked.body.short_name,
                category=matter.category, accept_by=accept_by, answer_by=matter.due_at, rule=rule, proposed=False,
            ),
        )  # fmt: skip
    return matter


def reject(matter: Matter, *, why: str, by: Actor, expected: int | None = None) -> Matter:
    """不批 — it stays where it is, to be sent to whom it belongs."""
    need(why, _("请写明为什么不批。"))
    with flow.act(matter, LIFE.reject, by=by, expected=expected) as (matter, step):
        asked = _waiting(matter)
        _decides(asked, by)
        _decided(asked, "rejected", step, by)
        said = words.say(matter, step, why, for_resident=False)
        step.record(
            MatterApprovalRejected(
                matter.number, body=asked.body_id, body_name=asked.body.short_name, asked_by=asked.by_body_id, words=said
            )
        )  # fmt: skip
    return matter


def refuse_off_list(matter: Matter, *, by: Actor, expected: int | None = None) -> Matter:
    """清单外拒接 — one tap by the body that was to have it; no reason is owed, the list is the reason."""
    with flow.act(matter, LIFE.refuse_off_list, by=by, expected=expected) as (matter, step):
        asked = _waiting(matter)
        if by.body_id != asked.body_id:
            raise Refused(_("这一件请示派给%(body)s，由他们答复。") % {"body": asked.body.short_name})
        _decided(asked, "refused", step, by)
        step.record(
            MatterOffListRefused(
                matter.number, body=asked.body_id, body_name=asked.body.short_name, asked_by=asked.by_body_id,
                rule=proposals.duty_of(asked.category, asked.body.level).rule,
            )
        )  # fmt: skip
    return matter


def _waiting(matter: Matter) -> Approval:
    asked = matter.approvals.filter(decided_at__isnull=True).select_related("body").first()
    if asked is None:
        raise NotNow(_("没有在等结果的请示。"))
    return asked


def _decides(asked: Approval, by: Actor) -> None:
    if by.scope != "area" or by.area_level > asked.level:
        raise Refused(_("清单外派办由%(level)s一级批准。") % {"level": level_words(asked.level)})


def _decided(asked: Approval, decision: str, step: flow.Step, by: Actor) -> None:
    timers.disarm(f"matter:{asked.matter.number}", deciding.APPROVAL_DUE, deciding.APPROVAL_LATE)
    asked.decided_at, asked.decision, asked.decided_by_id = step.now, decision, by.body_id
    asked.save(update_fields=["decided_at", "decision", "decided_by"])

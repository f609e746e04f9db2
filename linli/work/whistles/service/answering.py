"""What a called body does: 收到, 到了, why not, what was done, and whether the whistle was justified."""

from django.utils.translation import gettext as _

from linli.facts.whistles import AbsenceExplained, ActionReported, SummonsAcknowledged, SummonsMet, WhistleJudged
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.work.whistles import queries, rules, words
from linli.work.whistles.flow import LIFE
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.rules import Absences, Unjustified
from linli.work.whistles.service import clockwork


def acknowledge(whistle: Whistle, *, by: Actor) -> Whistle:
    """收到 — the body knows, and is on its way."""
    with flow.act(whistle, LIFE.acknowledge, by=by) as (whistle, step):
        own = _own(whistle, by)
        _once(done=own.acknowledged_at is not None)
        own.acknowledged_at, own.acknowledged_person_id = step.now, by.person_id
        own.save(update_fields=["acknowledged_at", "acknowledged_person"])
        clockwork.arm(whistle)
        step.record(
            SummonsAcknowledged(whistle.number, body=own.body_id, in_time=step.now <= own.acknowledge_by)
        )  # fmt: skip
    return whistle


def arrive(whistle: Whistle, *, by: Actor) -> Whistle:
    """到了 — on the spot; how late is on record. Who comes without a word has also answered."""
    with flow.act(whistle, LIFE.arrive, by=by) as (whistle, step):
        own = _own(whistle, by)
        _once(done=own.arrived_at is not None)
        if own.acknowledged_at is None:
            own.acknowledged_at, own.acknowledged_person_id = step.now, by.person_id
        own.arrived_at, own.arrived_person_id = step.now, by.person_id
        own.save(update_fields=["acknowledged_at", "acknowledged_person", "arrived_at", "arrived_person"])
        clockwork.arm(whistle)
        late = rules.minutes_late(step.now, own.arrive_by)
        step.record(SummonsMet(whistle.number, body=own.body_id, minutes_late=late))
    return whistle


def explain(whistle: Whistle, *, reason: str, said: str, by: Actor) -> Whistle:
    """说明没到的原因 — it does not keep the county from being told; the county judges it."""
    rulebook.current(Absences).list.item(reason)
    said = words.said(said, need=_("请用一句话说明。"))
    with flow.act(whistle, LIFE.explain, by=by) as (whistle, step):
        own = _own(whistle, by)
        if own.arrived_at is not None:
            raise flow.NotNow(_("您单位已经到场了。"))
        own.absence, own.absence_words = reason, said
        own.save(update_fields=["absence", "absence_words"])
        step.record(
            AbsenceExplained(
                whistle.number, body=own.body_id, reason=reason, words=words.digest(whistle.subject, said)
            )
        )  # fmt: skip
    return whistle


def report(whistle: Whistle, *, action: str, by: Actor) -> Whistle:
    """报告办理 — what was done. A later report stands beside the earlier: nothing said is lost."""
    action = words.said(action, need=_("请写明做了什么。"))
    with flow.act(whistle, LIFE.report, by=by) as (whistle, step):
        own = _own(whistle, by)
        own.action = words.said("\n".join(part for part in (own.action, action) if part))
        own.reported_at = step.now
        own.save(update_fields=["action", "reported_at"])
        step.record(
            ActionReported(whistle.number, body=own.body_id, words=words.digest(whistle.subject, action))
        )  # fmt: skip
    return whistle


def judge(whistle: Whistle, *, justified: bool, by: Actor, reason: str = "", said: str = "") -> Whistle:
    """评哨 — was it right to call us? A no names its reason."""
    if justified:
        reason = ""
    elif not reason:
        raise words.WordsError(_("不该吹，请选一个理由。"))
    else:
        rulebook.current(Unjustified).list.item(reason)
    said = words.said(said)
    move = LIFE.judge_last if queries.waits_for_last(whistle, side="judge") else LIFE.judge
    with flow.step(whistle, move, by=by) as (whistle, step):
        own = _own(whistle, by)
        _once(done=own.justified is not None)
        if (move.target is not None) != queries.waits_for_last(whistle, side="judge"):
            raise flow.NotNow(_("对方刚刚也评了。请再点一次。"))
        own.justified, own.unjustified, own.justified_words = justified, reason, said
        own.save(update_fields=["justified", "unjustified", "justified_words"])
        step.record(
            WhistleJudged(
                whistle.number,
                body=own.body_id,
                justified=justified,
                reason=reason,
                words=words.digest(whistle.subject, said),
            )
        )
    return whistle


def _own(whistle: Whistle, by: Actor) -> Summons:
    """The row of the actor's own body; nobody answers for another."""
    own = queries.own_summons(whistle, by)
    if own is None:
        raise Refused(_("这次吹哨没有叫您单位。"))
    return own


def _once(*, done: bool) -> None:
    if done:
        raise flow.NotNow(_("您单位已经点过了。"))

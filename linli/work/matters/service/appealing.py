"""评价申诉 — the body that answered may say once that a rating should not count; the level above decides, and all see why."""

from django.utils.translation import gettext as _

from linli.facts.matters import MatterAppealDecided, MatterAppealed
from linli.mechanisms import flow, rulebook
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import NotNow, timers
from linli.work.matters import supervision, words
from linli.work.matters.flow import LIFE
from linli.work.matters.models import Appeal, Matter
from linli.work.matters.rules import AppealReasons
from linli.work.matters.service import deciding
from linli.work.matters.service.handling import need


def appeal(matter: Matter, *, reason: str, note: str, by: Actor, expected: int | None = None) -> Matter:
    """评价申诉 — once against a rating, in time, by the body that answered. The rating counts until it is decided.

    Also by a body from which that very rating took the matter (still not solved after a redo: it went up a level), as
    long as nobody has answered it anew: then that rating counts no more. Decided by the first desk from the level above
    the body up where somebody had no hand in it; reminded of before its date, told to the level above after it.

    Raises Refused for any other body; NotNow for a second one, a late one, or against a rating that is not bad.
    """
    need(note, _("请写明事实和依据，审的人要看。"))
    rulebook.current(AppealReasons).list.item(reason)
    with flow.act(matter, LIFE.appeal, by=by, expected=expected) as (matter, step):
        verdict = supervision.verdict_on(matter)
        if verdict is None:
            raise NotNow(_("居民还没有评价这次答复，没有什么可申诉的。"))
        if by.body_id != verdict.body_id:
            raise Refused(_("评价申诉由答复的单位提出。"))
        if supervision.appeal_on(matter) is not None:
            raise NotNow(_("这次评价已经申诉过一次，不能再申诉。"))
        if not supervision.is_bad(verdict):
            raise NotNow(_("居民说解决了、也没有打差评，不用申诉。"))
        if step.now > supervision.may_appeal_until(matter, verdict):
            raise NotNow(_("申诉的时限已经过了，这次评价照样算。"))
        body = Body.objects.get(pk=verdict.body_id)
        level = supervision.deciding_level(body)
        decider = deciding.desk(matter, LIFE.decide_appeal.power, level=level)
        made = Appeal.objects.create(
            matter=matter, number=f"{matter.number}-诉{matter.appeals.count() + 1}", verdict=verdict.seq,
            solved=verdict.solved, satisfaction=verdict.satisfaction, body=body, level=level, reason=reason,
            made_at=step.now, decide_by=deciding.decide_by(matter, at=step.now),
        )  # fmt: skip
        deciding.await_decision(
            matter, deciding.APPEAL_DUE, deciding.APPEAL_LATE, since=step.now, until=made.decide_by
        )  # fmt: skip
        said = words.say(matter, step, note, for_resident=False)
        step.record(
            MatterAppealed(
                matter.number, appeal=made.number, handler=body.pk, verdict=verdict.seq, solved=verdict.solved,
                satisfaction=verdict.satisfaction, reason=reason, decider=decider.pk, decide_by=made.decide_by, words=said,
            )
        )  # fmt: skip
    return matter


def decide_appeal(matter: Matter, *, upheld: bool, note: str, by: Actor, expected: int | None = None) -> Matter:
    """审评价申诉 — final. Upheld, the rating stays where everybody sees it and is left out of the rates.

    The resident reads the note. Raises Refused for a lower level, for the body itself and for whoever had a hand in
    the matter, NotNow where nothing waits (also where the resident has said something else since).
    """
    need(note, _("请写明为什么，居民和申诉的单位都会看到。"))
    with flow.act(matter, LIFE.decide_appeal, by=by, expected=expected) as (matter, step):
        waiting = supervision.appeal_on(matter)
        if waiting is None or waiting.decided_at is not None:
            raise NotNow(_("现在没有要审的评价申诉。"))
        if sentence := supervision.why_not_decide(matter, by):
            raise Refused(sentence)
        assert by.person_id is not None
        waiting.decided_at, waiting.upheld, waiting.reviewer = step.now, upheld, supervision.reviewer_words(by)
        waiting.save(update_fields=["decided_at", "upheld", "reviewer"])
        timers.disarm(matter.subject, deciding.APPEAL_DUE, deciding.APPEAL_LATE)
        said = words.say(matter, step, note, for_resident=True)
        step.record(
            MatterAppealDecided(
                matter.number, appeal=waiting.number, handler=waiting.body_id, verdict=waiting.verdict,
                solved=waiting.solved, satisfaction=waiting.satisfaction, reason=waiting.reason, upheld=upheld,
                level=waiting.level, reviewer=by.person_id, in_time=step.now <= waiting.decide_by, words=said,
            )
        )  # fmt: skip
    return matter

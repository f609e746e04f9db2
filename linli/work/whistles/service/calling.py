"""What the township does: it sounds the whistle, agrees on the spot, concludes, and judges each body."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.facts.whistles import ActionAgreed, BodiesRated, WhistleConcluded, WhistleSounded, WhistleWithdrawn
from linli.kernel import clock, text
from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.mechanisms.flow import timers
from linli.work.whistles import queries, rules, words
from linli.work.whistles.flow import LIFE
from linli.work.whistles.models import Summons, Whistle
from linli.work.whistles.rules import Kinds
from linli.work.whistles.service import clockwork
from linli.work.whistles.words import WordsError

_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True)
class Called:
    """叫谁 — a body, and by when it is to be there; without a moment, as the rule says."""

    body: Body
    arrive_by: datetime | None = None


def sound(
    *, kind: str, area_id: int, called: Sequence[Called], what: str, key: str, by: Actor, place_text: str = "", matters: str = ""
) -> Whistle:  # fmt: skip
    """吹哨 — from here each called body's time runs. The same form sent twice is one whistle."""
    what = words.said(what, need=_("请写明什么事，被叫的单位才知道带什么人、什么工具来。"))
    edition = rulebook.current(Kinds)
    rule = edition.list.item(kind)
    area = territory.area(area_id)
    with transaction.atomic():
        earlier = _take_turn(key, by)
        if earlier is not None:
            return earlier
        now = clock.now()
        caller = _may_call(area, called, now=now, by=by)
        calendar = rulebook.working_calendar()
        acknowledge_by = rules.due(calendar, now, rule.acknowledge)
        arrive_by = rules.due(calendar, now, rule.arrive)
        slots = territory.slots(area.id)
        whistle = Whistle(
            number=_next_number(now.astimezone(clock.CITY).date()), key=key, kind=kind, caller_id=caller, area_id=area.id,
            county_id=slots.county_id, township_id=slots.township_id, place_text=text.clean(place_text)[:120], what=what,
            matters=_numbers(matters), rule=edition.ref.item(kind), sounded_at=now,
        )  # fmt: skip
        with flow.begin(whistle, LIFE.sound, by=by) as (whistle, step):
            moments = [each.arrive_by or arrive_by for each in called]
            step.record(
                WhistleSounded(
                    whistle.number, kind=kind, caller=whistle.caller_id, area=area.id,
                    bodies=tuple(each.body.pk for each in called), acknowledge_by=acknowledge_by, arrive_by=tuple(moments),
                    rule=whistle.rule, words=words.digest(whistle.subject, what),
                )
            )  # fmt: skip
        Summons.objects.bulk_create(
            Summons(
                whistle=whistle, body=each.body, acknowledge_by=min(acknowledge_by, moment), arrive_by=moment
            )
            for each, moment in zip(called, moments, strict=True)
        )  # fmt: skip
        clockwork.arm(whistle)
    return whistle


def agree(whistle: Whistle, *, plan: str, by: Actor, expected: int | None = None) -> Whistle:
    """议定办法 — with those on the spot: who does what."""
    plan = words.said(plan, need=_("请写明议定的办法：谁做什么，什么时候做完。"))
    with flow.step(whistle, LIFE.agree, by=by, expected=expected) as (whistle, step):
        _own(whistle, by)
        present = Summons.objects.filter(whistle=whistle, arrived_at__isnull=False).order_by("id")
        here = tuple(present.values_list("body_id", flat=True))
        if not here:
            raise flow.NotNow(_("还没有单位到场，议不了。"))
        whistle.plan = plan
        step.record(ActionAgreed(whistle.number, present=here, words=words.digest(whistle.subject, plan)))
    return whistle


def conclude(
    whistle: Whistle, *, conclusion: str, bodies: Mapping[int, str], by: Actor, expected: int | None = None
) -> Whistle:
    """办结 — what came of it, and one sentence for each called body, also for who did not come."""
    conclusion = words.said(conclusion, need=_("请写明结论。"))
    with flow.step(whistle, LIFE.conclude, by=by, expected=expected) as (whistle, step):
        _own(whistle, by)
        rows = queries.called_by(whistle)
        for row in rows:
            sentence = _("请给%(body)s也写一句结论。") % {"body": row.body.short_name}
            row.conclusion = words.said(bodies.get(row.body_id, ""), need=sentence)
            row.save(update_fields=["conclusion"])
        whistle.conclusion, whistle.ended_at = conclusion, step.now
        timers.disarm(whistle.subject)
        said = "\n".join([conclusion, *(row.conclusion for row in rows)])
        step.record(
            WhistleConcluded(
                whistle.number,
                bodies=tuple(row.body_id for row in rows),
                words=words.digest(whistle.subject, said),
            )
        )
    return whistle


def rate(
    whistle: Whistle, *, scores: Mapping[int, int], by: Actor, remarks: Mapping[int, str] | None = None, expected: int | None = None
) -> Whistle:  # fmt: skip
    """评部门 — one to five for each called body, all at once."""
    move = LIFE.rate_last if queries.waits_for_last(whistle, side="rate") else LIFE.rate
    with flow.step(whistle, move, by=by, expected=expected) as (whistle, step):
        _own(whistle, by)
        _still(whistle, move, side="rate")
        rows = queries.called_by(whistle)
        if all(row.score is not None for row in rows):
            raise flow.NotNow(_("已经评过了。"))
        for row in rows:
            score = scores.get(row.body_id)
            if score not in range(1, 6):
                raise WordsError(_("请给%(body)s评1至5分。") % {"body": row.body.short_name})
            row.score, row.score_words = score, words.said((remarks or {}).get(row.body_id, ""))
            row.save(update_fields=["score", "score_words"])
        said = "\n".join(row.score_words for row in rows if row.score_words)
        step.record(
            BodiesRated(
                whistle.number,
                bodies=tuple(row.body_id for row in rows),
                scores=tuple(row.score for row in rows if row.score is not None),
                words=words.digest(whistle.subject, said),
            )
        )
    return whistle


def withdraw(whistle: Whistle, *, reason: str, by: Actor, expected: int | None = None) -> Whistle:
    """撤回 — before anything was agreed, with the reason; whoever was called is told."""
    reason = words.said(reason, need=_("请写明为什么撤回，被叫的单位会看到。"))
    with flow.step(whistle, LIFE.withdraw, by=by, expected=expected) as (whistle, step):
        _own(whistle, by)
        whistle.withdrawn_for, whistle.ended_at = reason, step.now
        timers.disarm(whistle.subject)
        bodies = tuple(row.body_id for row in queries.called_by(whistle))
        step.record(WhistleWithdrawn(whistle.number, bodies=bodies, words=words.digest(whistle.subject, reason)))
    return whistle


def _own(whistle: Whistle, by: Actor) -> None:
    if by.body_id != whistle.caller_id:
        raise Refused(_("这是%(body)s吹的哨，请由他们来做。") % {"body": whistle.caller.short_name})


def _still(whistle: Whistle, move: flow.Move, *, side: str) -> None:
    """Under the lock: did the other side say its last word while this one was on its way?"""
    if (move.target is not None) != queries.waits_for_last(whistle, side=side):
        raise flow.NotNow(_("对方刚刚也评了。请再点一次。"))


def _may_call(area: territory.Node, called: Sequence[Called], *, now: datetime, by: Actor) -> int:
    """The calling body, if it may call all of these to this place."""
    if by.area_level != rules.TOWNSHIP or by.body_id is None:
        raise Refused(_("吹哨的是乡镇、街道；别的层级请用派单或督办。"))
    if by.area_id not in area.lineage:
        raise Refused(_("“%(area)s”不在您的辖区内。") % {"area": area.name})
    if not called:
        raise WordsError(_("请至少选一个单位。"))
    if len(called) > rules.MOST_CALLED:
        raise WordsError(_("一次最多叫%(n)s个单位。") % {"n": rules.MOST_CALLED})
    if len({each.body.pk for each in called}) < len(called):
        raise WordsError(_("同一个单位选了两次。"))
    allowed = {body.pk for body in queries.callable_at(area.id, by=by)}
    for each in called:
        if each.body.pk not in allowed:
            raise Refused(
                _("“%(body)s”管不到这个地方，或者还没有人能接哨，请另选单位。") % {"body": each.body.short_name}
            )
        if each.arrive_by is not None and not now < each.arrive_by <= now + rules.LONGEST_NOTICE:
            raise WordsError(_("要求到场的时间须在现在以后、30天以内。"))
    return by.body_id


def _numbers(typed: str) -> list[str]:
    found = [each for each in _BETWEEN.split(text.clean(typed)) if each]
    if any(len(each) > 20 for each in found) or len(found) > 20:
        raise WordsError(_("相关诉求请写编号，用空格或逗号隔开。"))
    return list(dict.fromkeys(found))


def _take_turn(key: str, by: Actor) -> Whistle | None:
    """One whistle at a time is given its number; a form sent before gives what it made. Held to the end."""
    if not words.is_key(key):
        raise WordsError(_("这张表不完整，请重新打开页面。"))
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('whistles.number', 0))")
    earlier = Whistle.objects.filter(key=key).first()
    if earlier is not None and earlier.caller_id != by.body_id:
        raise WordsError(_("这张表不完整，请重新打开页面。"))
    return earlier


def _next_number(day: date) -> str:
    begins = f"哨{day:%y-%m%d}-"
    last = Whistle.objects.filter(number__startswith=begins).order_by("-id").values_list("number", flat=True).first()
    return words.number_after(begins, last)

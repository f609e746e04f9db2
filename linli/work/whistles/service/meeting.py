"""Joint meetings (联席会议): convened, held with a line for each thing to be done, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.facts.whistles import MeetingCancelled, MeetingConvened, MeetingHeld
from linli.kernel import clock, text
from linli.mechanisms import flow, territory
from linli.mechanisms.access import Actor, Refused
from linli.mechanisms.access.models import Body
from linli.work.whistles import queries, rules, words
from linli.work.whistles.flow import MEETING
from linli.work.whistles.models import JointMeeting, Resolve, Whistle
from linli.work.whistles.words import WordsError


@dataclass(frozen=True)
class Line:
    """一条结论 — what, who, before which day."""

    text: str
    body: Body
    due_on: date


def convene(
    *, area_id: int, topic: str, starts_at: datetime, place_text: str, bodies: Sequence[Body], key: str, by: Actor,
    whistle: Whistle | None = None,
) -> JointMeeting:  # fmt: skip
    """召集 — by a township or the county, about something in its own area. The same form sent twice is one meeting."""
    topic = words.said(topic, need=_("请写明议题。"))
    where = text.clean(place_text)[:120]
    if len(where) < 2:
        raise WordsError(_("请写明在哪里开。"))
    area = territory.area(area_id)
    with transaction.atomic():
        earlier = _take_turn(key, by)
        if earlier is not None:
            return earlier
        now = clock.now()
        convener = _may_ask(area, bodies, by=by)
        if starts_at <= now:
            raise WordsError(_("开会的时间须在现在以后。"))
        slots = territory.slots(area.id)
        day = now.astimezone(clock.CITY).date()
        meeting = JointMeeting(
            number=_next_number(day), key=key, convener_id=convener, whistle=whistle, area_id=area.id,
            county_id=slots.county_id, township_id=slots.township_id, topic=topic, starts_at=starts_at, place_text=where,
            convened_at=now,
        )  # fmt: skip
        with flow.begin(meeting, MEETING.convene, by=by) as (meeting, step):
            step.record(
                MeetingConvened(
                    meeting.number, convener=convener, whistle=whistle.number if whistle else "", area=area.id,
                    bodies=tuple(body.pk for body in bodies), starts_at=starts_at,
                    words=words.digest(meeting.subject, topic),
                )
            )  # fmt: skip
        meeting.invited.set(bodies)
    return meeting


def hold(meeting: JointMeeting, *, lines: Sequence[Line], by: Actor, expected: int | None = None) -> JointMeeting:
    """记下结论 — each line with one owner among those invited, or the convener, and a day."""
    if not lines:
        raise WordsError(_("请至少写一条结论：做什么、谁做、哪天前。"))
    with flow.step(meeting, MEETING.hold, by=by, expected=expected) as (meeting, step):
        _own(meeting, by)
        owners = {meeting.convener_id, *meeting.invited.values_list("pk", flat=True)}
        for line in lines:
            if line.body.pk not in owners:
                raise Refused(_("“%(body)s”没有参加这次会议，不能派给它。") % {"body": line.body.short_name})
            if line.due_on < step.today:
                raise WordsError(_("完成的日子不能在今天以前。"))
        said = [words.said(line.text, need=_("请写明做什么。")) for line in lines]
        Resolve.objects.bulk_create(
            Resolve(meeting=meeting, text=each, body=line.body, due_on=line.due_on)
            for each, line in zip(said, lines, strict=True)
        )
        step.record(
            MeetingHeld(
                meeting.number,
                bodies=tuple(line.body.pk for line in lines),
                due_on=tuple(line.due_on for line in lines),
                words=words.digest(meeting.subject, "\n".join(said)),
            )
        )
    return meeting


def cancel(meeting: JointMeeting, *, reason: str, by: Actor, expected: int | None = None) -> JointMeeting:
    """取消 — with the reason; whoever was invited is told."""
    reason = words.said(reason, need=_("请写明为什么取消。"))
    with flow.step(meeting, MEETING.cancel, by=by, expected=expected) as (meeting, step):
        _own(meeting, by)
        meeting.cancelled_for = reason
        bodies = tuple(meeting.invited.order_by("pk").values_list("pk", flat=True))
        step.record(MeetingCancelled(meeting.number, bodies=bodies, words=words.digest(meeting.subject, reason)))
    return meeting


def _own(meeting: JointMeeting, by: Actor) -> None:
    if by.body_id != meeting.convener_id:
        raise Refused(_("这次会议由%(body)s召集，请由他们来做。") % {"body": meeting.convener.short_name})


def _may_ask(area: territory.Node, bodies: Sequence[Body], *, by: Actor) -> int:
    """The convening body, if it may ask all of these about this place."""
    if by.area_id not in area.lineage or by.body_id is None:
        raise Refused(_("“%(area)s”不在您的辖区内。") % {"area": area.name})
    if not bodies:
        raise WordsError(_("请至少选一个单位。"))
    if len({body.pk for body in bodies}) < len(bodies) or len(bodies) > 2 * rules.MOST_CALLED:
        raise WordsError(_("单位选重了，或者选得太多。"))
    allowed = {body.pk for body in queries.invitable_at(area.id, by=by)}
    for body in bodies:
        if body.pk not in allowed:
            raise Refused(_("“%(body)s”和这个地方不相干，请另选单位。") % {"body": body.short_name})
    return by.body_id


def _take_turn(key: str, by: Actor) -> JointMeeting | None:
    """One meeting at a time is given its number; a form sent before gives what it made. Held to the end."""
    if not words.is_key(key):
        raise WordsError(_("这张表不完整，请重新打开页面。"))
    with connection.cursor() as db:
        db.execute("SELECT pg_advisory_xact_lock(hashtextextended('whistles.meeting', 0))")
    earlier = JointMeeting.objects.filter(key=key).first()
    if earlier is not None and earlier.convener_id != by.body_id:
        raise WordsError(_("这张表不完整，请重新打开页面。"))
    return earlier


def _next_number(day: date) -> str:
    begins = f"会{day:%y-%m%d}-"
    rows = JointMeeting.objects.filter(number__startswith=begins)
    return words.number_after(begins, rows.order_by("-id").values_list("number", flat=True).first())

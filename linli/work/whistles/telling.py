"""A joint meeting for the calendar on anybody's phone, and whistles as a table."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import clock, icalendar
from linli.mechanisms.access import exports
from linli.work.whistles import queries
from linli.work.whistles.flow import MeetingState
from linli.work.whistles.models import JointMeeting, Summons

LASTS = timedelta(hours=1)
"""What a calendar is told, since nobody says when a meeting ends."""


def event(meeting: JointMeeting) -> icalendar.Event:
    """One event, cancelled where the meeting is."""
    return icalendar.Event(
        f"{meeting.number}@linli", meeting.convened_at, meeting.version, meeting.starts_at, meeting.topic,
        ends=meeting.starts_at + LASTS, location=meeting.place_text,
        url=f"{settings.BASE_URL.rstrip('/')}{reverse('whistles:meeting', args=[meeting.number])}",
        cancelled=meeting.state == MeetingState.CANCELLED,
    )  # fmt: skip


def calendar_file(meeting: JointMeeting) -> str:
    """The whole file."""
    return icalendar.write([event(meeting)], product="whistles")


def listing(rows: QuerySet[Summons]) -> exports.Listing:
    """吹哨表 — every called body, when it had to come and when it came."""
    now = clock.now()
    columns = [
        _("编号"), _("类型"), _("哪个镇街吹的"), _("地点"), _("什么事"), _("什么时候吹的"), _("叫了谁"), _("最晚回应"), _("什么时候回应"),
        _("最晚到场"), _("什么时候到场"), _("情况"), _("状态"),
    ]  # fmt: skip

    def told() -> Iterator[exports.Row]:
        for each in rows.iterator(chunk_size=exports.AT_A_TIME):
            whistle = each.whistle
            standing = queries.standing(each, is_open=whistle.is_open, now=now)
            yield (
                whistle.number, queries.kind_words(whistle.kind), whistle.caller.short_name,
                exports.safe(queries.place_words(whistle)), exports.safe(whistle.what), whistle.sounded_at,
                each.body.short_name, each.acknowledge_by, each.acknowledged_at, each.arrive_by, each.arrived_at,
                standing.word, whistle.state_words,
            )  # fmt: skip

    return exports.Listing("whistles", _("吹哨报到"), columns, rows[: exports.MOST_ROWS + 1].count(), told)

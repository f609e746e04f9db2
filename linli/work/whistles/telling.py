"""A joint meeting as an iCalendar file (RFC 5545), for the calendar on anybody's phone."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse

from linli.work.whistles.flow import MeetingState
from linli.work.whistles.models import JointMeeting

LASTS = timedelta(hours=1)
"""What a calendar is told, since nobody says when a meeting ends."""
WIDEST = 75
"""Octets of a line, before it is folded."""


def icalendar(meeting: JointMeeting) -> str:
    """The whole file: one event, cancelled where the meeting is."""
    begins = meeting.starts_at
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//linli//whistles//ZH", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:{meeting.number}@linli", f"DTSTAMP:{_utc(meeting.convened_at)}", f"SEQUENCE:{meeting.version}",
        f"DTSTART:{_utc(begins)}", f"DTEND:{_utc(begins + LASTS)}", f"SUMMARY:{_escaped(meeting.topic)}",
        f"LOCATION:{_escaped(meeting.place_text)}",
        f"STATUS:{'CANCELLED' if meeting.state == MeetingState.CANCELLED else 'CONFIRMED'}",
        f"URL:{settings.BASE_URL.rstrip('/')}{reverse('whistles:meeting', args=[meeting.number])}",
        "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    return "\\n".join(words.splitlines())


def _folded(line: str) -> str:
    """Broken at 75 octets, never inside a character; what follows begins with a space."""
    parts, width = [""], 0
    for each in line:
        size = len(each.encode())
        if width + size > WIDEST:
            parts.append(" ")
            width = 1
        parts[-1] += each
        width += size
    return "\r\n".join(parts)

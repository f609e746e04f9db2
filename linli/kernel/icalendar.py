"""日历文件 iCalendar (RFC 5545): days and moments for the calendar on anybody's phone. What is written here, every program reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

WIDEST = 75
"""Octets of a line, before it is folded."""


@dataclass(frozen=True)
class Event:
    """日程 — one thing in a calendar: a meeting, a deadline, or a whole day. Its uid never changes; its sequence only grows."""

    uid: str
    stamp: datetime
    sequence: int
    begins: datetime | date
    summary: str
    ends: datetime | None = None
    """A deadline has none: it takes no time, and nobody is busy during it."""
    location: str = ""
    description: str = ""
    url: str = ""
    cancelled: bool = False

    def lines(self) -> list[str]:
        """The event as lines, not yet folded."""
        if isinstance(self.begins, datetime):
            times = [f"DTSTART:{_utc(self.begins)}"]
            times += [f"DTEND:{_utc(self.ends)}"] if self.ends else ["TRANSP:TRANSPARENT"]
        else:
            after = self.begins + timedelta(days=1)
            times = [
                f"DTSTART;VALUE=DATE:{self.begins:%Y%m%d}",
                f"DTEND;VALUE=DATE:{after:%Y%m%d}",
                "TRANSP:TRANSPARENT",
            ]
        told = (("LOCATION", _escaped(self.location)), ("DESCRIPTION", _escaped(self.description)), ("URL", self.url))
        return [
            "BEGIN:VEVENT", f"UID:{self.uid}", f"DTSTAMP:{_utc(self.stamp)}", f"SEQUENCE:{self.sequence}", *times,
            f"SUMMARY:{_escaped(self.summary)}", *(f"{name}:{value}" for name, value in told if value),
            f"STATUS:{'CANCELLED' if self.cancelled else 'CONFIRMED'}", "END:VEVENT",
        ]  # fmt: skip


def write(events: Iterable[Event], *, product: str, name: str = "", refresh: timedelta | None = None) -> str:
    """The whole file. `name` and `refresh` are for a calendar that is subscribed to: how it is called, how often it is asked."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//linli//{product}//ZH", "METHOD:PUBLISH"]
    if name:
        lines += [f"NAME:{_escaped(name)}", f"X-WR-CALNAME:{_escaped(name)}"]  # RFC 7986, and what came before it.
    if refresh:
        hours = max(int(refresh.total_seconds() // 3600), 1)
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:PT{hours}H", f"X-PUBLISHED-TTL:PT{hours}H"]
    lines += [line for event in events for line in event.lines()]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(words: str) -> str:
    for mark in ("\\", ";", ","):
        words = words.replace(mark, f"\\{mark}")
    plain = "".join(each for each in words if each >= " " or each in "\n\r\t")
    return "\\n".join(plain.splitlines())


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

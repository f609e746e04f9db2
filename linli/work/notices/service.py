"""What a person writes here: having looked, and how they want to hear of a matter."""

from collections.abc import Iterable

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.work.notices.models import Notice, Preference


def mark_read(*, by: Actor, subject: str = "") -> int:
    """看过 — one's own notices, all or about one subject. A mark, not an act: nothing else changes."""
    if by.person_id is None:
        return 0
    rows = Notice.objects.filter(person_id=by.person_id, read_at__isnull=True)
    if subject:
        rows = rows.filter(subject=subject)
    return rows.update(read_at=clock.now())


CHANNELS = ("page", "sms")


def choose_channel(number: str, channel: str) -> None:
    """选通知方式 — by whoever holds the matter's link; a wish, not an act: nothing of the matter changes. Raises ValueError."""
    if channel not in CHANNELS:
        raise ValueError(f"{channel!r} is no way to tell somebody")
    Preference.objects.update_or_create(number=number, defaults={"channel": channel, "at": clock.now()})


def choose_page_only(numbers: Iterable[str]) -> int:
    """退订 — these matters are told on their pages only."""
    return Preference.objects.filter(number__in=list(numbers)).update(channel="page", at=clock.now())

"""The only write a person makes here: having looked."""

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.work.notices.models import Notice


def mark_read(*, by: Actor, subject: str = "") -> int:
    """看过 — one's own notices, all or about one subject. A mark, not an act: nothing else changes."""
    if by.person_id is None:
        return 0
    rows = Notice.objects.filter(person_id=by.person_id, read_at__isnull=True)
    if subject:
        rows = rows.filter(subject=subject)
    return rows.update(read_at=clock.now())

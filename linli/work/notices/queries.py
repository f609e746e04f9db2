"""What a person has been told."""

from linli.mechanisms.access import Actor
from linli.work.notices.models import Notice

MOST_COUNTED = 99


def of(actor: Actor, *, limit: int = 50) -> list[Notice]:
    """One's own notices, newest first. Nobody reads another's."""
    if actor.person_id is None:
        return []
    return list(Notice.objects.filter(person_id=actor.person_id).order_by("-at", "-id")[:limit])


def unread(actor: Actor) -> int:
    """How many one has not looked at, counted to MOST_COUNTED + 1."""
    if actor.person_id is None:
        return 0
    return len(
        Notice.objects.filter(person_id=actor.person_id, read_at__isnull=True).values_list("pk")[: MOST_COUNTED + 1]
    )

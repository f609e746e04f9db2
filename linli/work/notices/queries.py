"""What a person has been told."""

from django.db import connection

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
    with connection.cursor() as db:  # Every page of everybody asks.
        db.execute(
            "SELECT count(*) FROM (SELECT FROM notices_notice WHERE person_id = %s AND read_at IS NULL LIMIT %s) AS held",
            [actor.person_id, MOST_COUNTED + 1],
        )
        return int(db.fetchone()[0])

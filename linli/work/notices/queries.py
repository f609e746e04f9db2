"""What a person has been told."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from linli.mechanisms.access import Actor
from linli.work.notices.models import Notice, Preference

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


def channel_of(number: str) -> str:
    """通知方式 — how a matter's reporter wants to hear of it: page or sms."""
    return Preference.objects.filter(number=number).values_list("channel", flat=True).first() or "page"


def wanting(channel: str, numbers: Iterable[str]) -> set[str]:
    """Those of these matters whose reporter chose this way."""
    return set(Preference.objects.filter(number__in=list(numbers), channel=channel).values_list("number", flat=True))


def chosen_at(number: str, channel: str) -> datetime | None:
    """When the reporter of a matter chose this way; None if it is another that holds."""
    return Preference.objects.filter(number=number, channel=channel).values_list("at", flat=True).first()

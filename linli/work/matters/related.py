"""相关的 — other matters at the same place, of the same kind in the same grid, and by the same person.

The first two are lists within the reader's reach. The third says a number only: which they are is an identity looked
at, and goes through service.look_up with a purpose.
"""

from datetime import timedelta

from django.db.models import QuerySet

from linli.kernel import clock
from linli.kernel.coordinates import distance_m
from linli.mechanisms.access import Actor
from linli.mechanisms.access.sealing import Unreadable, digests
from linli.work.matters.models import Contact, Matter
from linli.work.matters.queries import visible_to

DISTANCES = (50, 100, 300)
"""Metres a reader may choose from; a courtyard, a street corner, an estate."""
BACK = timedelta(days=365)
MOST = 50
MOST_COUNTED = 100
MOST_BY_PERSON = 10


def _lately(actor: Actor, matter: Matter) -> QuerySet[Matter]:
    rows = visible_to(actor).filter(registered_at__gte=clock.now() - BACK).exclude(pk=matter.pk)
    return rows.select_related("handler").order_by("-registered_at", "-id")


def near(actor: Actor, matter: Matter, metres: int) -> list[tuple[Matter, int]]:
    """Those of the last year within so many metres, the nearest first; none where nobody said exactly where it is."""
    if matter.point is None or matter.township_id is None:
        return []
    lat, lon = metres / 111_000, metres / 80_000  # A little wide; the distance itself decides.
    rows = _lately(actor, matter).filter(
        township_id=matter.township_id, lat__range=(matter.point.lat - lat, matter.point.lat + lat),
        lon__range=(matter.point.lon - lon, matter.point.lon + lon),
    )[: 4 * MOST]  # fmt: skip
    measured = [(each, round(distance_m(matter.point, each.point))) for each in rows if each.point is not None]
    return sorted((pair for pair in measured if pair[1] <= metres), key=lambda pair: pair[1])[:MOST]


def alike(actor: Actor, matter: Matter) -> list[Matter]:
    """Those of the last year in the same grid and of the same category, newest first."""
    if matter.grid_id is None:
        return []
    return list(_lately(actor, matter).filter(grid_id=matter.grid_id, category=matter.category)[:MOST])


def phone_of(matter: Matter) -> str:
    """The number its reporter left; only to be compared with, never shown from here."""
    row = Contact.objects.filter(matter=matter).first()
    try:
        return row.phone if row else ""
    except Unreadable:
        return ""  # Its key is not there: nobody else's number is the same as far as can be told.


def with_phone(phone: str) -> QuerySet[Contact]:
    """The one place where a number is looked for."""
    return Contact.objects.filter(phone_key__in=digests("phone", phone)) if phone else Contact.objects.none()


def by_phone(actor: Actor, phone: str) -> QuerySet[Matter]:
    """Matters within reach whose reporter left this number; a body never finds a 举报 this way."""
    rows = visible_to(actor).filter(pk__in=with_phone(phone).values("matter_id"))
    return rows.filter(is_report=False) if actor.scope == "body" else rows


def count_by_phone(actor: Actor, phone: str, *, but: Matter | None = None) -> int:
    """How many there are, counted to a hundred: a number tells a dispatcher whether to ask, and names nobody."""
    rows = by_phone(actor, phone)
    return (rows.exclude(pk=but.pk) if but else rows)[:MOST_COUNTED].count()


def hides_reporter(actor: Actor, matter: Matter) -> bool:
    """Is even the number of others withheld? To whoever handles a 举报, and where nobody left a number."""
    return matter.is_report and actor.scope == "body"

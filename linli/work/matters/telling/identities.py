"""Identities that were looked at, and for what."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.db.models.functions import Substr

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Reveal
from linli.work.matters import queries

LOOKS_OF = timedelta(days=30)


@dataclass(frozen=True)
class Look:
    """Somebody looked at a resident's identity: when, from which post, what for, in which matter."""

    number: str
    at: datetime
    office: str
    purpose: str


def looks(actor: Actor, *, limit: int = 20) -> list[Look]:
    """The newest looks at identities in matters within the actor's reach, of the last thirty days."""
    kind = "matter:"
    own = queries.visible_to(actor).filter(number=OuterRef("number")).values("pk")
    rows = (
        Reveal.objects.filter(at__gte=clock.now() - LOOKS_OF, subject__startswith=kind)
        .annotate(number=Substr("subject", len(kind) + 1))
        .filter(Exists(own))
        .order_by("-at")
    )
    return [Look(row.number, row.at, row.office, row.purpose) for row in rows[:limit]]

"""Every read: whose subscriptions one may see, what concerns which of them, what still waits."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q, QuerySet

from linli.gateways.webhooks import kinds
from linli.gateways.webhooks.models import Delivery, Subscription
from linli.mechanisms import journal
from linli.mechanisms.access import Actor
from linli.mechanisms.journal.service import COLUMNS, heard
from linli.work.matters import queries as matters

READER = Actor.system("webhooks")
MOST_SHOWN = 50


def visible_to(actor: Actor) -> QuerySet[Subscription]:
    """The subscriptions of bodies in the actor's area; of nobody without the power."""
    rows = Subscription.objects.select_related("body__area", "area").order_by("-id")
    if actor.kind == "system":
        return rows
    if not actor.has("webhooks.subscribe") or actor.scope != "area" or not actor.area_path:
        return rows.none()
    return rows.filter(body__area__path__startswith=actor.area_path)


def waiting_of(subscription: Subscription) -> int:
    """How many entries are still to be sent, counted to a thousand."""
    return len(_waiting(subscription).values_list("pk")[:1000])


def _waiting(subscription: Subscription) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription=subscription, sent_at__isnull=True, given_up_at__isnull=True)


def waiting(subscription: Subscription, *, after: int, most: int) -> list[Delivery]:
    """What is to be sent next, in the journal's order."""
    return list(_waiting(subscription).filter(entry_id__gt=after).order_by("entry_id")[:most])


def latest(subscription: Subscription) -> list[Delivery]:
    """The newest entries, for the page."""
    return list(Delivery.objects.filter(subscription=subscription).order_by("-entry_id")[:MOST_SHOWN])


def tallied(subscription: Subscription) -> dict[str, int]:
    """How many were sent, wait, or were given up, of what is still kept."""
    return Delivery.objects.filter(subscription=subscription).aggregate(
        sent=Count("pk", filter=Q(sent_at__isnull=False)), given_up=Count("pk", filter=Q(given_up_at__isnull=False))
    )


def entries(ids: Iterable[int]) -> dict[int, journal.Heard]:
    """Entries of the journal by number."""
    with connection.cursor() as db:
        db.execute(f"SELECT {COLUMNS} FROM journal_entry WHERE id = ANY(%s)", [list(ids)])  # noqa: S608  Column names.
        return {row[0]: heard(row) for row in db.fetchall()}


def entries_from(first: int, last: int, *, most: int) -> list[journal.Heard]:
    """Entries of published kinds from a number on, up to another."""
    with connection.cursor() as db:
        db.execute(
            f"SELECT {COLUMNS} FROM journal_entry WHERE id BETWEEN %s AND %s AND fact = ANY(%s) ORDER BY id LIMIT %s",  # noqa: S608
            [first, last, list(kinds.KINDS), most],
        )
        return [heard(row) for row in db.fetchall()]


def newest_entry() -> int:
    """The number of the journal's newest entry; 0 for an empty one."""
    with connection.cursor() as db:
        db.execute("SELECT coalesce(max(id), 0) FROM journal_entry")
        return int(db.fetchone()[0])


def first_entry_since(moment: datetime) -> int:
    """The number of the first entry at or after a moment; one past the newest where there is none."""
    with connection.cursor() as db:
        db.execute("SELECT min(id) FROM journal_entry WHERE at >= %s", [moment])
        found = db.fetchone()[0]
    return int(found) if found is not None else newest_entry() + 1


def concerns(
    entries_heard: Sequence[journal.Heard], subscriptions: Sequence[Subscription]
) -> dict[int, list[journal.Heard]]:
    """Which of these entries each subscription is told: of its kinds, in its area, and never of a report 举报."""
    wanted: dict[int, list[journal.Heard]] = {}
    asked = {kind for each in subscriptions for kind in each.kinds}
    numbers = {each.key for each in entries_heard if each.fact.name in asked}
    if not numbers:
        return wanted
    rows = matters.visible_to(READER).filter(number__in=numbers, is_report=False)
    columns = ("city_id", "county_id", "township_id", "community_id", "grid_id")
    places = {number: set(ids) for number, *ids in rows.values_list("number", *columns)}
    for each in subscriptions:
        told = [
            one for one in entries_heard if one.fact.name in each.kinds and each.area_id in places.get(one.key, set())
        ]
        if told:
            wanted[each.pk] = told
    return wanted

"""Whose address it is, and what that post owes by when."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.icalendar import Event
from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment
from linli.portals.calendars.models import Feed
from linli.portals.calendars.service import digest_of
from linli.work.matters import queues
from linli.work.matters.rules import Categories
from linli.work.tasks import queries as tasks
from linli.work.whistles import queries as whistles
from linli.work.whistles import telling as meetings

MOST = 500
"""Of each kind, the ones due first: a calendar is for a person."""
KEPT = timedelta(days=30)
"""How long a meeting stays after it was held."""


def open_feed_of(actor: Actor) -> Feed | None:
    """The address that is open for the actor's post."""
    return Feed.objects.filter(appointment_id=actor.appointment_id or 0, revoked_at=None).first()


def actor_for(secret: str) -> Actor | None:
    """Who reads by this address: its owner at that post, if they still sit there. None: it leads nowhere."""
    feed = Feed.objects.filter(digest=digest_of(secret), revoked_at=None).first()
    if feed is None:
        return None
    term = (
        Appointment.objects.filter(access.in_office(clock.today()), pk=feed.appointment_id, person__is_active=True)
        .select_related("person", "post__body", "post__area")
        .first()
    )
    return access.actor_for(term.person, term) if term else None


def events(actor: Actor) -> Iterator[Event]:
    """What this post owes, and where it is expected."""
    yield from _matters(actor)
    yield from _tasks(actor)
    if actor.has("whistles.read"):
        for each in whistles.meetings(actor, limit=MOST):
            if each.starts_at > clock.now() - KEPT:
                yield meetings.event(each)


def _matters(actor: Actor) -> Iterator[Event]:
    if not actor.has("matters.read"):
        return
    names = {item.code: rulebook.label(item) for item in rulebook.current(Categories).list.items}
    for each in queues.whole(actor, queues.Filters(view="mine"))[:MOST]:
        if each.is_in_hand:
            yield Event(
                f"{each.number}@linli", each.moved_at, each.version, each.due_at,
                _("最晚答复：%(what)s %(number)s") % {"what": names.get(each.category, each.category), "number": each.number},
                url=_address("matters:matter", each.number),
            )  # fmt: skip


def _tasks(actor: Actor) -> Iterator[Event]:
    if not actor.has("tasks.read"):
        return
    for each in tasks.owed_by(actor)[:MOST]:
        yield Event(
            f"{each.number}@linli", each.given_at, each.version, each.due_on,
            _("任务到期：%(number)s") % {"number": each.number}, url=_address("tasks:task", each.number),
        )  # fmt: skip


def _address(name: str, number: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{reverse(name, args=[number])}"

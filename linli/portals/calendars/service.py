"""Every write: an address is opened and revoked by who sits at the post, and by nobody else."""

import hashlib
import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.calendars import FeedOpened, FeedRevoked
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused
from linli.portals.calendars.models import Feed


def digest_of(secret: str) -> str:
    """What is kept of an address. It is random and long, so a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def open_feed(*, by: Actor) -> tuple[Feed, str]:
    """开通 — a new address and, this once, its secret. An earlier one of the same post stops working."""
    appointment_id = _own(by)
    for old in Feed.objects.select_for_update().filter(appointment_id=appointment_id, revoked_at=None):
        _revoke(old, by)
    secret = secrets.token_urlsafe(32)
    feed = Feed.objects.create(appointment_id=appointment_id, digest=digest_of(secret), opened_at=clock.now())
    fact = FeedOpened(feed=feed.pk, appointment=appointment_id)
    journal.append(f"calendar-feed:{feed.pk}", fact, by=by.author, at=feed.opened_at)
    return feed, secret


@transaction.atomic
def revoke_feed(*, by: Actor) -> int:
    """停用 — from this moment on; how many were open (twice over is no error)."""
    open_feeds = list(Feed.objects.select_for_update().filter(appointment_id=_own(by), revoked_at=None))
    for feed in open_feeds:
        _revoke(feed, by)
    return len(open_feeds)


def _own(by: Actor) -> int:
    if by.appointment_id is None or by.on_behalf_of:
        raise Refused(_("期限日历只能由本人从自己的岗位开通或停用；代理人请看工作台。"))
    return by.appointment_id


def _revoke(feed: Feed, by: Actor) -> None:
    feed.revoked_at = clock.now()
    feed.save(update_fields=["revoked_at"])
    fact = FeedRevoked(feed=feed.pk, appointment=feed.appointment_id)
    journal.append(f"calendar-feed:{feed.pk}", fact, by=by.author, at=feed.revoked_at)

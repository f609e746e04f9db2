"""Every write: a subscription is made, stopped, resumed, given a new secret, replayed; its entries are queued."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.facts.webhooks import (
    SecretRenewed,
    Subscribed,
    SubscriptionReplayed,
    SubscriptionResumed,
    SubscriptionStopped,
)
from linli.gateways.webhooks import kinds, queries, reaching
from linli.gateways.webhooks.models import Delivery, Subscription
from linli.kernel import clock, text
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.mechanisms.journal import outward
from linli.mechanisms.territory import Node

SEND, REPLAY = "webhooks.send", "webhooks.replay"
LOST = timedelta(hours=1)
"""A job that should have run so long ago is gone; another is queued."""


class BadAddressError(ValueError):
    """The address cannot be subscribed; the sentence says why."""


# --- Subscriptions -----------------------------------------------------------------------------------------------------
@transaction.atomic
def subscribe(
    *, name: str, address: str, wanted: Collection[str], body: Body, area: Node, by: Actor
) -> tuple[Subscription, str]:
    """订阅 — the subscription and, this once, its secret. Raises BadAddressError, Refused."""
    _may(by, body)
    name = text.clean(name).replace("\n", " ")[:40]
    if len(name) < 2:
        raise Refused(_("请写明推给哪个系统。"))
    chosen = sorted(set(wanted) & set(kinds.KINDS))
    if not chosen:
        raise Refused(_("请至少选一种要推的事。"))
    if by.kind != "system" and not access.reaches_area(by, area.path):
        raise Refused(_("“%(area)s”不在您管的区域里。") % {"area": area.name})
    try:
        parts = reaching.check(address.strip())
    except reaching.Unreachable as error:
        raise BadAddressError(str(error)) from None
    made = Subscription.objects.create(
        name=name, address=address.strip(), kinds=chosen, body=body, area_id=area.id, salt=secrets.token_hex(16), made_at=clock.now(),
        made_by_id=by.person_id,
    )  # fmt: skip
    fact = Subscribed(
        subscription=made.pk, called=name, body=body.pk, area=area.id, host=parts.hostname or "", kinds=tuple(chosen)
    )
    journal.append(_subject(made), fact, by=by.author, at=made.made_at)
    return made, secret_of(made)


@transaction.atomic
def stop(subscription: Subscription, *, by: Actor) -> Subscription:
    """停推送 — from this moment on. What happens meanwhile can be sent afterwards by a replay."""
    held = _held(subscription, by)
    if not held.is_on:
        raise Refused(_("这个推送已经停了。"))
    held.stopped_at, held.stopped_for = clock.now(), "asked"
    held.save(update_fields=["stopped_at", "stopped_for"])
    fact = SubscriptionStopped(subscription=held.pk, body=held.body_id)
    journal.append(_subject(held), fact, by=by.author, at=held.stopped_at)
    return held


@transaction.atomic
def resume(subscription: Subscription, *, by: Actor) -> Subscription:
    """恢复推送 — what waited when it stopped is sent first."""
    held = _held(subscription, by)
    if held.is_on:
        raise Refused(_("这个推送没有停。"))
    held.stopped_at, held.stopped_for, held.failing_since, held.failures, held.next_at = None, "", None, 0, None
    held.save(update_fields=["stopped_at", "stopped_for", "failing_since", "failures", "next_at"])
    Delivery.objects.filter(subscription=held, sent_at__isnull=True, given_up_at__isnull=True).update(next_at=None)
    fact = SubscriptionResumed(subscription=held.pk, body=held.body_id)
    journal.append(_subject(held), fact, by=by.author, at=clock.now())
    wake([held.pk])
    return held


@transaction.atomic
def renew_secret(subscription: Subscription, *, by: Actor) -> tuple[Subscription, str]:
    """换签名密钥 — what is sent from now on is signed with it."""
    held = _held(subscription, by)
    held.salt = secrets.token_hex(16)
    held.save(update_fields=["salt"])
    fact = SecretRenewed(subscription=held.pk, body=held.body_id)
    journal.append(_subject(held), fact, by=by.author, at=clock.now())
    return held, secret_of(held)


@transaction.atomic
def replay(
    subscription: Subscription, *, by: Actor, from_entry: int | None = None, since: datetime | None = None
) -> Subscription:
    """补推 — everything of its kinds and area from an entry, or from a moment on, is sent once more under the same ids."""
    held = _held(subscription, by)
    if (from_entry is None) == (since is None):
        raise Refused(_("请写从哪一条，或者从哪一天。"))
    if not held.is_on:
        raise Refused(_("这个推送停着，请先恢复。"))
    first = from_entry if since is None else queries.first_entry_since(since)
    assert first is not None  # One of the two was given.
    fact = SubscriptionReplayed(subscription=held.pk, body=held.body_id, from_entry=max(first, 1))
    journal.append(_subject(held), fact, by=by.author, at=clock.now())
    outward.enqueue(REPLAY, subscription=held.pk, first=max(first, 1), last=queries.newest_entry())
    return held


def _held(subscription: Subscription, by: Actor) -> Subscription:
    held = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("body__area", "area")
        .get(pk=subscription.pk)
    )
    _may(by, held.body)
    return held


def _may(by: Actor, body: Body) -> None:
    if by.kind == "system":
        return
    require(by, "webhooks.subscribe")
    if by.through or not access.reaches_area(by, body.area.path):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": body.area.name})


def _subject(subscription: Subscription) -> str:
    return f"webhook:{subscription.pk}"


# --- Entries to be sent ------------------------------------------------------------------------------------------------
_ENQUEUED = """
INSERT INTO webhooks_delivery (subscription_id, entry_id, subject, kind, at, tries)
SELECT %s, told.id, told.subject, told.fact, told.at, 0 FROM journal_entry AS told WHERE told.id = ANY(%s)
ON CONFLICT (subscription_id, entry_id) DO """
_ONCE = "NOTHING"
_AGAIN = "UPDATE SET sent_at = NULL, tries = 0, next_at = NULL, failing_since = NULL, given_up_at = NULL"


def queue(subscription: int, entries: Sequence[journal.Heard], *, again: bool = False) -> None:
    """Entries a subscription is to be told; `again`: also those it was told."""
    with connection.cursor() as db:
        db.execute(_ENQUEUED + (_AGAIN if again else _ONCE), [subscription, [each.entry_id for each in entries]])


def wake(subscriptions: Collection[int]) -> None:
    """Let the worker send, unless it is already asked to."""
    now = clock.now()
    with connection.cursor() as db:
        db.execute(
            "UPDATE webhooks_subscription SET job_at = %s WHERE id = ANY(%s) AND stopped_at IS NULL"
            " AND (job_at IS NULL OR job_at < %s) RETURNING id",
            [now, list(subscriptions), now - LOST],
        )
        woken = [row[0] for row in db.fetchall()]
    for each in woken:
        outward.enqueue(SEND, subscription=each)


# --- What is sent ------------------------------------------------------------------------------------------------------
def secret_of(subscription: Subscription) -> str:
    """The secret both sides sign with, as the Standard Webhooks write it."""
    return "whsec_" + base64.b64encode(_key(subscription)).decode()


def _key(subscription: Subscription) -> bytes:
    whole = f"{subscription.pk}:{subscription.salt}"
    return salted_hmac("webhooks.secret", whole, algorithm="sha256").digest()


def body_of(delivery: Delivery, heard: journal.Heard) -> bytes:
    """What is told of an entry. The same bytes however often it is sent."""
    content = {
        "id": delivery.key,
        "type": heard.fact.name,
        "entry": heard.entry_id,
        "at": heard.at.astimezone(clock.CITY).isoformat(timespec="seconds"),
        "subject": heard.subject,
        "seq": heard.seq,
        "by": kinds.author(heard),
        "data": kinds.told(heard),
        "url": f"{settings.BASE_URL}{reverse('matters:matter', args=[heard.key])}",
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery: Delivery, body: bytes, *, at: datetime) -> dict[str, str]:
    """Its id, when it is sent, and the signature over both and the body."""
    stamp = str(int(at.timestamp()))
    signed = f"{delivery.key}.{stamp}.".encode() + body
    digest = hmac.new(_key(delivery.subscription), signed, hashlib.sha256).digest()
    return {
        "webhook-id": delivery.key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }

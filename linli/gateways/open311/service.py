"""Every write: a key is issued or revoked by who appoints; a service request becomes a matter."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.facts.open311 import ApiKeyIssued, ApiKeyRevoked
from linli.gateways.open311 import queries
from linli.gateways.open311.asking import Submitted, Wrong
from linli.gateways.open311.models import ApiKey, Filing
from linli.kernel import clock, text
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Body
from linli.mechanisms.access.sealing import Unreadable
from linli.mechanisms.territory import Node
from linli.work.matters import service as matters
from linli.work.matters.proposals import NobodyAnswersError
from linli.work.matters.rules import URGENT
from linli.work.matters.service import NeedsPlaceError, OutsideCityError, Report, SentTwiceError

SAME_FOR = timedelta(hours=24)
"""The same words from the same key within a day are the same matter, sent again because an answer was lost."""


# --- Keys ----------------------------------------------------------------------------------------------------------------
@transaction.atomic
def issue(*, name: str, body: Body, area: Node, by: Actor) -> tuple[ApiKey, str]:
    """发放密钥 — the key and, this once, its secret."""
    require(by, "access.appoint")
    if not access.reaches_area(by, body.area.path):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": body.area.name})
    if body.area_id not in area.lineage:
        raise Refused(_("“%(body)s”管不到%(area)s。") % {"body": body.name, "area": area.name})
    secret = f"o311_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=text.clean(name)[:80], prefix=secret[:10], digest=queries.digest_of(secret), body=body, area_id=area.id,
        issued_at=clock.now(), issued_by_id=by.person_id,
    )  # fmt: skip
    fact = ApiKeyIssued(key=key.pk, called=key.name, body=body.pk, area=area.id)
    journal.append(f"api-key:{key.pk}", fact, by=by.author, at=key.issued_at)
    return key, secret


@transaction.atomic
def revoke(key: ApiKey, *, by: Actor) -> ApiKey:
    """吊销密钥 — from this moment on. What it filed stays."""
    require(by, "access.appoint")
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("body__area").get(pk=key.pk)
    if not access.reaches_area(by, key.body.area.path):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": key.body.area.name})
    if key.revoked_at is not None:
        raise Refused(_("这个密钥已经吊销。"))
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    journal.append(f"api-key:{key.pk}", ApiKeyRevoked(key=key.pk), by=by.author, at=key.revoked_at)
    return key


# --- Requests ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Filed:
    """What the caller is told."""

    number: str
    due_at: datetime
    link: str
    is_urgent: bool


@transaction.atomic
def file(said: Submitted, *, key: ApiKey, mark: str = "") -> Filed:
    """代报 — a resident's words through somebody's app: registered as what a resident wrote, and noted which key brought it.

    `mark` is the caller's own for this sending (Idempotency-Key); without one the words themselves are, for a day.
    Raises Wrong; then nothing is stored.
    """
    report = Report(
        text=said.said,
        key=_form_key(said, key, mark),
        channel="open311",
        area_id=said.area_id,
        point=said.point,
        place_text=said.place,
        visibility="named" if said.name else "pseudonym" if said.phone or said.email else "anonymous",
        name=said.name,
        phone=said.phone,
        email=said.email,
        language=get_language() or "zh-hans",
        public=said.public,
        category=said.code,
    )
    try:
        done = matters.register(report, by=actor_of(key))
    except (NeedsPlaceError, OutsideCityError, NobodyAnswersError, SentTwiceError) as error:
        raise Wrong(400, str(error)) from error
    except Unreadable as error:  # No key to seal a contact under: nothing of it is written down in clear.
        raise Wrong(503, str(error)) from error
    matter = done.matter
    if key.area_id not in matter.place_ids:
        raise Wrong(403, _("这个密钥只能报“%(area)s”的诉求。") % {"area": key.area.name})
    if not done.again:
        Filing.objects.create(
            key=key, number=matter.number, token_digest=queries.token_digest(done.token), digest=said.digest,
            at=matter.registered_at,
        )  # fmt: skip
    path = reverse("resident:follow", args=[matter.number, done.token])
    return Filed(matter.number, matter.due_at, f"{settings.BASE_URL}{path}", is_urgent=matter.risk >= URGENT)


def actor_of(key: ApiKey) -> Actor:
    """A stranger who may do one thing, within the key's area: the words are a resident's, and the journal says so."""
    return Actor(
        "stranger", name=key.name, body_id=key.body_id, body_name=key.body.short_name, area_id=key.area_id,
        area_name=key.area.name, area_level=key.area.level, area_path=key.area.path, scope="area",
        powers=frozenset({"matters.register"}),
    )  # fmt: skip


def _form_key(said: Submitted, key: ApiKey, mark: str) -> str:
    """Two that arrive at once have the same, and the register lets one of them wait for the other."""
    if mark:
        own = f"mark\n{mark}"
    else:
        earlier = Filing.objects.filter(key=key, digest=said.digest, at__lt=clock.now() - SAME_FOR).count()
        own = f"words\n{said.digest}\n{earlier}"
    return "open311-" + hashlib.sha256(f"{key.pk}\n{own}".encode()).hexdigest()[:48]

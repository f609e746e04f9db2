"""How to reach whoever brought it: masked for all, in full after a purpose is on record."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from linli.kernel import clock, masking
from linli.mechanisms.access import Actor
from linli.mechanisms.access.models import Reveal
from linli.mechanisms.access.sealing import Unreadable
from linli.work.matters.models import Contact, Matter, Visibility


@dataclass(frozen=True)
class ShownContact:
    """The reporter as this actor may see them: masked, unless they have given a purpose today."""

    visibility: str
    name: str
    phone: str
    revealed: bool
    may_reveal: bool
    gone: str = ""
    """Why there is nothing to see, where something was: cleared in time, or sealed under a key that is not here."""


def contact_of(matter: Matter, actor: Actor) -> ShownContact:
    """Masked by default; in clear for the person who wrote down a purpose on the same day."""
    row = Contact.objects.filter(matter_id=matter.parent_id or matter.pk).first()
    hidden = matter.is_report and actor.scope == "body"
    if row is None or hidden:
        cleared = row is None and matter.visibility != Visibility.ANONYMOUS
        gone = _("姓名和联系方式已按期清除，谁也看不到了。") if cleared else ""
        return ShownContact(matter.visibility, "", "", revealed=False, may_reveal=False, gone=gone)
    try:
        name, phone = row.name, row.phone
    except Unreadable as error:
        return ShownContact(matter.visibility, "", "", revealed=False, may_reveal=False, gone=str(error))
    since = clock.now() - timedelta(hours=12)
    looked = (
        actor.person_id is not None
        and Reveal.objects.filter(
            subject=matter.reporter_subject, field="contact", person_id=actor.person_id, at__gte=since
        ).exists()
    )
    if looked:
        return ShownContact(matter.visibility, name, phone, revealed=True, may_reveal=True)
    return ShownContact(
        matter.visibility, masking.mask_name(name), masking.mask_phone(phone), revealed=False,
        may_reveal=actor.has("matters.reveal"),
    )  # fmt: skip


@dataclass(frozen=True)
class Reachable:
    """Where a reporter is told, and in which language; for a gateway that tells them, never for a page."""

    phone: str
    language: str


def reach_of(number: str) -> Reachable | None:
    """The telephone a reporter left to be told by; None if there is none."""
    row = Contact.objects.filter(matter__number=number).first()
    return Reachable(row.phone, row.language) if row is not None and row.phone else None

"""最后的地址 — how somebody is told that what was held of them is gone, when their address is among it.

What is deleted is deleted in the same moment; only where to send the one letter about it is kept, sealed, until it was
sent by every way they chose, and never longer than three days (《个人信息保护法》第四十七条、第五十条).
"""

from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from linli.mechanisms.access import Actor
from linli.mechanisms.access.sealing import Unreadable
from linli.mechanisms.flow import timers
from linli.work.matters.models import Contact, Erasure, LastAddress

FORGET = "matters.forget_address"
LONGEST = timedelta(days=3)
"""Longer than any letter or text message is tried."""


def keep_address(row: Erasure, *, at: datetime) -> None:
    """留下最后的地址 — before the contact goes; nothing where nobody left one, or where it cannot be read."""
    contact = Contact.objects.filter(matter=row.matter_id).first()
    try:
        phone, email = (contact.phone, contact.email) if contact else ("", "")
    except Unreadable:
        return  # Nobody can write to them any more; the page still says it.
    if contact is not None and (phone or email):
        LastAddress.objects.create(erasure=row, phone=phone, email=email, language=contact.language)
        timers.arm(row.subject, FORGET, at=at + LONGEST)


@transaction.atomic
def told(number: str, way: Literal["phone", "email"]) -> None:
    """已告知 — by this way, or nobody wants to be: the address goes, and with the last one the row. Twice is once."""
    kept = LastAddress.objects.select_for_update().filter(erasure__number=number).first()
    if kept is None:
        return
    setattr(kept, way, "")
    if kept.phone or kept.email:
        kept.save(update_fields=[way])
        return
    kept.delete()
    timers.disarm(f"erasure:{number}", FORGET)


def forget_telephone(number: str) -> None:
    """The same of a matter's telephone, by the matter's own number: what a text message knows."""
    for erasure in LastAddress.objects.filter(erasure__matter__number=number).values_list("erasure__number", flat=True):
        told(erasure, "phone")


@timers.timer(FORGET)
def forget_address(subject: str, by: Actor) -> None:
    """到时清除 — nobody could be told in three days: the page says it, the address goes all the same."""
    del by
    LastAddress.objects.filter(erasure__number=subject.partition(":")[2]).delete()

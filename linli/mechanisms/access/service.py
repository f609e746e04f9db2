"""Every write about who is who: posts filled, handed over, lent; identities revealed."""

from datetime import date

from django.db import transaction

from linli.facts.access import Appointed, Delegated, IdentityRevealed, Relieved
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.access.actors import Actor, Refused, require
from linli.mechanisms.access.models import Appointment, Delegation, Person, Post, Reveal


@transaction.atomic
def appoint(person: Person, *, to: Post, from_on: date, by: Actor, part_time: bool = False) -> Appointment:
    """任命 — a person holds a post from a day on."""
    require(by, "access.appoint")
    appointment = Appointment.objects.create(person=person, post=to, from_on=from_on, part_time=part_time)
    fact = Appointed(appointment=appointment.pk, person=person.pk, post=to.pk, kind=to.kind, area=to.area_id, from_on=from_on)
    journal.append(f"post:{to.pk}", fact, by=by.author, at=clock.now())
    return appointment


@transaction.atomic
def relieve(appointment: Appointment, *, to_on: date, by: Actor) -> Appointment:
    """免去 — the appointment's last day. What was done from the post stays signed by whoever held it then."""
    require(by, "access.appoint")
    appointment = Appointment.objects.select_for_update().get(pk=appointment.pk)
    appointment.to_on = to_on
    appointment.save(update_fields=["to_on"])
    fact = Relieved(appointment=appointment.pk, person=appointment.person_id, post=appointment.post_id, to_on=to_on)
    journal.append(f"post:{appointment.post_id}", fact, by=by.author, at=clock.now())
    return appointment


@transaction.atomic
def delegate(appointment: Appointment, *, to: Person, from_on: date, to_on: date, reason: str, by: Actor) -> Delegation:
    """代理 — somebody away lets another act from their post. Only the holder or whoever appoints may."""
    if by.person_id != appointment.person_id:
        require(by, "access.appoint")
    if to.pk == appointment.person_id:
        raise Refused("代理人不能是本人。")
    lent = Delegation.objects.create(appointment=appointment, delegate=to, from_on=from_on, to_on=to_on, reason=reason)
    fact = Delegated(appointment=appointment.pk, delegate=to.pk, from_on=from_on, to_on=to_on)
    journal.append(f"post:{appointment.post_id}", fact, by=by.author, at=clock.now())
    return lent


@transaction.atomic
def reveal(subject: str, *, field: str, purpose: str, by: Actor) -> Reveal:
    """查看身份 — write down who looks, at what and why; only then may the caller show it."""
    if by.person_id is None:
        raise Refused("查看身份必须以本人岗位登录。")
    if len(purpose.strip()) < 4:
        raise Refused("请写明查看的用途（至少4个字），例如：电话核实漏水位置。")
    now = clock.now()
    row = Reveal.objects.create(
        subject=subject, field=field, purpose=purpose.strip()[:200], person_id=by.person_id, office=by.office, at=now
    )
    journal.append(subject, IdentityRevealed(field=field, office=by.office), by=by.author, at=now, move="reveal")
    return row

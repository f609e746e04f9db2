"""Every write about who is who: posts filled, handed over, lent; identities revealed."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.facts.access import (
    AccountClosed,
    AccountOpened,
    AccountRestored,
    Appointed,
    BodyEstablished,
    BodyRevised,
    Delegated,
    IdentityRevealed,
    PasswordReset,
    PostEstablished,
    Recalled,
    Relieved,
)
from linli.kernel import clock, text
from linli.mechanisms import journal, rulebook
from linli.mechanisms.access import queries
from linli.mechanisms.access.actors import Actor, Refused, require
from linli.mechanisms.access.models import Appointment, Body, BodyKind, Delegation, Person, Post, Reveal
from linli.mechanisms.territory import Node


@transaction.atomic
def appoint(
    person: Person, *, to: Post, from_on: date, by: Actor, to_on: date | None = None, part_time: bool = False
) -> Appointment:
    """任命 — a person holds a post from a day on. Only in the appointer's own area, and never the appointer."""
    require(by, "access.appoint")
    _within(by, to)
    if person.pk == by.person_id:
        raise Refused(_("不能任命自己。请由上级或本单位的另一位管理员办理。"))
    if not person.is_active:
        raise Refused(_("%(person)s的账号已停用，请先恢复账号，再任命。") % {"person": person})
    if to_on is not None and to_on < from_on:
        raise Refused(_("任职的最后一天不能早于第一天。"))
    overlapping = Appointment.objects.filter(person=person, post=to).filter(Q(to_on=None) | Q(to_on__gte=from_on))
    if (overlapping if to_on is None else overlapping.filter(from_on__lte=to_on)).exists():
        raise Refused(_("%(person)s已经在“%(post)s”这个岗位上。") % {"person": person, "post": to})
    appointment = Appointment.objects.create(person=person, post=to, from_on=from_on, to_on=to_on, part_time=part_time)
    fact = Appointed(
        appointment=appointment.pk, person=person.pk, post=to.pk, kind=to.kind, area=to.area_id, from_on=from_on
    )
    journal.append(f"post:{to.pk}", fact, by=by.author, at=clock.now())
    return appointment


@transaction.atomic
def relieve(appointment: Appointment, *, to_on: date, by: Actor) -> Appointment:
    """免去 — the appointment's last day. What was done from the post stays signed by whoever held it then."""
    require(by, "access.appoint")
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("post__area", "post__body")
        .get(pk=appointment.pk)
    )
    _within(by, appointment.post)
    if appointment.to_on is not None and appointment.to_on < clock.today():
        raise Refused(_("这个任职已经结束。"))
    if to_on < appointment.from_on:
        raise Refused(_("任职的最后一天不能早于第一天。"))
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
        _within(by, appointment.post)
        if to.pk == by.person_id:
            raise Refused(_("不能指定自己去代理别人的岗位。请由本人或上级办理。"))
    if to.pk == appointment.person_id:
        raise Refused(_("代理人不能是本人。"))
    if not to.is_active:
        raise Refused(_("%(person)s的账号已停用，不能代理。") % {"person": to})
    if to_on < from_on or to_on < clock.today():
        raise Refused(_("代理的最后一天不能早于第一天，也不能早于今天。"))
    lent = Delegation.objects.create(appointment=appointment, delegate=to, from_on=from_on, to_on=to_on, reason=reason)
    fact = Delegated(appointment=appointment.pk, delegate=to.pk, from_on=from_on, to_on=to_on)
    journal.append(f"post:{appointment.post_id}", fact, by=by.author, at=clock.now())
    return lent


@transaction.atomic
def recall(lent: Delegation, *, by: Actor) -> Delegation:
    """收回代理 — it ends now, before its last day. What the delegate did stays signed as theirs."""
    lent = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("appointment__person", "appointment__post__area", "appointment__post__body", "delegate")
        .get(pk=lent.pk)
    )
    if by.person_id is None or by.person_id not in {lent.appointment.person_id, lent.delegate_id}:
        require(by, "access.appoint")
        _within(by, lent.appointment.post)
    if lent.recalled_at is not None or lent.to_on < clock.today():
        raise Refused(_("这项代理已经结束。"))
    lent.recalled_at = clock.now()
    lent.save(update_fields=["recalled_at"])
    fact = Recalled(appointment=lent.appointment_id, delegate=lent.delegate_id)
    journal.append(f"post:{lent.appointment.post_id}", fact, by=by.author, at=lent.recalled_at)
    return lent


# --- Bodies and posts ----------------------------------------------------------------------------------------------------
@transaction.atomic
def establish_body(
    *, name: str, kind: str, area: Node, by: Actor, short_name: str = "", functions: Sequence[str] = (), phone: str = ""
) -> Body:
    """设立单位 — in the appointer's own area."""
    require(by, "access.appoint")
    if not queries.reaches_area(by, area.path):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": area.name})
    if Body.objects.filter(area_id=area.id, name=name).exists():
        raise Refused(_("%(area)s已经有“%(name)s”了。") % {"area": area.name, "name": name})
    body = Body.objects.create(
        name=name, short_name=(short_name or name)[:40], kind=BodyKind(kind), functions=list(functions), area_id=area.id,
        level=area.level, phone=phone, valid_from=clock.today(),
    )  # fmt: skip
    fact = BodyEstablished(body=body.pk, called=name, kind=body.kind, area=area.id, functions=tuple(functions))
    journal.append(f"body:{body.pk}", fact, by=by.author, at=clock.now())
    return body


@transaction.atomic
def revise_body(body: Body, *, short_name: str, functions: Sequence[str], phone: str, by: Actor) -> Body:
    """改单位 — its functions, short name and telephone. Its full name is what the record knows it by, and stays."""
    require(by, "access.appoint")
    body = Body.objects.select_for_update(of=("self",)).select_related("area").get(pk=body.pk)
    if not queries.reaches_area(by, body.area.path):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": body.area.name})
    body.short_name, body.functions, body.phone = (short_name or body.name)[:40], list(functions), phone
    body.save(update_fields=["short_name", "functions", "phone"])
    fact = BodyRevised(body=body.pk, called=body.short_name, functions=tuple(functions))
    journal.append(f"body:{body.pk}", fact, by=by.author, at=clock.now())
    return body


@transaction.atomic
def establish_post(*, kind: str, body: Body, area: Node, by: Actor, title: str = "") -> Post:
    """设立岗位 — of a kind the pack knows, at a level where that kind stands, in the appointer's own area."""
    require(by, "access.appoint")
    found = queries.post_kinds().get(kind)
    if found is None:
        raise Refused(_("岗位清单里没有“%(kind)s”。") % {"kind": kind})
    if area.level not in found.levels:
        raise Refused(_("“%(kind)s”不设在%(area)s这一级。") % {"kind": rulebook.label(found), "area": area.name})
    if body.area_id not in area.lineage:
        raise Refused(_("“%(body)s”管不到%(area)s。") % {"body": body.name, "area": area.name})
    if not (queries.reaches_area(by, area.path) or (by.scope == "body" and by.body_id == body.pk)):
        raise Refused(_("“%(area)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"area": area.name})
    if Post.objects.filter(kind=kind, body=body, area_id=area.id).exists():
        raise Refused(_("%(body)s已经有这个岗位了。") % {"body": body.name})
    post = Post.objects.create(kind=kind, title=title or found.name, body=body, area_id=area.id)
    fact = PostEstablished(post=post.pk, kind=kind, body=body.pk, area=area.id)
    journal.append(f"post:{post.pk}", fact, by=by.author, at=clock.now())
    return post


# --- Accounts ----------------------------------------------------------------------------------------------------------
def one_time_password() -> str:
    """Twelve characters that cannot be mistaken for one another when read out: 60 bits."""
    return "-".join("".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(4)) for _ in range(3))


@transaction.atomic
def open_account(
    *, username: str, name: str, phone: str = "", email: str = "", post: Post, from_on: date, by: Actor
) -> tuple[Person, str]:
    """建号 — an account and its first appointment, with a password to hand over, which must be changed at once."""
    require(by, "access.appoint")
    _within(by, post)
    if Person.objects.filter(username__iexact=username).exists():
        raise Refused(_("用户名“%(username)s”已经有人用了，请换一个。") % {"username": username})
    password = one_time_password()
    person = Person.objects.create_user(
        username, password, name=name, phone=phone, email=email, must_change_password=True
    )
    journal.append(f"person:{person.pk}", AccountOpened(person=person.pk), by=by.author, at=clock.now())
    appoint(person, to=post, from_on=from_on, by=by)
    return person, password


@transaction.atomic
def open_first_account(
    *, username: str, name: str, post: str, body_name: str, area: Node, by: Actor, phone: str = "", email: str = ""
) -> tuple[Person, str]:
    """第一个账号 — of whoever will open all others. Refused as soon as there is somebody who can.

    The body and the post come with it where they do not stand yet: before the first account nobody could make them.
    """
    require(by, "access.appoint")
    if by.kind != "system":
        raise Refused(_("第一个账号只能在服务器上用命令建。"))
    with connection.cursor() as db:  # Of two commands at once, the second finds what the first has made.
        db.execute("SELECT pg_advisory_xact_lock(hashtext('linli.access.first'))")
    there = queries.appointers().first()
    if there is not None:
        raise Refused(
            _("已经有能建号的人了：%(who)s。请由他在“人员”页里建号、任命。") % {"who": f"{there.post} {there.person}"}
        )
    kind = queries.post_kinds().get(post)
    if kind is None or "access.appoint" not in kind.powers:
        raise Refused(_("“%(post)s”不是能建号、任命的岗位。") % {"post": post})
    body = Body.objects.filter(area_id=area.id, name=body_name).first() or establish_body(
        name=body_name, kind=BodyKind.GOVERNMENT, area=area, by=by, phone=phone
    )
    chair = Post.objects.filter(kind=post, body=body, area_id=area.id).select_related(
        "area", "body"
    ).first() or establish_post(kind=post, body=body, area=area, by=by)
    return open_account(
        username=username, name=name, phone=phone, email=email, post=chair, from_on=clock.today(), by=by
    )


@transaction.atomic
def reset_password(person: Person, *, by: Actor) -> str:
    """重置密码 — a new one-time password; every session of the person ends, and second factors are taken off."""
    person = _administered(person, by=by)
    password = one_time_password()
    person.set_password(password)  # Sessions carry a digest of the password, so they all end.
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    Authenticator.objects.filter(user_id=person.pk).delete()
    journal.append(f"person:{person.pk}", PasswordReset(person=person.pk), by=by.author, at=clock.now())
    return password


@transaction.atomic
def close_account(person: Person, *, by: Actor) -> Person:
    """停用 — the account opens nothing any more, from the next click on. Nothing signed by it changes."""
    person = _administered(person, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    journal.append(f"person:{person.pk}", AccountClosed(person=person.pk), by=by.author, at=clock.now())
    return person


@transaction.atomic
def restore_account(person: Person, *, by: Actor) -> Person:
    """恢复 — a closed account opens again."""
    person = _administered(person, by=by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    journal.append(f"person:{person.pk}", AccountRestored(person=person.pk), by=by.author, at=clock.now())
    return person


def _administered(person: Person, *, by: Actor) -> Person:
    """The person, locked, if the actor is over every post they act from: who could reset a superior could become one."""
    require(by, "access.appoint")
    if person.pk == by.person_id:
        raise Refused(_("自己的账号请在“登录安全”里改，或请另一位管理员办理。"))
    person = Person.objects.select_for_update().get(pk=person.pk)
    today = clock.today()
    own = Q(person=person) & (Q(to_on=None) | Q(to_on__gte=today))
    lent = Q(delegations__delegate=person, delegations__to_on__gte=today, delegations__recalled_at=None)
    for appointment in Appointment.objects.filter(own | lent).select_related("post__area", "post__body").distinct():
        _within(by, appointment.post)
    return person


def _within(by: Actor, post: Post) -> None:
    """Who appoints appoints in their own area and what lies in it, never beside or above it."""
    if not queries.reaches(by, post):
        raise Refused(_("“%(post)s”不在您管的区域里，只能由那里或上级的管理员办理。") % {"post": post})


# --- Looking at identities -----------------------------------------------------------------------------------------------
def write_reveal(subject: str, *, field: str, purpose: str, by: Actor, at: datetime) -> Reveal:
    """查看身份 — write down who looks, at what and why; only then may the caller show it.

    Inside the caller's step, which records `revealed(row)`: the look is in the journal of what was looked at.
    """
    if by.person_id is None:
        raise Refused(_("查看身份必须以本人岗位登录。"))
    purpose = text.clean(purpose)
    if len(purpose) < 4:
        raise Refused(_("请写明查看的用途（至少4个字），例如：电话核实漏水位置。"))
    return Reveal.objects.create(
        subject=subject, field=field, purpose=purpose[:200], person_id=by.person_id, office=by.office, at=at
    )


def revealed(row: Reveal) -> IdentityRevealed:
    """The fact of one look."""
    return IdentityRevealed(field=row.field, office=row.office)

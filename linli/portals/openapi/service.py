"""Every write: a token is issued by who holds the post, and revoked by them or by who appoints there."""

import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.facts.openapi import TokenIssued, TokenRevoked
from linli.kernel import clock, text
from linli.mechanisms import journal
from linli.mechanisms.access import Actor, Refused, require
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment
from linli.portals.openapi import queries
from linli.portals.openapi.models import Token

LONGEST = timedelta(days=366)
"""A token that nobody renews stops within a year."""


@transaction.atomic
def issue(*, name: str, appointment: Appointment, powers: Collection[str], until: date, by: Actor) -> tuple[Token, str]:
    """发放令牌 — the token's row and, this once, the token. It acts from this post, with these of its powers."""
    if by.kind != "system":
        require(by, "openapi.issue")
        if by.through or by.on_behalf_of or by.appointment_id != appointment.pk:
            raise Refused(_("令牌只能由在这个岗位上的人自己发放。"))
    name = text.clean(name).replace("\n", " ")[:40]
    if len(name) < 2:
        raise Refused(_("请写明哪个系统用这个令牌；它办的每一步都署这个名字。"))
    held = access.actor_for(appointment.person, appointment)
    chosen = [power for power in queries.powers_of(held) if power in powers]
    if not chosen or set(powers) - set(chosen):
        raise Refused(_("请从岗位现有的权限里至少选一项。"))
    if not clock.today() <= until <= clock.today() + LONGEST:
        raise Refused(_("令牌最长用一年，请选今天到一年以内的一天。"))
    secret = f"linli_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        name=name, prefix=secret[:12], digest=queries.digest_of(secret), appointment=appointment, powers=chosen,
        issued_at=clock.now(), issued_by_id=by.person_id, until=until,
    )  # fmt: skip
    fact = TokenIssued(token=token.pk, called=name, appointment=appointment.pk, powers=tuple(chosen), until=until)
    journal.append(f"token:{token.pk}", fact, by=by.author, at=token.issued_at)
    return token, secret


@transaction.atomic
def revoke(token: Token, *, by: Actor) -> Token:
    """吊销令牌 — from the next call on. What it did stays."""
    token = Token.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if by.kind != "system" and (by.through or queries.revocable(by, token.pk) is None):
        raise Refused(_("这个令牌只能由它的持有人，或者那里的岗位管理员吊销。"))
    if token.revoked_at is not None:
        raise Refused(_("这个令牌已经吊销。"))
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    journal.append(f"token:{token.pk}", TokenRevoked(token=token.pk), by=by.author, at=token.revoked_at)
    return token


def note_use(token: Token) -> None:
    """Note that a token was used, once a minute at most."""
    now = clock.now()
    if token.used_at is None or (now - token.used_at).total_seconds() >= queries.USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=now)

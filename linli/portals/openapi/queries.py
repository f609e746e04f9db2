"""Every read: which token this is and who acts by it; whose tokens one may see."""

import hashlib
from dataclasses import replace

from django.db.models import Q, QuerySet

from linli.kernel import clock
from linli.mechanisms.access import Actor
from linli.mechanisms.access import queries as access
from linli.mechanisms.access.models import Appointment
from linli.portals.openapi.models import Token

USED_EVERY = 60
"""Seconds between two notes of a token's use: reading must not write each time."""

OFFERED = (
    "matters.read", "matters.register", "matters.settle", "matters.raise_up", "matters.assign", "matters.accept", "matters.object",
    "matters.rule", "matters.ask_extension", "matters.extend", "matters.carry", "matters.answer", "matters.verify", "matters.redo",
    "matters.propose_exclusion", "matters.exclude", "matters.look_again", "matters.oversee", "matters.contact", "matters.ask_help",
    "matters.advise", "matters.approve", "matters.refuse_off_list", "matters.merge", "matters.unmerge", "matters.split", "matters.add",
    "matters.press", "matters.respond", "matters.visit", "matters.appeal", "matters.decide_appeal", "matters.mask", "matters.hold",
    "matters.ask_erasure", "matters.erase", "matters.reveal", "indicators.read", "journal.read", "notices.read",
    "whistles.read", "whistles.sound", "whistles.acknowledge", "whistles.arrive", "whistles.report", "whistles.agree",
    "whistles.conclude", "whistles.rate", "whistles.judge", "whistles.withdraw",
    "tasks.read", "tasks.take_up", "tasks.report", "tasks.ask_delay", "tasks.finish", "tasks.grant_delay", "tasks.confirm",
    "tasks.cancel", "tasks.press",
)  # fmt: skip
"""What the API can do at all; a token may hold of these what its post has."""


def digest_of(secret: str) -> str:
    """What is kept of a token. It is random and long, so a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def token_for(secret: str) -> Token | None:
    """The token, if it is one and still good: not revoked, not past its day, its holder in office and active."""
    today = clock.today()
    return (
        _whole(Token.objects.all())
        .filter(
            Q(appointment__to_on__isnull=True) | Q(appointment__to_on__gte=today), digest=digest_of(secret), revoked_at=None,
            until__gte=today, appointment__from_on__lte=today, appointment__person__is_active=True,
            appointment__post__body__valid_to=None,
        )
        .first()
    )  # fmt: skip


def actor_of(token: Token) -> Actor:
    """Its holder at their post, with no more powers than the token has and the post still has."""
    whole = access.actor_for(token.appointment.person, token.appointment)
    return replace(whole, powers=whole.powers & frozenset(token.powers), through=token.name)


def powers_of(actor: Actor) -> list[str]:
    """What of an actor's powers a token may hold, in the order of the lifecycle."""
    return [power for power in OFFERED if actor.has(power)]


def own(actor: Actor) -> list[Token]:
    """The tokens that act from the actor's own appointments, newest first."""
    if actor.person_id is None:
        return []
    return list(_whole(Token.objects.filter(appointment__person_id=actor.person_id)).order_by("-id"))


def looked_after(actor: Actor) -> QuerySet[Token]:
    """The tokens of the posts an appointer is over; of nobody for whoever does not appoint."""
    if not actor.has("access.appoint"):
        return Token.objects.none()
    posts = access.posts_of(actor).values("pk")
    return _whole(Token.objects.filter(appointment__post__in=posts)).order_by("-id")


def revocable(actor: Actor, number: int) -> Token | None:
    """A token the actor may revoke: of their own post, or of a post they are over."""
    mine = next((each for each in own(actor) if each.pk == number), None)
    return mine or looked_after(actor).filter(pk=number).first()


def issued() -> list[Token]:
    """All that were ever issued, for the command."""
    return list(_whole(Token.objects.all()).order_by("id"))


def appointment_of(username: str) -> list[Appointment]:
    """The posts a person holds today."""
    rows = Appointment.objects.filter(
        access.in_office(clock.today()), person__username=username, person__is_active=True
    )
    return list(rows.select_related("person", "post__body", "post__area").order_by("id"))


def _whole(rows: QuerySet[Token]) -> QuerySet[Token]:
    return rows.select_related("appointment__person", "appointment__post__body", "appointment__post__area")

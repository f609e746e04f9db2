"""Which matters somebody may know of: by their post, by being asked, or by a resident's own link."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.http import Http404

from linli.mechanisms import territory
from linli.mechanisms.access import Actor
from linli.work.matters import words
from linli.work.matters.flow import OPEN
from linli.work.matters.models import Approval, CoHandler, Matter

SLOTS = {1: "city_id", 2: "county_id", 3: "township_id", 4: "community_id", 5: "grid_id"}


def reach(actor: Actor) -> dict[str, int] | None:
    """What of a matter decides that this actor may know of it: column and value; {} for all, None for nothing.

    Strangers: nothing; what is public has its own query (nearby).
    """
    if actor.kind == "system":
        return {}
    if actor.kind != "staff" or not actor.has("matters.read"):
        return None
    if actor.scope == "area" and actor.area_level in SLOTS and actor.area_id is not None:
        return {} if actor.area_level == 1 else {SLOTS[actor.area_level]: actor.area_id}
    if actor.scope == "body" and actor.body_id is not None:
        return {"handler_id": actor.body_id}
    return None


def visible_to(actor: Actor) -> QuerySet[Matter]:
    """The matters within this actor's reach."""
    held = reach(actor)
    return Matter.objects.none() if held is None else Matter.objects.filter(**held)


def get(actor: Actor, number: str) -> Matter:
    """One matter, or 404: outside an actor's reach even its existence is not disclosed."""
    found = visible_to(actor).select_related("handler").filter(number=number).first()
    if found is None and actor.scope == "body" and actor.has("matters.read"):
        found = _asked_of(actor).select_related("handler").filter(number=number).first()
    if found is None:
        raise Http404("没有这件诉求，或不在您的管辖范围内。")
    return found


def _asked_of(actor: Actor) -> QuerySet[Matter]:
    """What another body leads and this one is asked about: to support it, or to take an order no duty list holds."""
    helps = CoHandler.objects.filter(body_id=actor.body_id or 0).values("matter_id")
    orders = Approval.objects.filter(body_id=actor.body_id or 0, decided_at__isnull=True).values("matter_id")
    return Matter.objects.filter(Q(pk__in=helps) | Q(pk__in=orders))


def may_see(actor: Actor, number: str) -> bool:
    """Would `get` give it?"""
    try:
        get(actor, number)
    except Http404:
        return False
    return True


def helping(actor: Actor, *, limit: int = 50) -> list[CoHandler]:
    """What this body is asked to support and is still open, what it has not answered first."""
    rows = CoHandler.objects.filter(body_id=actor.body_id or 0, matter__state__in=OPEN).select_related(
        "matter__handler"
    )
    return list(rows.order_by(F("advised_at").asc(nulls_first=True), "advise_by", "id")[:limit])


def among(actor: Actor, numbers: Iterable[str]) -> dict[str, Matter]:
    """Those of these matters the actor may read, by number: for a list another app made of numbers alone."""
    return {each.number: each for each in visible_to(actor).select_related("handler").filter(number__in=list(numbers))}


def by_link(number: str, token: str) -> Matter:
    """A resident's own matter by its secret link, or 404."""
    if words.is_follow_token(number, token):
        found = Matter.objects.select_related("handler").filter(number=number).first()
        if found is not None:
            return found
    raise Http404("没有找到这件诉求。请检查链接是否完整。")


def slot_of(area_id: int) -> dict[str, int] | None:
    """What lies in an area: column and value; None for an area that does not exist."""
    try:
        level = territory.area(area_id).level
    except LookupError:
        return None
    return {SLOTS.get(level, "grid_id"): area_id}


def within(area_id: int) -> Q:
    """The same as a condition."""
    held = slot_of(area_id)
    return Q(pk__isnull=True) if held is None else Q(**held)

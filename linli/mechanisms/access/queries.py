"""Who a person is at a post today, who sits where, and which body is answerable for a function at a place."""

from datetime import date

from django.db.models import Q, QuerySet

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access.actors import Actor
from linli.mechanisms.access.models import Appointment, Body, Delegation, Person
from linli.mechanisms.access.rules import PostKind, PostKinds


def in_office(on: date) -> Q:
    """Appointments that hold on a day."""
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gte=on))


def appointments_of(person: Person, *, on: date | None = None) -> list[tuple[Appointment, str]]:
    """The posts a person may act from today: their own, then those delegated to them (with whose they are)."""
    day = on or clock.today()
    own = Appointment.objects.filter(in_office(day), person=person).select_related("post__body", "post__area").order_by("id")
    found = [(each, "") for each in own]
    lent = Delegation.objects.filter(delegate=person, from_on__lte=day, to_on__gte=day).select_related(
        "appointment__post__body", "appointment__post__area", "appointment__person"
    )
    found += [(each.appointment, each.appointment.person.name) for each in lent if _still_holds(each.appointment, day)]
    return found


def _still_holds(appointment: Appointment, day: date) -> bool:
    return appointment.from_on <= day and (appointment.to_on is None or appointment.to_on >= day)


def post_kinds() -> dict[str, PostKind]:
    """The pack's kinds of post by code."""
    return rulebook.current(PostKinds).list.by_code


def actor_for(person: Person, appointment: Appointment, *, on_behalf_of: str = "") -> Actor:
    """The actor a person is at a post. A kind of post that the pack does not know has no power."""
    post = appointment.post
    kind = post_kinds().get(post.kind)
    return Actor(
        "staff",
        name=person.name,
        person_id=person.pk,
        appointment_id=appointment.pk,
        post=post.kind,
        title=post.title,
        body_id=post.body_id,
        body_name=post.body.short_name,
        area_id=post.area_id,
        area_name=post.area.name,
        area_level=post.area.level,
        area_path=post.area.path,
        scope=kind.scope if kind else "nothing",
        powers=frozenset(kind.powers) if kind else frozenset(),
        on_behalf_of=on_behalf_of,
    )


def holders(area_id: int, kind: str, *, on: date | None = None) -> QuerySet[Appointment]:
    """Who holds posts of a kind for an area, e.g. a grid's workers."""
    day = on or clock.today()
    return Appointment.objects.filter(in_office(day), post__area_id=area_id, post__kind=kind).select_related("person", "post__body")


def body_for(function: str, area_ids: list[int]) -> Body | None:
    """The body with a function whose area covers the place: the most specific of `area_ids` (a place and its ancestors) wins."""
    found = Body.objects.filter(functions__contains=[function], area_id__in=area_ids, valid_to__isnull=True).order_by("-level", "id")
    return found.first()

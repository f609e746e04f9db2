"""Who a person is at a post today, who sits where, and which body is answerable for a function at a place."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from linli.kernel import clock
from linli.mechanisms import rulebook
from linli.mechanisms.access.actors import Actor
from linli.mechanisms.access.models import Appointment, Body, Delegation, Person, Post, Reveal
from linli.mechanisms.access.rules import PostKind, PostKinds

REVEAL_LASTS = timedelta(minutes=30)
"""How long a look at an identity stays open before a purpose is asked for again."""


def in_office(on: date) -> Q:
    """Appointments that hold on a day."""
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gte=on))


def appointments_of(person: Person, *, on: date | None = None) -> list[tuple[Appointment, str]]:
    """The posts a person may act from today: their own, then those delegated to them (with whose they are)."""
    day = on or clock.today()
    own = (
        Appointment.objects.filter(in_office(day), person=person)
        .select_related("post__body", "post__area")
        .order_by("id")
    )
    found = [(each, "") for each in own]
    lent = Delegation.objects.filter(
        delegate=person, from_on__lte=day, to_on__gte=day, recalled_at=None
    ).select_related("appointment__post__body", "appointment__post__area", "appointment__person")
    found += [(each.appointment, each.appointment.person.name) for each in lent if _still_holds(each.appointment, day)]
    return found


_CHOICES = """
SELECT held.id, held.lender, post.kind, post.title, body.id, body.short_name, area.id, area.name, area.level, area.path
FROM (
    SELECT own.id, own.post_id, '' AS lender, 0 AS turn FROM access_appointment AS own
    WHERE own.person_id = %(person)s AND own.from_on <= %(day)s AND (own.to_on IS NULL OR own.to_on >= %(day)s)
    UNION ALL
    SELECT lent.id, lent.post_id, lender.name, 1 FROM access_delegation AS delegation
    JOIN access_appointment AS lent ON lent.id = delegation.appointment_id
    JOIN access_person AS lender ON lender.id = lent.person_id
    WHERE delegation.delegate_id = %(person)s AND delegation.recalled_at IS NULL
      AND delegation.from_on <= %(day)s AND delegation.to_on >= %(day)s
      AND lent.from_on <= %(day)s AND (lent.to_on IS NULL OR lent.to_on >= %(day)s)
) AS held
JOIN access_post AS post ON post.id = held.post_id
JOIN access_body AS body ON body.id = post.body_id
JOIN territory_area AS area ON area.id = post.area_id
ORDER BY held.turn, held.id
"""


def acting(person: Person, wanted: int | None = None, *, on: date | None = None) -> Actor | None:
    """The actor a person is: at the appointment they chose, else at their first; None without any.

    Every request of everybody who is signed in asks this, so it is one statement; `appointments_of` and `actor_for`
    say the same at length, and a test holds the two together.
    """
    with connection.cursor() as db:
        db.execute(_CHOICES, {"person": person.pk, "day": on or clock.today()})
        choices = db.fetchall()
    if not choices:
        return None
    chosen = next((each for each in choices if each[0] == wanted), choices[0])
    appointment, lender, post, title, body, body_name, area, area_name, level, path = chosen
    kind = post_kinds().get(post)
    return Actor(
        "staff", name=person.name, person_id=person.pk, appointment_id=appointment, post=post, title=title, body_id=body,
        body_name=body_name, area_id=area, area_name=area_name, area_level=level, area_path=path,
        scope=kind.scope if kind else "nothing", powers=frozenset(kind.powers) if kind else frozenset(),
        on_behalf_of=lender,
    )  # fmt: skip


def weigh() -> None:
    """Tell PostgreSQL how many people, posts and bodies there are, where thousands came at once.

    It may have counted the tables when they were empty, and plans `acting` for one post in one body until it counts
    again: through every post for every area, which takes minutes in a full city.
    """
    with connection.cursor() as db:
        db.execute("ANALYZE access_person, access_appointment, access_post, access_body, access_delegation")


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
    return Appointment.objects.filter(in_office(day), post__area_id=area_id, post__kind=kind).select_related(
        "person", "post__body"
    )


def areas_served(kinds: Iterable[str], *, on: date | None = None) -> set[int]:
    """Areas where somebody in office holds a post of one of these kinds."""
    found = Appointment.objects.filter(in_office(on or clock.today()), post__kind__in=list(kinds))
    return set(found.values_list("post__area_id", flat=True))


def body_for(function: str, area_ids: list[int]) -> Body | None:
    """The body with a function whose area covers the place: the most specific of `area_ids` (a place and its ancestors) wins."""
    columns = [field.attname for field in Body._meta.concrete_fields]  # noqa: SLF001  Django's own name.
    with connection.cursor() as db:  # Every submission asks; a raw query set would look its columns up each time.
        db.execute(
            f"SELECT {', '.join(columns)} FROM access_body"  # noqa: S608  Column names.
            " WHERE functions @> ARRAY[%s]::varchar[] AND area_id = ANY(%s) AND valid_to IS NULL"
            " ORDER BY level DESC, id LIMIT 1",
            [function, area_ids],
        )
        row = db.fetchone()
    return Body.from_db(connection.alias, columns, row) if row else None


def is_served(area_id: int, kind: str) -> bool:
    """Is somebody in office at a post of a kind for this very area, e.g. a grid's worker?"""
    with connection.cursor() as db:
        db.execute(
            "SELECT EXISTS (SELECT FROM access_appointment AS term JOIN access_post AS post ON post.id = term.post_id"
            " WHERE post.area_id = %(area)s AND post.kind = %(kind)s"
            " AND term.from_on <= %(day)s AND (term.to_on IS NULL OR term.to_on >= %(day)s))",
            {"area": area_id, "kind": kind, "day": clock.today()},
        )
        return bool(db.fetchone()[0])


# --- Whom an appointer is over ---------------------------------------------------------------------------------------
def reaches(actor: Actor, post: Post) -> bool:
    """Does the post lie in what the actor's own post reaches?"""
    if actor.scope == "all":
        return True
    if actor.scope == "area":
        return bool(actor.area_path) and post.area.path.startswith(actor.area_path)
    return actor.scope == "body" and post.body_id == actor.body_id


def reaches_area(actor: Actor, path: str) -> bool:
    """Does an area lie in what the actor's own post reaches?"""
    return actor.scope == "all" or (
        actor.scope == "area" and bool(actor.area_path) and path.startswith(actor.area_path)
    )


def posts_of(actor: Actor, text: str = "") -> QuerySet[Post]:
    """The posts an appointer may fill, by words of their body, title or area."""
    posts = Post.objects.filter(_reached(actor), body__valid_to__isnull=True).select_related("body", "area")
    for word in text.split()[:5]:
        posts = posts.filter(Q(title__icontains=word) | Q(body__name__icontains=word) | Q(area__name__icontains=word))
    return posts.order_by("area__level", "area__path", "body_id", "id")


def bodies_of(actor: Actor, text: str = "") -> QuerySet[Body]:
    """The bodies an appointer looks after, by words of their name or area."""
    found = Body.objects.filter(valid_to__isnull=True)
    if actor.scope == "area" and actor.area_path:
        found = found.filter(area__path__startswith=actor.area_path)
    elif actor.scope == "body" and actor.body_id is not None:
        found = found.filter(pk=actor.body_id)
    elif actor.scope != "all":
        return found.none()
    for word in text.split()[:5]:
        found = found.filter(Q(name__icontains=word) | Q(area__name__icontains=word))
    return found.select_related("area").order_by("level", "area__path", "name")


def chairs_of(body: Body) -> list[tuple[Post, list[Person]]]:
    """A body's posts, each with whoever holds it today."""
    day = clock.today()
    held = Appointment.objects.filter(in_office(day)).select_related("person")
    posts = Post.objects.filter(body=body).select_related("area", "body").order_by("area__level", "area__path", "kind")
    return [
        (post, [each.person for each in post.held])
        for post in posts.prefetch_related(Prefetch("appointments", held, to_attr="held"))
    ]


def people_under(actor: Actor, text: str = "") -> QuerySet[Person]:
    """The people who hold or held a post the actor is over, with those posts as `terms`."""
    terms = Appointment.objects.filter(_reached(actor, "post__")).select_related("post__body", "post__area")
    people = Person.objects.filter(Exists(terms.filter(person=OuterRef("pk"))))
    if text:
        people = people.filter(Q(name__icontains=text) | Q(username__icontains=text))
    return people.prefetch_related(
        Prefetch("appointments", terms.order_by("-from_on", "id"), to_attr="terms")
    ).order_by("-is_active", "name", "id")


def _reached(actor: Actor, prefix: str = "") -> Q:
    if actor.scope == "all":
        return Q(**{f"{prefix}id__isnull": False})
    if actor.scope == "area" and actor.area_path:
        return Q(**{f"{prefix}area__path__startswith": actor.area_path})
    if actor.scope == "body":
        return Q(**{f"{prefix}body_id": actor.body_id})
    return Q(pk__in=[])


def colleagues_of(appointment: Appointment) -> QuerySet[Person]:
    """Who may stand in for the holder of a post: those in office in the same body or the same area."""
    day = clock.today()
    post = appointment.post
    near = Appointment.objects.filter(
        in_office(day), Q(post__body_id=post.body_id) | Q(post__area_id=post.area_id), person=OuterRef("pk")
    )
    return Person.objects.filter(Exists(near), is_active=True).exclude(pk=appointment.person_id).order_by("name", "id")


def delegations_of(person: Person) -> QuerySet[Delegation]:
    """代理 that concern a person from today on: theirs given away, and others' taken over."""
    return (
        Delegation.objects.filter(
            Q(appointment__person=person) | Q(delegate=person), to_on__gte=clock.today(), recalled_at=None
        )
        .select_related("appointment__post__body", "appointment__post__area", "appointment__person", "delegate")
        .order_by("from_on", "id")
    )


def appointers(on: date | None = None) -> QuerySet[Appointment]:
    """Who can open accounts and appoint, today or from a later day on: without one of them nobody else can come."""
    kinds = [code for code, kind in post_kinds().items() if "access.appoint" in kind.powers]
    return Appointment.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on or clock.today()), post__kind__in=kinds, person__is_active=True
    ).select_related("person", "post__body")


def reveals_of(subject: str, actor: Actor) -> frozenset[str]:
    """The fields of a subject that the actor has looked at, with a purpose, within the last half hour."""
    if actor.person_id is None:
        return frozenset()
    since = clock.now() - REVEAL_LASTS
    rows = Reveal.objects.filter(subject=subject, person_id=actor.person_id, at__gte=since)
    return frozenset(rows.values_list("field", flat=True))


def people_at(*powers: str, area_ids: Collection[int], on: date | None = None) -> dict[int, list[int]]:
    """Who holds a post with one of these powers for exactly these areas, by area."""
    return _people("post.area_id", area_ids, powers, on)


def people_of(*powers: str, body_ids: Collection[int], on: date | None = None) -> dict[int, list[int]]:
    """Who holds a post with one of these powers in these bodies, by body."""
    return _people("post.body_id", body_ids, powers, on)


def _people(column: str, values: Collection[int], powers: Collection[str], on: date | None) -> dict[int, list[int]]:
    if not values:
        return {}
    kinds = [code for code, kind in post_kinds().items() if not set(powers).isdisjoint(kind.powers)]
    found: dict[int, list[int]] = {value: [] for value in values}
    with connection.cursor() as db:  # Every fact of every matter asks.
        db.execute(
            f"SELECT DISTINCT {column}, term.person_id FROM access_appointment AS term"  # noqa: S608  One of two above.
            " JOIN access_post AS post ON post.id = term.post_id JOIN access_person AS person ON person.id = term.person_id"
            f" WHERE {column} = ANY(%(values)s) AND post.kind = ANY(%(kinds)s) AND person.is_active"
            " AND term.from_on <= %(day)s AND (term.to_on IS NULL OR term.to_on >= %(day)s) ORDER BY 1, 2",
            {"values": list(values), "kinds": kinds, "day": on or clock.today()},
        )
        for value, person in db.fetchall():
            found[value].append(person)
    return found

"""What everybody may see of a matter, and nothing more."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet
from django.http import Http404

from linli.kernel import clock, masking, text
from linli.kernel.coordinates import Point
from linli.mechanisms import rulebook
from linli.mechanisms.access.models import Body
from linli.work.matters import words
from linli.work.matters.flow import OPEN
from linli.work.matters.models import Matter, Support
from linli.work.matters.queries.looks import place_words
from linli.work.matters.queries.scope import within
from linli.work.matters.rules import Categories


@dataclass(frozen=True)
class PublicMatter:
    """A matter as a neighbour sees it: kind, place, state, date; its title with personal details masked. No reporter, no photo."""

    number: str
    title: str
    category_name: str
    state: str
    place: str
    lon: float | None
    lat: float | None
    due_at: datetime
    overdue: bool
    supporters: int
    body: str
    registered_at: datetime


def nearby(*, lon: float, lat: float, metres: float = 1500, limit: int = 30) -> list[PublicMatter]:
    """Public open matters within a distance, nearest first."""
    spread_lat = metres / 111_000
    spread_lon = metres / 85_000  # At this latitude; a little wide is no harm.
    rows = Matter.objects.filter(
        is_public=True,
        state__in=OPEN,
        lat__range=(lat - spread_lat, lat + spread_lat),
        lon__range=(lon - spread_lon, lon + spread_lon),
    )
    away = (F("lon") - lon) * (F("lon") - lon) + (F("lat") - lat) * (F("lat") - lat)
    return [_public(matter) for matter in _told(rows.order_by(away, "id"))[:limit]]


def _told(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """With no more than what neighbours are told."""
    return rows.select_related("handler").only(
        "number", "title", "shown_title", "shown_place", "category", "state", "place_text", "lon", "lat", "registered_at", "due_at", "supporters", "handler__short_name",
        "city_id", "county_id", "township_id", "community_id", "grid_id",
    )  # fmt: skip


def public_in(area_id: int, *, limit: int = 30) -> list[PublicMatter]:
    """Public open matters of an area, newest first."""
    rows = Matter.objects.filter(within(area_id), is_public=True, state__in=OPEN).order_by("-registered_at")
    return [_public(matter) for matter in _told(rows)[:limit]]


def public_count(area_id: int, *, most: int = 100) -> int:
    """How many public open matters an area has, counted to `most`."""
    return Matter.objects.filter(within(area_id), is_public=True, state__in=OPEN)[:most].count()


@dataclass(frozen=True)
class Worded:
    """A public matter's title and pin, to be compared with what somebody is typing."""

    number: str
    title: str
    point: Point | None


def public_like(
    said: str, *, area_id: int | None = None, around: Point | None = None, metres: float = 300, limit: int = 30
) -> list[Worded]:
    """Public open matters that share a pair of characters with these words, in an area or around a point, newest first.

    Cheap, because every submission asks; how alike they are is for the caller to judge.
    """
    pairs = list(dict.fromkeys(token for token in text.bigrams(said[:200]) if len(token) == 2))
    if not pairs or (area_id is None and around is None):
        return []
    rows = Matter.objects.filter(is_public=True, state__in=OPEN)
    if around is not None:
        lat, lon = metres / 111_000, metres / 85_000
        rows = rows.filter(
            lat__range=(around.lat - lat, around.lat + lat), lon__range=(around.lon - lon, around.lon + lon)
        )
    elif area_id is not None:
        rows = rows.filter(within(area_id))
    query = " | ".join(f"'{pair}'" for pair in pairs)  # Pairs are letters and digits only.
    rows = rows.extra(where=["matters_matter.search @@ to_tsquery('simple', %s)"], params=[query])
    found = rows.order_by("-registered_at").values_list("number", "title", "lon", "lat")[:limit]
    return [
        Worded(number, title, Point(lon, lat) if lon is not None and lat is not None else None)
        for number, title, lon, lat in found
    ]


def public_one(number: str) -> PublicMatter:
    """One public matter, or 404."""
    found = Matter.objects.select_related("handler").filter(number=number, is_public=True).first()
    if found is None:
        raise Http404("没有这件公开的诉求。")
    return _public(found)


def supportable(number: str) -> Matter:
    """The row behind a public matter, for service.support."""
    found = Matter.objects.filter(number=number, is_public=True).first()
    if found is None:
        raise Http404("没有这件公开的诉求。")
    return found


def has_supported(number: str, device: str) -> bool:
    """Has this device said of a public matter: the same here?"""
    return Support.objects.filter(matter__number=number, device=words.device_digest(device)).exists()


def public_title(matter: Matter) -> str:
    """The title as everybody may read it: as an official settled it, else with what the system finds hidden."""
    return matter.shown_title or masking.mask_personal(matter.title)


def public_place(matter: Matter) -> str:
    """The same for where it is."""
    return place_words(matter, wrote=matter.shown_place or masking.mask_personal(matter.place_text))


def personal_in(said: str) -> list[str]:
    """What in a text for a resident seems to be somebody's own: numbers, cards, plates, names. Offices' phones are not."""
    found = [
        (span.kind, said[span.start : span.end]) for span in masking.find_personal(said) if span.kind != "landline"
    ]
    mobiles = {value for kind, value in found if kind == "mobile"}
    offices = set(Body.objects.filter(phone__in=mobiles).values_list("phone", flat=True)) if mobiles else set()
    return [value for kind, value in found if value not in offices]


def _public(matter: Matter) -> PublicMatter:
    category = rulebook.current(Categories).list.find(matter.category)
    return PublicMatter(
        matter.number, public_title(matter), rulebook.label(category) if category else matter.category, matter.state,
        public_place(matter), matter.lon, matter.lat, matter.due_at,
        matter.is_in_hand and matter.due_at < clock.now(), matter.supporters, matter.handler.short_name,
        matter.registered_at,
    )  # fmt: skip

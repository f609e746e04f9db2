"""并案、拆分 — which matters go together, which are parts of one, and which near each other say nearly the same. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from linli.kernel import text
from linli.kernel.coordinates import Point, distance_m
from linli.mechanisms.access import Actor
from linli.work.matters import queries, words
from linli.work.matters.flow import MERGEABLE, TAKES_IN
from linli.work.matters.models import Matter, Merge, Remark, Support, Visibility

NEAR_M = 300.0
"""Within these metres of each other's pins. Where either has no pin: in the same community."""
LATELY = timedelta(days=60)
"""What was registered longer before or after is hardly about the same thing; it can still be named by its number."""
RELATED = 0.25
"""So much of the shorter title's pairs of characters stands in the other; the same category counts as much again."""
MOST = 12


# --- What goes together -------------------------------------------------------------------------------------------
def merge_of(matter: Matter) -> Merge | None:
    """The stretch in which a matter goes along with another, if it does now."""
    return Merge.objects.filter(matter_id=matter.pk, ended_at__isnull=True).select_related("main__handler").first()


def merged_into(main: Matter) -> list[Merge]:
    """Those that go along with a matter now, the oldest first."""
    rows = Merge.objects.filter(main_id=main.pk, ended_at__isnull=True)
    return list(rows.select_related("matter__handler").order_by("matter_id"))


def reporters(main: Matter) -> int:
    """How many people wait for its answer as reporters: its own, and one for each that goes along."""
    return 1 + Merge.objects.filter(main_id=main.pk, ended_at__isnull=True).count()


def main_of(number: str) -> Matter | None:
    """The matter that a merged one goes along with, by the merged one's number."""
    rows = Merge.objects.filter(matter__number=number, ended_at__isnull=True).select_related("main__handler")
    return next((each.main for each in rows), None)


@dataclass(frozen=True)
class WentAlong:
    """One stretch in which a matter went along with another: for a gateway that tells each reporter of the answer they share."""

    main: str
    number: str
    since: datetime
    until: datetime | None

    def holds(self, main: str, at: datetime) -> bool:
        """Did it go along with this one at that moment?"""
        return self.main == main and self.since <= at and (self.until is None or at < self.until)


def went_along(mains: Iterable[str]) -> list[WentAlong]:
    """What goes or went along with these matters."""
    rows = Merge.objects.filter(main__number__in=list(mains)).order_by("matter_id")
    return [WentAlong(*row) for row in rows.values_list("main__number", "matter__number", "merged_at", "ended_at")]


def rated(held: Merge) -> bool:
    """Has the reporter said whether the answer that stands now holds?"""
    answered = held.main.answered_at
    return held.said_at is not None and answered is not None and held.said_at >= answered


def has_supported_any(main: Matter, device: str) -> bool:
    """Has this device said of one that goes along with a matter: the same here?"""
    along = Merge.objects.filter(main_id=main.pk, ended_at__isnull=True).values("matter_id")
    return Support.objects.filter(matter_id__in=along, device=words.device_digest(device)).exists()


@dataclass(frozen=True)
class Along:
    """One merged matter as it stands on the main one's page: its words, what its reporter added, whom to ring."""

    matter: Matter
    place: str
    contact: queries.ShownContact
    said: list[Remark]
    solved: bool | None
    """What its reporter says of the answer that stands; None for nothing yet."""


def along_with(main: Matter, actor: Actor) -> list[Along]:
    """Every merged matter for whoever has the main one."""
    rows = merged_into(main)
    said: dict[int, list[Remark]] = {}
    for each in Remark.objects.filter(matter__in=[row.matter_id for row in rows], for_resident=True).order_by("at"):
        said.setdefault(each.matter_id, []).append(each)
    return [
        Along(
            row.matter, queries.place_words(row.matter), queries.contact_of(row.matter, actor), said.get(row.matter_id, []),
            row.solved if main.answered_at and row.said_at and row.said_at >= main.answered_at else None,
        )
        for row in rows
    ]  # fmt: skip


# --- What may belong together -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Alike:
    """A matter that may be about the same thing, how alike, and how far away (None without two pins)."""

    matter: Matter
    place: str
    likeness: float
    metres: int | None


def alike(matter: Matter, actor: Actor) -> list[Alike]:
    """Open matters near this one, of about the same time, whose words are like its words; the likest first."""
    rows = mergeable(actor, matter).filter(
        registered_at__range=(matter.registered_at - LATELY, matter.registered_at + LATELY)
    )
    near = rows.none()
    point = matter.point
    if point is not None:
        lat, lon = NEAR_M / 111_000, NEAR_M / 85_000
        near = rows.filter(lat__range=(point.lat - lat, point.lat + lat), lon__range=(point.lon - lon, point.lon + lon))
    if matter.community_id is not None:
        near = near | rows.filter(community_id=matter.community_id)
    found = [_compared(matter, each) for each in near.order_by("-registered_at")[:200]]
    kept = [each for each in found if each.likeness >= RELATED and (each.metres is None or each.metres <= NEAR_M)]
    return sorted(kept, key=lambda each: (-each.likeness, each.metres or 0, each.matter.pk))[:MOST]


def mergeable(actor: Actor, main: Matter) -> QuerySet[Matter]:
    """What this actor might merge into a matter."""
    rows = queries.visible_to(actor).filter(
        state__in=MERGEABLE, parent=None, is_report=main.is_report, level__gte=actor.area_level
    )
    return rows.exclude(pk=main.pk).select_related("handler")


def mains(actor: Actor, numbers: list[str]) -> list[Matter]:
    """Those of these matters into which the others may be merged."""
    rows = queries.visible_to(actor).filter(number__in=numbers, state__in=TAKES_IN, level__gte=actor.area_level)
    return list(rows.select_related("handler").order_by("registered_at", "pk"))


def likeness(one: str, other: str) -> float:
    """How much of the shorter text's pairs of neighbouring characters the longer has too; 0 for less than three pairs."""
    first, second = _pairs(one), _pairs(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter >= 3 else 0.0


def _compared(one: Matter, other: Matter) -> Alike:
    metres = None
    if one.point is not None and other.point is not None:
        metres = round(distance_m(Point(*_pin(one)), Point(*_pin(other))))
    same_kind = 0.25 if one.category == other.category else 0.0
    alike_words = max(likeness(one.title, other.title), likeness(one.text, other.text))
    return Alike(other, queries.place_words(other), min(1.0, alike_words + same_kind), metres)


def _pin(matter: Matter) -> tuple[float, float]:
    assert matter.lon is not None
    assert matter.lat is not None
    return matter.lon, matter.lat


def _pairs(said: str) -> set[str]:
    return {token for token in text.bigrams(said) if len(token) == 2}


# --- Who would be told --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """Whom a merge concerns: people who wait, of them those who left a way to reach them, neighbours, offices relieved."""

    reporters: int
    reachable: int
    supporters: int
    offices: list[str]


def who_is_told(main: Matter, others: list[Matter]) -> Told:
    """Before it is done: everybody who hears of it."""
    along = [row.matter for each in (main, *others) for row in merged_into(each)]
    everyone = [main, *others, *along]
    reachable = sum(each.visibility != Visibility.ANONYMOUS for each in everyone)
    offices = sorted({each.handler.short_name for each in others if each.handler_id != main.handler_id})
    return Told(len(everyone), reachable, sum(each.supporters for each in everyone), offices)


# --- Parts of one -------------------------------------------------------------------------------------------------
def parts_of(whole: Matter) -> list[Matter]:
    """Every part a matter was ever split into, in order."""
    return list(Matter.objects.filter(parent=whole).select_related("handler").order_by("pk"))


@dataclass(frozen=True)
class Whole:
    """The matter a part is a part of, as whoever has the part may read it: what its reporter said."""

    matter: Matter
    said: list[Remark]


def whole_of(part: Matter) -> Whole | None:
    """What the reporter of the whole said; None for what is no part."""
    if part.parent_id is None:
        return None
    whole = Matter.objects.select_related("handler").get(pk=part.parent_id)
    return Whole(whole, list(Remark.objects.filter(matter=whole, move="add").order_by("at")))

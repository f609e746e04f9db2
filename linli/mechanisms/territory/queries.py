"""Every read of places. What holds now comes from memory (index.py); what held then, from the dated tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection
from django.utils.translation import gettext as _

from linli.kernel.coordinates import Point
from linli.mechanisms.territory import index
from linli.mechanisms.territory.index import NODE_COLUMNS, Node, Outside, Place, Slots
from linli.mechanisms.territory.models import (
    Area,
    AreaCode,
    AreaName,
    AreaParent,
    Authority,
    Geometry,
    Grid,
    Level,
    Succession,
)
from linli.mechanisms.territory.names import Found, find

__all__ = [
    "Found",
    "History",
    "NoRecordError",
    "NoSuchAreaError",
    "Past",
    "Tree",
    "ancestors",
    "area",
    "areas",
    "as_of",
    "by_code",
    "centre",
    "children",
    "city",
    "counts_below",
    "ever_coded",
    "find",
    "first_record",
    "grid_details",
    "history",
    "is_within",
    "locate",
    "locate_many",
    "name_contains",
    "record_days",
    "shape",
    "slots",
    "square_metres",
    "subtree_ids",
    "successors",
    "version",
    "zones_of",
]  # fmt: skip


class NoSuchAreaError(LookupError):
    """An id or code that no area has."""


class NoRecordError(LookupError):
    """A day before the first table this city has: nobody here knows how the tree stood then."""


# --- Now ----------------------------------------------------------------------------------------------------------
def area(area_id: int) -> Node:
    """An area by id, current or ended. Raises NoSuchAreaError."""
    node = index.current().nodes.get(area_id)
    return node if node is not None else _ended(area_id)


def areas(level: Level | int, within: int | None = None) -> list[Node]:
    """Current areas of one level (functional zones among the counties), below `within` if given, in order of code."""
    held = index.current()
    found = held.nodes.values() if within is None else (held.nodes[i] for i in held.under(within))
    return sorted((node for node in found if node.level == level), key=lambda node: (node.functional, node.code))


def city() -> Node | None:
    """The city; None before the first load."""
    return next((node for node in index.current().nodes.values() if node.level == Level.CITY), None)


def by_code(code: str, authority: Authority | str = Authority.NBS, on: date | None = None) -> Node | None:
    """The area with a code of this authority, today or as it was on a day. Codes of grids and buildings are the city's own.

    A code of the other authority is never tried: 22 civil-affairs codes of this city mean another township at the
    statistics bureau.
    """
    held = index.current()
    if on is None:
        table = held.by_mca if authority == Authority.MCA else held.by_code
        found = table.get(code)
        return held.nodes[found] if found is not None else None
    ids = dated(AreaCode.objects.filter(authority=authority, code=code), on).values_list("area_id", flat=True)
    found = next(iter(ids), None)
    return area(found) if found is not None else None


def ever_coded(code: str) -> list[Node]:
    """Every area that ever bore a code of either authority, current ones first."""
    ids = AreaCode.objects.filter(code=code).values_list("area_id", flat=True).distinct()
    return sorted((area(i) for i in ids), key=lambda node: (node.valid_to is not None, node.id))


def ancestors(area_id: int) -> list[Node]:
    """From the city down to the parent; the area itself is left out."""
    return [area(i) for i in area(area_id).lineage[:-1]]


def children(area_id: int) -> list[Node]:
    """Current areas directly below, in order of code, functional zones last."""
    held = index.current()
    return [held.nodes[i] for i in held.children.get(area_id, ())]


def subtree_ids(area_id: int) -> list[int]:
    """The area and every current area below it."""
    return list(index.current().under(area_id))


def counts_below(area_id: int) -> dict[int, int]:
    """How many current areas of each level stand below an area, functional zones left out."""
    return index.current().counts(area_id)


def name_contains(text: str, *, most: int) -> list[Node]:
    """Current areas down to villages and communities whose name contains a text, the higher levels first."""
    nodes = [
        node for node in index.current().nodes.values() if node.level <= Level.COMMUNITY and text in node.full_name
    ]
    return sorted(nodes, key=lambda node: (node.level, len(node.name), node.code))[:most]


def is_within(area_id: int, outer_id: int) -> bool:
    """Is the area the other one, or below it?"""
    return outer_id in area(area_id).lineage


def slots(area_id: int) -> Slots:
    """The area's chain by level; None below its own level. Works for ended areas too."""
    held = index.current()
    found = held.slots.get(area_id)
    if found is not None:
        return found
    node = _ended(area_id)
    chain = {i: area(i) for i in node.lineage if i != node.id} | {node.id: node}
    return index.slots_of(node, chain)


def locate(point: Point) -> Place | Outside:
    """The most specific area at a point (WGS 84), in microseconds; or Outside, with the nearest county.

    On a shared edge the smaller area wins, then the lower code. In a gap between grids the nearest grid within
    50 metres wins, else the next larger area that holds the point.
    """
    return index.current().shapes.locate(point.lon, point.lat)


def locate_many(lons: Any, lats: Any) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """Area ids of many points at once; 0 where `locate` would say Outside."""
    return index.current().shapes.locate_many(lons, lats)


def shape(area_id: int) -> Any | None:
    """The current shape of a current area (a shapely polygon, WGS 84), or None if nobody has drawn it."""
    return index.current().shapes.polygons.get(area_id)


def square_metres(area_id: int) -> float | None:
    """The area's size on the ground; None if nobody has drawn it."""
    return Geometry.objects.filter(area_id=area_id, replaced_at=None).values_list("square_metres", flat=True).first()


def centre(area_id: int) -> Point | None:
    """A point inside the area, for a pin or a label."""
    row = Geometry.objects.filter(area_id=area_id, replaced_at=None).values_list("label_lon", "label_lat").first()
    return Point(*row) if row else None


def grid_details(area_id: int) -> Grid | None:
    """What belongs on a grid's card; None if the area is not a grid."""
    return Grid.objects.filter(area_id=area_id).first()


def version() -> int:
    """The version of the territory this process reads."""
    return index.current().version


# --- Then ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Past:
    """An area as it stood on a day: the name and codes of that day."""

    id: int
    level: int
    kind: str
    name: str
    nbs_code: str | None
    mca_code: str | None
    parent_id: int | None
    observed_on: date
    """The day of the table that says so; the truth may have changed between two tables."""


class Tree(Mapping[int, Past]):
    """The tree as it stood on a day, from the city down to villages and communities."""

    def __init__(self, on: date, areas: dict[int, Past]) -> None:
        self.on = on
        self._areas = areas
        self._children: dict[int | None, list[int]] = {}
        for past in areas.values():
            self._children.setdefault(past.parent_id, []).append(past.id)

    def __getitem__(self, area_id: int) -> Past:
        return self._areas[area_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self._areas)

    def __len__(self) -> int:
        return len(self._areas)

    def children(self, area_id: int | None) -> list[Past]:
        """Areas directly below, in order of code."""
        return sorted(
            (self._areas[i] for i in self._children.get(area_id, ())), key=lambda past: (past.nbs_code or "~", past.id)
        )

    def level(self, level: Level | int) -> list[Past]:
        """All areas of one level."""
        return [past for past in self._areas.values() if past.level == level]

    def named(self, name: str) -> list[Past]:
        """All areas of that name (villages repeat)."""
        return [past for past in self._areas.values() if past.name == name]

    def coded(self, code: str, authority: Authority | str = Authority.NBS) -> Past | None:
        """The area with a code of one authority on that day."""
        column = "mca_code" if authority == Authority.MCA else "nbs_code"
        return next((past for past in self._areas.values() if getattr(past, column) == code), None)


def first_record() -> date | None:
    """The day of the oldest table; None before the first load."""
    return next(iter(record_days()), None)


def record_days() -> tuple[date, ...]:
    """The days on which the tables of the tree changed, oldest first."""
    return _record_days(version())


@lru_cache(maxsize=2)
def _record_days(version: int) -> tuple[date, ...]:  # noqa: ARG001 - The version is there for the cache.
    days: set[date] = set(AreaParent.objects.values_list("valid_from", flat=True).distinct())
    return tuple(sorted(days | set(Succession.objects.values_list("observed_on", flat=True).distinct())))


def as_of(on: date) -> Tree:
    """The tree as it stood on a day, by the newest table up to that day. Raises NoRecordError before the oldest."""
    since = first_record()
    if since is None or on < since:
        told = _("最早的资料是 %(day)s，此前的区划没有记录") % {"day": since} if since else _("还没有装入区划")
        raise NoRecordError(told)
    with connection.cursor() as cursor:
        cursor.execute(_AS_OF, {"on": on})
        found = {row[0]: Past(*row) for row in cursor.fetchall()}
    return Tree(on, found)


_HOLDS = "{t}.valid_from <= %(on)s AND ({t}.valid_to IS NULL OR {t}.valid_to > %(on)s)"
_AS_OF = f"""
SELECT a.id, a.level, a.kind, COALESCE(n.name, a.name), nbs.code, mca.code, p.parent_id,
       GREATEST(COALESCE(p.valid_from, a.valid_from), n.valid_from, nbs.valid_from)
FROM territory_area a
LEFT JOIN territory_areaparent p ON p.area_id = a.id AND {_HOLDS.format(t="p")}
LEFT JOIN territory_areaname n ON n.area_id = a.id AND {_HOLDS.format(t="n")}
LEFT JOIN territory_areacode nbs ON nbs.area_id = a.id AND nbs.authority = 'nbs' AND {_HOLDS.format(t="nbs")}
LEFT JOIN territory_areacode mca ON mca.area_id = a.id AND mca.authority = 'mca' AND {_HOLDS.format(t="mca")}
WHERE a.level <= 4 AND (p.id IS NOT NULL OR (a.level = 1 AND {_HOLDS.format(t="a")}))
"""  # noqa: S608  Only our own fragments are formatted in.


@dataclass(frozen=True, slots=True)
class History:
    """What is known of an area's past and future, each list from the oldest."""

    names: list[AreaName]
    codes: list[AreaCode]
    parents: list[AreaParent]
    became: list[Succession]
    """What became of it, its own renamings among them. Empty for an ended area: its successor is not known."""
    came_from: list[Succession]


def history(area_id: int) -> History:
    """An area's names, codes, parents and successions."""
    return History(
        names=list(AreaName.objects.filter(area_id=area_id).order_by("valid_from")),
        codes=list(AreaCode.objects.filter(area_id=area_id).order_by("authority", "valid_from")),
        parents=list(AreaParent.objects.filter(area_id=area_id).select_related("parent").order_by("valid_from")),
        became=list(Succession.objects.filter(old_id=area_id).select_related("new").order_by("observed_on", "kind")),
        came_from=list(
            Succession.objects.filter(new_id=area_id)
            .exclude(old_id=area_id)
            .select_related("old")
            .order_by("observed_on", "kind")
        ),
    )


def successors(area_id: int) -> list[Node]:
    """The current areas that stand for an area today: itself if it still stands, else whoever followed, step by step.

    Empty if the area ended and no source says what became of it.
    """
    found: dict[int, Node] = {}
    pending, seen = [area_id], set[int]()
    while pending:
        now = pending.pop()
        if now in seen:
            continue
        seen.add(now)
        node = area(now)
        if node.valid_to is None:
            found[now] = node
        else:
            pending.extend(Succession.objects.filter(old_id=now).exclude(new_id=now).values_list("new_id", flat=True))
    return sorted(found.values(), key=lambda node: node.code)


def zones_of(area_id: int) -> list[Node]:
    """Functional zones (功能区) known to cover the area or one above it, wholly or in part."""
    ids = Area.objects.filter(functional=True, valid_to=None, covers__area_id__in=area(area_id).lineage).values_list(
        "id", flat=True
    )
    return [area(i) for i in sorted(set(ids))]


def dated(rows: Any, on: date) -> Any:
    """Of dated rows, those that held on a day."""
    return rows.filter(valid_from__lte=on).exclude(valid_to__lte=on)


def _ended(area_id: int) -> Node:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NODE_COLUMNS} FROM territory_area WHERE id = %s", [area_id])  # noqa: S608  Column names.
        row = cursor.fetchone()
    if row is None:
        raise NoSuchAreaError(f"没有编号为 {area_id} 的区划")
    return Node(*row)

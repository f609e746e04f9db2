"""The territory in memory: every current area and its shape, one copy per process, renewed when the version changes."""

import math
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import shapely
from django.db import connection

from linli.kernel.coordinates import Point, distance_m

CHECK_SECONDS = 1.0
"""How old the last look at the version counter may be. Tests set it to infinity and call `forget`."""

GAP_METRES = 50.0
"""A point of the city that no grid covers belongs to the nearest grid within this distance."""

_METRES_PER_DEGREE = 111_195.0


class Slots(NamedTuple):
    """Which area of each level a place belongs to; None below the place's own level."""

    city_id: int | None = None
    county_id: int | None = None
    township_id: int | None = None
    community_id: int | None = None
    grid_id: int | None = None


class Place(NamedTuple):
    """Where a point is: the most specific area, and its chain. `gap_m` is 0 unless the point lay in a gap."""

    area_id: int
    level: int
    slots: Slots
    gap_m: float = 0.0


class Outside(NamedTuple):
    """The point is not in the city; the nearest county and how far it is (None and infinity if no shape is known)."""

    nearest_id: int | None
    nearest_name: str
    distance_m: float


@dataclass(frozen=True, slots=True)
class Node:
    """An area as read: the columns of `models.Area` that pages and rules need."""

    id: int
    level: int
    kind: str
    name: str
    full_name: str
    pinyin_key: str
    code: str
    nbs_code: str | None
    mca_code: str | None
    parent_id: int | None
    functional: bool
    path: str
    illustrative: bool
    valid_from: date
    valid_to: date | None

    @property
    def lineage(self) -> tuple[int, ...]:
        """Ids from the city to this area."""
        return tuple(int(part) for part in self.path.strip("/").split("/"))


NODE_COLUMNS = "id, level, kind, name, full_name, pinyin_key, code, nbs_code, mca_code, parent_id, functional, path, illustrative, valid_from, valid_to"


class Snapshot:
    """All current areas at one version. Read-only once built, so threads share it."""

    def __init__(self, version: int, nodes: Sequence[Node]) -> None:
        self.version = version
        self.nodes = {node.id: node for node in nodes}
        self.by_code = {node.code: node.id for node in nodes}
        self.by_nbs = {node.nbs_code: node.id for node in nodes if node.nbs_code}
        self.by_mca = {node.mca_code: node.id for node in nodes if node.mca_code}
        self.children: dict[int, list[int]] = {}
        for node in sorted(nodes, key=lambda node: (node.functional, node.code)):
            if node.parent_id is not None:
                self.children.setdefault(node.parent_id, []).append(node.id)
        self.slots = {node.id: slots_of(node, self.nodes) for node in nodes}

    @cached_property
    def shapes(self) -> "Shapes":
        """The shapes, read from the database when first asked for."""
        return Shapes(self)

    @cached_property
    def _counts(self) -> dict[int, dict[int, int]]:
        found: dict[int, dict[int, int]] = {}
        for node in self.nodes.values():
            for above in () if node.functional else node.lineage[:-1]:
                held = found.setdefault(above, {})
                held[node.level] = held.get(node.level, 0) + 1
        return found

    def counts(self, area_id: int) -> dict[int, int]:
        """How many areas of each level stand below an area."""
        return self._counts.get(area_id, {})

    def under(self, area_id: int) -> Iterator[int]:
        """The area and everything below it, parents first."""
        pending = [area_id] if area_id in self.nodes else []
        while pending:
            current = pending.pop()
            yield current
            pending.extend(reversed(self.children.get(current, ())))


def slots_of(node: Node, nodes: dict[int, Node]) -> Slots:
    """The chain of an area by level, read off its path."""
    found: list[int | None] = [None] * 5
    for area_id in node.lineage:
        held = nodes.get(area_id)
        if held is not None and held.level <= 5 and not held.functional:
            found[held.level - 1] = area_id
    return Slots(*found)


class Shapes:
    """The shapes of a snapshot, in two trees: grids and buildings to hit, larger areas to fall back on.

    Polygons stand in order of preference: the most specific level, then the smaller, then the lower code. So the
    answer to a tie on a shared edge is simply the lowest index, whatever the tree's own order.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        with connection.cursor() as cursor:
            cursor.execute("SELECT area_id, wkb, square_metres FROM territory_geometry WHERE replaced_at IS NULL")
            rows = [row for row in cursor.fetchall() if row[0] in snapshot.nodes]
        nodes = snapshot.nodes
        rows.sort(key=lambda row: (-nodes[row[0]].level, nodes[row[0]].functional, round(row[2]), nodes[row[0]].code))
        polygons = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
        shapely.prepare(polygons)
        self.polygons = dict(zip((row[0] for row in rows), polygons, strict=True))
        fine = [i for i, row in enumerate(rows) if nodes[row[0]].level >= 5]
        coarse = [i for i, row in enumerate(rows) if nodes[row[0]].level < 5 and not nodes[row[0]].functional]
        self._fine = _Layer(snapshot, [rows[i][0] for i in fine], polygons[fine])
        self._coarse = _Layer(snapshot, [rows[i][0] for i in coarse], polygons[coarse])
        self._counties = [row[0] for row in rows if nodes[row[0]].level == 2 and not nodes[row[0]].functional]
        self._has_outline = bool(self._counties) or any(nodes[row[0]].level == 1 for row in rows)

    def locate(self, lon: float, lat: float) -> Place | Outside:
        """The most specific area at a point, or the nearest county if it is outside the city."""
        hit = self._fine.hit(lon, lat)
        return hit if hit is not None else self._beside(lon, lat)

    def locate_many(self, lons: Any, lats: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Area ids of many points at once; 0 where `locate` would say Outside."""
        lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        found = self._fine.hits(lons, lats)
        for i in np.flatnonzero(found == 0):
            place = self._beside(float(lons[i]), float(lats[i]))
            if isinstance(place, Place):
                found[i] = place.area_id
        return found

    def _beside(self, lon: float, lat: float) -> Place | Outside:
        """A point no grid covers: a gap inside the city, or outside it."""
        if not (math.isfinite(lon) and math.isfinite(lat)):
            return Outside(None, "", math.inf)
        wider = self._coarse.hit(lon, lat)
        if wider is None and self._has_outline:
            return self._outside(lon, lat)
        near = self._fine.nearest(lon, lat, GAP_METRES)
        if near is not None:
            return near
        return wider if wider is not None else self._outside(lon, lat)

    def _outside(self, lon: float, lat: float) -> Outside:
        best: tuple[float, str, int] | None = None
        for area_id in self._counties:
            shape = self.polygons[area_id]
            offer = (_metres(shape, lon, lat), self._snapshot.nodes[area_id].code, area_id)
            best = offer if best is None or offer < best else best
        if best is None:
            return Outside(None, "", math.inf)
        return Outside(best[2], self._snapshot.nodes[best[2]].name, best[0])


_Boxed = tuple[float, float, float, float, Any, Place]
"""West, south, east, north, the polygon, and what it is."""


class _Layer:
    """Polygons that stand in order of preference: buckets of candidates for one point, a tree for many.

    A single look-up in the tree costs mostly the making of a point object; a bucket is a dictionary entry.
    """

    def __init__(self, snapshot: Snapshot, ids: list[int], polygons: Any) -> None:
        self._ids = np.array(ids, dtype=np.int64)
        self._polygons = polygons
        self._tree = shapely.STRtree(polygons)
        self._places = [Place(i, snapshot.nodes[i].level, snapshot.slots[i]) for i in ids]
        self._buckets: dict[tuple[int, int], tuple[_Boxed, ...]] = {}
        self._per_lon = self._per_lat = 1.0
        if ids:
            self._fill(shapely.bounds(polygons))

    def _fill(self, bounds: Any) -> None:
        width, height = np.median(bounds[:, 2] - bounds[:, 0]), np.median(bounds[:, 3] - bounds[:, 1])
        while True:
            self._per_lon, self._per_lat = 1 / width, 1 / height
            first = np.floor(bounds[:, :2] * (self._per_lon, self._per_lat)).astype(int)
            last = np.floor(bounds[:, 2:] * (self._per_lon, self._per_lat)).astype(int)
            if (last - first + 1).prod(axis=1).sum() <= 20 * len(bounds) + 1000:
                break
            width, height = width * 2, height * 2  # A few large areas among many small: coarser buckets.
        boxes = bounds.tolist()
        for i, ((x0, y0), (x1, y1)) in enumerate(zip(first.tolist(), last.tolist(), strict=True)):
            entry = (*boxes[i], self._polygons[i], self._places[i])
            for x in range(x0, x1 + 1):
                for y in range(y0, y1 + 1):
                    self._buckets[x, y] = (*self._buckets.get((x, y), ()), entry)

    def hit(self, lon: float, lat: float) -> Place | None:
        """The preferred area at a point."""
        try:
            bucket = self._buckets.get((math.floor(lon * self._per_lon), math.floor(lat * self._per_lat)), ())
        except (ValueError, OverflowError):
            return None  # Not a number, or beyond all numbers.
        for west, south, east, north, polygon, place in bucket:
            if west <= lon <= east and south <= lat <= north and shapely.intersects_xy(polygon, lon, lat):
                return place
        return None

    def hits(self, lons: Any, lats: Any) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The ids of the preferred areas at many points; 0 for none."""
        if not self._places:
            return np.zeros(len(lons), dtype=np.int64)
        points, polygons = self._tree.query(shapely.points(lons, lats))
        inside = shapely.intersects_xy(self._polygons[polygons], lons[points], lats[points])
        best = np.full(len(lons), len(self._places), dtype=np.int64)
        np.minimum.at(best, points[inside], polygons[inside])
        found: np.ndarray[Any, np.dtype[np.int64]] = np.append(self._ids, 0)[best]
        return found

    def nearest(self, lon: float, lat: float, metres: float) -> Place | None:
        """The nearest area within some metres; of two equally near, the preferred one."""
        dy = metres / _METRES_PER_DEGREE
        dx = dy / max(math.cos(math.radians(lat)), 0.01)
        near = self._tree.query(shapely.box(lon - dx, lat - dy, lon + dx, lat + dy))
        offers = sorted((round(_metres(self._polygons[i], lon, lat), 3), int(i)) for i in near)
        if not offers or offers[0][0] > metres:
            return None
        return self._places[offers[0][1]]._replace(gap_m=offers[0][0])


def _metres(shape: Any, lon: float, lat: float) -> float:
    """Distance from a point to a shape, measured on the ground at the shape's nearest point."""
    scale = math.cos(math.radians(lat))
    flat = shapely.transform(shape, lambda xy: xy * (scale, 1.0))
    nearest = shapely.shortest_line(shapely.Point(lon * scale, lat), flat).coords[1]
    return distance_m(Point(lon, lat), Point(nearest[0] / scale, nearest[1]))


# --- The one copy of this process ---------------------------------------------------------------------------------
_lock = threading.Lock()
_held: Snapshot | None = None
_looked_at = -math.inf


def current() -> Snapshot:
    """The snapshot to read; looks at the version counter at most once in CHECK_SECONDS."""
    global _held, _looked_at  # noqa: PLW0603  One copy per process is the point.
    held = _held
    if held is not None and time.monotonic() - _looked_at < CHECK_SECONDS:
        return held
    if held is not None and not _lock.acquire(blocking=False):
        return held  # Another thread is looking already; the old copy is good until it is done.
    if held is None:
        _lock.acquire()
    try:
        version = stored_version()
        if _held is None or _held.version != version:
            _held = Snapshot(version, _read_nodes())
        _looked_at = time.monotonic()
        return _held
    finally:
        _lock.release()


def forget() -> None:
    """Look at the version counter at the next reading: this process has just changed the territory."""
    global _looked_at  # noqa: PLW0603  See `current`.
    _looked_at = -math.inf


def stored_version() -> int:
    """The version in the database; 0 before the first load."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM territory_territoryversion")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _read_nodes() -> list[Node]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {NODE_COLUMNS} FROM territory_area WHERE valid_to IS NULL ORDER BY id")  # noqa: S608  Column names.
        held: dict[Any, Any] = {}  # Ten thousand grids are of one kind, and began on one day.
        return [
            Node(*(held.setdefault(value, value) if isinstance(value, str | date) else value for value in row))
            for row in cursor.fetchall()
        ]

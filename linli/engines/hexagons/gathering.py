"""Points in, cells out, the fullest first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import h3  # type: ignore[import-untyped]  # It ships no types.

STEPS = ((10.0, 6), (11.5, 7), (13.0, 8), (14.5, 9))
"""Below this zoom of a web map, cells of this resolution: some thirty across a screen whatever the distance."""
FINEST = 10


@dataclass(frozen=True, slots=True)
class Cell:
    """One hexagon: how many lie in it, how many of them are marked, its middle and its corners as (longitude, latitude)."""

    name: str
    count: int
    marked: int
    middle: tuple[float, float]
    corners: tuple[tuple[float, float], ...]


def resolution_at(zoom: float) -> int:
    """How fine the cells are at a zoom."""
    return next((resolution for below, resolution in STEPS if zoom < below), FINEST)


def gather(points: Iterable[tuple[float, float, bool]], resolution: int) -> list[Cell]:
    """Longitude, latitude and whether it is marked, for each; the cells that hold any, the fullest first."""
    counted: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for lon, lat, marked in points:
        held = counted[h3.latlng_to_cell(lat, lon, resolution)]
        held[0] += 1
        held[1] += marked
    cells = []
    for name, (count, marked_count) in counted.items():
        lat, lon = h3.cell_to_latlng(name)
        ring = [(round(east, 6), round(north, 6)) for north, east in h3.cell_to_boundary(name)]
        cells.append(Cell(name, count, marked_count, (lon, lat), (*ring, ring[0])))
    return sorted(cells, key=lambda each: (-each.count, each.name))

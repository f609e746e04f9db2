"""Outlines for maps: a level's shapes made small, alike on both sides of every border, kept per version."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from linli.mechanisms.territory import index
from linli.mechanisms.territory.index import Node

_LEVELS = {1: 0.001, 2: 0.0006, 3: 0.0004, 4: 0.0002, 5: 0.0001, 6: 0.00001}
"""How far, in degrees, a line may move to lose a corner: what a screen shows at that level."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An area and its simplified shape, a GeoJSON geometry with five decimals (a metre)."""

    area: Node
    geometry: dict[str, Any]


def outlines(level: int, within: int | None = None) -> tuple[Outline, ...]:
    """The outlines of all areas of a level, or of those below one area. Functional zones and undrawn areas are left out."""
    return _outlines(index.current(), level, within)


@lru_cache(maxsize=256)
def _outlines(held: index.Snapshot, level: int, within: int | None) -> tuple[Outline, ...]:
    ids = held.under(within) if within is not None else iter(held.nodes)
    shapes = held.shapes.polygons
    nodes = [
        held.nodes[i] for i in ids if held.nodes[i].level == level and i in shapes and not held.nodes[i].functional
    ]
    if not nodes:
        return ()
    simple = shapely.coverage_simplify([shapes[node.id] for node in nodes], _LEVELS[level], simplify_boundary=False)
    return tuple(Outline(node, _geometry(shape)) for node, shape in zip(nodes, simple, strict=True))


def _geometry(shape: Any) -> dict[str, Any]:
    def rings(polygon: Any) -> list[Any]:
        lines = (polygon.exterior, *polygon.interiors)
        return [np.round(shapely.get_coordinates(line), 5).tolist() for line in lines]

    if shape.geom_type == "Polygon":
        return {"type": "Polygon", "coordinates": rings(shape)}
    return {"type": "MultiPolygon", "coordinates": [rings(part) for part in shape.geoms]}

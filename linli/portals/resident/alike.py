"""相近 — is somebody near already waiting for the same? Then one may support it instead of filing it again."""

from dataclasses import dataclass

from linli.kernel.coordinates import Point, distance_m
from linli.mechanisms import territory
from linli.mechanisms.territory import Outside
from linli.work.matters import queries
from linli.work.matters.queries import PublicMatter, Worded
from linli.work.matters.together import likeness

NEAR_M = 300.0
"""Within these metres of the pin. Where neither has a pin: in the same grid."""
CLOSE = 0.6
"""So much of the shorter sentence's pairs of characters stands in the other: shown before sending, as a question."""
RELATED = 0.34
"""Shown beside the field while typing."""
MOST = 3


@dataclass(frozen=True)
class Alike:
    """A public matter, and how much its words are like what is being typed."""

    matter: PublicMatter
    likeness: float


def alike(said: str, *, area_id: int | None, point: Point | None, least: float = CLOSE) -> list[Alike]:
    """Open public matters near here whose words are like these, the likest first."""
    found: dict[str, Worded] = {}  # The newest first, and so they stay where the words are as like.
    if point is not None:
        for each in queries.public_like(said, around=point, metres=NEAR_M):
            if each.point is not None and distance_m(point, each.point) <= NEAR_M:
                found[each.number] = each
        if area_id is None:
            located = territory.locate(point)
            area_id = None if isinstance(located, Outside) else located.area_id
    if area_id is not None and territory.area(area_id).level >= 4:
        for each in queries.public_like(said, area_id=area_id):
            if point is None or each.point is None:  # Two pins have been compared already.
                found[each.number] = each
    scored = sorted(
        ((likeness(said, each.title), number) for number, each in found.items()), key=lambda pair: pair[0], reverse=True
    )
    return [Alike(queries.public_one(number), score) for score, number in scored[:MOST] if score >= least]

"""覆盖 — which areas lack a Party organisation, premises, services or staff; "not known" is neither yes nor no."""

from collections.abc import Collection
from dataclasses import dataclass

from linli.mechanisms.territory import index
from linli.mechanisms.territory.index import Node
from linli.mechanisms.territory.models import Coverage, Level

ASPECTS = ("party_organisation", "premises", "service")


@dataclass(frozen=True, slots=True)
class Covered:
    """What one area has; None is not known. `staff` is told by who knows the posts."""

    area: Node
    party_organisation: bool | None
    premises: bool | None
    service: bool | None
    staff: bool

    def has(self, aspect: str) -> bool | None:
        """One of ASPECTS, or "staff"."""
        found = getattr(self, aspect)
        return found if found is None else bool(found)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many areas of a level have something, lack it, and are not known to."""

    level: int
    total: int
    aspect: str
    have: int
    lack: int
    unknown: int


def covered(within: int, *, level: int, staffed: Collection[int]) -> list[Covered]:
    """The areas of a level below an area (itself among them if it is of that level), in order of code."""
    held = index.current()
    nodes = sorted(
        (held.nodes[i] for i in held.under(within) if held.nodes[i].level == level), key=lambda node: node.code
    )
    known = {row.area_id: row for row in Coverage.objects.filter(area__level=level, area__valid_to=None)}
    found = []
    for node in nodes:
        row = known.get(node.id)
        found.append(
            Covered(
                node,
                row.has_party_organisation if row else None,
                row.has_premises if row else None,
                row.has_service if row else None,
                node.id in staffed,
            )
        )
    return found


def tallies(within: int, *, staffed: Collection[int]) -> list[Tally]:
    """One line for each level below an area and each aspect; staff is counted for grids."""
    found = []
    for level in (Level.COUNTY, Level.TOWNSHIP, Level.COMMUNITY, Level.GRID):
        rows = covered(within, level=level, staffed=staffed)
        if not rows:
            continue
        for aspect in (*ASPECTS, *(["staff"] if level == Level.GRID else [])):
            said = [row.has(aspect) for row in rows]
            found.append(Tally(level, len(rows), aspect, said.count(True), said.count(False), said.count(None)))
    return found

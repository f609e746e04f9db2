"""示意网格 — divide real county polygons into invented but lawful grids, villages and townships, the same on every run.

No polygon below the county is to be had, and a demo city needs a map. So each county is cut into as many cells as
it has grids (a Voronoi diagram, denser around one point), and the cells are dealt out: first the subdistricts from
the dense middle, then the towns around them, then villages within each, always along the graph of neighbours, so
that every village and township is one piece. How many grids a village has falls out of the dealing.
"""

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

STEP = 1e-7
"""Coordinates are multiples of this many degrees (a centimetre): where edges meet they meet exactly."""

_ATTEMPTS = 20
_SAMPLES_PER_GRID = 40
_CROWDING = 14.0  # How much denser the middle of a county is than its edge.
_SLACK = 1.3  # Grids per village that every township has at least, so that the dealing has room.
_FIRMLY = 0.2  # Cells count as neighbours in the dealing if they share a fifth of a cell's width.

Cells = list[int]
Neighbours = Mapping[int, Sequence[int]]


class CannotDivideError(ValueError):
    """There are not enough grids for every village, or a county cannot be cut as asked."""


class _CornerError(Exception):
    """This seed leads nowhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """A township to place in a county: its villages, and whether it belongs in the dense middle."""

    name: str
    villages: tuple[str, ...]
    urban: bool = False


@dataclass(frozen=True, slots=True)
class Parcels:
    """The drawing: the grids of each village, from the north-west on, and the unions above them."""

    grids: dict[str, list[Any]]
    villages: dict[str, Any]
    townships: dict[str, Any]
    counties: dict[str, Any]


def divide(counties: Mapping[str, tuple[Any, Sequence[Part]]], *, grids: int, seed: int) -> Parcels:
    """Draw exactly so many grids in the counties (each: its polygon and its townships). Names must be unique.

    The union of a county's grids is the county, to half a STEP at the points where a cut meets its border. One seed
    in a few deals a township into a corner it cannot leave; then the next is tried, so the answer is still one.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return _divide(counties, grids, seed * _ATTEMPTS + attempt)
        except _CornerError as error:
            stuck = error
    raise CannotDivideError(f"no drawing in {_ATTEMPTS} attempts: {stuck}")


def _divide(counties: Mapping[str, tuple[Any, Sequence[Part]]], grids: int, seed: int) -> Parcels:
    wanted = _share_out(counties, grids)
    outlines = {name: shapely.set_precision(_one_piece(shape), STEP) for name, (shape, _) in counties.items()}
    plans: dict[str, tuple[Any, Any]] = {}
    lines = [shapely.boundary(outline) for outline in outlines.values()]
    for number, (name, (_, parts)) in enumerate(counties.items()):
        random = np.random.Generator(np.random.PCG64([seed, number]))
        count = sum(wanted[part.name] for part in parts)
        plans[name] = _scatter(outlines[name], count, random)
        lines.append(_cuts(outlines[name], plans[name][0]))
    faces = np.array(shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines, grid_size=STEP)))))
    inside = shapely.point_on_surface(faces)
    drawn = Parcels({}, {}, {}, {})
    for number, (name, (_, parts)) in enumerate(counties.items()):
        own = faces[shapely.contains(outlines[name], inside)]
        random = np.random.Generator(np.random.PCG64([seed, number, 1]))
        cells = _gather(own, plans[name][0])
        _deal(drawn, name, parts, wanted=wanted, cells=cells, middle=plans[name][1], random=random)
    return drawn


def _share_out(counties: Mapping[str, tuple[Any, Sequence[Part]]], grids: int) -> dict[str, int]:
    """Grids per township: some for each village, the rest by weight, to the last grid."""
    parts = [part for _, listed in counties.values() for part in listed]
    least = {part.name: math.ceil(len(part.villages) * _SLACK) for part in parts}
    rest = grids - sum(least.values())
    if rest < 0:
        raise CannotDivideError(f"{grids} grids are too few for {sum(len(part.villages) for part in parts)} villages")
    weights = np.array([len(part.villages) * (3.0 if part.urban else 1.0) for part in parts])
    exact = rest * weights / weights.sum()
    extra = np.floor(exact).astype(int)
    for i in np.argsort(extra - exact, kind="stable")[: rest - int(extra.sum())]:
        extra[i] += 1
    return {part.name: least[part.name] + int(more) for part, more in zip(parts, extra, strict=True)}


def _one_piece(shape: Any) -> Any:
    """A county as one polygon; a multipolygon of one part is accepted."""
    parts = shapely.get_parts(shape)
    if len(parts) != 1:
        raise CannotDivideError(f"a county of {len(parts)} separate pieces cannot be divided")
    return parts[0]


def _scatter(outline: Any, count: int, random: np.random.Generator) -> tuple[Any, Any]:
    """So many points in a polygon, closer together around a middle; and the middle.

    Sample points, weighted by density, are halved again and again along random directions; each last group gives
    the one of its samples that is nearest to its centre, so every point surely lies inside.
    """
    west, south, east, north = shapely.bounds(outline)
    side = math.sqrt((east - west) * (north - south) / (count * _SAMPLES_PER_GRID))
    across, up = np.meshgrid(np.arange(west, east, side), np.arange(south, north, side))
    samples = np.column_stack([across.ravel(), up.ravel()])
    samples += (random.random(samples.shape) - 0.5) * side * 0.9
    shapely.prepare(outline)
    samples = samples[shapely.contains_xy(outline, samples[:, 0], samples[:, 1])]
    middle = shapely.get_coordinates(shapely.point_on_surface(outline))[0]
    reach = math.sqrt(shapely.area(outline)) * 0.22
    weights = 1.0 + _CROWDING * np.exp(-(((samples - middle) / reach) ** 2).sum(axis=1))
    chosen: list[int] = []
    pending = [(np.arange(len(samples)), count)]
    while pending:
        group, parts = pending.pop()
        if parts == 1:
            centre = np.average(samples[group], axis=0, weights=weights[group])
            chosen.append(int(group[((samples[group] - centre) ** 2).sum(axis=1).argmin()]))
            continue
        spread = np.ptp(samples[group], axis=0)
        angle = (0.0 if spread[0] > spread[1] else math.pi / 2) + (random.random() - 0.5) * 0.9
        order = group[np.argsort(samples[group] @ (math.cos(angle), math.sin(angle)), kind="stable")]
        first = parts // 2
        heaped = np.cumsum(weights[order])
        cut = int(np.searchsorted(heaped, heaped[-1] * first / parts))
        cut = min(max(cut, first), len(order) - (parts - first))
        pending += [(order[cut:], parts - first), (order[:cut], first)]
    return samples[chosen], middle


def _cuts(outline: Any, seeds: Any) -> Any:
    """The edges of the Voronoi diagram of the seeds, inside the polygon."""
    edges = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=outline, only_edges=True)
    return shapely.intersection(edges, outline)


def _gather(faces: Any, seeds: Any) -> Any:
    """One polygon per seed. A cell that the border cut in two keeps its larger piece; a neighbour takes the other."""
    near = shapely.STRtree(shapely.points(seeds)).nearest(shapely.point_on_surface(faces))
    order = np.lexsort((-shapely.area(faces), near))
    main = order[np.unique(near[order], return_index=True)[1]]
    if len(main) != len(seeds):
        raise _CornerError("a cell was lost in the cutting")
    cells: list[list[Any]] = [[faces[i]] for i in main]
    for i in sorted(set(range(len(faces))) - set(main.tolist())):
        shared = shapely.length(shapely.intersection(faces[i], faces[main]))
        cells[int(shared.argmax())].append(faces[i])
    return np.array([shapely.coverage_union_all(pieces) if len(pieces) > 1 else pieces[0] for pieces in cells])


def neighbours(cells: Any, *, firmly: float = 0.0) -> dict[int, list[int]]:
    """Which cells of a coverage share an edge (not just a corner).

    With `firmly`, the shared edge must be that share of the smaller cell's width: parts that hang together by a
    hair look broken on a map.
    """
    corners, owner = shapely.get_coordinates(cells, return_index=True)
    whole = np.rint(corners / STEP).astype(np.int64)
    rings = shapely.get_rings(cells, return_index=True)
    ring_of = np.repeat(np.arange(len(rings[0])), shapely.get_num_coordinates(rings[0]))
    follows = ring_of[1:] == ring_of[:-1]
    start, end, by = whole[:-1][follows], whole[1:][follows], owner[:-1][follows]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    edges = np.where(swap[:, None], np.hstack([end, start]), np.hstack([start, end]))
    order = np.lexsort(edges.T)
    twins = (edges[order][1:] == edges[order][:-1]).all(axis=1)
    pairs = np.column_stack([by[order][:-1][twins], by[order][1:][twins]])
    ends = edges[order][:-1][twins] * STEP
    lengths = np.hypot(ends[:, 0] - ends[:, 2], ends[:, 1] - ends[:, 3])
    pairs.sort(axis=1)
    pairs, which = np.unique(pairs, axis=0, return_inverse=True)
    shared = np.bincount(which.ravel(), weights=lengths, minlength=len(pairs))
    widths = np.sqrt(shapely.area(cells))
    firm = shared >= firmly * np.minimum(widths[pairs[:, 0]], widths[pairs[:, 1]])
    found: dict[int, set[int]] = {i: set() for i in range(len(cells))}
    for a, b in pairs[firm].tolist():
        if a != b:
            found[a].add(b)
            found[b].add(a)
    return {i: sorted(near) for i, near in found.items()}


def _deal(
    drawn: Parcels,
    county: str,
    parts: Sequence[Part],
    *,
    wanted: Mapping[str, int],
    cells: Any,
    middle: Any,
    random: np.random.Generator,
) -> None:
    """Deal a county's cells to its townships and their villages."""
    beside = neighbours(cells, firmly=_FIRMLY)
    if not _hangs_together(beside):
        beside = neighbours(cells)
    at = shapely.get_coordinates(shapely.centroid(cells))
    everything = list(range(len(cells)))
    urban, rural = [part for part in parts if part.urban], [part for part in parts if not part.urban]
    dealer = _Dealer(beside, at, random)
    groups: list[tuple[list[Part], Cells]] = [(list(parts), everything)]
    if urban and rural:
        from_middle = ((at - middle) ** 2).sum(axis=1)
        inner, outer = dealer.split(
            everything,
            sum(wanted[part.name] for part in urban),
            sum(len(part.villages) for part in urban),
            sum(len(part.villages) for part in rural),
            [from_middle],
        )
        groups = [(urban, inner), (rural, outer)]
    for listed, held in groups:
        by_township = dealer.deal([(part.name, wanted[part.name], len(part.villages)) for part in listed], held)
        for part in listed:
            _deal_villages(drawn, part, by_township[part.name], cells, dealer)
    drawn.counties[county] = shapely.coverage_union_all([drawn.townships[part.name] for part in parts])


def _hangs_together(beside: Neighbours) -> bool:
    seen, front = {0}, [0]
    while front:
        for near in beside[front.pop()]:
            if near not in seen:
                seen.add(near)
                front.append(near)
    return len(seen) == len(beside)


def _deal_villages(drawn: Parcels, part: Part, held: Cells, cells: Any, dealer: "_Dealer") -> None:
    """Deal a township's cells to its villages, unequally: one village in six is large."""
    sizes = 0.6 + dealer.random.random(len(part.villages)) * 1.4
    sizes[dealer.random.random(len(part.villages)) < 1 / 6] *= 2.5
    share = np.maximum(1, np.rint(sizes / sizes.sum() * len(held))).astype(int)
    by_village = dealer.deal([(name, int(n), 1) for name, n in zip(part.villages, share, strict=True)], held)
    for name in part.villages:
        numbered = sorted(by_village[name], key=lambda i: (dealer.at[i][0] - dealer.at[i][1], i))
        drawn.grids[name] = [cells[i] for i in numbered]
        drawn.villages[name] = _united(drawn.grids[name], name)
    drawn.townships[part.name] = _united([drawn.villages[name] for name in part.villages], part.name)


def _united(shapes: list[Any], name: str) -> Any:
    union = shapely.coverage_union_all(shapes) if len(shapes) > 1 else shapes[0]
    if union.geom_type != "Polygon":
        raise _CornerError(f"{name} fell apart in the dealing")
    return shapely.normalize(union)


class _Dealer:
    """Deals connected sets of cells into connected parts."""

    def __init__(self, beside: Neighbours, at: Any, random: np.random.Generator) -> None:
        self.beside, self.at, self.random = beside, at, random

    def deal(self, takers: Sequence[tuple[str, int, int]], cells: Cells) -> dict[str, Cells]:
        """Give each taker (name, cells wanted, cells needed at least) one connected piece, using up all cells."""
        dealt: dict[str, Cells] = {}
        pending = [(list(takers), cells)]
        while pending:
            listed, held = pending.pop()
            if len(listed) == 1:
                dealt[listed[0][0]] = held
                continue
            half = len(listed) // 2
            first, second = listed[:half], listed[half:]
            want = round(len(held) * sum(t[1] for t in first) / sum(t[1] for t in listed))
            spread = np.ptp(self.at[held], axis=0)
            keys = [sign * self.at[:, axis] for axis in np.argsort(-spread, kind="stable") for sign in (1, -1)]
            one, other = self.split(held, want, sum(t[2] for t in first), sum(t[2] for t in second), keys)
            pending += [(second, other), (first, one)]
        return dealt

    def split(self, cells: Cells, want: int, need: int, need_other: int, keys: Iterable[Any]) -> tuple[Cells, Cells]:
        """Cut a connected set in two connected sets, the first with about `want` cells; each with what it needs."""
        best: tuple[int, Cells, Cells] | None = None
        want = min(max(want, need), len(cells) - need_other)
        for key in keys:
            for start in np.array(cells)[np.argsort(key[cells], kind="stable")[:3]].tolist():
                for take in (want, need):
                    one, other = self._grow(cells, start, take, key)
                    if len(one) >= need and len(other) >= need_other:
                        off = abs(len(one) - want)
                        if best is None or off < best[0]:
                            best = (off, one, other)
                if best is not None and best[0] <= max(1, want // 50):
                    return best[1], best[2]
        if best is None:
            raise _CornerError(f"{len(cells)} cells do not split into {need} and {need_other}")
        return best[1], best[2]

    def _grow(self, cells: Cells, start: int, take: int, key: Any) -> tuple[Cells, Cells]:
        """Grow a connected set from a cell in order of a key; what it cuts off from the rest, it keeps."""
        free = set(cells)
        grown: set[int] = set()
        heap = [(float(key[start]), start)]
        seen = {start}
        while heap and len(grown) < take:
            _, now = heapq.heappop(heap)
            grown.add(now)
            for near in self.beside[now]:
                if near in free and near not in seen:
                    seen.add(near)
                    heapq.heappush(heap, (float(key[near]), near))
        rest = free - grown
        pieces = []
        while rest:
            piece, front = set[int](), [min(rest)]
            while front:
                now = front.pop()
                if now in rest:
                    rest.remove(now)
                    piece.add(now)
                    front.extend(near for near in self.beside[now] if near in rest)
            pieces.append(piece)
        pieces.sort(key=lambda piece: (-len(piece), min(piece)))
        for piece in pieces[1:]:
            grown |= piece
        return sorted(grown), sorted(pieces[0]) if pieces else []

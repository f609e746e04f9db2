"""Illustrative grids: a valid coverage of the real counties, every part one piece, the same on every run."""

import hashlib

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.geometry import ground
from linli.engines.geometry.parcels import CannotDivideError, Part, divide, neighbours

WEST = shapely.Polygon([(118, 37), (118.1, 37), (118.1, 37.05), (118.1, 37.1), (118.03, 37.08), (118, 37.1)])
EAST = shapely.Polygon([(118.1, 37), (118.2, 37), (118.2, 37.1), (118.1, 37.1), (118.1, 37.05)])


def parts(name: str, *sizes: int) -> list[Part]:
    return [
        Part(f"{name}{i}", tuple(f"{name}{i}-{j}" for j in range(size)), urban=i == 0) for i, size in enumerate(sizes)
    ]


def draw(sizes=((3, 5, 1), (4, 4)), grids=60, seed=1):
    return divide(
        {"west": (WEST, parts("w", *sizes[0])), "east": (EAST, parts("e", *sizes[1]))}, grids=grids, seed=seed
    )


def digest(drawn) -> str:
    blobs = [shapely.to_wkb(grid) for name in sorted(drawn.grids) for grid in drawn.grids[name]]
    return hashlib.sha256(b"".join(blobs)).hexdigest()


def test_every_level_is_a_valid_coverage_of_single_polygons():
    drawn = draw()
    grids = [grid for listed in drawn.grids.values() for grid in listed]
    assert len(grids) == 60
    assert set(drawn.villages) == {
        village for part in [*parts("w", 3, 5, 1), *parts("e", 4, 4)] for village in part.villages
    }
    for level in (grids, list(drawn.villages.values()), list(drawn.townships.values()), list(drawn.counties.values())):
        assert shapely.coverage_is_valid(level)
        assert {shape.geom_type for shape in level} == {"Polygon"}
        assert all(shape.is_valid for shape in level)


def test_the_union_is_the_county_within_a_metre_of_its_border():
    drawn = draw()
    for name, county in (("west", WEST), ("east", EAST)):
        assert ground.square_metres([drawn.counties[name].symmetric_difference(county)])[0] < 50
        assert drawn.counties[name].hausdorff_distance(county) < 1e-6


def test_the_same_seed_draws_the_same_bytes_and_another_seed_does_not():
    assert digest(draw()) == digest(draw())
    assert digest(draw()) != digest(draw(seed=2))


def test_too_few_grids_or_a_county_in_two_pieces_are_refused():
    with pytest.raises(CannotDivideError, match="too few"):
        draw(grids=17)
    with pytest.raises(CannotDivideError, match="2 separate pieces"):
        divide({"islands": (shapely.MultiPolygon([WEST, EAST.buffer(-0.01)]), parts("i", 2))}, grids=9, seed=1)


def test_neighbours_share_an_edge_and_not_just_a_corner():
    squares = [shapely.box(x, y, x + 1, y + 1) for x, y in ((0, 0), (1, 0), (1, 1))]
    assert neighbours(squares) == {0: [1], 1: [0, 2], 2: [1]}


@settings(max_examples=15, deadline=None)
@given(
    sizes=st.tuples(*[st.lists(st.integers(1, 12), min_size=1, max_size=5)] * 2),
    spare=st.floats(1.5, 4),
    seed=st.integers(0, 10**6),
)
def test_any_city_is_divided_without_gaps_or_overlaps(sizes, spare, seed):
    villages = sum(map(sum, sizes))
    wanted = int(villages * spare) + 12
    drawn = draw(sizes, wanted, seed)
    grids = [grid for listed in drawn.grids.values() for grid in listed]
    assert len(grids) == wanted
    assert min(len(listed) for listed in drawn.grids.values()) >= 1
    assert shapely.coverage_is_valid(grids)
    assert {shape.geom_type for shape in [*grids, *drawn.villages.values(), *drawn.townships.values()]} == {"Polygon"}

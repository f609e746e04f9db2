"""Nothing is lost and nothing counted twice, at any distance."""

import pytest

from linli.engines.hexagons import gather, resolution_at

POINTS = [(117.97 + n / 500, 37.38 + n / 700, n % 3 == 0) for n in range(60)]


@pytest.mark.parametrize("resolution", [6, 8, 10])
def test_every_point_lies_in_one_cell(resolution):
    cells = gather(POINTS, resolution)
    assert sum(each.count for each in cells) == len(POINTS)
    assert sum(each.marked for each in cells) == 20
    assert cells == sorted(cells, key=lambda each: (-each.count, each.name))


def test_from_farther_away_there_are_fewer_and_larger_cells():
    sizes = [len(gather(POINTS, resolution_at(zoom))) for zoom in (9, 11, 12, 14, 16)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_a_cell_is_a_closed_ring_around_its_middle():
    (cell,) = gather(POINTS[:1], 9)
    assert cell.corners[0] == cell.corners[-1]
    west, east = min(x for x, _ in cell.corners), max(x for x, _ in cell.corners)
    assert west < cell.middle[0] < east

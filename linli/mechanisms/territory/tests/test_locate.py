"""Points to places: inside, on edges, in gaps and outside."""

import math
from datetime import date

import numpy as np
import pytest

from linli.kernel.coordinates import Point
from linli.mechanisms.territory import Outside, Place, index, locate, locate_many, service, slots
from linli.mechanisms.territory.service import NewArea
from linli.mechanisms.territory.tests.conftest import BY, SIDE, SOUTH, WEST, square

DAY = date(2026, 1, 1)


def at(x: float, y: float) -> Point:
    return Point(WEST + x * SIDE, SOUTH + y * SIDE)


def test_a_point_is_in_its_grid_with_the_whole_chain(place):
    found = locate(at(1.5, 0.5))
    assert isinstance(found, Place)
    assert found.area_id == place["柳岸一网格"]
    assert found.level == 5
    assert found.slots == (place["柳城市"], place["柳河区"], place["柳林街道"], place["柳岸社区"], place["柳岸一网格"])
    assert slots(place["柳林街道"]) == (place["柳城市"], place["柳河区"], place["柳林街道"], None, None)


def test_on_a_shared_edge_the_smaller_area_wins_then_the_lower_code(place):
    assert locate(Point(WEST + SIDE, SOUTH + SIDE / 2)).area_id == place["槐花一网格"]
    assert locate(Point(WEST + SIDE, SOUTH + SIDE)).area_id == place["槐花一网格"]
    smaller = NewArea(
        code="9900010010029001",
        name="柳岸微网格",
        level=5,
        kind="grid",
        parent_code="990001001002",
        shape=square(1, 1).buffer(-SIDE / 3),
    )
    ids = service.establish([smaller], on=DAY, source="测试", by=BY)
    assert locate(at(1.5, 1.5)).area_id == ids["9900010010029001"]
    assert locate(at(1.1, 1.1)).area_id == place["柳岸二网格"]


def test_a_building_is_more_specific_than_its_grid(place):
    building = NewArea(
        code="990001001001000100001",
        name="1号楼",
        level=6,
        kind="building",
        parent_code="9900010010010001",
        shape=square(0, 0).buffer(-SIDE / 3),
    )
    ids = service.establish([building], on=DAY, source="测试", by=BY)
    found = locate(at(0.5, 0.5))
    assert (found.area_id, found.level) == (ids[building.code], 6)
    assert found.slots.grid_id == place["槐花一网格"]


def test_in_a_gap_the_nearest_grid_within_fifty_metres_wins(place):
    found = locate(at(2.2, 0.5))
    assert found.area_id == place["柳岸一网格"]
    assert 0 < found.gap_m < 50


def test_in_a_wider_gap_the_next_larger_area_wins(place):
    found = locate(at(2.9, 1.9))
    assert (found.area_id, found.level, found.gap_m) == (place["杏花镇"], 3, 0.0)


def test_outside_the_city_names_the_nearest_county_even_a_step_beyond_the_border(place):
    found = locate(at(-0.1, 0.5))
    assert isinstance(found, Outside)
    assert found.nearest_name == "柳河区"
    assert found.distance_m == pytest.approx(0.1 * SIDE * 111195 * math.cos(math.radians(37.4)), rel=0.01)
    assert isinstance(locate(Point(0.0, 0.0)), Outside)
    assert locate(Point(math.nan, 37.0)) == Outside(None, "", math.inf)


def test_many_points_at_once_agree_with_one_at_a_time(place):
    generator = np.random.default_rng(1)
    lons, lats = WEST + generator.uniform(-1, 5, 500) * SIDE, SOUTH + generator.uniform(-1, 3, 500) * SIDE
    singly = [getattr(locate(Point(lon, lat)), "area_id", 0) for lon, lat in zip(lons, lats, strict=True)]
    assert locate_many(lons, lats).tolist() == singly
    assert 0 in singly


def test_before_any_shape_is_loaded_every_point_is_outside(db):
    assert locate(at(0, 0)) == Outside(None, "", math.inf)


def test_another_process_notices_a_new_version(place, monkeypatch):
    before = index.current()
    assert index.current() is before
    monkeypatch.setattr(index, "CHECK_SECONDS", 0)
    assert index.current() is before
    with service.change(source="测试", by=BY) as now:
        now.facts.append(service.AreasEstablished(now.version, 0, (), "测试"))
    assert index.current() is not before

"""Between WGS 84 and the coordinates of Chinese maps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.coordinates import Point, distance_m, from_gcj02, to_gcj02

# A box around Binzhou.
in_the_city = st.builds(Point, st.floats(117.2, 118.7), st.floats(36.6, 38.3))
in_china = st.builds(Point, st.floats(74, 134), st.floats(3, 53))


@given(in_the_city)
def test_there_and_back_is_the_same_place_within_a_centimetre(point):
    assert distance_m(point, from_gcj02(to_gcj02(point))) < 0.01
    assert distance_m(point, to_gcj02(from_gcj02(point))) < 0.01


@given(in_china)
def test_there_and_back_holds_in_all_of_china(point):
    assert distance_m(point, from_gcj02(to_gcj02(point))) < 0.01


@given(in_the_city)
def test_the_shift_is_hundreds_of_metres(point):
    assert 100 < distance_m(point, to_gcj02(point)) < 1000


def test_the_shift_is_the_published_one():
    # Tiananmen and the Oriental Pearl Tower, as published with the algorithm.
    assert distance_m(to_gcj02(Point(116.391248, 39.907333)), Point(116.397491, 39.908737)) < 1
    assert distance_m(to_gcj02(Point(121.4952, 31.2400)), Point(121.499705, 31.237976)) < 50


@pytest.mark.parametrize("point", [Point(-0.1276, 51.5072), Point(139.7, 35.7), Point(0, 0), Point(118.0, -37.0)])
def test_outside_china_nothing_is_moved(point):
    assert to_gcj02(point) == from_gcj02(point) == point


def test_distance_is_in_metres():
    assert distance_m(Point(118, 37), Point(118, 38)) == pytest.approx(111_195, abs=10)
    assert distance_m(Point(118, 37), Point(118, 37)) == 0
    assert distance_m(Point(180, 0), Point(-180, 0)) == pytest.approx(0, abs=1e-6)

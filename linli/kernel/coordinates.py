"""Points on the earth: WGS 84 inside linli (CGCS2000 within centimetres), GCJ-02 on Chinese maps and in WeChat.

The shift is the widely published one (no official text exists); the inverse is found by iteration.
"""

from math import asin, cos, pi, radians, sin, sqrt
from typing import NamedTuple

_AXIS = (
    6_378_245.0  # Krasovsky 1940, on which GCJ-02 is built: half axis in metres, and its first eccentricity squared.
)
_ECCENTRICITY = 0.00669342162296594323
_EARTH_RADIUS_M = 6_371_008.8
_CLOSE_ENOUGH = 1e-9  # Degrees; a tenth of a millimetre.


class Point(NamedTuple):
    """A place on the earth in degrees, longitude first, as in GeoJSON."""

    lon: float
    lat: float


def to_gcj02(point: Point) -> Point:
    """火星坐标 — as a Chinese map shows it. Outside the rectangle around China nothing is moved."""
    if not _is_near_china(point):
        return point
    east, north = _shift(point)
    return Point(point.lon + east, point.lat + north)


def from_gcj02(point: Point) -> Point:
    """Back from a Chinese map to WGS 84, within a millimetre. Outside the rectangle around China nothing is moved."""
    if not _is_near_china(point):
        return point
    guess = point
    for _ in range(10):
        east, north = _shift(guess)
        better = Point(point.lon - east, point.lat - north)
        settled = abs(better.lon - guess.lon) < _CLOSE_ENOUGH and abs(better.lat - guess.lat) < _CLOSE_ENOUGH
        guess = better
        if settled:
            break
    return guess


def distance_m(a: Point, b: Point) -> float:
    """Metres along the ground (great circle on a sphere; wrong by at most one part in two hundred)."""
    south_north = radians(b.lat - a.lat) / 2
    west_east = radians(b.lon - a.lon) / 2
    chord = sin(south_north) ** 2 + cos(radians(a.lat)) * cos(radians(b.lat)) * sin(west_east) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(chord)))


def _is_near_china(point: Point) -> bool:
    return 72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271


def _shift(point: Point) -> tuple[float, float]:
    x, y = point.lon - 105.0, point.lat - 35.0
    common = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (
        (common + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    )
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (common + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    latitude = radians(point.lat)
    flattening = 1 - _ECCENTRICITY * sin(latitude) ** 2
    metres_per_degree_east = _AXIS / sqrt(flattening) * cos(latitude) * pi / 180
    metres_per_degree_north = _AXIS * (1 - _ECCENTRICITY) / (flattening * sqrt(flattening)) * pi / 180
    return east / metres_per_degree_east, north / metres_per_degree_north

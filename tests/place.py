"""柳林街道 — the imaginary township of tests, screenshots and docs, drawn on squared paper of about a kilometre.

y=1 | 槐花二  柳岸二 |     |        |
y=0 | 槐花一  柳岸一 |     | 杏花一 |
"""

from datetime import date

import shapely

from linli.kernel.coordinates import Point
from linli.mechanisms.journal import Author
from linli.mechanisms.territory import index, service
from linli.mechanisms.territory.service import Card, NewArea

SIDE = 0.01
WEST, SOUTH = 118.0, 37.4

CITY, COUNTY = "990000000000", "990001000000"
LIULIN, XINGHUA = "990001001000", "990001101000"
HUAIHUA, LIUAN, VILLAGE = "990001001001", "990001001002", "990001101201"
HUAIHUA_1, HUAIHUA_2 = "9900010010010001", "9900010010010002"
LIUAN_1, LIUAN_2 = "9900010010020001", "9900010010020002"
XINGHUA_1 = "9900011012010001"


def square(x: float, y: float, width: float = 1, height: float = 1) -> shapely.Polygon:
    """A rectangle on the squared paper."""
    return shapely.box(WEST + x * SIDE, SOUTH + y * SIDE, WEST + (x + width) * SIDE, SOUTH + (y + height) * SIDE)


def at(x: float, y: float) -> Point:
    """A point on the squared paper: at(0.5, 0.5) is the middle of 槐花一网格."""
    return Point(WEST + x * SIDE, SOUTH + y * SIDE)


OUTSIDE = Point(121.5, 38.9)
"""In the sea."""


def area(code, name, level, kind, parent, shape, **rest):
    """One line of the place."""
    nbs = code if level <= 4 else None
    return NewArea(code=code, name=name, level=level, kind=kind, parent_code=parent, nbs_code=nbs, shape=shape, **rest)


AREAS = [
    area(CITY, "柳城市", 1, "city", None, square(0, 0, 4, 2)),
    area(COUNTY, "柳河区", 2, "district", CITY, square(0, 0, 4, 2)),
    area(LIULIN, "柳林街道", 3, "subdistrict", COUNTY, square(0, 0, 2, 2)),
    area(XINGHUA, "杏花镇", 3, "town", COUNTY, square(2, 0, 2, 2)),
    area(HUAIHUA, "槐花社区", 4, "community", LIULIN, square(0, 0, 1, 2)),
    area(LIUAN, "柳岸社区", 4, "community", LIULIN, square(1, 0, 1, 2)),
    area(VILLAGE, "杏花村", 4, "village", XINGHUA, square(2, 0, 2, 2)),
    area(
        HUAIHUA_1,
        "槐花一网格",
        5,
        "grid",
        HUAIHUA,
        square(0, 0),
        card=Card(households=320, supervision_phone="0543-0000001"),
    ),
    area(HUAIHUA_2, "槐花二网格", 5, "grid", HUAIHUA, square(0, 1)),
    area(LIUAN_1, "柳岸一网格", 5, "grid", LIUAN, square(1, 0)),
    area(LIUAN_2, "柳岸二网格", 5, "grid", LIUAN, square(1, 1)),
    area(XINGHUA_1, "杏花一网格", 5, "grid", VILLAGE, square(3, 0)),
]


def build() -> dict[str, int]:
    """Establish the place; the ids by code."""
    ids = service.establish(AREAS, on=date(2026, 1, 1), source="柳林街道（虚构）", by=Author("system", office="测试"))
    index.forget()
    return ids

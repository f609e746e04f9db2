"""A city of two townships, drawn on squared paper: every square is a grid of a thousandth of a degree."""

from datetime import date

import pytest
import shapely

from linli.mechanisms.journal import Author
from linli.mechanisms.territory import index, service
from linli.mechanisms.territory.service import Card, NewArea

BY = Author("system", office="测试")
SIDE = 0.001
WEST, SOUTH = 118.0, 37.4


def square(x: int, y: int, width: int = 1, height: int = 1) -> shapely.Polygon:
    """A rectangle on the squared paper."""
    return shapely.box(WEST + x * SIDE, SOUTH + y * SIDE, WEST + (x + width) * SIDE, SOUTH + (y + height) * SIDE)


@pytest.fixture(autouse=True)
def fresh_index(monkeypatch):
    """Look at the version only when the test's own process changed it, or at the start."""
    monkeypatch.setattr(index, "CHECK_SECONDS", float("inf"))
    index.forget()


# 柳林街道 has two communities of two grids each; 杏花镇 is next to it with one village and one grid, and a gap.
#   y=1 | 槐花二  柳岸二 |
#   y=0 | 槐花一  柳岸一 | gap | 杏花一
PLACE = [
    NewArea(code="990000000000", name="柳城市", level=1, kind="city", parent_code=None, nbs_code="990000000000", mca_code="990000", shape=square(0, 0, 4, 2)),
    NewArea(code="990001000000", name="柳河区", level=2, kind="district", parent_code="990000000000", nbs_code="990001000000", mca_code="990001", shape=square(0, 0, 4, 2)),
    NewArea(code="990001001000", name="柳林街道", level=3, kind="subdistrict", parent_code="990001000000", nbs_code="990001001000", mca_code="990001002", shape=square(0, 0, 2, 2)),
    NewArea(code="990001101000", name="杏花镇", level=3, kind="town", parent_code="990001000000", nbs_code="990001101000", mca_code="990001001", shape=square(2, 0, 2, 2)),
    NewArea(code="990001001001", name="槐花社区", level=4, kind="community", parent_code="990001001000", nbs_code="990001001001", shape=square(0, 0, 1, 2)),
    NewArea(code="990001001002", name="柳岸社区", level=4, kind="community", parent_code="990001001000", nbs_code="990001001002", shape=square(1, 0, 1, 2)),
    NewArea(code="990001101201", name="杏花村", level=4, kind="village", parent_code="990001101000", nbs_code="990001101201", official_name="杏花村民委员会"),
    NewArea(code="9900010010010001", name="槐花一网格", level=5, kind="grid", parent_code="990001001001", shape=square(0, 0), card=Card(households=320)),
    NewArea(code="9900010010010002", name="槐花二网格", level=5, kind="grid", parent_code="990001001001", shape=square(0, 1)),
    NewArea(code="9900010010020001", name="柳岸一网格", level=5, kind="grid", parent_code="990001001002", shape=square(1, 0)),
    NewArea(code="9900010010020002", name="柳岸二网格", level=5, kind="grid", parent_code="990001001002", shape=square(1, 1)),
    NewArea(code="9900011012010001", name="杏花一网格", level=5, kind="grid", parent_code="990001101201", shape=square(3, 0)),
]  # fmt: skip


@pytest.fixture
def place(db) -> dict[str, int]:
    """The ids of the tiny city by name."""
    ids = service.establish(PLACE, on=date(2026, 1, 1), source="测试", by=BY)
    return {new.name: ids[new.code] for new in PLACE}

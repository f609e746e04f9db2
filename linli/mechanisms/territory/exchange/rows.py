"""What an import reads and says: a row of a file, a reason to refuse it, the report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from linli.kernel.coordinates import Point
from linli.mechanisms.territory.index import Node
from linli.mechanisms.territory.service import NewArea

COLUMNS = (
    "code", "name", "level", "kind", "parent_code", "nbs_code", "mca_code", "grid_kind", "households", "residents",
    "extent", "notice", "supervision_phone", "illustrative",
)  # fmt: skip
REQUIRED = ("code", "name", "level", "parent_code")

WORDS = {
    "malformed": "字段有误",
    "duplicate_code": "代码重复",
    "wrong_parent": "上级有误",
    "grid_owner": "网格归属有误",
    "not_a_polygon": "不是多边形",
    "self_intersection": "自相交",
    "overlap": "重叠",
    "gap": "缝隙",
    "beyond_parent": "超出上级",
    "outside_city": "在本市之外",
}


class UnreadableError(ValueError):
    """The file cannot be read at all; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row refused: its number in the file (from 1), its code, the reason's key in WORDS, and the full sentence."""

    row: int
    code: str
    reason: str
    why: str


@dataclass(slots=True)
class Report:
    """What an import did, or why it did nothing."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    retired: int = 0
    written: bool = False
    refused: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class Row:
    """A row as read: values as text ("" for none), and its shape."""

    number: int
    values: dict[str, str]
    shape: Any
    given: NewArea | None = None
    existing: Node | None = None

    @property
    def code(self) -> str:
        """Its code, or nothing."""
        return self.values.get("code", "")


def moved(shape: Any, move: Callable[[Point], Point]) -> Any:
    """Every corner of a shape moved from one system to the other."""
    if shape is None:
        return None

    def each(corners: Any) -> Any:
        return np.array([move(Point(lon, lat)) for lon, lat in corners.tolist()]).reshape(-1, 2)

    return shapely.transform(shape, each)

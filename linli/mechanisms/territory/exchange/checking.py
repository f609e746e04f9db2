"""Every reason to refuse a row, found before anything is written: fields, parents, shapes, and how shapes fit together."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from linli.engines.geometry import ground
from linli.mechanisms.territory import index
from linli.mechanisms.territory.exchange.rows import REQUIRED, Refusal, Row
from linli.mechanisms.territory.models import Geometry, Grid, Level
from linli.mechanisms.territory.service import Card, NewArea

TOLERANCE = 1.0
"""Square metres by which shapes may miss each other."""
BORDER_SHARE = 0.1
"""Share of a shape that may lie beyond the city's outline: county outlines are drawn at map scale."""
_LONGEST = {"name": 120, "extent": 500, "notice": 1000, "supervision_phone": 30, "kind": 40}
_CODE = re.compile(r"[0-9A-Za-z-]{1,24}")
_USUAL_KIND = {1: "city", 2: "county", 3: "town", 4: "community", 5: "grid", 6: "building"}


class Check:
    """Every reason to refuse a row, found before anything is written."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.refused: list[Refusal] = []
        self._held = index.current()
        self._shapes = self._held.shapes.polygons
        self._imagined = set(
            Geometry.objects.filter(replaced_at=None, illustrative=True).values_list("area_id", flat=True)
        )
        self._in_file: dict[str, Row] = {}
        self._incomplete: set[str] = set()
        """Parents some of whose rows were refused before their shapes were compared."""

    def run(self) -> None:
        """Fields and parents first; shapes only where those are right."""
        for row in self.rows:
            self._fields(row)
        for row in self.rows:
            if row.given is not None:
                self._parent(row)
        for row in self.rows:
            if row.given is not None and row.shape is not None:
                self._shape(row)
        self._fit()

    def _refuse(self, row: Row, reason: str, why: str) -> None:
        self.refused.append(Refusal(row.number, row.code, reason, why))

    def _fields(self, row: Row) -> None:
        values = row.values
        wrong = [
            f"缺少 {name}"
            for name in REQUIRED
            if not values.get(name) and not (name == "parent_code" and values.get("level") == "1")
        ]
        if row.code and not _CODE.fullmatch(row.code):
            wrong.append("code 应为 1 到 24 位数字、字母或连字符")
        wrong += [f"{name} 超过 {most} 字" for name, most in _LONGEST.items() if len(values.get(name, "")) > most]
        for name, most in (("level", 6), ("households", 100_000), ("residents", 1_000_000)):
            text = values.get(name, "")
            if text and not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= most):
                wrong.append(f"{name} 应为 0 到 {most} 的整数，收到的是“{text[:20]}”")
        if values.get("grid_kind", "") not in {"", *Grid.Kind.values}:
            wrong.append(f"grid_kind 应为 {'、'.join(Grid.Kind.values)} 之一")
        if wrong:
            self._refuse(row, "malformed", "；".join(wrong))
            return
        if row.code in self._in_file:
            self._refuse(
                row,
                "duplicate_code",
                f"代码 {row.code} 与第 {self._in_file[row.code].number} 行相同；一个代码只能用一次",
            )
            return
        self._in_file[row.code] = row
        existing = self._held.by_code.get(row.code)
        row.existing = self._held.nodes[existing] if existing is not None else None
        row.given = _new_area(row)

    def _parent(self, row: Row) -> None:
        given, parent = row.given, self._parent_level(row)
        assert given is not None
        if given.level == Level.CITY:
            if row.existing is None:
                self._refuse(row, "wrong_parent", "市由城市包装入，不能导入")
            return
        if parent is None:
            self._refuse(
                row, "wrong_parent", f"上级 {given.parent_code} 不存在，文件里也没有；请更正 parent_code，或先导入上级"
            )
            return
        level, name, functional = parent
        if given.level == Level.GRID and level != Level.COMMUNITY:
            self._refuse(
                row,
                "grid_owner",
                f"网格归属{name}（{Level(level).label}）；网格必须归属且只归属一个村或社区，请填村或社区的代码",
            )
        elif functional or level >= given.level or (given.level == Level.BUILDING and level != Level.GRID):
            self._refuse(
                row, "wrong_parent", f"第 {given.level} 级不能归属{name}（{Level(level).label}）；请更正 parent_code"
            )
        elif row.existing is not None:
            now = self._held.nodes.get(row.existing.parent_id or 0)
            if now is not None and now.code != given.parent_code:
                self._refuse(
                    row, "wrong_parent", f"{row.existing.name}现属{now.name}；改变归属请用新代码另设，原代码停用"
                )
            elif row.existing.level != given.level:
                self._refuse(
                    row,
                    "duplicate_code",
                    f"代码 {row.code} 已用于{row.existing.full_name}（{Level(row.existing.level).label}）",
                )

    def _parent_level(self, row: Row) -> tuple[int, str, bool] | None:
        assert row.given is not None
        code = row.given.parent_code or ""
        in_file = self._in_file.get(code)
        if in_file is not None and in_file.given is not None and in_file is not row:
            return in_file.given.level, in_file.given.name, in_file.given.functional
        held = self._held.by_code.get(code)
        if held is None:
            return None
        node = self._held.nodes[held]
        return node.level, node.name, node.functional

    def _shape(self, row: Row) -> None:
        shape = row.shape
        if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1:
            row.shape = shape = shape.geoms[0]
        if shape.geom_type not in {"Polygon", "MultiPolygon"} or shape.is_empty:
            self._refuse(
                row, "not_a_polygon", f"图形是 {shape.geom_type}{'（空）' if shape.is_empty else ''}；应为多边形"
            )
            row.shape = None
        elif not np.isfinite(shapely.get_coordinates(shape)).all() or not _on_earth(shape):
            self._refuse(row, "malformed", "坐标不是经纬度；请用 WGS84 或 CGCS2000 经纬度（度）")
            row.shape = None
        elif not shape.is_valid:
            self._refuse(
                row, "self_intersection", f"图形自相交或无效（{shapely.is_valid_reason(shape)}）；请在制图软件里修复"
            )
            row.shape = None

    def _fit(self) -> None:
        """How the shapes fit each other, their parents and the city."""
        refused = {refusal.row for refusal in self.refused}
        self._incomplete = {row.values.get("parent_code", "") for row in self.rows if row.number in refused}
        drawn = [
            row for row in self.rows if row.given is not None and row.shape is not None and row.number not in refused
        ]
        self._city(drawn)
        by_layer: dict[tuple[int, str], list[Row]] = defaultdict(list)
        for row in drawn:
            if row.given is not None and not row.given.functional:
                kind = row.given.card.kind if row.given.card is not None else ""
                if kind in {"", Grid.Kind.COMPREHENSIVE}:  # Micro and site grids lie over the comprehensive ones.
                    by_layer[row.given.level, kind].append(row)
        for (level, _), rows in by_layer.items():
            self._overlaps(level, rows)
            self._gaps(level, rows)

    def _city(self, drawn: list[Row]) -> None:
        outlines = [
            self._shapes[n.id]
            for n in self._held.nodes.values()
            if n.level <= 2 and not n.functional and n.id in self._shapes
        ]
        if not outlines:
            return
        city = shapely.union_all(outlines)
        shapely.prepare(city)
        for row in drawn:
            if row.given is None or row.given.level <= Level.COUNTY or shapely.covers(city, row.shape):
                continue
            beyond = float(ground.square_metres([row.shape.difference(city)])[0])
            whole = float(ground.square_metres([row.shape])[0])
            if beyond > max(TOLERANCE, whole * BORDER_SHARE):
                self._refuse(
                    row,
                    "outside_city",
                    f"有 {beyond:,.0f} 平方米（{beyond / whole:.0%}）在本市之外；请检查坐标系和经纬度次序",
                )

    def _overlaps(self, level: int, rows: list[Row]) -> None:
        replaced = {row.existing.id for row in rows if row.existing is not None}
        others = [
            node
            for node in self._held.nodes.values()
            if node.level == level
            and node.id in self._shapes
            and node.id not in replaced | self._imagined
            and not node.functional
        ]
        if level == Level.GRID and others:
            micro = set(Grid.objects.exclude(kind=Grid.Kind.COMPREHENSIVE).values_list("area_id", flat=True))
            others = [node for node in others if node.id not in micro]
        shapes = [row.shape for row in rows] + [self._shapes[node.id] for node in others]
        mine, theirs = shapely.STRtree(shapes).query(shapes[: len(rows)], predicate="intersects")
        for a, b in zip(mine.tolist(), theirs.tolist(), strict=True):
            if b <= a:
                continue
            shared = float(ground.square_metres([shapely.intersection(shapes[a], shapes[b])])[0])
            if shared <= TOLERANCE:
                continue
            if b < len(rows):
                self._refuse(
                    rows[b],
                    "overlap",
                    f"与第 {rows[a].number} 行（{rows[a].code}）重叠 {shared:,.0f} 平方米；请修正界线",
                )
            else:
                node = others[b - len(rows)]
                self._refuse(rows[a], "overlap", f"与已有的{node.full_name}重叠 {shared:,.0f} 平方米；请修正界线")

    def _gaps(self, level: int, rows: list[Row]) -> None:
        """The parts of a parent together: no holes between them, and, where the parent's own shape is real, all of it."""
        by_parent: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.given is not None and row.given.parent_code:
                by_parent[row.given.parent_code].append(row)
        for code, parts in by_parent.items():
            union = shapely.union_all([row.shape for row in parts] + self._siblings(code, level, parts))
            outline = self._outline(code)
            if outline is not None:
                for row in parts:
                    beyond = float(ground.square_metres([row.shape.difference(outline)])[0])
                    if beyond > TOLERANCE:
                        self._refuse(row, "beyond_parent", f"有 {beyond:,.0f} 平方米超出上级 {code} 的界线；请修正界线")
                missing = outline.difference(union)
            else:
                missing = shapely.union_all(
                    [shapely.Polygon(ring) for part in shapely.get_parts(union) for ring in part.interiors]
                )
            if code in self._incomplete:
                continue  # A refused row may be what is missing; its own reason is the one to mend first.
            for gap in shapely.get_parts(missing):
                size = float(ground.square_metres([gap])[0])
                if size > TOLERANCE:
                    near = parts[int(shapely.distance([row.shape for row in parts], gap).argmin())]
                    at = shapely.point_on_surface(gap)
                    self._refuse(
                        near,
                        "gap",
                        f"上级 {code} 之内有 {size:,.0f} 平方米没有划入（{at.x:.5f}, {at.y:.5f} 处）；请补齐",
                    )

    def _siblings(self, code: str, level: int, parts: Sequence[Row]) -> list[Any]:
        parent = self._held.by_code.get(code)
        if parent is None:
            return []
        replaced = {row.existing.id for row in parts if row.existing is not None}
        ids = [i for i in self._held.children.get(parent, ()) if self._held.nodes[i].level == level]
        return [self._shapes[i] for i in ids if i in self._shapes and i not in replaced | self._imagined]

    def _outline(self, code: str) -> Any | None:
        """The parent's real shape: from the file, else as stored; illustrative ones do not count."""
        in_file = self._in_file.get(code)
        if in_file is not None and in_file.shape is not None:
            return in_file.shape
        held = self._held.by_code.get(code)
        return self._shapes.get(held) if held is not None and held not in self._imagined else None


def _on_earth(shape: Any) -> bool:
    west, south, east, north = shape.bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def _new_area(row: Row) -> NewArea:
    values = row.values
    level = int(values["level"])
    kind = values.get("kind") or (row.existing.kind if row.existing is not None else _USUAL_KIND.get(level, ""))

    def count(name: str) -> int | None:
        return int(values[name]) if values.get(name) else None

    card = Card(
        kind=values.get("grid_kind") or Grid.Kind.COMPREHENSIVE.value,
        households=count("households"),
        residents=count("residents"),
        extent=values.get("extent", ""),
        notice=values.get("notice", ""),
        supervision_phone=values.get("supervision_phone", ""),
    )
    return NewArea(
        code=values["code"],
        name=values["name"],
        level=level,
        kind=kind,
        parent_code=values.get("parent_code") or None,
        nbs_code=values.get("nbs_code") or None,
        mca_code=values.get("mca_code") or None,
        card=card if level == Level.GRID else None,
    )

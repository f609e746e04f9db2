"""Areas and grids in and out as GeoJSON, GeoPackage and CSV (shapes as WKT). An import is all or nothing, with a full report.

A row whose code exists changes that area; any other establishes one. Checked together, before anything is written:
every field, parents, self-intersection, overlaps, gaps, and whether the shape lies in the city. Illustrative shapes are
nobody's border: real ones are not compared with them, and illustrative grids of a village end when real ones arrive.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from linli.engines.geometry import ground
from linli.facts.territory import AreasEstablished, AreasRedrawn
from linli.kernel import clock
from linli.kernel.coordinates import Point, from_gcj02, to_gcj02
from linli.kernel.text import clean
from linli.mechanisms import journal
from linli.mechanisms.territory import index, service
from linli.mechanisms.territory.index import Node
from linli.mechanisms.territory.models import Geometry, Grid, Level
from linli.mechanisms.territory.service import Card, NewArea

TOLERANCE = 1.0
"""Square metres by which shapes may miss each other."""
BORDER_SHARE = 0.1
"""Share of a shape that may lie beyond the city's outline: county outlines are drawn at map scale."""
ROWS_AT_MOST = 200_000

COLUMNS = (
    "code", "name", "level", "kind", "parent_code", "nbs_code", "mca_code", "grid_kind", "households", "residents",
    "extent", "notice", "supervision_phone", "illustrative",
)  # fmt: skip
_REQUIRED = ("code", "name", "level", "parent_code")
_LONGEST = {"name": 120, "extent": 500, "notice": 1000, "supervision_phone": 30, "kind": 40}
_CODE = re.compile(r"[0-9A-Za-z-]{1,24}")
_CRS = {"wgs84": ("EPSG:4326", "CRS84", "EPSG:4490", "EPSG::4490", "EPSG::4326"), "gcj02": ()}

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
class _Row:
    """A row as read: values as text ("" for none), and its shape."""

    number: int
    values: dict[str, str]
    shape: Any
    given: NewArea | None = None
    existing: Node | None = None

    @property
    def code(self) -> str:
        return self.values.get("code", "")


# --- Import -------------------------------------------------------------------------------------------------------
def import_file(path: Path, *, by: journal.Author, crs: str = "wgs84", dry_run: bool = False) -> Report:
    """导入 — read, check and write areas; nothing is written if a single row is refused, or on a dry run.

    `crs` is "wgs84" (CGCS2000 is the same within centimetres) or "gcj02". Raises UnreadableError for a file that is
    not one of the three formats, or in another projection.
    """
    rows = _read(path, crs)
    if len(rows) > ROWS_AT_MOST:
        raise UnreadableError(f"{path}: 有 {len(rows)} 行，一次最多 {ROWS_AT_MOST} 行；请分县区导入")
    if crs == "gcj02":
        for row in rows:
            row.shape = _moved(row.shape, from_gcj02)
    check = _Check(rows)
    check.run()
    report = Report(rows=len(rows), refused=sorted(check.refused, key=lambda refusal: (refusal.row, refusal.reason)))
    report.new = sum(row.given is not None and row.existing is None for row in rows)
    report.changed = sum(row.given is not None and row.existing is not None for row in rows)
    if report.refused or dry_run or not rows:
        return report
    _write(rows, report, source=path.name[:120], by=by)
    return report


class _Check:
    """Every reason to refuse a row, found before anything is written."""

    def __init__(self, rows: list[_Row]) -> None:
        self.rows = rows
        self.refused: list[Refusal] = []
        self._held = index.current()
        self._shapes = self._held.shapes.polygons
        self._imagined = set(
            Geometry.objects.filter(replaced_at=None, illustrative=True).values_list("area_id", flat=True)
        )
        self._in_file: dict[str, _Row] = {}
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

    def _refuse(self, row: _Row, reason: str, why: str) -> None:
        self.refused.append(Refusal(row.number, row.code, reason, why))

    def _fields(self, row: _Row) -> None:
        values = row.values
        wrong = [
            f"缺少 {name}"
            for name in _REQUIRED
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

    def _parent(self, row: _Row) -> None:
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

    def _parent_level(self, row: _Row) -> tuple[int, str, bool] | None:
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

    def _shape(self, row: _Row) -> None:
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
        by_layer: dict[tuple[int, str], list[_Row]] = defaultdict(list)
        for row in drawn:
            if row.given is not None and not row.given.functional:
                kind = row.given.card.kind if row.given.card is not None else ""
                if kind in {"", Grid.Kind.COMPREHENSIVE}:  # Micro and site grids lie over the comprehensive ones.
                    by_layer[row.given.level, kind].append(row)
        for (level, _), rows in by_layer.items():
            self._overlaps(level, rows)
            self._gaps(level, rows)

    def _city(self, drawn: list[_Row]) -> None:
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

    def _overlaps(self, level: int, rows: list[_Row]) -> None:
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

    def _gaps(self, level: int, rows: list[_Row]) -> None:
        """The parts of a parent together: no holes between them, and, where the parent's own shape is real, all of it."""
        by_parent: dict[str, list[_Row]] = defaultdict(list)
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

    def _siblings(self, code: str, level: int, parts: Sequence[_Row]) -> list[Any]:
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


def _new_area(row: _Row) -> NewArea:
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


_USUAL_KIND = {1: "city", 2: "county", 3: "town", 4: "community", 5: "grid", 6: "building"}


def _write(rows: list[_Row], report: Report, *, source: str, by: journal.Author) -> None:
    on = clock.today()
    new, kept = [row for row in rows if row.existing is None], [row for row in rows if row.existing is not None]
    with service.change(source=source, by=by) as now:
        with_grids = {row.given.parent_code for row in new if row.given is not None and row.given.level == Level.GRID}
        report.retired = len(
            service.retire_illustrative_grids(sorted(code for code in with_grids if code), on=on, now=now)
        )
        if new:
            ordered = sorted(new, key=lambda row: (row.given.level if row.given is not None else 0, row.number))
            areas = [_with_shape(row) for row in ordered]
            service.plant(areas, on=on, now=now)
            now.facts.append(
                AreasEstablished(now.version, len(areas), tuple(area.code for area in areas[:100]), source)
            )
        if kept:
            service.revise(
                {row.existing.id: _with_shape(row) for row in kept if row.existing is not None}, on=on, now=now
            )
            now.facts.append(AreasRedrawn(now.version, len(kept), tuple(row.code for row in kept[:100]), source))
    report.written = True


def _with_shape(row: _Row) -> NewArea:
    assert row.given is not None
    values = {name: getattr(row.given, name) for name in NewArea.__slots__}
    return NewArea(**{**values, "shape": row.shape})


# --- Export -------------------------------------------------------------------------------------------------------
def export_file(path: Path, *, level: int | None = None, within: int | None = None, crs: str = "wgs84") -> int:
    """导出 — write areas (of one level, below one area, or all) with their shapes; returns how many.

    The format follows the ending: .geojson, .gpkg or .csv. A file written so can be imported again.
    """
    held = index.current()
    chosen = [held.nodes[i] for i in (held.under(within) if within is not None else held.nodes)]
    nodes = sorted(
        (node for node in chosen if level is None or node.level == level), key=lambda node: (node.level, node.code)
    )
    cards = {
        card.area_id: card for card in Grid.objects.filter(area_id__in=[n.id for n in nodes if n.level == Level.GRID])
    }
    shapes = [held.shapes.polygons.get(node.id) for node in nodes]
    if crs == "gcj02":
        shapes = [_moved(shape, to_gcj02) for shape in shapes]
    rows = [_values(node, held.nodes, cards.get(node.id)) for node in nodes]
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UnreadableError(f"{path}: 不认识这种文件；请用 {'、'.join(_WRITERS)} 结尾的文件名")
    writer(path, rows, shapes)
    return len(rows)


def _values(node: Node, nodes: Mapping[int, Node], card: Grid | None) -> dict[str, str]:
    def said(value: object) -> str:
        return "" if value is None else str(value)

    parent = nodes.get(node.parent_id or 0)
    return {
        "code": node.code,
        "name": node.name,
        "level": str(node.level),
        "kind": node.kind,
        "parent_code": parent.code if parent is not None else "",
        "nbs_code": said(node.nbs_code),
        "mca_code": said(node.mca_code),
        "grid_kind": said(card and card.kind),
        "households": said(card and card.households),
        "residents": said(card and card.residents),
        "extent": said(card and card.extent),
        "notice": said(card and card.notice),
        "supervision_phone": said(card and card.supervision_phone),
        "illustrative": "1" if node.illustrative else "",
    }


# --- Formats ------------------------------------------------------------------------------------------------------
def _read(path: Path, crs: str) -> list[_Row]:
    if crs not in _CRS:
        raise UnreadableError(f"坐标系 {crs} 不认识；请写 {' 或 '.join(_CRS)}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(f"{path}: 不认识这种文件；可导入 {'、'.join(_READERS)}")
    if not path.is_file():
        raise UnreadableError(f"{path}: 没有这个文件")
    rows = []
    for number, (values, shape) in enumerate(reader(path), start=1):
        known = {name: clean(str(values[name])) for name in COLUMNS if values.get(name) not in (None, "")}
        rows.append(_Row(number, known, shape))
    return rows


def _read_geojson(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
        features = content["features"]
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: 不是 UTF-8 文本；请另存为 UTF-8") from None
    except (ValueError, KeyError, TypeError):
        raise UnreadableError(f"{path}: 不是 GeoJSON 的 FeatureCollection") from None
    _refuse_projection(path, json.dumps(content.get("crs", "")))
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise UnreadableError(f"{path}: 第 {number} 个元素不是 Feature")
        geometry = feature.get("geometry")
        shape = shapely.from_geojson(json.dumps(geometry), on_invalid="ignore") if geometry else None
        if geometry and shape is None:
            shape = shapely.Point()  # Not a shape at all: refused with its row, not with the file.
        properties = feature.get("properties")
        yield (properties if isinstance(properties, dict) else {}), shape


def _read_csv(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    csv.field_size_limit(50_000_000)
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            if "code" not in (reader.fieldnames or ()):
                raise UnreadableError(f"{path}: 第一行应为列名，至少有 {'、'.join(_REQUIRED)}，图形列名 wkt")
            for row in reader:
                text = row.get("wkt") or ""
                shape = shapely.from_wkt(text, on_invalid="ignore") if text else None
                yield dict(row), (shapely.Point() if text and shape is None else shape)
    except UnicodeDecodeError:
        raise UnreadableError(f"{path}: 不是 UTF-8 文本；请在表格软件里另存为“CSV UTF-8”") from None
    except csv.Error as error:
        raise UnreadableError(f"{path}: 不是 CSV（{error}）") from None


def _read_geopackage(path: Path) -> Iterator[tuple[dict[str, Any], Any]]:
    import pyogrio  # noqa: PLC0415 - GDAL takes seconds to load; only this format needs it.

    try:
        meta, _, blobs, columns = pyogrio.raw.read(path)
    except pyogrio.errors.DataSourceError as error:
        raise UnreadableError(f"{path}: 不是 GeoPackage（{error}）") from None
    _refuse_projection(path, str(meta["crs"] or ""))
    names = [str(name) for name in meta["fields"]]
    for row, blob in enumerate(blobs):
        values = {name: column[row] for name, column in zip(names, columns, strict=True)}
        yield _plain(values), (shapely.from_wkb(blob, on_invalid="ignore") if blob is not None else None)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """GDAL gives whole numbers as floats when a column has holes, and NaN for a hole."""
    found = {}
    for name, value in values.items():
        number = value.item() if isinstance(value, np.generic) else value
        if isinstance(number, float):
            number = None if number != number else int(number) if number.is_integer() else number  # noqa: PLR0124  NaN.
        found[name] = int(number) if isinstance(number, bool) else number
    return found


def _refuse_projection(path: Path, crs: str) -> None:
    named = re.findall(r"(?:EPSG:{1,2}|CRS)\d+", crs)
    if crs not in ("", '""', "null") and not any(name in known for name in named for known in _CRS["wgs84"]):
        raise UnreadableError(
            f"{path}: 坐标系是 {crs[:80]}；请转换为 WGS84（EPSG:4326）或 CGCS2000（EPSG:4490）经纬度再导入"
        )


def _write_geojson(path: Path, rows: Sequence[Mapping[str, str]], shapes: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.write('{"type": "FeatureCollection", "features": [\n')
        for i, (row, shape) in enumerate(zip(rows, shapes, strict=True)):
            geometry = json.loads(shapely.to_geojson(shape)) if shape is not None else None
            feature = {"type": "Feature", "properties": dict(row), "geometry": geometry}
            out.write((",\n" if i else "") + json.dumps(feature, ensure_ascii=False))
        out.write("\n]}\n")


def _write_csv(path: Path, rows: Sequence[Mapping[str, str]], shapes: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*COLUMNS, "wkt"])
        for row, shape in zip(rows, shapes, strict=True):
            writer.writerow(
                [
                    *(row[name] for name in COLUMNS),
                    shapely.to_wkt(shape, rounding_precision=-1) if shape is not None else "",
                ]
            )


def _write_geopackage(path: Path, rows: Sequence[Mapping[str, str]], shapes: Sequence[Any]) -> None:
    import pyogrio  # noqa: PLC0415 - See _read_geopackage.

    path.unlink(missing_ok=True)
    pyogrio.raw.write(
        path,
        geometry=np.array([shapely.to_wkb(shape) if shape is not None else None for shape in shapes], dtype=object),
        field_data=[np.array([row[name] for row in rows], dtype=object) for name in COLUMNS],
        fields=np.array(COLUMNS, dtype=object),
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
        layer="areas",
    )


_READERS: dict[str, Callable[[Path], Iterable[tuple[dict[str, Any], Any]]]] = {
    ".geojson": _read_geojson,
    ".json": _read_geojson,
    ".gpkg": _read_geopackage,
    ".csv": _read_csv,
}
_WRITERS: dict[str, Callable[[Path, Sequence[Mapping[str, str]], Sequence[Any]], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_geopackage,
    ".csv": _write_csv,
}


def _moved(shape: Any, move: Callable[[Point], Point]) -> Any:
    """Every corner of a shape moved from one system to the other."""
    if shape is None:
        return None

    def each(corners: Any) -> Any:
        return np.array([move(Point(lon, lat)) for lon, lat in corners.tolist()]).reshape(-1, 2)

    return shapely.transform(shape, each)

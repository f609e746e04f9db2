"""Reading a city pack's places: files in, checked tables out. No database; errors name the file, the line and the remedy."""

import csv
import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely

from linli.kernel.codes import CodeError, DivisionCode
from linli.mechanisms.territory.history import Table, level_of


class PackError(ValueError):
    """The pack's places cannot be used; the sentence names the file, the line, what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Illustration:
    """How many illustrative grids to draw, and from which seed."""

    grids: int
    seed: int
    reason: str


@dataclass(frozen=True, slots=True)
class Places:
    """What a pack says about places."""

    name: str
    digest: str
    tables: list[Table]
    mca_on: date | None
    mca: dict[str, str]
    """Civil-affairs names by code."""
    crosswalk: dict[str, str]
    """Civil-affairs code of a township by its NBS code."""
    pinyin: dict[str, str]
    """Pinyin of counties and townships by NBS code; the name's characters it covers may be fewer than the name has."""
    counties: dict[str, Any]
    """Polygons by NBS code."""
    illustration: Illustration | None


def read(pack: Path) -> Places:
    """Read and check `places/` of a pack. Raises PackError."""
    folder = pack / "places"
    if not folder.is_dir():
        raise PackError(f"{folder}: 没有这个文件夹；城市包的区划资料应放在 places/ 里")
    tables = [Table(_day(path), _names(path, widths=(12,))) for path in sorted(folder.glob("tables/nbs-*.csv"))]
    if not tables:
        raise PackError(f"{folder / 'tables'}: 没有 nbs-日期.csv；至少要有一张统计用区划代码表")
    for table in tables:
        _check_parents(folder / "tables" / f"nbs-{table.on}.csv", table)
    newest = max(tables, key=lambda table: table.on)
    mca_path = max(folder.glob("tables/mca-*.csv"), default=None)
    mca = _names(mca_path, widths=(6, 9)) if mca_path is not None else {}
    return Places(
        name=pack.name,
        digest=digest(pack),
        tables=tables,
        mca_on=_day(mca_path) if mca_path is not None else None,
        mca=mca,
        crosswalk=_crosswalk(folder / "crosswalk.csv", newest, mca),
        pinyin={row["nbs_code"]: row["pinyin"] for _, row in _rows(folder / "pinyin.csv", "nbs_code", "pinyin")},
        counties=_counties(folder / "counties.geojson", newest),
        illustration=_illustration(folder / "places.toml"),
    )


def digest(pack: Path) -> str:
    """What the files under `places/` come to: the same digest, the same places."""
    folder = pack / "places"
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".csv", ".geojson", ".toml"}:
            found.update(f"{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def _day(path: Path) -> date:
    try:
        return date.fromisoformat(path.stem.split("-", 1)[1])
    except (IndexError, ValueError):
        raise PackError(f"{path}: 文件名里没有日期；请写成 nbs-2022-10-31.csv 这样") from None


def _rows(path: Path, *columns: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV file with their line numbers; a file that is missing has none."""
    if not path.is_file():
        return
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise PackError(f"{path}, line 1: 缺少列 {'、'.join(missing)}；第一行应为 {','.join(columns)}")
            for row in reader:
                if any(row.get(column) is None for column in columns):
                    raise PackError(f"{path}, line {reader.line_num}: 列数不够；应有 {','.join(columns)}")
                yield reader.line_num, {key: value.strip() for key, value in row.items() if isinstance(value, str)}
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: 不是 UTF-8 文本（第 {error.start} 字节）；请另存为 UTF-8") from None


def _names(path: Path, *, widths: tuple[int, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in _rows(path, "code", "name"):
        code, name = row["code"], row["name"]
        if len(code) not in widths or not code.isascii() or not code.isdigit():
            raise PackError(f"{path}, line {line}: 代码 {code!r} 应为 {' 或 '.join(map(str, widths))} 位数字")
        if not name:
            raise PackError(f"{path}, line {line}: 代码 {code} 没有名称；请补上")
        if code in found:
            raise PackError(
                f"{path}, line {line}: 代码 {code} 已在前面用于 {found[code]}；同一张表里一个代码只能用一次"
            )
        found[code] = name
    return found


def _check_parents(path: Path, table: Table) -> None:
    cities = [code for code in table.names if level_of(code) == 1]
    if len(cities) != 1:
        raise PackError(f"{path}: 有 {len(cities)} 个市；一个城市包恰好一个市（代码后八位为零）")
    for code, name in table.names.items():
        try:
            above = DivisionCode.parse(code).parent
        except CodeError as error:
            raise PackError(f"{path}: {error}") from None
        if code not in cities and (above is None or str(above) not in table.names):
            raise PackError(f"{path}: {name}（{code}）的上级 {above} 不在表里；请补上，或更正代码")


def _crosswalk(path: Path, newest: Table, mca: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line, row in _rows(path, "nbs_code", "mca_code"):
        nbs, other = row["nbs_code"], row["mca_code"]
        if nbs not in newest.names:
            raise PackError(f"{path}, line {line}: 统计代码 {nbs} 不在 {newest.on} 的表里；请更正或删去此行")
        if other and other not in mca:
            raise PackError(f"{path}, line {line}: 民政代码 {other} 不在民政代码表里；请更正或删去此行")
        if other and other in found.values():
            raise PackError(f"{path}, line {line}: 民政代码 {other} 已对应另一个统计代码；一个代码只能对应一处")
        if other:
            found[nbs] = other
    return found


def _counties(path: Path, newest: Table) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (ValueError, KeyError, TypeError):
        raise PackError(f"{path}: 不是 GeoJSON 的 FeatureCollection") from None
    found: dict[str, Any] = {}
    for number, feature in enumerate(features, start=1):
        code = str(feature.get("properties", {}).get("code", ""))
        if code not in newest.names or level_of(code) != 2:
            raise PackError(f"{path}: 第 {number} 个图形的 code {code!r} 不是 {newest.on} 表里的县区")
        shape = shapely.from_geojson(json.dumps(feature.get("geometry")), on_invalid="ignore")
        if shape is None or shape.geom_type not in {"Polygon", "MultiPolygon"} or not shape.is_valid:
            raise PackError(f"{path}: 第 {number} 个图形（{code}）不是有效的多边形")
        found[code] = shape
    return found


def _illustration(path: Path) -> Illustration | None:
    if not path.is_file():
        return None
    try:
        asked = tomllib.loads(path.read_text(encoding="utf-8")).get("illustrative")
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{path}: {error}") from None
    if asked is None:
        return None
    try:
        return Illustration(int(asked["grids"]), int(asked["seed"]), str(asked["reason"]))
    except (KeyError, TypeError, ValueError):
        raise PackError(f"{path}: [illustrative] 要有 grids（整数）、seed（整数）和 reason（说明）") from None

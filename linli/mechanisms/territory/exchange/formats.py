"""The three formats, in and out: GeoJSON, GeoPackage, CSV with shapes as WKT."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from linli.kernel.text import clean
from linli.mechanisms.territory.exchange.rows import COLUMNS, REQUIRED, Row, UnreadableError

CRS = {"wgs84": ("EPSG:4326", "CRS84", "EPSG:4490", "EPSG::4490", "EPSG::4326"), "gcj02": ()}


# --- In -----------------------------------------------------------------------------------------------------------
def read(path: Path, crs: str) -> list[Row]:
    """Every row of a file. Raises UnreadableError for a file, a format or a projection that cannot be read."""
    if crs not in CRS:
        raise UnreadableError(f"坐标系 {crs} 不认识；请写 {' 或 '.join(CRS)}")
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableError(f"{path}: 不认识这种文件；可导入 {'、'.join(_READERS)}")
    if not path.is_file():
        raise UnreadableError(f"{path}: 没有这个文件")
    rows = []
    for number, (values, shape) in enumerate(reader(path), start=1):
        known = {name: clean(str(values[name])) for name in COLUMNS if values.get(name) not in (None, "")}
        rows.append(Row(number, known, shape))
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
                raise UnreadableError(f"{path}: 第一行应为列名，至少有 {'、'.join(REQUIRED)}，图形列名 wkt")
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
    if crs not in ("", '""', "null") and not any(name in known for name in named for known in CRS["wgs84"]):
        raise UnreadableError(
            f"{path}: 坐标系是 {crs[:80]}；请转换为 WGS84（EPSG:4326）或 CGCS2000（EPSG:4490）经纬度再导入"
        )


# --- Out ----------------------------------------------------------------------------------------------------------
def write(path: Path, rows: Sequence[Mapping[str, str]], shapes: Sequence[Any]) -> None:
    """In the format of the file's ending. Raises UnreadableError for another."""
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise UnreadableError(f"{path}: 不认识这种文件；请用 {'、'.join(_WRITERS)} 结尾的文件名")
    writer(path, rows, shapes)


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

"""`linli territory`: areas and grids in and out of files, with a report a grid office can work through."""

import argparse
import csv
import sys
from pathlib import Path

from linli.mechanisms.journal import Author
from linli.mechanisms.territory import exchange, loading, pack, queries
from linli.mechanisms.territory.exchange import compounds
from linli.mechanisms.territory.service import TerritoryError

_LEVELS = {"city": 1, "county": 2, "township": 3, "community": 4, "grid": 5, "building": 6}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may follow `linli territory`."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="import|export")
    bring = actions.add_parser("import", help="read areas and grids from GeoJSON, GeoPackage or CSV; all or nothing")
    bring.add_argument("file", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="check and report, write nothing")
    bring.add_argument("--report", type=Path, metavar="CSV", help="write every refused row and why to this file")
    give = actions.add_parser("export", help="write areas and grids with their shapes")
    give.add_argument("file", type=Path, help="ends in .geojson, .gpkg or .csv")
    give.add_argument("--level", choices=_LEVELS, help="only this level")
    give.add_argument("--within", metavar="CODE", help="only below the area of this code")
    for action in (bring, give):
        action.add_argument(
            "--compounds", action="store_true", help="names of residential compounds instead: a CSV with 小区 and 村居"
        )
        action.add_argument(
            "--crs", choices=("wgs84", "gcj02"), default="wgs84", help="wgs84 is CGCS2000 within centimetres"
        )


def run(args: argparse.Namespace) -> int:
    """Do it; 0 if it was done, 1 if it was refused."""
    try:
        return _import(args) if args.action == "import" else _export(args)
    except (exchange.UnreadableError, TerritoryError) as error:
        print(error, file=sys.stderr)
        return 1


def check_pack(path: Path) -> int:
    """The places of a city pack, read and checked without a change; 0 if they may be loaded."""
    try:
        places = pack.read(path)
    except pack.PackError as error:
        print(error)
        return 1
    newest = max(places.tables, key=lambda table: table.on)
    print(
        f"区划：{len(places.tables)} 张代码表，最新 {newest.on}，{len(newest.names)} 处；县区界线 {len(places.counties)} 个。"
    )
    return 0


def load_pack(path: Path, *, illustrate: bool) -> int:
    """The places of a city pack become the tree; 0 if they did, or had already."""
    try:
        loaded = loading.load(path, by=Author("system", office="linli pack load"), illustrate=illustrate)
    except (pack.PackError, TerritoryError) as error:
        print(error)
        return 1
    if not loaded.changed:
        print("区划没有变化。")
        return 0
    print(
        f"区划已装入：现存 {loaded.areas:,} 处（其中网格 {loaded.grids:,} 个），已不再列出 {loaded.ended:,} 处，沿革 {loaded.successions:,} 条。"
    )
    return 0


def _import(args: argparse.Namespace) -> int:
    by = Author("system", office="linli territory import")
    report = (
        compounds.import_compounds(args.file, by=by, dry_run=args.dry_run)
        if args.compounds
        else exchange.import_file(args.file, by=by, crs=args.crs, dry_run=args.dry_run)
    )
    for refusal in report.refused:
        print(f"第 {refusal.row} 行 {refusal.code}：{exchange.WORDS[refusal.reason]}。{refusal.why}")
    if args.report is not None:
        with args.report.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["row", "code", "reason", "why"])
            writer.writerows((r.row, r.code, exchange.WORDS[r.reason], r.why) for r in report.refused)
    counted = (
        f"共 {report.rows} 行：新设 {report.new}，更新 {report.changed}，拒绝 {len({r.row for r in report.refused})}"
    )
    if report.refused:
        print(f"{counted}。有行被拒绝，一行也没有写入。")
        return 1
    done = "检查通过，没有写入。"
    if report.written:
        done = f"已写入，{'不再列出小区' if args.compounds else '停用示意网格'} {report.retired} 个。"
    print(f"{counted}。{done}")
    return 0


def _export(args: argparse.Namespace) -> int:
    if args.compounds:
        print(f"已导出 {compounds.export_compounds(args.file)} 行到 {args.file}")
        return 0
    within = None
    if args.within:
        node = queries.by_code(args.within)
        if node is None:
            print(f"没有代码为 {args.within} 的区划", file=sys.stderr)
            return 1
        within = node.id
    count = exchange.export_file(args.file, level=_LEVELS.get(args.level or ""), within=within, crs=args.crs)
    print(f"已导出 {count} 行到 {args.file}")
    return 0

"""Areas and grids in and out as GeoJSON, GeoPackage and CSV (shapes as WKT). An import is all or nothing, with a full report.

A row whose code exists changes that area; any other establishes one. Checked together, before anything is written:
every field, parents, self-intersection, overlaps, gaps, and whether the shape lies in the city. Illustrative shapes are
nobody's border: real ones are not compared with them, and illustrative grids of a village end when real ones arrive.
"""

from collections.abc import Mapping
from pathlib import Path

from linli.kernel.coordinates import from_gcj02, to_gcj02
from linli.mechanisms import journal
from linli.mechanisms.territory import index
from linli.mechanisms.territory.exchange import formats, writing
from linli.mechanisms.territory.exchange.checking import Check
from linli.mechanisms.territory.exchange.rows import WORDS, Refusal, Report, UnreadableError, moved
from linli.mechanisms.territory.index import Node
from linli.mechanisms.territory.models import Grid, Level

__all__ = ["WORDS", "Refusal", "Report", "UnreadableError", "export_file", "import_file"]

ROWS_AT_MOST = 200_000


def import_file(path: Path, *, by: journal.Author, crs: str = "wgs84", dry_run: bool = False) -> Report:
    """导入 — read, check and write areas; nothing is written if a single row is refused, or on a dry run.

    `crs` is "wgs84" (CGCS2000 is the same within centimetres) or "gcj02". Raises UnreadableError for a file that is
    not one of the three formats, or in another projection.
    """
    rows = formats.read(path, crs)
    if len(rows) > ROWS_AT_MOST:
        raise UnreadableError(f"{path}: 有 {len(rows)} 行，一次最多 {ROWS_AT_MOST} 行；请分县区导入")
    if crs == "gcj02":
        for row in rows:
            row.shape = moved(row.shape, from_gcj02)
    check = Check(rows)
    check.run()
    report = Report(rows=len(rows), refused=sorted(check.refused, key=lambda refusal: (refusal.row, refusal.reason)))
    report.new = sum(row.given is not None and row.existing is None for row in rows)
    report.changed = sum(row.given is not None and row.existing is not None for row in rows)
    if report.refused or dry_run or not rows:
        return report
    writing.write(rows, report, source=path.name[:120], by=by)
    return report


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
        shapes = [moved(shape, to_gcj02) for shape in shapes]
    rows = [_values(node, held.nodes, cards.get(node.id)) for node in nodes]
    formats.write(path, rows, shapes)
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

"""The rows of a file that was found good become areas: one change, one version."""

from linli.facts.territory import AreasEstablished, AreasRedrawn
from linli.kernel import clock
from linli.mechanisms import journal
from linli.mechanisms.territory import service
from linli.mechanisms.territory.exchange.rows import Report, Row
from linli.mechanisms.territory.models import Level
from linli.mechanisms.territory.service import NewArea


def write(rows: list[Row], report: Report, *, source: str, by: journal.Author) -> None:
    """All of them or none; what was done is written into the report."""
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


def _with_shape(row: Row) -> NewArea:
    assert row.given is not None
    values = {name: getattr(row.given, name) for name in NewArea.__slots__}
    return NewArea(**{**values, "shape": row.shape})

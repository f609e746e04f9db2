"""Every write to places. All go through `_Change`: one transaction, one new version, one journal entry."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import shapely
from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from linli.engines.geometry import ground
from linli.facts.territory import AreasEstablished, AreasRedrawn, CoverageNoted
from linli.kernel import clock
from linli.kernel.text import pinyin_key
from linli.mechanisms import journal
from linli.mechanisms.territory import index, queries
from linli.mechanisms.territory.models import (
    Area,
    AreaCode,
    AreaName,
    AreaParent,
    Authority,
    Coverage,
    Geometry,
    Grid,
    Level,
    Succession,
    TerritoryVersion,
    ZoneCoverage,
)

BATCH = 2000


class TerritoryError(ValueError):
    """A change to the territory that cannot be: the sentence says what was refused, why, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What belongs on a grid's card besides its name."""

    kind: str = Grid.Kind.COMPREHENSIVE
    households: int | None = None
    residents: int | None = None
    extent: str = ""
    notice: str = ""
    supervision_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArea:
    """An area to establish. The parent is named by code and must exist or come earlier in the same list."""

    code: str
    name: str
    level: int
    kind: str
    parent_code: str | None
    nbs_code: str | None = None
    mca_code: str | None = None
    official_name: str = ""
    functional: bool = False
    illustrative: bool = False
    card: Card | None = None
    shape: Any = None
    key: str = ""
    """A pinyin sort key, where the caller already has one."""


@dataclass(slots=True)
class Change:
    """A change under way: its version, moment and source."""

    version: int
    source: str
    by: journal.Author
    facts: list[Any] = field(default_factory=list)


def establish(areas: Sequence[NewArea], *, on: date, source: str, by: journal.Author) -> dict[str, int]:
    """设立 — add areas, parents first; returns their ids by code. All or nothing.

    Raises TerritoryError for a code already in use, a parent that is not there, or a grid that is not owned by
    exactly one village or community.
    """
    with change(source=source, by=by) as now:
        ids = plant(areas, on=on, now=now)
        codes = tuple(area.code for area in areas)
        now.facts.append(AreasEstablished(now.version, len(codes), codes[:100], source))
    return ids


def note_coverage(
    area_id: int,
    *,
    has_party_organisation: bool | None,
    has_premises: bool | None,
    has_service: bool | None,
    by: journal.Author,
) -> None:
    """登记覆盖 — say what an area has of Party organisation, premises and services; None is "not known"."""
    node = queries.area(area_id)
    with transaction.atomic():
        facts = {
            "has_party_organisation": has_party_organisation,
            "has_premises": has_premises,
            "has_service": has_service,
        }
        Coverage.objects.update_or_create(area_id=area_id, defaults={**facts, "noted_on": clock.today()})
        journal.append(
            f"area:{area_id}", CoverageNoted(node.code, **facts), by=by, at=clock.now(), move="note_coverage"
        )


def cover(zone_id: int, area_ids: Mapping[int, bool | None], *, by: journal.Author) -> None:
    """覆盖范围 — say which areas a functional zone covers, each in whole, in part, or not known (None)."""
    zone = queries.area(zone_id)
    if not zone.functional:
        raise TerritoryError(f"{zone.full_name}不是功能区，不能登记覆盖范围；请选择功能区")
    with change(source="cover", by=by) as now:
        ZoneCoverage.objects.filter(zone_id=zone_id).delete()
        ZoneCoverage.objects.bulk_create(
            ZoneCoverage(zone_id=zone_id, area_id=area_id, whole=whole) for area_id, whole in area_ids.items()
        )
        now.facts.append(AreasEstablished(now.version, len(area_ids), (zone.code,), "cover"))


@contextmanager
def change(*, source: str, by: journal.Author, digest: str | None = None) -> Iterator[Change]:
    """One transaction in which the territory changes: changes wait for each other, and readers see a new version after."""
    with transaction.atomic():
        TerritoryVersion.objects.get_or_create(id=1, defaults={"version": 0, "changed_at": clock.now()})
        row = TerritoryVersion.objects.select_for_update(no_key=True).get(id=1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('territory_version_seq')")
            row.version = cursor.fetchone()[0]
        now = Change(row.version, source, by)
        yield now
        row.changed_at = clock.now()
        row.loaded_digest = digest if digest is not None else row.loaded_digest
        row.save(update_fields=["version", "changed_at", "loaded_digest"])
        journal.append("territory:city", *now.facts, by=by, at=clock.now(), move="change")
        index.forget()


def take_ids(count: int) -> list[int]:
    """Ids for areas before they are written, because a path holds the area's own id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('territory_area', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [row[0] for row in cursor.fetchall()]


def plant(areas: Sequence[NewArea], *, on: date, now: Change) -> dict[str, int]:
    """Write areas with their dated rows, cards and shapes, inside a change."""
    held = {
        row.code: row
        for row in Area.objects.filter(valid_to=None, code__in={a.parent_code for a in areas if a.parent_code})
    }
    taken = set(
        Area.objects.filter(valid_to=None, code__in=[area.code for area in areas]).values_list("code", flat=True)
    )
    rows: list[Area] = []
    for area_id, new in zip(take_ids(len(areas)), areas, strict=True):
        if new.code in taken:
            raise TerritoryError(f"代码 {new.code}（{new.name}）已被使用；请换一个代码，或改用更新导入")
        taken.add(new.code)
        held[new.code] = row = sprout(area_id, new, held.get(new.parent_code or ""), on=on)
        rows.append(row)
    keep_new(rows)
    copy_rows(
        AreaName,
        ("area_id", "name", "valid_from", "source"),
        (
            (row.id, new.official_name or new.name, on, now.source)
            for row, new in zip(rows, areas, strict=True)
            if new.level <= Level.COMMUNITY
        ),
    )
    copy_rows(
        AreaParent,
        ("area_id", "parent_id", "valid_from", "source"),
        ((row.id, row.parent_id, on, now.source) for row in rows if row.parent_id and row.level <= Level.COMMUNITY),
    )
    copy_rows(
        AreaCode,
        ("area_id", "authority", "code", "year", "valid_from", "source"),
        (
            (row.id, authority.value, code, on.year, on, now.source)
            for row in rows
            for authority, code in ((Authority.NBS, row.nbs_code), (Authority.MCA, row.mca_code))
            if code
        ),
    )
    keep_cards((row.id, new.card) for row, new in zip(rows, areas, strict=True) if new.level == Level.GRID)
    draw(
        {row.id: (new.shape, new.illustrative) for row, new in zip(rows, areas, strict=True) if new.shape is not None},
        now=now,
    )
    return {row.code: row.id for row in rows}


def sprout(area_id: int, new: NewArea, parent: Area | None, *, on: date) -> Area:
    """The row of a new area under its parent, not yet written. Raises TerritoryError."""
    if new.level > Level.CITY and parent is None:
        raise TerritoryError(
            f"{new.name}（{new.code}）的上级 {new.parent_code or '（未填）'} 不存在；请先设立上级，或更正上级代码"
        )
    if parent is not None and parent.functional:
        raise TerritoryError(
            f"{new.name}（{new.code}）的上级 {parent.name} 是功能区；功能区覆盖区划而不辖区划，请填写其行政上级"
        )
    if new.level == Level.GRID and parent is not None and parent.level != Level.COMMUNITY:
        raise TerritoryError(
            f"网格 {new.name}（{new.code}）归属 {parent.name}（{Level(parent.level).label}）；网格必须归属且只归属一个村或社区，请填写村或社区的代码"
        )
    if parent is not None and parent.level >= new.level:
        raise TerritoryError(f"{new.name}（{new.code}）不能归属 {parent.name}：上级的层级必须更高")
    above = parent.path if parent is not None else "/"
    prefix = parent.full_name if parent is not None and parent.level > Level.CITY else ""
    return Area(
        id=area_id,
        level=new.level,
        kind=new.kind,
        name=new.name,
        full_name=prefix + _without(new.name, parent),
        pinyin_key=new.key or pinyin_key(new.name),
        code=new.code,
        nbs_code=new.nbs_code,
        mca_code=new.mca_code,
        parent_id=parent.id if parent is not None else None,
        parent_level=parent.level if parent is not None else None,
        functional=new.functional,
        path=f"{above}{area_id}/",
        illustrative=new.illustrative,
        valid_from=on,
    )


def _without(name: str, parent: Area | None) -> str:
    """西关社区第1网格 without its parent's name: in a full name nothing is said twice."""
    return name.removeprefix(parent.name) or name if parent is not None else name


def keep_cards(cards: Iterable[tuple[int, Card | None]]) -> None:
    """Write what belongs on the cards of grids."""
    Grid.objects.bulk_create(
        (
            Grid(
                area_id=area_id,
                kind=card.kind,
                households=card.households,
                residents=card.residents,
                extent=card.extent,
                notice=card.notice,
                supervision_phone=card.supervision_phone,
            )
            for area_id, given in cards
            for card in [given or Card()]
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["area"],
        update_fields=["kind", "households", "residents", "extent", "notice", "supervision_phone"],
    )


def draw(shapes: Mapping[int, tuple[Any, bool]], *, now: Change, source: str = "") -> None:
    """Write shapes of areas (each with: is it illustrative?), closing the ones they replace."""
    if not shapes:
        return
    Geometry.objects.filter(area_id__in=list(shapes), replaced_at=None).update(replaced_at=clock.now())
    polygons = [shape for shape, _ in shapes.values()]
    bounds, blobs = shapely.bounds(polygons), shapely.to_wkb(polygons)
    areas, labels = ground.square_metres(polygons), shapely.get_coordinates(shapely.point_on_surface(polygons))
    copy_rows(
        Geometry,
        (
            "area_id", "wkb", "west", "south", "east", "north", "label_lon", "label_lat", "square_metres", "version", "illustrative",
            "source",
        ),
        (
            (area_id, blobs[i], *bounds[i].tolist(), *labels[i].tolist(), float(areas[i]), now.version, shapes[area_id][1], source or now.source)
            for i, area_id in enumerate(shapes)
        ),
    )  # fmt: skip


_AREA_COLUMNS = (
    "id", "level", "kind", "name", "full_name", "pinyin_key", "code", "nbs_code", "mca_code", "parent_id", "parent_level", "functional",
    "path", "illustrative", "valid_from", "valid_to",
)  # fmt: skip


def keep_new(rows: Iterable[Area]) -> None:
    """Write areas that have an id but no row yet."""
    copy_rows(Area, _AREA_COLUMNS, ([getattr(row, column) for column in _AREA_COLUMNS] for row in rows))


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by COPY: tens of thousands in a fraction of a second. Columns left out get the database's default, or null."""
    table = sql.Identifier(model._meta.db_table)  # noqa: SLF001 - Django documents _meta as its API for this.
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copy:
        for row in rows:
            copy.write_row(row)


def revise(changed: Mapping[int, NewArea], *, on: date, now: Change) -> None:
    """更新 — give current areas another name, card or shape, inside a change. Code, level and parent stay."""
    rows = {row.id: row for row in Area.objects.filter(id__in=list(changed)).select_related("parent")}
    renamed = []
    for area_id, new in changed.items():
        row = rows[area_id]
        if row.name != new.name:
            renamed.append(row)
        above = row.parent.full_name if row.parent is not None and row.parent.level > Level.CITY else ""
        row.name, row.full_name, row.pinyin_key = new.name, above + _without(new.name, row.parent), pinyin_key(new.name)
        row.kind, row.illustrative = new.kind or row.kind, new.illustrative
    Area.objects.bulk_update(
        rows.values(), ["name", "full_name", "pinyin_key", "kind", "illustrative"], batch_size=BATCH
    )
    named = [row for row in renamed if row.level <= Level.COMMUNITY]
    for row in named:
        before = AreaName.objects.filter(area=row, valid_to=None).first()
        AreaName.objects.filter(area=row, valid_to=None, valid_from__lt=on).update(valid_to=on)
        AreaName.objects.update_or_create(area=row, valid_from=on, defaults={"name": row.name, "source": now.source})
        if before is not None and before.name != row.name:
            Succession.objects.update_or_create(
                old=row,
                new=row,
                kind=Succession.Kind.RENAME,
                observed_on=on,
                defaults={"before": before.name, "after": row.name, "evidence": now.source},
            )
    keep_cards((area_id, new.card) for area_id, new in changed.items() if rows[area_id].level == Level.GRID)
    draw({area_id: (new.shape, new.illustrative) for area_id, new in changed.items() if new.shape is not None}, now=now)
    for row in renamed:
        _rename_below(row)


def _rename_below(row: Area) -> None:
    """Full names of everything below a renamed area, parents first."""
    below = list(
        Area.objects.filter(path__startswith=row.path, valid_to=None)
        .exclude(id=row.id)
        .order_by("level")
        .select_related("parent")
    )
    full = {row.id: row.full_name if row.level > Level.CITY else ""}
    for each in below:
        assert each.parent is not None and each.parent_id is not None  # noqa: PT018  It lies below another.
        each.full_name = full[each.parent_id] + _without(each.name, each.parent)
        full[each.id] = each.full_name
    Area.objects.bulk_update(below, ["full_name"], batch_size=BATCH)


def retire_illustrative_grids(parent_codes: Sequence[str], *, on: date, now: Change) -> list[str]:
    """Real grids have come: the illustrative ones of these villages and communities end. Returns their codes."""
    ended = Area.objects.filter(
        level=Level.GRID, illustrative=True, valid_to=None, parent__code__in=parent_codes, parent__valid_to=None
    )
    ids, codes = [row.id for row in ended], [row.code for row in ended]
    Geometry.objects.filter(area_id__in=ids, replaced_at=None).update(replaced_at=clock.now())
    # An area established today and ended today would have lasted no day at all: it is dated from the day before.
    Area.objects.filter(id__in=ids, valid_from__gte=on).update(valid_from=on - timedelta(days=1))
    Area.objects.filter(id__in=ids).update(valid_to=on)
    if codes:
        now.facts.append(AreasRedrawn(now.version, len(codes), tuple(codes[:100]), "retired"))
    return codes

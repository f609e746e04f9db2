"""装入 — a city pack's places become the tree: its history woven, its codes joined, its demonstration grids drawn."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection

from linli.engines.geometry import parcels
from linli.facts.territory import TerritoryLoaded
from linli.kernel.codes import grid_code
from linli.kernel.text import pinyin_key
from linli.mechanisms import journal
from linli.mechanisms.territory import pack as packs
from linli.mechanisms.territory import service
from linli.mechanisms.territory.history import Life, Link, Run, Weave, short_name, weave
from linli.mechanisms.territory.models import (
    Area,
    AreaCode,
    AreaName,
    AreaParent,
    Authority,
    Geometry,
    Grid,
    Level,
    Succession,
    TerritoryVersion,
)
from linli.mechanisms.territory.service import BATCH, Change, TerritoryError

DRAWN = "程序生成，示意"
OUTLINED = "天地图"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `changed` is false when the pack's places were in already."""

    version: int
    changed: bool
    areas: int = 0
    ended: int = 0
    successions: int = 0
    grids: int = 0
    shapes: int = 0


def load(pack: Path, *, by: journal.Author, illustrate: bool = False) -> Loaded:
    """装入城市包的区划 — all or nothing, and nothing at all when the same places are in already.

    A pack with a newer table changes what it changes: areas keep their ids. With `illustrate`, grids are drawn
    where no grid exists yet, and say 示意. Raises PackError or TerritoryError.
    """
    held = TerritoryVersion.objects.filter(id=1).first()
    digest = f"{packs.digest(pack)[:62]}{'i' if illustrate else '-'}"
    if held is not None and held.loaded_digest == digest:
        return Loaded(held.version, changed=False)
    places = packs.read(pack)
    woven = weave(places.tables)
    with service.change(source=places.name, by=by, digest=digest) as now:
        return _Load(places, woven, now).run(illustrate=illustrate)


@dataclass(slots=True)
class _Load:
    places: packs.Places
    woven: Weave
    now: Change
    rows: dict[int, Area] = field(default_factory=dict)
    """Areas by the identity of their life."""

    def run(self, *, illustrate: bool) -> Loaded:
        self._plant()
        self._date()
        current = {row.code: row for row in self.rows.values() if row.valid_to is None}
        grids = self._draw(current) if illustrate and not Grid.objects.exists() else self._outline(current)
        with (
            connection.cursor() as db
        ):  # Twenty thousand rows at once: who asks next must not be planned for by yesterday's.
            db.execute("ANALYZE territory_area, territory_geometry (area_id), territory_grid")
        loaded = Loaded(
            version=self.now.version,
            changed=True,
            areas=len(current) + grids,
            ended=len(self.rows) - len(current),
            successions=len(self.woven.links),
            grids=grids,
            shapes=Geometry.objects.filter(replaced_at=None).count(),
        )
        self.now.facts.append(
            TerritoryLoaded(
                loaded.version,
                self.places.name,
                self.places.digest,
                loaded.areas,
                loaded.ended,
                loaded.successions,
                loaded.grids,
                loaded.shapes,
            )
        )
        return loaded

    def _plant(self) -> None:
        """Write the areas themselves, each under the id it had before."""
        known = _known()
        lives = self.woven.lives
        fresh = iter(service.take_ids(sum(_identity(life) not in known for life in lives)))
        ids = {id(life): known.get(_identity(life)) or next(fresh) for life in lives}
        for life in lives:
            self.rows[id(life)] = self._row(ids[id(life)], life, self.rows.get(id(life.parent)))
        self._refuse_homeless_grids()
        taken = set(known.values())
        service.keep_new(row for row in self.rows.values() if row.id not in taken)
        Area.objects.filter(id__in=taken).update(nbs_code=None, mca_code=None)
        Area.objects.bulk_create(
            [row for row in self.rows.values() if row.id in taken],
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[
                "kind", "name", "full_name", "pinyin_key", "code", "nbs_code", "mca_code", "parent", "parent_level", "path", "valid_to",
            ],
        )  # fmt: skip

    def _row(self, area_id: int, life: Life, parent: Area | None) -> Area:
        name = short_name(life.name, life.level, life.kind)
        current = life.ended is None
        mca = self._mca_code(life) if current else None
        if mca is not None and life.level == Level.TOWNSHIP:
            name = self.places.mca[mca]  # 孙镇 is 孙镇镇 at the statistics bureau; people say the former.
        row = service.sprout(
            area_id,
            service.NewArea(
                code=life.code,
                name=name,
                level=life.level,
                kind=life.kind,
                parent_code=parent.code if parent is not None else None,
                nbs_code=life.code if current else None,
                mca_code=mca,
                key=self._key(life.code, name),
            ),
            parent,
            on=life.began,
        )
        row.valid_to = life.ended
        return row

    def _mca_code(self, life: Life) -> str | None:
        """The civil-affairs code: of a township by the crosswalk, of a county or the city only if the name agrees too."""
        if life.level == Level.TOWNSHIP:
            return self.places.crosswalk.get(life.code)
        short = life.code[:6]
        return short if life.level <= Level.COUNTY and self.places.mca.get(short) == life.name else None

    def _key(self, code: str, name: str) -> str:
        known = self.places.pinyin.get(code)
        if not known:
            return pinyin_key(name)
        rest = name[len(known.split()) :]
        return f"{known} {pinyin_key(rest)}" if rest else known

    def _refuse_homeless_grids(self) -> None:
        ended = [row.id for row in self.rows.values() if row.valid_to is not None]
        homeless = Area.objects.filter(level=Level.GRID, valid_to=None, parent_id__in=ended).select_related("parent")[
            :5
        ]
        if homeless:
            named = "、".join(f"{grid.name}（{grid.parent}）" for grid in homeless)
            raise TerritoryError(f"新的代码表里已没有这些网格所属的村居：{named}；请先把网格划归后继村居，再装入")

    def _date(self) -> None:
        """Write the dated tables anew: they hold what the pack's tables say, and nothing else."""
        ids = [row.id for row in self.rows.values()]
        for model in (AreaName, AreaParent):
            model.objects.filter(area_id__in=ids).delete()
        AreaCode.objects.filter(area_id__in=ids).delete()
        Succession.objects.all().delete()
        lives = self.woven.lives
        _copy(AreaName, ("name",), ((self._id(life), run, (run.value,)) for life in lives for run in life.names))
        _copy(
            AreaParent,
            ("parent_id",),
            ((self._id(life), run, (self._id(run.value),)) for life in lives for run in life.parents),
        )
        _copy(
            AreaCode,
            ("authority", "code", "year"),
            (
                (self._id(life), run, (Authority.NBS.value, run.value, run.since.year))
                for life in lives
                for run in life.codes
            ),
        )
        if self.places.mca_on is not None:
            on = self.places.mca_on
            coded = [row for row in self.rows.values() if row.mca_code]
            _copy(
                AreaCode,
                ("authority", "code", "year"),
                ((row.id, Run("", on), (Authority.MCA.value, row.mca_code, on.year)) for row in coded),
                source=f"民政区划代码 {on}",
            )
        Succession.objects.bulk_create((self._succession(link) for link in self.woven.links), batch_size=BATCH)

    def _succession(self, link: Link) -> Succession:
        return Succession(
            old_id=self._id(link.old),
            new_id=self._id(link.new),
            kind=link.kind,
            observed_on=link.on,
            before=link.before,
            after=link.after,
            evidence=link.evidence,
        )

    def _id(self, life: Life) -> int:
        return self.rows[id(life)].id

    def _outline(self, current: dict[str, Area]) -> int:
        """Without grids to draw: the counties as they are. Returns how many grids were made, which is none."""
        shapes = {current[code].id: (shape, False) for code, shape in self.places.counties.items()}
        have = set(Geometry.objects.filter(replaced_at=None, area_id__in=shapes).values_list("area_id", flat=True))
        service.draw(
            {area_id: drawn for area_id, drawn in shapes.items() if area_id not in have}, now=self.now, source=OUTLINED
        )
        return 0

    def _draw(self, current: dict[str, Area]) -> int:
        """Draw grids, and villages and townships as their unions. Returns how many grids were made."""
        asked = self.places.illustration
        if asked is None or not self.places.counties:
            return self._outline(current)
        below: dict[int, list[Area]] = defaultdict(list)
        for code in sorted(current):
            parent_id = current[code].parent_id
            if parent_id is not None:
                below[parent_id].append(current[code])
        drawn = parcels.divide(
            {
                code: (
                    shape,
                    [
                        parcels.Part(
                            town.code, tuple(village.code for village in below[town.id]), town.kind == "subdistrict"
                        )
                        for town in below[current[code].id]
                        if below[town.id]
                    ],
                )
                for code, shape in sorted(self.places.counties.items())
            },
            grids=asked.grids,
            seed=asked.seed,
        )
        outlines: dict[int, tuple[Any, bool]] = {
            current[code].id: (shape, False) for code, shape in drawn.counties.items()
        }
        service.draw(outlines, now=self.now, source=OUTLINED)
        above = {**drawn.townships, **drawn.villages}
        service.draw({current[code].id: (shape, True) for code, shape in above.items()}, now=self.now, source=DRAWN)
        new = [
            service.NewArea(
                code=grid_code(code, 0, number),
                name=f"{current[code].name}第{number}网格",
                level=Level.GRID,
                kind="grid",
                parent_code=code,
                illustrative=True,
                shape=shape,
                key=f"{current[code].pinyin_key} {number:06}",
            )
            for code in sorted(drawn.grids)
            for number, shape in enumerate(drawn.grids[code], start=1)
        ]
        service.plant(
            new, on=max(table.on for table in self.places.tables), now=Change(self.now.version, DRAWN, self.now.by)
        )
        return len(new)


def _identity(life: Life) -> tuple[str, date]:
    """What tells one life from all others, in every later load too: its first code and the day of its first table."""
    return life.codes[0].value, life.codes[0].since


def _known() -> dict[tuple[str, date], int]:
    """Areas loaded before, by the identity of their lives."""
    first: dict[int, tuple[str, date]] = {}
    for area_id, code, since in (
        AreaCode.objects.filter(authority=Authority.NBS)
        .order_by("-valid_from")
        .values_list("area_id", "code", "valid_from")
    ):
        first[area_id] = (code, since)
    return {identity: area_id for area_id, identity in first.items()}


def _copy(
    model: Any, columns: tuple[str, ...], rows: Iterable[tuple[int, Run[Any], tuple[Any, ...]]], *, source: str = ""
) -> None:
    """Write dated rows, each from its run and its own values."""
    service.copy_rows(
        model,
        (*columns, "area_id", "valid_from", "valid_to", "source"),
        (
            (*values, area_id, run.since, run.until, source or f"统计用区划代码 {run.since}")
            for area_id, run, values in rows
        ),
    )

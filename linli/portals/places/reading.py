"""What the pages of places show, put in the words and order of the page."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _

from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import queries as people
from linli.mechanisms.territory import Node, maps, queries
from linli.mechanisms.territory.models import Authority, Level, Succession
from linli.mechanisms.territory.queries import Tree
from linli.mechanisms.territory.rules import Kinds


def kind_words(node: Node) -> str:
    """The kind of an area as the city's list calls it."""
    try:
        item = rulebook.current(Kinds).list.find(node.kind)
    except rulebook.NoRuleError:
        item = None
    return rulebook.label(item) if item is not None else str(Level(node.level).label)


def address(node: Node) -> str:
    """An area's page: a grid's is its card, an ended area's goes by its number, because its code may live on elsewhere."""
    if node.valid_to is not None:
        return reverse("places:ended", args=[node.id])
    return reverse("places:grid" if node.level == Level.GRID else "places:area", args=[node.code])


@dataclass(frozen=True, slots=True)
class Line:
    """One thing in an area's past, as a step of a timeline."""

    on: date
    words: str
    note: str
    href: str = ""
    evidence: str = ""
    """What the change was recognised by, as it is on record."""


def past(area_id: int) -> list[Line]:
    """An area's successions and namings in order; a change is dated by the table that first shows it."""
    history = queries.history(area_id)
    lines = [_line(link, territory.area(link.old_id)) for link in history.came_from]
    lines += [_line(link, territory.area(link.new_id) if link.new_id != area_id else None) for link in history.became]
    renamed_on = {link.observed_on for link in history.became if link.kind == Succession.Kind.RENAME}
    lines += [
        Line(after.valid_from, _("名称写法改变"), f"{before.name} → {after.name}")
        for before, after in zip(history.names, history.names[1:], strict=False)
        if after.valid_from not in renamed_on
    ]
    return sorted(lines, key=lambda line: line.on)


def _line(link: Succession, other: Node | None) -> Line:
    return Line(
        link.observed_on,
        str(Succession.Kind(link.kind).label),
        f"{link.before} → {link.after}",
        address(other) if other is not None else "",
        link.evidence,
    )


@lru_cache(maxsize=8)
def _tree(version: int, day: date) -> Tree:  # noqa: ARG001  The version is there for the cache.
    return territory.as_of(day)


def tree_on(on: date) -> Tree:
    """The tree of a day, kept for the next reader. Raises queries.NoRecordError."""
    days = [day for day in queries.record_days() if day <= on]
    return _tree(queries.version(), days[-1] if days else on)


def codes(area_id: int) -> list[tuple[str, str]]:
    """Every code an area bears or bore, each beside its authority and the years of its table."""
    rows = []
    for code in queries.history(area_id).codes:
        until = _("，到 %(day)s 的代码表止") % {"day": code.valid_to} if code.valid_to else ""
        words = _("%(code)s（自 %(day)s 的代码表起%(until)s）") % {
            "code": code.code,
            "day": code.valid_from,
            "until": until,
        }
        rows.append((str(Authority(code.authority).label), words))
    return rows


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody on a grid's card: the law asks for name and telephone."""

    role: str
    name: str
    phone: str


def on_duty(area_id: int) -> list[OnDuty]:
    """Who leads and works a grid today."""
    roles = (("grid_lead", _("网格长")), ("grid_worker", _("网格员")))
    return [
        OnDuty(role, holder.person.name, holder.person.phone)
        for kind, role in roles
        for holder in people.holders(area_id, kind).order_by("from_on", "id")
    ]


def staffed() -> set[int]:
    """Grids somebody leads or works."""
    return people.areas_served(("grid_lead", "grid_worker"))


@dataclass(frozen=True, slots=True)
class Layer:
    """A map layer as it goes over the wire."""

    plain: bytes
    packed: bytes
    etag: str


def layer(level: int, within: int | None) -> Layer:
    """A level's outlines as GeoJSON, packed once per version."""
    return _layer(queries.version(), level, within)


@lru_cache(maxsize=64)
def _layer(version: int, level: int, within: int | None) -> Layer:  # noqa: ARG001  The version is there for the cache.
    features = [
        {
            "type": "Feature",
            "properties": {
                "id": each.area.id,
                "code": each.area.code,
                "name": each.area.name,
                "url": address(each.area),
                "illustrative": each.area.level > Level.COUNTY
                and (each.area.illustrative or each.area.level < Level.GRID),
            },
            "geometry": each.geometry,
        }
        for each in maps.outlines(level, within)
    ]
    plain = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    return Layer(plain, gzip.compress(plain, 6, mtime=0), f'"{hashlib.sha256(plain).hexdigest()[:20]}"')

"""热力图: how much lies where, by hexagon, within what the reader may see; the same as a list without scripts."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.engines.hexagons import Cell, gather, resolution_at
from linli.kernel.coordinates import Point
from linli.mechanisms import territory
from linli.mechanisms.access import pages
from linli.mechanisms.territory import Outside
from linli.portals.desk import saving
from linli.portals.desk.web import filters_of, outlines_of, view_names
from linli.portals.desk.web_views import actor_of
from linli.work.matters import queues

SIZES = {"large": 7, "middle": 8, "small": 9}
MOST_LISTED = 40


def _zoom(request: HttpRequest) -> float:
    try:
        return min(max(float(request.GET.get("zoom", "")), 0.0), 22.0)
    except ValueError:
        return 12.0


@require_GET
def hexagons(request: HttpRequest) -> HttpResponse:
    """The cells of a list at a zoom, as GeoJSON."""
    cells = gather(queues.spots(actor_of(request), filters_of(request)), resolution_at(_zoom(request)))
    most = cells[0].count if cells else 1
    found = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [each.corners]},
            "properties": {
                "id": each.name, "name": _words(each), "count": each.count, "heat": round(each.count / most, 3),
                "late": bool(each.marked),
            },
        }
        for each in cells
    ]  # fmt: skip
    return HttpResponse(
        json.dumps({"type": "FeatureCollection", "features": found}), content_type="application/geo+json"
    )


def _words(cell: Cell) -> str:
    if cell.marked:
        return _("%(n)s 件，逾期 %(late)s 件") % {"n": cell.count, "late": cell.marked}
    return _("%(n)s 件") % {"n": cell.count}


@require_GET
def heat(request: HttpRequest) -> HttpResponse:
    """The map and, beside it, the fullest cells by the name of where they are."""
    actor, filters = actor_of(request), filters_of(request)
    size = request.GET.get("size", "")
    size = size if size in SIZES else "middle"
    spots = queues.spots(actor, filters)
    asked = saving.canonical(request.GET.dict())
    names = {"large": _("大格"), "middle": _("中格"), "small": _("小格")}
    context: dict[str, Any] = {
        "view_name": view_names()[filters.view],
        "cells": [_row(each, asked) for each in gather(spots, SIZES[size])[:MOST_LISTED]],
        "n": len(spots),
        "cut": len(spots) >= queues.MOST_SPOTS,
        "most": queues.MOST_SPOTS,
        "sizes": [{"label": names[name], "href": f"?{asked}&size={name}", "current": name == size} for name in SIZES],
        "hexagons": f"{reverse('desk:hexagons')}?{asked}",
        "outlines": outlines_of(actor),
        "back": f"{reverse('desk:queue')}?{asked}",
    }
    return pages.page(request, "desk/heat.jinja", context)


def _row(cell: Cell, asked: str) -> dict[str, Any]:
    """A cell by the village or community its middle lies in; the link narrows the list to it."""
    found = territory.locate(Point(*cell.middle))
    href, place = "", _("在本市边界以外")
    if not isinstance(found, Outside):
        area = territory.area(found.area_id)
        chain = [each for each in territory.ancestors(area.id) if each.level == 4]
        area = chain[0] if chain else area
        kept = "&".join(part for part in asked.split("&") if part and not part.startswith("area="))
        href, place = f"{reverse('desk:queue')}?{kept}&area={area.id}", area.full_name
    return {"place": place, "href": href, "count": cell.count, "late": cell.marked}

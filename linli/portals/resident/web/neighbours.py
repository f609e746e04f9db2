"""附近 — what neighbours have told the community and let others see; anybody may say: the same here."""

import json
import math
from dataclasses import replace
from typing import Any

import shapely
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linli.kernel import text
from linli.kernel.coordinates import Point, distance_m
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, pages, public
from linli.mechanisms.flow import NotNow
from linli.mechanisms.territory import Node, Outside
from linli.mechanisms.territory import queries as places
from linli.mechanisms.territory.models import Level
from linli.portals.resident import devices, holding, limits, steps, where
from linli.portals.resident.forms import LONGEST_PLACE, is_key, point_from
from linli.portals.resident.limits import TooOften
from linli.portals.resident.web.common import area_from, grid_from, hour_of, place_name, say_too_often
from linli.work.matters import queries, service, together
from linli.work.matters.flow import OPEN, State
from linli.work.matters.queries import PublicMatter
from linli.work.matters.service.residents import AlreadySupportedError

AROUND_M = 1500.0
MOST = 50


class _Around:
    """Around which place: a scanned grid, a chosen area, or where the device is."""

    def __init__(self, request: HttpRequest) -> None:
        asked = request.GET
        self.wrong = ""
        self.sought = text.clean(asked.get("q", ""))[:LONGEST_PLACE]
        self.offer: where.Offer | None = None
        self.kept = False
        """Nobody said where: it is the place this device looked around last."""
        self.area: Node | None = grid_from(asked.get("g", "")) or area_from(asked.get("area", ""))
        self.point: Point | None = None
        if (asked.get("g") or asked.get("area")) and self.area is None:
            self.wrong = _("这个地方认不出来，请在下面选一个。")
        try:
            self.point = point_from(asked.get("lon", "")[:40], asked.get("lat", "")[:40])
        except ValueError:
            self.wrong = _("位置没有传好，请在下面选一个地方。")
        if self.point is not None:
            located = territory.locate(self.point)
            if isinstance(located, Outside):
                self.point = None
                self.wrong = _("您现在的位置不在本市，离%(name)s约 %(km)s 公里。请在下面选一个地方。") % {
                    "name": located.nearest_name,
                    "km": round(located.distance_m / 1000) if math.isfinite(located.distance_m) else "–",
                }
            elif self.area is None:
                self.area = territory.area(located.area_id)
        if self.sought:
            found = where.look(self.sought, within=None)
            self.area, self.offer = (None, found) if isinstance(found, where.Offer) else (found, None)

    @classmethod
    def or_last(cls, request: HttpRequest) -> "_Around":
        """The same, and where nothing was said the place looked around last, or spoken of."""
        around = cls(request)
        if not request.GET:
            around.area = where.last(request, where.NEAR) or where.last(request)
            around.kept = around.area is not None
        return around

    @property
    def query(self) -> str:
        """For the addresses of the map's layers."""
        if self.point is not None:
            return urlencode({"lon": f"{self.point.lon:.5f}", "lat": f"{self.point.lat:.5f}"})
        return urlencode({"area": self.area.id}) if self.area else ""

    @property
    def matters(self) -> list[PublicMatter]:
        """Nearest first around a point, newest first in an area."""
        if self.point is not None:
            return queries.nearby(lon=self.point.lon, lat=self.point.lat, metres=AROUND_M, limit=MOST)
        return queries.public_in(self.area.id, limit=MOST) if self.area else []


@public
@require_safe
def nearby(request: HttpRequest) -> HttpResponse:
    """附近的事 — a list, and a map beside it."""
    around = _Around.or_last(request)
    found = around.matters
    if not found and around.kept and around.area and around.area.level >= Level.COMMUNITY and around.area.parent_id:
        around.area = territory.area(around.area.parent_id)  # A quiet village: what is new in its township.
        found = around.matters
    inner = (
        [each for each in territory.children(around.area.id) if each.level <= Level.COMMUNITY] if around.area else []
    )
    context = {
        "around": around,
        "matters": [_line(each, around.point) for each in found],
        "lineage": [territory.area(each) for each in around.area.lineage] if around.area else [],
        "inner": inner or ([] if around.area else where.parts(None)),
        "outer": _outer(around.area),
        "place_name": place_name(around.area),
        "points": f"{reverse('resident:points')}?{around.query}" if around.query else "",
        "outlines": f"{reverse('resident:outlines')}?{around.query or 'everywhere=1'}",
        "most": MOST,
    }
    response = devices.marked(request, pages.page(request, "resident/nearby.jinja", context))
    if "everywhere" in request.GET:
        return where.forget(response)
    if around.area and not around.kept and around.area.level >= Level.TOWNSHIP:
        return where.remember(response, around.area, where.NEAR)
    return response


def _outer(area: Node | None) -> Node | None:
    """The next larger place worth a look: from a village or a grid the township, else what the area lies in."""
    above = territory.ancestors(area.id) if area else []
    return next((each for each in above if each.level == Level.TOWNSHIP), above[-1] if above else None)


@public
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The same matters for the map: those somebody put a pin to."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(each.lon, 5), round(each.lat, 5)]},
            "properties": {
                "id": each.number,
                "title": each.title,
                "tone": steps.tone_of(each.state, overdue=each.overdue),
                "word": steps.word_of(each.state, overdue=each.overdue),
                "url": reverse("resident:matter", args=[each.number]),
            },
        }
        for each in _Around(request).matters
        if each.lon is not None and each.lat is not None
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@public
@require_safe
def outlines(request: HttpRequest) -> JsonResponse:
    """Thin lines under the pins: the area's parts, or the area itself where it has none."""
    area = _Around(request).area or (places.city() if "everywhere" in request.GET else None)
    shown: list[Node] = []
    if area is not None:
        home = territory.area(area.parent_id) if area.level >= 5 and area.parent_id else area
        shown = [each for each in territory.children(home.id) if not each.functional and each.level <= 5] or [home]
    features = [
        {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(shape, 0.00001))),
            "properties": {"id": each.id, "name": each.name, "strong": area is not None and each.id == area.id},
        }
        for each in shown
        if (shape := places.shape(each.id)) is not None
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@public
@require_safe
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """One public matter: what, where, how far. Nothing about who. The number of a merged one leads to the one that goes on."""
    found = queries.public_one(number)
    main = together.main_of(number) if found.state == State.MERGED else None
    if main is not None and main.is_public:
        messages.info(request, _("%(number)s 和这一件说的是同一件事，并在这里一起办。") % {"number": number})
        return HttpResponseRedirect(reverse("resident:matter", args=[main.number]))
    return devices.marked(request, _one(request, found))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def support(request: HttpRequest, number: str) -> HttpResponse:
    """也是这件事 — once per device. Opened anew after a refusal it is the matter's own page."""
    row = queries.supportable(number)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("resident:matter", args=[number]))
    device = devices.of(request) or devices.new()
    try:
        limits.take(request, "support")
        service.support(row, device=device, by=Actor.stranger())
    except TooOften as error:
        sentence = _("点得太密了，%(hour)s 以后再来。") % {"hour": hour_of(error)}
        return say_too_often(_one(request, queries.public_one(number), wrong=sentence), error)
    except AlreadySupportedError:
        messages.info(request, _("您这台手机已经替这件事说过一声了，不重复算。"))
    except NotNow:
        return _one(
            request,
            queries.public_one(number),
            wrong=_("这件事已经答复或者撤回，不能再附议了。还没有好的话，请另报一件。"),
            status=409,
        )
    else:
        messages.success(request, _("记下了：也是这件事。办的人会看到有多少人在等。"))
    address = reverse("resident:matter", args=[number])
    key = request.POST.get("key", "")
    if is_key(key):
        # They support it instead of filing it again: what they had written and chosen is not needed.
        holding.drop(key)
        address += "?same=1"
    response = HttpResponseRedirect(address)
    return devices.marked(request, response, "" if devices.of(request) else device)


def _one(request: HttpRequest, found: PublicMatter, *, wrong: str = "", status: int = 200) -> HttpResponse:
    device, number = devices.of(request), found.number
    main = together.main_of(number) if found.state == State.MERGED else None
    if main is not None:  # It goes along with one that neighbours may not see: how far it is, and no more.
        found = replace(found, state=main.state, body=main.handler.short_name, due_at=main.due_at)
    context = {
        "matter": _line(found, None),
        "wrong": wrong,
        "may_support": found.state in OPEN,
        "merged": main is not None,
        "supported": bool(device) and queries.has_supported(number, device),
        "place_name": place_name(None),
        "point": (found.lon, found.lat) if found.lon is not None else None,
    }
    return pages.page(request, "resident/matter.jinja", context, status=status)


def _line(each: PublicMatter, point: Point | None) -> dict[str, Any]:
    """A public matter as a line of a list."""
    metres = None
    if point is not None and each.lon is not None and each.lat is not None:
        metres = round(distance_m(point, Point(each.lon, each.lat)), -1)
    return {
        "number": each.number,
        "title": each.title,
        "category": each.category_name,
        "place": each.place,
        "body": each.body,
        "due_at": each.due_at,
        "supporters": each.supporters,
        "metres": metres,
        "tone": steps.tone_of(each.state, overdue=each.overdue),
        "word": steps.word_of(each.state, overdue=each.overdue),
        "open": each.state in OPEN,
    }

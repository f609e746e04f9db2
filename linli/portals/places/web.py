"""Pages of places: parse, ask, render. The one write is what an area is known to have."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock
from linli.kernel.text import clean
from linli.mechanisms import territory
from linli.mechanisms.access import Actor, exports, public, require
from linli.mechanisms.access.pages import page
from linli.mechanisms.territory import Node, covering, queries, service
from linli.mechanisms.territory.models import Level
from linli.portals.places import reading
from linli.work.announcements import queries as announcements
from linli.work.announcements import telling

LONGEST_QUERY = 60
MOST_FOUND = 30
A_PAGE = 100
ASPECT_WORDS = {
    "party_organisation": gettext_lazy("党组织"),
    "premises": gettext_lazy("阵地"),
    "service": gettext_lazy("便民服务"),
    "staff": gettext_lazy("网格员"),
}


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """区划 — the city and its counties, and a search by name or code."""
    query = " ".join(clean(request.GET.get("q", "")).split())[:LONGEST_QUERY]
    found = _found(query) if query else None
    city = queries.city()
    counties = territory.areas(Level.COUNTY)
    context = {
        "query": query,
        "found": [(node, reading.kind_words(node), reading.address(node)) for node in found]
        if found is not None
        else None,
        "city": city,
        "counties": [(node, reading.kind_words(node), _counts(node)) for node in counties],
        "counts": _counts(city) if city is not None else "",
        "may_see_coverage": _actor(request).kind == "staff",
        "address": reading.address,
    }
    return page(request, "places/index.jinja", context)


@public
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """An area by its code; by an old one or one of the other authority, what bore it."""
    node = territory.by_code(code)
    if node is None:
        bore = queries.ever_coded(code)
        if len(bore) == 1:
            return HttpResponseRedirect(reading.address(bore[0]))
        if not bore:
            raise Http404
        context = {"code": code, "bore": [(each, reading.kind_words(each), reading.address(each)) for each in bore]}
        return page(request, "places/bore.jinja", context)
    if node.level == Level.GRID:
        return HttpResponseRedirect(reading.address(node))
    return _area(request, node)


@public
@require_safe
def ended(request: HttpRequest, area_id: int) -> HttpResponse:
    """An area that stands no more, and what is known to have become of it."""
    try:
        node = territory.area(area_id)
    except queries.NoSuchAreaError:
        raise Http404 from None
    return _area(request, node) if node.valid_to is not None else HttpResponseRedirect(reading.address(node))


def _area(request: HttpRequest, node: Node) -> HttpResponse:
    asked = request.GET.get("on", "")
    on, wrong = _day(asked)
    then: dict[str, Any] | None = None
    if on is not None:
        try:
            tree = reading.tree_on(on)
        except queries.NoRecordError as error:
            wrong = str(error)
        else:
            here = tree.get(node.id)
            then = {
                "on": on,
                "here": here,
                "parent": tree.get(here.parent_id) if here is not None and here.parent_id else None,
                "children": tree.children(node.id) if here is not None else [],
            }
    below = territory.children(node.id)
    actor = _actor(request)
    context = {
        "node": node,
        "kind": reading.kind_words(node),
        "lineage": [(each.name, reading.address(each)) for each in territory.ancestors(node.id)],
        "children": [(each, reading.kind_words(each), _counts(each)) for each in below],
        "codes": reading.codes(node.id),
        "names": queries.history(node.id).names,
        "past": reading.past(node.id),
        "successors": queries.successors(node.id) if node.valid_to is not None else [],
        "zones": queries.zones_of(node.id) if node.valid_to is None else [],
        "days": queries.record_days() if node.level <= Level.COMMUNITY else [],
        "asked": asked[:20],
        "wrong": wrong,
        "then": then,
        "outlines": _outlines_address(node, below),
        "drawn": queries.shape(node.id) is not None if node.valid_to is None else False,
        "illustrative": node.level > Level.COUNTY,
        "counts": _counts(node),
        "covered": _covered(node) if actor.kind == "staff" and node.valid_to is None else None,
        "may_note": _may_note(actor, node),
        "address": reading.address,
    }
    return page(request, "places/area.jinja", context)


@public
@require_safe
def grid(request: HttpRequest, code: str) -> HttpResponse:
    """网格公示牌 — what the law has posted at a grid's main places, to read on a phone or to print for the wall."""
    node = territory.by_code(code)
    if node is None or node.level != Level.GRID:
        raise Http404
    card = queries.grid_details(node.id)
    context = {
        "node": node,
        "card": card,
        "lineage": [(each.name, reading.address(each)) for each in territory.ancestors(node.id)],
        "on_duty": reading.on_duty(node.id),
        "report_url": f"{settings.BASE_URL.rstrip('/')}/?{urlencode({'g': node.code})}",
        "outlines": f"{reverse('places:outlines', args=[Level.GRID])}?{urlencode({'within': _owner(node).code})}",
        "owner": _owner(node),
        "square_metres": queries.square_metres(node.id),
        "today": clock.today(),
        "told": telling.lines_at(node),
        "street": announcements.township_of(node),
    }
    return page(request, "places/grid.jinja", context)


@public
@require_safe
def outlines(request: HttpRequest, level: int) -> HttpResponse:
    """Shapes of a level for maps; `?within=` a code asks for a part. The same version answers "not modified"."""
    within = None
    if code := request.GET.get("within", ""):
        node = territory.by_code(code[:24])
        if node is None:
            raise Http404
        within = node.id
    if not 1 <= level <= Level.GRID:
        raise Http404
    found = reading.layer(level, within)
    headers = {"ETag": found.etag, "Cache-Control": "public, max-age=300"}
    if found.etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    packs = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(found.packed if packs else found.plain, content_type="application/geo+json", headers=headers)
    if packs:
        answer["Content-Encoding"] = "gzip"
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """覆盖 — for staff: which areas of each level lack a Party organisation, premises, services or a grid worker."""
    actor = _actor(request)
    home = territory.area(actor.area_id) if actor.area_id else queries.city()
    within = territory.by_code(request.GET.get("within", "")[:24]) or home
    if within is None:
        raise Http404
    staffed = reading.staffed()
    level, lack = _number(request.GET.get("level", "")), request.GET.get("lack", "")
    listed: list[covering.Covered] = []
    if level is not None and lack in ASPECT_WORDS:
        wanted = None if request.GET.get("unknown") else False
        listed = [row for row in covering.covered(within.id, level=level, staffed=staffed) if row.has(lack) is wanted]
    start = max(_number(request.GET.get("from", "")) or 0, 0)
    context = {
        "within": within,
        "lineage": [(each.name, each.code) for each in territory.ancestors(within.id)],
        "inner": [each for each in territory.children(within.id) if each.level <= Level.COMMUNITY],
        "tallies": covering.tallies(within.id, staffed=staffed),
        "level": level,
        "lack": lack,
        "unknown": bool(request.GET.get("unknown")),
        "listed": listed[start : start + A_PAGE],
        "count": len(listed),
        "start": start,
        "a_page": A_PAGE,
        "aspects": ASPECT_WORDS,
        "levels": {each.value: each.label for each in Level},
        "address": reading.address,
    }
    return page(request, "places/coverage.jinja", context)


@require_POST
def export_coverage(request: HttpRequest) -> HttpResponseBase:
    """覆盖表 — the list on the page as a table; without one chosen, every village and community."""
    actor = _actor(request)
    home = territory.area(actor.area_id) if actor.area_id else queries.city()
    within = territory.by_code(request.GET.get("within", "")[:24]) or home
    if within is None:
        raise Http404
    level = _number(request.GET.get("level", "")) or Level.COMMUNITY.value
    lack, wanted = request.GET.get("lack", ""), None if request.GET.get("unknown") else False
    rows = covering.covered(within.id, level=level, staffed=reading.staffed())
    if lack in ASPECT_WORDS:
        rows = [row for row in rows if row.has(lack) is wanted]
    said = {True: _("有"), False: _("没有"), None: _("不详")}
    aspects = [each for each in ASPECT_WORDS if each != "staff" or level == Level.GRID]
    listing = exports.Listing(
        "places.coverage", _("覆盖"), [_("代码"), _("名称"), *(str(ASPECT_WORDS[each]) for each in aspects)], len(rows),
        lambda: ((row.area.code, row.area.full_name, *(said[row.has(each)] for each in aspects)) for row in rows),
    )  # fmt: skip
    return exports.answer(request, listing, by=actor)


@require_POST
def note_coverage(request: HttpRequest, code: str) -> HttpResponse:
    """登记一处有无党组织、阵地、服务."""
    node = territory.by_code(code)
    if node is None:
        raise Http404
    actor = _actor(request)
    require(actor, "territory.edit")
    if not _may_note(actor, node):
        raise Http404
    said = {"yes": True, "no": False}
    service.note_coverage(
        node.id,
        has_party_organisation=said.get(request.POST.get("party_organisation", "")),
        has_premises=said.get(request.POST.get("premises", "")),
        has_service=said.get(request.POST.get("service", "")),
        by=actor.author,
    )
    return HttpResponseRedirect(reading.address(node))


# --- Parsing ---------------------------------------------------------------------------------------------------------
def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _may_note(actor: Actor, node: Node) -> bool:
    inside = bool(actor.area_path) and node.path.startswith(actor.area_path)
    return actor.has("territory.edit") and inside and node.valid_to is None


def _covered(node: Node) -> covering.Covered | None:
    return next(iter(covering.covered(node.id, level=node.level, staffed=reading.staffed())), None)


def _owner(node: Node) -> Node:
    return territory.ancestors(node.id)[-1]


def _found(query: str) -> list[Node]:
    """By code if it is one, else by name; part of a name finds those that contain it."""
    if query.isascii():
        node = territory.by_code(query)
        return [node] if node is not None else queries.ever_coded(query[:24])
    named = [each.area for each in territory.find(query)]
    listed = {node.id: node for node in [*named, *queries.name_contains(query, most=MOST_FOUND)]}
    return list(listed.values())[:MOST_FOUND]


def _day(asked: str) -> tuple[date | None, str]:
    if not asked:
        return None, ""
    try:
        return date.fromisoformat(asked), ""
    except ValueError:
        return None, _("日期写成 2020-06-30 这样。")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None


def _counts(node: Node) -> str:
    """How much is below an area, in words."""
    held = queries.counts_below(node.id)
    units = (
        (Level.TOWNSHIP, _("%(n)s 个乡镇街道")),
        (Level.COMMUNITY, _("%(n)s 个村居")),
        (Level.GRID, _("%(n)s 个网格")),
    )
    return _("、").join(
        words % {"n": f"{held[level]:,}"} for level, words in units if held.get(level) and level > node.level
    )


def _outlines_address(node: Node, below: list[Node]) -> str:
    level = next((each.level for each in below if not each.functional and each.level <= Level.GRID), None)
    if node.valid_to is not None or level is None:
        return ""
    return f"{reverse('places:outlines', args=[level])}?{urlencode({'within': node.code})}"

"""The queue. Every filter is an ordinary link or form; htmx only saves the reload."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.territory.words import level_words
from linli.work.matters import queries, rules

TONES = {"overdue": "overdue", "soon": "carried", "triage": "waiting", "open": "hand", "ended": "done"}


def view_names() -> dict[str, str]:
    """The saved views in words."""
    return {
        "mine": _("等我办的"), "triage": _("待派单"), "overdue": _("已逾期"), "soon": _("一天内到期"), "open": _("所有在办"),
        "answered": _("待核实"), "verified": _("待评价"), "ended": _("已结束"), "all": _("全部"),
    }  # fmt: skip


def filters_of(request: HttpRequest) -> queries.Filters:
    """What the address asks for. What makes no sense is left out: a link may be old or mistyped."""
    asked = request.GET

    def whole(name: str) -> int | None:
        value = asked.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None

    risk = whole("risk")
    return queries.Filters(
        view=asked.get("view", "") if asked.get("view", "") in queries.VIEWS else ("all" if asked.get("q") else "mine"),
        area=whole("area"),
        category=asked.get("category", "")[:60],
        risk=risk if risk is not None and risk <= 3 else None,
        words=asked.get("q", "")[:100].replace("\x00", ""),
        order=asked.get("order", "") if asked.get("order", "") in {"due", "new", "moved"} else "due",
        after=asked.get("after", "")[:60],
    )


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The desk's list of fifty."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    filters = filters_of(request)
    page = queries.queue(actor, filters)
    names = view_names()
    context: dict[str, Any] = {
        "page": page,
        "filters": filters,
        "rows": [_row(matter, actor) for matter in page.matters],
        "views": [
            {
                "label": label,
                "href": _with(request, view=name),
                "count_words": _capped(page.counts.get(name, 0)),
                "current": name == filters.view,
                "tone": TONES.get(name, ""),
            }
            for name, label in names.items()
        ],
        "view_name": names[filters.view],
        "orders": [
            {"label": label, "href": _with(request, order=name), "current": name == filters.order}
            for name, label in (("due", _("先到期的")), ("new", _("新来的")), ("moved", _("刚有变动的")))
        ],
        "areas": [("", _("全部地方"))] + [(str(each.id), each.name) for each in _parts(actor)],
        "categories": [("", _("全部类别"))]
        + [(each.code, rulebook.label(each)) for each in rulebook.current(rules.Categories).list.items],
        "risks": [("", _("不分轻重"))]
        + [(str(each.rank), rulebook.label(each)) for each in rulebook.current(rules.Risks).list.items],
        "next": _with(request, after=page.next) if page.next else "",
        "outlines": _outlines(actor),
        "points": f"points.json?{request.GET.urlencode()}",
    }
    return pages.page(request, "desk/queue.jinja", context, block="list")


def _row(matter: Any, actor: Actor) -> dict[str, Any]:
    return {
        "matter": matter, "tone": queries.tone_of(matter), "category": queries.category_name(matter), "place": queries.place_words(matter, seen_from=actor.area_id),
        "level": level_words(matter.level),
    }  # fmt: skip


def _outlines(actor: Actor) -> str:
    """Where the map finds the parts of the actor's area; its grids for a community, the communities for a township."""
    if not actor.area_id or actor.area_level >= rules.GRID:
        return ""
    within = territory.area(actor.area_id).code
    return f"{reverse('places:outlines', args=[actor.area_level + 1])}?{urlencode({'within': within})}"


def _parts(actor: Actor) -> list[Any]:
    return (
        [each for each in territory.children(actor.area_id) if not each.functional]
        if actor.area_id and actor.area_level < rules.GRID
        else []
    )


def _capped(count: int) -> str:
    return f"{queries.MOST_COUNTED}+" if count > queries.MOST_COUNTED else str(count)


def _with(request: HttpRequest, **changes: str) -> str:
    asked = request.GET.copy()
    asked.pop("after", None)
    for name, value in changes.items():
        asked[name] = value
    return f"?{asked.urlencode()}"


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """What the map beside the list shows."""
    found = queries.points(request.actor, filters_of(request))  # type: ignore[attr-defined]
    for feature in found["features"]:
        asked = feature["properties"]
        asked["id"] = asked["number"]
        asked["url"] = f"/matters/{asked['number']}/"
        asked["tone"] = "overdue" if asked["overdue"] else "hand"
    return JsonResponse(found)

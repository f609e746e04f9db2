"""The queue. Every filter is an ordinary link or form; htmx only saves the reload."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel import clock
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.territory.words import level_words
from linli.portals.desk import bulk, saving
from linli.portals.desk.models import Sharing
from linli.work.matters import queries, queues, rules

TONES = {
    "overdue": "overdue",
    "soon": "carried",
    "pressed": "overdue",
    "triage": "waiting",
    "open": "hand",
    "ended": "done",
}


def view_names() -> dict[str, str]:
    """The saved views in words."""
    return {
        "mine": _("等我办的"), "triage": _("待派单"), "overdue": _("已逾期"), "soon": _("一天内到期"),
        "pressed": _("督办中"), "open": _("所有在办"),
        "answered": _("待核实"), "verified": _("待评价"), "ended": _("已结束"), "all": _("全部"),
    }  # fmt: skip


def filters_of(request: HttpRequest) -> queues.Filters:
    """What the address asks for."""
    return filters_from(request.GET)


def filters_from(asked: QueryDict) -> queues.Filters:
    """What was asked. What makes no sense is left out: a link may be old or mistyped."""

    def whole(name: str) -> int | None:
        value = asked.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) <= 12 else None

    risk = whole("risk")
    view = asked.get("view", "")
    if view not in queues.VIEWS:
        view = "all" if asked.get("q") else "mine"
    words = asked.get("q", "")[:100].replace("\x00", "")
    orders = queues.orders_of(view, words)
    return queues.Filters(
        view=view,
        area=whole("area"),
        category=asked.get("category", "")[:60].replace("\x00", ""),
        risk=risk if risk is not None and risk <= 3 else None,
        words=words,
        order=asked.get("order", "") if asked.get("order", "") in orders else orders[0],
        after=asked.get("after", "")[:60],
    )


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The desk's list of fifty."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    filters = filters_of(request)
    page = queues.page_of(actor, filters)
    names = view_names()
    categories = _categories(rulebook.current(rules.Categories).ref, get_language() or "")
    orders = {"due": _("先到期的"), "new": _("新来的"), "moved": _("刚有变动的")}
    context: dict[str, Any] = {
        "page": page,
        "filters": filters,
        "lines": lines_of(page.matters, actor, categories),
        "views": [
            {
                "label": label,
                "href": _with(request, view=name),
                "count_words": page.counts[name].words,
                "current": name == filters.view,
                "tone": TONES.get(name, ""),
            }
            for name, label in names.items()
        ],
        "view_name": names[filters.view],
        "orders": [
            {"label": orders[name], "href": _with(request, order=name), "current": name == filters.order}
            for name in queues.orders_of(filters.view, filters.words)
        ],
        "areas": [("", _("全部地方"))] + [(str(each.id), each.name) for each in _parts(actor)],
        "categories": [("", _("全部类别")), *categories.items()],
        "risks": [("", _("不分轻重"))]
        + [(str(each.rank), rulebook.label(each)) for each in rulebook.current(rules.Risks).list.items],
        "next": _with(request, after=page.next) if page.next else "",
        "outlines": outlines_of(actor),
        "points": f"points.json?{request.GET.urlencode()}",
        "heat": f"{reverse('desk:heat')}?{saving.canonical(request.GET.dict())}",
        "saved": _saved(request, actor),
        "asked": saving.canonical(request.GET.dict()),
        "sharings": Sharing.choices,
        "verbs": bulk.verbs_of(actor),
        "most_bulk": bulk.MOST,
        "fresh": f"{reverse('desk:fresh')}?{_with(request, since=f'{clock.now().timestamp():.6f}').removeprefix('?')}",
        "most_points": queues.MOST_POINTS if _may_be_more(page.counts[filters.view]) else 0,
    }
    return pages.page(request, "desk/queue.jinja", context, block="list")


def _saved(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """The bar of saved views: the first nine answer to the keys 1 to 9."""
    now = saving.canonical(request.GET.dict())
    return [
        {"label": each.name, "href": f"?{each.asked}", "whose": each.whose, "current": each.asked == now, "key": n if n <= 9 else ""}
        for n, each in enumerate(saving.offered(actor), start=1)
    ]  # fmt: skip


def _may_be_more(count: queues.Count) -> bool:
    """More than a map marks, as far as they were counted."""
    return not count.exact or count.n > queues.MOST_POINTS


@lru_cache(maxsize=8)
def _categories(ref: rulebook.RuleRef, language: str) -> dict[str, str]:
    """Every category's name by its code, in the language of the page."""
    del language  # What the names are said in; part of what is remembered.
    return {each.code: rulebook.label(each) for each in rulebook.edition(ref).list.items}


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of the list, in words."""

    number: str
    title: str
    tone: str
    state: str
    category: str
    place: str
    due_at: datetime
    is_in_hand: bool
    handler: str
    level: str
    urged: int


def lines_of(matters: Sequence[Any], actor: Actor, categories: Mapping[str, str]) -> list[Line]:
    """What the list shows of each matter."""
    levels = {level: level_words(level) for level in {each.level for each in matters}}
    return [
        Line(
            each.number, each.title, queries.tone_of(each), each.state_words, categories.get(each.category, each.category),
            queries.place_words(each, seen_from=actor.area_id), each.due_at, each.is_in_hand, each.handler_name,
            levels[each.level], each.urged if each.is_open else 0,
        )
        for each in matters
    ]  # fmt: skip


def outlines_of(actor: Actor) -> str:
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


def _with(request: HttpRequest, **changes: str) -> str:
    """The same list with something else asked for, from its first page."""
    asked = {name: value for name, value in request.GET.items() if name != "after"}
    return f"?{urlencode(asked | changes)}"


@require_GET
def points(request: HttpRequest) -> HttpResponse:
    """What the map beside the list shows."""
    return HttpResponse(queues.points(request.actor, filters_of(request)), content_type="application/json")  # type: ignore[attr-defined]


@require_GET
def fresh(request: HttpRequest) -> HttpResponse:
    """有没有新的 — how many came into this list since it was shown; 304 after one look when nothing moved at all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    latest = queues.moved_last(actor)
    tag = f'W/"{latest}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    try:
        since = float(request.GET.get("since", ""))
    except ValueError:
        since = 0.0
    arrived = queues.arrived(actor, filters_of(request), since)
    say = ngettext("%(n)s 件新的，点这里看", "%(n)s 件新的，点这里看", arrived) % {"n": arrived} if arrived else ""
    return JsonResponse({"n": arrived, "say": say}, headers={"ETag": tag, "Cache-Control": "private, no-cache"})

"""The leader's page, the list behind each figure, and what each figure means."""

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel.rules import RuleList
from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.territory.words import level_words
from linli.portals.cockpit.asked import area_of, crumbs, month_of, turning, whole
from linli.review.indicators import definitions, queries
from linli.review.indicators.rules import LEAST_SHOWN, Part
from linli.work.matters import followups
from linli.work.matters import queries as matters
from linli.work.matters.rules import MatterGrades, Outcomes, RaiseReasons


def _behind(measure: str, area: territory.Node | None, month: date, level: int | None = None, reason: str = "") -> str:
    more = f"&area={area.id}" if area else ""
    more += f"&level={level}" if level is not None else ""
    more += f"&reason={quote(reason)}" if reason else ""
    return f"{reverse('cockpit:behind')}?measure={measure}&month={month:%Y-%m}{more}"


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    month = month_of(request)
    found = queries.board(actor, area_id=area_of(request), month=month)
    most = max([line.in_hand for line in found.lines] + [1])
    lines: list[dict[str, Any]] = [
        {
            "name": line.area.name if line.area else _("地点未详"),
            "href": f"?area={line.area.id}&month={month:%Y-%m}" if line.area and line.area.level < 5 else "",
            "cells": _cells(line, line.area, month),
            "share": line.in_hand / most,
            "open": line.in_hand,
            "late": line.overdue,
        }
        for line in found.lines
    ]
    lines.sort(key=lambda line: (-line["late"], -line["open"]))
    earlier, later = turning(month, found.area)
    levels = [
        {
            "name": level_words(share.key) or _("不详"),
            "share": share,
            "href": _behind("solved", found.area, month, share.key),
        }
        for share in found.levels
    ]
    context: dict[str, Any] = {
        "board": found,
        "lines": lines,
        "total": _cells(found.total, found.area, month),
        "levels": levels,
        "raised": _reasons("raised", found.raised, found.area, month),
        "unsolved": _reasons("unsolved", found.unsolved, found.area, month),
        "again": (found.again, _behind("again", found.area, month)),
        "withdrawn": (found.withdrawn, _behind("withdrawn", found.area, month)),
        "pressed": _pressed(actor, found.area),
        "month": month,
        "asked": f"?area={found.area.id}&month={month:%Y-%m}",
        "earlier": earlier,
        "later": later,
        "crumbs": crumbs(actor, found.area, month),
        "rated_enough": found.rated >= LEAST_SHOWN,
        "least": LEAST_SHOWN,
        "meanings": {each.key: each for each in definitions.ALL},
    }
    return pages.page(request, "cockpit/board.jinja", context)


def _pressed(actor: Actor, area: territory.Node) -> list[dict[str, Any]]:
    """督办中 — how many stand at each grade, each leading to the desk's list; nothing for who may not read matters."""
    if not actor.has("matters.read"):
        return []
    counted = followups.pressed(actor, area_id=area.id)
    href = f"{reverse('desk:queue')}?view=pressed&area={area.id}"
    grades = rulebook.current(MatterGrades).list
    return [{"name": rulebook.label(grades.item(code)), "n": n, "href": href} for code, n in counted.items() if n]


def _cells(line: queries.Line, area: territory.Node | None, month: date) -> list[tuple[str, int, str]]:
    numbers = (
        ("open", line.in_hand),
        ("overdue", line.overdue),
        ("answered", line.answered),
        ("solved", line.solved),
        ("lapsed", line.lapsed),
        ("unsolved", line.unsolved),
    )
    return [(name, number, _behind(name, area, month) if area and number else "") for name, number in numbers]


LISTS: dict[str, type[RuleList[Any]]] = {"raised": RaiseReasons, "unsolved": Outcomes}
"""Which list of the pack a measure's reasons are of."""


def _reasons(measure: str, parts: list[Part], area: territory.Node, month: date) -> list[dict[str, Any]]:
    return [
        {"name": _reason(measure, part.code), "part": part, "href": _behind(measure, area, month, reason=part.code)}
        for part in parts
    ]


def _reason(measure: str, code: str) -> str:
    """A reason in words; one that the list no longer has, by its code."""
    item = rulebook.current(LISTS[measure]).list.find(code) if measure in LISTS else None
    return rulebook.label(item) if item else code


@require_GET
def behind(request: HttpRequest) -> HttpResponse:
    """The matters behind one figure."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    measure = request.GET.get("measure", "")
    month = month_of(request)
    reason = request.GET.get("reason", "")[:60].replace("\x00", "")
    found = queries.behind(
        actor, measure if measure in queries.MEASURES else "open", area_id=area_of(request), month=month,
        level=whole(request.GET.get("level", "")), reason=reason, after=request.GET.get("after", "")[:30].replace("\x00", ""),
    )  # fmt: skip
    asked = request.GET.copy()
    asked["after"] = found.next
    may_read = actor.has("matters.read")
    known = matters.among(actor, [row.number for row in found.rows]) if may_read else {}
    context = {
        "found": found, "known": {number: _known(matter) for number, matter in known.items()}, "meaning": definitions.by_key(found.measure), "may_read": may_read, "month": month,
        "reason": _reason(found.measure, reason) if reason and found.measure in LISTS else "",
        "next": f"?{asked.urlencode()}" if found.next else "", "back": f"{reverse('cockpit:board')}?area={found.area.id}&month={month:%Y-%m}",
    }  # fmt: skip
    return pages.page(request, "cockpit/behind.jinja", context)


def _known(matter: Any) -> dict[str, Any]:
    return {"title": matter.title, "state": matter.state_words, "tone": matters.tone_of(matter), "body": matter.handler.short_name, "place": matters.place_words(matter)}  # fmt: skip


@require_GET
def meanings(request: HttpRequest) -> HttpResponse:
    """口径 — what every figure counts, and what it leaves out."""
    return pages.page(request, "cockpit/meanings.jinja", {"meanings": definitions.ALL})

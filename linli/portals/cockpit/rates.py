"""指标 — every rate of an area and month, one of them beside its neighbours and along the year, and the list behind it."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.mechanisms import rulebook, territory
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.rulebook import RuleRef
from linli.portals.cockpit import called
from linli.portals.cockpit.asked import area_of, crumbs, month_of, text_of, turning
from linli.review.indicators import figures
from linli.review.indicators.figures import Figure
from linli.review.indicators.measures import LEAST_COMPARED, Share
from linli.review.indicators.queries import GRID
from linli.work.matters import queries as matters
from linli.work.matters.rules import Categories


def address(name: str, area: territory.Node | None, month: date, **more: str) -> str:
    """A page of the same area and month."""
    asked = {"area": str(area.id)} if area else {}
    return f"{reverse(f'cockpit:{name}')}?{urlencode({**asked, 'month': f'{month:%Y-%m}', **more})}"


@require_GET
def rates(request: HttpRequest) -> HttpResponse:
    """Every indicator of an area and month that can be counted."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    month = month_of(request)
    found = figures.figures(actor, area_id=area_of(request), month=month, slow=False)
    slow = (
        [item for item in found.edition.list.countable(figures.RECORDED) if item.measure in figures.SLOW]
        if found.edition
        else []
    )
    shown = [_figure(each, found.area, month) for each in found.figures]
    context = {
        "found": found, "month": month, "least": LEAST_COMPARED,
        "groups": [
            (_("比率"), [each for each in shown if each["measure"] == "share"]),
            (_("件数"), [each for each in shown if each["measure"] in {"count", "backlog"}]),
        ],
        "slow": [
            {
                "code": item.code, "name": rulebook.label(item), "definition": rulebook.label(item, "definition"),
                "rule": found.edition.rule(item.code), "href": address("rate", found.area, month, code=item.code),
            }
            for item in slow
            if found.edition
        ],
        "crumbs": crumbs(actor, found.area, month), "turning": turning(month, found.area),
        "below": [each for each in territory.children(found.area.id) if not each.functional] if found.area.level < GRID else [],
        "list_url": found.edition.ref.url() if found.edition else "", "list_words": str(found.edition.ref) if found.edition else "",
        "assumed": rulebook.reason(found.edition.list, None) if found.edition and found.edition.list.assumed else "",
    }  # fmt: skip
    return pages.page(request, "cockpit/rates.jinja", context)


@require_GET
def rate(request: HttpRequest) -> HttpResponse:
    """One indicator: its definition, its parts in the order of the territory, and its year."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    month, code = month_of(request), text_of(request, "code", 60)
    try:
        found = figures.compared(actor, code, area_id=area_of(request), month=month)
    except LookupError:
        raise figures.refuse_unless_counted(code) from None
    item = found.figure.indicator
    kinds = rulebook.current(Categories).list
    context = {
        "found": found, "item": item, "name": rulebook.label(item), "month": month, "least": LEAST_COMPARED,
        "figure": _figure(found.figure, found.area, month),
        "lines": [
            {
                "name": line.area.name if line.area else _("地点未详"),
                "href": address("rate", line.area, month, code=code) if line.area and line.area.level < GRID else "",
                "share": line.share, "rate": share_words(line.share), "interval": interval_words(line.share),
            }
            for line in found.lines
        ],
        "year": [
            {
                "month": each.month, "share": each.share, "rate": share_words(each.share), "changed": each.changed,
                "rule": each.rule, "rule_url": _rule_url(each.rule), "href": address("rate", found.area, each.month, code=code),
            }
            for each in reversed(found.year)
        ],
        "most": max([line.share.of for line in found.lines] + [each.share.of for each in found.year] + [1]),
        "repeats": [
            {
                "area": each.area.name, "name": kinds.by_code[each.category].name if each.category in kinds else each.category, "n": each.n,
                "href": address("listed", each.area, month, code=code, kind=each.category),
            }
            for each in found.figure.repeats[:50]
        ],
        "crumbs": crumbs(actor, found.area, month, code=code),
        "turning": turning(month, found.area, code=code), "back": address("rates", found.area, month),
    }  # fmt: skip
    return pages.page(request, "cockpit/rate.jinja", context)


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The matters behind a numerator or a denominator."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    month, code, kind = month_of(request), text_of(request, "code", 60), text_of(request, "kind", 60)
    part = request.GET.get("part", "") != "whole"
    if (whistled := called.page(request, code, part=part, month=month)) is not None:
        return whistled
    try:
        found = figures.behind(
            actor, code, part=part, area_id=area_of(request), month=month, category=kind, after=text_of(request, "after", 30)
        )  # fmt: skip
    except LookupError:
        raise figures.refuse_unless_counted(code) from None
    asked = request.GET.copy()
    asked["after"] = found.next
    may_read = actor.has("matters.read")
    known = matters.among(actor, [row.number for row in found.rows]) if may_read else {}
    item = found.figure.indicator
    context = {
        "found": found, "month": month, "item": item, "name": rulebook.label(item), "part": part and item.measure == "share",
        "definition": rulebook.label(item, "definition"), "rule": found.figure.rule, "rule_url": _rule_url(found.figure.rule),
        "known": {
            number: {
                "title": matter.title, "state": matter.state_words, "tone": matters.tone_of(matter), "body": matter.handler.short_name,
                "place": matters.place_words(matter),
            }
            for number, matter in known.items()
        },
        "next": f"?{asked.urlencode()}" if found.next else "", "back": address("rate", found.area, month, code=code),
    }  # fmt: skip
    return pages.page(request, "cockpit/listed.jinja", context)


def share_words(share: Share) -> str:
    """83.3%; 样本太少 where there are too few to say; a dash of nothing."""
    if share.value is None:
        return "–"
    return f"{share.value * 100:.1f}%" if share.comparable else _("样本太少")


def interval_words(share: Share) -> str:
    """66%–93%, only where the share itself is shown."""
    found = share.interval
    return f"{found[0] * 100:.0f}%–{found[1] * 100:.0f}%" if found and share.comparable else ""


def _figure(figure: Figure, area: territory.Node, month: date) -> dict[str, Any]:
    """One indicator as a card: its value, its n, how sure, its words and where its lists are."""
    item, share = figure.indicator, figure.share
    shown: dict[str, Any] = {
        "code": item.code, "measure": item.measure, "name": rulebook.label(item), "definition": rulebook.label(item, "definition"),
        "rule": figure.rule, "rule_url": _rule_url(figure.rule), "href": address("rate", area, month, code=item.code),
        "part_url": address("listed", area, month, code=item.code) if share.n and item.measure != "repeats" else "",
        "whole_url": address("listed", area, month, code=item.code, part="whole") if share.of and item.measure != "repeats" else "",
        "n": share.n, "of": share.of, "interval": interval_words(share) if item.measure == "share" else "", "few": False,
    }  # fmt: skip
    match item.measure:
        case "share":
            few = share.of > 0 and not share.comparable
            shown["value"], shown["few"] = "–" if few else share_words(share), few
        case "hours" if figure.hours is not None:
            shown["value"] = "–" if figure.hours.median is None else f"{figure.hours.median:,.1f}"
            shown["nine_in_ten"] = figure.hours.nine_in_ten if figure.hours.n >= LEAST_COMPARED else None
        case "repeats":
            shown["value"] = f"{len(figure.repeats):,}"
        case _:
            shown["value"] = f"{share.of:,}"
    return shown


def _rule_url(rule: str) -> str:
    ref, code = RuleRef.parse(rule)
    return ref.url(code)

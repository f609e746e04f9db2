"""吹哨指标的名单 — the whistles or the called bodies behind a figure, each with its whistle's page."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.mechanisms import rulebook
from linli.mechanisms.access import Actor, pages
from linli.mechanisms.access.models import Body
from linli.mechanisms.rulebook import RuleRef
from linli.portals.cockpit.asked import area_of, text_of, whole
from linli.review.indicators import calls, figures
from linli.review.indicators.queries import PAGE, reach
from linli.work.whistles import queries as whistles


def page(request: HttpRequest, code: str, *, part: bool, month: date) -> HttpResponse | None:
    """The list, fifty at a time; None where the figure is not one of whistles."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    edition = figures.definitions(month)
    item = edition.list.find(code) if edition else None
    if edition is None or item is None or item.counts == "matters":
        return None
    area = reach(actor, area_of(request))
    found = calls.behind(area, month.replace(day=1), item.part if part else item.whole, item.counts)
    at = min(whole(text_of(request, "page", 6)) or 0, max(0, len(found) - 1) // PAGE)
    shown = found[at * PAGE : (at + 1) * PAGE]
    rule = edition.rule(code)
    ref, item_code = RuleRef.parse(rule)
    known = whistles.among(actor, [each.row.number for each in shown])
    names = dict(Body.objects.filter(pk__in={each.row.body for each in shown}).values_list("pk", "short_name"))
    rows = [
        {
            "call": each.row, "body": names.get(each.row.body, ""), "whistle": known.get(each.row.number),
            "what": whistles.kind_words(known[each.row.number].kind) if each.row.number in known else "",
        }
        for each in shown
    ]  # fmt: skip
    asked = request.GET.copy()
    asked["page"] = str(at + 1)
    context: dict[str, Any] = {
        "area": area, "rows": rows, "n": len(found), "month": month, "item": item, "name": rulebook.label(item),
        "part": part and item.measure == "share", "definition": rulebook.label(item, "definition"), "rule": rule,
        "rule_url": ref.url(item_code), "by_body": item.counts == "calls",
        "next": f"?{asked.urlencode()}" if (at + 1) * PAGE < len(found) else "", "back": f"{reverse('cockpit:rate')}?{urlencode({'area': area.id, 'month': f'{month:%Y-%m}', 'code': code})}",
        "heading": _("叫到的单位") if item.counts == "calls" else _("吹的哨"),
    }  # fmt: skip
    return pages.page(request, "cockpit/called.jinja", context)

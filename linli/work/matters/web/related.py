"""相关的: other matters at the same place, of the same kind, and by the same person. Nothing is decided here."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.mechanisms.access import pages
from linli.work.matters import queries, related, service
from linli.work.matters.models import Matter
from linli.work.matters.web.page import actor_of


@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """The lists, and a number where it is about a person."""
    return _page(request, queries.get(actor_of(request), number))


@require_POST
def same_person(request: HttpRequest, number: str) -> HttpResponse:
    """Which the others are, after the purpose is on record."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    others = service.look_up(related.phone_of(found), purpose=request.POST.get("purpose", ""), by=actor, but=found)
    return _page(request, found, others=others)


def _page(request: HttpRequest, matter: Matter, *, others: list[Matter] | None = None) -> HttpResponse:
    actor = actor_of(request)
    asked = request.GET.get("metres", "")
    metres = int(asked) if asked in {str(each) for each in related.DISTANCES} else related.DISTANCES[1]
    phone = "" if related.hides_reporter(actor, matter) else related.phone_of(matter)
    near = related.near(actor, matter, metres)
    at_hand = {each.pk for each, _metres in near}
    context: dict[str, Any] = {
        "matter": matter,
        "metres": metres,
        "distances": [
            {"label": _("%(n)s 米内") % {"n": each}, "href": f"?metres={each}", "current": each == metres}
            for each in related.DISTANCES
        ],
        "near": [(each, queries.tone_of(each), away) for each, away in near],
        "alike": [(each, queries.tone_of(each)) for each in related.alike(actor, matter) if each.pk not in at_hand],
        "has_place": matter.point is not None,
        "has_phone": bool(phone),
        "by_person": related.count_by_phone(actor, phone, but=matter) if phone else 0,
        "may_reveal": actor.has("matters.reveal"),
        "others": None if others is None else [(each, queries.tone_of(each)) for each in others],
        "category": queries.category_name(matter),
        "place_of": queries.place_words,
        "names": {each.pk: queries.category_name(each) for each, _away in near},
    }
    return pages.page(request, "matters/related.jinja", context)

"""The page on which an address is opened and revoked, and the calendar behind it."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from linli.kernel import icalendar
from linli.mechanisms.access import Actor, pages, public
from linli.portals.calendars import queries, service

REFRESH = timedelta(hours=1)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """我的期限日历 — whether one is open, and how to make one."""
    return pages.page(request, "calendars/mine.jinja", {"feed": queries.open_feed_of(_actor(request)), "address": ""})


@never_cache
def open_feed(request: HttpRequest) -> HttpResponse:
    """Shows the new address, this once: it is an answer, never a page one can come back to."""
    if request.method != "POST":  # 大字 or EN pressed on the answer: the address is not shown again.
        return HttpResponseRedirect(reverse("calendars:mine"))
    feed, secret = service.open_feed(by=_actor(request))
    address = f"{settings.BASE_URL.rstrip('/')}{reverse('calendars:feed', args=[secret])}"
    return pages.page(request, "calendars/mine.jinja", {"feed": feed, "address": address})


@require_POST
def revoke_feed(request: HttpRequest) -> HttpResponse:
    """Stop it."""
    service.revoke_feed(by=_actor(request))
    return HttpResponseRedirect(reverse("calendars:mine"))


@public
@never_cache
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar. A secret that is none, was revoked, or whose owner has left, leads nowhere, and nobody is told which."""
    actor = queries.actor_for(secret)
    if actor is None:
        return pages.refusal(request, 404, _("没有这个日历，或者已经停用。请到“我的岗位”里重新开通。"))
    name = _("邻里期限 · %(title)s") % {"title": actor.title_words or actor.title}
    written = icalendar.write(queries.events(actor), product="deadlines", name=name, refresh=REFRESH)
    response = HttpResponse(written, content_type="text/calendar; charset=utf-8")
    response["Referrer-Policy"] = "no-referrer"
    return response

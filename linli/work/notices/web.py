"""The bell: what I have been told."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from linli.mechanisms.access import pages
from linli.work.notices import queries, service


@pages.share("unread")
def unread(request: HttpRequest) -> int:
    """The number on the bell."""
    return queries.unread(request.actor)  # type: ignore[attr-defined]


def notices(request: HttpRequest) -> HttpResponse:
    """My notices, newest first."""
    return pages.page(request, "notices/notices.jinja", {"notices": queries.of(request.actor)})  # type: ignore[attr-defined]


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark them all as seen."""
    service.mark_read(by=request.actor)  # type: ignore[attr-defined]
    return HttpResponseRedirect(reverse("notices:inbox"))

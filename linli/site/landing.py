"""Where somebody lands after signing in: the page of their post."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from linli.mechanisms.access import Actor


def landing(request: HttpRequest) -> HttpResponse:
    """A grid worker's day, a leader's board, everybody else's desk; keepers of rules and posts to theirs."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.has("matters.settle") and actor.area_level == 5:
        return HttpResponseRedirect(reverse("field:today"))
    if actor.post == "leader":
        return HttpResponseRedirect(reverse("cockpit:board"))
    if actor.has("matters.read"):
        return HttpResponseRedirect(reverse("desk:queue"))
    return HttpResponseRedirect(reverse("access:me"))


urlpatterns = [path("work/", landing, name="landing")]

"""Pages of saved views: keep one, rename, reorder, share, take over, delete. Parse, call, render."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.mechanisms.access import Actor, pages, require
from linli.portals.desk import saving
from linli.portals.desk.models import Sharing
from linli.portals.desk.saving import BadNameError

PAGE = "desk/views.jinja"


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, if their post has a desk at all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(actor, "matters.read")
    return actor


def queue_at(asked: str) -> str:
    """The queue with these filters."""
    return f"{reverse('desk:queue')}?{asked}" if asked else reverse("desk:queue")


@require_GET
def manage(request: HttpRequest) -> HttpResponse:
    """常用筛选 — one's own, with their keys, and those others share."""
    return _page(request)


def _page(
    request: HttpRequest, *, status: int = 200, error: str = "", failed: int = 0, asked: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    rows = saving.managed(actor)
    own = [each for each in rows if each.person_id == actor.person_id]
    context: dict[str, Any] = {
        "own": own,
        "from_others": [(each, saving.still_here(each)) for each in rows if each.person_id != actor.person_id],
        "defaults": saving.defaults(actor.post),
        "sharings": Sharing.choices,
        "error": error,
        "failed": failed,
        "asked": asked,
        "typed": request.POST,
        "queue_at": queue_at,
    }
    return pages.page(request, PAGE, context, status=status)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """存成常用, from the queue's bar."""
    asked = saving.canonical(request.POST.get("asked", "")[:2000])
    actor = actor_of(request)
    try:
        view = saving.keep(asked, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""), by=actor)
    except BadNameError as error:
        return _page(request, status=422, error=str(error), asked=asked)
    messages.success(request, _("已存成“%(name)s”。") % {"name": view.name})
    return HttpResponseRedirect(queue_at(view.asked))


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Its name, and who else finds it."""
    actor = actor_of(request)
    view = saving.get(pk, by=actor)
    try:
        saving.edit(view, name=request.POST.get("name", ""), sharing=request.POST.get("sharing", ""), by=actor)
    except BadNameError as error:
        return _page(request, status=422, error=str(error), failed=pk)
    return _done(request, _("已改好。"))


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place forward or back."""
    actor = actor_of(request)
    saving.move(saving.get(pk, by=actor), up=request.POST.get("way") == "up", by=actor)
    return _done(request, "")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """删去."""
    actor = actor_of(request)
    view = saving.get(pk, by=actor)
    saving.delete(view, by=actor)
    return _done(request, _("已删去“%(name)s”。") % {"name": view.name})


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """接过来, or a copy of one's own while its keeper is in office."""
    actor = actor_of(request)
    try:
        view = saving.take_over(saving.get(pk, by=actor), by=actor)
    except BadNameError as error:
        return _page(request, status=422, error=str(error), failed=pk)
    return _done(request, _("“%(name)s”现在是您的了。") % {"name": view.name})


def _done(request: HttpRequest, say: str) -> HttpResponse:
    if say:
        messages.success(request, say)
    return HttpResponseRedirect(reverse("desk:views"))

"""推送 — the subscriptions of my area: what each is told, how it goes, and what may be done about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.gateways.webhooks import queries, service
from linli.gateways.webhooks.forms import ReplayForm, SubscriptionForm
from linli.gateways.webhooks.models import Subscription
from linli.mechanisms.access import Actor, Refused, pages, require
from linli.mechanisms.access.models import Body
from linli.mechanisms.territory import queries as places
from linli.work.matters.telling import FACTS


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # Set by ActorMiddleware.
    require(actor, "webhooks.subscribe")
    return actor


def _one(request: HttpRequest, number: int) -> Subscription:
    found = queries.visible_to(_actor(request)).filter(pk=min(number, 2**62)).first()
    if found is None:
        raise Http404
    return found


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Who is told."""
    rows = [{"one": each, **_standing(each)} for each in queries.visible_to(_actor(request))[:200]]
    return pages.page(request, "webhooks/index.jinja", {"rows": rows})


def _standing(each: Subscription) -> dict[str, str]:
    """A mark and a word."""
    if each.stopped_for == "failures":
        return {"tone": "overdue", "word": _("连续失败，停了")}
    if each.stopped_at is not None:
        return {"tone": "carried", "word": _("停着")}
    if each.failing_since is not None:
        return {"tone": "overdue", "word": _("送不到，在重试")}
    return {"tone": "done", "word": _("在推")}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """订阅."""
    actor = _actor(request)
    form = SubscriptionForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        area = places.by_code(typed["area"])
        assert area is not None  # The form offered it.
        body = Body.objects.select_related("area").get(pk=actor.body_id or 0)
        try:
            made, secret = service.subscribe(
                name=typed["name"], address=typed["address"], wanted=typed["wanted"], body=body, area=area, by=actor
            )
        except (Refused, service.BadAddressError) as refused:
            form.add_error(None, str(refused))
        else:
            return _secret(request, made, secret)
    return pages.page(request, "webhooks/new.jinja", {"form": form}, status=422 if form.errors else 200)


def _secret(request: HttpRequest, made: Subscription, secret: str) -> HttpResponse:
    response = pages.page(request, "webhooks/secret.jinja", {"one": made, "secret": secret})
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def subscription(request: HttpRequest, number: int) -> HttpResponse:
    """One subscription."""
    return _page(request, _one(request, number))


def _page(
    request: HttpRequest, found: Subscription, *, form: ReplayForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "one": found,
        **_standing(found),
        "wanted": [FACTS.get(name, name) for name in found.kinds],
        "waiting": queries.waiting_of(found),
        "latest": [{"one": each, "label": FACTS.get(each.kind, each.kind)} for each in queries.latest(found)],
        "form": form or ReplayForm(),
        **queries.tallied(found),
    }
    return pages.page(request, "webhooks/subscription.jinja", context, status=status)


@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """停."""
    service.stop(_one(request, number), by=_actor(request))
    messages.success(request, _("停了。停着的这段时间，以后可以补推。"))
    return HttpResponseRedirect(reverse("webhooks:subscription", args=[number]))


@require_POST
def resume(request: HttpRequest, number: int) -> HttpResponse:
    """恢复."""
    service.resume(_one(request, number), by=_actor(request))
    messages.success(request, _("恢复了，没送到的先送。"))
    return HttpResponseRedirect(reverse("webhooks:subscription", args=[number]))


@require_POST
def renew(request: HttpRequest, number: int) -> HttpResponse:
    """换签名密钥."""
    return _secret(request, *service.renew_secret(_one(request, number), by=_actor(request)))


@require_POST
def replay(request: HttpRequest, number: int) -> HttpResponse:
    """补推."""
    found = _one(request, number)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        service.replay(found, from_entry=form.cleaned_data.get("entry"), since=form.moment, by=_actor(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, found, form=form, status=422)
    messages.success(request, _("排上了，按日志的先后再推一遍；同一条的 id 不变，对方认得。"))
    return HttpResponseRedirect(reverse("webhooks:subscription", args=[number]))

"""Pages for who publishes: the list, a new notice, one with what may be done now, the front page. Nothing is decided here."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.mechanisms import flow, rulebook, territory
from linli.mechanisms.access import Actor, pages, require
from linli.mechanisms.territory import Node
from linli.work.announcements import queries, rules, service
from linli.work.announcements.forms import FrontForm, PublishForm, WordingForm, number_from
from linli.work.announcements.models import Announcement
from linli.work.announcements.rules import Kinds
from linli.work.announcements.words import WordsError


def actor_of(request: HttpRequest) -> Actor:
    """Who asks."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def _publisher(request: HttpRequest) -> Actor:
    require(actor_of(request), "announcements.publish")
    return actor_of(request)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The notices within this post's scope, by how they stand."""
    actor = _publisher(request)
    view = request.GET.get("view", "standing")
    view = view if view in queries.VIEWS else "standing"
    home = _own_street(actor)
    context = {
        "view": view,
        "counts": queries.counts(actor),
        "announcements": queries.listed(actor, view=view),
        "kind_name": queries.kind_name,
        "street": queries.address_word(home, queries.front_page(home)) if home else "",
        "may_front": actor.has(service.FRONT) and actor.area_level == rules.TOWNSHIP,
    }
    return pages.page(request, "announcements/index.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """发一份告知 — the form, and what was sent with it."""
    actor = _publisher(request)
    form = PublishForm(actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        area = territory.area(int(form.cleaned_data["area"]))
        try:
            made = service.publish(form.written(), kind=form.cleaned_data["kind"], area=area, by=actor)
        except WordsError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("已发布，编号 %(number)s。邻居现在就看得到。") % {"number": made.number})
            return HttpResponseRedirect(reverse("announcements:announcement", args=[made.number]))
    held = rulebook.current(Kinds)
    context = {"form": form, "reason": rulebook.reason(held.list, None), "basis": held.ref.url()}
    return pages.page(request, "announcements/new.jinja", context, status=422 if form.errors else 200)


@require_GET
def announcement(request: HttpRequest, number: str) -> HttpResponse:
    """One notice with its editions and its story, and the moves open to this post."""
    return _page(request, queries.get(actor_of(request), number))


@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """更正 — a new edition."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    form = WordingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        service.correct(found, form.written(), by=actor, expected=number_from(request.POST, "version"))
    except WordsError as error:
        form.add_error(error.field or None, str(error))
        return _page(request, found, form=form, status=422)
    except flow.NotNow as error:
        return _page(request, queries.get(actor, number), form=form, moved=str(error), status=409)
    messages.success(request, _("已更正。以前的各版还能看到。"))
    return HttpResponseRedirect(reverse("announcements:announcement", args=[found.number]))


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤下 — with a reason that neighbours read."""
    actor = actor_of(request)
    found = queries.get(actor, number)
    reason = request.POST.get("reason", "")
    try:
        service.withdraw(found, reason=reason, by=actor, expected=number_from(request.POST, "version"))
    except WordsError as error:
        return _page(request, found, wrong=str(error), reason=reason, status=422)
    except flow.NotNow as error:
        return _page(request, queries.get(actor, number), reason=reason, moved=str(error), status=409)
    messages.success(request, _("已撤下。邻居看得到撤下的理由，看不到内容。"))
    return HttpResponseRedirect(reverse("announcements:announcement", args=[found.number]))


@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """街道主页 — how one's own street greets."""
    actor = actor_of(request)
    require(actor, service.FRONT)
    area = _own_street(actor)
    if area is None or area.id != actor.area_id:
        raise Http404(_("您的岗位不在乡镇（街道），没有主页可改。"))
    page = queries.front_page(area)
    said = {"welcome": page.welcome, "alias": page.alias or "", "described": page.described}
    form = FrontForm(request.POST, request.FILES) if request.method == "POST" else FrontForm(initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            service.set_front_page(area, **form.cleaned_data, by=actor)
        except WordsError as error:
            form.add_error(error.field or None, str(error))
        else:
            messages.success(request, _("主页改好了。"))
            return HttpResponseRedirect(reverse("announcements:front"))
    context = {"form": form, "area": area, "held": page, "word": queries.address_word(area, page)}
    return pages.page(request, "announcements/front.jinja", context, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    found: Announcement,
    *,
    form: WordingForm | None = None,
    wrong: str = "",
    reason: str = "",
    moved: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page. What was typed and not taken comes back as it was."""
    editions = queries.wordings(found)
    moves = queries.open_moves(found, actor_of(request))
    context: dict[str, Any] = {
        "announcement": found,
        "kind": queries.kind_name(found.kind),
        "editions": editions,
        "moves": moves,
        "form": form or WordingForm.of(editions[0]),
        "correcting": form is not None,
        "wrong": wrong,
        "reason": reason,
        "moved": moved,
        "story": [
            {
                "tone": "refused" if line.move == "withdraw" else "done",
                "word": line.label,
                "at": line.at,
                "who": line.who,
            }
            for line in queries.story(found)
        ],
    }
    return pages.page(request, "announcements/announcement.jinja", context, status=status)


def _own_street(actor: Actor) -> Node | None:
    return queries.township_of(territory.area(actor.area_id)) if actor.area_id is not None else None

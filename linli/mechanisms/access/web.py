"""Pages: who I am and from which post I act; and, for those who appoint, the people of their area."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import pages, queries, service
from linli.mechanisms.access.actors import Actor, Refused, require
from linli.mechanisms.access.forms import (
    AccountForm,
    BodyForm,
    DelegationForm,
    LastDayForm,
    PostForm,
    ReviseForm,
    TermForm,
)
from linli.mechanisms.access.middleware import SESSION_KEY
from linli.mechanisms.access.models import Appointment, Body, Person, Post
from linli.mechanisms.access.rules import Functions
from linli.mechanisms.territory import queries as places
from linli.mechanisms.territory.index import Node

PAGE = 50
MOST = 2**31 - 1


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # Set by ActorMiddleware.
    return actor


def _person(request: HttpRequest) -> Person:
    person = request.user
    assert isinstance(person, Person)  # The middleware lets nobody else in.
    return person


# --- Myself --------------------------------------------------------------------------------------------------------------
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody begins the day: the first surface that their post may use."""
    actor = _actor(request)
    for name, power in settings.SURFACES:
        if actor.has(power):
            return HttpResponseRedirect(reverse(name))
    return redirect("access:me")


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """我的岗位 — who I am, my posts, who stands in for whom."""
    return _me(request)


def _me(request: HttpRequest, *, form: DelegationForm | None = None, say: str = "", status: int = 200) -> HttpResponse:
    person = _person(request)
    choices = queries.appointments_of(person)
    own = [appointment for appointment, behalf in choices if not behalf]
    actor = _actor(request)
    acting = next((each for each in own if each.pk == actor.appointment_id), own[0] if own else None)
    context = {
        "person": person,
        "choices": choices,
        "acting": acting,
        "delegations": queries.delegations_of(person),
        "form": form or (DelegationForm(acting) if acting else None),
        "may_appoint": actor.has("access.appoint"),
    }
    return pages.page(request, "access/me.jinja", context, say=say, status=status)


@require_POST
def act(request: HttpRequest, appointment: int) -> HttpResponse:
    """换岗位 — act from this post from now on, in this session."""
    found = next((each for each, _behalf in queries.appointments_of(_person(request)) if each.pk == appointment), None)
    if found is None:
        raise Http404
    request.session[SESSION_KEY] = found.pk
    return redirect("access:start")


@require_POST
def delegate(request: HttpRequest, appointment: int) -> HttpResponse:
    """代理 — let a colleague act from my post while I am away."""
    mine = [each for each, behalf in queries.appointments_of(_person(request)) if not behalf and each.pk == appointment]
    if not mine:
        raise Http404
    form = DelegationForm(mine[0], request.POST)
    if not form.is_valid():
        return _me(request, form=form, status=422)
    try:
        lent = service.delegate(mine[0], by=_actor(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _me(request, form=form, status=422)
    messages.success(request, _("好了，由%(name)s代理。每一步都会记明是代您办的。") % {"name": lent.delegate})
    return redirect("access:me")


@require_POST
def recall(request: HttpRequest, delegation: int) -> HttpResponse:
    """收回代理 — I am back, or I cannot stand in after all."""
    found = queries.delegations_of(_person(request)).filter(pk=min(delegation, MOST)).first()
    if found is None:
        raise Http404
    service.recall(found, by=_actor(request))
    messages.success(request, _("代理到此为止。代理时办过的事仍署代理人。"))
    return redirect("access:me")


# --- People of my area ---------------------------------------------------------------------------------------------------
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """人员 — those who hold or held a post in my area."""
    actor = _actor(request)
    require(actor, "access.appoint")
    words = text.clean(request.GET.get("q", ""))[:40]
    number = request.GET.get("page", "1")
    page = Paginator(queries.people_under(actor, words), PAGE).get_page(
        number if number.isascii() and number.isdigit() and len(number) < 9 else 1
    )
    context = {"page": page, "q": words, "today": clock.today()}
    return pages.page(request, "access/people.jinja", context, block="list")


def _one(request: HttpRequest, person: int) -> Person:
    actor = _actor(request)
    require(actor, "access.appoint")
    found = queries.people_under(actor).filter(pk=min(person, MOST)).first()
    if found is None:
        raise Http404
    return found


def _post(request: HttpRequest, post: object) -> Post:
    number = str(post or "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    found = queries.posts_of(_actor(request)).filter(pk=int(number)).first()
    if found is None:
        raise Http404
    return found


def _person_page(request: HttpRequest, found: Person, *, status: int = 200, **more: Any) -> HttpResponse:
    words = text.clean(request.GET.get("q", ""))[:40]
    context = {
        "found": found,
        "q": words,
        "posts": queries.posts_of(_actor(request), words)[:PAGE] if words else [],
        "delegations": queries.delegations_of(found),
        "today": clock.today(),
        "is_self": found.pk == _person(request).pk,
        "wrong": "",
        "password": "",
    }
    return pages.page(request, "access/person.jinja", context | more, status=status)


@require_safe
def person(request: HttpRequest, person: int) -> HttpResponse:
    """One person: their posts with dates, and what may be done."""
    return _person_page(request, _one(request, person))


@require_POST
def appoint(request: HttpRequest, person: int) -> HttpResponse:
    """任命."""
    found = _one(request, person)
    post = _post(request, request.POST.get("post"))
    form = TermForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, status=422, wrong=_first_error(form))
    try:
        service.appoint(found, to=post, by=_actor(request), **form.cleaned_data)
    except Refused as refused:
        return _person_page(request, found, status=422, wrong=str(refused))
    messages.success(request, _("%(name)s任命为%(post)s。") % {"name": found, "post": post})
    return redirect("access:person", person=found.pk)


@require_POST
def relieve(request: HttpRequest, person: int, appointment: int) -> HttpResponse:
    """免去."""
    found = _one(request, person)
    term = next((each for each in _terms(found) if each.pk == appointment), None)
    if term is None:
        raise Http404
    form = LastDayForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, status=422, wrong=_first_error(form))
    try:
        service.relieve(term, by=_actor(request), **form.cleaned_data)
    except Refused as refused:
        return _person_page(request, found, status=422, wrong=str(refused))
    messages.success(request, _("记下了。这个岗位办过的事仍署当时的人。"))
    return redirect("access:person", person=found.pk)


@require_POST
def recall_of(request: HttpRequest, person: int, delegation: int) -> HttpResponse:
    """收回代理 — on behalf of somebody who is away."""
    found = _one(request, person)
    lent = queries.delegations_of(found).filter(pk=min(delegation, MOST)).first()
    if lent is None:
        raise Http404
    try:
        service.recall(lent, by=_actor(request))
    except Refused as refused:
        return _person_page(request, found, status=422, wrong=str(refused))
    messages.success(request, _("代理到此为止。代理时办过的事仍署代理人。"))
    return redirect("access:person", person=found.pk)


def _terms(found: Person) -> list[Appointment]:
    terms: list[Appointment] = found.terms  # type: ignore[attr-defined]  # Prefetched by queries.people_under.
    return terms


def _first_error(form: Any) -> str:
    return next((f"{form.fields[name].label}：{errors[0]}" for name, errors in form.errors.items()), "")


# --- Bodies and posts of my area -----------------------------------------------------------------------------------------
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """单位 — those of my area."""
    actor = _actor(request)
    require(actor, "access.appoint")
    words = text.clean(request.GET.get("q", ""))[:40]
    number = request.GET.get("page", "1")
    page = Paginator(queries.bodies_of(actor, words), PAGE).get_page(
        number if number.isascii() and number.isdigit() and len(number) < 9 else 1
    )
    return pages.page(request, "access/bodies.jinja", {"page": page, "q": words})


def _body(request: HttpRequest, body: int) -> Body:
    actor = _actor(request)
    require(actor, "access.appoint")
    found = queries.bodies_of(actor).filter(pk=min(body, MOST)).first()
    if found is None:
        raise Http404
    return found


def _areas(body: Body) -> list[Node]:
    """Where its posts may be: its own area and, of a village or community, its grids."""
    area = places.area(body.area_id)
    below = [each for each in places.children(area.id) if not each.functional] if area.level == 4 else []
    return [area, *below]


def _body_page(request: HttpRequest, found: Body, *, status: int = 200, **more: Any) -> HttpResponse:
    held = rulebook.current(Functions).list
    first = {"short_name": found.short_name, "functions": found.functions, "phone": found.phone}
    context = {
        "found": found,
        "functions": [rulebook.label(item) if (item := held.find(code)) else code for code in found.functions],
        "chairs": queries.chairs_of(found),
        "revising": ReviseForm(found.level, initial=first),
        "adding": PostForm(_areas(found)),
        "wrong": "",
    }
    return pages.page(request, "access/body.jinja", context | more, status=status)


@require_safe
def body(request: HttpRequest, body: int) -> HttpResponse:
    """One body: what it is for, its posts, and who sits there."""
    return _body_page(request, _body(request, body))


@require_http_methods(["GET", "POST"])
def establish_body(request: HttpRequest) -> HttpResponse:
    """设立单位 — choose where, say what."""
    actor = _actor(request)
    require(actor, "access.appoint")
    words = text.clean(request.GET.get("q", ""))[:40]
    area = _area(actor, request.POST.get("area") or request.GET.get("area"))
    form = BodyForm(area.level, request.POST if request.method == "POST" else None) if area else None
    if area and form and request.method == "POST" and form.is_valid():
        try:
            made = service.establish_body(area=area, by=actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(body)s设立了。接着给它设岗位。") % {"body": made.name})
            return redirect("access:body", body=made.pk)
    found = [each for each in places.name_contains(words, most=PAGE) if each.level < 5] if words and not area else []
    context = {
        "q": words,
        "area": area,
        "form": form,
        "areas": [each for each in found if queries.reaches_area(actor, each.path)],
        "own": places.area(actor.area_id) if actor.area_id else None,
    }
    return pages.page(request, "access/establish_body.jinja", context, status=422 if form and form.errors else 200)


def _area(actor: Actor, asked: object) -> Node | None:
    number = str(asked or "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    try:
        area = places.area(int(number))
    except LookupError:
        raise Http404 from None
    if area.level > 4 or not queries.reaches_area(actor, area.path):
        raise Http404
    return area


@require_POST
def revise_body(request: HttpRequest, body: int) -> HttpResponse:
    """改单位."""
    found = _body(request, body)
    form = ReviseForm(found.level, request.POST)
    if not form.is_valid():
        return _body_page(request, found, status=422, revising=form)
    try:
        service.revise_body(found, by=_actor(request), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _body_page(request, found, status=422, revising=form)
    messages.success(request, _("改好了。从现在起按新的职能派单，已经派出的不变。"))
    return redirect("access:body", body=found.pk)


@require_POST
def establish_post(request: HttpRequest, body: int) -> HttpResponse:
    """设立岗位."""
    found = _body(request, body)
    form = PostForm(_areas(found), request.POST)
    if not form.is_valid():
        return _body_page(request, found, status=422, adding=form)
    typed = form.cleaned_data
    try:
        made = service.establish_post(
            kind=typed["kind"], body=found, area=places.area(typed["area"]), title=typed["title"], by=_actor(request)
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _body_page(request, found, status=422, adding=form)
    messages.success(request, _("%(post)s设立了，可以给它建号、任命了。") % {"post": made})
    return redirect("access:body", body=found.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """建号 — choose a post, say who; the password is shown once."""
    actor = _actor(request)
    require(actor, "access.appoint")
    words = text.clean(request.GET.get("q", ""))[:40]
    wanted = request.POST.get("post") or request.GET.get("post")
    post = _post(request, wanted) if wanted else None
    form = AccountForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"q": words, "post": post, "form": form}
    if request.method == "POST" and post and form.is_valid():
        try:
            made, password = service.open_account(post=post, from_on=clock.today(), by=actor, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return pages.page(request, "access/opened.jinja", {"made": made, "password": password, "post": post})
    if not post:
        context["posts"] = queries.posts_of(actor, words)[:PAGE]
    return pages.page(request, "access/open_account.jinja", context, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_POST
def reset_password(request: HttpRequest, person: int) -> HttpResponse:
    """重置密码 — the new one is shown once."""
    found = _one(request, person)
    try:
        password = service.reset_password(found, by=_actor(request))
    except Refused as refused:
        return _person_page(request, found, status=422, wrong=str(refused))
    return _person_page(request, found, password=password)


@require_POST
def close_account(request: HttpRequest, person: int) -> HttpResponse:
    """停用."""
    return _switch(request, person, service.close_account, _("账号停用了，从现在起登录不了。"))


@require_POST
def restore_account(request: HttpRequest, person: int) -> HttpResponse:
    """恢复."""
    return _switch(request, person, service.restore_account, _("账号恢复了。"))


def _switch(request: HttpRequest, person: int, verb: Any, say: str) -> HttpResponse:
    found = _one(request, person)
    try:
        verb(found, by=_actor(request))
    except Refused as refused:
        return _person_page(request, found, status=422, wrong=str(refused))
    messages.success(request, say)
    return redirect("access:person", person=found.pk)

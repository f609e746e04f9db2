"""Puts the actor on the request, and closes every view that is not marked public."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from linli.mechanisms.access import pages, queries
from linli.mechanisms.access.actors import Actor
from linli.mechanisms.access.models import Person

SESSION_KEY = "appointment"
"""Which of the person's posts this session acts from."""


class ActorMiddleware:
    """request.actor: this person at this post today, or a stranger. Asked of the database only when looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Once per process."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Attach the actor; it is looked up when first used."""
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Default closed: a stranger goes to sign in unless the view is public."""
        del args, kwargs
        if is_public(request, view):
            return None
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
            return HttpResponseRedirect(f"{reverse('account_login')}?next={quote(request.get_full_path())}")
        if request.actor.kind != "staff":  # type: ignore[attr-defined]
            name = request.resolver_match.view_name if request.resolver_match else ""
            if name not in settings.PUBLIC_URL_NAMES and not name.startswith(
                ("account_", "mfa_", "usersessions_", "socialaccount_", "access:")
            ):
                # Not raised: Django shows an exception to process_exception only when a view raised it.
                return pages.refusal(request, 403, _("您的账号目前没有任何在任岗位，请联系本单位管理员。"))
        return None


def is_public(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    """Marked @public where it is written, or a library's page named in settings.PUBLIC_URL_NAMES."""
    if getattr(view, "linli_public", False):
        return True
    match = request.resolver_match
    return match is not None and match.view_name in settings.PUBLIC_URL_NAMES


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request."""
    person = request.user
    if not isinstance(person, Person) or not person.is_active:
        return Actor.stranger()
    found = queries.acting(person, request.session.get(SESSION_KEY))
    return found or Actor("stranger", name=person.name, person_id=person.pk)

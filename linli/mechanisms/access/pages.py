"""How a view answers: with a whole page or, when htmx asks, with one named block of the same file."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.template.backends.jinja2 import Template
from django.template.backends.utils import csrf_input
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

LARGE_COOKIE = "large"  # 大字: old-age mode, chosen with one button and remembered by the device.

Source = Callable[[HttpRequest], object]
_sources: dict[str, Source] = {}


def share(name: str) -> Callable[[Source], Source]:
    """Offer every page a value, as `shared.<name>`; it is asked for only when a template uses it.

    The layers above use this to reach the header without being imported by it:
    `@pages.share("unread")` in notices gives the bell its number.
    """

    def keep(source: Source) -> Source:
        _sources[name] = source
        return source

    return keep


class Shared:
    """The values offered through `share`, each asked for once per request at most; a missing one is None."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def __getattr__(self, name: str) -> object:
        source = _sources.get(name)
        value = source(self._request) if source else None
        setattr(self, name, value)
        return value


def wants_fragment(request: HttpRequest) -> bool:
    """Does htmx want a piece of the page? Not when it follows a whole link or restores one from the history."""
    headers = request.headers
    return "HX-Request" in headers and not ("HX-Boosted" in headers or "HX-History-Restore-Request" in headers)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What every template may use besides what its view gives it."""
    return {
        "request": request,
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # Made when the first form of a page asks.
        "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        "messages": messages.get_messages(request),
        "actor": getattr(request, "actor", None),
        "lang": get_language() or settings.LANGUAGE_CODE,
        "large": request.COOKIES.get(LARGE_COOKIE) == "1",
        "demo": settings.DEMO,
        "shared": Shared(request),
    }


def render(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, block: str = "") -> str:
    """A template, or one named block of it, as text."""
    found = get_template(template)
    assert isinstance(found, Template), f"{template} is not one of our Jinja2 pages"
    jinja = found.template
    everything = surroundings(request) | dict(context or {})
    if not block:
        return str(jinja.render(everything))
    scope = jinja.new_context(everything)
    # Up to the first piece of output: by then the file has set and imported what stands at its top, and the blocks of
    # the templates it extends are known. What follows is not rendered.
    opening = jinja.root_render_func(scope)
    next(opening, None)
    del opening
    return "".join(scope.blocks[block][0](scope))


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
    say: str = "",
) -> HttpResponse:
    """Answer with the page, or with its `block` alone when htmx asks.

    `say` is one sentence about what was just done: shown above a whole page, and shown and read aloud beside a
    fragment.
    """
    fragment = block is not None and wants_fragment(request)
    if say and not fragment:
        messages.success(request, say)
    body = render(request, template, context, block=block or "" if fragment else "")
    response = HttpResponse(body, status=status)
    if say and fragment:
        response["HX-Trigger"] = json.dumps({"say": say})  # ASCII by escapes: headers carry nothing else.
    if block is not None:
        patch_vary_headers(response, ["HX-Request"])
    return response


def typed_by_hand(request: HttpRequest) -> list[str]:
    """What a person wrote into a form that was refused, to give it back: sentences, not keys and choices."""
    if request.method != "POST" or wants_fragment(request):
        return []  # A fragment leaves the form as it stands.
    try:
        values = [value.strip() for key in request.POST for value in request.POST.getlist(key) if key != "next"]
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, UnreadablePostError, MultiPartParserError):
        return []
    return [value for value in values if len(value) > 1 and (" " in value or not value.isascii())]


def refusal(
    request: HttpRequest, status: int, sentence: str = "", context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page for a refusal: 403 not allowed, 404 not here, 409 not now or changed meanwhile, and the like.

    `sentence` says in plain words what was refused and why. `context` may add `remedy` (a sentence: how to go on),
    `back` and `back_label` (where to go on), and for 409 `changes`, a list of `{"at", "who", "what"}`.
    What was typed comes back on the page, so that it can be copied.
    When htmx asked, only the reason comes, and it goes to the page's place for alerts, so that what was typed stays.
    """
    usual = {"sentence": sentence, "remedy": "", "back": "", "back_label": "", "changes": [], "stale": False}
    everything = usual | {"typed": typed_by_hand(request)} | dict(context or {})
    response = page(request, f"{status}.jinja", everything, block="reason", status=status)
    if wants_fragment(request):
        response["HX-Retarget"] = "#alerts"
        response["HX-Reswap"] = "innerHTML"
    return response

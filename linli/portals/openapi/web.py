"""The pages: the description to read, and the tokens. And what every address of the interface shares."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel import clock
from linli.mechanisms.access import Actor, Refused, pages, public, require
from linli.mechanisms.access.models import Appointment
from linli.portals.openapi import describing, problems, queries, repeating, service
from linli.portals.openapi.forms import POWERS, TokenForm
from linli.portals.openapi.models import Token

View = Callable[..., HttpResponseBase]


# --- What every address of the interface shares ------------------------------------------------------------------------
def spoken(view: View) -> View:
    """A method an address does not take is refused like everything else."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = response["Allow"]
            return problems.answer(
                "method", _("这里只能用 %(methods)s。") % {"methods": allowed}, headers={"Allow": allowed}
            )
        return response

    answer.csrf_exempt = True  # type: ignore[attr-defined]  # A token says who calls, and no cookie counts.
    return answer


@public
@csrf_exempt
def nowhere(request: HttpRequest) -> HttpResponse:
    """No such address."""
    del request
    return problems.answer("missing", _("没有这个地址。"))


# --- The description ---------------------------------------------------------------------------------------------------
@public
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, in the caller's language."""
    del request
    response = JsonResponse(describing.described(), json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"  # Public to every tool.
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@public
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """接口说明 — every operation, what it takes, what it answers; and every kind of refusal."""
    whole = describing.described()
    context = {
        "info": whole["info"],
        "subjects": list(_subjects(whole)),
        "problems": [(kind, status, _(title), _(remedy)) for kind, (status, title, remedy) in problems.KINDS.items()],
        "days": repeating.KEEP.days,
        "may_issue": _may_issue(request),
    }
    return pages.page(request, "openapi/index.jinja", context)


def _may_issue(request: HttpRequest) -> bool:
    actor = _actor(request)
    return actor.kind == "staff" and (actor.has("openapi.issue") or actor.has("access.appoint"))


def _subjects(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """By subject: each operation with its parameters, the fields of what is sent and of what is answered."""
    schemas = whole["components"]["schemas"]
    for tag in whole["tags"]:
        operations = []
        for path, methods in whole["paths"].items():
            for method, each in methods.items():
                if each["tags"] == [tag["name"]]:
                    operations.append(
                        {
                            "id": each["operationId"], "method": method.upper(), "path": path, "summary": each["summary"],
                            "parameters": each["parameters"], "sent": list(_fields(_content(each.get("requestBody", {})), schemas)),
                            "answered": list(_fields(_content(_good(each)), schemas)),
                            "responses": [(status, _described(one, whole)) for status, one in each["responses"].items()],
                        }
                    )  # fmt: skip
        yield {"name": tag["name"], "operations": operations}


def _described(response: dict[str, Any], whole: dict[str, Any]) -> str:
    held = whole["components"]["responses"].get(response.get("$ref", "").rpartition("/")[2], response)
    return str(held["description"])


def _good(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(one for status, one in operation["responses"].items() if status.startswith("2"))
    return found


def _content(part: dict[str, Any]) -> dict[str, Any]:
    written: list[dict[str, Any]] = list(part.get("content", {}).values())
    found: dict[str, Any] = written[0]["schema"] if written else {}
    return found


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> Iterator[tuple[str, str, bool, str]]:
    """Name, kind, whether it must be there, what it is; of a list's items too, one level down."""
    held = schemas.get(schema.get("$ref", "").rpartition("/")[2], schema)
    for name, each in held.get("properties", {}).items():
        yield name, _kind(each), name in held.get("required", []), each.get("description", "")
        inner = each.get("items", {})
        if "$ref" in inner:
            for below, kind, must, says in _fields(inner, schemas):
                yield f"{name}[].{below}", kind, must, says


def _kind(schema: dict[str, Any]) -> str:
    """In a word: string, integer, one of these, a record of this name."""
    for part in (schema, *schema.get("anyOf", []), *schema.get("allOf", [])):
        if "$ref" in part:
            return str(part["$ref"].rpartition("/")[2])
        if "enum" in part:
            return " | ".join(map(str, part["enum"]))
        if part.get("type") == "array":
            return f"{_kind(part.get('items', {}))}[]"
        if part.get("type", "null") != "null":
            return str(part.get("format") or part["type"])
    return "object"


# --- Tokens ------------------------------------------------------------------------------------------------------------
def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]  # Set by ActorMiddleware.
    return actor


@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """令牌 — mine, and, for who appoints, those of the posts below; issuing one for the post I act from."""
    actor = _actor(request)
    if not _may_issue(request):
        require(actor, "openapi.issue")
    form = TokenForm(actor, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(actor, "openapi.issue")
        if form.is_valid():
            try:
                token, secret = service.issue(appointment=_appointment(actor), by=actor, **form.cleaned_data)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                response = pages.page(request, "openapi/issued.jinja", {"token": token, "secret": secret})
                response["Cache-Control"] = "no-store"
                return response
    return _tokens(request, form, status=422 if form.errors else 200)


def _tokens(request: HttpRequest, form: TokenForm, *, status: int = 200) -> HttpResponse:
    actor = _actor(request)
    mine = queries.own(actor)
    others = [each for each in queries.looked_after(actor)[:200] if each.appointment.person_id != actor.person_id]
    context = {
        "form": form,
        "mine": [_line(each) for each in mine],
        "others": [_line(each) for each in others],
        "may_issue": actor.has("openapi.issue") and not actor.on_behalf_of,
        "appoints": actor.has("access.appoint"),
    }
    return pages.page(request, "openapi/tokens.jinja", context, status=status)


def _line(token: Token) -> dict[str, Any]:
    good = token.revoked_at is None and token.until >= clock.today()
    return {"token": token, "good": good, "powers": [POWERS[each] for each in token.powers if each in POWERS]}


def _appointment(actor: Actor) -> Appointment:
    return Appointment.objects.select_related("person", "post__body", "post__area").get(pk=actor.appointment_id or 0)


@require_POST
def revoke(request: HttpRequest, token: int) -> HttpResponse:
    """吊销."""
    found = queries.revocable(_actor(request), min(token, 2**62))
    if found is None:
        raise Http404
    service.revoke(found, by=_actor(request))
    messages.success(request, _("令牌“%(name)s”已吊销，从现在起用不了。办过的不变。") % {"name": found.name})
    return HttpResponseRedirect(reverse("openapi:tokens"))

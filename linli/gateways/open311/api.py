"""GeoReport v2: parse, call, write. One function per resource; errors in the format that was asked for."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.gateways.open311 import asking, calls, formats, queries, service
from linli.gateways.open311.asking import Wrong
from linli.gateways.open311.models import ApiKey
from linli.kernel import clock, text
from linli.mechanisms import rulebook
from linli.mechanisms.access import public
from linli.mechanisms.access.addresses import address_of
from linli.mechanisms.rulebook import city
from linli.work.matters.rules import Categories

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"  # A name, not a place: clients compare it letter by letter.
LONGEST_MARK = 200

View = Callable[..., HttpResponse]


def resource(*methods: str) -> Callable[[View], View]:
    """A resource of the interface. No session counts here, so there is nothing a foreign page could misuse: a key says who."""

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, written: str, **where: str) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise Wrong(405, _("这里只能用 %(methods)s。") % {"methods": "、".join(methods)})
                act: calls.Act = "send" if request.method == "POST" else "read"
                calls.count(act, by="address", who=address_of(request))
                asked = asking.read(request)
                asking.check_jurisdiction(asked)
                response = view(request, asked, written, **where)
            except Wrong as wrong:
                response = _refusal(wrong, written)
                if wrong.status == 405:
                    response["Allow"] = ", ".join(methods)
            except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
                response = _refusal(Wrong(400, _("这个请求读不懂，或者太大。")), written)
            if request.method in {"GET", "HEAD"}:
                response["Access-Control-Allow-Origin"] = "*"  # Public to every page; no cookie is asked for.
            response["Cache-Control"] = "no-cache" if request.method != "POST" else "no-store"
            patch_vary_headers(response, ["Accept-Language"])
            return response

        return csrf_exempt(public(answer))

    return decorate


def _refusal(wrong: Wrong, written: str) -> HttpResponse:
    errors = [{"code": wrong.status, "description": sentence} for sentence in wrong.sentences]
    response = formats.answer("errors", errors, written, status=wrong.status)
    if wrong.retry_after:
        response["Retry-After"] = str(wrong.retry_after)
    return response


def _key(asked: QueryDict, act: calls.Act) -> ApiKey | None:
    """Whose call it is, if they say so. A key that is none is refused, also where none is needed."""
    secret = asking.word(asked, "api_key")
    if not secret:
        return None
    key = queries.key_for(secret)
    if key is None:
        raise Wrong(403, _("api_key 无效，或者已经吊销。"))
    calls.use(key)
    calls.count(act, by="key", who=str(key.pk))
    return key


def _extended(asked: QueryDict) -> bool:
    """Fields beyond the specification are given to who asks for them."""
    return asking.word(asked, "extensions").lower() in {"true", "1"}


# --- Resources -----------------------------------------------------------------------------------------------------------
@resource("GET", "HEAD")
def discovery(request: HttpRequest, asked: QueryDict, written: str) -> HttpResponse:
    """Where the interface is, what it speaks, and whom to ask for a key."""
    del request, asked
    head = city.head()
    edition = rulebook.current(Categories)
    contact = (head.contact.office, head.contact.office_phone, head.contact.email, head.contact.hotline)
    changed = f"{edition.list.in_force} v{edition.ref.version}"
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.BASE_URL}/open311/v2",
        "changeset": changed,
        "type": "test" if settings.DEMO else "production",
        "formats": ["text/xml", "application/json"],
    }
    content = {
        "changeset": changed,
        "contact": " ".join(part for part in (head.city.name, *contact) if part),
        "key_service": _("密钥由本市社会治理中心发放，请与上面的单位联系。"),
        "endpoints": [endpoint],
    }
    return formats.answer("discovery", content, written)


@resource("GET", "HEAD")
def services(request: HttpRequest, asked: QueryDict, written: str) -> HttpResponse:
    """GET services."""
    del request
    _key(asked, "read")
    return formats.answer("services", [queries.as_service(each) for each in asking.services()], written)


@resource("GET", "HEAD")
def definition(request: HttpRequest, asked: QueryDict, written: str, code: str) -> HttpResponse:
    """GET services/{code}."""
    del request
    _key(asked, "read")
    return formats.answer("service_definition", queries.as_definition(asking.service(code)), written)


@resource("GET", "HEAD", "POST")
def requests(request: HttpRequest, asked: QueryDict, written: str) -> HttpResponse:
    """GET requests and POST requests."""
    if request.method == "POST":
        return _filed(request, asked, written)
    _key(asked, "read")
    found = queries.requests(asking.sought(asked), extended=_extended(asked))
    return formats.answer("service_requests", found, written)


def _filed(request: HttpRequest, asked: QueryDict, written: str) -> HttpResponse:
    key = _key(asked, "send")
    if key is None:
        raise Wrong(403, _("缺少 api_key。"))
    mark = text.clean(request.headers.get("Idempotency-Key", ""))[:LONGEST_MARK]
    filed = service.file(asking.submitted(asked), key=key, mark=mark)
    notice = _("最晚 %(due)s 前答复。看进展、补充、评价：%(link)s") % {
        "due": f"{filed.due_at.astimezone(clock.CITY):%Y-%m-%d %H:%M}",
        "link": filed.link,
    }
    if filed.is_urgent:  # The app cannot know it; whoever holds the phone must.
        notice = _("紧急情况请拨 110、119、120。") + notice
    one: dict[str, Any] = {"service_request_id": filed.number, "service_notice": notice, "account_id": None}
    if _extended(asked):
        one["extended_attributes"] = {"follow_url": filed.link, "due_datetime": queries.w3(filed.due_at)}
    return formats.answer("service_requests", [one], written)


@resource("GET", "HEAD")
def request_(request: HttpRequest, asked: QueryDict, written: str, number: str) -> HttpResponse:
    """GET requests/{service_request_id}. What is not public is not there."""
    del request
    _key(asked, "read")
    found = queries.request(number, extended=_extended(asked))
    if not found:
        raise Wrong(404, _("没有这个 service_request_id：%(given)s。") % {"given": number[:60]})
    return formats.answer("service_requests", found, written)


@resource("GET", "HEAD")
def token(request: HttpRequest, asked: QueryDict, written: str, token: str) -> HttpResponse:
    """GET tokens/{token}."""
    del request
    _key(asked, "read")
    number = queries.number_for(token)
    if number is None:
        raise Wrong(404, _("没有这个 token。"))
    return formats.answer("service_requests", [{"service_request_id": number, "token": token}], written)

"""How every operation is called: by a token, within its allowance, once per key, answered with a version mark.

`reads` and `acts` declare an operation on the API. What it answers, and every way it can be refused, stands in the
description; a status that is not declared is never given.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer
from pydantic import BaseModel

from linli.kernel.text import translatable
from linli.mechanisms.access import Actor
from linli.mechanisms.access.addresses import address_of
from linli.portals.openapi import limits, problems, queries, repeating, service
from linli.portals.openapi.models import Token

View = Callable[..., Any]
PREFIX = "/api/v1"
MARK = re.compile(r'^"([0-9]{1,9})(?:\.[0-9a-f]{1,32})?"$')
KEY = r"^[A-Za-z0-9._:~-]{8,100}$"
READING = (400, 401, 403, 429)
ACTING = (400, 401, 403, 413, 422, 429)
SAYS = {
    200: translatable("办好了"), 201: translatable("有了"), 304: translatable("没有变化"), 400: translatable("请求不合格式"), 401: translatable("没有有效的令牌"),
    403: translatable("令牌没有这项权限，或者这个岗位不能这样做"), 404: translatable("没有，或不在管辖范围内"), 409: translatable("现在的状态不能这样办"),
    412: translatable("If-Match 的版本已经不是最新"), 413: translatable("内容太大"), 422: translatable("内容不能照办，或者这个标记发过别的内容"),
    429: translatable("问得太密"),
}  # fmt: skip

Version = Annotated[
    str | None,
    Header(None, alias="If-Match", example='"3"', description=translatable("读到的版本标记；别人先动过就拒绝（412）。不写就不比对")),
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What an operation gives: a shape, and for what has versions its version; where a new thing stands."""

    shape: BaseModel
    version: int | None = None
    status: int = 200
    location: str = ""


class Bearer(HttpBearer):
    """令牌 — the only way in. A session counts nothing here, so no foreign page can misuse one."""

    def __call__(self, request: HttpRequest) -> Token:
        """The token of this call; its actor is put in the place of whoever may be signed in."""
        token = super().__call__(request)
        if token is None:
            limits.take("refused", address_of(request))
            raise AuthenticationError
        act: limits.Act = "read" if request.method == "GET" else "write"
        limits.take(act, f"token:{token.pk}")
        service.note_use(token)
        request.actor = queries.actor_of(token)  # type: ignore[attr-defined]
        return token  # type: ignore[no-any-return]  # The library's own annotation says Any.

    def authenticate(self, request: HttpRequest, token: str) -> Token | None:
        """A secret is found by its digest."""
        del request
        return queries.token_for(token.strip()) if token.strip() else None


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    """Whatever is raised, in the middle or before."""
    return problems.of(request, error)


api = NinjaAPI(
    title=translatable("邻里数据接口"),
    version="1",
    description=translatable(
        "办一件诉求的每一步，由别的系统来做。令牌从一个岗位办事，能看的、能办的都不超过这个岗位。"
        "每个 POST 带 Idempotency-Key：同一个标记、同样的内容只办一次，再发得到同一个答复。"
        "时刻是城市的时间，带时区；名称按 Accept-Language 给中文或英文。"
    ),
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for _known in (Exception, Http404, HttpError, ValidationError):  # The library has answers of its own for each of these.
    api.add_exception_handler(_known, _refused)


def actor_of(request: HttpRequest) -> Actor:
    """By whom the token acts."""
    return request.actor  # type: ignore[attr-defined, no-any-return]


def expected(mark: str | None) -> int | None:
    """The version an If-Match names; None for none. A mark that is none of ours was never the newest."""
    if not mark:
        return None
    found = MARK.match(mark)
    return int(found[1]) if found else -1


# --- Declaring ---------------------------------------------------------------------------------------------------------
def reads(
    path: str, shape: type[BaseModel], *, tag: str, summary: str, more: tuple[int, ...] = ()
) -> Callable[[View], View]:
    """GET: answered with an ETag; 304 where the caller has it."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            answer = view(request, *args, **kwargs)
            return answer if isinstance(answer, HttpResponseBase) else _written(request, answer)

        return _declared("GET", path, run, shape, tag=tag, summary=summary, given=(200,), refused=(*READING, *more))

    return declare


def acts(
    path: str, shape: type[BaseModel], *, tag: str, summary: str, more: tuple[int, ...] = (), status: int = 200
) -> Callable[[View], View]:
    """POST: done once per Idempotency-Key, in one transaction with the answer that is kept."""

    def declare(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _once(request, lambda: view(request, *args, **kwargs))

        return _declared("POST", path, run, shape, tag=tag, summary=summary, given=(status,), refused=(*ACTING, *more))

    return declare


def _declared(
    method: str,
    path: str,
    run: View,
    shape: type[BaseModel],
    *,
    tag: str,
    summary: str,
    given: tuple[int, ...],
    refused: tuple[int, ...],
) -> View:
    """On the API, with every status it can answer."""
    headers = {"ETag": {"description": translatable("版本标记"), "schema": {"type": "string"}}}
    responses: dict[int, Any] = {status: {"description": SAYS[status], "headers": headers} for status in given}
    if method == "GET":
        responses[304] = {"description": SAYS[304]}
    for status in sorted(set(refused)):
        responses[status] = {"$ref": f"#/components/responses/Refused{status}"}
    extra: dict[str, Any] = {"responses": responses}
    if method == "POST":
        extra["parameters"] = [
            {
                "in": "header", "name": "Idempotency-Key", "required": True, "example": "2026-11-23-0001",
                "description": translatable("这件事的一次性标记，自己定；七天里同一个标记只办一次"), "schema": {"type": "string", "pattern": KEY},
            }
        ]  # fmt: skip
    api.api_operation(
        [method], path, response=dict.fromkeys(given, shape), operation_id=run.__name__, url_name=run.__name__, summary=summary,
        description=" ", tags=[tag], openapi_extra=extra,
    )(run)  # fmt: skip
    return run


def refusals() -> dict[str, Any]:
    """Every way an operation can be refused, for the description to point to."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found: dict[str, Any] = {
        f"Refused{status}": {"description": says, "content": content} for status, says in SAYS.items() if status >= 400
    }
    waits = {"description": translatable("几秒以后再问"), "schema": {"type": "integer"}}
    found["Refused429"]["headers"] = {"Retry-After": waits}
    return found


# --- Answering ---------------------------------------------------------------------------------------------------------
def _once(request: HttpRequest, act: Callable[[], Answer]) -> HttpResponse:
    """Do it, or give the answer it was given before."""
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(KEY, key):
        wrong = {"in": "header", "where": "Idempotency-Key", "what": KEY}
        return problems.answer(
            "malformed",
            _("每个 POST 都要有 Idempotency-Key：自己定的一次性标记，8 到 100 个字母、数字或 . _ : ~ -。"),
            errors=[wrong],
        )
    token: Token = request.auth  # type: ignore[attr-defined]
    digest = repeating.fingerprint(request)
    with transaction.atomic():
        place = repeating.begin(token, key, digest)
        if not isinstance(place, repeating.Place):
            return _again(place)
        answer = act()
        body, etag = answer.shape.model_dump_json(by_alias=True), _mark(answer, "")
        repeating.keep(place, status=answer.status, body=body, etag=etag, location=answer.location)
    return _response(body, answer.status, etag=etag, location=answer.location)


def _again(kept: Any) -> HttpResponse:
    response = _response(kept.body, kept.status, etag=kept.etag, location=kept.location)
    response["Idempotent-Replayed"] = "true"
    return response


def _written(request: HttpRequest, answer: Answer) -> HttpResponse:
    """A reading, or 304 if the caller has it."""
    body = answer.shape.model_dump_json(by_alias=True)
    etag = _mark(answer, body)
    held = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    if etag in held:
        response = HttpResponse(status=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        patch_vary_headers(response, ["Authorization", "Accept-Language"])
        return response
    return _response(body, answer.status, etag=etag)


def _mark(answer: Answer, body: str) -> str:
    """`"3"` is version 3; `"3.9f2c…"` also says how it was told: in which language, and to whom."""
    told = hashlib.sha256(body.encode()).hexdigest()[:16] if body else ""
    if answer.version is None:
        return f'"{told}"' if told else ""
    return f'"{answer.version}.{told}"' if told else f'"{answer.version}"'


def _response(body: str, status: int, *, etag: str = "", location: str = "") -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    if etag:
        response["ETag"] = etag
    if location:
        response["Location"] = iri_to_uri(location)
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Authorization", "Accept-Language"])
    return response

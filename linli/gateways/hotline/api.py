"""接口 — what the hotline's own system calls, signed: tickets, orders, and our list of a day. JSON in, JSON out."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from linli.gateways.hotline import handing_over, reading, reconciling, service, signing
from linli.mechanisms.access import public

MOST = 500
"""Tickets or orders in one request."""

Answer = Callable[[HttpRequest, Any], dict[str, Any]]


class RefusedError(ValueError):
    """The request as a whole cannot be heard; what is wrong with it."""


def signed(method: str) -> Callable[[Answer], Callable[[HttpRequest], HttpResponse]]:
    """An address of the interface: no session counts here, the signature says who. Every answer is JSON."""

    def decorate(answer: Answer) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != method:
                return _wrong(405, f"use {method}")
            try:
                body = request.body
                signing.check(
                    settings.HOTLINE_SECRET, request.headers, method=method, path=request.get_full_path(), body=body
                )
                said = json.loads(body) if method == "POST" else None
                return JsonResponse(answer(request, said), json_dumps_params={"ensure_ascii": False})
            except signing.NotSignedError as error:
                return _wrong(409 if str(error) == "replayed" else 401, "not signed, not in time, or heard before")
            except (BadRequest, SuspiciousOperation, UnreadablePostError, ValueError, RecursionError) as error:
                return _wrong(400, str(error) if isinstance(error, RefusedError) else "no JSON that can be read")

        return csrf_exempt(never_cache(public(view)))

    return decorate


@signed("POST")
def tickets(request: HttpRequest, said: Any) -> dict[str, Any]:
    """收工单 — {"tickets": [{…}]}: a line for each, accepted, again (with our number) or wrong (with what to mend)."""
    del request
    done = service.take(reading.from_json(_list(said, "tickets")), way="http")
    return {
        "accepted": sum(each.result == "accepted" for each in done),
        "again": sum(each.result == "again" for each in done),
        "wrong": sum(each.result == "wrong" for each in done),
        "rows": [
            {"line": each.line, "ticket_no": each.foreign, "result": each.result, "our_no": each.number, "remedy": each.remedy}
            for each in done
        ],
    }  # fmt: skip


@signed("POST")
def orders(request: HttpRequest, said: Any) -> dict[str, Any]:
    """收指令 — {"orders": [{"id", "ticket_no", "act", "words"}]}: redo, urge, add, take_back, keep."""
    del request
    done = service.obey(_list(said, "orders"))
    return {
        "rows": [
            {"id": each.mark, "result": each.result, "our_no": each.number, "remedy": each.remedy} for each in done
        ]
    }


@signed("POST")
def progress(request: HttpRequest, said: Any) -> dict[str, Any]:
    """收进展 — {"progress": [{"id", "our_no", "ticket_no", "status", "words"}]} of what we handed over; each id is heard once."""
    del request
    done = handing_over.hear(_list(said, "progress"))
    return {
        "rows": [
            {"id": each.mark, "result": each.result, "our_no": each.number, "remedy": each.remedy} for each in done
        ]
    }


@signed("GET")
def ours(request: HttpRequest, said: Any) -> dict[str, Any]:
    """我方清单 — of ?day=2026-11-23, for their comparison."""
    del said
    day = reading.day_of(request.GET.get("day", ""))
    if day is None:
        raise RefusedError("say ?day=2026-11-23")
    return {"day": f"{day:%Y-%m-%d}", "tickets": reconciling.as_list(day)}


def _list(said: Any, name: str) -> list[Any]:
    found = said.get(name) if isinstance(said, dict) else None
    if not isinstance(found, list) or not found:
        raise RefusedError(f'the body is {{"{name}": [...]}} with at least one')
    if len(found) > MOST:
        raise RefusedError(f"at most {MOST} in one request")
    return found


def _wrong(status: int, sentence: str) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)

"""What the provider calls: the fate of messages, and what residents answer. The secret in the address says that it is the provider."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from linli.gateways.sms import service
from linli.mechanisms.access import public

DELIVERED = {"delivrd", "delivered", "success", "0", "true", "ok"}
MOST = 1000


def secret() -> str:
    """The secret half of the addresses. Derived from the provider's own secret, so that it changes with it."""
    return salted_hmac("sms.callback", f"{settings.SMS_URL}\n{settings.SMS_SECRET}", algorithm="sha256").hexdigest()[
        :40
    ]


def addresses() -> tuple[str, str]:
    """Where the provider reports, in full: fates, answers."""
    base = settings.BASE_URL.rstrip("/")
    return base + reverse("sms:fates", args=[secret()]), base + reverse("sms:answers", args=[secret()])


@csrf_exempt
@public
@never_cache
@require_POST
def fates(request: HttpRequest, key: str) -> JsonResponse:
    """状态报告 — one object or a list: `mark` or `id`, and `status`."""
    return _heard(request, key, _fate)


@csrf_exempt
@public
@never_cache
@require_POST
def answers(request: HttpRequest, key: str) -> JsonResponse:
    """上行短信 — one object or a list: `phone` and `text`."""
    return _heard(request, key, _answer)


def _fate(record: dict[str, Any]) -> bool:
    status = str(record.get("status", ""))
    mark = str(record.get("mark") or record.get("id") or "")[:80].replace("\x00", "")
    return service.note_fate(mark, delivered=status.lower() in DELIVERED, why=status[:100].replace("\x00", ""))


def _answer(record: dict[str, Any]) -> bool:
    return service.hear(str(record.get("phone", ""))[:30], str(record.get("text", ""))[:100])


def _heard(request: HttpRequest, key: str, hear: Any) -> JsonResponse:
    if not settings.SMS_URL or not constant_time_compare(key, secret()):
        return JsonResponse({"error": "not found"}, status=404)
    try:
        if "json" in (request.content_type or ""):
            said = json.loads(request.body)
        else:
            said = {name: request.POST[name] for name in request.POST}
    except (BadRequest, SuspiciousOperation, UnreadablePostError, ValueError, RecursionError):
        return JsonResponse({"error": "cannot be read"}, status=400)
    records = [each for each in (said if isinstance(said, list) else [said]) if isinstance(each, dict)][:MOST]
    return JsonResponse({"heard": sum(hear(each) for each in records)})

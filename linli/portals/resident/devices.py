"""设备 — a random mark in a cookie: so that one device supports a matter once, and is not mistaken for its neighbours."""

import re
import secrets
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

COOKIE = "device"
YEAR = 365 * 24 * 3600
_MARK = re.compile(r"[A-Za-z0-9_-]{22}")

Response = TypeVar("Response", bound=HttpResponseBase)


def of(request: HttpRequest) -> str:
    """The device's mark, or nothing if it has none yet (or one that is not ours)."""
    mark = request.COOKIES.get(COOKIE, "")
    return mark if _MARK.fullmatch(mark) else ""


def marked(request: HttpRequest, response: Response, mark: str = "") -> Response:
    """The response, with a mark for a device that had none."""
    if mark or not of(request):
        response.set_cookie(
            COOKIE,
            mark or new(),
            max_age=YEAR,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def new() -> str:
    """A mark nobody can guess and nothing can be read from."""
    return secrets.token_urlsafe(16)

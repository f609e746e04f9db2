"""签名 — who sends, that nothing was changed on the way, and that it was not sent before.

HMAC-SHA256 over method, path with its query, time, a nonce and the SHA-256 of the body, with a secret both sides hold
(LINLI_HOTLINE_SECRET). A request is heard within five minutes of its time, and once.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db import connection

from linli.gateways.hotline.models import Nonce
from linli.kernel import clock

TIME, NONCE, SIGNATURE = "X-Hotline-Time", "X-Hotline-Nonce", "X-Hotline-Signature"
WINDOW = timedelta(minutes=5)
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class NotSignedError(ValueError):
    """The request is not theirs, was changed, comes too late, or was heard before. Which, is not told to the sender in detail."""


def signature(secret: str, *, method: str, path: str, time: str, nonce: str, body: bytes) -> str:
    """As both sides compute it."""
    said = "\n".join((method.upper(), path, time, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).hexdigest()


def headers(secret: str, *, method: str, path: str, body: bytes) -> dict[str, str]:
    """For a request of ours."""
    time, nonce = str(int(clock.now().timestamp())), secrets.token_urlsafe(24)
    signed = signature(secret, method=method, path=path, time=time, nonce=nonce, body=body)
    return {TIME: time, NONCE: nonce, SIGNATURE: signed}


def check(secret: str, given: Mapping[str, str], *, method: str, path: str, body: bytes) -> None:
    """Let a request in, once. Raises NotSignedError."""
    time, nonce, signed = given.get(TIME, ""), given.get(NONCE, ""), given.get(SIGNATURE, "")
    if not secret:
        raise NotSignedError("no secret is set")
    if not (time.isascii() and time.isdigit() and len(time) <= 12 and _NONCE.fullmatch(nonce)):
        raise NotSignedError("headers")
    expected = signature(secret, method=method, path=path, time=time, nonce=nonce, body=body)
    if not hmac.compare_digest(expected.encode(), signed.encode("utf-8", "replace")):
        raise NotSignedError("signature")
    now = clock.now()
    if abs(now.timestamp() - int(time)) > WINDOW.total_seconds():
        raise NotSignedError("time")
    with connection.cursor() as db:
        db.execute("INSERT INTO hotline_nonce (value, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [nonce, now])
        if db.rowcount == 0:
            raise NotSignedError("replayed")
    Nonce.objects.filter(at__lt=now - 2 * WINDOW).delete()

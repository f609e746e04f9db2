"""一次就是一次 — the same Idempotency-Key is one act: the first answer is kept, in the transaction of the act itself.

A second sender waits at the key's row until the first has committed, and then gets its answer. What was refused is not
kept: nothing had happened, and the next try with the same key is the first.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.http import HttpRequest

from linli.kernel import clock
from linli.portals.openapi.models import KeptAnswer, Token

KEEP = timedelta(days=7)
"""So long the same key gives the same answer."""
SWEEP_EVERY = 3600.0


class KeyReused(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """The key came before with another request."""


@dataclass(frozen=True)
class Place:
    """Where the answer to this act will be kept."""

    pk: int


class _Sweeping:
    """When this process last threw old answers away."""

    last = float("-inf")


def fingerprint(request: HttpRequest) -> str:
    """What is asked: method, address and content. Files by what is in them, not by how they were packed."""
    parts = [request.method or "", request.path]
    if request.content_type == "multipart/form-data":
        parts += [f"{name}={value}" for name, values in sorted(request.POST.lists()) for value in values]
        for name, files in sorted(request.FILES.lists()):
            for each in files:
                parts.append(f"{name}:{hashlib.sha256(each.read()).hexdigest()}")
                each.seek(0)
    else:
        parts.append(hashlib.sha256(request.body).hexdigest())
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def begin(token: Token, key: str, digest: str) -> KeptAnswer | Place:
    """Take the key inside the act's transaction: the answer given before, or the place for this one's. Raises KeyReused."""
    _sweep()
    with connection.cursor() as db:
        db.execute(
            "INSERT INTO openapi_keptanswer (token_id, key, digest, status, body, etag, location, at)"
            " VALUES (%s, %s, %s, 0, '', '', '', %s) ON CONFLICT (token_id, key) DO NOTHING RETURNING id",
            [token.pk, key, digest, clock.now()],
        )
        taken = db.fetchone()
    if taken is not None:
        return Place(taken[0])
    earlier = KeptAnswer.objects.get(token=token, key=key)
    if earlier.digest != digest:
        raise KeyReused
    return earlier


def keep(place: Place, *, status: int, body: str, etag: str, location: str) -> None:
    """The answer, to be given again."""
    KeptAnswer.objects.filter(pk=place.pk).update(status=status, body=body, etag=etag, location=location)


def _sweep() -> None:
    if time.monotonic() - _Sweeping.last > SWEEP_EVERY:
        _Sweeping.last = time.monotonic()
        KeptAnswer.objects.filter(at__lt=clock.now() - KEEP).delete()

"""限流 — how often a stranger may post, per device and per address, without a captcha and without a foreign service.

A token bucket each: full at first, refilled evenly. One statement takes a token from both; two processes cannot both
take the last one. Staff are never limited. The limits are in settings.PUBLIC_LIMITS.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from linli.kernel import clock
from linli.mechanisms.access.addresses import address_of
from linli.portals.resident import devices
from linli.portals.resident.models import Bucket

Act = Literal["try", "report", "add", "support"]
""""try" counts every sending, also of a form that is not accepted: looking at photos is work."""

SWEEP_EVERY = 3600.0
KEEP = timedelta(days=1)
"""Long enough for any bucket to be full again."""

_TAKE = """
INSERT INTO resident_bucket AS held (key, tokens, most, refill, granted, at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
    granted = LEAST(EXCLUDED.most, held.tokens + EXCLUDED.refill * GREATEST(0, extract(epoch FROM EXCLUDED.at - held.at))) >= 1,
    tokens = LEAST(EXCLUDED.most, held.tokens + EXCLUDED.refill * GREATEST(0, extract(epoch FROM EXCLUDED.at - held.at)))
        - CASE WHEN LEAST(EXCLUDED.most, held.tokens + EXCLUDED.refill * GREATEST(0, extract(epoch FROM EXCLUDED.at - held.at))) >= 1
          THEN 1 ELSE 0 END,
    most = EXCLUDED.most, refill = EXCLUDED.refill, at = GREATEST(held.at, EXCLUDED.at)
RETURNING granted, tokens, refill
"""


class TooOften(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """Over the limit. Says from when on it goes again."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"too often, until {until}")
        self.until = until

    @property
    def seconds(self) -> int:
        """For the Retry-After header."""
        return max(1, int((self.until - clock.now()).total_seconds()) + 1)


class _Sweeping:
    """When this process last threw old buckets away."""

    last = float("-inf")


def take(request: HttpRequest, act: Act) -> None:
    """Count one act of whoever sent the request. Raises TooOften."""
    if request.actor.kind == "staff":  # type: ignore[attr-defined]  # Set by ActorMiddleware.
        return
    now = clock.now()
    address = address_of(request)
    device = devices.of(request) or f"none:{address}"  # A browser that keeps no cookie is known by its address only.
    limits: dict[str, tuple[int, int]] = settings.PUBLIC_LIMITS[act]
    asked = sorted(
        (f"{act}:{kind}:{_digest(who)}", *limits[kind]) for kind, who in (("device", device), ("address", address))
    )  # Always in the same order, so that two requests never wait for each other.
    short = [
        now + timedelta(seconds=(1 - tokens) / refill) for granted, tokens, refill in _ask(asked, now) if not granted
    ]
    _sweep(now)
    if short:
        raise TooOften(max(short))


def _ask(asked: Sequence[tuple[str, int, int]], now: datetime) -> list[tuple[bool, float, float]]:
    rows: list[str | float | bool | datetime] = []
    for key, most, seconds in asked:
        rows += [key, most - 1, most, most / seconds, True, now]
    with connection.cursor() as db:
        db.execute(_TAKE.format(rows=", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(asked))), rows)
        return list(db.fetchall())


def _digest(who: str) -> str:
    return salted_hmac("resident.limits", who, algorithm="sha256").hexdigest()[:32]


def _sweep(now: datetime) -> None:
    if time.monotonic() - _Sweeping.last > SWEEP_EVERY:
        _Sweeping.last = time.monotonic()
        Bucket.objects.filter(at__lt=now - KEEP).delete()

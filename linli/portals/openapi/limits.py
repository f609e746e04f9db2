"""限流 — how often a caller may ask: a bucket for each token, and for each address that shows none that is good.

Full at first, refilled evenly; one statement takes and tells. The limits are in settings.API_LIMITS.
"""

import math
import time
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from linli.kernel import clock
from linli.portals.openapi.models import Allowance

Act = Literal["read", "write", "refused"]

SWEEP_EVERY = 3600.0
KEEP = timedelta(days=1)
"""Long enough for any bucket to be full again."""

_LEFT = "LEAST(%(most)s, held.remaining + %(refill)s * GREATEST(0, extract(epoch FROM EXCLUDED.at - held.at)))"
_TAKE = f"""
INSERT INTO openapi_allowance AS held (who, remaining, granted, at) VALUES (%(who)s, %(most)s - 1, TRUE, %(at)s)
ON CONFLICT (who) DO UPDATE SET
    granted = {_LEFT} >= 1,
    remaining = {_LEFT} - CASE WHEN {_LEFT} >= 1 THEN 1 ELSE 0 END,
    at = GREATEST(held.at, EXCLUDED.at)
RETURNING granted, remaining
"""  # noqa: S608  Our own words.


class TooOften(Exception):  # noqa: N818  Reads as a sentence where it is raised.
    """Over the limit: so many in so many seconds, and in how many it goes again."""

    def __init__(self, most: int, seconds: int, wait: int) -> None:
        super().__init__(f"{most} in {seconds} s, again in {wait} s")
        self.most = most
        self.seconds = seconds
        self.wait = wait


class _Sweeping:
    """When this process last threw old buckets away."""

    last = float("-inf")


def take(act: Act, who: str) -> None:
    """One more of somebody's. Raises TooOften."""
    now = clock.now()
    most, seconds = settings.API_LIMITS[act]
    digest = salted_hmac("openapi.limits", who, algorithm="sha256").hexdigest()[:32]
    refill = most / seconds
    with connection.cursor() as db:
        db.execute(_TAKE, {"who": f"{act}:{digest}", "most": most, "refill": refill, "at": now})
        granted, left = db.fetchone()
    _sweep(now)
    if not granted:
        raise TooOften(most, seconds, max(1, math.ceil((1 - left) / refill)))


def _sweep(now: datetime) -> None:
    if time.monotonic() - _Sweeping.last > SWEEP_EVERY:
        _Sweeping.last = time.monotonic()
        Allowance.objects.filter(at__lt=now - KEEP).delete()

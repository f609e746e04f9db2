"""限流 — how often a caller may ask in an hour: by address, and by key where one is given.

One statement counts and tells; the hour is the clock's. The limits are in settings.OPEN311_LIMITS.
"""

import time
from datetime import datetime, timedelta
from typing import Literal

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linli.gateways.open311.asking import Wrong
from linli.gateways.open311.models import ApiKey, Tally
from linli.kernel import clock

Act = Literal["read", "send"]

SWEEP_EVERY = 3600.0

_COUNT = """
INSERT INTO open311_tally AS held (who, calls, at) VALUES (%s, 1, %s)
ON CONFLICT (who) DO UPDATE SET calls = held.calls + 1 RETURNING calls
"""


class _Sweeping:
    """When this process last threw old hours away."""

    last = float("-inf")


def count(act: Act, *, by: Literal["address", "key"], who: str) -> None:
    """One more call. Raises Wrong (429) when the hour's are used up."""
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    digest = salted_hmac("open311.calls", who, algorithm="sha256").hexdigest()[:32]
    with connection.cursor() as db:
        db.execute(_COUNT, [f"{act}:{by}:{digest}:{hour:%y%m%d%H}", hour])
        calls: int = db.fetchone()[0]
    _sweep(hour)
    most: int = settings.OPEN311_LIMITS[act][by]
    if calls > most:
        left = int((hour + timedelta(hours=1) - clock.now()).total_seconds()) + 1
        raise Wrong(429, _("问得太密了：一小时最多 %(most)s 次。") % {"most": most}, retry_after=left)


def use(key: ApiKey) -> None:
    """Note that a key was used."""
    ApiKey.objects.filter(pk=key.pk).update(uses=F("uses") + 1, used_at=clock.now())


def _sweep(hour: datetime) -> None:
    if time.monotonic() - _Sweeping.last > SWEEP_EVERY:
        _Sweeping.last = time.monotonic()
        Tally.objects.filter(at__lt=hour).delete()

"""What time it is in the city. Nobody else asks the machine, so tests and back-dated entries can say otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("linli_frozen_clock", default=None)


def now() -> datetime:
    """This moment, aware, on the city's clock."""
    return _frozen.get() or datetime.now(CITY)  # noqa: TID251 - This is the one place that asks the machine.


def today() -> date:
    """The date on the city's calendar, which near midnight is not the date in UTC."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Within the block it is `moment`, for this thread or task only; a thread started inside sees the real time.

    Raises ValueError for a moment without a zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; say datetime(…, tzinfo=clock.CITY)")
    local = moment.astimezone(CITY)
    token = _frozen.set(local)
    try:
        yield local
    finally:
        _frozen.reset(token)

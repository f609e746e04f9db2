"""What the leader's pages are asked for in an address: a month, an area, a word; nonsense is no error."""

from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest

from linli.kernel import clock
from linli.mechanisms import territory
from linli.mechanisms.access import Actor

FIRST_MONTH = date(2000, 1, 1)


def month_in(text: str) -> date:
    """The month asked for; this one, if that is no month or nothing can have happened in it."""
    this = clock.today().replace(day=1)
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return this
    return asked if FIRST_MONTH <= asked <= this else this


def month_of(request: HttpRequest) -> date:
    """The month of a page."""
    return month_in(request.GET.get("month", ""))


def whole(text: str) -> int | None:
    """A number somebody may have typed."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None


def area_of(request: HttpRequest) -> int | None:
    """The area of a page; None for the actor's own."""
    return whole(request.GET.get("area", ""))


def text_of(request: HttpRequest, name: str, most: int) -> str:
    """A short word of an address."""
    return request.GET.get(name, "")[:most].replace("\x00", "")


def crumbs(actor: Actor, area: territory.Node, month: date, **more: str) -> list[tuple[str, str]]:
    """From the actor's own area down to this one, each a page of the same kind."""
    reach = [each for each in area.lineage if actor.area_id in territory.area(each).lineage]
    return [(territory.area(each).name, _ask(month, each, more) if each != area.id else "") for each in reach]


def turning(month: date, area: territory.Node, **more: str) -> tuple[str, str]:
    """The month before, and the month after where it has begun."""
    earlier = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    later = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return _ask(earlier, area.id, more), _ask(later, area.id, more) if later <= clock.today() else ""


def _ask(month: date, area_id: int, more: dict[str, str]) -> str:
    return f"?{urlencode({**more, 'area': area_id, 'month': f'{month:%Y-%m}'})}"
